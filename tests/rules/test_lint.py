"""Lint: what is wrong with a pack though it can be read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from enduse.model.law import Example, FactType, Rule
from enduse.rules.lint import lint
from enduse.rules.pack import RulePack
from enduse.shelf import read_folder
from worlds import CITES, fact_type, flag, is_, rule, tiny

A, B = flag("a.plain"), flag("b.plain")


def shown(one: Rule) -> Rule:
    """The rule with an example where it holds (a is true) and one where it does not."""
    both = (Example(holds=True, facts={"a.plain": True}), Example(holds=False, facts={"a.plain": False}))
    return one.model_copy(update={"examples": both})


def codes(pack: RulePack) -> list[str]:
    """The codes of all complaints."""
    return [c.code for c in lint(pack)]


def two_texts(first: dict[str, Any], second: dict[str, Any], reviewed: date = date(2025, 6, 1)) -> RulePack:
    """One rule with two texts that differ as told."""
    text = {"effect": "requires", "reason": "A", "says": "It needs a licence.", "cites": CITES, "when": is_("a.plain")}
    versions = [{**text, **first}, {**text, **second}]
    one = Rule.model_validate({"id": "zz.r1", "title": "Rule", "versions": versions})
    return tiny([shown(one)], [A], as_reviewed_on=reviewed)


def test_a_sound_pack_gives_no_complaint() -> None:
    """Nothing to mend, nothing said."""
    assert lint(tiny([shown(rule("r1", "requires", is_("a.plain")))], [A])) == ()


def test_ruritania_is_sound() -> None:
    """The template must not teach mistakes."""
    assert lint(read_folder("zz_ruritania")) == ()


def test_a_rule_without_examples_is_untested_twice_over() -> None:
    """Neither seen to hold nor seen to fail."""
    assert codes(tiny([rule("r1", "requires", is_("a.plain"))], [A])) == ["untested", "untested"]


def test_an_example_that_comes_out_otherwise_is_named_with_its_number() -> None:
    """The hint says where to look."""
    one = shown(rule("r1", "requires", is_("a.plain", False)))
    found = lint(tiny([one], [A]))
    assert [c.code for c in found] == ["example_fails", "example_fails"]
    assert found[0].says == "example 1 should be true and is false"
    assert found[0].rule == "zz.r1"


def test_an_example_that_leaves_the_verdict_open_fails() -> None:
    """Unknown is not false."""
    open_ = Example(holds=False, facts={})
    one = shown(rule("r1", "requires", is_("a.plain")))
    one = one.model_copy(update={"examples": (*one.examples, open_)})
    assert codes(tiny([one], [A])) == ["example_fails"]


def test_an_empty_citation_is_no_citation() -> None:
    """Text without a place cannot be checked."""
    one = rule("r1", "requires", is_("a.plain"), cites=[{"source": "Act", "pinpoint": ""}])
    assert "uncited" in codes(tiny([shown(one)], [A]))


@pytest.mark.parametrize("aim", ["X", "zz.r1"])
def test_a_rule_that_takes_itself_away_contradicts_itself(aim: str) -> None:
    """A bar that shuts itself out, by its own name or its own authorisation."""
    one = rule("r1", "bars", is_("a.plain"), blocks=[aim], authorisation="X")
    assert "contradicting" in codes(tiny([shown(one)], [A]))


def test_a_requirement_that_also_lifts_contradicts_itself() -> None:
    """Relief is a rule of its own."""
    one = rule("r1", "requires", is_("a.plain"), lifts=["r1"])
    assert "contradicting" in codes(tiny([shown(one)], [A]))


def test_two_texts_in_force_at_once_are_refused() -> None:
    """The earlier one must end when the later begins."""
    both = two_texts({"from": date(2020, 1, 1)}, {"from": date(2024, 1, 1)})
    assert codes(both) == ["two_versions"]
    ended = two_texts({"from": date(2020, 1, 1), "to": date(2024, 1, 1)}, {"from": date(2024, 1, 1)})
    assert codes(ended) == []


def test_a_gap_between_texts_is_named() -> None:
    """Law does not pause by oversight."""
    found = lint(two_texts({"from": date(2020, 1, 1), "to": date(2023, 1, 1)}, {"from": date(2024, 1, 1)}))
    assert [(c.code, c.says) for c in found] == [("version_gap", "no text from 2023-01-01 to 2023-12-31")]


def test_a_suspension_that_ran_out_with_nothing_after_it_is_named() -> None:
    """Until 1 May the text was suspended; by the review in June somebody must have said what holds."""
    before = {"from": date(2020, 1, 1), "to": date(2024, 1, 1)}
    over = two_texts(before, {"from": date(2024, 1, 1), "to": date(2025, 5, 1), "status": "suspended"})
    assert codes(over) == ["expired_suspension"]
    running = two_texts(before, {"from": date(2024, 1, 1), "to": date(2025, 7, 1), "status": "suspended"})
    assert codes(running) == []


def test_a_text_past_its_day_of_review_is_named() -> None:
    """The author asked to look again."""
    one = rule("r1", "requires", is_("a.plain"), review_from=date(2025, 1, 1))
    assert codes(tiny([shown(one)], [A])) == ["review_due"]


def test_names_that_nothing_answers_to_are_named() -> None:
    """A bar on an authorisation nobody grants, a relief from a reason nobody gives."""
    bar = shown(rule("r1", "bars", is_("a.plain"), blocks=["NOBODY"]))
    relief = shown(rule("r2", "excuses", is_("a.plain"), lifts=["zz.none."]))
    assert codes(tiny([bar, relief], [A])) == ["aims_at_nothing", "aims_at_nothing"]


def test_two_rules_of_one_text_are_one_rule() -> None:
    """Copied and forgotten."""
    one = shown(rule("r1", "requires", is_("a.plain"), reason="A"))
    two = one.model_copy(update={"id": "zz.r2"})
    assert codes(tiny([one, two], [A])) == ["same_text"]


def test_a_fact_nobody_asks_about_is_named() -> None:
    """And one that nobody can supply."""
    derived = FactType(name="c.sum", kind="number", question="How much?", derived=True)
    found = [(c.code, c.rule) for c in lint(tiny([shown(rule("r1", "requires", is_("a.plain")))], [A, B, derived]))]
    assert found == [("unasked_fact", "b.plain"), ("unasked_fact", "c.sum"), ("unsupplied_fact", "c.sum")]


def test_a_question_ends_with_a_question_mark_and_is_asked_once() -> None:
    """The clerk must be able to answer."""
    odd = fact_type("b.plain", "flag").model_copy(update={"question": "Tell me."})
    same = fact_type("c.plain", "flag").model_copy(update={"question": "a.plain?"})
    both = {"any": [is_("a.plain"), {"any": [is_("b.plain"), is_("c.plain")]}]}
    one = rule("r1", "requires", both)
    found = [c.code for c in lint(tiny([one], [A, odd, same])) if c.code not in {"untested", "example_fails"}]
    assert found == ["not_a_question", "same_question"]


def test_an_omission_about_no_fact_is_named() -> None:
    """What is left out must be tellable."""
    omits = [{"id": "x", "says": "Left out.", "when": is_("never.declared")}]
    assert "unknown_fact" in codes(tiny([], [], omits=omits))


@pytest.mark.parametrize("pack_id", ["us_ear"])
def test_no_shipped_pack_contradicts_itself(pack_id: str) -> None:
    """What must never ship: failing or missing examples, contradictions, two texts at once."""
    never = {"uncited", "untested", "example_fails", "contradicting", "two_versions", "unknown_fact"}
    assert [c for c in lint(read_folder(pack_id)) if c.code in never] == []
