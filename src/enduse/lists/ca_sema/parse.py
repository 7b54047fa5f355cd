"""Reads Canada's consolidated XML, in the tags of 2020 and those of 2025."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

from enduse.lists.dates import birth_date_of, day_of
from enduse.lists.identifiers import identifier
from enduse.lists.reading import Audit, Files, check_tags, elements, joined, root_tag, split, texts
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Identifier, PartyKind

LIST, PART = "ca_sema", "sema-lmes.xml"
_SAME = {
    "EntityOrShip": "Entity",
    "DateOfBirthOrShipBuildDate": "DateOfBirth",
    "TitleOrShip": "Title",
}
_KNOWN = frozenset(
    {"Country", "LastName", "GivenName", "Entity", "Aliases", "DateOfBirth", "Title", "Schedule", "Item"}
    | {"DateOfListing", "ShipIMONumber"}
    | set(_SAME)
)


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by its root and the country both languages name."""
    return PART if root_tag(head) == "data-set" and b"<Country>" in head and b"<Item>" in head else None


def stated_on(_files: Files) -> date | None:
    """The file does not say of which day it is."""
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The records, each with an id made of regulation, schedule and item (which repeat between editions)."""
    audit = audit if audit is not None else Audit()
    seen: set[str] = set()
    for number, element in enumerate(elements(files[PART], file=PART, tags=("record",)), start=1):
        audit.rows += 1
        party = _party(element, number, audit)
        if party is None:
            continue
        if party.id in seen:
            audit.report(PART, number, "Item", party.id, "the same regulation, schedule, item and name once more")
            continue
        seen.add(party.id)
        yield party


def _party(element: ET.Element, row: int, audit: Audit) -> ListedParty | None:
    check_tags(element, file=PART, row=row, known=_KNOWN, audit=audit)
    said = {_SAME.get(name, name): values[0] for name, values in texts(element).items()}
    last, given, entity = (said.get(name) for name in ("LastName", "GivenName", "Entity"))
    text = entity or joined((given, last), by=" ")
    if text is None:
        audit.report(PART, row, "(record)", "; ".join(said.values()), "a record without a name")
        return None
    parts = tuple((n, v) for n, v in (("first", given), ("last", last)) if v) if not entity else ()
    ship = "ShipIMONumber" in said or said.get("Title", "").lower().startswith("ship")
    regulation = said.get("Country", "")
    aliases = (
        split(said.get("Aliases"), by=";") if ";" in said.get("Aliases", "") else split(said.get("Aliases"), by=",")
    )
    return ListedParty(
        list=LIST,
        id=_id(regulation, said.get("Schedule", ""), said.get("Item", ""), text),
        kind=PartyKind.VESSEL if ship else PartyKind.ORGANISATION if entity else PartyKind.PERSON,
        names=(ListedName(text=text, parts=parts), *(ListedName(text=a, kind="alias") for a in aliases)),
        identifiers=_numbers(said),
        birth_dates=(birth_date_of(said["DateOfBirth"]),) if "DateOfBirth" in said and not ship else (),
        programmes=(regulation,) if regulation else (),
        legal_basis=tuple(v for v in (joined((regulation, said.get("Schedule")), by=", schedule "),) if v),
        listed_on=day_of(said.get("DateOfListing")),
        other=tuple((n.lower(), said[n]) for n in ("Title", "Schedule", "Item") if n in said)
        + ((("built", said["DateOfBirth"]),) if ship and "DateOfBirth" in said else ()),
    )


def _id(*said: str) -> str:
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def _numbers(said: dict[str, str]) -> tuple[Identifier, ...]:
    return (identifier("IMO", said["ShipIMONumber"]),) if "ShipIMONumber" in said else ()
