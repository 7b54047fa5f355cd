"""Reads the extract of MOFCOM's lists; `source` tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.lists import extracts
from enduse.lists.reading import Audit, Files
from enduse.model.listing import ListedParty

LIST = "cn_mofcom"
_IDS = ("cn-attention-list", "cn-export-control-watchlist", "cn-unreliable-entity-list")


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by the list it names."""
    return extracts.PART if extracts.names_list(head, _IDS) else None


def stated_on(_files: Files) -> date | None:
    """The extract says when it was checked, not of which day the list is."""
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The listed entities."""
    audit = audit if audit is not None else Audit()
    return extracts.parse_registry(files, list_id=LIST, ids=_IDS, audit=audit)
