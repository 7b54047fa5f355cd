"""What cannot be decided as it stands: codes, facts, places and lists that do not exist, each with the nearest that do.

A misspelt list or country would otherwise be silently none at all, and permit.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from enduse.errors import InputError
from enduse.lists.places import place_of
from enduse.model.party import Owner
from enduse.model.place import country_of
from enduse.model.transaction import Transaction
from enduse.rules.pack import RulePack
from enduse.rules.tables import Tables
from enduse.sources.catalogue import lists

_ONLY_STATED = frozenset({"us_veu", "us_bis_uvl"})
"""Lists that rules ask about and that are read from no file of their own."""

Said = Iterator[tuple[str, str]]
"""What is stated, each with the field it stands in."""


def refuse(transaction: Transaction, packs: Iterable[RulePack], *, as_of: date) -> None:
    """Raises `InputError`, naming the field, for what no pack, list or map knows."""
    some = tuple(packs)
    for pack in some:
        _codes(transaction, pack, as_of)
    _facts(transaction, some)
    if not any(p.info.kind == "fiction" for p in some):
        _places(transaction)
    _listings(transaction, some)


def _codes(transaction: Transaction, pack: RulePack, as_of: date) -> None:
    for number, line in enumerate(transaction.lines, start=1):
        code = line.item.codes.get(pack.info.control_list or "")
        near = pack.module.check_code(code, Tables(pack.tables, as_of)) if code and pack.module else None
        if near:
            raise InputError(
                f"{code!r} is no code of {pack.info.control_list} on {as_of}",
                place=f"lines.{number}.item.codes.{pack.info.control_list}",
                hint=f"the nearest: {near}",
            )


def _facts(transaction: Transaction, packs: tuple[RulePack, ...]) -> None:
    known = {name for pack in packs for name in pack.types}
    for number, said in enumerate(transaction.facts, start=1):
        if said.name not in known:
            hint = _near(said.name, known) or "see docs/reference/facts.md"
            raise InputError(f"no pack here asks about {said.name!r}", place=f"facts.{number}", hint=hint)


def _places(transaction: Transaction) -> None:
    for field, place in _stated_places(transaction):
        meant = place_of(country_of(place))
        if meant != country_of(place):
            hint = f"did you mean {meant}?" if meant else "ISO 3166 code of two letters; leave it out if not known"
            raise InputError(f"{place!r} is no country", place=field, hint=hint)


def _stated_places(transaction: Transaction) -> Said:
    head = [("destination", transaction.destination), ("exporter_country", transaction.exporter_country)]
    head += [("route.transit", p) for p in transaction.route.transit]
    head += [(f"lines.{n}.item.origin", line.item.origin) for n, line in enumerate(transaction.lines, start=1)]
    for n, party in enumerate(transaction.parties, start=1):
        head += [
            (f"parties.{n}.country", party.country),
            (f"parties.{n}.permanent_residence", party.permanent_residence),
        ]
        head += [(f"parties.{n}.nationalities", p) for p in party.nationalities]
        head += [(f"parties.{n}.addresses", a.country) for a in party.addresses]
        head += [(f"parties.{n}.owners", o.country) for o in every_owner(party.owners)]
    return ((field, place) for field, place in head if place is not None)


def _listings(transaction: Transaction, packs: tuple[RulePack, ...]) -> None:
    told = tuple(_stated_lists(transaction))
    known = _tags() | {tag for pack in packs for tag in pack.info.needs_lists} if told else frozenset()
    for field, tag in told:
        if tag not in known:
            hint = _near(tag, known) or "see `enduse lists status` for the lists; a part of one is list:PART"
            raise InputError(f"there is no list {tag!r}", place=field, hint=hint)


def _stated_lists(transaction: Transaction) -> Said:
    for n, party in enumerate(transaction.parties, start=1):
        yield from ((f"parties.{n}.listed_on", tag) for tag in party.listed_on)
        for owner in every_owner(party.owners):
            yield from ((f"parties.{n}.owners.listed_on", tag) for tag in owner.listed_on or ())


@lru_cache(maxsize=1)
def _tags() -> frozenset[str]:
    """Every list by its id, and each part of one that has several (which then must be named)."""
    whole = {info.id for info in lists() if len(info.sources) < 2}
    return frozenset(whole | {f"{i.id}:{part}" for i in lists() for part in i.sources} | _ONLY_STATED)


def _near(said: str, known: Iterable[str]) -> str | None:
    some = sorted(known)
    tail = [k for k in some if k.rpartition(":")[2].casefold() == said.casefold()]
    near = tail or difflib.get_close_matches(said, some, 1)
    return f"did you mean {' or '.join(repr(n) for n in near)}?" if near else None


def every_owner(owners: Iterable[Owner]) -> Iterator[Owner]:
    """Owners at every level, nearest first."""
    for owner in owners:
        yield owner
        yield from every_owner(owner.owners)
