"""Weighing evidence beyond the name: what each particular adds to the log-odds or takes from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from enduse.screen import features
from enduse.screen.calibrate import Place
from enduse.screen.evidence import Evidence
from enduse.screen.index import ACRONYM, FORMER, WEAK, Index
from enduse.screen.text import PERSON, words_of

Births = tuple[tuple[int, int, int], ...]
NAMELESS = -6.0
"""Log-odds of a party found by number or address whose name meets in nothing."""
_ONE_PER_PARTY = {
    "imo": "vessel_number_differs",
    "lei": "register_number_differs",
    "duns": "register_number_differs",
    "registration": "document_differs",
    "tax": "register_number_differs",
    "mmsi": "document_differs",
    "passport": "document_differs",
    "national_id": "register_number_differs",
}


def steps(index: Index, party: int, name: int, kinds: int, evidence: Evidence) -> list[tuple[str, float, str, str]]:
    """Each particular that counts: feature, log-odds, ours, theirs."""
    listed = index.evidence[party]
    person = kinds == PERSON or (name >= 0 and index.kind[name] == PERSON)
    found: list[tuple[str, float, str, str]] = []
    if name >= 0 and index.flags[name]:
        flags = index.flags[name]
        for bit, feature in ((WEAK, "weak_alias"), (FORMER, "former_name"), (ACRONYM, "acronym")):
            if flags & bit:
                found.append((feature, features.SET[feature], "", index.names[name]))
    if evidence.countries and listed.countries:
        feature = "country_agrees" if evidence.countries & listed.countries else "country_differs"
        found.append(
            (
                feature,
                features.weights()[person][feature],
                index.countries(evidence.countries),
                index.countries(listed.countries),
            )
        )
    if evidence.births and listed.births:
        found.append(_birth(evidence.births, listed.births))
    if evidence.identifiers and listed.identifiers:
        found.extend(_identifiers(evidence, listed))
    if evidence.addresses and listed.addresses:
        found.extend(_addresses(evidence, listed))
    return found


def place_of(steps: Iterable[tuple[str, float, str, str]]) -> Place:
    """What countries say, of the particulars that count."""
    named = {step[0] for step in steps}
    if "country_agrees" in named:
        return Place.AGREES
    return Place.DIFFERS if "country_differs" in named else Place.SILENT


AGAINST_NAME = frozenset({"weak_alias", "birth_differs", "vessel_number_differs", "register_number_differs"})
"""What takes the force from meeting a listed name word for word: place alone does not, people and firms move."""


def named(index: Index, asked: str, party: int, name: int, kinds: int, evidence: Evidence) -> bool:
    """Are these the very words of a listed name, with nothing against it but place?"""
    if name < 0:
        return False
    words = words_of(asked)
    if not words or words != words_of(index.names[name]):
        return False
    return AGAINST_NAME.isdisjoint(step[0] for step in steps(index, party, name, kinds, evidence))


def added(index: Index, party: int, name: int, kinds: int, evidence: Evidence) -> float:
    """What the evidence adds to the log-odds of one party."""
    if evidence.births or evidence.identifiers or evidence.addresses:
        return sum(step[1] for step in steps(index, party, name, kinds, evidence))
    flags = index.flags[name] if name >= 0 else 0
    total = _name_kind(flags) if flags else 0.0
    if evidence.countries and (listed := index.evidence[party].countries):
        person = kinds == PERSON or (name >= 0 and index.kind[name] == PERSON)
        feature = "country_differs" if evidence.countries.isdisjoint(listed) else "country_agrees"
        total += features.weights()[person][feature]
    return total


def _name_kind(flags: int) -> float:
    said = features.SET
    total = said["weak_alias"] if flags & WEAK else 0.0
    total += said["former_name"] if flags & FORMER else 0.0
    return total + (said["acronym"] if flags & ACRONYM else 0.0)


def _birth(ours: Births, theirs: Births) -> tuple[str, float, str, str]:
    nearest = min(abs(a[0] - b[0]) for a in ours for b in theirs)
    if any(a == b and a[2] for a in ours for b in theirs):
        feature = "birth_date_agrees"
    else:
        feature = ("birth_year_agrees", "birth_year_close", "birth_differs")[min(nearest, 2)]
    return feature, features.SET[feature], _dates(ours), _dates(theirs)


def _dates(dates: tuple[tuple[int, int, int], ...]) -> str:
    return ", ".join("-".join(f"{part:02d}" for part in date if part) for date in dates)


def _identifiers(ours: Evidence, theirs: Evidence) -> list[tuple[str, float, str, str]]:
    same = ours.identifiers & theirs.identifiers
    if same:
        kind, value = min(same)
        return [("identifier_agrees", features.SET["identifier_agrees"], f"{kind} {value}", f"{kind} {value}")]
    by_value = {v for k, v in ours.identifiers if len(v) > 6} & {v for k, v in theirs.identifiers}
    if by_value:
        value = min(by_value)
        return [("identifier_agrees", features.SET["identifier_agrees"], value, value)]
    found = []
    for kind, feature in _ONE_PER_PARTY.items():
        mine = sorted(v for k, v in ours.identifiers if k == kind)
        thine = sorted(v for k, v in theirs.identifiers if k == kind)
        if mine and thine:
            found.append((feature, features.SET[feature], f"{kind} {', '.join(mine)}", f"{kind} {', '.join(thine)}"))
    return found


def _addresses(ours: Evidence, theirs: Evidence) -> list[tuple[str, float, str, str]]:
    best, pair = 0.0, (frozenset[str](), frozenset[str]())
    for a in ours.addresses[:8]:
        for b in theirs.addresses[:40]:
            met = a & b
            numbers_differ = bool(_numbers(a)) and bool(_numbers(b)) and not (_numbers(a) & _numbers(b))
            likeness = len(met) / min(len(a), len(b)) if len(met) > 2 and not numbers_differ else 0.0
            if likeness > best:
                best, pair = likeness, (a, b)
    feature = "address_agrees" if best >= 0.75 else "address_near" if best >= 0.5 else ""
    return [(feature, features.SET[feature], " ".join(sorted(pair[0])), " ".join(sorted(pair[1])))] if feature else []


def _numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(w for w in words if w[0].isdigit())


def add_nameless(index: Index, evidence: Evidence, best: dict[int, Any], make: Callable[..., Any]) -> None:
    """Parties that share an identifier or an address, though their names are unlike."""
    for identifier in evidence.identifiers:
        for party in index.with_identifier(identifier):
            best.setdefault(party, make(NAMELESS, party, -1, 0))
    for words in evidence.addresses:
        for party in index.with_address(words):
            best.setdefault(party, make(NAMELESS, party, -1, 0))
