"""Places: countries of concern in fields and in texts, and places that are nobody's home in the transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from enduse.assess.knowledge import Knowledge
from enduse.assess.passages import END, Passage, passages, release_to_a_person
from enduse.assess.signs import Sign
from enduse.model.party import Role
from enduse.model.place import country_of
from enduse.model.transaction import Transaction
from enduse.rules.tables import Tables

_ELSEWHERE: Mapping[str, str] = {
    "payment": "payment_elsewhere",
    "routing": "place_elsewhere",
    "documents": "place_elsewhere",
    "order": "place_elsewhere",
    "communications": "place_elsewhere",
    "history": "place_elsewhere",
    "packaging": "place_elsewhere",
    "other": "place_elsewhere",
    "use": "place_elsewhere",
    "address": "place_elsewhere",
    "end": "place_elsewhere",
    "buyer": "place_elsewhere",
}


def read_places(transaction: Transaction, know: Knowledge, tables: Tables) -> tuple[Sign, ...]:
    """Signs of where things come from, go, pass, and are paid; the nationality of a person is never looked at."""
    if release_to_a_person(transaction):
        return ()
    return (*_fields(transaction, tables), *_mentions(transaction, know, tables))


def _fields(transaction: Transaction, tables: Tables) -> Iterator[Sign]:
    embargo, hub = tables.members("@concern:embargo"), tables.members("@concern:hub")
    arms = tables.members("@concern:arms")
    goal = transaction.destination
    if goal in embargo:
        yield Sign("embargo_destination", "destination", str(goal))
    elif goal in arms:
        yield Sign("arms_destination", "destination", str(goal))
    for n, party in enumerate(transaction.parties, start=1):
        if party.country in embargo and party.country != goal and not _is_seller(party.roles):
            yield Sign("embargo_link", f"party {n}: country", str(party.country))
        if party.country is None and frozenset(party.roles) & (END | {Role.PURCHASER}) and not party.addresses:
            yield Sign("country_unknown", f"party {n}: country", "not stated")
    origin = [*(line.item.origin for line in transaction.lines), transaction.exporter_country]
    yield from (Sign("embargo_origin", "origin", str(p)) for p in origin if p in embargo and p != goal)
    yield from (Sign("embargo_link", "transit", p) for p in transaction.route.transit if p in embargo and p != goal)
    if transaction.exporter_country != goal:
        onward = [p for p in dict.fromkeys(transaction.route.transit) if p in hub and p != goal]
        yield from (Sign("hub", "transit", p, 0.7) for p in onward)
        if goal in hub:
            yield Sign("hub", "destination", str(goal), 0.5)
    stops = {*transaction.route.transit, *(p.country for p in transaction.parties if p.country)}
    away = stops - {goal, transaction.exporter_country}
    if away:
        yield Sign("many_countries", "parties and transit", ", ".join(sorted(away)), min(1.0, len(away) / 4))


def _is_seller(roles: tuple[Role, ...]) -> bool:
    return bool(frozenset(roles) & {Role.EXPORTER, Role.SELLER, Role.MANUFACTURER})


def _mentions(transaction: Transaction, know: Knowledge, tables: Tables) -> Iterator[Sign]:
    embargo, hub = tables.members("@concern:embargo"), tables.members("@concern:hub")
    home = {country_of(p) for p in _homes(transaction)}
    known = home | {country_of(p) for p in transaction.route.transit}
    for text in passages(transaction):
        for place, said in _places_in(text, know):
            country = country_of(place)
            if place in embargo:
                if country not in home or place not in {country, *_homes(transaction)}:
                    yield Sign("embargo_link", text.where, said)
            elif text.kind in _ELSEWHERE and country not in home and country not in known:
                way = 0.15 if text.kind in {"routing", "packaging"} else 0.75
                yield Sign(_ELSEWHERE[text.kind], text.where, said, 1.0 if country in hub else way)
            elif text.kind == "payment" and country not in home:
                yield Sign("payment_elsewhere", text.where, said, 0.7)


def _homes(transaction: Transaction) -> frozenset[str]:
    places = [transaction.destination, transaction.exporter_country, *(p.country for p in transaction.parties)]
    origins = [line.item.origin for line in transaction.lines]
    return frozenset(p for p in (*places, *origins) if p)


def _places_in(text: Passage, know: Knowledge) -> Iterator[tuple[str, str]]:
    found = sorted(know.places.find(text.text), key=lambda m: m.first - m.last)
    taken: set[int] = set()
    for match in found:
        span = set(range(match.first, match.last + 1))
        if not span & taken:
            taken |= span
            yield match.key, match.said
