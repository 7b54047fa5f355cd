"""Tables: dated membership, read from CSV. `@country_groups:D:5` names the members of one key on one day."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from enduse.errors import RuleError

if TYPE_CHECKING:
    from enduse.model.finding import Step
    from enduse.model.law import Test
    from enduse.rules.facts import Fact

Row = Mapping[str, str]
TERRITORY = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


class Table:
    """One CSV as rows of text, in file order; `from` and `to` (excluded) date a row, empty means open."""

    def __init__(self, name: str, rows: Sequence[Row]) -> None:
        self.name = name
        self.rows = rows
        self._by: dict[tuple[str, date], dict[str, tuple[Row, ...]]] = {}
        self._members: dict[tuple[str, date], frozenset[str]] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names, in file order."""
        return tuple(self.rows[0]) if self.rows else ()

    def at(self, day: date) -> Iterator[Row]:
        """The rows in force on `day`."""
        text = day.isoformat()
        return (r for r in self.rows if (r.get("from") or "") <= text < (r.get("to") or "9999"))

    def by(self, column: str, day: date) -> Mapping[str, tuple[Row, ...]]:
        """The rows in force on `day`, grouped by one column."""
        if (column, day) not in self._by:
            groups: dict[str, list[Row]] = defaultdict(list)
            for row in self.at(day):
                groups[row[column]].append(row)
            self._by[(column, day)] = {k: tuple(v) for k, v in groups.items()}
        return self._by[(column, day)]

    def members(self, key: str, day: date) -> frozenset[str]:
        """The second column's values on rows whose first column is `key` (an empty key: the first column itself)."""
        if (key, day) not in self._members:
            first, *rest = self.columns
            if key:
                found = frozenset(r[rest[0]] for r in self.by(first, day).get(key, ()))
            else:
                found = frozenset(self.by(first, day))
            self._members[(key, day)] = found
        return self._members[(key, day)]

    def territories(self) -> frozenset[str]:
        """Every part of a country named in any cell on any day (`UA-43`)."""
        cells = (cell for row in self.rows for cell in row.values())
        return frozenset(cell for cell in cells if cell[2:3] == "-" and TERRITORY.fullmatch(cell))

    def keys(self) -> frozenset[str]:
        """Every key ever used, on any day."""
        first = self.columns[0]
        return frozenset(r[first] for r in self.rows)

    def __getstate__(self) -> tuple[str, Sequence[Row]]:
        return self.name, self.rows

    def __setstate__(self, state: tuple[str, Sequence[Row]]) -> None:
        self.__init__(*state)  # type: ignore[misc]


class Tables:
    """The tables of a pack as they stood on one day.

    `territories` are the parts of countries that the pack gives law of their own (`UA-43`); `kept` is, for each test
    asked of these tables, the last fact it met and the step that gave.
    """

    def __init__(self, tables: Mapping[str, Table], day: date, territories: frozenset[str] = frozenset()) -> None:
        self.tables = tables
        self.day = day
        self.territories = territories
        self.kept: dict[int, tuple[Test, Fact | None, Step]] = {}
        self._wanted: dict[object, frozenset[object]] = {}

    def wanted(self, operand: object) -> frozenset[object]:
        """The members an `in` asks for: `@` references looked up, plain texts as they stand."""
        if operand not in self._wanted:
            parts = operand if isinstance(operand, tuple) else (operand,)
            found = (self.members(str(p)) if str(p).startswith("@") else frozenset((str(p),)) for p in parts)
            self._wanted[operand] = frozenset().union(*found)
        return self._wanted[operand]

    def members(self, reference: str) -> frozenset[str]:
        """What `@table:key` names. Raises `RuleError` for a table that is not there (lint finds it before use)."""
        name, _, key = reference.removeprefix("@").partition(":")
        if name not in self.tables:
            raise RuleError(f"no table {name!r}", hint=f"tables here: {', '.join(sorted(self.tables)) or 'none'}")
        return self.tables[name].members(key, self.day)

    def rows(self, name: str, column: str, value: str) -> tuple[Row, ...]:
        """The rows of a table on this day whose `column` is `value`."""
        return self.tables[name].by(column, self.day).get(value, ()) if name in self.tables else ()


def read_csv(name: str, text: str) -> Table:
    """A table from CSV text. Raises `RuleError` naming the row that does not fit the header."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    rows = []
    for number, cells in enumerate(reader, start=2):
        if len(cells) != len(header):
            raise RuleError(
                f"{len(cells)} cells where the header has {len(header)}",
                place=f"tables/{name}.csv:{number}",
                hint="quote cells that contain commas",
            )
        rows.append(dict(zip(header, cells, strict=True)))
    return Table(name, rows)
