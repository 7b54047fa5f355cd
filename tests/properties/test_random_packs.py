"""The promises of the engine hold for any pack whatever."""

from __future__ import annotations

from itertools import product

import promises
from hypothesis import given
from hypothesis import strategies as st

from enduse.rules.facts import Fact, Facts
from enduse.rules.pack import RulePack
from worlds import DAY, FLAGS, State, answer, known_facts, packs, values_of


@given(packs(), st.data())
def test_a_further_fact_never_flips_a_settled_verdict(pack: RulePack, data: st.DataObject) -> None:
    """More facts only settle what was open."""
    promises.further_facts_never_flip(pack, values_of(pack), data)


@given(packs(), st.data())
def test_stricter_only_by_a_printed_assumption_or_question(pack: RulePack, data: st.DataObject) -> None:
    """Nothing gets worse by a fact the answer did not name."""
    promises.stricter_only_by_what_was_printed(pack, values_of(pack), data)


@given(packs(), st.data())
def test_a_permission_with_everything_confirmed_stays(pack: RulePack, data: st.DataObject) -> None:
    """Silence never clears, and what was confirmed holds."""
    promises.confirmed_stays(pack, values_of(pack), data)


@given(packs(), st.data())
def test_the_order_of_rules_never_matters(pack: RulePack, data: st.DataObject) -> None:
    """There are no priorities."""
    promises.order_never_matters(pack, values_of(pack), data)


@given(packs(), st.data())
def test_the_index_finds_what_asking_every_rule_finds(pack: RulePack, data: st.DataObject) -> None:
    """Looking up is only faster."""
    promises.index_finds_all_that_matters(pack, values_of(pack), data)


@given(packs(flags_only=True), st.data())
def test_every_question_could_change_the_outcome(pack: RulePack, data: st.DataObject) -> None:
    """For each question there are answers to some of the others under which learning it decides."""
    values = {n: [True, False] for n in FLAGS}
    state = data.draw(known_facts(pack, values))
    found = answer(pack, state)
    open_ = [n for n in FLAGS if _is_open(pack, state, n)]
    assert {q.fact for q in found.missing} <= set(open_)
    for question in found.missing:
        assert _decides(pack, state, question.fact, open_), question.fact


def _is_open(pack: RulePack, state: State, name: str) -> bool:
    fact = Facts(pack.types, state).get(name)
    return fact is None or fact.value is None


def _decides(pack: RulePack, state: State, name: str, open_: list[str]) -> bool:
    others = [n for n in open_ if n != name]
    for values in product((None, True, False), repeat=len(others)):
        told = {n: Fact(v, "told") for n, v in zip(others, values, strict=True) if v is not None}
        results = {answer(pack, {**state, **told, name: Fact(v, "told")}, DAY).outcome for v in (True, False, None)}
        if len(results) > 1:
            return True
    return False
