"""Reads the extract of Japan's Foreign End User List; the reasons keep METI's codes (N, B, C, M, CW)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.lists import extracts
from enduse.lists.reading import Audit, Files
from enduse.model.listing import ListedParty

LIST = "jp_meti"
_IDS = ("jp-end-user-list",)


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by the list it names."""
    return extracts.PART if extracts.names_list(head, _IDS) else None


def stated_on(_files: Files) -> date | None:
    """The extract says when it was checked, not of which day the list is."""
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The end users of concern."""
    audit = audit if audit is not None else Audit()
    return extracts.parse_registry(files, list_id=LIST, ids=_IDS, audit=audit)
