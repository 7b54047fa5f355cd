"""Law put wrong on purpose: one operator, polarity, bound, place or date of a rule changed; do its examples notice?

An example that still comes out right under a changed rule has not proved that part of the rule.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from enduse.model.law import AllOf, AnyOf, Not, Rule, RuleVersion, Test, When
from enduse.rules.examples import proves
from enduse.rules.pack import RulePack


class Mutant(NamedTuple):
    """A rule with one thing changed, and what was changed."""

    rule: Rule
    change: str


class Survey(NamedTuple):
    """How many mutants were tried, and those that no example noticed."""

    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def share_noticed(self) -> float:
        """From 0 to 1; of nothing tried, 1."""
        return 1 - len(self.survivors) / self.tried if self.tried else 1.0


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Every rule that differs from this one in one operator, polarity, member, bound or date."""
    for place, version in enumerate(rule.versions):
        for when, change in _changed(version.when):
            yield _with(rule, place, {"when": when}, f"text of {version.from_}: {change}")
        yield from _redated(rule, place, version)


def _with(rule: Rule, place: int, update: dict[str, object], change: str) -> Mutant:
    texts = list(rule.versions)
    texts[place] = texts[place].model_copy(update=update)
    return Mutant(rule.model_copy(update={"versions": tuple(texts)}), change)


def _redated(rule: Rule, place: int, version: RuleVersion) -> Iterator[Mutant]:
    """The last day moved, and the first where a text stood before it (the first of all is when our law begins)."""
    follows = any(v.to == version.from_ for v in rule.versions)
    if follows:
        yield _with(rule, place, {"from_": version.from_ + timedelta(days=1)}, f"begins a day after {version.from_}")
    if version.to is not None:
        yield _with(rule, place, {"to": version.to - timedelta(days=1)}, f"ends a day before {version.to}")


def _changed(when: When | None) -> Iterator[tuple[When, str]]:
    match when:
        case Test():
            yield from _test(when)
        case AllOf(all=parts):
            if len(parts) > 1:
                yield AnyOf(any=parts), "any of, not all of"
            yield from ((AllOf(all=p), change) for p, change in _each(parts))
        case AnyOf(any=parts):
            if len(parts) > 1:
                yield AllOf(all=parts), "all of, not any of"
            yield from ((AnyOf(any=p), change) for p, change in _each(parts))
        case Not(not_=part):
            yield part, "not left out"
            yield from ((Not.model_construct(not_=p), change) for p, change in _changed(part))


def _each(parts: tuple[When, ...]) -> Iterator[tuple[tuple[When, ...], str]]:
    for place, part in enumerate(parts):
        for other, change in _changed(part):
            yield (*parts[:place], other, *parts[place + 1 :]), change
        if len(parts) > 1:
            yield (*parts[:place], *parts[place + 1 :]), f"without {_named(part)}"


def _named(part: When) -> str:
    return f"{part.fact} {part.operator} {part.operand}" if isinstance(part, Test) else "a group"


_EDGE = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
_OTHER_WAY = {"at_least": "below", "above": "at_most", "at_most": "above", "below": "at_least"}


def _test(test: Test) -> Iterator[tuple[When, str]]:
    asked = _named(test)
    if isinstance(test.operand, bool):
        yield Test.model_validate({"fact": test.fact, "is": not test.operand}), f"{asked}: the other way"
        return
    if test.operator in _EDGE:
        for operator in (_EDGE[test.operator], _OTHER_WAY[test.operator]):
            yield Test.model_validate({"fact": test.fact, operator: test.operand}), f"{asked}: {operator}"
        step = Decimal(1) if isinstance(test.operand, Decimal) else timedelta(days=1)
        yield Test.model_validate({"fact": test.fact, test.operator: test.operand + step}), f"{asked}: a step further"  # type: ignore[operator]
        return
    yield Not.model_validate({"not": test.model_dump(by_alias=True, exclude_none=True)}), f"{asked}: negated"


def noticed(mutant: Mutant, pack: RulePack) -> bool:
    """Does any example of the rule come out wrong?"""
    return any(not proves(pack, mutant.rule, example) for example in mutant.rule.examples)


def survey(
    pack: RulePack, *, rules: int | None = None, seed: int = 0, also: Callable[[RulePack], bool] | None = None
) -> Survey:
    """Try one random mutant of each of `rules` rules drawn at random, or every mutant of every rule.

    `also` is a further proof (a test suite) that sees the pack with the mutant in it and says whether it noticed.
    """
    draw = random.Random(seed)
    every = [(r, list(mutants(r))) for r in pack.rules]
    found = [m for _, own in every for m in own]
    if rules is not None:
        some = draw.sample([own for _, own in every if own], min(rules, sum(1 for _, own in every if own)))
        found = [draw.choice(own) for own in some]
    missed = tuple(m for m in found if not noticed(m, pack) and not (also and also(_holding(pack, m))))
    return Survey(len(found), missed)


def _holding(pack: RulePack, mutant: Mutant) -> RulePack:
    rules = tuple(mutant.rule if r.id == mutant.rule.id else r for r in pack.rules)
    return replace(pack, rules=rules, _days={})
