"""The matcher in C and the one in Python give the same numbers."""

from __future__ import annotations

import random
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.model.party import PartyKind
from enduse.screen import Index, features, match, text
from enduse.screen.text import PERSON, fold, head, said
from screen.sample import PARTIES, alike, built, party

SYLLABLES = (
    "al",
    "abd",
    "rah",
    "man",
    "ko",
    "vic",
    "zhang",
    "li",
    "petro",
    "gas",
    "ost",
    "rov",
    "sky",
    "ma",
    "no",
    "5",
    "tra",
    "ding",
    " ",
    " ",
    "-",
    "kh",
    "shch",
    "yu",
    "llc",
    "gmbh",
    "و",
    "мир",
    "量子",
    "é",
)


def _many(count: int, seed: int) -> tuple[str, ...]:
    rng = random.Random(seed)
    return tuple("".join(rng.choice(SYLLABLES) for _ in range(rng.randint(3, 9))) for _ in range(count))


KINDS = (PartyKind.PERSON, PartyKind.ORGANISATION, PartyKind.VESSEL, PartyKind.UNKNOWN)
INDEX = Index.build((*PARTIES, *(party(100 + i, KINDS[i % 4], name) for i, name in enumerate(_many(600, 1)))))


def same(asked: str, kinds: int, index: Index = INDEX) -> int:
    """Compare both implementations on one name; returns how many names were compared."""
    folded = fold(asked, kinds)
    if not folded.words:
        return 0
    quick = match.compared_by_engine(index, folded, kinds)
    slow = match.match(index, match.prepare(index, folded, kinds))
    assert [c for _, c in quick] == slow
    persons = [kinds == PERSON or index.kind[c.name] == PERSON for c in slow]
    assert [odds for odds, _ in quick] == pytest.approx(features.log_odds(slow, persons), abs=1e-9)
    same_choice(asked, kinds, index)
    return len(slow)


def same_choice(asked: str, kinds: int, index: Index) -> None:
    """Both choose the same names to go on with, and lay words beside words alike."""
    folded, engine = fold(asked, kinds), index.engine
    query = match.prepare(index, folded, kinds)
    for least, words, begins in ((-inf, 0, head(asked)), (-6.0, said(asked), 0), (inf, said(asked), head(asked))):
        quick, heads = match.odds(index, folded, kinds, least=least, said=words, head=begins)
        laid = [match.laid(index, query, name) for _, name in quick[:5]]
        index.engine = None
        try:
            slow = match.odds(index, folded, kinds, least=least, said=words, head=begins)
            assert ([n for _, n in quick], heads) == ([n for _, n in slow[0]], slow[1])
            assert laid == [match.laid(index, query, name) for _, name in quick[:5]]
        finally:
            index.engine = engine


@pytest.mark.skipif(INDEX.engine is None, reason="the accelerator is not installed here")
def test_both_compare_the_same_namesalike() -> None:
    """Names built from the same syllables as the list: hundreds of comparisons, equal to the last digit."""
    assert sum(same(name, kinds) for name in _many(250, 2) for kinds in (1, 2, 4, 7)) > 500


@pytest.mark.skipif(INDEX.engine is None, reason="the accelerator is not installed here")
@given(
    st.lists(st.one_of(st.sampled_from(SYLLABLES), st.text(max_size=6)), max_size=12).map("".join),
    st.sampled_from([1, 2, 4, 7]),
)
def test_both_agree_on_any_text(asked: str, kinds: int) -> None:
    """No text makes the two differ."""
    assert same(asked, kinds) >= 0


@pytest.mark.skipif(INDEX.engine is None, reason="the accelerator is not installed here")
def test_both_agree_where_thousands_of_names_share_words() -> None:
    """Where common words are only asked of names already met, and the nearest words are more than are kept."""
    index = Index.build(party(i, PartyKind.ORGANISATION, name) for i, name in enumerate(alike(6000, 3)))
    asked = (*alike(150, 4), *(index.names[i] for i in range(0, 6000, 97)))
    assert sum(same(name, kinds, index) for name in asked for kinds in (2, 7)) > 3000


@pytest.mark.skipif(INDEX.engine is None, reason="the accelerator is not installed here")
def test_both_hear_the_same_in_two_words_joined() -> None:
    """Every rule of sound, at the beginning, within and at the end: a join that the list has as one word is met."""
    rules = [*text.RULES, "xa", "xe", "q", "aeiou", "yy"]
    pairs = [(f"{a}tor{b}", f"{b}min{a}") for a, b in zip(rules, rules[1:] + rules[:1], strict=True)]
    index = Index.build(party(i, PartyKind.ORGANISATION, f"{a}{b} works") for i, (a, b) in enumerate(pairs))
    for a, b in pairs:
        assert same(f"{a} {b} works", 2, index) == same(f"{a} {b} works", 7, index) > 0
        assert match.odds(index, fold(f"{a} {b} works", 2), 2)[0]


@given(
    st.lists(
        st.sampled_from(("leonid", "ostrovsky", "khaled", "tarazi", "salman", "maksimovich")),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_words_does_not_matter(words: list[str], rng: random.Random) -> None:
    """A person's name scores the same in any order of its words (words that also read as one when joined aside)."""
    turned = words.copy()
    rng.shuffle(turned)
    first, second = (match.odds(INDEX, fold(" ".join(w), PERSON), PERSON)[0] for w in (words, turned))
    assert {n: round(o, 9) for o, n in first} == {n: round(o, 9) for o, n in second}


@pytest.mark.parametrize("how", ["python", "c"])
def test_words_joined_and_spelt_quite_otherwise_never_lose_more_than_they_met(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two words that sound like one listed word and look little like it: a low score, and no division by nothing."""
    listed = ("zozezaz", "zozezoz", "zozezez", "zozizezo")
    people = tuple(party(i, PartyKind.PERSON, f"{word} Krummhorn") for i, word in enumerate(listed))
    index = built(monkeypatch, how, people)
    folded = fold("tcho ezijtschiyishchuo de la", PERSON)
    for _, name in match.odds(index, folded, PERSON)[0]:
        compared, met = match.laid(index, match.prepare(index, folded, PERSON), name)
        assert met
        assert 0 <= compared.lost <= compared.met
