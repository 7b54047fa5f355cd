"""The partners a user has, as they stand against the lists: who they are, what was asked of them, what was found."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from enduse.model.base import Value
from enduse.model.hit import Hit
from enduse.model.party import Party


class Member(Value):
    """One partner of the user's, under the user's own key (a customer number)."""

    key: str
    party: Party


class Basis(Value):
    """What a partner was screened against: the digest of each list, and of the matcher that asked.

    Two bases are the same when every answer under one is the answer under the other.
    """

    lists: tuple[tuple[str, str], ...]
    engine: str

    def digest_of(self, list_id: str) -> str | None:
        """The digest of one list, or None when it was not asked."""
        return dict(self.lists).get(list_id)


class Found(Value):
    """A hit that stands: the partner, the hit, and what the entry said when it was found."""

    key: str
    hit: Hit
    entry_digest: str


class ChangeKind(StrEnum):
    """What a list update, or a change in a partner, did to a hit."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


class Change(Value):
    """One hit that is new, changed or gone, on a day, with the reason."""

    kind: ChangeKind
    key: str
    party: str
    hit: Hit
    on: date
    why: str


class Imported(Value):
    """What an import did to the population."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0
