"""Licence exceptions lift what they may, where they may, and nothing else (15 CFR Part 740)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from enduse.model.determination import Outcome
from enduse.shelf import open_pack
from exceptions_case import answer, available, order, outcome, standing

EXCEPTION, LICENCE = Outcome.EXCEPTION_AVAILABLE, Outcome.LICENCE_REQUIRED
NOBODY = {"exception.gov.us_agency": False}


@pytest.mark.parametrize(("usd", "expected"), [("2000", EXCEPTION), ("2000.01", LICENCE)])
def test_lvs_ends_at_the_figure_of_the_entry(usd: str, expected: Outcome) -> None:
    """A 2B350 valve may go to Brazil for up to 2,000 dollars, not a cent more."""
    assert outcome(order("2B350.g", "BR", usd=usd)) is expected


def test_lvs_needs_a_value_in_dollars() -> None:
    """Without a value LVS stays open and lowers nothing."""
    assert standing(order("2B350.g", "BR"))["3.lvs"] == "open"
    assert outcome(order("2B350.g", "BR")) is LICENCE


def test_lvs_heeds_the_places_its_entry_leaves_out() -> None:
    """The LVS paragraph of 2B350 leaves out Group D:3, and Israel is in it."""
    assert standing(order("2B350.g", "IL", usd="100"))["3.lvs"] == "foreclosed"


def test_lvs_lifts_no_missile_technology() -> None:
    """A 9A610.u item is controlled for missile technology, and LVS is not among what 740.2(a)(5) spares."""
    assert outcome(order("9A610.u", "BR", usd="10", facts=NOBODY)) is LICENCE


def test_lvs_limit_counts_every_line_of_the_same_entry() -> None:
    """Two lines of 1,500 dollars under 2B350 are one net value of 3,000."""
    one = order("2B350.g", "BR", usd="1500")
    two = one.model_copy(update={"lines": one.lines * 2})
    assert outcome(one) is EXCEPTION
    assert outcome(two) is LICENCE


@pytest.mark.parametrize(
    ("destination", "expected"), [("BR", EXCEPTION), ("CN", LICENCE), ("UA", LICENCE), ("SD", LICENCE), ("VN", LICENCE)]
)
def test_gbs_serves_group_b_without_sudan_and_ukraine(destination: str, expected: Outcome) -> None:
    """GBS lifts national security controls to Country Group B alone."""
    assert outcome(order("3A001.a.7", destination)) is expected


def test_gbs_lifts_nothing_when_another_reason_needs_a_licence_too() -> None:
    """A camera of 6A003.b.4.b to Brazil needs a licence for regional stability as well."""
    found = standing(order("6A003.b.4.b", "BR", facts={"ccl.camera_fast_large_or_embedded": True}))
    assert found["4.gbs"] == "foreclosed"


def test_gbs_of_a_short_code_is_open_not_guessed() -> None:
    """3A001 without a paragraph may or may not be open to GBS."""
    assert standing(order("3A001", "BR"))["4.gbs"] == "open"


def test_gbs_waits_for_the_condition_of_its_entry() -> None:
    """3A001.b.2 is open to GBS for civil telecommunications, and that is what is asked."""
    found = answer(order("3A001.b.8", "BR"))
    assert "ccl.not_vacuum_device_above_18_ghz" in {q.fact for q in found.missing}
    told = order("3A001.b.8", "BR", facts={"ccl.not_vacuum_device_above_18_ghz": True})
    assert "4.gbs" in available(told)


def test_tsr_stands_on_the_written_assurance() -> None:
    """Technology under TSR goes on an assurance that is printed as a condition; without it, no TSR."""
    technology = {"kind": "technology", "serves": "3A001.a.7", "facts": {"exception.sta.consignee_statement": False}}
    found = answer(order("3E001", "KR", **technology))
    assert found.outcome is EXCEPTION
    assert "exception.tsr.assurance" in {a.fact for a in found.assuming}
    technology["facts"] |= {"exception.tsr.assurance": False}
    assert outcome(order("3E001", "KR", **technology)) is LICENCE


def test_sta_serves_group_a5_and_asks_for_the_statement() -> None:
    """STA answers nuclear non-proliferation controls for India on paper that the exporter procures."""
    found = answer(order("1C210", "IN"))
    assert found.outcome is EXCEPTION
    assert {"exception.sta.consignee_statement", "exception.sta.eccn_and_notice"} <= {a.fact for a in found.assuming}
    assert outcome(order("1C210", "IN", facts={"exception.sta.consignee_statement": False})) is LICENCE


def test_sta_for_group_a6_answers_national_security_alone() -> None:
    """Singapore is in A:6: a national security item may go, an item also controlled for NP may not."""
    assert "20.c2" in available(order("3A001.a.7", "SG"))
    assert "20.c2" not in available(order("1C210", "SG"))
    assert "20.c2" not in available(order("1C007.c", "SG"))


@pytest.mark.parametrize(
    ("code", "destination"),
    [
        ("7A103.a", "FR"),
        ("1C351.b.1", "FR"),
        ("6A002.a.2.a", "JP"),
        ("0A981", "JP"),
        ("5A002.a", "DE"),
        ("1C350.a.1", "IN"),
    ],
)
def test_sta_never_serves_what_740_20_b_shuts(code: str, destination: str) -> None:
    """Missile technology, toxins, infrared detectors, crime control devices, encryption, chemical weapons: no STA."""
    assert not {r for r in available(order(code, destination)) if r.startswith("20.")}


def test_sta_serves_600_series_only_for_approved_parties() -> None:
    """A 9A610.x part to Japan needs parties approved before and a government as final user."""
    facts = {"exception.sta.end_user_600": True, "exception.sta.parties_approved": True, "ccl.not_for_l100": True}
    assert standing(order("9A610.x", "JP"))["20.c1_600"] == "open"
    assert "20.c1_600" in available(order("9A610.x", "JP", facts=facts))
    facts["exception.sta.parties_approved"] = False
    assert standing(order("9A610.x", "JP", facts=facts))["20.c1_600"] == "foreclosed"


def test_sta_reaches_the_emirates_from_the_day_they_joined_a5_and_only_for_approved_entities() -> None:
    """From 23 July 2026 the UAE is in A:5, but 740.2(a)(26) keeps STA for the entities of Supplement No. 8."""
    approved = {"exception.sta.uae_approved": True}
    assert outcome(order("1C210", "AE")) is LICENCE
    assert outcome(order("1C210", "AE", facts=approved), date(2026, 7, 23)) is EXCEPTION
    assert outcome(order("1C210", "AE", facts=approved), date(2026, 7, 22)) is LICENCE


def test_spp_opens_syria_to_ear99_on_2_september_2025() -> None:
    """The day before, EAR99 goods needed a licence for Syria; listed goods still do."""
    assert outcome(order("EAR99", "SY"), date(2025, 9, 1)) is LICENCE
    assert outcome(order("EAR99", "SY"), date(2025, 9, 2)) is EXCEPTION
    assert outcome(order("5A992.c", "SY")) is LICENCE


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ("tool of trade, back within one year", "9.a1"),
        ("for a trade fair, back in two months", "9.a5"),
        ("sent abroad for calibration", "9.a6"),
        ("returned after repair", "10.b2"),
        ("one-for-one replacement of a failed board", "10.a"),
        ("replacement for a defective unit, free of charge", "10.b3"),
        ("personal belongings", "14.a"),
    ],
)
def test_a_footing_stated_in_words_makes_its_exception_available(told: str, rule: str) -> None:
    """What the order says of its footing is read, and the exception is then usable on its conditions."""
    assert rule in available(order("3A001.a.7", "CN", told=told))


def test_no_exception_becomes_available_by_silence() -> None:
    """An ordinary sale of a chip to China invokes nothing."""
    assert not available(order("3A001.a.7", "CN"))
    assert outcome(order("3A001.a.7", "CN")) is LICENCE


def test_a_temporary_export_that_stays_is_none() -> None:
    """A tool of trade that will stay two years has lost TMP."""
    told = order("3A001.a.7", "CN", told="tool of trade, two-year deployment")
    assert "9.a1" not in available(told)


def test_exceptions_stop_where_part_744_begins() -> None:
    """A military end use in China is not lifted by TMP or RPL, only by the US Government's own use."""
    facts = {"exception.tmp.tool_of_trade": True, "end_user.military": True}
    assert outcome(order("3A991.a.1", "CN", facts=facts)) is LICENCE
    assert outcome(order("3A001.a.7", "CN", facts={**facts, "parties.unverified": True})) is LICENCE


