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

from enduse.model.finding import Finding
from enduse.model.law import AllOf, AnyOf, Effect, FactType, Guard, Not, PackInfo, Rule, RuleVersion, Test, When
from enduse.model.listing import ListedParty
from enduse.model.party import Party
from enduse.model.place import country_of
from enduse.model.transaction import Transaction
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Fact, Facts
from enduse.rules.readings import Reading
from enduse.rules.tables import TERRITORY, Table, Tables


class Live(NamedTuple):
    """One rule as it stands on one day."""

    id: str
    title: str
    version: RuleVersion


class Kept(NamedTuple):
    """Of one text: the facts it asks, the fixed parts of its finding, and what it said of facts it has met."""

    text: RuleVersion
    facts: tuple[str, ...]
    said: Mapping[str, object]
    found: dict[tuple[Fact | None, ...], Finding]


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
    """What screening found, and which lists (or `list:SOURCE` parts) were asked, each with its snapshot's day.

    `behind` are the owners, at any level, that are or may be listed: no parties to the transaction themselves, but
    their shares count where the law adds up owners.
    """

    found: tuple[Listed, ...] = ()
    asked: Mapping[str, str] = MappingProxyType({})
    behind: tuple[Listed, ...] = ()

    def with_stated(self, parties: Iterable[Party]) -> Listings:
        """What was found, and what the user states of the parties beside it, taken at the user's word."""
        known = {(h.tag, h.party) for h in self.found if h.certain}
        said = (
            Listed(p, tag, True, f"{p.name or p.description or 'a party'} is stated to be on {tag}")
            for p in parties
            for tag in p.listed_on
            if (tag, p) not in known
        )
        return self._replace(found=(*self.found, *said))


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
    territories: frozenset[str] = frozenset()
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
    """The rules of one day, found by code, by place, or always.

    A rule stands on the code's shelf when it cannot hold without the code, else on the place's, else it is always
    asked; so is what makes subject, since a pack where nothing was asked would claim everything. While that one fact is
    unknown, the pack's guard speaks for the requirements and prohibitions on its shelf; `uncoded` and `unplaced` are
    the rules no guard can speak for, which are then asked themselves; `guarded` names the facts whose shelves are not
    empty. `kept` and `aims` are memories of what has been asked, for speed alone.
    """

    tables: Tables
    by_code: Mapping[str, tuple[Live, ...]]
    by_family: tuple[tuple[tuple[str, ...], Live], ...]
    by_place: Mapping[str, tuple[Live, ...]]
    guarded: frozenset[str]
    always: tuple[Live, ...]
    uncoded: tuple[Live, ...]
    unplaced: tuple[Live, ...]
    dormant: tuple[Live, ...]
    kept: dict[int, Kept] = field(default_factory=dict, compare=False, repr=False)
    aims: dict[tuple[str, ...], tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, pack: RulePack, day: date) -> Shelf:
        """Sort the day's rules by the one fact each cannot do without."""
        info, tables = pack.info, Tables(pack.tables, day, pack.territories)
        code: dict[str, list[Live]] = {}
        place: dict[str, list[Live]] = {}
        family, always, coded, placed = [], [], [], []
        for live in _live(pack.rules, day):
            codes = _anchor(live.version.when, info.code_fact, "under", "in", "is")
            places = _anchor(live.version.when, info.place_fact, "in", "is")
            if live.version.effect is Effect.SUBJECT:
                always.append(live)
            elif codes:
                coded.append(live)
                if any(c.endswith("*") for c in codes):
                    family.append((tuple(_named(codes, tables)), live))
                else:
                    _shelve(live, {_stem(c) for c in _named(codes, tables)}, code)
            elif places:
                placed.append(live)
                _shelve(live, _named(places, tables), place)
            else:
                always.append(live)
        return cls(
            tables=tables,
            by_code={k: tuple(v) for k, v in code.items()},
            by_family=tuple(family),
            by_place={k: tuple(v) for k, v in place.items()},
            guarded=frozenset(
                [info.code_fact] * bool(coded or pack.module) + [info.place_fact] * bool(placed or pack.module)
            ),
            always=tuple(always),
            uncoded=_unguarded(coded, info.unknown_code),
            unplaced=_unguarded(placed, info.unknown_place),
            dormant=tuple(_dormant(pack.rules, day)),
        )

    def asked(self, facts: Facts, info: PackInfo, module: PackModule | None) -> Iterator[Live]:
        """The rules that these facts could meet; one may come twice."""
        yield from self.always
        codes, places = _texts(facts.get(info.code_fact)), _texts(facts.get(info.place_fact))
        if codes is None:
            yield from self.uncoded
        for text in codes or ():
            yield from self.by_code.get(_stem(text), ())
            yield from (r for c, r in self.by_family if any(code_under(text, t) is not Verdict.FALSE for t in c))
        if places is None:
            yield from self.unplaced
        for text in places or ():
            yield from self.by_place.get(text, ())
            if country_of(text) != text:
                yield from self.by_place.get(country_of(text), ())
        if module is not None:
            for text in codes or ():
                yield from module.rules_for(text, self.tables)


