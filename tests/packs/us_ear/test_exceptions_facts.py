"""Derived facts of the exceptions: known where the tables settle them, else unknown."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from enduse.determine.answer import facts_of
from enduse.model.determination import Outcome
from enduse.model.transaction import Transaction
from enduse.rules.facts import Fact
from enduse.rules.pack import Listings
from enduse.shelf import open_pack
from exceptions_case import DAY, available, order, outcome


def known(transaction: Transaction) -> Mapping[str, Fact]:
    """Every fact of the one line."""
    pack = open_pack("us_ear")
    return facts_of(transaction, 1, pack, pack.at(DAY), listings=Listings()).known()


def value(transaction: Transaction, fact: str) -> object:
    """What is known of one fact; None where it is not."""
    found = known(transaction).get(fact)
    return found.value if found else None


@pytest.mark.parametrize(
    ("code", "expected"), [("2B350.g", 2000), ("1A003", 200), ("3A001.a.7", 5000), ("3A001.c.1", 1500), ("1C210", None)]
)
def test_the_lvs_figure_is_that_of_the_paragraph(code: str, expected: int | None) -> None:
    """The entry states the figure, sometimes by paragraph, or none."""
    assert value(order(code, "BR"), "exception.lvs.limit") == expected


def test_a_value_in_another_currency_leaves_lvs_open() -> None:
    """LVS figures are in US dollars; euros are not turned into dollars here."""
    euros = order("2B350.g", "BR", usd="10").model_dump(mode="json")
    euros["lines"][0]["value"]["currency"] = "EUR"
    assert value(Transaction.model_validate(euros), "exception.lvs.within") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [("3A001.a.7", True), ("3A001.a.5.a.1", None), ("3A001", None), ("3A001.z.2", False), ("2B350.g", False)],
)
def test_gbs_eligibility_follows_the_paragraph(code: str, expected: bool | None) -> None:
    """True and false where the entry settles it; unknown for a code that stops short, or hangs on a condition."""
    assert value(order(code, "BR"), "exception.gbs.eligible") is expected


def test_reasons_hang_on_the_conditions_of_the_entry() -> None:
    """7A001 is controlled for missile technology only if it meets 7A101: possible until answered."""
    open_ = known(order("7A001.a.1", "FR"))["exception.reasons"]
    assert "MT" in open_.possible
    assert "NS" in (open_.value or ())  # type: ignore[operator]
    for answer, expected in ((True, True), (False, False)):
        told = known(order("7A001.a.1", "FR", facts={"ccl.meets_7a101": answer}))["exception.reasons"]
        assert ("MT" in told.value) is expected  # type: ignore[operator]
        assert not told.possible


def test_national_security_alone_is_judged_at_the_destination() -> None:
    """6A003.b.4.b to Japan and to Brazil differ; the column marks decide."""
    assert value(order("3A001.a.7", "BR"), "exception.ns_only") is True
    assert value(order("1C210", "BR"), "exception.ns_only") is False
    assert value(order("3A001.a.7", "DE"), "exception.ns_only") is False


def test_origin_or_place_of_export_in_d5_is_seen() -> None:
    """Known when stated; left to the printed assumption when the origin is silent."""
    assert value(order("9A610.x", "KR", origin="CN"), "exception.from_d5") is True
    assert value(order("9A610.x", "KR", origin="US"), "exception.from_d5") is False
    assert "exception.from_d5" not in known(order("9A610.x", "KR"))


def test_every_condition_of_the_tables_has_its_question() -> None:
    """A condition in the exception and STA tables is a declared fact that can be asked."""
    pack = open_pack("us_ear")
    tokens = {r["condition"] for t in ("ccl_exceptions", "ccl_sta") for r in pack.tables[t].rows if r["condition"]}
    assert {f"ccl.{t.lower()}" for t in tokens} <= set(pack.types)


def test_every_live_condition_is_asked_by_its_rule() -> None:
    """The rules of LVS, GBS, TSR, NAC, ACA, ACE, AIA and ACM name each condition their entries set."""
    pack = open_pack("us_ear")
    asked = {r.id: r.model_dump_json() for r in pack.rules}
    homes = {"LVS": "3.lvs", "GBS": "4.gbs", "TSR": "6.technology", "NAC": "8.nac", "ACA": "8.aca", "ACE": "22.ace"}
    homes |= {"AIA": "27.aia", "ACM": "28.acm"}
    for row in pack.tables["ccl_exceptions"].rows:
        if row["condition"] and row["exception"] in homes and row["available"] == "yes":
            text = asked[f"us.ear.740.{homes[row['exception']]}"]
            assert f'"ccl.{row["condition"].lower()}"' in text, (row["exception"], row["condition"])


def test_words_that_deny_a_footing_are_not_read_as_it() -> None:
    """A part that improves the machine, a sale, and stock for the shelf invoke nothing."""
    for told in (
        "returned after repair and upgraded",
        "sold after the trade fair",
        "one-for-one replacement, spares stock",
    ):
        assert not available(order("3A001.a.7", "CN", told=told)), told


def test_consumer_devices_reach_cuban_individuals_and_wheat_goes_by_agr() -> None:
    """CCD for private individuals, not for a ministry; AGR for wheat; a licence for a generator."""
    laptop = {"item": "Consumer laptops", "user": "private individuals"}
    assert "19.ccd" in available(order("5A992.c", "CU", **laptop))
    assert outcome(order("5A992.c", "CU", **{**laptop, "user": "government ministry"})) is Outcome.LICENCE_REQUIRED
    assert "18.agr" in available(order("EAR99", "CU", item="Wheat in bulk"))
    assert outcome(order("EAR99", "CU", item="Diesel generator")) is Outcome.LICENCE_REQUIRED


@pytest.mark.parametrize(("usd", "expected"), [("800", True), ("800.01", False)])
def test_a_gift_parcel_ends_at_eight_hundred_dollars(usd: str, expected: bool) -> None:
    """740.12(a)(2)(iv)."""
    parcel = order("EAR99", "CU", item="Gift parcel of clothing for a cousin", user="cousin", usd=usd)
    assert ("12.a" in available(parcel)) is expected


def test_relief_goods_to_north_korea_need_a_licence_unless_a_charity_donates_them() -> None:
    """Blankets alone invoke nothing; given by an experienced charity they go under GFT."""
    blankets = {"item": "Blankets and basic footwear", "use": "relief for the population"}
    assert outcome(order("EAR99", "KP", **blankets)) is Outcome.LICENCE_REQUIRED
    assert "12.b" in available(order("EAR99", "KP", **blankets, sender="established US relief organisation"))


def test_a_visitor_takes_back_the_shotgun_that_was_brought_in() -> None:
    """740.14(e)(2) for a code under 0A502; a gun bought in the United States is another matter."""
    assert "14.e2" in available(order("0A502.a", "CA", item="Own shotgun lawfully brought into the US earlier"))
    assert not available(order("0A502.a", "CA", item="Shotgun bought in the US"))


def test_operation_technology_and_bug_fixes_go_where_the_goods_lawfully_went() -> None:
    """TSU (a) and (c); design data is no operation technology."""
    technology = {"kind": "technology", "serves": "3A001.a.7"}
    assert "13.a" in available(order("3E001", "CN", item="Operating manuals for exported testers", **technology))
    assert "13.a" not in available(order("3E001", "CN", item="Design and operating manuals", **technology))
    assert "13.c" in available(order("3D001", "KR", kind="software", item="Patches that correct errors"))


def test_a_camera_re_exported_among_a1_countries_goes_under_apr() -> None:
    """740.16(b): to and among Group A:1 on the item alone, but not when it was received under STA."""
    camera = {"activity": "reexport", "exporter": "DE", "origin": "US"}
    facts = {"exception.apr.civil_camera": True}
    assert "16.b" in available(order("6A003.b.4.a", "KR", **camera, facts=facts))
    facts["exception.apr.received_under_sta"] = True
    assert "16.b" not in available(order("6A003.b.4.a", "KR", **camera, facts=facts))


@pytest.mark.parametrize(
    ("code", "destination", "words", "rule"),
    [
        ("2B350.g", "BR", "order split to stay below the limit", "3.lvs"),
        ("3A001.a.7", "CN", "one-for-one replacement of a failed board, old part kept by the customer", "10.a"),
        (
            "3A001.a.7",
            "CN",
            "one-for-one replacement of a failed board, machine was exported without a licence",
            "10.a",
        ),
        ("3A001.a.7", "CN", "for a trade fair, eight months at one site", "9.a5"),
        ("3A001.a.7", "CN", "tool of trade, permanent stay", "9.a1"),
        ("1C210", "IN", "consignee will not sign the statement", "20.c1"),
        ("3A001.a.7", "HK", "returned after repair, without a Hong Kong import licence", "10.b2"),
    ],
)
def test_a_condition_that_the_words_deny_shuts_the_exception(
    code: str, destination: str, words: str, rule: str
) -> None:
    """Conditions count as going to be met, but never against what the order itself says."""
    assert rule not in available(order(code, destination, usd="1500", told=words))


def test_encryption_loaded_on_a_travellers_laptop_goes_as_tool_of_trade_or_baggage() -> None:
    """740.14(f) reaches software with a control of its own that is loaded on a laptop; without it, (f) has no work."""
    trip = order("5A992.c", "BR", item="Laptop taken on a trip and brought back").model_dump(mode="json")
    trip["lines"][0]["item"]["components"] = [
        {"description": "encryption software", "kind": "software", "codes": {"us_ccl": "5D002"}}
    ]
    loaded = Transaction.model_validate(trip)
    assert value(loaded, "exception.encryption_aboard") is True
    assert {"9.a1", "14.f"} <= available(loaded)
    assert value(order("5A992.c", "BR"), "exception.encryption_aboard") is False
