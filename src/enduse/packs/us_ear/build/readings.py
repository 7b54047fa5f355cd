"""Readings made by hand of control scopes that are more than a list of paragraphs.

`readings/controls.csv` holds them: the digest of the official wording, and what we take it to mean in
codes, a condition and a question of our own. No official wording is kept here.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from enduse.errors import RuleError
from enduse.model.base import Value
from enduse.packs.us_ear.build.requirement import Requirement
from enduse.packs.us_ear.build.scope import Reach


class Reading(Value):
    """One hand-made reading; `demand` replaces what the row's second column says."""

    eccn: str
    digest: str
    reason: str
    reach: Reach
    demand: Requirement | None


@cache
def control_readings() -> dict[tuple[str, str], tuple[Reading, ...]]:
    """Readings by ECCN and digest of the scope's wording."""
    found: dict[tuple[str, str], tuple[Reading, ...]] = {}
    for row in table("controls.csv"):
        reading = _reading(row)
        key = (reading.eccn, reading.digest)
        found[key] = (*found.get(key, ()), reading)
    return found


@cache
def table(name: str) -> list[dict[str, str]]:
    """The rows of one of the builder's own tables, all cells text."""
    source = Path(__file__).with_name("readings").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(source.splitlines()))


def words(cell: str) -> tuple[str, ...]:
    """The space-separated words of a cell."""
    return tuple(cell.split())


def _reading(row: dict[str, str]) -> Reading:
    if bool(row["condition"]) != bool(row["question"]):
        raise RuleError(
            "a condition needs its question, and a question its condition",
            place=f"readings/controls.csv: {row['eccn']} {row['digest']}",
            hint="fill in both columns",
        )
    reach = Reach(
        includes=words(row["includes"]),
        excludes=words(row["excludes"]),
        serves=words(row["serves"]),
        condition=row["condition"],
        question=row["question"],
    )
    fields = ("requirement", "column", "places", "except_places", "basis")
    demand = Requirement(**{field: row[field] for field in fields}) if row["requirement"] else None
    return Reading(eccn=row["eccn"], digest=row["digest"], reason=row["reason"], reach=reach, demand=demand)
