"""Whole answers of the sanctions pack: what is barred, what is exempt, what a general licence allows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from enduse.determine import determine
from enduse.model.determination import Determination, Outcome
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Owner, Party, Role
from enduse.model.transaction import Transaction
from enduse.rules.pack import Listed, Listings
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)
BARRED, FREE = Outcome.PROHIBITED, Outcome.NO_LICENCE_REQUIRED
LICENSED, OUTSIDE, OPEN = Outcome.EXCEPTION_AVAILABLE, Outcome.NOT_SUBJECT, Outcome.UNDETERMINED


def of(what: str, activity: str = "export", to: str | None = "IR", **more: Any) -> Transaction:
    """A transaction from the United States to Iran, unless said otherwise; goods are EAR99."""
    kind = "service" if activity in {"service", "facilitation", "employment"} else "commodity"
    goods = {
        "description": what,
        "kind": kind,
        "codes": {"us_ccl": more.pop("code", "EAR99")} if kind != "service" else {},
    }
    goods |= more.pop("goods", {})
    fields = {"activity": activity, "exporter_country": "US", "destination": to, "lines": [{"item": goods}], **more}
    return Transaction.model_validate(fields)


def answer(transaction: Transaction, day: date = DAY, listings: Listings = Listings()) -> Determination:
    """What the pack says."""
    return determine(transaction, open_pack("us_ofac"), as_of=day, listings=listings)


def buyer(description: str, place: str = "IR") -> list[dict[str, Any]]:
    """One end user."""
    return [{"roles": ["end_user"], "description": description, "country": place}]


@pytest.mark.parametrize(
    ("item", "activity", "outcome"),
    [
        ("Consulting for an Iranian company", "service", BARRED),
        ("Graduate course in aerospace engineering", "service", BARRED),
        ("Presenting at a conference in Shiraz", "service", BARRED),
        ("Presenting at a conference in Canada", "service", LICENSED),
        ("Peer review of an article by a scholar", "service", LICENSED),
        ("Undergraduate online course in history", "service", LICENSED),
        ("Personal remittance to parents", "service", LICENSED),
        ("Family visit with accompanied baggage", "service", FREE),
        ("Travelling engineer who is to install pumps", "service", BARRED),
        ("Business meeting in Dubai to negotiate a sale", "service", BARRED),
        ("Parent company waives its veto for the affiliate", "facilitation", BARRED),
        ("Hiring of a resident of Tehran", "employment", BARRED),
        ("Hiring of a resident of Tehran with an H-1B visa", "employment", LICENSED),
        ("Printed books", "export", FREE),
        ("Newspapers and magazines", "export", FREE),
        ("Journal bearings", "export", BARRED),
        ("Rifle magazines", "export", BARRED),
        ("Thin film deposition system", "export", BARRED),
        ("Barley in bulk", "export", LICENSED),
        ("Steel nuts and bolts", "export", BARRED),
        ("Food processing machine", "export", BARRED),
        ("Food grade lubricant", "export", BARRED),
        ("Android tablets for a factory", "export", BARRED),
        ("Insulin", "export", LICENSED),
        ("Morphine", "export", BARRED),
        ("Fertiliser", "export", BARRED),
        ("Dialysis machines", "export", LICENSED),
        ("Ion implanters", "export", BARRED),
        ("Mass-market messaging app", "export", LICENSED),
        ("Centrifugal pump", "export", BARRED),
    ],
)
def test_what_goes_to_iran(item: str, activity: str, outcome: Outcome):
    """Barred unless exempt or generally licensed; words that merely resemble a licence's do not open it."""
    to = "US" if activity == "employment" else "IR"
    assert answer(of(item, activity, to)).outcome is outcome


@pytest.mark.parametrize(
    ("description", "outcome"),
    [
        ("public hospital", LICENSED),
        ("ministry blocked solely under E.O. 13599", LICENSED),
        ("ministry blocked under E.O. 13224", BARRED),
        ("military hospital", BARRED),
        ("police medical department", BARRED),
        ("intelligence service purchaser", BARRED),
    ],
)
def test_who_may_buy_medical_devices(description: str, outcome: Outcome):
    """Most Iranian buyers are reached; military, intelligence, police and otherwise blocked ones are not."""
    assert answer(of("Patient monitors", parties=buyer(description))).outcome is outcome


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"payment": "cash in advance", "order": "shipped within 12 months of contract"}, LICENSED),
        ({"order": "shipped 14 months after contract"}, BARRED),
        ({"payment": "financed by a US bank"}, BARRED),
        ({"payment": "letter of credit issued by a third-country bank"}, LICENSED),
    ],
)
def test_terms_of_sale_of_food(told: dict[str, str], outcome: Outcome):
    """Late shipment and forbidden finance close the general licence; silence is a printed condition."""
    assert answer(of("Barley in bulk", circumstances=told)).outcome is outcome
    silent = answer(of("Barley in bulk"))
    assert {"sale.shipped_within_year", "sale.payment_terms"} <= {a.fact for a in silent.lines[0].assuming}


