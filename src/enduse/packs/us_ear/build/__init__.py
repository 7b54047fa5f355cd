"""Builds the tables of `packs/us_ear` from the official files: see README.md beside this file."""

from enduse.packs.us_ear.build.tables import build_tables

__all__ = ["build_tables"]
