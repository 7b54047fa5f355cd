"""What the comparison of two names counts: the raw numbers all name features are made from."""

from __future__ import annotations

from typing import NamedTuple


class Compared(NamedTuple):
    """What the comparison of one listed name with the query found, in hundredths of a nat unless said otherwise."""

    name: int
    met: int
    """Information of the words that met (the lesser of the two sides)."""
    lost: int
    """The part of `met` lost because the words that met are not spelt alike."""
    ours: int
    """Information of the query's words that met nothing."""
    theirs: int
    """Information of the listed name's words that met nothing."""
    all_ours: int
    all_theirs: int
    pairs: int
    """Plain words that met plain words."""
    best: int
    """The most informative word that met, after loss."""
    plain_ours: int
    """Plain words of the query that met nothing."""
    plain_theirs: int
    numbers: int
    """0 no numbers differ; 1 one side has a number the other lacks; 2 the numbers contradict."""
    legal: int
    """0 nothing to compare; 1 a legal form in common; 2 only one side states one; 3 they differ."""
    exact: int
    """Words of `pairs` that met in spelling, sound or family."""
    mistaken: int
    """Information of words that met only nearly although the query's word is a known word of its own."""
    initials: int
    words_ours: int
    """Words of the query."""
    words_theirs: int
