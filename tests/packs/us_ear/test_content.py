"""De minimis content from a bill of materials, and the foreign direct product rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ear_orders import DAY, abroad, answer, order, outcome
from enduse.determine.answer import facts_of
from enduse.rules.facts import Range
from enduse.rules.pack import Listings
from enduse.shelf import open_pack

NLR, REQUIRED, OPEN, OUT = "no_licence_required", "licence_required", "undetermined", "not_subject"


def part(code: str | None, share: int, origin: str | None = "US", **more: Any) -> dict[str, Any]:
    """A component of this share of the item's value."""
    codes = {"us_ccl": code} if code else {}
    return {"description": "part", "codes": codes, "share": Decimal(share), "origin": origin, **more}


def share(to: str, *parts: dict[str, Any], start: str = "DE") -> object:
    """The controlled share computed for a foreign machine made of these parts."""
    pack = open_pack("us_ear")
    machine = abroad("EAR99", start, to, components=list(parts))
    facts = facts_of(machine, 1, pack, pack.at(DAY), listings=Listings())
    return facts.value("content.controlled_share")


@pytest.mark.parametrize(
    ("to", "percent", "expected"),
    [("SY", 10, OUT), ("SY", 11, REQUIRED), ("CU", 10, OUT), ("CU", 11, REQUIRED), ("CN", 25, OUT), ("CN", 26, OPEN)],
)
def test_the_two_thresholds(to: str, percent: int, expected: str) -> None:
    """Ten per cent to E:1 and E:2, twenty-five elsewhere, the limit itself still free; above it the code is asked."""
    assert outcome(abroad(None, "CH", to, us_controlled_content=Decimal(percent))) == expected


def test_only_controlled_us_parts_count() -> None:
    """An NS part counts to China and not to Canada; EAR99 and foreign parts never do."""
    parts = part("3A001.a.7", 30), part("EAR99", 20), part("3A001.a.7", 40, "JP")
    assert share("CN", *parts) == 30
    assert share("CA", *parts) == 0


def test_what_may_go_under_gbs_does_not_count() -> None:
    """3A001.a.7 may go to Brazil under GBS (Supplement No. 2 to Part 734)."""
    assert share("BR", part("3A001.a.7", 30)) == 0


def test_a_foreign_assembly_is_opened() -> None:
    """Two levels down, the US chip is found."""
    assembly = part(None, 50, "JP", components=[part("3A001.a.7", 12), part("EAR99", 5)])
    assert share("CN", assembly) == 12


def test_an_unknown_part_leaves_a_range() -> None:
    """A part of unknown code may or may not count."""
    assert share("CN", part("3A001.a.7", 10), part(None, 30)) == Range(Decimal(10), Decimal(40))


def test_low_end_parts_from_partner_countries_do_not_count_to_russia() -> None:
    """746.8(a)(12)(iii)(B): from Germany a 3A991 part does not count, from Turkey it does."""
    assert share("RU", part("3A991.a", 30)) == 0
    assert share("RU", part("3A991.a", 30), start="TR") == 30


def test_munitions_content_knows_no_level() -> None:
    """One per cent of 600-series content makes the item subject to China; to Brazil it does not."""

    def machine(to: str) -> str:
        return outcome(abroad("EAR99", "DE", to, components=[part("9A610.x", 1)]))

    assert machine("BR") == OUT
    subject = answer(abroad("EAR99", "DE", "CN", components=[part("9A610.x", 1)]))
    assert {f.rule: f.verdict.value for f in subject.findings}["us.ear.734.3(a)(3)"] == "true"


def test_dot_y_content_knows_no_level_to_fewer_places() -> None:
    """.y content: China and E:1, but not Venezuela."""

    def subject(to: str) -> str:
        got = answer(abroad("EAR99", "DE", to, components=[part("9A610.y", 1)]))
        return {f.rule: f.verdict.value for f in got.findings}["us.ear.734.3(a)(3)"]

    assert subject("CN") == "true"
    assert subject("VE") == "false"


def test_not_made_with_us_technology_ends_direct_products() -> None:
    """Stated so, no direct-product rule reaches the item, and without US content it is outside."""
    item = {"us_technology": False, "us_content": Decimal(0)}
    assert outcome(abroad("3A001.a.7", "KR", "CN", **item)) == OUT


def test_the_national_security_rule_asks_for_its_input() -> None:
    """3A001 from Korea to China: is it the direct product of assured US technology?"""
    got = answer(abroad("3A001.a.7", "KR", "CN", us_controlled_content=Decimal(0)))
    assert got.outcome.value == OPEN
    assert "fdp.assured_input" in {q.fact for q in got.missing}


def test_a_direct_product_to_a_friendly_country_is_not_asked() -> None:
    """The rule reaches D:1, E:1 and E:2 alone."""
    assert outcome(abroad("3A001.a.7", "KR", "BR", us_controlled_content=Decimal(0))) == OUT


@pytest.mark.parametrize(("footnote", "source"), [(1, "electronics"), (4, "electronics"), (3, "any")])
def test_footnote_rules_reach_any_foreign_item(footnote: int, source: str) -> None:
    """Footnotes 1, 3 and 4: with the input, an EAR99-type item becomes subject."""
    facts = {f"parties.entity_list_footnote_{footnote}": True, f"fdp.{source}_input": True}
    item = {"origin": "TW", "us_controlled_content": Decimal(0)}
    got = answer(order("EAR99", "CN", activity="reexport", exporter_country="TW", item=item, facts=facts))
    assert got.outcome.value != OUT


def test_a_us_exporter_needs_no_content_calculation() -> None:
    """What leaves the United States is subject whatever it is made of."""
    assert outcome(order("3A001.a.7", "CN", item={"origin": "DE", "us_content": Decimal(0)})) == REQUIRED
