"""Phrases are found by whole words, levelled spelling, and are seen to be denied."""

from __future__ import annotations

import pytest

from enduse.assess.words import Lexicon, level, tokens, uncontained


def test_spelling_plural_and_possessive_are_levelled() -> None:
    """Licences, license's and licence are one word; so are center and centre."""
    assert {level(w) for w in ("Licences", "license's", "LICENCE")} == {"licence"}
    assert level("centers") == level("centre")
    assert level("companies") == "company"
    assert level("gas") == "gas"


def test_tokens_keep_their_place_in_the_text() -> None:
    """Each word knows where it stands, so that the words of a trigger can be shown as written."""
    text = "Paid by e-mail order"
    assert [t.word for t in tokens(text)] == ["paid", "by", "mail", "order"]
    assert text[tokens(text)[0].start : tokens(text)[0].end] == "Paid"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("paid by a third party", True),
        ("paid promptly by some third party", True),
        ("paid by one of the many third party", False),
        ("unpaid by a third party", False),
    ],
)
def test_a_gap_spans_at_most_three_words(text: str, found: bool) -> None:
    """`*` stands for up to three words, and a phrase never begins inside a word."""
    assert bool(Lexicon([("x", "paid * third party")]).find(text)) is found


def test_alternatives_and_longest_match() -> None:
    """Of one sign at one place the longest phrase counts."""
    (match,) = Lexicon([("x", "free zone | free zone/port company")]).find(
        "a free port company or a free zone company"
    )[:1]
    assert match.said == "free port company"


def test_denial_is_seen_across_light_words_only() -> None:
    """ "No valid licence" denies the licence; "no delay, licence held" does not."""
    lexicon = Lexicon([("licence", "licence")])
    assert lexicon.find("no valid licence")[0].denied
    assert not lexicon.find("no delay; licence held")[0].denied


def test_a_longer_opposite_phrase_takes_the_shorter_one_in() -> None:
    """An authorised distributor is not counted as a distributor."""
    lexicon = Lexicon([("bad", "distributor"), ("good", "authorised distributor")])
    kept = [m.key for m in uncontained(lexicon.find("authorised distributor"), {"bad": 1, "good": -1})]
    assert kept == ["good"]
