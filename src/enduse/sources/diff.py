"""What changed between two readings of a list, party by party and field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from enduse.model.base import Value
from enduse.model.listing import ListedParty


class FieldChange(Value):
    """One field of a party, before and after, as JSON-like values; sequences say what came and went."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class PartyChange(Value):
    """A party in both readings that is not the same in both."""

    before: ListedParty
    after: ListedParty
    fields: tuple[FieldChange, ...]


class ListDiff(Value):
    """Parties added, removed and changed, by the publisher's ids. Order within a field does not count."""

    added: tuple[ListedParty, ...] = ()
    removed: tuple[ListedParty, ...] = ()
    changed: tuple[PartyChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Is there no difference at all?"""
        return not (self.added or self.removed or self.changed)


def diff_parties(before: Iterable[ListedParty], after: Iterable[ListedParty]) -> ListDiff:
    """The difference between two readings of the same list."""
    old = {party.id: party for party in before}
    new = {party.id: party for party in after}
    both = ((old[id_], party) for id_, party in new.items() if id_ in old)
    return ListDiff(
        added=tuple(party for id_, party in new.items() if id_ not in old),
        removed=tuple(party for id_, party in old.items() if id_ not in new),
        changed=tuple(_changed(both)),
    )


def _changed(pairs: Iterable[tuple[ListedParty, ListedParty]]) -> Iterator[PartyChange]:
    for before, after in pairs:
        if before != after and (fields := tuple(_fields(before, after))):
            yield PartyChange(before=before, after=after, fields=fields)


def _fields(before: ListedParty, after: ListedParty) -> Iterator[FieldChange]:
    for name in ListedParty.model_fields:
        was, now = _said(getattr(before, name)), _said(getattr(after, name))
        if sorted(was) != sorted(now):
            gone, come = set(was) - set(now), set(now) - set(was)
            yield FieldChange(
                field=name,
                before=tuple(said for said in was if said in gone),
                after=tuple(said for said in now if said in come),
            )


def _said(value: Any) -> list[str]:
    """A field as texts to compare: one for a plain value, one for each element of a sequence."""
    if value is None:
        return []
    if not isinstance(value, tuple):
        return [str(value)]
    return [v.model_dump_json(exclude_defaults=True) if isinstance(v, Value) else str(v) for v in value]
