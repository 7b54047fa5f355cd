"""Builds the tables of `packs/us_ear` from the official files: see README.md beside this file."""

from enduse.packs.us_ear.build.compare import EditionChange, compare_editions
from enduse.packs.us_ear.build.files import build_files, read_tables
from enduse.packs.us_ear.build.supersede import supersede
from enduse.packs.us_ear.build.tables import build_tables

__all__ = ["EditionChange", "build_files", "build_tables", "compare_editions", "read_tables", "supersede"]
