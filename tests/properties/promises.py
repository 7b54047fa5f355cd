"""The promises of the engine, as checks on any pack; each takes a source of random draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from enduse.determine.answer import answer_line
from enduse.model.determination import LineAnswer, Outcome
from enduse.model.finding import Finding
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Fact, Facts
from enduse.rules.pack import RulePack
from worlds import DAY, State, answer, assumed_value, known_facts, refined

Values = Mapping[str, list[object]]


def further_facts_never_flip(pack: RulePack, values: Values, draw: st.DataObject, day: date = DAY) -> None:
    """What nothing assumed has settled stays settled, whatever else is learnt."""
    state = draw.draw(known_facts(pack, values))
    more = draw.draw(refined(pack, state, values))
    before, after = answer(pack, state, day), answer(pack, more, day)
    later = {f.rule: f for f in after.findings}
    shelf = pack.at(day)
    for found in before.findings:
        if found.firm is Verdict.UNKNOWN:
            continue
        if found.rule in later:
            assert later[found.rule].verdict is found.firm, found.rule
        else:
            assert _brute(pack, found, more, shelf.tables) in {found.firm, None}, found.rule


def _brute(pack: RulePack, found: Finding, state: State, tables: object) -> Verdict | None:
    one = next((r for r in pack.rules if r.id == found.rule), None)
    version = next((v for v in one.versions if v.from_ == found.version), None) if one else None
    if version is None or version.when is None:
        return None
    return evaluate(version.when, Facts(pack.types, state), tables).verdict  # type: ignore[arg-type]


def stricter_only_by_what_was_printed(pack: RulePack, values: Values, draw: st.DataObject, day: date = DAY) -> None:
    """A worse outcome comes only from contradicting a printed assumption or answering a printed question."""
    state = draw.draw(known_facts(pack, values))
    more = draw.draw(refined(pack, state, values))
    before, after = answer(pack, state, day), answer(pack, more, day)
    if after.outcome.strictness <= before.outcome.strictness:
        return
    learnt = {n for n in more if more[n] != state.get(n)}
    asked = {q.fact for q in before.missing} & learnt
    against = {a.fact for a in before.assuming if a.fact in learnt and contradicted(pack, state, more, a.fact)}
    assert asked or against, (before.outcome, after.outcome, learnt)


def contradicted(pack: RulePack, state: State, more: State, name: str) -> bool:
    """Was an assumed fact told otherwise?"""
    return bool(assumed_value(pack, state, name) != more[name].value)


def confirmed_stays(pack: RulePack, values: Values, draw: st.DataObject, day: date = DAY) -> None:
    """A permission whose assumptions are all confirmed survives every fact that does not contradict them."""
    state = dict(draw.draw(known_facts(pack, values)))
    found = confirmed(pack, state, day)
    if not found.outcome.permits:
        return
    assert not found.missing, "a permission must not leave a question open"
    more = draw.draw(refined(pack, state, values))
    assert answer(pack, more, day).outcome.permits, (found.outcome, {n for n in more if more[n] != state.get(n)})


def confirmed(pack: RulePack, state: dict[str, Fact], day: date) -> LineAnswer:
    """Confirm what is assumed until nothing is; `state` grows by what was confirmed."""
    found = answer(pack, state, day)
    while found.assuming:
        for assumption in found.assuming:
            state[assumption.fact] = Fact(assumed_value(pack, state, assumption.fact), "confirmed")  # type: ignore[arg-type]
        found = answer(pack, state, day)
    return found


def order_never_matters(pack: RulePack, values: Values, draw: st.DataObject, day: date = DAY) -> None:
    """Shuffled rules give the same answer."""
    state = draw.draw(known_facts(pack, values))
    other = replace(pack, rules=tuple(draw.draw(st.permutations(pack.rules))), _days={})
    one, two = answer(pack, state, day), answer(other, state, day)
    assert (one.outcome, set(one.reasons)) == (two.outcome, set(two.reasons))
    assert {a.fact for a in one.assuming} == {a.fact for a in two.assuming}
    assert {(q.fact, q.leads_to, q.relief_only) for q in one.missing} == {
        (q.fact, q.leads_to, q.relief_only) for q in two.missing
    }
    assert {(r.rule, r.state) for r in one.reliefs} == {(r.rule, r.state) for r in two.reliefs}


def index_finds_all_that_matters(pack: RulePack, values: Values, draw: st.DataObject, day: date = DAY) -> None:
    """Looking rules up gives what asking all of them gives; where code or place is open, never less."""
    state = draw.draw(known_facts(pack, values))
    looked_up = answer(pack, state, day).outcome
    everything = by_brute_force(pack, state, day)
    facts = Facts(pack.types, state)
    if facts.value(pack.info.code_fact) is None or facts.value(pack.info.place_fact) is None:
        assert looked_up.strictness >= everything.strictness
    else:
        assert looked_up is everything


def by_brute_force(pack: RulePack, state: State, day: date) -> Outcome:
    """The outcome when every rule of the day is asked and no guard speaks."""
    shelf = pack.at(day)
    lives = {r.id: r for r in _all_live(pack, day)}
    plain = replace(pack, info=pack.info.model_copy(update={"unknown_code": None, "unknown_place": None}))
    flat = replace(shelf, by_code={}, by_family=(), by_place={}, uncoded=(), unplaced=(), always=tuple(lives.values()))
    return answer_line(plain, flat, Facts(pack.types, state), 1).outcome


def _all_live(pack: RulePack, day: date) -> list[object]:
    from enduse.rules.pack import Live

    return [Live(r.id, r.title, v) for r in pack.rules if (v := r.at(day)) is not None]  # type: ignore[misc]
