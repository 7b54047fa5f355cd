"""Australia's consolidated list (DFAT)."""
