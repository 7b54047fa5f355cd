"""Enduse: export-control decisions that can be checked."""

__version__ = "0.1.0"
