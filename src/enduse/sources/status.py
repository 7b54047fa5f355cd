"""How a list stands: its age against its cadence."""

from __future__ import annotations

from datetime import date

from enduse.model.base import Value


class ListStatus(Value):
    """One list on one day. `age_days` counts from the day the publisher stated or last confirmed; a list older than
    `stale_after_days` is stale. `unread` is how many things in it were not understood, `snapshots` how many editions
    are kept.
    """

    list: str
    title: str
    publisher: str
    cadence: str
    as_of: date
    age_days: int
    stale_after_days: int
    stale: bool
    parties: int
    unread: int
    snapshots: int
    digest: str
