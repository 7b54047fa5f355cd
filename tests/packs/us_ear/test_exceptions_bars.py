"""740.2: what shuts exceptions, and the few that each restriction spares."""

from __future__ import annotations

from datetime import date

import pytest

from enduse.model.determination import Outcome
from enduse.model.law import Effect
from enduse.shelf import open_pack
from exceptions_case import DAY, available, order, outcome

LICENCE = Outcome.LICENCE_REQUIRED
TOOL = {"exception.tmp.tool_of_trade": True}
REPAIRED = {"exception.rpl.serviced": True}
OFFICIAL = {"exception.gov.us_agency": True}


def _excuses(day: date) -> dict[str, str]:
    """Every exception of Part 740 printed on that day: its rule's id and its symbol."""
    printed = (
        (rule.id, v)
        for rule in open_pack("us_ear").rules
        for v in rule.versions
        if rule.id.startswith("us.ear.740.") and v.from_ <= day and (v.to is None or day < v.to)
    )
    return {rule: str(v.authorisation) for rule, v in printed if v.effect is Effect.EXCUSES}


def _spared(bar: str, day: date = DAY) -> set[str]:
    """The exceptions that no name in the bar's `blocks` means."""
    rule = next(r for r in open_pack("us_ear").rules if r.id == f"us.ear.740-2.{bar}")
    version = rule.at(day)
    assert version is not None
    shut = version.blocks
    prefixes = tuple(n for n in shut if n.endswith("."))
    kept = {r for r, symbol in _excuses(day).items() if r not in shut and symbol not in shut}
    return {r.removeprefix("us.ear.740.") for r in kept if not r.startswith(prefixes)}


GOV_B2 = {f"11.b2{x}" for x in ("i", "ii", "iiiA", "iiiB", "iiiC", "iiiD", "iiiE", "iv", "v", "vi", "vii")}
RPL = {"10.a", "10.b2", "10.b3"}


@pytest.mark.parametrize(
    ("bar", "spared"),
    [
        ("a1", set()),
        ("a3", {"11.b2ii"}),
        ("a3_technology", set()),
        ("a4", {"11.b2ii", "14.e1", "14.e2", "20.c1", "20.c1_600", "20.c1ii", "20.c2"}),
        ("a5ii", set()),
        ("a5iiB", {"9.a4"} | RPL),
        ("a6_iran", set()),
        ("a6_north_korea", {"9.a9", "11.a", "12.a", "12.b", "13.a", "13.b", "14.a", "15.a4"} | GOV_B2),
        ("a7", GOV_B2),
        ("a8", {"11.b2ii", "13.a", "13.c"} | RPL),
        ("a9i", GOV_B2),
        ("a9ii", {"9.a6", "8.nac", "8.aca", "13.a", "13.c", "25.hbm", "27.aia", "28.acm"} | RPL | GOV_B2),
        ("a10", set()),
        ("a11", {"11.b2ii"}),
        ("a12", GOV_B2),
        ("a12_source", set()),
        ("a11_export", set()),
        ("a12_armour", {"9.a11", "14.h"} | GOV_B2),
        ("a14", {"11.b2ii"}),
        ("a15", GOV_B2),
        ("a16", GOV_B2),
        ("a19", set()),
        ("a21", {"11.b2ii"}),
        ("a22", {"24.iec", "9.a3", "9.a6", "13.a", "13.c"} | RPL | GOV_B2),
        ("a23", GOV_B2),
        ("a25", {"9.a1", "9.a4", "9.a5", "9.a10", "9.b2", "9.b3", "11.a", "11.d"} | RPL | GOV_B2),
    ],
)
def test_each_restriction_spares_what_its_paragraph_names(bar: str, spared: set[str]) -> None:
    """`blocks` names every exception but those that the paragraph of 740.2 leaves."""
    assert _spared(bar) == spared


def test_missile_technology_outside_d4_and_d5_keeps_the_listed_few() -> None:
    """740.2(a)(5)(i) names the paragraphs that survive; LVS, GBS, TSR, APP, GFT, BAG, ENC and CCD do not."""
    spared = _spared("a5i")
    assert {"9.a1", "9.b3", "10.a", "11.b2ii", "13.a", "13.g", "15.b1", "16.e", "20.c1ii"} <= spared
    gone = (
        "3.",
        "4.",
        "6.",
        "7.",
        "12.",
        "14.",
        "17.",
        "19.",
        "20.c1_600",
        "20.c2",
        "13.d",
        "13.f",
        "9.a2",
        "9.a9",
        "11.a",
    )
    assert not {s for s in spared if s.startswith(gone)}
    assert "20.c1" not in spared


