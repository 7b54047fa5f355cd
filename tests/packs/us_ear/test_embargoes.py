"""Part 746: each embargo, what it leaves out, and the days on which it changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ear_orders import answer, order, outcome, released

NLR, REQUIRED, OPEN = "no_licence_required", "licence_required", "undetermined"
BEFORE_SPP, SPP = date(2025, 9, 1), date(2025, 9, 2)


def goods(words: str, code: str = "EAR99", to: str = "SY", kind: str = "commodity", **more: object) -> str:
    """The outcome for goods described in words."""
    return outcome(order(code, to, item={"description": words, "kind": kind}, **more), date(2025, 1, 1))


@pytest.mark.parametrize("to", ["CU", "KP", "SY", "IR", "UA-43"])
def test_ear99_needs_a_licence_to_every_embargoed_place(to: str) -> None:
    """Tools of no special kind: EAR99, and still not free."""
    assert goods("hand tools", to=to) == REQUIRED


@pytest.mark.parametrize("to", ["KP", "SY", "UA-43"])
@pytest.mark.parametrize("words", ["Antibiotic tablets", "Bulk rice"])
def test_food_and_medicine_are_carved_out(to: str, words: str) -> None:
    """EAR99 food and medicine: no licence was ever required, and the evidence to keep is named."""
    assert goods(words, to=to) == NLR


@pytest.mark.parametrize("words", ["Patient monitor", "Food processing machine", "Pharmaceutical tablet press machine"])
def test_machines_for_food_and_medicine_are_neither(words: str) -> None:
    """A press for tablets is no medicine."""
    assert goods(words) == REQUIRED


def test_listed_food_stays_controlled() -> None:
    """Only EAR99 food and medicine is left out."""
    assert goods("Antibiotic medicine", code="1C991.d", to="KP") == REQUIRED


def test_syria_reads_otherwise_since_september_2025() -> None:
    """The review became a presumption of approval on 2 September 2025."""
    policies = [
        next(f.policy for f in answer(order("EAR99", "SY"), day).findings if f.rule == "us.ear.746.9")
        for day in (BEFORE_SPP, SPP)
    ]
    assert "refusal" in str(policies[0])
    assert "approval" in str(policies[1])


def test_releases_to_north_koreans_are_never_free() -> None:
    """746.4 knows no exception for releases of EAR99 technology, unlike Cuba and Syria."""
    assert outcome(released("EAR99", "KP")) == REQUIRED


@pytest.mark.parametrize("country", ["CU", "SY", "IR"])
def test_releases_of_ear99_technology_are_free(country: str) -> None:
    """EAR99 technology may be released to nationals of embargoed countries; listed technology may not."""
    assert outcome(released("EAR99", country)) == NLR
    assert outcome(released("3E991", country, item={"serves": "3A991.a"})) == REQUIRED


def test_iraq_asks_for_reasons_and_named_entries() -> None:
    """1C995 and NS items need a licence; 5A992.c does not."""
    assert outcome(order("1C995", "IQ")) == REQUIRED
    assert outcome(order("3A001.a.7", "IQ")) == REQUIRED
    assert outcome(order("5A992.c", "IQ")) == NLR


def test_russia_takes_every_entry() -> None:
    """Anti-terrorism alone is enough."""
    assert "746.8" in answer(order("3A991", "RU")).reasons
    assert outcome(order("5A992.c", "BY")) == REQUIRED


@pytest.mark.parametrize(("hs", "expected"), [("250200", REQUIRED), ("2502.00.10", REQUIRED), ("100199", NLR)])
def test_russia_by_tariff_code(hs: str, expected: str) -> None:
    """Supplement No. 4: longer codes inherit; wheat is on no supplement."""
    facts = {"item.supplement_6_part746": False}
    item = {"hs_code": hs, "kind": "commodity"}
    assert outcome(order("EAR99", "RU", item=item, facts=facts)) == expected


@pytest.mark.parametrize(("price", "expected"), [(299, NLR), (300, REQUIRED)])
def test_russian_luxury_goods_by_price(price: int, expected: str) -> None:
    """Supplement No. 5: silk from 300 dollars a unit."""
    facts = {"item.supplement_6_part746": False, "item.unit_wholesale_price": price}
    got = outcome(order("EAR99", "RU", item={"hs_code": "500100", "kind": "commodity"}, facts=facts))
    assert got == expected


def test_russia_without_a_tariff_code_asks_for_it() -> None:
    """EAR99 goods to Russia: the tariff code decides."""
    got = answer(order("EAR99", "RU", item={"kind": "commodity"}))
    assert got.outcome.value == OPEN
    assert "item.hs6" in {q.fact for q in got.missing}


def test_mass_market_software_for_a_us_owned_user_in_russia() -> None:
    """746.8(a)(12)(ii): a US company's own subsidiary, but not a Russian private firm."""

    def user(words: str) -> str:
        party = {"roles": ["end_user"], "description": words, "country": "RU"}
        item = {"description": "Mass-market encryption software classified under 740.17", "kind": "software"}
        return outcome(order("5D992.c", "RU", item=item, parties=[party]))

    assert user("wholly owned subsidiary of a US company, civil") == NLR
    assert user("privately owned Russian company") == REQUIRED


