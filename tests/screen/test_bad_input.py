"""Names that are no names: clear behaviour, and never a slow query."""

from __future__ import annotations

import random
from time import perf_counter, process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.model.party import PartyKind
from enduse.screen import Index, Query, search
from enduse.screen.text import MAX_WORDS, fold
from screen.sample import BODY, COMMON, PARTIES, PERSON, alike, built, mistyped, party

HOSTILE = [
    "",
    " ",
    "a",
    "7",
    "!!!",
    "\x00\x01\xff\x80",
    "a" * 10_000,
    "Ostrovsky " * 1_000,
    "ОСТРОВСКИЙ" * 1_000,
    "\u200b" * 10_000,
    "北" * 10_000,
    "a b c d e f g h " * 600,
    "no. 5 " * 2_000,
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 3_000,
    "x" * 39 + " " + "x" * 41,
    "abd" * 3_000,
]


@pytest.mark.parametrize("how", ["python", "c"])
def test_a_hostile_name_is_answered_at_once(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, huge and binary names give no error and take less than 50 ms each (best of three)."""
    index = built(monkeypatch, how)
    search(index, Query(name="warm up"))
    for name in HOSTILE:
        for kind in (PERSON, BODY, PartyKind.UNKNOWN):
            query = Query(name=name, kind=kind)
            times = []
            for _ in range(3):
                start = perf_counter()
                search(index, query)
                times.append(perf_counter() - start)
            assert min(times) < 0.05, name[:20]


@pytest.mark.parametrize("how", ["python", "c"])
def test_no_name_is_slow_where_thousands_are_alike(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen common words, mistyped or not, against thousands of names made of them: under 50 ms from the first."""
    index = built(monkeypatch, how, tuple(party(i, BODY, name) for i, name in enumerate(alike(6000, 3))))
    search(index, Query(name="warm up"))
    rng = random.Random(5)
    for count in (1, 4, 16) * 8:
        name = " ".join(mistyped(rng.choice(COMMON), rng) for _ in range(count))
        for kind in (PERSON, BODY, PartyKind.UNKNOWN):
            start = process_time()
            search(index, Query(name=name, kind=kind))
            assert process_time() - start < 0.05, name


def test_an_empty_name_finds_nothing() -> None:
    """Nothing asked, nothing found."""
    assert search(Index.build(PARTIES), Query(name="", aliases=("", " "))) == ()


def test_an_empty_list_finds_nothing() -> None:
    """An index of no parties answers."""
    assert search(Index.build(()), Query(name="Leonid Ostrovsky")) == ()


def test_a_long_name_is_compared_by_its_first_words() -> None:
    """A name longer than is compared keeps its beginning."""
    folded = fold("Kvantpribor " + " ".join(f"w{chr(97 + i % 26)}x" for i in range(200)), 2)
    assert folded.words[0] == "kvantpribor"
    assert len(folded.words) == MAX_WORDS


def test_half_a_character_is_no_reason_to_stop() -> None:
    """A lone surrogate, as broken JSON escapes make it, is passed over."""
    assert "ostrovsky" in fold("\ud800Leonid \udfff Ostrovsky", 1).words


@given(st.text(max_size=80), st.sampled_from([1, 2, 4, 7]))
def test_any_text_folds_to_plain_words(text: str, kind: int) -> None:
    """Whatever is written, words are lower-case ASCII letters and digits, one class each."""
    folded = fold(text, kind)
    assert len(folded.words) == len(folded.classes) == len(folded.raw) <= MAX_WORDS
    assert all(w.isascii() and w.isalnum() and w == w.lower() for w in folded.words)
