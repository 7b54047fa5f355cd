"""What if: the outcome under supposed answers to open questions, found by replaying the steps already taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from enduse.determine.standing import Field, Verdicts, outcome_of
from enduse.model.determination import Outcome
from enduse.model.finding import Finding, Step
from enduse.model.verdict import Verdict, all_of, any_of

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
Asked = tuple[str, str]
"""One open test: the fact it asks, and its words."""

_MOST_TRIALS = 250
_MOST_TESTS = 6
_YES, _NO = " is yes", " is no"


def live_leaves(step: Step) -> Iterator[Step]:
    """The unknown tests that still matter: a branch already settled by its neighbours is left out."""
    if step.verdict is not UNKNOWN:
        return
    if step.fact is not None:
        yield step
    for part in step.because:
        yield from live_leaves(part)


class Trials:
    """Outcomes under supposed answers; each open test is free to come out either way, or to stay open.

    Tests of one fact are taken as independent, so that a fact counts as indecisive only when no answers at all could
    make it matter; past a few hundred trials it counts as decisive.
    """

    def __init__(self, field: Field, verdicts: Verdicts) -> None:
        self._field = field
        self._verdicts = verdicts
        self._open = tuple((f, frozenset(_plainly(x) for x in live_leaves(f.step))) for f in _unknown(field, verdicts))
        self._tests = tuple(sorted({t for _, tests in self._open for t in tests}))
        self._tried: dict[frozenset[tuple[Asked, Verdict]], Outcome] = {}

    def leads_to(self, name: str) -> frozenset[Outcome]:
        """The outcomes if every open test of this fact were answered yes, and if no."""
        own = self._of(name)
        return frozenset(self._try(dict.fromkeys(own, answer)) for answer in (TRUE, FALSE))

    def decisive(self, name: str) -> bool:
        """Could this fact change the outcome, under some answers to the others?"""
        own = self._of(name)
        others = [t for t in self._tests if t not in own]
        if len(self._tests) > _MOST_TESTS:
            return True
        spent = 0
        for answers in product((UNKNOWN, TRUE, FALSE), repeat=len(others)):
            told = dict(zip(others, answers, strict=True))
            now = self._try(told)
            for mine in product((TRUE, FALSE, UNKNOWN), repeat=len(own)):
                spent += 1
                if spent > _MOST_TRIALS or self._try({**told, **dict(zip(own, mine, strict=True))}) is not now:
                    return True
        return False

    def _of(self, name: str) -> tuple[Asked, ...]:
        return tuple(t for t in self._tests if t[0] == name)

    def _try(self, told: Mapping[Asked, Verdict]) -> Outcome:
        said = {t: v for t, v in told.items() if v is not UNKNOWN}
        key = frozenset(said.items())
        if key not in self._tried:
            both = _both_ways(said)
            touched = {f.rule: _replay(f.step, both) for f, tests in self._open if not tests.isdisjoint(said)}
            self._tried[key] = outcome_of(self._field, {**self._verdicts, **touched})
        return self._tried[key]


def _unknown(field: Field, verdicts: Verdicts) -> Iterator[Finding]:
    """The open findings that bear on a ground: exceptions aimed at none, and bars to those, bear on nothing."""
    grounds = (*field.subject, *field.prohibits, *field.requires)
    excuses = {e.rule: e for f in grounds for e in field.lifted[f.rule] if verdicts[e.rule] is not FALSE}
    bars = {b.rule: b for e in excuses.values() for b in field.shut[e.rule]}
    return (f for f in (*grounds, *excuses.values(), *bars.values()) if verdicts[f.rule] is UNKNOWN)


def _plainly(leaf: Step) -> Asked:
    """A flag asked whether it is "no" is the same question as whether it is "yes"."""
    return str(leaf.fact), leaf.said.removesuffix(_NO) + _YES if leaf.said.endswith(_NO) else leaf.said


def _both_ways(told: Mapping[Asked, Verdict]) -> Mapping[Asked, Verdict]:
    """Answers to flags asked either way."""
    turned = {(n, said.removesuffix(_YES) + _NO): ~v for (n, said), v in told.items() if said.endswith(_YES)}
    return {**told, **turned}


def _replay(step: Step, told: Mapping[Asked, Verdict]) -> Verdict:
    """The verdict of a step if its open tests were answered so."""
    if step.verdict is not UNKNOWN:
        return step.verdict
    if step.fact is not None:
        return told.get((step.fact, step.said), UNKNOWN)
    if not step.because:
        return UNKNOWN
    parts = [_replay(s, told) for s in step.because]
    match step.said:
        case "all of":
            return all_of(parts)
        case "any of":
            return any_of(parts)
        case _:
            return ~parts[0]
