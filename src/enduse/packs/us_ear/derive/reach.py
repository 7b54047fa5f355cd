"""Which rows of the pack's own tables cover an item: the columns `includes`, `excludes`, `serves` and `condition`.

The tables of control rows, exceptions and STA bars share these columns (build/README.md). A code that stops short of
the paragraph a row names, an unknown thing served, or an unanswered condition gives UNKNOWN, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator

from enduse.model.verdict import Verdict, all_of, any_of
from enduse.packs.us_ear.conditions import fact_of
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Facts
from enduse.rules.tables import Row, Tables

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def text(facts: Facts, name: str) -> str | None:
    """The plain text of a fact, or None where it is not one known text."""
    value = facts.value(name)
    return value if isinstance(value, str) else None


def covers(row: Row, code: str, facts: Facts, tables: Tables) -> Verdict:
    """Does this row cover the item, its condition included?"""
    return all_of((reaches(row, code, facts, tables), asked(row, facts)))


def reaches(row: Row, code: str, facts: Facts, tables: Tables) -> Verdict:
    """Does this row cover the item by code and by what it serves, its condition left aside?"""
    within = any_of(code_under(code, c) for c in row["includes"].split())
    if within is FALSE:
        return FALSE
    without = any_of(code_under(code, c) for c in row["excludes"].split())
    return all_of((within, ~without, _serves(row["serves"].split(), facts, tables)))


def asked(row: Row, facts: Facts) -> Verdict:
    """The answer to the row's condition; TRUE where it sets none."""
    token = row["condition"]
    if not token:
        return TRUE
    flag = facts.flag(fact_of(token))
    return UNKNOWN if flag is None else Verdict.of(flag)


def _serves(tokens: list[str], facts: Facts, tables: Tables) -> Verdict:
    if not tokens:
        return TRUE
    served = text(facts, "item.serves")
    if served is None:
        return UNKNOWN
    named = [t for t in tokens if not t.startswith("-") and ":" not in t]
    spared = [t[1:] for t in tokens if t.startswith("-")]
    controlled = [t.removeprefix("reason:") for t in tokens if t.startswith("reason:")]
    return all_of(
        (
            any_of(code_under(served, c) for c in named) if named else TRUE,
            ~any_of(code_under(served, c) for c in spared),
            *(_controlled(served, reason, facts, tables) for reason in controlled),
        )
    )


def _controlled(code: str, reason: str, facts: Facts, tables: Tables) -> Verdict:
    rows = (r for r in tables.rows("ccl_controls", "eccn", code[:5]) if r["reason"] == reason and not r["serves"])
    return any_of(covers(row, code, facts, tables) for row in rows)


def controls(code: str, facts: Facts, tables: Tables) -> Iterator[tuple[Row, Verdict]]:
    """Every control row of the item's entry, and whether it covers the item."""
    for row in tables.rows("ccl_controls", "eccn", code[:5]):
        yield row, covers(row, code, facts, tables)


def at(tokens: str, place: str, tables: Tables) -> bool:
    """Is the place one of these: `*`, a country, a country group, or `!chart:COLUMN` (not marked in that column)?"""
    return any(_place(t, place, tables) for t in tokens.split())


def _place(token: str, place: str, tables: Tables) -> bool:
    if token.startswith("!chart:"):
        return place not in tables.members(f"@country_chart:{token.removeprefix('!chart:')}")
    if ":" in token or token == "B":
        return place in tables.members(f"@country_groups:{token}")
    return token in {"*", place}
