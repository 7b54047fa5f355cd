"""What a name says: any script and spelling folded to plain words, each with its class.

Folding is the same for list and query, so that two spellings of one name meet. Words keep their order; legal
forms ("GmbH", "OOO") are taken out and returned as a set of classes; particles, titles, numbers and generic
business words stay, marked as what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar
from zlib import crc32

from anyascii import anyascii
from rapidfuzz.distance import OSA

from enduse.screen import tables

T = TypeVar("T")

PLAIN, GENERIC, PARTICLE, TITLE, NUMBER, INITIAL = range(6)
PERSON, BODY, CRAFT = 1, 2, 4
"""What a name may name, as bits: a person, a body (organisation), a vessel or aircraft."""

MAX_NAME = 400
"""Characters of a name that are read; the rest of a longer one cannot make it more distinct."""
MAX_WORDS = 16
"""Words of a name that are compared."""
MAX_WORD = 40
"""Characters of a word that are compared."""

_PLAIN_NAME = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*\Z")
_SPLIT = re.compile(r"[a-z0-9]+")
_DOTTED = re.compile(r"\b(?:[a-z0-9]\.\s?){2,}[a-z0-9]?\b")
_SHIP = re.compile(r"\b([ms])\s?[/.]\s?([vtsy])\b\.?")
_PAREN = re.compile(r"[()\[\]{}\"“”«»]")
_TAILNUMBER = re.compile(r"([a-z]{2,})(\d{1,4})\Z")
_MISREAD = re.compile(r"(?=(?:[^a-z]*[a-z]){3})[a-z015]*[a-z][015]{1,2}[a-z]+\Z|0[a-z]{4,}\Z")
_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th)\Z")
_READ = str.maketrans("015", "ols")
_LEADNUMBER = re.compile(r"(\d{1,5})([a-z]{3,})\Z")
_GLUED = re.compile(r"(?<=[a-z\u00df-\u00ff\u0430-\u045f])(?=[A-Z\u00c0-\u00de\u0410-\u042f][^\W\d_])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HAN = re.compile(r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\x00-\x08\x0e-\x1f\x7f]")
_ABJAD = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN = {"x" * (n // 10) + _ONES[n % 10]: str(n) for n in range(2, 40) if n not in (5, 10)}
_LAST_LETTER = {"i": "1", "v": "5", "x": "10"}
_COUNTED = _ROMAN | {
    word: str(number)
    for number, listed in enumerate(
        (
            "first pervyi pervaya",
            "second two",
            "third three",
            "fourth four",
            "fifth five",
            "sixth six",
            "seventh seven",
            "eighth eight",
            "ninth nine",
            "tenth ten",
            "eleventh eleven",
            "twelfth twelve",
        ),
        1,
    )
    for word in listed.split()
}
_SERVANT = re.compile(
    r"(?:abd|abdh)(?:ul|el|al|ol|oul|ool|ur|er|ar|or|us|as|es|ush|esh|ash|un|an|en|ud|ed|ad|oel|ou|u|o)?([bcdfghjklmnpqrstvwxz].{3,})\Z"
)
_SERVANT_PLAIN = re.compile(r"abd[aeou]u?l([aeiouy].{2,})\Z")
_ABD = frozenset({"abdul", "abdel", "abdal", "abdol", "abdoul", "abdool", "abdu", "abdur", "abder", "abdoel"})

_LOOKALIKE = str.maketrans(
    "АВЕЅЗІЈКМНОРСТУХаеѕіјорсухԁԛԝһӏАΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ",
    "ABESZIJKMHOPCTYXaesijopcyxdqwhlAABEZHIKMNOPTYXaikvoptux",
)
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTYXaeopcyxik", "АВЕКМНОРСТУХаеорсухік")


class Name(NamedTuple):
    """A folded name: words, the class of each, legal-form classes as bits, and whether it was written without vowels.

    `raw` are the words before generic ones were given their common form ("agro" for "agriculture").
    """

    words: tuple[str, ...]
    raw: tuple[str, ...]
    classes: tuple[int, ...]
    legal: int
    abjad: bool


def _unmask(word: str) -> str:
    """One script per word: letters borrowed from another alphabet to fool a filter are given back."""
    cyrillic = sum("\u0400" <= c <= "\u052f" for c in word)
    greek = sum("\u0370" <= c <= "\u03ff" for c in word)
    latin = sum("a" <= c.lower() <= "z" or "\u00c0" <= c <= "\u024f" for c in word)
    if not (cyrillic or greek) or not latin:
        return word
    return word.translate(_LOOKALIKE) if latin >= cyrillic + greek or not cyrillic else word.translate(_TO_CYRILLIC)


def _spread(match: re.Match[str]) -> str:
    return " " + _CAMEL.sub(" ", str(anyascii(match.group(0)))) + " "


@lru_cache(1 << 10)
def plain(text: str) -> str:
    """`text` in lower-case ASCII letters, digits and punctuation: the script folded away."""
    text = _GLUED.sub(" ", text[:MAX_NAME])
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))[:MAX_NAME]
        text = " ".join(_unmask(w) if not w.isascii() else w for w in text.split())
        text = str(anyascii(_HAN.sub(_spread, text)))
    return text.lower().replace("'", "").replace("`", "")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in ASCII, sorted: equal for names that differ in order, case, accents or signs alone."""
    return tuple(sorted(_SPLIT.findall(plain(text))))


