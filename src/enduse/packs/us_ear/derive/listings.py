"""Which parties count for which list, and what a listing says as a fact: yes, perhaps, no, or nobody asked."""

from __future__ import annotations

from collections.abc import Iterable

from enduse.model.party import Party, Role
from enduse.rules.facts import Fact, unknown
from enduse.rules.pack import Listed, Listings

COUNTED = frozenset(
    {
        Role.PURCHASER,
        Role.INTERMEDIATE_CONSIGNEE,
        Role.CONSIGNEE,
        Role.ULTIMATE_CONSIGNEE,
        Role.END_USER,
        Role.RECIPIENT,
        Role.OTHER,
    }
)
"""The roles that list-based rules ask about (15 CFR 748.5(c) to (f)); a recipient of technology is its end user."""

PERHAPS = frozenset({Role.FORWARDER, Role.BANK, Role.BROKER, Role.AGENT, Role.CARRIER, Role.VESSEL})
"""Roles that are an intermediate consignee's when they act as agent for a principal party (15 CFR 748.5(d))."""


def counts(party: Party) -> bool | None:
    """Is this party one of 748.5(c) to (f)? None where its role may be that of an intermediate consignee."""
    roles = frozenset(party.roles)
    if not roles or roles & COUNTED:
        return True
    return None if roles & PERHAPS else False


def hits_on(listings: Listings, tags: Iterable[str]) -> tuple[Listed, ...]:
    """What was found on any of these lists, whoever the party is."""
    wanted = frozenset(tags)
    return tuple(h for h in listings.found if h.tag in wanted or h.tag.partition(":")[0] in wanted)


def counted_hits(listings: Listings, tags: Iterable[str]) -> tuple[Listed, ...]:
    """What was found on these lists of parties that count, or may; a role in doubt makes the hit uncertain."""
    found = ((h, counts(h.party)) for h in hits_on(listings, tags))
    return tuple(h._replace(certain=h.certain and sure is True) for h, sure in found if sure is not False)


def asked_on(listings: Listings, tags: Iterable[str]) -> str | None:
    """The list asked and its day ("us_csl:EL of 2026-07-31"), or None when none of these was asked."""
    for tag in tags:
        day = listings.asked.get(tag) or listings.asked.get(tag.partition(":")[0])
        if day:
            return f"{tag} of {day}"
    return None


def fact_of(hits: Iterable[Listed], asked: str | None) -> Fact | None:
    """A listing as a fact. None (silence, a printed assumption) where nothing was found and no list was asked."""
    hits = tuple(hits)
    certain = [h.said for h in hits if h.certain]
    if certain:
        return Fact(True, "; ".join(certain))
    if hits:
        return unknown("; ".join(h.said for h in hits))
    return Fact(False, f"not on {asked}") if asked else None