@pytest.mark.parametrize(
    ("item", "outcome"),
    [
        ({"origin": "KR", "us_controlled_content": Decimal("9.99")}, OUTSIDE),
        ({"origin": "KR", "us_controlled_content": Decimal(10)}, BARRED),
        ({"origin": "US", "codes": {"us_ccl": "3A001.a.7"}}, BARRED),
        ({"origin": "US", "codes": {"us_ccl": "EAR99"}}, OUTSIDE),
        ({"origin": "KR", "description": "Product into which US steel was substantially transformed"}, OUTSIDE),
        ({"origin": "KR"}, OPEN),
    ],
)
def test_reexports_by_non_us_persons(item: dict[str, Any], outcome: Outcome):
    """560.205: US goods that needed a licence are bound; below 10 per cent, transformed, or EAR99 they are not."""
    assert answer(of("Machine", "reexport", exporter_country="KR", goods=item)).outcome is outcome


def test_a_us_owned_foreign_firm_is_bound_for_iran_and_cuba_only():
    """560.215 and 515.329: the German subsidiary of a US firm; for Russia it is outside."""
    firm = [{"roles": ["exporter"], "description": "wholly owned subsidiary of a US company", "country": "DE"}]
    german = {"exporter_country": "DE", "parties": firm, "goods": {"origin": "DE", "us_controlled_content": 0}}
    assert answer(of("Pump", to="IR", **german)).outcome is BARRED
    assert answer(of("Pump", to="CU", **german)).outcome is BARRED
    assert answer(of("Pump", to="RU", **german)).outcome is OUTSIDE


def test_transit_through_the_united_states():
    """A Japanese compressor for Iran may not pass through; by way of Dubai it is outside."""
    japanese = {"exporter_country": "JP", "goods": {"origin": "JP", "us_controlled_content": 0}}
    assert answer(of("Compressor", "transit", route={"transit": ["US"]}, **japanese)).outcome is BARRED
    assert answer(of("Compressor", "transit", route={"transit": ["AE"]}, **japanese)).outcome is OUTSIDE


@pytest.mark.parametrize(
    ("to", "item", "day", "outcome"),
    [
        ("CU", "Pump", DAY, BARRED),
        ("CU", "Barley in bulk", DAY, LICENSED),
        ("CU", "Printed books", DAY, FREE),
        ("KP", "Blankets", DAY, BARRED),
        ("UA-43", "Pump", DAY, BARRED),
        ("UA-43", "Insulin", DAY, LICENSED),
        ("UA", "Pump", DAY, FREE),
        ("RU", "Pump", DAY, FREE),
        ("KE", "Pump", DAY, FREE),
        (None, "Pump", DAY, OPEN),
    ],
)
def test_other_places(to: str | None, item: str, day: date, outcome: Outcome):
    """Embargoed places, those where goods are BIS's matter, ordinary ones, and one not known."""
    assert answer(of(item, to=to), day).outcome is outcome


def test_the_end_of_the_syria_programme():
    """A service to Syria was barred, then generally licensed from 2025-05-23, then free from 2025-07-01."""
    service = of("Consulting", "service", "SY")
    assert answer(service, date(2025, 5, 22)).outcome is BARRED
    assert answer(service, date(2025, 5, 23)).outcome is LICENSED
    assert answer(service, date(2025, 7, 1)).outcome is FREE


def test_known_diversion_through_a_third_country():
    """A pump for Dubai known to be meant for Iran is barred; the same pump for a hotel is free."""
    assert answer(of("Pump, known to be meant for Iran", to="AE")).outcome is BARRED
    assert answer(of("Pump for a hotel", to="AE")).outcome is FREE


def deal(*owners: Owner) -> Transaction:
    """A dealing with a party that these own."""
    line = {"item": {"description": "Any dealing", "kind": "service"}}
    party = Party(name="A", roles=(Role.PURCHASER,), owners=owners)
    return Transaction.model_validate({"activity": "dealing", "lines": [line], "parties": [party.model_dump()]})


def share(percent: int | None, *, blocked: bool = True) -> Owner:
    """One owner."""
    amount = None if percent is None else Decimal(percent)
    return Owner(name="X", share=amount, listed_on=("us_ofac_sdn",) if blocked else ())


