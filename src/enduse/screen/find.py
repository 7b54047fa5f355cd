"""Searching: folded names in, ranked listed parties out, evidence weighed.

`ranked` is the quick path (numbers only); `explain.py` turns the few hits that are shown into words.
"""

from __future__ import annotations

from heapq import nlargest
from math import inf
from typing import NamedTuple

from enduse.screen import features, match, weigh
from enduse.screen.acronym import SHORTEST, acronyms
from enduse.screen.evidence import Evidence
from enduse.screen.index import ACRONYM, Index
from enduse.screen.text import BODY, PLAIN, Name, fold, head, plain, said

_LOOKED_AT = 8
"""Of those named word for word, how many of the likeliest under the floor are kept.

Words that many names share ("Star", "Trading Institute") score low even when they are all of a listed name.
"""
GROUP = 3
"""Listed bodies of one country that begin with the same word, from which it is taken for the name of their group."""
CUT = 20
"""Characters from which a name may be one that a field cut short."""


class Ranked(NamedTuple):
    """A listed party that may be the one asked for: log-odds, party, and the best name (-1: found without a name)."""

    odds: float
    party: int
    name: int
    asked: int
    """Which of the query's names met (0 is the first)."""
    read: str = ""
    """What that name was read as, where it was not as it stands: its initials, or the listed name it was cut from."""
    why: str = ""
    """The feature that says so."""


def ranked(
    index: Index, names: tuple[str, ...], kinds: int, evidence: Evidence, *, limit: int, floor: float
) -> list[Ranked]:
    """Listed parties by log-odds, best first, none scored under `floor` (log-odds) unless named word for word."""
    best: dict[int, Ranked] = {}
    least = (
        floor - features.most_by_country()
        if not (evidence.births or evidence.identifiers or evidence.addresses)
        else -inf
    )
    for asked, text in enumerate(names):
        members = _group(index, fold(text, kinds), evidence) if kinds & BODY and evidence.countries else set()
        favour = features.SET["group_name"] if members else 0.0
        _add_by_name(index, text, kinds, asked, best, least - favour)
        for party in members & best.keys():
            hit = best[party]
            if hit.asked == asked and not hit.why:
                best[party] = Ranked(hit.odds + favour, *hit[1:5], "group_name")
    if evidence.identifiers or evidence.addresses:
        weigh.add_nameless(index, evidence, best, Ranked)
    found: list[Ranked] = []
    under: list[tuple[float, int, Ranked]] = []
    for hit in best.values():
        odds = hit.odds + weigh.added(index, hit.party, hit.name, kinds, evidence)
        if odds >= floor:
            found.append(Ranked(odds, *hit[1:]))
        elif hit.name >= 0 and index.said[hit.name] == said(names[hit.asked]):
            under.append((odds, -hit.party, hit))
    for odds, _, hit in nlargest(_LOOKED_AT, under):
        if weigh.named(index, names[hit.asked], hit.party, hit.name, kinds, evidence):
            found.append(Ranked(odds, *hit[1:]))
    found.sort(key=lambda h: (-h.odds, h.party))
    return found[:limit]


def _add_by_name(index: Index, text: str, kinds: int, asked: int, best: dict[int, Ranked], least: float) -> None:
    """The parties one of the query's names may name, each with its likeliest name, by `least` or by its very words."""
    folded, flags = fold(text, kinds), index.flags
    begins = head(text) if len(text) >= CUT else 0
    found, alike = match.odds(index, folded, kinds, least=least, said=said(text), head=begins)
    whole = [name for name in alike if _is_cut(text, index.names[name])]
    for odds, name in found:
        if flags[name] & ACRONYM and not _is_acronym(index, folded, name):
            continue
        owner = index.owner[name]
        if owner not in best or odds > best[owner].odds:
            best[owner] = Ranked(odds, owner, name, asked)
    for name in whole[:_LOOKED_AT]:
        _add_in_full(index, name, kinds, asked, best)
    if kinds & BODY and len(folded.words) >= SHORTEST - 1:
        _add_by_initials(index, text, folded, kinds, asked, best)


def _group(index: Index, folded: Name, evidence: Evidence) -> set[int]:
    """The listed members of a group, from one's own country, of which a query is the bare name ("Huawei")."""
    if len(folded.words) != 1 or folded.classes[0] != PLAIN:
        return set()
    begun = index.beginning_with(folded.words[0])
    members = {p for p in begun if not evidence.countries.isdisjoint(index.evidence[p].countries)}
    return members if len(members) >= GROUP else set()


def _is_acronym(index: Index, asked: Name, name: int) -> bool:
    """Is a query the very acronym, legal form and generic words aside?"""
    own = [w for w, c in zip(asked.words, asked.classes, strict=True) if c == PLAIN]
    return len(own) == 1 and own[0] == index.words[index.tokens[index.token_at[name]]]


def _add_by_initials(index: Index, text: str, folded: Name, kinds: int, asked: int, best: dict[int, Ranked]) -> None:
    """Parties with a name of one short word that is the acronym of the query."""
    for word in acronyms(text, folded):
        listed = index.alone.get(word)
        if not listed:
            continue
        for odds, name in match.odds(index, fold(word, kinds), kinds)[0]:
            if name in listed:
                owner, told = index.owner[name], odds + features.SET["acronym"]
                if owner not in best or told > best[owner].odds:
                    best[owner] = Ranked(told, owner, name, asked, word, "acronym")


def _is_cut(asked: str, listed: str) -> bool:
    """Does the query end within a word of this listed name, and say the same as far as it goes?"""
    asked, told = plain(asked).strip(), plain(listed).strip()
    return told.startswith(asked) and told[len(asked) : len(asked) + 1].isalnum()


def _add_in_full(index: Index, name: int, kinds: int, asked: int, best: dict[int, Ranked]) -> None:
    """A listed name whose beginning the query is, read in full."""
    text, owner = index.names[name], index.owner[name]
    for odds, other in match.odds(index, fold(text, kinds), kinds)[0]:
        told = odds + features.SET["cut_short"]
        if other == name and (owner not in best or told > best[owner].odds):
            best[owner] = Ranked(told, owner, name, asked, text, "cut_short")
