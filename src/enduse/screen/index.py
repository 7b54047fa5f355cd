"""The index: every name of every listed party as flat arrays, built once and kept in a cache file.

Words are numbered; each word knows the names it occurs in (postings), each name its words and what each of them
tells (in hundredths of a nat: `100 * ln(1 / how common)`). Nothing here depends on how queries will be asked.
"""

from __future__ import annotations

import json
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from importlib import import_module
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from enduse.model.listing import ListedParty
from enduse.model.party import PartyKind
from enduse.screen import acronym, features, place, tables, trees, vocabulary
from enduse.screen import cache as kept
from enduse.screen import text as words
from enduse.screen.evidence import Evidence, evidence_of
from enduse.screen.text import BODY, CRAFT, GENERIC, INITIAL, NUMBER, PARTICLE, PERSON, PLAIN, TITLE, Name

try:
    fast: Any = import_module("enduse.screen._fast")
except ImportError:  # no compiler where this was installed: match.py computes the same
    fast = None

Ints = NDArray[Any]

KIND_BITS = {
    PartyKind.PERSON: PERSON,
    PartyKind.ORGANISATION: BODY,
    PartyKind.VESSEL: CRAFT,
    PartyKind.AIRCRAFT: CRAFT,
    PartyKind.ADDRESS: BODY,
    PartyKind.UNKNOWN: PERSON | BODY | CRAFT,
}
WEAK, FORMER, ACRONYM = 1, 2, 4
MOST_AT_ONE_WORD = 2000
"""Parties whose addresses share a word beyond which the word says nothing."""
RARE_WORDS = 6
"""Words of an address that parties are looked for by: the rarest."""
MOST_AT_ADDRESS = 50
KEPT_WORDS = 1 << 15
RAREST = 900
"""The most one word can tell, in hundredths of a nat (one in eight thousand)."""


class Entry(NamedTuple):
    """One listed party as the index reads it; `names` are (text, flags)."""

    list: str
    id: str
    source: str | None
    kind: PartyKind
    names: tuple[tuple[str, int], ...]
    programmes: tuple[str, ...] = ()
    evidence: Evidence = Evidence()


def entry_of(party: ListedParty) -> Entry:
    """A listed party as the index reads it."""
    names = tuple((n.text, (WEAK if n.weak else 0) | (FORMER if n.kind == "former" else 0)) for n in party.names)
    return Entry(party.list, party.id, party.source, party.kind, names, party.programmes, evidence_of(party))


@cache
def common() -> tuple[dict[str, int], dict[str, int]]:
    """How common a word is outside lists, as centinats by sound key: among persons, among bodies."""
    found: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for key, person, body in tables.rows("common_words"):
        if person:
            found[0][key] = int(person)
        if body:
            found[1][key] = int(body)
    return found


def _ends(texts: list[str]) -> Ints:
    """Where each text begins when they stand one after the other, and where the last ends."""
    found = np.zeros(len(texts) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, texts), np.int32, len(texts)), out=found[1:])
    return found


def engine(arrays: dict[str, Ints], *texts: list[str]) -> Any:
    """The accelerator over these arrays, or None where it is not installed (or `ENDUSE_PYTHON_MATCHER` is set)."""
    if fast is None or os.environ.get("ENDUSE_PYTHON_MATCHER") or not len(arrays["name_kind"]):
        return None
    held: dict[str, Any] = dict(arrays)
    for i, text in enumerate(texts):
        held[f"blob{i}"] = "".join(text).encode("ascii")
        held[f"blob_at{i}"] = _ends(text)
    forests = tuple((f.roots, f.feature, f.most, f.no, f.value) for f in trees.forests())
    return fast.Engine(held, features.row(False), features.row(True), features.SECOND_LOOK, forests, words.RULES)


