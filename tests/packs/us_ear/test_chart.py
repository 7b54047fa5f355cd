"""Control rows against the Country Chart: ordinary orders get definite answers, with the reasons that stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ear_orders import answer, order, outcome

NLR, REQUIRED, OPEN = "no_licence_required", "licence_required", "undetermined"


@pytest.mark.parametrize(
    ("code", "to", "expected", "reasons"),
    [
        ("EAR99", "DE", NLR, ()),
        ("EAR99", "CN", NLR, ()),
        ("5A992.c", "TH", NLR, ()),
        ("1C210", "MX", NLR, ()),
        ("1C350.d", "IN", NLR, ()),
        ("3A001.a.7", "CA", NLR, ()),
        ("3A001.a.7", "CN", REQUIRED, ("NS",)),
        ("2B001.b.2", "TW", REQUIRED, ("NS", "NP")),
        ("3A233", "MY", REQUIRED, ("NP",)),
        ("0A983", "CA", REQUIRED, ("CC",)),
        ("5A002", "CN", REQUIRED, ("NS", "EI")),
        ("9A610.x", "CN", REQUIRED, ("NS", "RS")),
        ("9A610.y", "CN", REQUIRED, ("RS",)),
        ("9A610.y", "BR", NLR, ()),
        ("3B001.c.1.a", "CN", REQUIRED, ("NS", "RS")),
        ("3A090.c", "MO", REQUIRED, ("RS",)),
    ],
)
def test_ordinary_orders_are_definite(code: str, to: str, expected: str, reasons: tuple[str, ...]) -> None:
    """Code and destination suffice, and the reasons that stand are named."""
    got = answer(order(code, to))
    assert got.outcome.value == expected
    assert set(reasons) <= set(got.reasons) if reasons else got.reasons == ()


def test_the_column_is_in_the_title() -> None:
    """The reason is the plain token; the column stands in the finding's title."""
    titles = [f.title for f in answer(order("3A001.a.7", "CN")).findings if f.reason == "NS"]
    assert "3A001 is controlled for NS: NS Column 2" in titles


def test_a_requirement_carries_its_review_policy() -> None:
    """Every chart requirement says how an application would be reviewed."""
    standing = [f for f in answer(order("3A001.a.7", "CN")).findings if f.reason == "NS" and f.verdict.value == "true"]
    assert all(f.policy and f.cites for f in standing)


def test_no_code_is_no_clearance() -> None:
    """Without a code nobody knows, and the first question is the code."""
    got = answer(order(None, "DE"))
    assert got.outcome.value == OPEN
    assert got.missing[0].fact == "item.control"


def test_no_destination_is_no_clearance() -> None:
    """Without a destination nobody knows."""
    assert outcome(order("3A001.a.7")) == OPEN


def test_a_code_that_stops_short_asks_for_the_paragraph() -> None:
    """9A610 to Brazil: .y is free, .x is not."""
    got = answer(order("9A610", "BR"))
    assert got.outcome.value == OPEN
    assert "item.control" in {q.fact for q in got.missing}


def test_a_short_code_is_definite_where_every_paragraph_agrees() -> None:
    """Whatever paragraph of 1C350 is meant, Thailand needs a licence; 0A501 to Brazil likewise."""
    assert outcome(order("1C350", "TH")) == REQUIRED


def test_technology_whose_use_is_unsaid_is_controlled_where_all_uses_are() -> None:
    """3E001 to China needs a licence whichever commodity it serves; to Japan the question is asked."""
    assert outcome(order("3E001", "CN")) == REQUIRED
    japan = answer(order("3E001", "JP"))
    assert japan.outcome.value == OPEN
    assert "item.serves" in {q.fact for q in japan.missing}


def test_the_served_commodity_decides() -> None:
    """3E001 for a 3A201 capacitor is NP1 (free to Japan); for 3A001 it is NS1."""
    assert outcome(order("3E001", "JP", item={"serves": "3A201.a"})) == NLR
    got = answer(order("3E001", "JP", item={"serves": "3A001.a.7"}))
    assert "NS" in {f.reason for f in got.findings if f.verdict.value == "true" and f.effect.value == "requires"}


