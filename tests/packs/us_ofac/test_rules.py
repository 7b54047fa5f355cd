"""The rules of the sanctions pack against their own examples."""

from __future__ import annotations

import pytest

from enduse.model.law import Example, Rule
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Fact, Facts
from enduse.rules.files import read_pack
from enduse.rules.tables import Tables
from enduse.shelf import OURS, pack_files

PACK = read_pack(pack_files(OURS / "us_ofac"))


def verdict_of(rule: Rule, example: Example) -> Verdict:
    """What the text of the example's day says on its facts."""
    day = example.as_of or PACK.info.as_reviewed_on
    version = rule.at(day)
    assert version is not None, f"{rule.id} has no text on {day}"
    assert version.when is not None
    plain = {n: frozenset(v) if isinstance(v, tuple) else v for n, v in example.facts.items()}
    facts = Facts(PACK.types, {n: Fact(v, "example") for n, v in plain.items()})
    return evaluate(version.when, facts, Tables(PACK.tables, day)).verdict


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda r: r.id)
def test_every_rule_holds_where_its_examples_say_so(rule: Rule):
    """True is true and false is false, never unknown; and there is one of each."""
    assert {e.holds for e in rule.examples} == {True, False}
    for example in rule.examples:
        assert verdict_of(rule, example) is Verdict.of(example.holds), example.facts


def test_every_relief_is_aimed_at_something():
    """What an exemption or licence lifts is the reason or the id of a rule that is there."""
    reasons = {v.reason for r in PACK.rules for v in r.versions if v.reason} | {r.id for r in PACK.rules} | {"*"}
    lifted = {name for r in PACK.rules for v in r.versions for name in v.lifts}
    assert lifted <= reasons
