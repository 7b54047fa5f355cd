"""Institutions the US Department of Defense names for problematic research activity."""
