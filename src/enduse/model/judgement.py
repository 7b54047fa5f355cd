"""What a human decided about a hit: is this party the listed one, why, who says so, and until when.

A judgement speaks of exactly what was looked at. It keeps both sides as they were, and holds only while both are
unchanged and its last day has not passed; then the question is open again, and says why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import Field

from enduse.model.base import Value
from enduse.model.hit import Judged, Standing
from enduse.model.listing import ListedParty
from enduse.model.party import Party

COMPARED = (
    "name",
    "kind",
    "country",
    "nationalities",
    "permanent_residence",
    "birth_date",
    "incorporated_on",
    "aliases",
    "identifiers",
    "addresses",
)
"""The fields of a party by which it is told apart from others; its part in one transaction is not among them."""


def party_digest(party: Party) -> str:
    """The same person or body, known by the same particulars, in whatever role: the same digest."""
    return _digest({name: getattr(party, name) for name in COMPARED})


def entry_digest(entry: ListedParty) -> str:
    """The same entry, saying the same: the same digest. The order within a field does not count."""
    return _digest({name: getattr(entry, name) for name in ListedParty.model_fields})


class Judgement(Value):
    """One person's word on one hit.

    `verdict` is true when the party is the listed one, false when it is another. `until` is the last day on which the
    judgement holds. `party` and `entry` are what was looked at.
    """

    list: str
    id: str
    source: str | None = None
    party_digest: str
    entry_digest: str
    verdict: bool
    why: str = Field(min_length=1)
    by: str = Field(min_length=1)
    on: date
    until: date | None = None
    party: Party
    entry: ListedParty

    @staticmethod
    def of(
        party: Party, entry: ListedParty, *, verdict: bool, why: str, by: str, on: date, until: date | None = None
    ) -> Judgement:
        """A judgement on these two as they are now."""
        return Judgement(
            list=entry.list,
            id=entry.id,
            source=entry.source,
            party_digest=party_digest(party),
            entry_digest=entry_digest(entry),
            verdict=verdict,
            why=why,
            by=by,
            on=on,
            until=until,
            party=party,
            entry=entry,
        )

    def stands(self, party: Party, entry: ListedParty, *, as_of: date) -> Judged:
        """How the judgement stands for these two on a day: it holds, or is open again and says why."""
        changed = self.changed(party, entry)
        if changed:
            return self._as(Standing.REOPENED, "; ".join(changed))
        if self.until is not None and as_of > self.until:
            return self._as(Standing.REOPENED, f"it held until {self.until}")
        return self._as(Standing.TRUE if self.verdict else Standing.FALSE, None)

    def changed(self, party: Party, entry: ListedParty | None) -> tuple[str, ...]:
        """Which side is no longer what was judged, and in which fields; nothing where both are the same."""
        said = []
        if party_digest(party) != self.party_digest:
            said.append(f"the party changed: {', '.join(_differing(self.party, party, COMPARED)) or 'its form'}")
        if entry is None:
            said.append("the entry is no longer on the list")
        elif entry_digest(entry) != self.entry_digest:
            fields = _differing(self.entry, entry, ListedParty.model_fields)
            said.append(f"the list entry changed: {', '.join(fields) or 'its form'}")
        return tuple(said)

    def speaks_of(self, party: Party) -> bool:
        """Is this the party judged, though some of its particulars may have changed: same name or same number?"""
        if party_digest(party) == self.party_digest:
            return True
        if party.name and self.party.name and _plain(party.name) == _plain(self.party.name):
            return True
        return bool(
            {(i.kind, i.value) for i in party.identifiers} & {(i.kind, i.value) for i in self.party.identifiers}
        )

    def _as(self, standing: Standing, reopened: str | None) -> Judged:
        return Judged(
            standing=standing, verdict=self.verdict, why=self.why, by=self.by, on=self.on, until=self.until,
            reopened=reopened,
        )  # fmt: skip


def newest(judgements: Iterable[Judgement], party: Party, entry: ListedParty, *, as_of: date) -> Judged | None:
    """The word that counts about this hit on a day: the last one said that holds, else the last that is open again.

    `judgements` are those on this entry in the order they were made. What was said after `as_of` was not yet known.
    """
    said = [j for j in judgements if j.on <= as_of and j.speaks_of(party)]
    exact = [j for j in said if j.party_digest == party_digest(party)]
    return (exact or said)[-1].stands(party, entry, as_of=as_of) if said else None


def _differing(before: Value, after: Value, fields: Iterable[str]) -> tuple[str, ...]:
    return tuple(f for f in fields if _plainly(getattr(before, f)) != _plainly(getattr(after, f)))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _digest(fields: dict[str, Any]) -> str:
    """SHA-256 over the fields that say something, so that a field added later changes no old digest."""
    said = {name: _plainly(value) for name, value in fields.items()}
    told = {name: value for name, value in said.items() if value not in (None, [], "")}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plainly(value: Any) -> Any:
    if isinstance(value, Value):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, tuple):
        return sorted((_plainly(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    return value.isoformat() if isinstance(value, date) else value
