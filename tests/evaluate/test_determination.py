"""Errors in both directions are counted as the issue's terms define them, and nothing is looked at but the inputs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from enduse.desk import Desk
from enduse.errors import InputError
from enduse.evaluate.cases import Case, first_day, read_cases, transaction_of
from enduse.evaluate.determination import Decide, evaluate_determinations
from enduse.model.determination import Determination, Outcome
from enduse.model.party import Role
from enduse.model.transaction import Activity
from enduse.shelf import open_pack

INPUTS = {"items": [{"description": "lamp", "kind": "commodity"}], "ultimate_destination": "FR"}


def case(expected: str, jurisdiction: str = "ZZ", as_of: date = date(2026, 1, 1), notes: str = "") -> Case:
    return Case(
        "det-x", jurisdiction, as_of, transaction_of(INPUTS), {"outcome": expected}, "source", "high", "s", notes
    )


def always(outcome: Outcome) -> Decide:
    def decide(asked: Case, day: date) -> Determination | None:
        if asked.jurisdiction not in {"ZZ", "US-OFAC"}:
            return None
        return Determination(
            jurisdiction=asked.jurisdiction,
            pack="p",
            pack_version="1",
            pack_digest="",
            as_of=day,
            outcome=outcome,
            lines=(),
        )

    return decide


def test_a_permission_where_a_licence_was_needed_is_a_false_clearance() -> None:
    """The worst error, whichever way it permits."""
    for ours in (Outcome.NOT_SUBJECT, Outcome.NO_LICENCE_REQUIRED, Outcome.EXCEPTION_AVAILABLE):
        report = evaluate_determinations([case("licence_required"), case("prohibited")], always(ours), earliest={})
        assert (report.false_clearances, report.agreed) == (2, 0)


def test_a_stop_where_it_was_free_is_a_false_block() -> None:
    """Honest trade blocked is an error too."""
    report = evaluate_determinations([case("no_licence_required")], always(Outcome.LICENCE_REQUIRED), earliest={})
    assert (report.false_blocks, report.false_clearances, report.agreement) == (1, 0, 0.0)


def test_sanctions_know_no_difference_between_prohibited_and_licence_required() -> None:
    """Everything barred may be licensed; elsewhere the two answers differ."""
    asked = [case("prohibited", "US-OFAC"), case("prohibited", "ZZ")]
    report = evaluate_determinations(asked, always(Outcome.LICENCE_REQUIRED), earliest={})
    assert report.by_jurisdiction["US-OFAC"]["agreed"] == 1
    assert report.by_jurisdiction["ZZ"]["agreed"] == 0


def test_jurisdictions_not_modelled_are_counted_not_dropped() -> None:
    """Out of scope, by name."""
    report = evaluate_determinations([case("prohibited", "JP")], always(Outcome.PROHIBITED), earliest={})
    assert (report.n, report.in_scope, report.out_of_scope) == (1, 0, {"JP": 1})


def test_a_case_older_than_the_pack_is_decided_under_its_earliest_edition() -> None:
    """And reported apart, with the later law that the case itself names."""
    old = case("exception_available", as_of=date(2010, 1, 1), notes="x under the law of 2026-09: no_licence_required.")
    report = evaluate_determinations([old], always(Outcome.NO_LICENCE_REQUIRED), earliest={"ZZ": date(2020, 1, 1)})
    assert report.older_than_pack["n"] == 1
    assert report.disagreements[0].decided_as_of == date(2020, 1, 1)
    assert report.disagreements[0].explained_by == "under the law of 2026-09: no_licence_required."


def test_an_amendment_that_turned_an_old_answer_is_told_apart_from_an_error() -> None:
    """Still a disagreement; but the clearance is today's law, which the case itself names, not a slip."""
    old = case("licence_required", as_of=date(2010, 1, 1), notes="under the law of 2026-09: no_licence_required.")
    new = case("licence_required", as_of=date(2021, 1, 1), notes="under the law of 2026-09: no_licence_required.")
    report = evaluate_determinations([old, new], always(Outcome.NO_LICENCE_REQUIRED), earliest={"ZZ": date(2020, 1, 1)})
    assert (report.agreed, report.false_clearances, report.turned_by_later_law) == (0, 1, 1)


def test_a_case_becomes_a_transaction_in_one_place() -> None:
    """Roles, lists and codes in the case's words become ours; XX is no place."""
    found = transaction_of(
        {
            "items": [
                {
                    "description": "a",
                    "kind": "technology",
                    "claimed_classification": {"scheme": "ECCN", "code": "3E001"},
                }
            ],
            "activity": "deemed_export",
            "ultimate_destination": "XX",
            "parties": [{"role": "recipient", "country": "CN", "type": "engineer", "listings": ["US Entity List"]}],
            "value": {"amount": 10, "currency": "USD"},
        }
    )
    assert found.activity is Activity.DEEMED_EXPORT
    assert found.destination is None
    assert found.parties[0].roles == (Role.RECIPIENT,)
    assert found.parties[0].nationalities == ("CN",)
    assert found.parties[0].listed_on == ("us_csl:EL",)
    assert found.lines[0].item.codes == {"us_ccl": "3E001"}
    assert found.lines[0].value is not None
    assert found.lines[0].value.amount == Decimal(10)


@pytest.mark.parametrize(
    ("text", "day"), [("2015", date(2015, 1, 1)), ("2018-04", date(2018, 4, 1)), ("2026-07-23", date(2026, 7, 23))]
)
def test_a_vague_date_is_its_first_day(text: str, day: date) -> None:
    """The law of the earliest day it can mean."""
    assert first_day(text) == day


def test_a_broken_case_names_its_line(tmp_path: Path) -> None:
    """File and line, and where the format is described."""
    path = tmp_path / "cases.jsonl"
    path.write_text('\n{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"cases\.jsonl:2"):
        list(read_cases(path))


def test_no_false_clearance_on_the_developers_cases(shared: Path) -> None:
    """The worst error does not happen on the 134 open cases, and agreement holds the level reached."""
    desk = Desk(tuple(open_pack(name) for name in ("us_ear", "us_ofac")))
    cases = read_cases(shared / "data" / "cases" / "determination.jsonl")
    report = evaluate_determinations(
        cases,
        lambda c, day: desk.determine(c.transaction, c.jurisdiction, as_of=day),
        earliest={p.info.jurisdiction: p.info.covers_from for p in desk.packs},
    )
    assert report.false_clearances == 0
    assert report.by_jurisdiction["US-EAR"]["agreement"] >= 0.90
    assert report.by_jurisdiction["US-OFAC"]["agreement"] >= 0.80


@pytest.mark.parametrize("role", ["employee", "student", "visitor", "recipient"])
def test_whoever_is_named_in_a_deemed_export_is_the_recipient(role: str) -> None:
    """A release to an employee, student or visitor is a release to that person, whatever the case calls it."""
    person = {"role": role, "type": "engineer", "country": "CN"}
    item = {"description": "Technology", "kind": "technology"}
    found = transaction_of({"items": [item], "activity": "deemed_export", "parties": [person]})
    assert found.parties[0].roles == (Role.RECIPIENT,)
    assert found.parties[0].nationalities == ("CN",)
    other = transaction_of({"items": [item], "activity": "export", "parties": [{"role": "employee", "country": "CN"}]})
    assert other.parties[0].roles == (Role.OTHER,)