def test_fifty_per_cent_of_blocked_owners():
    """Half blocks, a little less does not, an unknown stake asks, and a named blocked person behind is a flag."""
    assert answer(deal(share(25), share(25))).outcome is BARRED
    less = answer(deal(share(25), share(24)))
    assert less.outcome is FREE
    assert any(f.rule == "us.ofac.blocked.behind" and f.verdict == "true" for f in less.lines[0].findings)
    unsure = answer(deal(share(None)))
    assert unsure.outcome is OPEN
    assert "parties.owned_by_blocked" in {q.fact for q in unsure.lines[0].missing}


def listed(*programmes: str, certain: bool = True) -> Listings:
    """A hit on the SDN list."""
    entry = ListedParty(list="us_ofac_sdn", id="1", names=(ListedName(text="Zenda"),), programmes=programmes)
    hit = Listed(Party(name="Zenda", roles=(Role.FORWARDER,)), "us_ofac_sdn", certain, "Zenda matches", entry)
    return Listings((hit,), {"us_ofac_sdn": "2026-08-14"})


def test_blocked_parties_in_any_role():
    """A blocked forwarder stops an order to Kenya; a possible match is a question; a clean screening is a plain no."""
    order = of("Pump", to="KE")
    assert answer(order, listings=listed("SDGT")).outcome is BARRED
    assert answer(order, listings=listed("SDGT", certain=False)).outcome is OPEN
    clean = answer(order, listings=Listings((), {"us_ofac_sdn": "2026-08-14"}))
    assert clean.outcome is FREE
    assert "parties.blocked" not in {a.fact for a in clean.lines[0].assuming}
    assert "parties.blocked" in {a.fact for a in answer(order).lines[0].assuming}


def test_a_bank_blocked_only_as_iranian_does_not_close_the_food_licence():
    """Blocked solely under EO 13599, tagged IRAN: the general licence reaches it; blocked as SDGT too, it does not."""
    food = of("Barley in bulk")
    assert answer(food, listings=listed("IRAN")).outcome is LICENSED
    assert answer(food, listings=listed("IRAN", "SDGT")).outcome is BARRED


@pytest.mark.parametrize(
    ("item", "activity", "more", "outcome"),
    [
        ("Gift parcel for a cousin", "export", {"line": 100}, LICENSED),
        ("Gift parcel for a cousin", "export", {"line": 101}, BARRED),
        ("Filing of a patent application", "service", {}, LICENSED),
        ("Advice on US sanctions law", "service", {}, LICENSED),
        ("Sale of an inherited house", "service", {}, LICENSED),
        ("Sale of an inherited factory business", "service", {}, BARRED),
        ("Live cattle", "export", {}, LICENSED),
        ("Live sheep", "export", {}, BARRED),
        ("Cattle embryos", "export", {}, LICENSED),
        ("Commercial web hosting for a trading firm", "service", {}, BARRED),
        ("Video conferencing service", "service", {}, LICENSED),
    ],
)
def test_smaller_licences_for_iran(item: str, activity: str, more: dict[str, int], outcome: Outcome):
    """Gifts to USD 100, intellectual property, legal advice, one's own property, livestock, internet services."""
    order = of(item, activity)
    if more:
        value = {"amount": more["line"], "currency": "USD"}
        order = Transaction.model_validate(
            {**order.model_dump(), "lines": [{**order.lines[0].model_dump(), "value": value}]}
        )
    assert answer(order).outcome is outcome


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("5D992.c", LICENSED), ("EAR99", LICENSED), ("5D002.c.1", BARRED)],
)
def test_chat_software_must_be_mass_market(code: str, outcome: Outcome):
    """560.540(a)(2): EAR99 or 5D992.c software; what is 5D002 needs a licence of its own."""
    chat = {"kind": "software", "codes": {"us_ccl": code}}
    assert answer(of("Mass-market messaging app", goods=chat)).outcome is outcome


@pytest.mark.parametrize(
    ("visa", "code", "outcome"),
    [
        ("student on an F-1 visa", "EAR99", LICENSED),
        ("student on an F-1 visa", "3E001", BARRED),
        ("student", "EAR99", BARRED),
    ],
)
def test_what_a_student_from_iran_may_be_shown(visa: str, code: str, outcome: Outcome):
    """560.505(d): with a visa, EAR99 technology; controlled technology, or without a visa, not."""
    pupil = [{"roles": ["recipient"], "description": visa, "country": "IR", "nationalities": ["IR"]}]
    shown = {"kind": "technology", "codes": {"us_ccl": code}}
    release = of("Laboratory method", "deemed_export", "US", parties=pupil, goods=shown)
    assert answer(release).outcome is outcome