@lru_cache(1 << 10)
def said(text: str) -> int:
    """The number of `words_of` a name: names of the same words have the same one."""
    return crc32(" ".join(words_of(text)).encode())


HEAD = 6
"""Letters with which a name begins, by which names cut short are told from others at a glance."""


def head(text: str) -> int:
    """The number of the letters a name begins with, never 0."""
    return crc32(plain(text).strip()[:HEAD].encode()) or 1


@cache
def _legal_forms() -> tuple[dict[tuple[str, ...], int], frozenset[str]]:
    forms: dict[tuple[str, ...], int] = {}
    for bit, (_, listed) in enumerate(tables.rows("legal_forms")):
        for form in listed.split("|"):
            forms.setdefault(tuple(_SPLIT.findall(plain(form))), 1 << bit)
    return forms, frozenset(form[0] for form in forms)


def legal_form(word: str) -> int:
    """The class bit of a legal form written as one word, 0 when it is none."""
    return _legal_forms()[0].get((word,), 0)


LONGEST_FORM = 10


def _without_legal_forms(words: list[str]) -> tuple[list[str], int]:
    """The words outside legal forms, and the classes of the forms. A name made of forms alone keeps its words."""
    forms, starts = _legal_forms()
    kept: list[str] = []
    legal = i = 0
    while i < len(words):
        if words[i] in starts:
            for length in range(min(LONGEST_FORM, len(words) - i), 0, -1):
                bit = forms.get(tuple(words[i : i + length]))
                if bit is not None:
                    break
            else:
                bit = None
            if bit is not None and (length > 1 or len(words[i]) > 2 or i in (0, len(words) - 1) or i >= len(words) - 3):
                legal |= bit
                i += length
                continue
        kept.append(words[i])
        i += 1
    if not kept or all(w in tables.words("particles") for w in kept):
        return words, 0
    return kept, legal


@cache
def _misspellings() -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    """The business words and parts of legal forms, those put right, and what each is with one letter left out.

    Of the words of other languages only the long ones: a short one is too near to names.
    """
    forms, _ = _legal_forms()
    business = tables.canonical("generic_words")
    sure = {w for form in forms for w in form} | set(business.values())
    without: dict[str, str] = {}
    righted = {w for w in sure if len(w) > 5} | {w for w in business if len(w) > 7}
    for word in sorted(righted):
        for i in range(len(word)):
            without.setdefault(word[:i] + word[i + 1 :], word)
    return frozenset(sure | business.keys()), frozenset(righted), without


@lru_cache(1 << 16)
def _respelt(word: str) -> str:
    """A business word with one wrong, missing, doubled or exchanged letter, put right; any other word as it is."""
    known, righted, without = _misspellings()
    if len(word) < 5 or word in known or not word.isalpha():
        return word
    if word in without:
        return without[word]
    for i in range(1, len(word)):
        less = word[:i] + word[i + 1 :]
        found = less if less in righted else without.get(less)
        if found is not None and OSA.distance(word, found) == 1:
            return found
    return word


@cache
def _long_forms() -> tuple[str, ...]:
    forms, _ = _legal_forms()
    return tuple(sorted({w for form in forms for w in form if len(w) > 6} | {"joint"}, key=lambda w: (-len(w), w)))


@lru_cache(1 << 16)
def _apart(word: str) -> tuple[str, ...]:
    """A word with its spelling put right where it is a business word, and cut where a long legal form was glued on."""
    if len(word) > 10 and (word.endswith(_long_forms()) or word.startswith(_long_forms())):
        for form in _long_forms():
            if word == form:
                break
            if len(word) - len(form) < 4:
                continue
            if word.endswith(form):
                return word[: -len(form)], form
            if word.startswith(form) and form != "joint":
                return form, word[len(form) :]
    return (_respelt(word),)


def _written_out(words: list[str]) -> list[str]:
    """The words with trade abbreviations written out ("nii" is "research institute"), no word twice running."""
    short = tables.written_out()
    if any(w in short for w in words):
        words = [part for w in words for part in short.get(w, (w,))]
    return [w for i, w in enumerate(words) if not i or w != words[i - 1]]


def _collapse(match: re.Match[str]) -> str:
    return match.group(0).replace(".", "").replace(" ", "") + " "


