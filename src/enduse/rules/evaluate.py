"""The one evaluator: a `When`, the facts and the tables give a `Step`, with every reason kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from enduse.model.finding import Step
from enduse.model.law import AllOf, AnyOf, Not, Test, When
from enduse.model.verdict import Verdict, all_of, any_of
from enduse.rules.facts import Fact, Facts, Range
from enduse.rules.tables import Tables

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def evaluate(when: When, facts: Facts, tables: Tables) -> Step:
    """Evaluate `when`, keeping every step so the answer can be explained; it never short-circuits."""
    match when:
        case Test():
            return _test(when, facts, tables)
        case AllOf(all=parts):
            steps = tuple(evaluate(p, facts, tables) for p in parts)
            return Step(
                verdict=all_of(s.verdict for s in steps),
                firm=all_of(s.firm for s in steps),
                said="all of",
                because=steps,
            )
        case AnyOf(any=parts):
            steps = tuple(evaluate(p, facts, tables) for p in parts)
            return Step(
                verdict=any_of(s.verdict for s in steps),
                firm=any_of(s.firm for s in steps),
                said="any of",
                because=steps,
            )
        case Not(not_=part):
            step = evaluate(part, facts, tables)
            return Step(verdict=~step.verdict, firm=~step.firm, said="not", because=(step,))


def always() -> Step:
    """The step of a rule without a test."""
    return Step(verdict=TRUE, firm=TRUE, said="always")


def failed(error: Exception) -> Step:
    """A rule that could not be evaluated is unknown, never skipped."""
    return Step(verdict=UNKNOWN, firm=UNKNOWN, said=f"could not be evaluated: {error}")


def _test(test: Test, facts: Facts, tables: Tables) -> Step:
    said = f"{test.fact} {test.operator.replace('_', ' ')} {_shown(test.operand)}"
    fact = facts.get(test.fact)
    if fact is None or fact.value is None:
        evidence = fact.evidence if fact else None
        return Step(verdict=UNKNOWN, firm=UNKNOWN, said=said, fact=test.fact, evidence=evidence)
    verdict = _ask(test, fact, tables)
    return Step(
        verdict=verdict,
        firm=UNKNOWN if fact.assumed else verdict,
        said=said,
        fact=test.fact,
        found=_found(fact),
        evidence=fact.evidence,
    )


def _ask(test: Test, fact: Fact, tables: Tables) -> Verdict:
    match test.operator:
        case "is":
            return _among(fact, frozenset((test.operand,)))
        case "in":
            return _among(fact, _members(test.operand, tables))
        case "under":
            return _under(fact, test.operand if isinstance(test.operand, tuple) else (str(test.operand),))
        case operator:
            return _compare(fact.value, operator, test.operand)


def _members(operand: object, tables: Tables) -> frozenset[object]:
    if isinstance(operand, tuple):
        parts = [_members(o, tables) for o in operand]
        return frozenset().union(*parts)
    text = str(operand)
    return frozenset(tables.members(text)) if text.startswith("@") else frozenset((text,))


def _among(fact: Fact, wanted: frozenset[object]) -> Verdict:
    if isinstance(fact.value, frozenset):
        if fact.value & wanted:
            return TRUE
        return UNKNOWN if fact.possible & wanted else FALSE
    return Verdict.of(fact.value in wanted)


def _under(fact: Fact, targets: Iterable[str]) -> Verdict:
    codes = fact.value if isinstance(fact.value, frozenset) else (str(fact.value),)
    return any_of(code_under(c, t) for c in codes for t in targets)


def code_under(code: str, target: str) -> Verdict:
    """Is this code the target or a paragraph of it? Unknown when the code stops short of the target.

    `3A001.a.7` is under `3A001.a`; `3A001` may or may not be. A target ending in `*` is a plain beginning
    (`9A6*`), and `1A..9A` style families are written out by the rule.
    """
    if target.endswith("*"):
        stem = target[:-1]
        return TRUE if code.startswith(stem) else UNKNOWN if stem.startswith(code) else FALSE
    if code == target or code.startswith(target + "."):
        return TRUE
    return UNKNOWN if target.startswith(code + ".") else FALSE


def _compare(value: object, operator: str, bound: object) -> Verdict:
    if isinstance(value, Range) and isinstance(bound, Decimal):
        low, high = _holds(value.low, operator, bound), _holds(value.high, operator, bound)
        return Verdict.of(low) if low == high else UNKNOWN
    if isinstance(value, bool) or not isinstance(value, Decimal | int | date):
        return UNKNOWN
    return Verdict.of(_holds(value, operator, bound))


def _holds(value: object, operator: str, bound: object) -> bool:
    match operator:
        case "at_least":
            return value >= bound  # type: ignore[operator,no-any-return]
        case "above":
            return value > bound  # type: ignore[operator,no-any-return]
        case "at_most":
            return value <= bound  # type: ignore[operator,no-any-return]
        case _:
            return value < bound  # type: ignore[operator,no-any-return]


def _shown(operand: object) -> str:
    if isinstance(operand, bool):
        return "yes" if operand else "no"
    return ", ".join(map(str, operand)) if isinstance(operand, tuple) else str(operand)


def _found(fact: Fact) -> str:
    value = fact.value
    if isinstance(value, frozenset):
        members = ", ".join(sorted(value)) or "none"
        return f"{members}; possibly {', '.join(sorted(fact.possible))}" if fact.possible else members
    if isinstance(value, Range):
        return f"between {value.low} and {value.high}"
    return _shown(value)
