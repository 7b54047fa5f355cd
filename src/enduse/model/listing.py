"""Parties as official lists state them: everything the publisher says, nothing else."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from enduse.model.base import Value
from enduse.model.party import Address, Identifier, PartyKind
from enduse.model.place import Place


class ListedName(Value):
    """One name of a listed party. `weak` marks what the publisher itself calls a low-quality alias.

    `script` is an ISO 15924 code (Latn, Cyrl, Arab, Hans ...) where known; `parts` are the publisher's own
    name parts (first, last, patronymic ...) where it gives them.
    """

    text: str
    kind: Literal["primary", "alias", "former", "maiden", "acronym", "spelling"] = "primary"
    weak: bool = False
    script: str | None = None
    parts: tuple[tuple[str, str], ...] = ()


class Link(Value):
    """A tie the publisher states between two listed parties ("owned by", "linked to", "leader of")."""

    to: str
    relation: str
    name: str | None = None


class ListedParty(Value):
    """One entry of one list.

    `list` is our list id (`us_ofac_sdn`), `id` the publisher's own key within it, `source` the publisher's
    sub-list where one file carries several (`EL`, `DPL`, `MEU` in the US Consolidated Screening List).
    """

    list: str
    id: str
    source: str | None = None
    kind: PartyKind = PartyKind.UNKNOWN
    names: tuple[ListedName, ...]
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    birth_dates: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    nationalities: tuple[Place, ...] = ()
    programmes: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    licence_requirement: str | None = None
    licence_policy: str | None = None
    listed_on: date | None = None
    expires_on: date | None = None
    links: tuple[Link, ...] = ()
    remarks: str | None = None
    other: tuple[tuple[str, str], ...] = Field(default=(), description="fields kept as the publisher names them")


class Snapshot(Value):
    """A list exactly as read: which bytes, of which day, how many parties.

    `as_of` is the day the publisher states (or, failing that, the day of download); `digest` is the SHA-256 of
    the source bytes; `stale_after_days` is the list's own cadence with grace.
    """

    list: str
    title: str
    publisher: str
    as_of: date
    digest: str
    parties: int
    stale_after_days: int
    sources: tuple[str, ...] = ()

    def stale_on(self, day: date) -> bool:
        """Is this snapshot older, on `day`, than its list's cadence allows?"""
        return (day - self.as_of).days > self.stale_after_days
