"""The tone of texts in which no phrase stands: single words with small weights, each text's own, shown one by one.

A graded floor beneath the phrases: `tables/valence.csv` gives words and short phrases a side, a grade from 1 to 3 and
the places they count in. Denied reassurance alarms; reassurance beside a refusal in one clause counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from enduse.assess.knowledge import PARTS, STEM, Knowledge, Word
from enduse.assess.passages import Passage
from enduse.assess.signs import ALARM, EASE, Sign
from enduse.assess.words import Match, Token, tokens

_WORTH = (0.0, 0.15, 0.3, 0.5)
"""What a word of grade 1, 2 and 3 counts for."""
_BESIDE = 0.4
"""What reassurance is worth in a text that alarms more than it reassures."""
_CLAUSE = re.compile(r"[,;:.()]|\bbut\b|\bthough\b", re.IGNORECASE)


class Told(NamedTuple):
    """A word that counts: its side, its worth, and where it stands."""

    alarm: bool
    worth: float
    said: str
    clause: int
    concept: str


def read_wording(texts: Iterable[Passage], know: Knowledge) -> Iterator[Sign]:
    """For each text, how much its single words alarm and reassure."""
    for text in texts:
        told = list(_told(text, know))
        alarm = sum(t.worth for t in told if t.alarm)
        refused = {t.clause for t in told if t.alarm and t.concept in {"refusal", "papers"}}
        ease = sum(t.worth for t in told if not t.alarm and t.clause not in refused)
        if alarm:
            yield Sign("words_alarm", text.where, _said(told, alarm=True), _share(alarm) * _weight(text.kind, ALARM))
        if ease:
            beside = _BESIDE if alarm >= ease else 1.0
            yield Sign(
                "words_ease", text.where, _said(told, alarm=False), beside * _share(ease) * _weight(text.kind, EASE)
            )


def _share(total: float) -> float:
    return total / (total + 0.5)


def _weight(kind: str, parts: Mapping[str, float]) -> float:
    return parts[kind] if kind in PARTS else 1.0


def _said(told: Sequence[Told], *, alarm: bool) -> str:
    return ", ".join(dict.fromkeys(t.said for t in told if t.alarm is alarm))


def _told(text: Passage, know: Knowledge) -> Iterator[Told]:
    words = tokens(text.text)
    cuts = [m.start() for m in _CLAUSE.finditer(text.text)]
    taken: set[int] = set()
    for match, word in _longest(text, know):
        clause = sum(c < words[match.first].start for c in cuts)
        taken |= set(range(match.first, match.last + 1))
        if not (match.denied or _denied(words, match, cuts)):
            yield Told(word.alarm, _WORTH[word.grade], match.said, clause, word.concept)
        elif not word.alarm:
            yield Told(True, _WORTH[word.grade], f"no {match.said}", clause, "lacking")
        else:
            yield Told(False, 0.5 * _WORTH[word.grade], f"no {match.said}", clause, word.concept)
    yield from _prefixed(text, words, taken, cuts, know)
    for pattern, alarm, worth, concept in _FORMS.get(text.kind, ()):
        for found in pattern.finditer(text.text):
            clause = sum(c < found.start() for c in cuts)
            yield Told(alarm, worth, found.group().strip(), clause, concept)


_THINGS = (
    "letter|transfer|certificate|contract|tender|year|month|week|day|quarter|season|line|ward|permit|grant|licence|card|"
    "notice|clean|signed|standard|single|public|three|two|ten|five|named|known|regular|steady|scheduled|sealed|full|"
    "copy|drawing|spare|training|service|visit|call|fixed|further|certain|number|lot|bid|site|good|usual"
)
_SOME = re.compile(
    rf"\b(?:a|an|some|another|other)\s+(?!(?:{_THINGS})\b)[^\W\d][\w'’-]*(?:\s+[^\W\d][\w'’-]*)?", re.IGNORECASE
)
"""Somebody or something not named: "a man with a lorry", "another bank"."""
_THE = re.compile(
    r"\b(?:the|its|their|own)\s+(?!other\b|same man\b|border\b|first\b|road\b|rule)[^\W\d][\w-]*"
    r"|\b[^\W\d][\w-]*(?:['’]s|s['’])(?=\s)",
    re.IGNORECASE,
)
"""Somebody or something known to both sides: "the dean", "maker's cartons"."""
_TO_BE = re.compile(
    r"\bto (?:be|have|read|say|show|send|leave|keep|omit|hold|stay|go|follow|come|wait)\b", re.IGNORECASE
)
"""What is still to happen, or is to be made to look so."""
_MARK = re.compile(r"\b(?=\w*\d)(?=\w*[A-Z/-])[\w/-]{4,}\b|\b\d{4,}\b")
"""A number by which a thing can be found."""
_ACRONYM = re.compile(r"\b[A-Z]{2,}[A-Z0-9]*\b")
"""A body or standard known by its letters."""
_COMPOUND = re.compile(r"\b[a-z]{3,}-[a-z]{3,}\b")
"""A compound term of a trade: "ice-shelf"."""

_Form = tuple[re.Pattern[str], bool, float, str]
_TOLD_FORMS: tuple[_Form, ...] = (
    (_SOME, True, 0.15, "somebody"),
    (_TO_BE, True, 0.15, "still to be"),
    (_THE, False, 0.08, "known"),
    (_MARK, False, 0.12, "number"),
)
_FORMS: Mapping[str, tuple[_Form, ...]] = {
    **dict.fromkeys(
        ("payment", "routing", "documents", "history", "order", "communications", "other", "packaging"), _TOLD_FORMS
    ),
    **dict.fromkeys(
        PARTS,
        ((_SOME, True, 0.12, "somebody"), (_TO_BE, True, 0.15, "still to be"), (_ACRONYM, False, 0.12, "letters")),
    ),
    "use": ((_SOME, True, 0.12, "somebody"), (_TO_BE, True, 0.2, "still to be"), (_COMPOUND, False, 0.08, "term")),
}
"""Grammar that tells the named from the unnamed, per kind of text; never how long a text is."""


def _denied(words: Sequence[Token], match: Match, cuts: Sequence[int]) -> bool:
    """Is the word denied from up to four words before, within its clause ("no buses in service")?"""
    begin = max((c for c in cuts if c < words[match.first].start), default=-1)
    before = [w.word for w in words[max(0, match.first - 4) : match.first] if w.start > begin]
    return bool(set(before) & _DENIERS) and words[match.first].word not in _DENIERS


_DENIERS = frozenset({"no", "without", "never", "nor", "neither", "lacking"})


def _longest(text: Passage, know: Knowledge) -> Iterator[tuple[Match, Word]]:
    """Words that count here, but none inside a longer one."""
    end = -1
    here = [m for m in know.valence.find(text.text) if text.kind in know.word[m.key].where]
    for match in sorted(here, key=lambda m: (m.first, -m.last)):
        if match.last > end:
            end = match.last
            yield match, know.word[match.key]


_KIN = 0.1
"""What a word counts for that is only kin to one of the table ("forger" to "forged")."""
_UN = ("un", "non", "dis", "mis")


def _prefixed(
    text: Passage, words: Sequence[Token], taken: set[int], cuts: Sequence[int], know: Knowledge
) -> Iterator[Told]:
    """A reassuring word turned about by its first syllable ("unaudited"), and words kin to those of the table."""
    for n, token in enumerate(words):
        stem = next((token.word.removeprefix(p) for p in _UN if token.word.startswith(p)), "")
        clause, said = sum(c < token.start for c in cuts), text.text[token.start : token.end]
        if n in taken:
            continue
        if len(stem) > 4 and stem in know.reassuring:
            yield Told(True, _WORTH[3], said, clause, "lacking")
        elif len(token.word) >= STEM and text.kind != "item" and (kin := know.stems.get(token.word[:STEM])):
            yield Told(kin[0], _KIN, f"{said} (kin to {kin[1]})", clause, "kin")
