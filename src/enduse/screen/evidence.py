"""Evidence beyond the name: identifiers, countries, birth dates, addresses, reduced to what can be compared.

A value that is missing on either side says nothing; a value that meets supports; one that contradicts counts against.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from enduse.model.listing import ListedParty
from enduse.model.party import Address, Identifier
from enduse.screen import place
from enduse.screen.text import plain

_NOT_WORD = re.compile(r"[^A-Z0-9]")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_TOKENS = re.compile(r"[a-z0-9]+")
UNIQUE = frozenset(
    {
        "imo",
        "mmsi",
        "lei",
        "duns",
        "uei",
        "cage",
        "registration",
        "tax",
        "vat",
        "eori",
        "passport",
        "national_id",
        "tail_number",
        "icao24",
        "call_sign",
        "bic",
        "email",
        "website",
        "other",
    }
)


class Evidence(NamedTuple):
    """What is known of a party beside its names, in comparable form."""

    countries: frozenset[int] = frozenset()
    births: tuple[tuple[int, int, int], ...] = ()
    """(year, month, day); 0 where not stated."""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    addresses: tuple[frozenset[str], ...] = ()


def country_numbers(codes: object) -> frozenset[int]:
    """Countries, written as codes or names, as the numbers the index uses; what is no country is left out."""
    numbers = place.number()
    found = (place.code_of(str(c)) for c in codes) if isinstance(codes, (list, tuple, set, frozenset)) else ()
    return frozenset(numbers[c] for c in found if c is not None)


def birth(text: str) -> tuple[int, int, int] | None:
    """A birth date as far as it is stated: `1970`, `1970-05`, `1970-05-03`, `circa 1970`."""
    match = _DATE.search(text)
    if not match:
        return None
    return int(match[1]), int(match[2] or 0), int(match[3] or 0)


def identifier(kind: str, value: str) -> tuple[str, str] | None:
    """An identifier in comparable form, or None when it is too short or fails its own check digit."""
    bare = _NOT_WORD.sub("", plain(value).upper())
    if kind == "imo":
        bare = bare.removeprefix("IMO")
        return (kind, bare) if imo_valid(bare) else None
    if kind == "lei":
        return (kind, bare) if lei_valid(bare) else None
    return (kind, bare) if len(bare) > 3 and kind in UNIQUE else None


def imo_valid(number: str) -> bool:
    """Does an IMO ship number carry the right check digit (IMO Resolution A.1117(30))?"""
    if len(number) != 7 or not (number.isascii() and number.isdigit()):
        return False
    return sum(int(d) * w for d, w in zip(number, range(7, 1, -1), strict=False)) % 10 == int(number[6])


def lei_valid(code: str) -> bool:
    """Does a legal entity identifier carry the right check digits (ISO 17442, ISO 7064 mod 97-10)?"""
    if len(code) != 20 or not (code.isascii() and code.isalnum()):
        return False
    return int("".join(str(int(c, 36)) for c in code)) % 97 == 1


def _address(address: Address) -> frozenset[str]:
    parts = (address.text, address.street, address.city, address.region, address.postcode)
    return frozenset(_TOKENS.findall(plain(" ".join(p for p in parts if p))))


def addresses_of(addresses: tuple[Address, ...]) -> tuple[frozenset[str], ...]:
    """The word sets of addresses that say more than a country."""
    return tuple(dict.fromkeys(words for a in addresses if (words := _address(a))))


def identifiers_of(identifiers: tuple[Identifier, ...]) -> frozenset[tuple[str, str]]:
    """Identifiers in comparable form."""
    found = (identifier(i.kind, i.value) for i in identifiers)
    return frozenset(i for i in found if i is not None)


def evidence_of(party: ListedParty) -> Evidence:
    """What a list states of a party beside its names."""
    codes = [a.country for a in party.addresses if a.country]
    codes += [*party.nationalities, *(i.country for i in party.identifiers if i.country)]
    births = (birth(b) for b in party.birth_dates)
    return Evidence(
        country_numbers(codes),
        tuple(dict.fromkeys(b for b in births if b)),
        identifiers_of(party.identifiers),
        addresses_of(party.addresses),
    )
