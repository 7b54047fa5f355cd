"""What did we not understand? The account a reading gives of itself, kept beside the snapshot."""

from __future__ import annotations

from collections import Counter

from enduse.lists.reading import Audit, Unread
from enduse.model.base import Value


class AuditReport(Value):
    """How a list was read: rows seen, parties given, what was left aside by name, what was not understood.

    `unread` holds at most 10,000 things; `unread_count` counts them all.
    """

    rows: int
    parties: int
    unread_count: int = 0
    unread: tuple[Unread, ...] = ()
    ignored: dict[str, int] = {}

    def summary(self, *, most: int = 20) -> tuple[str, ...]:
        """One line for each kind of thing not understood, the most frequent first, with a place to look."""
        kinds = Counter((u.file, u.field, u.why) for u in self.unread)
        first = {(u.file, u.field, u.why): u for u in reversed(self.unread)}
        return tuple(
            f"{number} × {why} in {file}, {field}; first at {first[file, field, why].row}:"
            f" {first[file, field, why].value!r}"
            for (file, field, why), number in kinds.most_common(most)
        )


def report_of(audit: Audit, *, parties: int) -> AuditReport:
    """The account of a finished reading."""
    return AuditReport(
        rows=audit.rows,
        parties=parties,
        unread_count=audit.count,
        unread=tuple(audit.unread),
        ignored=dict(audit.ignored),
    )
