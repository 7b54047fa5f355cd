"""What changed in a pack between two days: texts and table rows that began, ended or were replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from enduse.model.base import Value
from enduse.model.law import Citation, Rule, RuleVersion
from enduse.rules.pack import RulePack
from enduse.rules.tables import Row, Table

Kind = Literal["begun", "ended", "changed"]


class RuleChange(Value):
    """One provision that reads otherwise on the later day; `on` is the day of the (last) change."""

    kind: Kind
    rule: str
    title: str
    on: date
    before: str | None = None
    after: str | None = None
    cites: tuple[Citation, ...] = ()


class RowChange(Value):
    """One table row that began or ended between the two days."""

    kind: Kind
    table: str
    on: date
    row: Mapping[str, str]


class LawDiff(Value):
    """What changed in a pack after one day and up to another."""

    pack: str
    from_day: date
    to_day: date
    rules: tuple[RuleChange, ...] = ()
    rows: tuple[RowChange, ...] = ()

    def text(self) -> str:
        """The changes as lines for a reader, rules first."""
        head = f"{self.pack}: {self.from_day} to {self.to_day}"
        rules = [line for change in self.rules for line in _rule_lines(change)]
        rows = [f"{c.on}  {c.kind:<7} {c.table}: {_cells(c.row)}" for c in self.rows]
        return "\n".join([head, *(rules + rows or ["nothing changed"])]) + "\n"


def law_diff(pack: RulePack, from_day: date, to_day: date) -> LawDiff:
    """What is law on `to_day` and was not on `from_day`, and the other way round."""
    rules = [change for rule in pack.rules for change in _rule(rule, from_day, to_day)]
    rows = [change for table in pack.tables.values() for change in _rows(table, from_day, to_day)]
    return LawDiff(
        pack=pack.info.id,
        from_day=from_day,
        to_day=to_day,
        rules=tuple(sorted(rules, key=lambda c: (c.on, c.rule))),
        rows=tuple(sorted(rows, key=lambda c: (c.on, c.table, tuple(c.row.values())))),
    )


def _rule(rule: Rule, from_day: date, to_day: date) -> Iterator[RuleChange]:
    before, after = rule.at(from_day), rule.at(to_day)
    if before is after or (before is not None and after is not None and _same(before, after)):
        return
    shown = after or before
    assert shown is not None
    on = after.from_ if after is not None else _ended(rule, from_day, to_day)
    yield RuleChange(
        kind="begun" if before is None else "ended" if after is None else "changed",
        rule=rule.id,
        title=rule.title,
        on=on,
        before=before.says if before else None,
        after=after.says if after else None,
        cites=shown.cites,
    )


def _same(one: RuleVersion, two: RuleVersion) -> bool:
    """Do two texts say the same, dates and places of publication aside?"""
    undated = {"from_": date.min, "to": None, "review_from": None, "cites": ()}
    return one.model_copy(update=undated) == two.model_copy(update=undated)


def _ended(rule: Rule, from_day: date, to_day: date) -> date:
    """The day on which the last text in force in between stopped being so."""
    ends = [v.to for v in rule.versions if v.status == "in_force" and v.to and from_day < v.to <= to_day]
    stops = [v.from_ for v in rule.versions if v.status != "in_force" and from_day < v.from_ <= to_day]
    return max([*ends, *stops], default=to_day)


def _rows(table: Table, from_day: date, to_day: date) -> Iterator[RowChange]:
    """Rows of text that are there on one of the days only; a row that only got a new date has not changed."""
    before, after = ({_undated(r): r for r in table.at(day)} for day in (from_day, to_day))
    for key, row in after.items():
        if key not in before:
            yield _row("begun", table.name, row, row.get("from"), to_day)
    for key, row in before.items():
        if key not in after:
            yield _row("ended", table.name, row, row.get("to"), to_day)


def _row(kind: Kind, table: str, row: Row, on: str | None, otherwise: date) -> RowChange:
    return RowChange(kind=kind, table=table, on=date.fromisoformat(on) if on else otherwise, row=dict(row))


def _undated(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((k, v) for k, v in row.items() if k not in {"from", "to", "cites"})


def _rule_lines(change: RuleChange) -> Iterator[str]:
    cites = "; ".join(f"{c} ({c.published})" if c.published else str(c) for c in change.cites)
    yield f"{change.on}  {change.kind:<7} {change.rule}  {change.title}"
    if change.before:
        yield f"    - {change.before}"
    if change.after:
        yield f"    + {change.after}"
    yield f"    {cites}"


def _cells(row: Mapping[str, str]) -> str:
    return ", ".join(v for k, v in row.items() if v and k not in {"from", "to", "cites"})
