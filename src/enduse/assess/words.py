"""Phrases of the trade found in short texts: a lexicon as data, matched by whole words, each match with its place.

A phrase is words in order. `a/b` is either word, `*` up to three words of any kind. Case, plural, possessive and the
two spellings of English are levelled on both sides, so that "Licences" meets `license`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?", re.IGNORECASE)
_SPELLING: Mapping[str, str] = {
    "license": "licence",
    "licensed": "licenced",
    "licensing": "licencing",
    "program": "programme",
    "center": "centre",
    "fiber": "fibre",
    "aluminum": "aluminium",
    "defense": "defence",
    "color": "colour",
    "harbor": "harbour",
    "mold": "mould",
    "tire": "tyre",
    "gray": "grey",
    "labeled": "labelled",
    "email": "mail",
    "fulfillment": "fulfilment",
    "installment": "instalment",
    "catalog": "catalogue",
    "analyzer": "analyser",
    "sulfide": "sulphide",
    "check": "check",
    "labor": "labour",
    "pediatric": "paediatric",
    "favorable": "favourable",
    "meter": "metre",
}
NEGATIONS = frozenset(
    {"no", "not", "without", "never", "neither", "nor", "none", "cannot", "non", "lack", "lacking", "nobody"}
)
_LIGHT = frozenset(
    {"a", "an", "the", "any", "for", "of", "to", "in", "on", "by", "its", "own", "other", "such", "valid"}
)
_GAP = 3
_SHORT = 3


def words_of(text: str) -> frozenset[str]:
    """A list of words kept as running text."""
    return frozenset(text.split())


class Token(NamedTuple):
    """One levelled word and where it stands in the text."""

    word: str
    start: int
    end: int


class Match(NamedTuple):
    """A phrase found: what it means, the words as written, the span of tokens, and whether it was denied."""

    key: str
    said: str
    first: int
    last: int
    denied: bool


@lru_cache(maxsize=1 << 16)
def level(word: str) -> str:
    """A word as it is compared: lower case, singular, British spelling."""
    plain = word.lower().removesuffix("'s").replace("'", "")
    if len(plain) > _SHORT and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        plain = plain[:-3] + "y" if plain.endswith("ies") and len(plain) > _SHORT + 1 else plain[:-1]
    if len(plain) > _SHORT + 2:
        plain = plain.replace("ization", "isation").replace("ized", "ised").replace("izing", "ising")
    return _SPELLING.get(plain, plain)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text; "e-mail" is one word."""
    plain = text.replace("’", "'").replace("e-mail", "email").replace("E-mail", "Email").replace("e-Mail", "eMail")
    return tuple(Token(level(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(plain))


_Phrase = tuple[frozenset[str], ...]
_ANY: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 16)
def _phrase(text: str) -> _Phrase:
    parts = _PART.findall(text.strip(" *").replace("e-mail", "email"))
    return tuple(_ANY if p == "*" else _any_of(p) for p in parts)


_PART = re.compile(r"[^\s-]+")


def _any_of(part: str) -> frozenset[str]:
    return frozenset(w for a in part.split("/") for w in _levelled(a))


def _first(text: str) -> Iterable[str]:
    """The words a phrase may begin with; the rest of it is looked at only where one of them stands."""
    found = _PART.search(text.strip(" *").replace("e-mail", "email"))
    return _any_of(found[0]) if found else ()


def _levelled(word: str) -> tuple[str, ...]:
    return tuple(level(w) for w in re.findall(r"[^\W_]+(?:'[a-z]+)?", word)) or (level(word),)


class Lexicon:
    """Phrases by their first word. `phrases` is (key, phrases parted by "|")."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._by: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, listed in phrases:
            for text in listed.split("|"):
                for word in _first(text):
                    self._by[word].append((key, text))
        self.find = lru_cache(maxsize=2048)(self._find)
        """Every phrase in a text; of one key at one place only the longest. What was read lately is remembered."""

    def _find(self, text: str) -> tuple[Match, ...]:
        found: dict[tuple[str, int], Match] = {}
        words = tokens(text)
        for at, token in enumerate(words):
            for key, listed in self._by.get(token.word, ()):
                phrase = _phrase(listed)
                last = _ends(words, at + 1, phrase, 1) if len(phrase) > 1 else at
                if last is not None and found.get((key, at), _NOTHING).last < last:
                    said = _written(text, words, at, last)
                    found[key, at] = Match(key, said, at, last, _denied(words, at, phrase))
        return tuple(found.values())


_NOTHING = Match("", "", -1, -1, denied=False)


def _written(text: str, words: tuple[Token, ...], first: int, last: int) -> str:
    shift = text.count("e-mail") + text.count("E-mail")
    return text[words[first].start : words[last].end + shift].strip()


def _ends(words: tuple[Token, ...], at: int, phrase: _Phrase, part: int) -> int | None:
    """The last token of the phrase if the rest of it stands from `at` on."""
    if part == len(phrase):
        return at - 1
    if phrase[part] is _ANY:
        gaps = (_ends(words, at + g, phrase, part + 1) for g in range(_GAP + 1))
        return next((e for e in gaps if e is not None), None)
    if at < len(words) and words[at].word in phrase[part]:
        return _ends(words, at + 1, phrase, part + 1)
    return None


def _denied(words: tuple[Token, ...], at: int, phrase: _Phrase) -> bool:
    """Is the phrase denied by a word just before it, and not itself a denial?"""
    if phrase[0] & NEGATIONS:
        return False
    before = [w.word for w in words[max(0, at - 3) : at]][::-1]
    for word in before:
        if word in NEGATIONS:
            return True
        if word not in _LIGHT:
            return False
    return False


def uncontained(matches: Iterable[Match], opposed: Mapping[str, int]) -> Iterator[Match]:
    """Matches but those inside a longer one that says the opposite ("distributor" in "authorised distributor")."""
    listed = tuple(matches)
    for m in listed:
        if not any(_inside(m, o) and opposed.get(o.key, 0) * opposed.get(m.key, 0) < 0 for o in listed):
            yield m


def _inside(small: Match, large: Match) -> bool:
    return (
        large.first <= small.first and small.last <= large.last and large.last - large.first > small.last - small.first
    )
