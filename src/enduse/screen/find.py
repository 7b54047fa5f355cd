"""Searching: folded names in, ranked listed parties out, evidence weighed.

`ranked` is the quick path (numbers only); `explain.py` turns the few hits that are shown into words.
"""

from __future__ import annotations

from heapq import nlargest
from typing import NamedTuple

from enduse.screen import match, weigh
from enduse.screen.evidence import Evidence
from enduse.screen.index import Index
from enduse.screen.text import fold

_LOOKED_AT = 8
"""Of those under the floor, how many of the likeliest are held against the words asked for.

Words that many names share ("Star", "Trading Institute") score low even when they are all of a listed name.
"""


class Ranked(NamedTuple):
    """A listed party that may be the one asked for: log-odds, party, and the best name (-1: found without a name)."""

    odds: float
    party: int
    name: int
    asked: int
    """Which of the query's names met (0 is the first)."""


def ranked(
    index: Index, names: tuple[str, ...], kinds: int, evidence: Evidence, *, limit: int, floor: float
) -> list[Ranked]:
    """Listed parties by log-odds, best first, none scored under `floor` (log-odds) unless named word for word."""
    best: dict[int, Ranked] = {}
    for asked, text in enumerate(names):
        for odds, name in match.odds(index, fold(text, kinds), kinds):
            owner = index.owner[name]
            if owner not in best or odds > best[owner].odds:
                best[owner] = Ranked(odds, owner, name, asked)
    if evidence.identifiers or evidence.addresses:
        weigh.add_nameless(index, evidence, best, Ranked)
    found: list[Ranked] = []
    under: list[Ranked] = []
    for hit in best.values():
        odds = hit.odds + weigh.added(index, hit.party, hit.name, kinds, evidence)
        (found if odds >= floor else under).append(hit._replace(odds=odds))
    for hit in nlargest(_LOOKED_AT, under, key=lambda h: (h.odds, -h.party)):
        if names and weigh.named(index, names[hit.asked], hit.party, hit.name, kinds, evidence):
            found.append(hit)
    found.sort(key=lambda h: (-h.odds, h.party))
    return found[:limit]
