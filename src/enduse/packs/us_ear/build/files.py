"""The thin edge: reads the official files, writes the tables."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from enduse.errors import ListError
from enduse.packs.us_ear.build.compare import TABLES
from enduse.packs.us_ear.build.tables import build_tables


def build_files(ccl: Path, chart: Path | None, groups: Path | None, amended: Iterable[Path], out: Path) -> list[Path]:
    """Builds the tables into `out`; `.gz` files are unpacked. Nothing is written when anything is wrong.

    Without a chart or groups their tables are not built, and those already in `out` stay as they are.
    """
    tables = build_tables(
        read_bytes(ccl),
        read_bytes(chart) if chart else None,
        read_bytes(groups) if groups else None,
        [read_bytes(path) for path in amended],
    )
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in tables.items():
        path = out / name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def read_tables(folder: Path) -> dict[str, str]:
    """The builder's own tables in a folder, as `compare_editions` takes them; other tables are left alone."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv")) if path.name in TABLES}


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked when its name ends in `.gz`; unreadable is a `ListError`."""
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError) as fault:
        hint = "check the path, or fetch the file again"
        raise ListError(f"cannot be read: {fault}", place=str(path), hint=hint) from fault
