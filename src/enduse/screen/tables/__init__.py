"""The word tables of the matching room: legal forms, generic words, titles, sounds, name variants (our compilation).

Each is a small CSV a linguist can read and correct; the readers below turn them into look-ups once.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(table: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `tables/<table>.csv` without its header."""
    text = files(__name__).joinpath(f"{table}.csv").read_text(encoding="utf-8")
    return tuple(tuple(row) for row in list(csv.reader(text.splitlines()))[1:] if row)


@cache
def words(table: str) -> frozenset[str]:
    """The first column of a table as a set."""
    return frozenset(row[0] for row in rows(table))


@cache
def canonical(table: str) -> dict[str, str]:
    """Variant to canonical word, for tables whose second column lists variants between bars."""
    found: dict[str, str] = {}
    for row in rows(table):
        found.setdefault(row[0], row[0])
        for variant in row[1].split("|"):
            found.setdefault(variant, row[0])
    return found


@cache
def families(table: str) -> dict[str, tuple[int, ...]]:
    """Word to the numbers of the families (rows) it belongs to."""
    found: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(rows(table)):
        for word in dict.fromkeys((row[0], *row[1].split("|"))):
            found[word] = (*found.get(word, ()), number)
    return found


@cache
def written_out() -> dict[str, tuple[str, ...]]:
    """Trade abbreviations and the words they stand for."""
    return {row[0]: tuple(row[1].split()) for row in rows("abbreviations")}