def test_iranian_inputs_and_transit_through_iran():
    """560.407: Iranian wool woven into Turkish carpets is free, Iranian carpets are not; 560.403: not through Iran."""
    turkish = {"exporter_country": "TR", "goods": {"origin": "TR"}}
    assert answer(of("Carpets woven in Turkey from Iranian wool", "import", "US", **turkish)).outcome is FREE
    iranian = {"exporter_country": "TR", "goods": {"origin": "IR"}}
    assert answer(of("Carpets", "import", "US", **iranian)).outcome is BARRED
    assert answer(of("Pump", to="TM", route={"transit": ["IR"]})).outcome is BARRED
    assert answer(of("Pump", to="TM", route={"transit": ["TR"]})).outcome is FREE


@pytest.mark.parametrize(
    ("owner", "outcome"),
    [
        ({"name": "US parent", "share": 50}, BARRED),
        ({"name": "US parent", "share": 49}, OUTSIDE),
        ({"name": "US parent", "share": 30, "controls": True}, BARRED),
        ({"name": "Australian parent", "share": 100, "country": "AU"}, OUTSIDE),
        ({"name": "Campus Holding", "share": 100}, OUTSIDE),
    ],
)
def test_who_owns_the_foreign_seller(owner: dict[str, Any], outcome: Outcome):
    """560.215: half or more, or control, by a US person binds the foreign firm for Iran."""
    firm = [{"roles": ["exporter"], "name": "GmbH", "country": "DE", "owners": [owner]}]
    german = {"exporter_country": "DE", "parties": firm, "goods": {"origin": "DE", "us_controlled_content": 0}}
    assert answer(of("Pump", **german)).outcome is outcome


def test_a_us_citizen_abroad_is_bound():
    """The German firm is free to sell its pump; its American negotiator is not free to negotiate."""
    german = {"exporter_country": "DE", "goods": {"origin": "DE", "us_controlled_content": 0}}
    assert answer(of("Pump", **german)).outcome is OUTSIDE
    negotiated = of("US citizen working in Berlin negotiates the sale of pumps", "service", exporter_country="DE")
    assert answer(negotiated).outcome is BARRED


def test_control_by_a_blocked_person_is_a_flag():
    """Described as controlled by a blocked person: not blocked, but flagged; described as blocked: blocked."""
    controlled = answer(of("Pump", to="KE", parties=buyer("company controlled by a blocked person", "KE")))
    assert controlled.outcome is FREE
    assert any(f.rule == "us.ofac.blocked.behind" and f.verdict == "true" for f in controlled.lines[0].findings)
    blocked = answer(of("Pump", to="KE", parties=buyer("company designated under E.O. 13224", "KE")))
    assert blocked.outcome is BARRED


@pytest.mark.parametrize(
    ("tag", "outcome"),
    [
        ("us_csl:SDN", BARRED),
        ("us_csl:FSE", BARRED),
        ("us_ofac_consolidated:FSE", BARRED),
        ("us_ofac_consolidated:SSI", FREE),
        ("us_csl:CMIC", FREE),
    ],
)
def test_which_lists_of_ofac_stop_trade(tag: str, outcome: Outcome):
    """Blocking and evaders do; lists that bar kinds of finance are flagged."""
    party = [{"roles": ["purchaser"], "name": "Zenda", "country": "KE", "listed_on": [tag]}]
    found = answer(of("Pump", to="KE", parties=party))
    assert found.outcome is outcome
    flagged = {f.rule for f in found.lines[0].findings if f.verdict == "true" and f.effect == "flags"}
    assert ("us.ofac.blocked.not_blocking" in flagged) is (outcome is FREE)


def test_an_address_or_port_in_an_embargoed_place_leaves_it_open() -> None:
    """A firm elsewhere with an address in Tehran, or goods unladen at Bandar Abbas: perhaps Iran, not surely."""
    buyer = {"roles": ["end_user"], "name": "Zenda", "country": "DE"}
    away = {**buyer, "addresses": [{"city": "Tehran", "country": "IR"}]}
    free = {"exporter_country": "US", "destination": "DE", "lines": [{"item": {"codes": {"us_ccl": "EAR99"}}}]}
    told = (
        {"parties": [buyer]},
        {"parties": [away]},
        {"parties": [buyer], "route": {"port_of_unlading": "Bandar Abbas, Iran"}},
    )
    answers = [
        determine(Transaction.model_validate({**free, **more}), open_pack("us_ofac"), as_of=date(2026, 8, 3)).outcome
        for more in told
    ]
    assert answers == [Outcome.NO_LICENCE_REQUIRED, Outcome.UNDETERMINED, Outcome.UNDETERMINED]
