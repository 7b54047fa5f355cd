"""How much of a party listed owners hold: arithmetic only; whose list, and what follows, is for the packs.

A stake counts only through owners that are listed, or are themselves held at half or more by listed owners, level by
level, and the stakes that count are added together (OFAC guidance of 13 August 2014; BIS follows the same sums in
Supplement No. 8 to Part 744). Control without shares adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Protocol

from enduse.model.party import Owner
from enduse.rules.facts import Range

HALF, WHOLE, NONE = Decimal(50), Decimal(100), Decimal(0)

Listed = Callable[[Owner], bool | None]
"""Is this owner itself listed? None: not known."""


class Owned(Protocol):
    """A party or an owner: whatever has owners."""

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Its owners, as far as stated."""
        ...


def share_of(party: Owned, listed: Listed) -> Range:
    """The share of `party` that counts as listed owners', in per cent, between what is sure and what is possible.

    A stake of unknown size counts from nothing up to whatever the other stated stakes leave. Shares nobody stated are
    not guessed at: the sum is over the owners given. Above 100 (a register that counts twice) it is cut to 100.
    """
    left = max(WHOLE - sum((o.share for o in party.owners if o.share is not None), NONE), NONE)
    low, high, unsized = NONE, NONE, False
    for owner in party.owners:
        counts = held(owner, listed)
        if counts is False:
            continue
        if owner.share is None:
            unsized = True
            continue
        low += owner.share if counts else NONE
        high += owner.share
    return Range(min(low, WHOLE), min(high + (left if unsized else NONE), WHOLE))


def held(owner: Owner, listed: Listed) -> bool | None:
    """Does this owner's stake count: is it listed, or half owned by listed owners? None: cannot be told."""
    own = listed(owner)
    if own:
        return True
    above = half(share_of(owner, listed))
    return above if own is False or above else None


def half(share: Range) -> bool | None:
    """Is this share half or more? None where its bounds lie on both sides."""
    if share.low >= HALF:
        return True
    return False if share.high < HALF else None


def anyone(owners: Iterable[Owner], listed: Listed) -> tuple[Owner, ...]:
    """The listed (or perhaps listed) owners at any level, nearest first."""
    found: list[Owner] = []
    for owner in owners:
        if listed(owner) is not False:
            found.append(owner)
        found += anyone(owner.owners, listed)
    return tuple(found)
