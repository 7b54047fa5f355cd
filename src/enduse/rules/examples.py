"""Examples beside the law: facts under which a rule holds or does not, and what the engine makes of them."""

from __future__ import annotations

from datetime import date

from enduse.model.law import Example, FactValue, Rule, RuleVersion
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Fact, Facts
from enduse.rules.pack import RulePack


def verdict_of(pack: RulePack, rule: Rule, example: Example) -> Verdict:
    """What the rule's text of the example's day says on its facts; FALSE where no text covers the day.

    Without a day, the newest text is asked: on the day the pack was reviewed if it covers that day, else on its first.
    A suspended text is asked like any other: its words are what the example proves. Nothing is assumed but what silence
    means for the fact's kind.
    """
    version, day = _asked(pack, rule, example)
    if version is None:
        return Verdict.FALSE
    if version.when is None:
        return Verdict.TRUE
    facts = Facts(pack.types, {n: Fact(_as_held(v), "example") for n, v in example.facts.items()})
    return evaluate(version.when, facts, pack.at(day).tables).verdict


def proves(pack: RulePack, rule: Rule, example: Example) -> bool:
    """Does the example come out as it says: TRUE where it holds, FALSE (not UNKNOWN) where it does not?"""
    return verdict_of(pack, rule, example) is Verdict.of(example.holds)


def text_on(rule: Rule, day: date) -> RuleVersion | None:
    """The text printed on a day: the one in force, or else one that is suspended, stayed or not enforced."""
    return rule.at(day) or next((v for v in rule.versions if v.from_ <= day and (v.to is None or day < v.to)), None)


def _asked(pack: RulePack, rule: Rule, example: Example) -> tuple[RuleVersion | None, date]:
    if example.as_of is not None:
        return text_on(rule, example.as_of), example.as_of
    reviewed = pack.info.as_reviewed_on
    current = text_on(rule, reviewed)
    if current is not None:
        return current, reviewed
    newest = max(rule.versions, key=lambda v: v.from_)
    return newest, newest.from_


def _as_held(value: FactValue) -> FactValue | frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else value
