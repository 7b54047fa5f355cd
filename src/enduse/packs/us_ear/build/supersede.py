"""A newer edition laid over the tables we have: nothing is edited, rows end and others begin.

`enduse law sync` compares first (`compare_editions`), refuses a loss, and then calls this, so that answers
for days before the newer edition stay what they were.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date

from enduse.errors import RuleError
from enduse.packs.us_ear.build.compare import compare_editions
from enduse.packs.us_ear.build.tables import as_csv

_UNDATED = {"row", "text_digest", "from", "to", "cites"}

Row = dict[str, str]


def supersede(old: Mapping[str, str], new: Mapping[str, str], *, day: date, cites: str) -> dict[str, str]:
    """The tables in force from `day`, with the history of `old`.

    An open row that `new` repeats keeps its date; one that `new` lacks ends on `day`; one that only `new` has
    begins then. Rows that had ended stay. A loss is a `RuleError`: such an edition is not published.
    """
    losses = [f"{change.table}: {change.key}" for change in compare_editions(_open(old), _open(new)) if change.loss]
    if losses:
        raise RuleError(
            f"the newer edition has lost {', '.join(losses[:5])}{' and more' if len(losses) > 5 else ''}",
            place=f"edition of {day.isoformat()}",
            hint="check the official file; if the loss is real, end the entry by hand in the build's history",
        )
    both = {name: _merged(old[name], new[name], day, cites) for name in {*old} & {*new}}
    return dict(sorted({**old, **new, **both}.items()))


def _merged(old: str, new: str, day: date, cites: str) -> str:
    reader = csv.DictReader(new.splitlines())
    columns = list(reader.fieldnames or ())
    coming = {_key(row): row for row in reader if not row.get("to")}
    present = list(csv.DictReader(old.splitlines()))
    kept = {_key(row): row for row in present if not row["to"]}
    rows: list[Row] = [row for row in present if row["to"]]
    rows += [{**row, "to": day.isoformat(), "cites": f"{row['cites']}; {cites}"} for row in kept.values()
             if _key(row) not in coming]  # fmt: skip
    for key, row in coming.items():
        if key in kept:
            rows.append({**row, "from": kept[key]["from"], "cites": kept[key]["cites"]})
        else:
            rows.append({**row, "from": day.isoformat(), "cites": f"{row['cites']}; {cites}"})
    return as_csv(columns, sorted(rows, key=lambda row: (_first(row, columns), row["from"], row["to"], _key(row))))


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cell for column, cell in row.items() if column not in _UNDATED)


def _first(row: Mapping[str, str], columns: list[str]) -> tuple[str, int]:
    return row[columns[0]], int(row.get("row") or 0)


def _open(tables: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, text in tables.items():
        reader = csv.DictReader(text.splitlines())
        found[name] = as_csv(list(reader.fieldnames or ()), [row for row in reader if not row.get("to")])
    return found