def test_600_series_keeps_seven_kinds_of_exception() -> None:
    """740.2(a)(13): LVS, TMP, RPL, TSU in part, GOV, BAG, and STA for A:5; nothing else."""
    kinds = {s.split(".")[0] for s in _spared("a13")}
    assert kinds == {"3", "9", "10", "11", "13", "14", "20"}
    assert not {"13.c", "13.d", "20.c2", "11.a", "11.d", "11.e"} & _spared("a13")


def test_syria_kept_fewer_exceptions_before_september_2025() -> None:
    """90 FR 42315 added SPP, CCD, RPL, TSU (g), stores and other parts to what 746.9 names."""
    before, since = _spared("a6_syria", date(2025, 9, 1)), _spared("a6_syria", date(2025, 9, 2))
    assert {"9.a9", "11.b2ii", "13.a", "14.a", "15.a4"} <= before < since
    assert {"5.spp", "19.ccd", "10.a", "13.g", "15.b3", "11.c2i"} <= since - before
    assert "4.gbs" not in since


def test_missile_technology_goes_to_no_d4_country_as_a_tool_of_trade() -> None:
    """A 7A103 unit may travel to France as a tool of trade, not to China or India's neighbour Pakistan."""
    assert "9.a1" in available(order("7A103.a", "FR", facts=TOOL))
    assert not available(order("7A103.a", "CN", facts=TOOL))
    assert not available(order("7A103.a", "PK", facts=TOOL))


@pytest.mark.parametrize(
    ("code", "destination", "facts"),
    [
        ("0A983", "FR", TOOL),
        ("0A982", "CN", TOOL),
        ("9A610.x", "CN", REPAIRED),
        ("9A610.x", "HK", REPAIRED),
        ("9A515.x", "RU", REPAIRED),
        ("3A001.a.7", "IR", TOOL),
        ("3A001.a.7", "KP", TOOL),
        ("3A001.a.7", "CU", TOOL),
        ("3A001.a.7", "RU", REPAIRED),
        ("EAR99", "KP", REPAIRED),
        ("3B001.d.1", "CN", TOOL),
        ("3A090.b", "VN", TOOL),
        ("5A980", "FR", TOOL),
        ("2A983", "CN", TOOL),
        ("3A992.a", "PK", {"exception.bag.own_baggage": True}),
    ],
)
def test_a_restriction_beats_the_exception(code: str, destination: str, facts: dict[str, bool]) -> None:
    """Torture implements, crime control, arms embargoes, chip tools and sanctioned places: the exception is shut."""
    assert not available(order(code, destination, facts=facts))
    assert outcome(order(code, destination, facts=facts)) is LICENCE


def test_the_us_government_keeps_its_own_way_into_arms_embargoed_countries() -> None:
    """GOV for official use survives 740.2(a)(12)."""
    assert "11.b2ii" in available(order("9A610.x", "CN", facts=OFFICIAL))


def test_where_it_comes_from_counts_as_much_as_where_it_goes() -> None:
    """A 600 series part made in China gets no RPL to Korea; one made in the United States does."""
    assert "10.b2" in available(order("9A610.x", "KR", facts=REPAIRED, origin="US"))
    assert "10.b2" not in available(order("9A610.x", "KR", facts=REPAIRED, origin="CN"))


def test_hong_kong_needs_its_paper() -> None:
    """Controlled items reach Hong Kong under an exception only with the Hong Kong import paper (740.2(a)(19))."""
    assert "10.b2" in available(order("3A001.a.7", "HK", facts=REPAIRED))
    assert not available(order("3A001.a.7", "HK", facts={**REPAIRED, "exception.hong_kong_import_paper": False}))


def test_no_exception_for_a_party_on_the_unverified_list() -> None:
    """740.2(a)(17)."""
    assert not available(order("3A001.a.7", "BR", facts={"parties.unverified": True}))


@pytest.mark.parametrize("code", ["1C210", "3A001.a.7"])
def test_a_suspended_exporter_has_no_exceptions(code: str) -> None:
    """740.2(a)(1)."""
    assert outcome(order(code, "IN" if code == "1C210" else "BR", facts={"exception.suspended": True})) is LICENCE
