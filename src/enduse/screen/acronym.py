"""Acronyms: what the initials of a body's name make; "NPPC" and "National Paper Production Company" can meet."""

from __future__ import annotations

import re

from enduse.screen import tables
from enduse.screen.text import INITIAL, NUMBER, PARTICLE, Name, plain

SHORTEST, LONGEST = 4, 8
"""Letters of an acronym that is looked for. Of three letters, 750 of 24,000 ordinary bodies met one by chance, and one
of 1,900 listed ones rightly; of four letters, 59 and three."""
_PARENTHESES = re.compile(r"\([^)]*\)")
_WORDS = re.compile(r"[a-z]+")


def acronyms(text: str, name: Name) -> tuple[str, ...]:
    """The acronyms a body's name may go by: without its legal form, and with it."""
    if len(name.words) < SHORTEST - 1 or any(c == INITIAL for c in name.classes):
        return ()
    found = _WORDS.findall(_PARENTHESES.sub(" ", plain(text)))
    small = tables.words("particles")
    told = (
        "".join(w[0] for w, c in zip(name.raw, name.classes, strict=True) if c not in (PARTICLE, NUMBER)),
        "".join(w[0] for w in found if w not in small),
    )
    return tuple(dict.fromkeys(a for a in told if SHORTEST <= len(a) <= LONGEST))


def telling(word: str) -> int:
    """The most an acronym can tell, in hundredths of a nat: each letter about two, less than three letters' chance."""
    return 200 * len(word) - 300
