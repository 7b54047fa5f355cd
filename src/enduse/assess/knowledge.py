"""What the red-flag pack knows, compiled once for quick reading: phrases, places, sectors, product families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from enduse.assess.words import Lexicon, Match, level
from enduse.model.law import Effect
from enduse.rules.pack import RulePack
from enduse.rules.tables import Table

PARTS = frozenset({"end", "buyer", "middle", "seller", "agent", "recipient"})
TOLD = frozenset({"payment", "packaging", "routing", "documents", "communications", "order", "history", "other"})
_GROUPS: Mapping[str, frozenset[str]] = {
    "party": PARTS,
    "told": TOLD,
    "any": PARTS | TOLD | {"use", "address", "owner"},
}


@dataclass(frozen=True)
class Family:
    """A family of products: who uses it for good, what harm it can serve, which control entries it meets."""

    name: str
    uses: tuple[str, ...]
    harms: tuple[str, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """A group of words that alarm or reassure by themselves: how much, and in which kinds of text."""

    alarm: bool
    grade: int
    concept: str
    where: frozenset[str]


@dataclass(frozen=True)
class Knowledge:
    """The pack's tables in the form the readers use."""

    signs: Lexicon
    where: Mapping[str, frozenset[str]]
    polarity: Mapping[str, int]
    places: Lexicon
    sectors: Lexicon
    near: Mapping[str, frozenset[str]]
    families: Lexicon
    family: Mapping[str, Family]
    valence: Lexicon
    word: Mapping[str, Word]
    reassuring: frozenset[str]
    stems: Mapping[str, tuple[bool, str]]

    def signs_in(self, text: str, kind: str | None = None) -> tuple[Match, ...]:
        """The signs in a text of this kind of place (any kind if None), of each at one place only the longest."""
        found: dict[tuple[str, int], Match] = {}
        for match in self.signs.find(text):
            if kind is None or kind in self.where[match.key]:
                sign = match.key.partition("#")[0]
                if (sign, match.first) not in found or found[sign, match.first].last < match.last:
                    found[sign, match.first] = match._replace(key=sign)
        return tuple(found.values())

    def read_from_words(self) -> frozenset[str]:
        """The signs that phrases can show; the others come from fields and comparisons."""
        return frozenset(key.partition("#")[0] for key in self.where)


def knowledge_of(pack: RulePack) -> Knowledge:
    """The pack's knowledge, compiled once per pack digest."""
    return _compiled(Keyed(pack))


class Keyed:
    """A pack that is the same pack when its bytes are."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return hash(self.pack.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and other.pack.digest == self.pack.digest


@lru_cache(maxsize=8)
def _compiled(keyed: Keyed) -> Knowledge:
    pack, tables = keyed.pack, keyed.pack.tables
    words = _rows(tables, "words")
    families = _rows(tables, "families")
    valence = _rows(tables, "valence")
    return Knowledge(
        signs=Lexicon((f"{r['sign']}#{n}", r["words"]) for n, r in enumerate(words)),
        where=_where(words),
        polarity=_polarity(pack),
        places=Lexicon((r["place"], r["words"]) for r in _rows(tables, "gazetteer")),
        sectors=Lexicon((r["sector"], r["words"]) for r in _rows(tables, "sectors")),
        near=_near(_rows(tables, "near")),
        families=Lexicon((r["family"], r["words"]) for r in families),
        family={r["family"]: _family(r) for r in families},
        valence=Lexicon((str(n), r["words"]) for n, r in enumerate(valence)),
        word={str(n): _word(r) for n, r in enumerate(valence)},
        stems=_stems(valence),
        reassuring=frozenset(
            level(w) for r in valence if r["side"] == "ease" for w in r["words"].split(" | ") if " " not in w
        ),
    )


def _rows(tables: Mapping[str, Table], name: str) -> list[Mapping[str, str]]:
    return list(tables[name].rows) if name in tables else []


def _where(words: Iterable[Mapping[str, str]]) -> Mapping[str, frozenset[str]]:
    return {f"{row['sign']}#{n}": _kinds(row["where"]) for n, row in enumerate(words)}


def _kinds(text: str) -> frozenset[str]:
    return frozenset().union(*(_GROUPS.get(w, frozenset({w})) for w in text.split()))


def _polarity(pack: RulePack) -> Mapping[str, int]:
    """+1 for a sign some rule flags, -1 for one that reassures."""
    signs: dict[str, int] = {}
    for rule in pack.rules:
        side = 1 if rule.versions[-1].effect is Effect.FLAGS else -1
        signs[rule.id.rpartition(".")[2]] = side
    return signs


STEM = 6
"""Letters that two words must share from their beginning to be taken for kin."""


def _stems(rows: Iterable[Mapping[str, str]]) -> Mapping[str, tuple[bool, str]]:
    """Beginnings that only alarming or only reassuring words have, with the first such word."""
    sides: dict[str, dict[bool, str]] = {}
    for row in rows:
        for word in (level(w) for w in row["words"].split(" | ") if " " not in w):
            if len(word) >= STEM and int(row["grade"]) > 1:
                sides.setdefault(word[:STEM], {}).setdefault(row["side"] == "alarm", word)
    return {stem: next(iter(side.items())) for stem, side in sides.items() if len(side) == 1}


def _word(row: Mapping[str, str]) -> Word:
    return Word(row["side"] == "alarm", int(row["grade"]), row["concept"], _kinds(row["where"]))


def _family(row: Mapping[str, str]) -> Family:
    return Family(row["family"], tuple(row["uses"].split()), tuple(row["harms"].split()), tuple(row["entries"].split()))


def _near(rows: Iterable[Mapping[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        for other in row["near"].split():
            found.setdefault(row["sector"], set()).add(other)
            found.setdefault(other, set()).add(row["sector"])
    return {k: frozenset(v) for k, v in found.items()}
