"""The one evaluator: a `When`, the facts and the tables give a `Step`, with every reason kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from enduse.model.finding import Finding, Step
from enduse.model.law import AllOf, AnyOf, Not, Test, When
from enduse.model.place import country_of
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
            steps = tuple([evaluate(p, facts, tables) for p in parts])
            return made(all_of(s.verdict for s in steps), all_of(s.firm for s in steps), "all of", because=steps)
        case AnyOf(any=parts):
            steps = tuple([evaluate(p, facts, tables) for p in parts])
            return made(any_of(s.verdict for s in steps), any_of(s.firm for s in steps), "any of", because=steps)
        case Not(not_=part):
            step = evaluate(part, facts, tables)
            return made(~step.verdict, ~step.firm, "not", because=(step,))


def always() -> Step:
    """The step of a rule without a test."""
    return made(TRUE, TRUE, "always")


def failed(error: Exception) -> Step:
    """A rule that could not be evaluated is unknown, never skipped."""
    return made(UNKNOWN, UNKNOWN, f"could not be evaluated: {error}")


def made(
    verdict: Verdict,
    firm: Verdict,
    said: str,
    *,
    fact: str | None = None,
    found: str | None = None,
    evidence: str | None = None,
    because: tuple[Step, ...] = (),
) -> Step:
    """A `Step` whose parts are right by construction, without the cost of checking them (a third of the time).

    A decision makes a thousand of them; the tests hold it equal to `Step(...)`.
    """
    return quickly(
        Step,
        {
            "verdict": verdict,
            "firm": firm,
            "said": said,
            "fact": fact,
            "found": found,
            "evidence": evidence,
            "because": because,
        },
    )


def quickly(kind: type[Made], parts: dict[str, object]) -> Made:
    """A value of this kind from all its parts, unchecked."""
    made = object.__new__(kind)
    _set(made, "__dict__", parts)
    _set(made, "__pydantic_fields_set__", _ALL[kind])
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


Made = TypeVar("Made", Step, Finding)
_ALL: dict[type, set[str]] = {kind: set(kind.model_fields) for kind in (Step, Finding)}
_set = object.__setattr__


def _test(test: Test, facts: Facts, tables: Tables) -> Step:
    """One test asked; the step is kept for the next line, which mostly has the same facts."""
    fact = facts.get(test.fact)
    kept = tables.kept.get(id(test))
    if kept is not None and kept[0] is test and kept[1] == fact and not _is_figure(fact):
        return kept[2]
    step = _asked(test, fact, facts, tables)
    tables.kept[id(test)] = (test, fact, step)
    return step


def _is_figure(fact: Fact | None) -> bool:
    """500 and 500.00 are equal, but shown apart."""
    return fact is not None and isinstance(fact.value, Decimal | Range)


def _asked(test: Test, fact: Fact | None, facts: Facts, tables: Tables) -> Step:
    if fact is None or fact.value is None:
        return made(UNKNOWN, UNKNOWN, said(test), fact=test.fact, evidence=fact.evidence if fact else None)
    verdict = ask(test, fact, facts, tables)
    firm = UNKNOWN if fact.assumed else verdict
    return made(verdict, firm, said(test), fact=test.fact, found=shown(fact), evidence=fact.evidence)


@lru_cache(maxsize=65536)
def _said(fact: str, operator: str, operand: object) -> str:
    return f"{fact} {operator.replace('_', ' ')} {_shown(operand)}"


def said(test: Test) -> str:
    """A test in words."""
    operand = test.operand
    if isinstance(operand, bool):  # True and Decimal(1) are one key
        return f"{test.fact} {test.operator.replace('_', ' ')} {_shown(operand)}"
    return _said(test.fact, test.operator, operand)


def ask(test: Test, fact: Fact, facts: Facts, tables: Tables) -> Verdict:
    """What a known fact answers to one test, assumed or not."""
    match test.operator:
        case "is" if isinstance(fact.value, Range):
            return _in_range(fact.value, test.operand)
        case "is" | "in":
            kind = facts.type_of(test.fact)
            wanted = frozenset((test.operand,)) if test.operator == "is" else tables.wanted(test.operand)
            if kind is not None and kind.kind in {"place", "places"}:
                return _located(fact, wanted, tables.territories)
            return _among(fact, wanted)
        case "under":
            return _under(fact, test.operand if isinstance(test.operand, tuple) else (str(test.operand),))
        case operator:
            return _compare(fact.value, operator, test.operand)


def _among(fact: Fact, wanted: frozenset[object]) -> Verdict:
    if isinstance(fact.value, frozenset):
        if fact.value & wanted:
            return TRUE
        return UNKNOWN if fact.possible & wanted else FALSE
    return Verdict.of(fact.value in wanted)


def _located(fact: Fact, wanted: frozenset[object], territories: frozenset[str]) -> Verdict:
    """Among places, a part of a country counts as the country, unless the pack gives that part law of its own.

    `FR-75` is in France's groups. `UA-43`, once a table names it, is what the tables say of it; where they name only
    the country, whether the part is meant is not known.
    """
    if not isinstance(fact.value, frozenset):
        return _one_place(str(fact.value), wanted, territories)
    sure = any_of(_one_place(p, wanted, territories) for p in fact.value)
    if sure is not FALSE or not fact.possible:
        return sure
    maybe = any_of(_one_place(p, wanted, territories) for p in fact.possible)
    return FALSE if maybe is FALSE else UNKNOWN


def _one_place(place: str, wanted: frozenset[object], territories: frozenset[str]) -> Verdict:
    if place in wanted:
        return TRUE
    if country_of(place) == place or country_of(place) not in wanted:
        return FALSE
    return UNKNOWN if place in territories else TRUE


def _in_range(value: Range, wanted: object) -> Verdict:
    if not isinstance(wanted, Decimal) or not value.low <= wanted <= value.high:
        return FALSE
    return TRUE if value.low == value.high else UNKNOWN


def _under(fact: Fact, targets: tuple[str, ...]) -> Verdict:
    if isinstance(fact.value, str):
        return _code_under_any(fact.value, targets)
    codes = fact.value if isinstance(fact.value, frozenset) else (str(fact.value),)
    sure = any_of(code_under(c, t) for c in codes for t in targets)
    if sure is not FALSE or not fact.possible:
        return sure
    return FALSE if all(code_under(c, t) is FALSE for c in fact.possible for t in targets) else UNKNOWN


@lru_cache(maxsize=1 << 15)
def _code_under_any(code: str, targets: tuple[str, ...]) -> Verdict:
    return any_of(code_under(code, t) for t in targets)


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
    wanted = date if isinstance(bound, date) else Decimal | int
    if isinstance(value, bool) or not isinstance(value, wanted):
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


def shown(fact: Fact) -> str:
    """A fact's value in words."""
    value = fact.value
    if isinstance(value, frozenset):
        members = ", ".join(sorted(value)) or "none"
        return f"{members}; possibly {', '.join(sorted(fact.possible))}" if fact.possible else members
    if isinstance(value, Range):
        return f"between {value.low} and {value.high}"
    return _shown(value)
