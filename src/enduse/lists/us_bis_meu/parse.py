"""Reads the extract of Supplement No. 7; its requirement and review policy are those of 744.21 for every entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.lists import extracts
from enduse.lists.reading import Audit, Files
from enduse.model.listing import ListedParty

LIST = "us_bis_meu"


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by the list it names."""
    return extracts.PART if extracts.names_list(head, ("bis-meu",)) else None


def stated_on(files: Files) -> date | None:
    """The day the extract was made."""
    return extracts.extracted_on(files)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The listed military end users."""
    audit = audit if audit is not None else Audit()
    for party in extracts.parse_agency(files, list_id=LIST, audit=audit):
        yield party.model_copy(update={"source": "MEU"})
