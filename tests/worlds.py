"""Packs and facts for tests: tiny packs written in the test, random packs, and random knowledge about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from enduse.determine.answer import answer_line
from enduse.model.determination import LineAnswer
from enduse.model.law import FactType, PackInfo, Rule
from enduse.rules.facts import CORE, Fact, Facts, Range
from enduse.rules.pack import PackModule, RulePack, leaves
from enduse.rules.tables import Table

DAY = date(2025, 1, 1)
State = Mapping[str, Fact]
CITES = [{"source": "Trade Act 2020", "pinpoint": "s. 1"}]
GUARD = {"title": "Hangs on it", "says": "It depends.", "cites": CITES}


def flag(name: str, nature: str = "transaction") -> FactType:
    """A flag of the given nature."""
    said = None if nature == "transaction" else f"assumed of {name}"
    return FactType.model_validate({"name": name, "nature": nature, "question": f"{name}?", "assumed": said})


def fact_type(name: str, kind: str) -> FactType:
    """A fact of the transaction of another kind."""
    return FactType.model_validate({"name": name, "kind": kind, "question": f"{name}?"})


def rule(number: str, effect: str, when: object = None, **more: Any) -> Rule:
    """A rule `zz.NUMBER` with one text."""
    version = {"from": date(2020, 1, 1), "effect": effect, "when": when, "says": f"Rule {number}.", "cites": CITES}
    if effect == "requires":
        version["reason"] = number
    if effect == "excuses":
        version |= {"authorisation": number, "relief": "exception"}
    return Rule.model_validate({"id": f"zz.{number}", "title": f"Rule {number}", "versions": [{**version, **more}]})


def is_(fact: str, value: object = True) -> dict[str, object]:
    """The test that a fact is a value."""
    return {"fact": fact, "is": value}


def tiny(
    rules: Iterable[Rule],
    types: Iterable[FactType] = (),
    *,
    tables: Mapping[str, Table] | None = None,
    module: PackModule | None = None,
    **info: Any,
) -> RulePack:
    """A pack of a few rules; `info` fills its own statement."""
    said = {
        "id": "zz_tiny",
        "jurisdiction": "ZZ",
        "title": "Tiny",
        "version": "1",
        "publisher": "nobody",
        "text_licence": "none",
        "as_reviewed_on": date(2025, 1, 1),
        "stale_after": date(2099, 1, 1),
        "covers_from": date(2020, 1, 1),
    }
    known = {**CORE, **{t.name: t for t in types}}
    return RulePack(
        PackInfo.model_validate({**said, **info}), known, tuple(rules), tables or {}, "digest", module=module
    )


def answer(pack: RulePack, state: State, day: date = DAY) -> LineAnswer:
    """The answer on these facts alone."""
    return answer_line(pack, pack.at(day), Facts(pack.types, state), 1)


def known(**values: object) -> State:
    """Facts by name (two underscores for the dot), all firmly known."""
    return {n.replace("__", "."): Fact(v, "stated") for n, v in values.items()}  # type: ignore[arg-type]


# ── random knowledge ─────────────────────────────────────────────────────────────────────────────────────────────────


def values_of(pack: RulePack, day: date = DAY) -> dict[str, list[object]]:
    """For each fact a rule asks about, values on every side of what is asked."""
    shelf = pack.at(day)
    asked: dict[str, list[object]] = {}
    for one in pack.rules:
        for version in one.versions:
            for test in leaves(version.when):
                asked.setdefault(test.fact, []).extend(_around(test.operator, test.operand, shelf.tables.wanted))
    return {name: _rounded_off(pack.types[name].kind, values) for name, values in asked.items()}


def _rounded_off(kind: str, values: list[object]) -> list[object]:
    if kind == "flag":
        return [True, False]
    if kind in {"number", "date"}:
        return list(dict.fromkeys(values))
    return list(dict.fromkeys([*values, "AQ" if kind.startswith("place") else "9Z999"]))


def _around(operator: str, operand: Any, members: Any) -> list[object]:
    match operator:
        case "is" if not isinstance(operand, str):
            return [operand]
        case "is":
            return [operand]
        case "in":
            return sorted(members(operand))[:6]
        case "under":
            codes = operand if isinstance(operand, tuple) else (operand,)
            stems = [c.rstrip("*") for c in codes[:6]]
            return [x for c in stems for x in (c, c + ".a", c.rpartition(".")[0] or c)]
        case _ if isinstance(operand, Decimal):
            return [operand - 1, operand, operand + 1, Range(operand - 1, operand + 1)]
        case _:
            return [operand]


def known_facts(pack: RulePack, values: Mapping[str, list[object]], *, most: int = 12) -> st.SearchStrategy[State]:
    """Some of the facts: firmly known, assumed from words, or known to be unknown; code and place often."""
    anchors = [n for n in (pack.info.code_fact, pack.info.place_fact) if n in values]
    some = st.lists(st.sampled_from(sorted(values)), unique=True, max_size=most)
    often = st.sampled_from([anchors, anchors, anchors, []])
    return st.tuples(some, often).flatmap(
        lambda drawn: st.fixed_dictionaries({n: _fact(pack, n, values[n]) for n in sorted({*drawn[0], *drawn[1]})})
    )


def _fact(pack: RulePack, name: str, values: list[object]) -> st.SearchStrategy[Fact]:
    how = st.sampled_from(["firm", "firm", "firm", "assumed", "unknown"])
    return st.builds(_told, _value(pack, name, values), how)


def _told(value: tuple[Any, frozenset[str]], how: str) -> Fact:
    if how == "unknown":
        return Fact(None, "known to be unknown")
    return Fact(value[0], "told", assumed=how == "assumed", possible=value[1] if how == "firm" else frozenset())


def _value(pack: RulePack, name: str, values: list[object]) -> st.SearchStrategy[tuple[Any, frozenset[str]]]:
    if pack.types[name].kind in {"texts", "places", "codes"}:
        some = st.frozensets(st.sampled_from([str(v) for v in values]), max_size=2)
        return st.tuples(some, some)
    return st.tuples(st.sampled_from(values), st.just(frozenset()))


def refined(pack: RulePack, state: State, values: Mapping[str, list[object]]) -> st.SearchStrategy[State]:
    """More knowledge of the same world: what was firmly known stands, anything else may be filled in either way."""
    names = sorted(n for n in values if n not in state or _open(state[n]))
    if not names:
        return st.just(state)
    picked = st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=4)
    return picked.flatmap(
        lambda chosen: st.fixed_dictionaries({n: _narrowed(pack, n, state.get(n), values[n]) for n in chosen})
    ).map(lambda more: {**state, **more})


def _open(fact: Fact) -> bool:
    return fact.value is None or fact.assumed or bool(fact.possible) or isinstance(fact.value, Range)


def _narrowed(pack: RulePack, name: str, fact: Fact | None, values: list[object]) -> st.SearchStrategy[Fact]:
    if fact is not None and isinstance(fact.value, Range) and not fact.assumed:
        within = [fact.value.low, (fact.value.low + fact.value.high) / 2, fact.value.high]
        return st.sampled_from(within).map(lambda v: Fact(v, "measured"))
    if fact is not None and isinstance(fact.value, frozenset) and fact.possible:
        some = st.frozensets(st.sampled_from(sorted(fact.possible)))
        return some.map(lambda more: Fact(fact.value | more, "clarified"))  # type: ignore[operator]
    return _value(pack, name, values).map(lambda v: Fact(v[0], "stated"))


# ── random packs ─────────────────────────────────────────────────────────────────────────────────────────────────────

CODES, PLACES = ("6A002", "6A002.a", "6A003"), ("GL", "ZE", "HE")
TYPES = (
    flag("a.plain"),
    flag("b.plain"),
    flag("c.plain"),
    flag("d.known", "knowledge"),
    flag("e.listed", "list"),
    flag("f.done", "condition"),
    fact_type("n.value", "number"),
    fact_type("p.countries", "places"),
)
FLAGS = tuple(t.name for t in TYPES if t.kind == "flag")


def _tests(*, flags_only: bool) -> st.SearchStrategy[dict[str, object]]:
    flags = st.builds(is_, st.sampled_from(FLAGS), st.booleans())
    if flags_only:
        return flags
    return st.one_of(
        flags,
        st.builds(lambda c: {"fact": "item.control", "under": c}, st.sampled_from(CODES)),
        st.builds(
            lambda p: {"fact": "transaction.destination", "in": list(p)}, st.sets(st.sampled_from(PLACES), min_size=1)
        ),
        st.just({"fact": "transaction.destination", "in": "@groups:Duchies"}),
        st.builds(lambda p: {"fact": "p.countries", "in": [p]}, st.sampled_from(PLACES)),
        st.builds(
            lambda o, n: {"fact": "n.value", o: Decimal(n)},
            st.sampled_from(["at_least", "above", "at_most", "below"]),
            st.sampled_from([10, 20]),
        ),
    )


def whens(*, flags_only: bool = False) -> st.SearchStrategy[dict[str, object]]:
    """Tests nested up to three deep."""
    some = st.lists
    return st.recursive(
        _tests(flags_only=flags_only),
        lambda part: st.one_of(
            st.builds(lambda p: {"all": p}, some(part, min_size=1, max_size=3)),
            st.builds(lambda p: {"any": p}, some(part, min_size=1, max_size=3)),
            st.builds(lambda p: {"not": p}, part),
        ),
        max_leaves=5,
    )


@st.composite
def _rule(draw: st.DrawFn, number: int, flags_only: bool) -> Rule:
    effect = draw(st.sampled_from(["subject", "prohibits", "requires", "requires", "excuses", "excuses", "bars"]))
    more: dict[str, object] = {"reason": draw(st.sampled_from(["A", "B"]))} if effect == "requires" else {}
    if effect == "excuses":
        aims = ["A", "B", "*", "subject", "zz.", "zz.r0", "zz.r1"]
        more["lifts"] = draw(st.lists(st.sampled_from(aims), min_size=1, max_size=2))
        more["authorisation"] = draw(st.sampled_from(["X", "Y"]))
        more["relief"] = draw(st.sampled_from(["exception", "general_licence", "carve_out", "exclusion"]))
    if effect == "bars":
        more["blocks"] = draw(st.lists(st.sampled_from(["X", "Y", "*", "zz.r2"]), min_size=1, max_size=2))
    if effect in {"prohibits", "requires"}:
        more["unscoped"] = draw(st.booleans()) and draw(st.booleans())
    return rule(f"r{number}", effect, draw(whens(flags_only=flags_only)), **more)


@st.composite
def packs(draw: st.DrawFn, *, flags_only: bool = False) -> RulePack:
    """A pack of one to eight random rules."""
    rules = [draw(_rule(n, flags_only)) for n in range(draw(st.integers(1, 8)))]
    info: dict[str, object] = {"control_list": "zz_list", "unknown_code": GUARD, "unknown_place": GUARD}
    if not flags_only and draw(st.booleans()):
        info["unknown_place"] = None
    groups = Table("groups", [{"group": "Duchies", "place": p, "from": "", "to": ""} for p in ("GL", "HE")])
    return tiny(rules, TYPES, tables={"groups": groups}, **info)


def assumed_value(pack: RulePack, state: State, name: str) -> object:
    """What silence, or a reading, makes of a fact."""
    fact = Facts(pack.types, state).get(name)
    return fact.value if fact else None
