"""What has changed on the lists since partners were screened, and so what must be asked again, and what need not be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from enduse.model.hit import Hit
from enduse.model.listing import ListedParty
from enduse.model.population import Basis, Change, ChangeKind, Found
from enduse.sources.diff import ListDiff
from enduse.store.protocol import EntryKey

WORTH = 0.3
"""Share of the entries beyond which it is quicker to ask them all than to look at the changed ones first."""
MOVED = 0.02
"""The least difference in probability that is called a change of a hit."""


class Plan(NamedTuple):
    """What to ask of partners under one basis.

    `arrivals` are the entries new or changed since; None: ask everything. `touched` are the entries that changed or
    left, with what happened to each: partners with a hit on one are asked again whatever the arrivals say.
    """

    arrivals: tuple[ListedParty, ...] | None
    touched: Mapping[EntryKey, str]


EVERYTHING = Plan(None, {})


def key_of(entry: ListedParty | Hit) -> EntryKey:
    """What names an entry."""
    return (entry.list, entry.id, entry.source)


def plan(diffs: Iterable[ListDiff], added_lists: Iterable[ListedParty], entries: int) -> Plan:
    """The plan that follows from what changed on each list; `entries` is how many stand on all lists now."""
    arrivals: list[ListedParty] = []
    touched: dict[EntryKey, str] = {}
    for diff in diffs:
        arrivals += [*diff.added, *(c.after for c in diff.changed)]
        touched |= {key_of(e): "new on the list" for e in diff.added}
        touched |= {key_of(e): "left the list" for e in diff.removed}
        for c in diff.changed:
            said = f"the list entry changed: {', '.join(f.field for f in c.fields)}"
            touched |= {key_of(c.before): said, key_of(c.after): said}
    for entry in added_lists:
        arrivals.append(entry)
        touched[key_of(entry)] = "on a list newly loaded"
    return EVERYTHING._replace(touched=touched) if len(arrivals) > WORTH * entries else Plan(tuple(arrivals), touched)


def older(basis: Basis, since: Basis, order: Mapping[tuple[str, str], int]) -> Basis:
    """Of two bases, list by list the older edition; `order` ranks (list, digest) by day."""
    lists = dict(basis.lists)
    for list_id, digest in since.lists:
        if list_id in lists and order.get((list_id, digest), 0) < order.get((list_id, lists[list_id]), 0):
            lists[list_id] = digest
    return basis.model_copy(update={"lists": tuple(sorted(lists.items()))})


def changes(
    partner: tuple[str, str],
    before: Iterable[Found],
    after: Iterable[Found],
    *,
    on: date,
    why: Mapping[EntryKey, str],
    otherwise: str,
) -> Iterator[Change]:
    """What differs between the hits that stood for a partner (key and name) and those that stand on a day.

    `why` is what happened to an entry; `otherwise` the reason where nothing did.
    """
    was = {key_of(f.hit): f for f in before}
    now = {key_of(f.hit): f for f in after}

    def change(kind: ChangeKind, entry: EntryKey, hit: Hit) -> Change:
        reason = why.get(entry, otherwise)
        return Change(kind=kind, key=partner[0], party=partner[1], hit=hit, on=on, why=reason)

    for entry, found in now.items():
        if entry not in was:
            yield change(ChangeKind.NEW, entry, found.hit)
        elif _moved(was[entry], found):
            yield change(ChangeKind.CHANGED, entry, found.hit)
    for entry, found in was.items():
        if entry not in now:
            yield change(ChangeKind.GONE, entry, found.hit)


def _moved(before: Found, after: Found) -> bool:
    """Does the entry say something else, or is the hit likelier or less likely than before?"""
    other = before.entry_digest != after.entry_digest
    return other or abs(before.hit.probability - after.hit.probability) > MOVED
