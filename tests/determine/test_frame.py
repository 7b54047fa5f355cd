"""The columnar evaluator gives what the explaining evaluator gives, line for line."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enduse.determine import determine
from enduse.determine.frame import decide_frame
from enduse.determine.orders import Book, distinct
from enduse.errors import InputError
from enduse.model.determination import Outcome
from enduse.rules.columnar import Columns
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Facts
from enduse.rules.pack import RulePack, leaves
from enduse.shelf import open_pack
from worlds import DAY, GUARD, TYPES, flag, is_, known, packs, rule, tiny

CELLS: Mapping[str, st.SearchStrategy[Any]] = {
    "code": st.sampled_from([None, "6A002", "6A002.a", "6A003", "9A004"]),
    "destination": st.sampled_from([None, "GL", "ZE", "HE", "FR", "GL-1"]),
    "a.plain": st.sampled_from([None, True, False]),
    "b.plain": st.sampled_from([None, True, False]),
    "c.plain": st.sampled_from([None, True, False]),
    "d.known": st.sampled_from([None, True, False]),
    "e.listed": st.sampled_from([None, True, False]),
    "f.done": st.sampled_from([None, True, False]),
    "n.value": st.sampled_from([None, *(Decimal(n) for n in (9, 10, 11, 19, 20, 21))]),
}


def explained(columns: Mapping[str, list[Any]], pack: RulePack, row: int, day: date) -> tuple[Outcome, set[str]]:
    """What the explaining evaluator says of one line of the book."""
    order = Book.order({n: c[row] for n, c in columns.items()}, pack)
    found = determine(order, pack, as_of=day).lines[0]
    return found.outcome, set(found.reasons)


def same(columns: Mapping[str, list[Any]], pack: RulePack, day: date = DAY, *, workers: int = 1) -> None:
    """Every line alike."""
    frame = decide_frame(columns, pack, day, workers=workers)
    for row in range(len(frame.outcomes)):
        outcome, reasons = frame.at(row)
        assert (outcome, set(reasons)) == explained(columns, pack, row, day), {n: c[row] for n, c in columns.items()}


@settings(max_examples=60)
@given(packs(), st.data())
def test_random_packs_give_the_same_outcomes_in_columns(pack: RulePack, data: st.DataObject) -> None:
    """Any pack, any facts, any gap."""
    rows = data.draw(st.lists(st.fixed_dictionaries(dict(CELLS)), min_size=1, max_size=12))
    same({n: [r[n] for r in rows] for n in CELLS}, pack)


@settings(max_examples=60)
@given(packs(), st.data())
def test_every_test_gives_the_same_verdicts_in_columns(pack: RulePack, data: st.DataObject) -> None:
    """Below the order of the law: each `when` by itself."""
    names = ("a.plain", "b.plain", "e.listed", "n.value")
    rows = [
        Facts(pack.types, known(**{n.replace(".", "__"): v for n, v in row.items() if v is not None}))
        for row in data.draw(st.lists(st.fixed_dictionaries({n: CELLS[n] for n in names}), min_size=1, max_size=8))
    ]
    tables, rank = pack.at(DAY).tables, ["false", "unknown", "true"]
    for version in (v for r in pack.rules for v in r.versions):
        assert version.when is not None
        columns = Columns(rows, [t.fact for t in leaves(version.when)], tables)
        verdicts = [rank[v] for v in columns.verdicts(version.when)]
        assert verdicts == [evaluate(version.when, facts, tables).verdict.value for facts in rows]


def book(size: int, seed: int = 1) -> dict[str, list[Any]]:
    """A random book of US orders over many codes and places."""
    draw = random.Random(seed)
    codes = [
        "EAR99",
        "3A001.a.7",
        "3A001",
        "5A992.c",
        "5A002.a",
        "9A610.x",
        "6A003.b.4.b",
        "1C350.b",
        "3A090.a",
        "0A501.a",
    ]
    places = ["GB", "CN", "RU", "IR", "CA", "IN", "VN", "UA-43", "DE", "MO", "CU", "DE-BY"]
    columns: dict[str, list[Any]] = {
        "code": [draw.choice([*codes, None]) for _ in range(size)],
        "destination": [draw.choice([*places, None]) for _ in range(size)],
        "exporter_country": [draw.choice(["US", "US", "DE"]) for _ in range(size)],
        "activity": [draw.choice(["export", "export", "reexport"]) for _ in range(size)],
        "kind": [draw.choice(["commodity", "technology", None]) for _ in range(size)],
        "value": [Decimal(draw.choice([0, 499, 500, 501, 1500, 3000, 5000, 5001, 99999])) for _ in range(size)],
        "currency": [draw.choice(["USD", "USD", "EUR"]) for _ in range(size)],
        "quantity": [draw.choice([None, 1, 2, 3]) for _ in range(size)],
        "end_use.military": [draw.choice([None, None, True, False]) for _ in range(size)],
    }
    return columns


def test_the_export_administration_regulations_give_the_same_in_columns() -> None:
    """A random book under the whole pack, table rules and derived facts included."""
    same(book(400), open_pack("us_ear"), date(2026, 8, 15))


def test_two_processes_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parts come back in their places."""
    monkeypatch.setattr("enduse.determine.frame._CHUNK", 40)
    columns, pack, day = book(120, seed=2), open_pack("us_ear"), date(2026, 8, 15)
    one, two = (decide_frame(columns, pack, day, workers=n) for n in (1, 2))
    assert one.outcomes.tolist() == two.outcomes.tolist()
    assert [one.at(n) for n in range(120)] == [two.at(n) for n in range(120)]


def test_amounts_between_the_same_bounds_are_one_combination() -> None:
    """Told apart only at the bound of a rule: below, at, above; nought and nothing apart."""
    small = rule("r1", "requires", {"fact": "line.value", "at_most": Decimal(500)})
    pack = tiny([small], TYPES, control_list="zz_list", unknown_code=GUARD)
    values = [Decimal(v) for v in (1, 499, 500, 501, 9000)] + [Decimal(0), None]
    columns = {"code": ["6A002"] * 7, "value": values, "currency": ["USD"] * 7}
    assert len(distinct(columns, pack).rows) == 5
    same(columns, pack)


def test_a_book_with_an_unknown_column_or_a_short_one_is_refused() -> None:
    """With what there is."""
    pack = tiny([rule("r1", "requires", is_("a.plain"))], [flag("a.plain")])
    with pytest.raises(InputError, match="no column 'colour'"):
        decide_frame({"colour": ["red"]}, pack, DAY)
    with pytest.raises(InputError, match="unequal length"):
        decide_frame({"code": ["x"], "destination": ["GL", "FR"]}, pack, DAY)
    with pytest.raises(InputError, match="without its currency"):
        decide_frame({"code": ["x"], "value": [1]}, pack, DAY)
    with pytest.raises(InputError, match="value"):
        decide_frame({"code": ["x"], "value": ["many"], "currency": ["USD"]}, pack, DAY)


def test_an_empty_book_has_no_answers() -> None:
    """And breaks nothing."""
    pack = tiny([rule("r1", "requires", is_("a.plain"))], [flag("a.plain")])
    assert len(decide_frame({"code": []}, pack, DAY).outcomes) == 0


def test_a_rule_that_breaks_is_open_in_columns_too() -> None:
    """As where steps are kept."""
    broken = rule("r1", "requires", {"any": [is_("a.plain"), {"fact": "transaction.destination", "in": "@no:x"}]})
    pack = tiny([broken], [flag("a.plain")], place_fact="p.other")
    same({"destination": ["FR", None], "a.plain": [True, True]}, pack)
