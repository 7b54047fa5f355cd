"""What a store must do, whatever it is made of; `tests/contract` holds every store to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from enduse.model.judgement import Judgement
from enduse.model.population import Basis, Change, Found, Imported, Member

EntryKey = tuple[str, str, str | None]
"""List, publisher's id, sub-list: what names an entry."""


class Judgements(Protocol):
    """Judgements on hits. They are added and never altered: a later word stands beside the earlier one."""

    def add(self, judgement: Judgement) -> None:
        """Keep a judgement; once this returns it survives a crash."""
        ...

    def on(self, entry: EntryKey) -> tuple[Judgement, ...]:
        """The judgements on one entry, in the order they were made."""
        ...

    def about(self, party_digest: str) -> tuple[Judgement, ...]:
        """The judgements on exactly this party, in the order they were made."""
        ...

    def all(self) -> tuple[Judgement, ...]:
        """Every judgement, in the order they were made."""
        ...


class Waiting(NamedTuple):
    """A partner whose screening is out of date. `number` is the store's own; `touched`: a hit of its must be asked."""

    number: int
    key: str
    party: str
    touched: bool


class Answered(NamedTuple):
    """All hits of one partner as they now stand, and what that changed."""

    number: int
    found: tuple[Found, ...]
    changes: tuple[Change, ...]


class Population(Protocol):
    """The user's partners, what each was last screened against, the hits that stand, and the log of their changes."""

    def put(self, members: Iterable[Member], *, on: date) -> Imported:
        """Add partners or replace them by key; one that says the same as before keeps its screening."""
        ...

    def keep_only(self, keys: Iterable[str], *, on: date) -> int:
        """Let every partner go that is not among these; its hits are logged as gone. How many went."""
        ...

    def count(self) -> int:
        """How many partners there are."""
        ...

    def bases(self) -> Mapping[Basis | None, int]:
        """How many partners were screened against what; None for those new or changed since."""
        ...

    def touch(self, entries: Iterable[EntryKey]) -> int:
        """Name the entries whose hits must be asked again; how many hits there are on them."""
        ...

    def waiting(self, basis: Basis | None, *, after: int, limit: int) -> Sequence[Waiting]:
        """The next partners screened against `basis`, in order of number, after the number given."""
        ...

    def found(self, keys: Iterable[str]) -> Mapping[str, tuple[Found, ...]]:
        """The hits that stand for these partners."""
        ...

    def all_found(self) -> Iterator[Found]:
        """Every hit that stands, in order of key."""
        ...

    def answer(self, answers: Iterable[Answered], *, was: Basis | None, now: Basis, first: int, last: int) -> None:
        """Keep what was found, and that all partners numbered `first` to `last` under `was` now stand under `now`.

        All of it or nothing: a crash leaves the partners waiting.
        """
        ...

    def changes(self, *, since: date | None = None) -> Iterator[Change]:
        """The log of new, changed and gone hits, oldest first, from a day on."""
        ...
