"""What did we not understand? The account a reading gives of itself, kept beside the snapshot."""

from __future__ import annotations

from collections import Counter

from enduse.lists.reading import Audit, Unread
from enduse.model.base import Value
from enduse.model.listing import ListedParty


class AuditReport(Value):
    """How a list was read: rows seen, parties given, what was left aside by name, what was not understood.

    `unread` holds at most 10,000 things; `unread_count` counts them all. `coverage` is the share of parties that
    state each field, by which a format that changed in silence is found out.
    """

    rows: int
    parties: int
    unread_count: int = 0
    unread: tuple[Unread, ...] = ()
    ignored: dict[str, int] = {}
    coverage: dict[str, float] = {}

    def summary(self, *, most: int = 20) -> tuple[str, ...]:
        """One line for each kind of thing not understood, the most frequent first, with a place to look."""
        kinds = Counter((u.file, u.field, u.why) for u in self.unread)
        first = {(u.file, u.field, u.why): u for u in reversed(self.unread)}
        return tuple(
            f"{number} × {why} in {file}, {field}; first at {first[file, field, why].row}:"
            f" {first[file, field, why].value!r}"
            for (file, field, why), number in kinds.most_common(most)
        )


class Coverage:
    """Counts, party by party, which fields are stated."""

    def __init__(self) -> None:
        self.parties = 0
        self._stated: Counter[str] = Counter()

    def add(self, party: ListedParty) -> None:
        """Counts one party."""
        self.parties += 1
        self._stated.update(name for name in _FIELDS if getattr(party, name))
        self._stated["aliases"] += len(party.names) > 1
        self._stated["addresses.country"] += any(address.country for address in party.addresses)

    def shares(self) -> dict[str, float]:
        """The share of parties that state each field."""
        return {name: round(n / self.parties, 4) for name, n in sorted(self._stated.items())}


_FIELDS = tuple(name for name in ListedParty.model_fields if name not in {"list", "id", "names", "kind"})


def report_of(audit: Audit, *, parties: int, coverage: dict[str, float]) -> AuditReport:
    """The account of a finished reading."""
    return AuditReport(
        rows=audit.rows,
        parties=parties,
        unread_count=audit.count,
        unread=tuple(audit.unread),
        ignored=dict(audit.ignored),
        coverage=coverage,
    )
