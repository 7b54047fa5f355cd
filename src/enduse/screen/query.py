"""What is asked: a party as screening sees it."""

from __future__ import annotations

import re
from datetime import date

from enduse.model.base import Value
from enduse.model.party import Address, Identifier, Party, PartyKind
from enduse.model.place import Place

_JOINS = re.compile(
    r"(?:^|(?<=[\s,;(]))"
    r"(?:c/o|care of|d\.?/?b\.?/?a\.?|t/a|trading as|doing business as|a\.?/?k\.?/?a\.?|f\.?/?k\.?/?a\.?|formerly"
    r"|also known as|now known as|known as|on behalf of|o/b/o|for (?:the )?account of|attn\.?:?)"
    r"(?=[\s:])[\s:]*",
    re.IGNORECASE,
)
"""Words that join two names written as one: either may be the listed one."""


def names_in(text: str) -> tuple[str, ...]:
    """The names that one written name holds: `Zenda Hospital c/o Strelsau Optics` names two."""
    parts = [part.strip(" ,;()") for part in _JOINS.split(text)]
    return tuple(dict.fromkeys(part for part in parts if part and part != text))


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
            aliases=(*party.aliases, *(part for name in (party.name or "", *party.aliases) for part in names_in(name))),
            birth_date=party.birth_date,
            nationalities=party.nationalities,
            identifiers=party.identifiers,
            addresses=party.addresses,
        )