def test_sends_encryption_under_enc_once_its_paragraph_is_known() -> None:
    """A (b)(2) item may go to a private firm in Brazil after classification, not to a government there, nor to Iran."""
    known = {"exception.enc.paragraph": "b2"}
    assert "17.b2" in available(order("5A002.a", "BR", facts=known))
    assert outcome(order("5A002.a", "BR", facts={**known, "end_user.government": True})) is LICENCE
    assert outcome(order("5A002.a", "BR", facts={**known, "exception.enc.classified": False})) is LICENCE
    assert outcome(order("5A002.a", "BR")) is LICENCE


def test_each_reason_must_be_lifted_by_itself() -> None:
    """An exception for national security leaves the nuclear control of the same machine standing."""
    found = answer(order("2B001.a.1", "TW"))
    assert found.outcome is LICENCE
    assert "NP" in found.reasons


def test_the_january_2025_exceptions_are_printed_as_not_enforced() -> None:
    """AIA, ACM and LPP were law until 12 May 2025; since then they are printed, and serve nobody."""
    rules = {r.id.removeprefix("us.ear.740."): r for r in open_pack("us_ear").rules}
    for name in ("27.aia", "28.acm", "29.lpp"):
        assert rules[name].at(date(2025, 5, 12)) is not None
        assert rules[name].at(date(2025, 5, 13)) is None
        assert rules[name].versions[-1].status == "not_enforced"
    assert "29.lpp" in standing(order("3A090.a", "JP", facts={"judgement.ai_diffusion": True}), date(2025, 2, 1))
    assert "29.lpp" not in standing(order("3A090.a", "JP", facts={"judgement.ai_diffusion": True}))


@pytest.mark.parametrize(("km", "kg", "expected"), [("1000", "50", True), ("250", "600", True), ("300", "500", False)])
def test_sta_serves_missile_technology_only_for_small_or_short_ranged_drones(km: str, kg: str, expected: bool) -> None:
    """740.20(c)(1)(ii): what cannot carry 500 kg over 300 km may go to Group A:5 though it is controlled for MT."""
    facts = {"exception.sta.range_km": Decimal(km), "exception.sta.payload_kg": Decimal(kg)}
    drone = order("9A120", "JP", facts=facts)
    assert ("20.c1ii" in available(drone)) is expected