def test_releases_to_russians_are_outside_section_746_8() -> None:
    """A Russian engineer in the United States: the chart decides, not the embargo."""
    assert "746.8" not in answer(released("3E991", "RU", item={"serves": "3A991.a"})).reasons


def test_an_address_in_crimea_is_crimea() -> None:
    """The address decides, whatever the country says."""
    party = {"roles": ["consignee"], "country": "UA", "addresses": [{"city": "Sevastopol", "country": "UA"}]}
    assert outcome(order("EAR99", "UA", parties=[party])) == REQUIRED
    kyiv = {"roles": ["consignee"], "country": "UA", "addresses": [{"city": "Kyiv", "country": "UA"}]}
    assert outcome(order("EAR99", "UA", parties=[kyiv])) == NLR


def test_donetsk_oblast_is_asked_about() -> None:
    """Part of it is held by Ukraine."""
    got = answer(order("EAR99", "UA-14"))
    assert got.outcome.value == OPEN
    assert got.missing[0].fact == "ear.occupied_region"


def test_free_chat_software_to_crimea() -> None:
    """Software for personal communications is left out."""
    assert goods("Free mass-market chat application", code="5D992.c", to="UA-43", kind="software") == NLR


def test_an_ofac_licence_is_enough_for_iran() -> None:
    """Do not ask for two licences."""
    assert outcome(order("5A992.c", "IR", facts={"iran.ofac_authorised": True})) == "exception_available"
    assert outcome(order("5A992.c", "IR")) == REQUIRED


def test_an_arms_embargo_adds_to_the_chart() -> None:
    """UN controls: firearms to Lebanon."""
    assert "UN" in answer(order("0A501.a", "LB")).reasons


def test_an_older_day_is_decided_under_the_earliest_edition() -> None:
    """Before the pack's first edition nothing becomes free for want of a text."""
    assert outcome(order("EAR99", "CU"), date(2024, 6, 1)) == REQUIRED


@pytest.mark.parametrize(("words", "expected"), [("Insulin", "exception_available"), ("Hand tools", REQUIRED)])
def test_ofac_general_licence_for_medicine_to_iran(words: str, expected: str) -> None:
    """EAR99 medicine has OFAC's general licence, which suffices under the EAR; hand tools have none."""
    assert goods(words, to="IR") == expected


@pytest.mark.parametrize(("price", "count", "expected"), [(2990, 10, NLR), (3000, 10, REQUIRED), (250, None, NLR)])
def test_the_unit_price_follows_from_the_line(price: int, count: int | None, expected: str) -> None:
    """Silk to Russia: the price of one unit, or an upper bound where no quantity is stated."""
    item = {"hs_code": "500100", "kind": "commodity", "codes": {"us_ccl": "EAR99"}}
    line = {"item": item, "value": {"amount": Decimal(price), "currency": "USD"}}
    whole = {**line, "quantity": {"amount": Decimal(count)}} if count else line
    order_ = order("EAR99", "RU", lines=[whole], facts={"item.supplement_6_part746": False})
    assert outcome(order_) == expected
