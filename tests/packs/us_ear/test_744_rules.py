"""The rules of Part 744 (and the papers of 748 to 762) against their own examples."""

from __future__ import annotations

from datetime import date

import pytest

from enduse.model.law import Example, Rule
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Fact, Facts
from enduse.rules.files import read_pack
from enduse.rules.tables import Tables
from enduse.shelf import OURS, pack_files

PACK = read_pack(pack_files(OURS / "us_ear"))
PARTS = ("us.ear.736-4", "us.ear.744-", "us.ear.748-", "us.ear.750-", "us.ear.758-", "us.ear.762-", "us.ear.764-")
RULES = [r for r in PACK.rules if r.id.startswith(PARTS)]
LATEST = PACK.info.as_reviewed_on


def facts_of(example: Example) -> Facts:
    """An example's facts, as the evaluator takes them."""
    plain = {n: frozenset(v) if isinstance(v, tuple) else v for n, v in example.facts.items()}
    return Facts(PACK.types, {n: Fact(v, "example") for n, v in plain.items()})


def verdict_of(rule: Rule, example: Example) -> Verdict:
    """What the text of the example's day says on its facts."""
    day = example.as_of or LATEST
    version = rule.at(day) or (rule.versions[-1] if example.as_of is None else None)
    assert version is not None, f"{rule.id} has no text on {day}"
    assert version.when is not None
    return evaluate(version.when, facts_of(example), Tables(PACK.tables, day)).verdict


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_rule_holds_where_its_examples_say_so(rule: Rule):
    """True is true and false is false, never unknown; and there is one of each."""
    tested = [e for e in rule.examples if rule.versions[-1].when is not None]
    assert {e.holds for e in tested} == {True, False}
    for example in tested:
        assert verdict_of(rule, example) is Verdict.of(example.holds), example.facts


def test_the_whole_part_is_there():
    """Each section of Part 744 that sets a requirement has a rule; reserved ones (10, 12-14, 18, 20) have none."""
    sections = {r.id.split(".")[2] for r in RULES if r.id.startswith("us.ear.744-")}
    assert sections == {f"744-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 19, 21, 22, 23)}


def test_the_affiliates_rule_is_stayed_between_its_two_texts():
    """In force from 2025-09-29, stayed from 2025-11-10 to 2026-11-09, and after that a question."""
    rule = next(r for r in RULES if r.id == "us.ear.744-11.affiliates")
    assert rule.at(date(2025, 9, 28)) is None
    assert rule.at(date(2025, 11, 9)) is not None
    assert rule.at(date(2025, 11, 10)) is None
    assert rule.at(date(2026, 11, 9)) is None
    assert rule.at(date(2026, 11, 10)) is not None
