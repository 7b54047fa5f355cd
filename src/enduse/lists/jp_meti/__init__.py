"""Japan's Foreign End User List (METI)."""
