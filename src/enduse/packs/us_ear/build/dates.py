"""The days on which known amendments took effect, and what says so."""

from __future__ import annotations

from datetime import date

from enduse.model.base import Value


class Change(Value):
    """An amendment: the first day of the new text and its source."""

    day: date
    cites: str


EMIRATES = Change(day=date(2026, 7, 23), cites="91 FR 46260")
"""The United Arab Emirates move to A:5, leave D:4 and are named in the .b-tier rows of 742.6(a)(6)(iii)(B)."""

CRIME_CONTROL_2 = Change(day=date(2025, 9, 30), cites="90 FR 47170")
"""Country Chart column CC 2 shrinks; before that day nearly every place carried its mark."""


SHOTGUNS = Change(day=date(2026, 7, 23), cites="eCFR edition of 2026-07-23")
"""0A502 gets a list of items .a to .e; the edition of 2026-06-24 has none, the one of 2026-07-23 does."""

_KNOWN = {"0A502": SHOTGUNS}


def change_of(eccn: str, edition: date, *, emirates: bool) -> Change:
    """When a difference found in an amended edition took effect: its known day, else the edition's own."""
    if emirates:
        return EMIRATES
    if eccn in _KNOWN:
        return _KNOWN[eccn]
    return Change(day=edition, cites=f"eCFR edition of {edition.isoformat()} ({eccn})")
