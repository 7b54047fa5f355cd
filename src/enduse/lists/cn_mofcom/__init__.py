"""China's export-control and unreliable-entity lists (MOFCOM)."""