class Index:
    """What is searched: arrays over words (`word_*`), names (`name_*`) and parties (`party_*`)."""

    def __init__(self, arrays: dict[str, Ints], texts: dict[str, list[str]], evidence: Sequence[Evidence]) -> None:
        self.arrays = arrays
        self.words = texts["words"]
        self.keys = texts["keys"]
        self.bones = texts["bones"]
        self.names = texts["names"]
        self.meta = texts["parties"]
        self.evidence = evidence
        self.df_keys = texts["df_keys"]
        self.word_id = {w: i for i, w in enumerate(self.words)}
        self._of_tokens = (arrays["tokens"], arrays["token_tells"], arrays["token_class"], arrays["token_join"])
        self.token_at: list[int] = arrays["token_at"].tolist()
        self.tokens = arrays["tokens"]
        self.parties = len(self.meta)
        self.has_abjad = bool(arrays["word_abjad"].any())
        self._key_df: dict[str, int] = dict(zip(texts["df_keys"], arrays["df"].tolist(), strict=True))
        self._asked: dict[Any, Any] = {}
        self._near: dict[Any, Any] = {}
        self._told: dict[int, dict[str, Any]] = {}
        self.engine = engine(arrays, self.words, self.keys, self.bones)
        self.family = _families(self.word_id, vocabulary.families())
        self.trade = _families(self.word_id, vocabulary.trades())
        self.legal: list[int] = arrays["name_legal"].tolist()
        self.kind: list[int] = arrays["name_kind"].tolist()
        self.flags: list[int] = arrays["name_flags"].tolist()
        self.said: list[int] = arrays["name_said"].tolist()
        self.owner: list[int] = arrays["name_owner"].tolist()
        self._real: list[bool] = arrays["word_real"].tolist()

    @staticmethod
    def build(parties: Iterable[ListedParty]) -> Index:
        """An index over listed parties, in the order given."""
        return Index.of(entry_of(p) for p in parties)

    @staticmethod
    def of(entries: Iterable[Entry]) -> Index:
        """An index over entries already reduced to what the index reads."""
        return _Building(entries).index()

    def save(self, path: Path) -> None:
        """Keep the index in one file, written whole or not at all."""
        texts = {
            "words": self.words,
            "keys": self.keys,
            "bones": self.bones,
            "names": self.names,
            "parties": self.meta,
            "df_keys": self.df_keys,
        }
        kept.write(path, self.arrays, texts, self.evidence)

    @staticmethod
    def load(path: Path) -> Index:
        """An index kept by `save`. A file of another version, or damaged, is a `StoreError`."""
        arrays, texts, evidence = kept.read(path)
        try:
            return Index(arrays, texts, evidence)
        except (KeyError, ValueError) as error:
            raise kept.damaged(path, error) from error

    def party(self, number: int) -> dict[str, Any]:
        """What is shown of a listed party: list, id, source, kind, name, programmes."""
        if number not in self._told:
            names = ("list", "id", "source", "kind", "name", "programmes")
            self._told[number] = dict(zip(names, json.loads(self.meta[number]), strict=True))
        return self._told[number]

    @cached_property
    def room(self) -> Ints:
        """A number for each name, all zero between queries."""
        return np.zeros(len(self.names), np.int32)

    @cached_property
    def alone(self) -> dict[str, list[int]]:
        """Names of bodies that are one short word, which may be an acronym, by that word."""
        found: dict[str, list[int]] = {}
        arrays, starts = self.arrays, self.arrays["token_at"]
        one = np.nonzero((np.diff(starts) == 1) & ((arrays["name_kind"] & BODY) != 0))[0]
        plain = (arrays["token_class"][starts[one]] == PLAIN) & ((arrays["name_flags"][one] & ACRONYM) == 0)
        for name, number in zip(one[plain].tolist(), self.tokens[starts[one[plain]]].tolist(), strict=True):
            word = self.words[number]
            if acronym.SHORTEST <= len(word) <= acronym.LONGEST:
                found.setdefault(word, []).append(name)
        return found

    def countries(self, numbers: frozenset[int]) -> str:
        """Country codes of the numbers the index uses, in order."""
        return ", ".join(place.codes()[n] for n in sorted(numbers))

    def beginning_with(self, word: str) -> set[int]:
        """The bodies with a name that begins with this word, legal form and generic words aside, and goes on."""
        number = self.word_id.get(word)
        if number is None:
            return set()
        first, last = self.arrays["post_at"][number : number + 2].tolist()
        found: set[int] = set()
        for name in self.arrays["posts"][first:last].tolist():
            words, _, classes, _ = self.tokens_of(self.token_at[name], self.token_at[name + 1])
            if self.kind[name] & BODY and len(words) > 1:
                begins = next((w for w, c in zip(words, classes, strict=True) if c == PLAIN), -1)
                if begins == number:
                    found.add(self.owner[name])
        return found

    def sounding(self, key: str) -> list[int]:
        """The words whose sound is `key`."""
        return [n for n in self._filed("code", "code_word", vocabulary.code(key)) if self.keys[n] == key]

    def with_identifier(self, identifier: tuple[str, str]) -> list[int]:
        """The parties that state this identifier."""
        filed = self._filed("id_code", "id_party", vocabulary.code(" ".join(identifier)))
        return [party for party in filed if identifier in self.evidence[party].identifiers]

    def with_address(self, asked: frozenset[str]) -> list[int]:
        """The parties that share at least three words of an address, one of them rare."""
        codes = [vocabulary.code(word) for word in sorted(asked)]
        filed = sorted((self._filed("address_code", "address_party", code) for code in codes), key=len)
        rare = [parties for parties in filed if 0 < len(parties) <= MOST_AT_ONE_WORD][:RARE_WORDS]
        if len(rare) < 3:
            return []
        met = Counter(party for parties in rare for party in parties)
        return sorted((p for p, n in met.items() if n > 2), key=lambda p: (-met[p], p))[:MOST_AT_ADDRESS]

    def _filed(self, codes: str, members: str, code: int) -> list[int]:
        """What is filed under a code."""
        filed, wanted = self.arrays[codes], np.uint32(code)
        first, last = filed.searchsorted(wanted), filed.searchsorted(wanted, "right")
        found: list[int] = self.arrays[members][first:last].tolist()
        return found

    def tokens_of(self, start: int, end: int) -> tuple[list[int], list[int], list[int], list[int]]:
        """Words, what each tells, classes and joined words of the tokens `start` to `end`."""
        words, tells, classes, joined = self._of_tokens
        return (
            words[start:end].tolist(),
            tells[start:end].tolist(),
            classes[start:end].tolist(),
            joined[start:end].tolist(),
        )

    def asked(self, word: str, cls: int, person: bool) -> tuple[str, str, str, int, int, int, int, tuple[int, ...]]:
        """A word as it is asked for: word, sound, consonants, its number (-1: none), what it tells, class, is it a word

        of its own (one that listed names have, or common among names at large), and the numbers of its family."""
        key = (word, cls, person)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) >= KEPT_WORDS:
                self._asked.clear()
            found = self._asked[key] = self._ask(word, cls, person)
        return found

    def _ask(self, word: str, cls: int, person: bool) -> tuple[str, str, str, int, int, int, int, tuple[int, ...]]:
        heard, number = vocabulary.key_of(word), self.word_id.get(word, -1)
        tells = telling(word, cls, person, self._key_df.get(heard, 0), self.parties)
        known = (number >= 0 and self._real[number]) or heard in common()[0 if person else 1]
        return word, heard, words.skeleton(word), number, tells, cls, int(known), tuple(self.akin(word, person))

    def akin(self, word: str, person: bool) -> dict[int, None]:
        """The words of the index that are this one in another language: as a person's name, or as a word of trade."""
        found = dict.fromkeys(m for n in vocabulary.families().get(word, ()) for m in self.family.get(n, ()))
        if not person:
            found.update(dict.fromkeys(m for n in vocabulary.trades().get(word, ()) for m in self.trade.get(n, ())))
        return found


