"""Promises of the score: alarm never lowers it, reassurance never raises it, names and nationalities never move it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.assess import standard
from enduse.assess.rehearse import pairs
from enduse.assess.weigh import weigh
from enduse.model.assessment import Indicator
from enduse.model.law import Citation
from risk_orders import PACK, judged, order

PROFILE = standard()
CITE = (Citation(source="test", pinpoint="1"),)


def indicator(rule: str, strength: float) -> Indicator:
    weight = PROFILE.weight(rule)
    return Indicator(
        rule=rule, group=rule.split(".")[1], title="t", says="s", cites=CITE, triggers=(), strength=strength,
        weight=weight, contribution=weight * strength,
    )  # fmt: skip


RULES = sorted(PROFILE.weights)
FOUND = st.lists(st.tuples(st.sampled_from(RULES), st.floats(0.05, 1)), max_size=25, unique_by=lambda x: x[0])


@given(FOUND, st.sampled_from(RULES), st.floats(0.05, 1))
def test_one_more_indicator_moves_the_score_to_its_own_side(found, rule: str, strength: float) -> None:
    """Whatever else was found."""
    before = weigh([indicator(r, s) for r, s in found if r != rule], PROFILE).score
    after = weigh([indicator(r, s) for r, s in found if r != rule] + [indicator(rule, strength)], PROFILE).score
    if PROFILE.weight(rule) > 0:
        assert after >= before - 1e-9
    else:
        assert after <= before + 1e-9


@given(FOUND)
def test_correlated_indicators_are_not_counted_twice(found) -> None:
    """A group never adds more than its strongest indicator times 1 / (1 - discount), and reassurance is capped."""
    weighed = weigh([indicator(r, s) for r, s in found], PROFILE)
    for group in {i.group for i in weighed.indicators}:
        alarms = [i for i in weighed.indicators if i.group == group and i.weight > 0]
        if alarms:
            most = max(i.weight * i.strength for i in alarms)
            assert sum(i.contribution for i in alarms) <= most / (1 - PROFILE.discount) + 1e-9
    assert -sum(i.contribution for i in weighed.indicators if i.weight < 0) <= PROFILE.limit_reassuring + 1e-9


@given(st.permutations(range(12)), FOUND)
def test_order_does_not_matter(places, found) -> None:
    """The sum is the same in any order."""
    listed = [indicator(r, s) for r, s in found][:12]
    mixed = [listed[p] for p in places if p < len(listed)]
    assert weigh(listed, PROFILE).score == pytest.approx(weigh(mixed, PROFILE).score)


NAMES = ("Oliver Hughes", "Omid Rezaei", "Li Wei", "Sergei Volkov", "Yusuf al-Masri", "Kim Jong", "Maria Santos")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", ["purchaser", "recipient"])
def test_a_persons_name_never_moves_the_score(name: str, role: str) -> None:
    """No name of a person is read at all, whatever it sounds like."""

    def of(who: str) -> float:
        person = {"name": who, "roles": (role,), "kind": "person", "description": "laboratory head", "country": "SE"}
        return judged(order(parties=(*order().parties, person))).score

    assert of(name) == of("N. N.")


@pytest.mark.parametrize("place", ["BR", "NG", "IR", "CN", "RU", "PT", "BD"])
def test_the_nationality_of_a_recipient_is_left_to_the_law(place: str) -> None:
    """In a release to a person the country is a nationality; the score looks away."""

    def of(country: str) -> float:
        person = {"roles": ("recipient",), "kind": "person", "description": "technician", "country": country}
        item = ({"item": {"description": "Packaging line maintenance training", "kind": "technology"}},)
        return judged(
            order(activity="deemed_export", destination="US", exporter_country="US", lines=item, parties=(person,))
        ).score

    assert of(place) == of("US")


@pytest.mark.parametrize(("one", "two"), [("KE", "GH"), ("PT", "NO"), ("CL", "PE"), ("KW", "SA")])
def test_places_the_tables_treat_alike_score_alike(one: str, two: str) -> None:
    """Country risk enters through cited tables and nothing else."""

    def of(place: str) -> float:
        user = ({"roles": ("end_user",), "description": "hospital", "country": place},)
        return judged(order(destination=place, parties=user, circumstances={"payment": "own bank"})).score

    assert of(one) == of(two)


def test_rehearsed_twins_are_told_apart_and_repeat() -> None:
    """The same seed gives the same pairs; the twin that shows flags scores higher nearly always."""
    first, again = (list(pairs(7, 60, pack=PACK)) for _ in range(2))
    assert first == again
    right = sum(judged(p.evasive).score > judged(p.honest).score for p in first)
    assert right >= 0.9 * len(first)
    assert all(p.flags for p in first)
