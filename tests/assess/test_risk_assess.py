"""What the assessment finds, what it asks, where it abstains, and what it never looks at."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from enduse.assess import assess, standard
from enduse.model.assessment import Lane
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, Party, Role
from enduse.rules.pack import Listed, Listings
from risk_orders import DAY, PACK, judged, order, rules


def test_an_honest_order_has_no_open_flag_and_says_why() -> None:
    """Reassurance is shown with its words, and nothing alarms."""
    found = judged(order())
    assert not found.open_flag
    assert found.lane is not Lane.HOLD
    assert {"ok_public", "ok_payment", "ok_specific_use"} <= rules(found)
    assert any(t.words == "university" for i in found.mitigating for t in i.triggers)


def test_every_indicator_shows_words_cites_and_contribution() -> None:
    """A trader who will not say what for: the words that triggered each rule are there, with the official source."""
    found = judged(
        order(
            parties=({"roles": ("end_user",), "description": "trading company", "country": "AE"},),
            destination="AE",
            end_use={"statement": "not stated"},
            circumstances={"communications": "refused to say who the user is", "payment": "paid by a shoe shop"},
        )
    )
    seen = {i.rule.rpartition(".")[2]: i for i in found.indicators}
    assert {"trader", "use_reluctant", "use_absent", "payer_differs"} <= set(seen)
    assert found.lane is Lane.HOLD
    assert all(i.cites and i.triggers for i in found.indicators)
    assert seen["trader"].triggers[0].words == "trading company"
    assert found.score == pytest.approx(sum(i.contribution for i in (*found.indicators, *found.mitigating)))


def test_probability_follows_the_stated_base_rate() -> None:
    """The likelihood ratio stays; the probability moves with the base rate."""
    rare, common = judged(order(), base_rate=0.001), judged(order(), base_rate=0.5)
    assert rare.likelihood_ratio == common.likelihood_ratio
    assert rare.probability < common.probability
    assert common.probability == pytest.approx(common.likelihood_ratio / (1 + common.likelihood_ratio))


def test_flags_that_data_cannot_show_are_asked_until_answered() -> None:
    """Ownership is asked; once somebody states the answer it is asked no more."""
    asked = {q.rule for q in judged(order()).questions}
    assert "red.ask.asked_ubo" in asked
    answered = order(facts=({"name": "asked.ubo", "value": False, "by": "clerk"},))
    assert "red.ask.asked_ubo" not in {q.rule for q in judged(answered).questions}


def test_it_abstains_when_nothing_is_said_or_the_script_is_not_read() -> None:
    """No user, no use: review, with the reason. The same for texts in another script."""
    bare = judged(order(parties=(), end_use={}, circumstances={}))
    assert bare.abstained
    assert bare.lane is not Lane.FAST
    other = judged(order(end_use={"statement": "исследование антенн для университета в городе"}, circumstances={}))
    assert other.abstained
    assert "script" in str(other.why_abstained)


@pytest.mark.parametrize(
    ("field", "alarming", "plain", "rule"),
    [
        ("order", "one unit for 110 V mains", "one unit for 230 V mains", "wrong_region"),
        ("order", "400 gaskets", "12 gaskets", "quantity_odd"),
        (
            "order",
            "90 ordered; a laboratory normally keeps a few",
            "5 ordered; a laboratory normally keeps a few",
            "above_norm",
        ),
        ("payment", "settled by a yacht club", "settled by the university", "payer_differs"),
        ("payment", "bank in Vaduz", "bank in Uppsala", "payment_elsewhere"),
        ("routing", "truck to Tbilisi", "truck to Stockholm", "place_elsewhere"),
        (
            "documents",
            "declared value EUR 100; price EUR 20,000",
            "declared value EUR 20,000; price EUR 20,000",
            "undervalued",
        ),
        ("communications", "calls from +98 21", "calls from +46 18", "embargo_link"),
        ("communications", "writes from lab@gmail.com", "writes from lab@uu.se", "personalmail"),
        ("documents", "no record of the user", "no delay", "denial"),
    ],
)
def test_comparisons_tell_the_alarming_from_the_plain(field: str, alarming: str, plain: str, rule: str) -> None:
    """Figures, payers and places are held against the order itself."""
    bad, good = (judged(order(circumstances={field: text})) for text in (alarming, plain))
    assert rule in rules(bad) or (rule == "denial" and bad.score > good.score)
    assert rule not in rules(good)
    assert bad.score > good.score


def test_item_use_and_business_are_held_against_each_other() -> None:
    """A microwave instrument fits an antenna laboratory and not a bakery, and the comparison is told."""
    baker = ({"roles": ("end_user",), "description": "bakery", "country": "SE"},)
    bad = judged(order(parties=baker, end_use={"statement": "bread ovens"}, circumstances={}))
    good = judged(order(circumstances={}))
    assert {"misfit_business", "misfit_use"} <= rules(bad)
    assert any(not p.fits and "business" in p.compared for p in bad.plausibility)
    assert "ok_fit" in rules(good)
    assert good.uses[0].benign
    assert good.uses[0].harmful == ("military",)


def test_a_forwarder_forwards_but_is_no_consignee() -> None:
    """The same words reassure nobody in one part and alarm in the other."""
    agent = order(
        parties=(*order().parties, Party(roles=(Role.FORWARDER,), description="freight forwarder", country="SE"))
    )
    final = order(parties=({"roles": ("ultimate_consignee",), "description": "freight forwarder", "country": "SE"},))
    assert "forwarder_party" not in rules(judged(agent))
    assert "forwarder_party" in rules(judged(final))


def test_listings_by_the_user_and_by_screening_count() -> None:
    """A stated listing, a hit, and a list of trusted users."""
    user = order().parties[0]
    bad = judged(order(parties=(user.model_copy(update={"listed_on": ("us_csl:EL",)}),)))
    good = judged(order(parties=(user.model_copy(update={"listed_on": ("us_veu",)}),)))
    hit = Listings((Listed(user, "us_csl:EL", certain=False, said="name 0.9"),))
    assert "listed" in rules(bad)
    assert "ok_listed_good" in rules(good)
    assert judged(order()).score < judged(order(), listings=hit).score < bad.score


def test_contact_points_shared_with_a_listed_party_tie_them_together() -> None:
    """The graph of addresses and numbers reaches list entries, and not through public mail providers."""
    phone = Identifier(kind="phone", value="+46 18 471 0000")
    mail = Identifier(kind="email", value="x@gmail.com")
    entry = ListedParty(list="us_csl", id="1", names=(ListedName(text="Bad Lab"),), identifiers=(phone, mail))
    other = Party(name="Other", roles=(Role.BROKER,), identifiers=(mail,))
    ours = Party(name="User", roles=(Role.END_USER,), description="university", identifiers=(phone,))
    hit = Listings((Listed(other, "us_csl:EL", certain=False, said="name 0.5", entry=entry),))
    found = judged(order(parties=(ours, other)), listings=hit)
    shared = [t for i in found.indicators if i.rule.endswith("shared_contact") for t in i.triggers]
    assert [t.where for t in shared] == ["phone"]
    assert "Bad Lab (listed)" in shared[0].words


def test_two_parties_at_one_address_are_seen() -> None:
    """Buyer and payer under one roof are told."""
    address = Address(text="12 Harbour Road, Unit 4, Limassol")
    two = tuple(
        Party(name=n, roles=(r,), addresses=(address,)) for n, r in (("A", Role.PURCHASER), ("B", Role.END_USER))
    )
    assert "shared_contact" in rules(judged(order(parties=two)))


def test_high_priority_codes_and_new_companies() -> None:
    """An integrated circuit for a company formed after February 2022."""
    item = ({"item": {"description": "Integrated circuits", "hs_code": "8542.31"}},)
    young = (
        {
            "name": "X",
            "roles": ("end_user",),
            "description": "importer",
            "country": "TR",
            "incorporated_on": date(2022, 5, 1),
        },
    )
    found = rules(judged(order(lines=item, parties=young, destination="TR")))
    assert {"high_priority", "formed_lately", "hub"} <= found


def test_outliers_against_the_users_own_history() -> None:
    """Ten times the usual quantity stands out only against a history; small orders in sequence are splitting."""

    def of(count: int, on: date | None = None, value: int = 900) -> object:
        line = {
            "item": {"description": "Vector network analyser"},
            "quantity": {"amount": Decimal(count)},
            "value": {"amount": Decimal(value), "currency": "EUR"},
        }
        return order(lines=(line,), on=on)

    past = tuple(of(2, date(2024, 12, 1 + n)) for n in range(4))
    assert "quantity_jump" not in rules(judged(of(20)))
    assert "quantity_jump" in rules(judged(of(20), history=past))
    assert "splitting" in rules(judged(of(2), history=past))


def test_routine_trade_of_low_value_takes_the_fast_lane_by_rule_and_is_sampled() -> None:
    """A small order without harmful use goes through; one in fifty is drawn, always the same one."""

    def small(number: int) -> object:
        line = {
            "item": {"description": "Milk bottling machine spares"},
            "value": {"amount": Decimal(900), "currency": "EUR"},
        }
        who = ({"roles": ("end_user",), "description": "dairy", "country": "SE"},)
        return order(
            id=f"o{number}", lines=(line,), parties=who, end_use={"statement": "bottling of milk"}, circumstances={}
        )

    lanes = [judged(small(n)) for n in range(300)]
    assert all(a.routine for a in lanes)
    drawn = [n for n, a in enumerate(lanes) if a.sampled]
    assert 0 < len(drawn) < 20
    assert all(a.lane is (Lane.REVIEW if a.sampled else Lane.FAST) for a in lanes)
    assert [n for n in range(300) if judged(small(n)).sampled] == drawn


def test_assessment_is_quick() -> None:
    """Well under 5 ms a decision, measured over many to even out the machine."""
    orders = [order(circumstances={"order": f"{n} units, paid by an agent, shipped to a flat"}) for n in range(50)]
    judged(orders[0])
    begun = time.perf_counter()
    for one in orders:
        assess(one, pack=PACK, profile=standard(), as_of=DAY)
    assert (time.perf_counter() - begun) / len(orders) < 0.02


def test_an_organisations_name_may_tell_its_trade_and_a_persons_never_does() -> None:
    """A general trading company is read as one; a Mr Carrier or Ms Dealer is not."""

    def of(name: str) -> set[str]:
        return rules(judged(order(parties=({"name": name, "roles": ("end_user",), "country": "SE"},))))

    assert "trader" in of("Northern General Trading FZE")
    assert not of("Anna Dealer") & {"reseller", "trader"}
    assert not of("John Carrier") & {"forwarder_party"}
