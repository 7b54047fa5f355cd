"""Codes that do not exist, the facts made from row conditions, and the pack's own completeness."""

from __future__ import annotations

from datetime import date

import pytest

from ear_orders import DAY, answer, order, outcome
from enduse.packs.us_ear import law
from enduse.packs.us_ear.conditions import condition_facts, fact_of
from enduse.shelf import OURS, open_pack

PACK = open_pack("us_ear")
FREE = "no_licence_required"


@pytest.mark.parametrize("code", ["EAR99", "3A001", "3A001.a.7", "9A610.x", "5D992.c"])
def test_codes_of_the_list_are_accepted(code: str) -> None:
    """Entries, printed paragraphs and EAR99."""
    assert law.check_code(code, PACK.at(DAY).tables) is None


@pytest.mark.parametrize(
    ("code", "near"), [("3A01", "3A001"), ("3A001.q", "3A001"), ("EAR9", "EAR99"), ("5a002", "5A002")]
)
def test_codes_that_do_not_exist_get_the_nearest(code: str, near: str) -> None:
    """A slip of the pen is answered with what was probably meant."""
    assert near in str(law.check_code(code, PACK.at(DAY).tables))


def test_condition_facts_are_those_of_the_tables() -> None:
    """`facts/ccl.toml` is generated: it holds exactly what the rows ask."""
    names = ("ccl_exceptions", "ccl_notes", "chart_referrals", "ccl_controls")
    rows = [row for name in names for row in PACK.tables[name].rows]
    assert (OURS / "us_ear" / "facts" / "ccl.toml").read_text(encoding="utf-8") == condition_facts(rows)


def test_every_row_becomes_a_rule() -> None:
    """No row of the list is dropped: each has its rule on the days it is in force."""
    day = date(2026, 8, 15)
    tables = PACK.at(day).tables
    for eccn in sorted(PACK.tables["ccl_entries"].keys()):
        ids = {live.id for live in law.rules_for(eccn, tables)}
        for row in tables.rows("ccl_controls", "eccn", eccn):
            assert f"us.ear.ccl.{eccn}.{row['row']}" in ids


def test_every_fact_a_row_asks_is_declared() -> None:
    """A row cannot ask a fact nobody can state."""
    for table in ("ccl_controls", "chart_referrals", "ccl_notes"):
        for row in PACK.tables[table].rows:
            assert not row["condition"] or fact_of(row["condition"]) in PACK.types


def test_no_entry_without_rules_clears() -> None:
    """Every entry of the list, sent to North Korea, is stopped or asked about; none is free."""
    free = [
        eccn for eccn in sorted(PACK.tables["ccl_entries"].keys())[::9]
        if outcome(order(eccn, "KP")) in {"no_licence_required", "exception_available", "not_subject"}
    ]  # fmt: skip
    assert not free


def test_rules_are_kept_once_built() -> None:
    """The second question about an entry is answered with the very rules of the first."""
    tables = PACK.at(DAY).tables
    first, second = (tuple(law.rules_for("3E001", tables)) for _ in range(2))
    assert first
    assert all(a is b for a, b in zip(first, second, strict=True))


def test_a_cas_number_stands_in_for_a_missing_code() -> None:
    """Sodium fluoride without a code is read as 1C350.d by its CAS number; to Thailand it needs a licence."""
    item = {"kind": "commodity", "cas": "7681-49-4"}
    got = answer(order(None, "TH", item=item))
    assert got.outcome.value == "licence_required"
    assert "CB" in got.reasons


def test_a_cas_number_contradicts_a_code() -> None:
    """Sodium fluoride called EAR99 is not cleared until somebody confirms it; a right code raises no question."""
    item = {"kind": "commodity", "cas": "7681-49-4"}
    assert outcome(order("EAR99", "DE", item={**item, "codes": {"us_ccl": "EAR99"}})) == "undetermined"
    confirmed = {"ccl.classification_confirmed": True}
    assert outcome(order("EAR99", "DE", item={**item, "codes": {"us_ccl": "EAR99"}}, facts=confirmed)) == FREE
    assert outcome(order("1C350.d", "DE", item={**item, "codes": {"us_ccl": "1C350.d"}})) == FREE
