"""Reads the extract of Supplement No. 4; its notes are the licence requirement, and its review policy is not in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from enduse.lists import extracts
from enduse.lists.places import place_at_end
from enduse.lists.reading import Audit, Files
from enduse.model.listing import ListedParty
from enduse.model.party import Address, PartyKind

LIST = "us_bis_entity_list"
_BETWEEN = re.compile(r";\s+(?:and\s+)?|\.\s+\(See alternate")


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by the list it names."""
    return extracts.PART if extracts.names_list(head, ("bis-entity-list",)) else None


def stated_on(files: Files) -> date | None:
    """The day the extract was made."""
    return extracts.extracted_on(files)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The listed persons and bodies; an extract that cut a requirement short keeps it with its dots."""
    audit = audit if audit is not None else Audit()
    for party in extracts.parse_agency(files, list_id=LIST, audit=audit, kind=PartyKind.UNKNOWN):
        yield party.model_copy(
            update={
                "source": "EL",
                "licence_requirement": party.remarks,
                "remarks": None,
                "addresses": tuple(_addresses(party)),
            }
        )


def _addresses(party: ListedParty) -> Iterator[Address]:
    """The addresses of one entry; the country is that of the entry's heading where an address names none."""
    for whole in party.addresses:
        if whole.text is None:
            yield whole
            continue
        for said in _BETWEEN.split(whole.text):
            text = said.strip(" .,;")
            if text and not text.startswith("addresses under"):
                yield Address(text=text, country=place_at_end(text) or whole.country)
