"""A fuller code never contradicts a shorter one: what was settled for an entry stays settled for its paragraphs."""

from __future__ import annotations

import random

import pytest

from ear_orders import DAY, order, outcome
from enduse.shelf import open_pack

PLACES = ("JP", "IN", "BR", "CN", "CA", "DE", "AE", "TR", "IL", "VN")
STOPS = {"licence_required", "prohibited", "exception_available"}
FREE = {"no_licence_required", "exception_available", "not_subject"}


def families() -> list[tuple[str, str]]:
    """Parents with one of their paragraphs, sampled the same way every time."""
    table = open_pack("us_ear").tables["ccl_paragraphs"]
    pairs = [(r["parent"], r["code"]) for r in table.at(DAY) if not r["reserved"] and ".z" not in r["code"]]
    return random.Random(20260815).sample(pairs, 60)


@pytest.mark.parametrize(("parent", "child"), families())
def test_a_fuller_code_only_settles_what_was_open(parent: str, child: str) -> None:
    """Stopped as an entry, stopped as a paragraph; free as an entry, free as a paragraph."""
    for place in random.Random(child).sample(PLACES, 2):
        short, full = outcome(order(parent, place)), outcome(order(child, place))
        if short == "licence_required":
            assert full in STOPS, (place, short, full)
        if short in FREE:
            assert full in FREE, (place, short, full)
