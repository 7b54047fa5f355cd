"""Part 744 as a whole: which sections there are, and the life of the affiliates rule."""

from __future__ import annotations

from datetime import date

from enduse.rules.files import read_pack
from enduse.shelf import OURS, pack_files

PACK = read_pack(pack_files(OURS / "us_ear"))


def test_the_whole_part_is_there():
    """Each section of Part 744 that sets a requirement has a rule; reserved ones (10, 12-14, 18, 20) have none."""
    sections = {r.id.split(".")[2] for r in PACK.rules if r.id.startswith("us.ear.744-")}
    assert sections == {f"744-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 19, 21, 22, 23)}


def test_the_affiliates_rule_is_stayed_between_its_two_texts():
    """In force from 2025-09-29, stayed from 2025-11-10 to 2026-11-09, and after that a question."""
    rule = next(r for r in PACK.rules if r.id == "us.ear.744-11.affiliates")
    assert rule.at(date(2025, 9, 28)) is None
    assert rule.at(date(2025, 11, 9)) is not None
    assert rule.at(date(2025, 11, 10)) is None
    assert rule.at(date(2026, 11, 9)) is None
    assert rule.at(date(2026, 11, 10)) is not None
