"""A newer official list laid over the tables: what it changes, and the tables from that day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from enduse.model.base import Value
from enduse.packs.us_ear.build.compare import EditionChange, compare_editions
from enduse.packs.us_ear.build.supersede import supersede
from enduse.packs.us_ear.build.tables import build_tables


class Edition(Value):
    """A newer edition read: the day it is in force from, what it changes, and the tables with their history."""

    day: date
    changes: tuple[EditionChange, ...]
    tables: Mapping[str, str]


def read_newer(
    ccl: bytes, current: Mapping[str, str], *, day: date, chart: bytes | None = None, groups: bytes | None = None
) -> Edition:
    """A newer edition against the tables in force.

    `RuleError` or `ListError` when the file cannot be read, a row no longer parses, or something vanished: such an
    edition is not published.
    """
    new = build_tables(ccl, chart, groups)
    comparable = {name: text for name, text in current.items() if name in new}
    cites = f"edition of {day.isoformat()} as published"
    tables = supersede(comparable, new, day=day, cites=cites)
    return Edition(day=day, changes=compare_editions(comparable, new), tables=tables)
