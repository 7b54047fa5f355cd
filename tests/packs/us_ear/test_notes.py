"""Notes of single entries: what they add, what they leave out, and what they never touch."""

from __future__ import annotations

import pytest

from ear_orders import answer, order, outcome

NLR, REQUIRED = "no_licence_required", "licence_required"


def test_a_note_adds_a_requirement() -> None:
    """0A501.y.7 to China, beside what the chart says; not to Japan."""
    assert outcome(order("0A501.y.7", "CN")) == REQUIRED
    assert outcome(order("0A501.y.7", "JP")) == NLR


@pytest.mark.parametrize(
    ("code", "to", "fact", "expected"),
    [
        ("1C350.d", "TH", "ccl.below_listed_concentration", NLR),
        ("1C350.d", "TH", "ccl.sample_within_200_kg_year", NLR),
        ("1C350.b.1", "IL", "ccl.sample_within_200_kg_year", REQUIRED),
        ("1C350.d", "SY", "ccl.below_listed_concentration", REQUIRED),
        ("1C350.d", "IQ", "ccl.below_listed_concentration", REQUIRED),
        ("1C351.c.12", "TH", "ccl.no_epsilon_toxin", NLR),
    ],
)
def test_a_note_leaves_out(code: str, to: str, fact: str, expected: str) -> None:
    """A weak mixture or a sample is free where the note says so, never to an embargoed place or a non-party."""
    assert outcome(order(code, to)) == REQUIRED
    assert outcome(order(code, to, facts={fact: True})) == expected


def test_reporting_notes_are_told() -> None:
    """A note that only asks for a report changes nothing, but stands among the findings."""
    found = {f.effect.value for f in answer(order("3A001.a.7", "BR")).findings if ".note-" in f.rule}
    assert found == {"flags"}
