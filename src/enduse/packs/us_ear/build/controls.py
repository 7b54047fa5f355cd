"""`ccl_controls.csv`: one row for each reason for control and each group of paragraphs it reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from enduse.errors import RuleError
from enduse.packs.us_ear.build.dates import Change
from enduse.packs.us_ear.build.edition import Entry, RawRow
from enduse.packs.us_ear.build.readings import control_readings
from enduse.packs.us_ear.build.requirement import Requirement, read_requirement
from enduse.packs.us_ear.build.scope import Reach, read_scope
from enduse.packs.us_ear.build.text import digest, plain

COLUMNS = (
    "eccn", "row", "reason", "requirement", "chart_column", "places", "except_places", "includes", "excludes",
    "serves", "condition", "question", "basis", "from", "to", "cites",
)  # fmt: skip

Cells = tuple[tuple[str, str], ...]


def control_rows(
    entry: Entry, *, known: Collection[str], amended: Sequence[RawRow] | None = None, change: Change | None = None
) -> list[dict[str, str]]:
    """The rows of one entry; with `amended`, rows that differ are closed and opened on the day of `change`."""
    old = _read_all(entry.eccn, entry.rows, known)
    new = old if amended is None else _read_all(entry.eccn, amended, known)
    rows: list[dict[str, str]] = []
    for cells in _in_order(old, new):
        row = dict(cells)
        row["row"] = str(len(rows) + 1)
        row["from"], row["to"] = "", ""
        row["cites"] = _cites(entry.eccn, row["basis"])
        if change is not None and (cells in old) != (cells in new):
            row["to" if cells in old else "from"] = change.day.isoformat()
            row["cites"] += f"; {change.cites}"
        rows.append(row)
    return rows


def _in_order(old: list[Cells], new: list[Cells]) -> Iterable[Cells]:
    """Old rows in printed order, each new one after the row that precedes it in print."""
    merged = list(dict.fromkeys(old))
    place = 0
    for cells in dict.fromkeys(new):
        if cells in merged:
            place = merged.index(cells) + 1
        else:
            merged.insert(place, cells)
            place += 1
    return merged


def _read_all(eccn: str, rows: Sequence[RawRow], known: Collection[str]) -> list[Cells]:
    return [cells for row in rows for reason in row.reasons for cells in _read(eccn, reason, row, known)]


def _read(eccn: str, reason: str, row: RawRow, known: Collection[str]) -> list[Cells]:
    demand = read_requirement(row.cell, reason=reason) or read_requirement(row.scope, reason=reason)
    readings = [
        reading for reading in control_readings().get((eccn, digest(row.scope)), ()) if reading.reason in {"", reason}
    ]
    if not readings:
        return [_cells(eccn, reason, row, read_scope(row.scope, eccn=eccn, known=known), demand)]
    return [_cells(eccn, reason, row, reading.reach, reading.demand or demand) for reading in readings]


def _cells(eccn: str, reason: str, row: RawRow, reach: Reach | None, demand: Requirement | None) -> Cells:
    if reach is None or demand is None:
        what, text = ("scope", row.scope) if reach is None else ("requirement", row.cell)
        raise RuleError(
            f"{reason} row: the {what} is worded in a way not read before: {plain(text)[:70]!r} ({digest(text)})",
            place=eccn,
            hint="read the row, then add its meaning under that digest to build/readings/controls.csv",
        )
    question = reach.question
    return (
        ("eccn", eccn),
        ("reason", reason),
        ("requirement", demand.requirement),
        ("chart_column", demand.column),
        ("places", demand.places),
        ("except_places", demand.except_places),
        ("includes", " ".join(reach.includes)),
        ("excludes", " ".join(reach.excludes)),
        ("serves", " ".join(reach.serves)),
        ("condition", reach.condition),
        ("question", question),
        ("basis", demand.basis),
    )


def _cites(eccn: str, basis: str) -> str:
    sections = [f"15 CFR {section}" for section in basis.split()]
    return "; ".join([f"15 CFR Part 774 Supp. No. 1 {eccn}", *sections])
