"""A reading looks for letters before it compiles its expression; the look may never hide a match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.rules.readings import stems_of

WORDS = st.sampled_from(["public", "hospital", "us", "owned", "army", "no", "licence"])
ATOMS = st.one_of(
    WORDS,
    WORDS.map(lambda w: f"(?:{w})?"),
    WORDS.map(lambda w: f"{w}s?"),
    WORDS.map(lambda w: f"(?:{w}|navy)"),
    st.sampled_from([r"\w+", "[- ]", r"\.?", "x{0,2}", "y{2}", "z*", " "]),
)
EXPRESSIONS = st.lists(ATOMS, min_size=1, max_size=4).map("".join)


@given(EXPRESSIONS, st.data())
def test_every_match_contains_a_stem(expression: str, data: st.DataObject) -> None:
    """Whatever text an expression matches, the look before it lets that text through."""
    text = data.draw(st.from_regex(re.compile(expression, re.IGNORECASE), fullmatch=True))
    stems = stems_of(expression)
    assert stems is None or any(stem in text.lower() for stem in stems)


@pytest.mark.parametrize(
    ("expression", "stems"),
    [
        ("colou?r", ("colo",)),
        ("US[- ]owned", ("owned",)),
        ("a{0,2}bcd", ("bcd",)),
        ("(?:tax|duty)?free", ("free",)),
        ("(?:open|public)ly", ("open", "public")),
        ("x|police", None),
    ],
)
def test_the_longest_sure_letters_are_taken(expression: str, stems: tuple[str, ...] | None) -> None:
    """What may be lacking is no stem; an alternative without one leaves it open."""
    assert stems_of(expression) == stems