def telling(word: str, cls: int, person: bool, listed: int, parties: int) -> int:
    """How much a word tells, in hundredths of a nat, when `listed` of `parties` have a word of its sound."""
    if cls == PARTICLE:
        return 30
    if cls == TITLE:
        return 15
    if cls == INITIAL:
        return 120
    if cls == NUMBER:
        return 300
    share = int(100 * log((parties + 5000) / (listed + 0.5)))
    outside = common()[0 if person else 1].get(vocabulary.key_of(word), RAREST)
    if not person and cls == PLAIN and outside == RAREST and share < RAREST and len(word) > 4:
        share += (RAREST - share) // 3
    told = min(share, outside, RAREST)
    if not person and outside == RAREST and cls == PLAIN and len(word) > 6:
        told += 25 * min(len(word) - 6, 8)
    if len(word) == 2:
        told = min(told, 450)
    return max(40, told * 7 // 10 if cls == GENERIC else told)


def _families(word_id: dict[str, int], belongs: dict[str, tuple[int, ...]]) -> dict[int, list[int]]:
    """The words of the index in each family."""
    members: dict[int, list[int]] = {}
    for word, numbers in belongs.items():
        if word in word_id:
            for number in numbers:
                members.setdefault(number, []).append(word_id[word])
    return members


def _csr(rows: Iterable[Iterable[int]], dtype: Any = np.int32) -> tuple[Ints, Ints]:
    at: list[int] = [0]
    flat: list[int] = []
    for row in rows:
        flat.extend(row)
        at.append(len(flat))
    return np.array(at, dtype=np.int32), np.array(flat, dtype=dtype)


def joins(name: Name) -> Iterator[tuple[int, str]]:
    """The words a name would have if two neighbours were written as one, with the place of the first."""
    for i, (a, b) in enumerate(pairwise(name.raw)):
        classes = name.classes[i], name.classes[i + 1]
        if NUMBER in classes or len(a) + len(b) < 5 or (classes[0] == PARTICLE and classes[1] == PARTICLE):
            continue
        yield i, (a + b)[: words.MAX_WORD]


class _Building:
    """The arrays of an index while they grow."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.words: list[str] = []
        self.ids: dict[str, int] = {}
        self.real: list[bool] = []
        self.abjad: list[bool] = []
        self.names: list[str] = []
        self.folded: list[Name] = []
        self.owner: list[int] = []
        self.flags: list[int] = []
        self.kinds: list[int] = []
        self.meta: list[str] = []
        self.evidence: list[Evidence] = []
        self.df: dict[str, int] = {}
        self.acronyms: dict[str, int] = {}
        for entry in entries:
            self._add(entry)

    def _number(self, word: str, *, real: bool, abjad: bool) -> int:
        found = self.ids.get(word)
        if found is None:
            found = self.ids[word] = len(self.words)
            self.words.append(word)
            self.real.append(real)
            self.abjad.append(abjad)
        elif real:
            self.real[found] = True
        return found

    def _add(self, entry: Entry) -> None:
        number, kind = len(self.meta), KIND_BITS[entry.kind]
        shown = entry.names[0][0] if entry.names else ""
        self.meta.append(
            json.dumps(
                [entry.list, entry.id, entry.source, entry.kind.value, shown, entry.programmes], ensure_ascii=False
            )
        )
        self.evidence.append(entry.evidence)
        seen: set[tuple[tuple[str, ...], int]] = set()
        sounds: set[str] = set()
        for said, flags in entry.names:
            text = said.replace(kept.BETWEEN, " ")
            name = words.fold.__wrapped__(text, kind)
            if not name.words or (name.words, name.legal) in seen:
                continue
            seen.add((name.words, name.legal))
            self.names.append(text)
            self.folded.append(name)
            self.owner.append(number)
            self.flags.append(flags)
            self.kinds.append(kind)
            sounds.update(map(vocabulary.key_of, name.words))
        if kind & BODY:
            self._add_acronyms(number, {w for words, _ in seen if len(words) == 1 for w in words})
        for key in sounds:
            self.df[key] = self.df.get(key, 0) + 1

    def _add_acronyms(self, party: int, known: set[str]) -> None:
        first = len(self.owner)
        while first and self.owner[first - 1] == party:
            first -= 1
        for at in range(first, len(self.owner)):
            name = self.folded[at]
            for word in acronym.acronyms(self.names[at], name):
                if word not in known:
                    known.add(word)
                    self.acronyms[word] = self.acronyms.get(word, 0) + 1
                    self.names.append(self.names[at])
                    self.folded.append(Name((word,), (word,), (PLAIN,), name.legal, False))
                    self.owner.append(party)
                    self.flags.append(self.flags[at] | ACRONYM)
                    self.kinds.append(BODY)

    def index(self) -> Index:
        """Everything added, as arrays."""
        tokens, tells, joined = self._tokens()
        arrays: dict[str, Ints] = {}
        arrays["token_at"], arrays["tokens"] = _csr(tokens)
        arrays["token_tells"] = np.array([t for row in tells for t in row], dtype=np.int16)
        arrays["token_class"] = np.array([c for n in self.folded for c in n.classes], dtype=np.uint8)
        arrays["token_join"] = np.array([j for row in joined for j in row], dtype=np.int32)
        arrays["name_owner"] = np.array(self.owner, dtype=np.int32)
        arrays["name_flags"] = np.array(self.flags, dtype=np.uint8)
        arrays["name_kind"] = np.array(self.kinds, dtype=np.uint8)
        arrays["name_head"] = np.array([words.head(t) for t in self.names], dtype=np.uint32)
        arrays["name_said"] = np.array([words.said(t) for t in self.names], dtype=np.uint32)
        arrays["name_legal"] = np.array([n.legal for n in self.folded], dtype=np.uint16)
        arrays["name_tells"] = np.array([sum(row) for row in tells], dtype=np.int32)
        arrays["post_at"], arrays["posts"] = self._postings(tokens, joined)
        arrays["word_abjad"] = np.array(self.abjad, dtype=np.bool_)
        arrays["word_real"] = np.array(self.real, dtype=np.bool_)
        arrays["code"], arrays["code_word"] = self._codes()
        arrays["bone"], arrays["bone_word"] = self._bones()
        arrays["id_code"], arrays["id_party"] = self._particulars(
            {" ".join(i) for i in e.identifiers} for e in self.evidence
        )
        arrays["address_code"], arrays["address_party"] = self._particulars(
            {w for address in e.addresses for w in address} for e in self.evidence
        )
        arrays["df"] = np.array(list(self.df.values()), dtype=np.int32)
        keys = [vocabulary.key_of(w) for w in self.words]
        texts = {
            "words": self.words,
            "keys": keys,
            "bones": [words.skeleton(w) for w in self.words],
            "names": self.names,
            "parties": self.meta,
            "df_keys": list(self.df),
        }
        return Index(arrays, texts, self.evidence)

    def _tokens(self) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
        tokens, tells, joined = [], [], []
        parties = len(self.meta)
        for name, kind, flags in zip(self.folded, self.kinds, self.flags, strict=True):
            alike, most = 0, RAREST
            if flags & ACRONYM:
                alike, most = self.acronyms[name.words[0]], acronym.telling(name.words[0])
            tokens.append([self._number(w, real=True, abjad=name.abjad) for w in name.words])
            tells.append(
                [
                    min(most, telling(w, c, kind == PERSON, self.df.get(vocabulary.key_of(w), 0) + alike, parties))
                    for w, c in zip(name.words, name.classes, strict=True)
                ]
            )
            row = [-1] * len(name.words)
            for i, word in joins(name):
                row[i] = self._number(word, real=False, abjad=name.abjad)
            joined.append(row)
        return tokens, tells, joined

    def _postings(self, tokens: list[list[int]], joined: list[list[int]]) -> tuple[Ints, Ints]:
        filed, named = array("i"), array("i")
        for number, (name, ids, row) in enumerate(zip(self.folded, tokens, joined, strict=True)):
            plain = [w for w, c in zip(ids, name.classes, strict=True) if c not in (PARTICLE, TITLE)]
            found = {*(plain or ids), *(j for j in row if j >= 0)}
            filed.extend(found)
            named.extend([number] * len(found))
        word, name_of = np.array(filed, dtype=np.int32), np.array(named, dtype=np.int32)
        order = np.lexsort((name_of, word))
        at = np.searchsorted(word[order], np.arange(len(self.words) + 1)).astype(np.int32)
        return at, name_of[order]

    def _codes(self) -> tuple[Ints, Ints]:
        codes, numbers = array("L"), array("i")
        for number, (word, real) in enumerate(zip(self.words, self.real, strict=True)):
            found = vocabulary.filed(word, vocabulary.key_of(word), real)
            codes.extend(found)
            numbers.extend([number] * len(found))
        return _sorted(codes, numbers)

    def _particulars(self, stated: Iterable[set[str]]) -> tuple[Ints, Ints]:
        found = [(vocabulary.code(one), party) for party, told in enumerate(stated) for one in told]
        return _sorted(array("L", [c for c, _ in found]), array("i", [p for _, p in found]))

    def _bones(self) -> tuple[Ints, Ints]:
        found = [(vocabulary.code(bone), n) for n, w in enumerate(self.words) if len(bone := words.skeleton(w)) > 1]
        return _sorted(array("L", [c for c, _ in found]), array("i", [n for _, n in found]))


def _sorted(codes: array[int], numbers: array[int]) -> tuple[Ints, Ints]:
    """Codes in order, and the words filed under them, in order under each code."""
    filed, named = np.array(codes, dtype=np.uint32), np.array(numbers, dtype=np.int32)
    order = np.lexsort((named, filed))
    return filed[order], named[order]


__all__ = ["FORMER", "INITIAL", "KIND_BITS", "WEAK", "Entry", "Index", "entry_of", "place"]