@lru_cache(1 << 16)
def _parts(word: str) -> tuple[str, ...]:  # noqa: PLR0911
    """A word as it is compared: `abdulrahman` is two words, `plant5` too."""
    if len(word) > 7 and word.startswith("abd") and (m := _SERVANT_PLAIN.match(word) or _SERVANT.match(word)):
        return ("abd", m.group(1)[:MAX_WORD])
    if word in _ABD:
        return ("abd",)
    if m := _TAILNUMBER.match(word):
        return (m.group(1)[:MAX_WORD], m.group(2).lstrip("0") or "0")
    if m := _ORDINAL.match(word):
        return (m.group(1).lstrip("0") or "0",)
    if m := _MISREAD.match(word):
        return (word.translate(_READ)[:MAX_WORD],)
    if m := _LEADNUMBER.match(word):
        return (m.group(1).lstrip("0") or "0", m.group(2)[:MAX_WORD])
    if word.isdigit():
        return (word[:MAX_WORD].lstrip("0") or "0",)
    return (word[:MAX_WORD],)


_ENDINGS = "aya|aia|aja|oye|oie|oe|ogo|oi|oy|om|ykh|ikh|yi|iy|ii|ij|ye|ie|ym|im|y|i"
_ENDING = re.compile(rf"(?:{_ENDINGS})\Z")


def stem(word: str) -> str:
    """A word of six letters or more without the ending of a Slavic adjective; a shorter one is no stem."""
    found = _ENDING.sub("", word)
    return found if len(found) > 4 and found != word else ""


SLAVIC = ("skii", "nyi", "naya", "noe", "skaya", "voi", "vyi", "dnoi")
"""Endings of adjectives in our tables whose other endings are read too."""


def inflected(known: Mapping[str, T]) -> dict[str, T]:
    """What is known of words, with every other ending of the Slavic adjectives among them."""
    stems = {cut: found for word, found in known.items() if word.endswith(SLAVIC) and (cut := stem(word))}
    forms = ((cut, cut + ending) for cut in stems for ending in _ENDINGS.split("|"))
    return {form: stems[cut] for cut, form in forms if stem(form) == cut} | dict(known)


@cache
def _generic() -> dict[str, str]:
    return inflected(tables.canonical("generic_words"))


@lru_cache(1 << 16)
def _classed(word: str, person: bool) -> tuple[str, int]:
    if word.isdigit():
        return word, NUMBER
    if word in tables.words("particles"):
        return word, PARTICLE
    if person:
        if word in tables.words("titles"):
            return word, TITLE
    else:
        if word in _COUNTED:
            return _COUNTED[word], NUMBER
        found = _generic().get(word)
        if found is not None:
            return found, GENERIC
    return word, INITIAL if len(word) == 1 else PLAIN


@lru_cache(1 << 12)
def fold(text: str, kind: int) -> Name:
    """A name as it is compared. `kind` is what it may name (bits); legal forms are only looked for in bodies."""
    folded = plain(text)
    person = kind == PERSON
    if not person and "." in folded:
        folded = _DOTTED.sub(_collapse, folded)
    if kind == CRAFT:
        folded = _SHIP.sub(r"\1\2 ", folded)
    if "&" in folded:
        folded = folded.replace("&", " and ")
    found = _SPLIT.findall(folded)
    words = [part for word in found for part in _parts(word)] if found else []
    legal = 0
    if kind & BODY and not person:
        words, legal = _without_legal_forms([part for w in words for part in _apart(w)])
        words = _written_out(words)
    if kind == CRAFT and len(words) > 1:
        words = [w for w in words if w not in tables.words("vessel_words")] or words
    told = [(*_classed(word, person), word) for word in words]
    if not person and len(told) > 1 and told[-1][0] in _LAST_LETTER:
        told[-1] = (_LAST_LETTER[told[-1][0]], NUMBER, words[-1])
    told = [t for i, t in enumerate(told) if t[1] != GENERIC or not i or t[0] != told[i - 1][0]][:MAX_WORDS]
    abjad = not text.isascii() and _ABJAD.search(text) is not None
    return Name(tuple(t[0] for t in told), tuple(t[2] for t in told), tuple(t[1] for t in told), legal, abjad)


RULES: dict[str, str] = {row[0]: row[1] for row in tables.rows("sounds")}
"""How letters sound: the longest rule that fits at a place is taken."""
_SOUND = re.compile("|".join(sorted(map(re.escape, RULES), key=len, reverse=True)))
_DOUBLE = re.compile(r"(.)\1+")
_VOWEL = re.compile(r"[aiu]")


@lru_cache(1 << 17)
def sound(word: str) -> str:
    """How a word sounds across transliterations: `Khaled` and `Halid` give the same key."""
    if word[:1] == "x" and word[1:2] in ("a", "e", "o"):
        word = "kh" + word[1:]  # no pinyin: the letter stands for a rough h
    key = _SOUND.sub(lambda m: RULES[m.group(0)], word)
    return _DOUBLE.sub(r"\1", key)[:MAX_WORD]


@lru_cache(1 << 17)
def skeleton(word: str) -> str:
    """The consonants of a word's sound, as a script without vowels writes it."""
    return _VOWEL.sub("", sound(word).replace("v", "u").replace("j", "i"))
