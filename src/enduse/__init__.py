"""Enduse: export-control decisions that can be checked."""
