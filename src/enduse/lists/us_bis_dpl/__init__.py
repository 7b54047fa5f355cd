"""Persons denied export privileges (US Commerce, BIS)."""