def _stem(code: str) -> str:
    """The entry a code belongs to: a code is under another only within one entry (`3A001.a.7`: `3A001`)."""
    return code.partition(".")[0]


def _shelve(live: Live, names: Iterable[str], shelf: dict[str, list[Live]]) -> None:
    for name in names:
        shelf.setdefault(name, []).append(live)


def _unguarded(lives: Iterable[Live], guard: Guard | None) -> tuple[Live, ...]:
    """What must be asked even when the fact is unknown: an open exception changes nothing, all else might."""
    if guard is None:
        return tuple(lives)
    spoken_for = {Effect.PROHIBITS, Effect.REQUIRES, Effect.EXCUSES}
    return tuple(r for r in lives if r.version.effect not in spoken_for or r.version.unscoped)


def territories_of(rules: Iterable[Rule], tables: Iterable[Table]) -> frozenset[str]:
    """Every part of a country that rules or tables name (`UA-43`): it has law of its own."""
    named = (t.operand for r in rules for v in r.versions for t in leaves(v.when) if t.operator in {"is", "in"})
    texts = (o for operand in named for o in (operand if isinstance(operand, tuple) else (operand,)))
    written = frozenset(o for o in texts if isinstance(o, str) and TERRITORY.fullmatch(o))
    return written.union(*(t.territories() for t in tables))


def leaves(when: When | None) -> Iterator[Test]:
    """Every test inside a `When`, left to right."""
    match when:
        case Test():
            yield when
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from leaves(part)
        case Not(not_=part):
            yield from leaves(part)


def _texts(fact: Fact | None) -> tuple[str, ...] | None:
    """The values a rule could meet, possible ones too; None where nothing is known."""
    if fact is None or fact.value is None:
        return None
    return tuple(sorted(fact.value | fact.possible)) if isinstance(fact.value, frozenset) else (str(fact.value),)


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


def _anchor(when: When | None, fact: str, *operators: str) -> tuple[str, ...]:
    """What a rule demands of this fact before it can hold at all, or nothing."""
    match when:
        case Test() if when.fact == fact and when.operator in operators:
            return when.operand if isinstance(when.operand, tuple) else (str(when.operand),)
        case AllOf(all=parts):
            return next((a for a in (_anchor(p, fact, *operators) for p in parts) if a), ())
        case AnyOf(any=parts):
            found = [_anchor(p, fact, *operators) for p in parts]
            return tuple(dict.fromkeys(c for a in found for c in a)) if all(found) else ()
        case _:
            return ()


def _named(operands: Iterable[str], tables: Tables) -> frozenset[str]:
    """The codes or places meant: table references looked up."""
    found: set[str] = set()
    for text in operands:
        found |= tables.members(text) if text.startswith("@") else {text}
    return frozenset(found)