def test_the_served_commodity_is_read_from_the_description() -> None:
    """Technology that names the one entry it is for needs no second question."""
    got = answer(order("3E001", "JP", item={"description": "production technology for 3A201.a capacitors"}))
    assert got.outcome.value == NLR
    assert any("3A201" in a.says or a.fact.startswith("item.serves") for a in got.assuming)


def test_silence_never_relieves() -> None:
    """An MMIC amplifier is NS1/RS1 until it is shown to be for civil telecommunications."""
    rule = "us.ear.ccl.3A001.1"
    silent = answer(order("3A001.b.2", "JP"))
    civil = answer(order("3A001.b.2", "JP", facts={"ccl.not_civil_telecommunications": False}))
    assert {f.rule: f.verdict.value for f in silent.findings}[rule] == "true"
    assert civil.outcome.value == NLR


@pytest.mark.parametrize(("place", "expected"), [("LI", NLR), ("CH", NLR), ("GF", NLR), ("PG", REQUIRED)])
def test_territories_follow_their_country(place: str, expected: str) -> None:
    """Liechtenstein takes the Swiss row, French Guiana the French one."""
    assert outcome(order("2B350.g", place)) == expected


def test_hong_kong_is_china() -> None:
    """Hong Kong takes the marks of China."""
    assert outcome(order("3A001.a.7", "HK")) == REQUIRED


def test_an_unheard_place_is_no_clearance() -> None:
    """Antarctica has no row."""
    assert outcome(order("3A001.a.7", "AQ")) == OPEN


@pytest.mark.parametrize("code", ["0A002", "7A999"])
def test_pointers_and_strange_codes_are_open(code: str) -> None:
    """An entry that controls nothing itself, or no entry at all, never clears."""
    assert outcome(order(code, "DE")) == OPEN


def test_india_keeps_two_requirements() -> None:
    """Footnote 7: 9A515.e needs a licence to India although the chart shows no RS 2."""
    titles = [f.title for f in answer(order("9A515.e.1", "IN")).findings if f.verdict.value == "true"]
    assert any("footnote 7" in t for t in titles)


def test_footnote_ten_firearms_to_australia() -> None:
    """Footnote 10: firearms need a licence to Australia although the chart shows no mark."""
    assert outcome(order("0A501.a", "AU")) == REQUIRED
    assert outcome(order("0A501.y", "AU")) == NLR


def test_crime_control_column_two_shrank_in_2025() -> None:
    """A long shotgun to Tanzania needed a licence until 29 September 2025."""
    item = {"parameters": {"barrel_length_in": Decimal(28)}}
    long_barrel = order("0A502", "TZ", item=item, facts={"ccl.shotgun_barrel_24_in_or_more_for_police": False})
    assert outcome(long_barrel, date(2025, 9, 29)) == REQUIRED
    assert outcome(long_barrel, date(2025, 9, 30)) == NLR


def test_a_drones_range_settles_the_missile_question() -> None:
    """Below 300 km the missile row of 9A012 does not apply; at 300 km it does."""
    near = order("9A012.a.1", "JP", item={"parameters": {"range_km": Decimal("299.5")}})
    far = order("9A012.a.1", "JP", item={"parameters": {"range_km": Decimal(300)}})
    assert outcome(near) == NLR
    assert "MT" in answer(far).reasons


def test_worldwide_ai_text_is_a_named_judgement() -> None:
    """3A090.a: certain to China, a judgement to Brazil, since the worldwide text is printed but not enforced."""
    assert outcome(order("3A090.a", "CN")) == REQUIRED
    brazil = answer(order("3A090.a", "BR"))
    assert brazil.outcome.value == OPEN
    assert brazil.missing[0].fact == "judgement.ai_diffusion"


def test_a_low_paragraph_is_not_presumed_advanced() -> None:
    """5A992 without paragraph: that it meets 3A090's parameters is not presumed, but printed as assumed."""
    got = answer(order("5A992", "FR"))
    assert got.outcome.value == NLR
    assert "item.advanced_computing" in {a.fact for a in got.assuming}
