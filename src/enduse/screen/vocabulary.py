"""How near two words are, and where near words of a list are found.

A word is compared twice: as spelt and as it sounds. Near words are found through a deletion neighbourhood of the
sound key (two keys within one or two edits share a key with letters left out), so that the cost of a word does not
grow with the list.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from zlib import crc32

from enduse.screen import tables
from enduse.screen.text import inflected, sound

EXACT, SAME_WORD, SAME_FAMILY, SAME_SKELETON = 1000, 900, 930, 840
BY_SPELLING, BY_SOUND, BY_CONSONANTS = 360, 300, 200
"""What likeness loses when every letter, every sound or every consonant differs."""
NEAR = 700
"""Likeness (of 1000) below which two words are two words."""
MOST_NEAR = 96
"""Near words kept for one word of a query."""


def code(key: str) -> int:
    """The number a key is filed under."""
    return crc32(key.encode())


def edits(key: str) -> int:
    """How many edits of a sound key are looked for."""
    return 0 if len(key) < 3 else 1 if len(key) < 7 else 2


def codes(key: str, deep: int) -> set[int]:
    """The codes under which a key is filed and looked up: itself and itself with up to `deep` letters left out."""
    raw = key.encode()
    found = {crc32(raw)}
    length = len(raw)
    if length > 14:
        found.update((crc32(raw[:7] + b"<"), crc32(raw[-7:] + b">")))
        deep = min(deep, 1)
    if deep:
        for i in range(length):
            found.add(crc32(raw[:i] + raw[i + 1 :]))
        if deep > 1:
            for i, j in combinations(range(length), 2):
                found.add(crc32(raw[:i] + raw[i + 1 : j] + raw[j + 1 :]))
    return found


def key_of(word: str) -> str:
    """The sound key of a word, or the word itself where it has no letters (numbers)."""
    return sound(word) or word


def families() -> dict[str, tuple[int, ...]]:
    """Which families of one name in several languages (Ivan, John, Juan) a word belongs to."""
    return tables.families("name_variants")


@cache
def trades() -> dict[str, tuple[int, ...]]:
    """Which words of trade in several languages (pipe, truba, boru) a word is one of, in any Slavic ending."""
    return inflected(tables.families("translations"))


def filed(word: str, key: str, deep: bool) -> set[int]:
    """The codes of a word: by sound, and by spelling with at most one letter left out."""
    found = codes(key, edits(key) if deep else 0)
    if deep and len(word) > 3 and not word.isdigit():
        found |= codes(word, 1)
    return found
