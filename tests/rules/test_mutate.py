"""Law put wrong on purpose is noticed by the examples beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from enduse.model.law import Example, Rule, Test
from enduse.rules.mutate import mutants, noticed, survey
from enduse.shelf import pack_ids, read_folder
from worlds import CITES, fact_type, flag, is_, rule, tiny

A, B, N = flag("a.plain"), flag("b.plain"), fact_type("n.value", "number")


def changes(one: Rule) -> list[str]:
    """What each mutant changes, without the day of the text."""
    return [m.change.partition(": ")[2] or m.change for m in mutants(one)]


def test_a_flag_is_turned_and_a_group_loosened() -> None:
    """Each part by itself, and the whole."""
    both = rule("r1", "requires", {"all": [is_("a.plain"), is_("b.plain")]})
    assert changes(both) == [
        "any of, not all of",
        "a.plain is True: the other way",
        "without a.plain is True",
        "b.plain is True: the other way",
        "without b.plain is True",
    ]


def test_a_bound_is_moved_and_its_edge_turned() -> None:
    """At least becomes above, and below; and the figure goes a step further."""
    found = list(mutants(rule("r1", "requires", {"fact": "n.value", "at_least": Decimal(5)})))
    tests = [m.rule.versions[0].when for m in found]
    assert [(t.operator, t.operand) for t in tests if isinstance(t, Test)] == [
        ("above", 5),
        ("below", 5),
        ("at_least", 6),
    ]


def test_what_is_left_out_is_put_in() -> None:
    """Not loses its not, and its part is changed too."""
    assert changes(rule("r1", "requires", {"not": is_("a.plain")})) == [
        "not left out",
        "a.plain is True: the other way",
    ]


def test_the_days_between_two_texts_are_moved() -> None:
    """The first day of all is when our law begins, and stays."""
    text = {"effect": "requires", "reason": "A", "says": "x", "cites": CITES}
    texts = [
        {**text, "from": date(2020, 1, 1), "to": date(2024, 1, 1)},
        {**text, "from": date(2024, 1, 1), "when": is_("a.plain")},
    ]
    one = Rule.model_validate({"id": "zz.r1", "title": "x", "versions": texts})
    assert [m.change for m in mutants(one)] == [
        "ends a day before 2024-01-01",
        "text of 2024-01-01: a.plain is True: the other way",
        "begins a day after 2024-01-01",
    ]


def test_only_an_example_at_the_bound_notices_that_its_edge_was_turned() -> None:
    """600 does not tell "at least 500" from "above 500"; 500 does."""
    one = rule("r1", "requires", {"fact": "n.value", "at_least": Decimal(500)})
    pack = tiny([one], [N])
    turned = next(iter(mutants(one)))

    def proved_by(value: int) -> bool:
        example = Example(holds=True, facts={"n.value": Decimal(value)})
        return noticed(turned._replace(rule=turned.rule.model_copy(update={"examples": (example,)})), pack)

    assert (proved_by(600), proved_by(500)) == (False, True)


def test_a_survey_counts_and_names_what_nobody_noticed() -> None:
    """A rule without examples proves nothing; another proof may."""
    pack = tiny([rule("r1", "requires", is_("a.plain"))], [A])
    found = survey(pack)
    assert (found.tried, found.share_noticed) == (1, 0.0)
    assert survey(pack, also=lambda changed: changed.rules != pack.rules).share_noticed == 1.0


@pytest.mark.parametrize("pack_id", pack_ids())
def test_the_examples_of_shipped_packs_notice_nine_in_ten_mutants(pack_id: str) -> None:
    """A random mutant of each of two hundred rules."""
    found = survey(read_folder(pack_id), rules=200, seed=11)
    assert found.tried >= 6
    assert found.share_noticed >= 0.9, [(m.rule.id, m.change) for m in found.survivors]
