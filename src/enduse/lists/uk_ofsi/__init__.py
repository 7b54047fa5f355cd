"""OFSI's list of financial sanctions targets (closed in 2026)."""
