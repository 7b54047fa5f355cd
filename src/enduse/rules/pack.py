"""Rule packs: law as one frozen value, with an index that finds the few rules a line can meet.

A pack is a folder of data: `pack.toml`, `facts.toml`, `rules/*.toml`, `tables/*.csv`. Packs that ship with Enduse may
add a module `law.py` with derived facts and rules read from table rows; a stranger's pack cannot run code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, Protocol

from enduse.model.law import AllOf, AnyOf, FactType, PackInfo, Rule, RuleVersion, Test, When
from enduse.model.listing import ListedParty
from enduse.model.party import Party
from enduse.model.transaction import Transaction
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Fact, Facts
from enduse.rules.readings import Reading
from enduse.rules.tables import Table, Tables


class Live(NamedTuple):
    """One rule as it stands on one day."""

    id: str
    title: str
    version: RuleVersion


class Listed(NamedTuple):
    """One party of the transaction that is, or may be, on a list.

    `tag` is `list:SOURCE` (`us_csl:EL`) or the list's id; `entry` is absent when the user stated the listing;
    `certain` is false for a hit that nobody has judged; `said` is the evidence.
    """

    party: Party
    tag: str
    certain: bool
    said: str
    entry: ListedParty | None = None


class Listings(NamedTuple):
    """What screening found, and which lists (or `list:SOURCE` parts) were asked, each with its snapshot's day."""

    found: tuple[Listed, ...] = ()
    asked: Mapping[str, str] = MappingProxyType({})


class Question(NamedTuple):
    """What a pack's own module is given: the line asked about and everything known so far."""

    transaction: Transaction
    line: int
    facts: Facts
    tables: Tables
    listings: Listings = Listings()


class PackModule(Protocol):
    """What a pack's `law.py` may offer beside its data."""

    def derive(self, asked: Question) -> Mapping[str, Fact]:
        """Facts that follow from others by arithmetic or membership."""
        ...

    def rules_for(self, code: str, tables: Tables) -> Iterable[Live]:
        """Rules that stand in table rows about one code."""
        ...

    def check_code(self, code: str, tables: Tables) -> str | None:
        """What is wrong with a code that is not on the list on this day (with the nearest that are), or None."""
        ...


@dataclass(frozen=True)
class RulePack:
    """One jurisdiction's law (or one catalogue of indicators) as data."""

    info: PackInfo
    types: Mapping[str, FactType]
    rules: tuple[Rule, ...]
    tables: Mapping[str, Table]
    digest: str
    readings: tuple[Reading, ...] = ()
    module: PackModule | None = None
    _days: dict[date, Shelf] = field(default_factory=dict, compare=False, repr=False)

    def at(self, day: date) -> Shelf:
        """The law in force on `day`, ready to be asked."""
        if day not in self._days:
            self._days[day] = Shelf.of(self, day)
        return self._days[day]

    def __getstate__(self) -> dict[str, object]:
        kept = dict(self.__dict__)
        kept["_days"] = {}
        kept["module"] = None
        return kept


@dataclass(frozen=True)
class Shelf:
    """The rules of one day, found by code, by place, or always."""

    tables: Tables
    by_code: Mapping[str, tuple[Live, ...]]
    by_family: tuple[tuple[tuple[str, ...], Live], ...]
    by_place: tuple[tuple[frozenset[str], Live], ...]
    always: tuple[Live, ...]
    dormant: tuple[Live, ...]

    @classmethod
    def of(cls, pack: RulePack, day: date) -> Shelf:
        """Sort the day's rules by the one fact each cannot do without."""
        tables = Tables(pack.tables, day)
        by_code: dict[str, list[Live]] = {}
        family, place, always = [], [], []
        for live in _live(pack.rules, day):
            codes = _anchor(live.version.when, pack.info.code_fact, "under")
            places = _anchor(live.version.when, pack.info.place_fact, "in") or _anchor(
                live.version.when, pack.info.place_fact, "is"
            )
            if codes and all(len(c) >= _STEM and not c.endswith("*") for c in codes):
                for stem in {c[:_STEM] for c in codes}:
                    by_code.setdefault(stem, []).append(live)
            elif codes:
                family.append((codes, live))
            elif places:
                place.append((_places(places, tables), live))
            else:
                always.append(live)
        return cls(
            tables,
            {k: tuple(v) for k, v in by_code.items()},
            tuple(family),
            tuple(place),
            tuple(always),
            tuple(_dormant(pack.rules, day)),
        )

    def asked(self, facts: Facts, info: PackInfo, module: PackModule | None) -> Iterator[Live]:
        """The rules that these facts could meet."""
        yield from self.always
        code, place = facts.get(info.code_fact), facts.get(info.place_fact)
        for text in _texts(code):
            yield from self.by_code.get(text[:_STEM], ())
            yield from (r for c, r in self.by_family if any(code_under(text, t) is not Verdict.FALSE for t in c))
            if module is not None:
                yield from module.rules_for(text, self.tables)
        at = frozenset(_texts(place)) | (place.possible if place else frozenset())
        yield from (r for places, r in self.by_place if places & at)


_STEM = 5  # an ECCN is five characters; `EAR99` is too


def _texts(fact: Fact | None) -> tuple[str, ...]:
    if fact is None or fact.value is None:
        return ()
    return tuple(sorted(fact.value)) if isinstance(fact.value, frozenset) else (str(fact.value),)


def _live(rules: Iterable[Rule], day: date) -> Iterator[Live]:
    for rule in rules:
        version = rule.at(day)
        if version is not None:
            yield Live(rule.id, rule.title, version)


def _dormant(rules: Iterable[Rule], day: date) -> Iterator[Live]:
    """Texts printed on this day but suspended, stayed or not enforced."""
    for rule in rules:
        for v in rule.versions:
            if v.status != "in_force" and v.from_ <= day and (v.to is None or day < v.to):
                yield Live(rule.id, rule.title, v)


def _anchor(when: When | None, fact: str, operator: str) -> tuple[str, ...]:
    """What a rule demands of this fact before it can hold at all, or nothing."""
    match when:
        case Test() if when.fact == fact and when.operator == operator:
            return when.operand if isinstance(when.operand, tuple) else (str(when.operand),)
        case AllOf(all=parts):
            return next((a for a in (_anchor(p, fact, operator) for p in parts) if a), ())
        case AnyOf(any=parts):
            found = [_anchor(p, fact, operator) for p in parts]
            return tuple(dict.fromkeys(c for a in found for c in a)) if all(found) else ()
        case _:
            return ()


def _places(operands: Iterable[str], tables: Tables) -> frozenset[str]:
    found: set[str] = set()
    for text in operands:
        found |= tables.members(text) if text.startswith("@") else {text}
    return frozenset(found)
