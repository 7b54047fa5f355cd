"""Reads the extract of the section 1260H list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.lists import extracts
from enduse.lists.reading import Audit, Files
from enduse.model.listing import ListedParty

LIST = "us_dod_1260h"


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by the list it names."""
    return extracts.PART if extracts.names_list(head, ("dow-1260h",)) else None


def stated_on(files: Files) -> date | None:
    """The day the extract was made."""
    return extracts.extracted_on(files)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The entities of the list."""
    return extracts.parse_agency(files, list_id=LIST, audit=audit if audit is not None else Audit())
