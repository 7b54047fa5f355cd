"""The trees of the second look: what they say, and that more that meets never counts against."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.screen import features, match, trees
from enduse.screen.index import Index
from enduse.screen.text import PERSON, fold
from screen.sample import PARTIES

MOST = {"lost_share": 1000, "ours_share": 1000, "theirs_share": 1000}
FEW = {"pairs", "exact", "plain_ours", "plain_theirs", "words_ours", "words_theirs"}
YES_OR_NO = {"legal_same", "legal_differs", "number_missing", "whole"}


def _most(name: str) -> int:
    return 1 if name in YES_OR_NO else 16 if name in FEW else MOST.get(name, 6000)


ENGINE = Index.build(PARTIES).engine
ROWS = st.tuples(*(st.integers(0, _most(name)) for name, _, _, _ in trees.COUNTED))


@given(ROWS, st.integers(0, len(trees.COUNTED) - 1), st.integers(1, 6000), st.booleans())
def test_more_that_meets_never_counts_against(row: tuple[int, ...], which: int, more: int, person: bool) -> None:
    """Whatever else was counted, each number moves the sum only its own way."""
    sign = trees.COUNTED[which][1]
    changed = (*row[:which], row[which] + more, *row[which + 1 :])
    before, after = trees.told(trees.forests()[person], [row, changed])
    assert not sign or sign * (after - before) >= 0


@given(ROWS, st.booleans())
def test_what_is_told_adds_up(row: tuple[int, ...], person: bool) -> None:
    """The start and what each answer changed give the sum, to the millionth."""
    forest = trees.forests()[person]
    start, changed = trees.shares(forest, row)
    assert [start + sum(changed)] == trees.told(forest, [row])
    assert sum(trees.by_group(changed).values()) == sum(changed)
    if ENGINE is not None:
        assert ENGINE.shares(person, row) == (start, changed)


def test_a_tree_is_read_as_it_is_written() -> None:
    """Yes follows a question, no comes after all of its yes; a number alone is an end."""
    forest = trees.planted(["500", "kept<=10:1 theirs<=3:2 7 8 9"])
    rows = [(kept, 0, 0, 0, theirs, *(0,) * 16) for kept, theirs in ((10, 3), (10, 4), (11, 0))]
    assert trees.told(forest, rows) == [507, 508, 509]
    start, changed = trees.shares(forest, rows[1])
    assert start == 501
    assert {g: n for g, n in trees.by_group(changed).items() if n} == {"words_met": 1, "words_theirs_alone": 6}


@pytest.mark.parametrize(
    "text",
    [
        "kept<=10:1 7",
        "kept<=10:1 7 8 9",
        "keep<=10:1 7 8",
        "kept<=ten:1 7 8",
        "",
        "kept<=10:1 7 x",
        "kept<=9:0 1 " * 8 + "2",
    ],
)
def test_a_tree_that_is_none_is_refused(text: str) -> None:
    """A tree with an end too few or too many, or a question about what is not counted, says so."""
    with pytest.raises(ValueError, match="no tree"):
        trees.planted([text])


def test_a_second_look_is_taken_only_where_it_is_worth_it() -> None:
    """What the first look finds hopeless keeps that; the rest is what the trees say."""
    index = Index.build(PARTIES)
    query = match.prepare(index, fold("Leonid Ostrovsky", PERSON), PERSON)
    compared = [match.laid(index, query, name)[0] for name in range(len(index.names))]
    persons = [True] * len(compared)
    firsts = [features.first_look(c, True) for c in compared]
    found = features.log_odds(compared, persons)
    forest = trees.forests()[True]
    assert any(f >= features.SECOND_LOOK for f in firsts)
    assert any(f < features.SECOND_LOOK for f in firsts)
    for c, first, odds in zip(compared, firsts, found, strict=True):
        told = trees.told(forest, [trees.counted(c)])[0] / trees.UNIT
        told += features.number_differs(True) if c.numbers == 2 else 0.0
        assert odds == (first if first < features.SECOND_LOOK else told)
