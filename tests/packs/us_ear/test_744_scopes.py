"""What the rules of Part 744 and of the papers name, and since when: written out a second time, to show slips."""

from __future__ import annotations

import pytest

from enduse.model.law import Rule
from enduse.rules.files import leaves, read_pack
from enduse.shelf import OURS, pack_files

PACK = read_pack(pack_files(OURS / "us_ear"))
PARTS = ("us.ear.736-4", "us.ear.744-", "us.ear.748-", "us.ear.750-", "us.ear.758-", "us.ear.762-", "us.ear.764-")
RULES = [r for r in PACK.rules if r.id.startswith(PARTS)]
BEGINNING = (("2025-01-01", None, "in_force"),)
"""A text that did not change since the first day the pack covers."""

LISTS: dict[str, tuple[str, ...]] = {
    "us.ear.744-17.microprocessors": ("3D991 3E991",),
    "us.ear.744-23.supercomputer": ("3A001 3A991 4A003 4A004 4A994 5A002 5A004 5A992", "@country_groups:D:5 MO"),
    "us.ear.744-23.advanced_node": ("@country_groups:D:5 MO",),
    "us.ear.744-23.node_unknown": ("3B* 3C* 3D* 3E*", "@country_groups:D:5 MO"),
    "us.ear.744-23.computing_headquarters": (
        "3A090 4A090 3A001.z 4A003.z 4A004.z 4A005.z 5A002.z 5A004.z 5A992.z 5D002.z 5D992.z",
        "@country_groups:D:5 MO",
        "@country_groups:D:1 @country_groups:D:4",
    ),
    "us.ear.744-23.chip_technology": (
        "3A090.a 3A090.b",
        "@country_groups:D:1 @country_groups:D:4 @country_groups:D:5 MO",
    ),
    "us.ear.744-23.sme": ("@country_groups:D:5 MO",),
    "us.ear.744-6.missile": ("@country_groups:D:4 @country_groups:E:2",),
    "us.ear.744-6.chips": ("@country_groups:D:5 MO",),
    "us.ear.744-9.cameras": ("6A003.a.3 6A003.a.4 6A003.a.6", "AU CA GB"),
    "us.ear.744-9.thermal": ("0A504 6A002 6A003 6A993.a 8A002.d",),
    "us.ear.744-9.incorporation": ("0A504 6A002 6A003 6A993.a 8A002.d", "AU CA GB"),
    "us.ear.744-9.deployment": ("reexport in_country_transfer",),
    "us.ear.748-5.application": (
        "export reexport in_country_transfer deemed_export deemed_reexport technical_assistance",
    ),
    "us.ear.748-10.computers": ("4A001 4A002 4A003 4A004 4A005 4A090 4A980 4A994",),
    "us.ear.748-10.other": ("EAR99 5A002 5A004 5B002",),
    "us.ear.748-12.firearms": ("0A501 0A502 0A504 0A505 0A506 0A507 0A508 0A509",),
    "us.ear.748-13.hong_kong": ("NS MT NP CB",),
    "us.ear.748-S2.advanced_computing": (
        "3A090 4A090 3A001.z 4A003.z 4A004.z 4A005.z 5A002.z 5A004.z 5A992.z",
        "CN MO",
    ),
    "us.ear.750-7.licence": ("export reexport in_country_transfer deemed_export deemed_reexport technical_assistance",),
    "us.ear.758-1.eei": (
        "commodity software",
        "@country_groups:E:1 @country_groups:E:2",
        "600 9x515",
        "0A501.a 0A501.b 0A506 0A507",
        "0A502 0A508",
        "CN HK RU VE",
        "@country_groups:D:1 @country_groups:D:2 @country_groups:D:3 @country_groups:D:4 @country_groups:D:5",
    ),
    "us.ear.758-1.eei_by_value": ("commodity software",),
    "us.ear.758-1.transhipment": ("AU CA GB",),
    "us.ear.758-6.statement": ("commodity software",),
    "us.ear.758-6.code": ("600 9x515", "3A090 4A090 3A001.z 4A003.z 4A004.z 4A005.z 5A002.z 5A004.z 5A992.z"),
    "us.ear.762-6.retention": (
        (
            "export reexport in_country_transfer deemed_export deemed_reexport technical_assistance "
            "transit brokering service"
        ),
    ),
}
"""The lists of codes, places and activities each rule names, one text per list."""

DATES: dict[str, tuple[tuple[str, str | None, str], ...]] = {
    "us.ear.744-11.affiliates": (
        ("2025-09-29", "2025-11-10", "in_force"),
        ("2025-11-10", "2026-11-10", "stayed"),
        ("2026-11-10", None, "in_force"),
    ),
    "us.ear.744-21.supplement": (("2024-03-15", None, "in_force"),),
    "us.ear.744-21.listed": (("2024-03-15", None, "in_force"),),
    "us.ear.744-21.any_item": (("2022-03-03", None, "in_force"),),
    "us.ear.744-21.footnote_3": (("2022-03-03", None, "in_force"),),
    "us.ear.744-23.supercomputer": (("2022-10-12", None, "in_force"),),
    "us.ear.744-23.advanced_node": (("2022-10-12", None, "in_force"),),
    "us.ear.744-23.node_unknown": (("2022-10-12", None, "in_force"),),
    "us.ear.744-23.design": (("2024-12-02", None, "in_force"),),
    "us.ear.744-23.computing_headquarters": (("2023-11-17", None, "in_force"),),
    "us.ear.744-23.chip_technology": (("2023-11-17", None, "in_force"),),
    "us.ear.744-23.sme": (("2022-10-12", None, "in_force"),),
    "us.ear.744-6.chips": (("2022-10-12", None, "in_force"),),
    "us.ear.744-8.blocked": (("2024-03-21", None, "in_force"),),
    "us.ear.744-8.authorised": (("2024-03-21", None, "in_force"),),
    "us.ear.744-8.entity_list_first": (("2024-03-21", None, "in_force"),),
    "us.ear.748-12.firearms": (("2024-05-30", None, "in_force"),),
    "us.ear.748-S2.advanced_computing": (("2026-01-15", None, "in_force"),),
}
"""From when to when each text stands, where that is not simply since the first day covered."""


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_the_lists_a_rule_names_are_whole(rule: Rule):
    """A code, place or activity dropped from a rule, or added to it, is seen."""
    tests = [t for v in rule.versions if v.when for t in leaves(v.when)]
    named = tuple(dict.fromkeys(" ".join(t.operand) for t in tests if isinstance(t.operand, tuple)))
    assert named == LISTS.get(rule.id, ())


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_the_days_a_text_stands(rule: Rule):
    """Every beginning, end and suspension is the one the sources give."""
    days = tuple((v.from_.isoformat(), v.to.isoformat() if v.to else None, v.status) for v in rule.versions)
    assert days == DATES.get(rule.id, BEGINNING)
