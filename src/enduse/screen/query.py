"""What is asked: a party as screening sees it."""

from __future__ import annotations

from datetime import date

from enduse.model.base import Value
from enduse.model.party import Address, Identifier, Party, PartyKind
from enduse.model.place import Place


class Query(Value):
    """A party to be screened: its names and what else is known of it."""

    name: str
    kind: PartyKind = PartyKind.UNKNOWN
    country: Place | None = None
    aliases: tuple[str, ...] = ()
    birth_date: date | None = None
    nationalities: tuple[Place, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()

    @staticmethod
    def of(party: Party) -> Query:
        """The query a party of a transaction makes. A party without a name asks by its other particulars."""
        return Query(
            name=party.name or "",
            kind=party.kind,
            country=party.country,
            aliases=party.aliases,
            birth_date=party.birth_date,
            nationalities=party.nationalities,
            identifiers=party.identifiers,
            addresses=party.addresses,
        )
