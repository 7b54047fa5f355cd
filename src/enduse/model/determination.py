"""The answer: what each jurisdiction says, what it rests on, and whether the transaction may go now."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from enduse.model.assessment import Assessment
from enduse.model.base import Value
from enduse.model.finding import Finding
from enduse.model.hit import Hit
from enduse.model.law import Citation, Nature, Omission
from enduse.model.listing import Snapshot
from enduse.model.transaction import Transaction


class Outcome(StrEnum):
    """What the law says on the facts given, least strict first."""

    NOT_SUBJECT = "not_subject"
    NO_LICENCE_REQUIRED = "no_licence_required"
    EXCEPTION_AVAILABLE = "exception_available"
    UNDETERMINED = "undetermined"
    LICENCE_REQUIRED = "licence_required"
    PROHIBITED = "prohibited"

    @property
    def strictness(self) -> int:
        """Place in the order, 0 for the least strict."""
        return _STRICTNESS[self]

    @property
    def permits(self) -> bool:
        """Does this outcome let the transaction go without a licence?"""
        return self.strictness <= Outcome.EXCEPTION_AVAILABLE.strictness


_STRICTNESS = {outcome: place for place, outcome in enumerate(Outcome)}


def strictest(outcomes: tuple[Outcome, ...]) -> Outcome:
    """The strictest of these; of none at all, undetermined."""
    return max(outcomes, key=lambda o: o.strictness, default=Outcome.UNDETERMINED)


class Clearance(StrEnum):
    """May it go now? Only `cleared` says yes, and only when nothing rests on silence."""

    CLEARED = "cleared"
    OPEN = "open"
    STOPPED = "stopped"


class Question(Value):
    """A fact to supply that could change the outcome, and why it matters.

    `leads_to` are the outcomes its answers can lead to; `decides` counts the findings it would settle.
    """

    fact: str
    ask: str
    line: int | None = None
    why: str | None = None
    cites: tuple[Citation, ...] = ()
    leads_to: tuple[Outcome, ...] = ()
    decides: int = 0
    relief_only: bool = False


class Assumption(Value):
    """Something nobody stated on which the outcome rests; confirm or contradict it as fact `fact`."""

    fact: str
    says: str
    nature: Nature
    line: int | None = None
    cites: tuple[Citation, ...] = ()


class ReliefState(StrEnum):
    """How an exception stands: usable, shut off, or depending on a fact."""

    AVAILABLE = "available"
    OPEN = "open"
    FORECLOSED = "foreclosed"


class ReliefNote(Value):
    """One exception or general licence: how it stands, what shuts it off, what it needs."""

    authorisation: str
    rule: str
    state: ReliefState
    lifts: tuple[str, ...] = ()
    because: str | None = None
    needs: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    cites: tuple[Citation, ...] = ()


class LineAnswer(Value):
    """What one jurisdiction says of one line, with every finding asked."""

    line: int
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    reliefs: tuple[ReliefNote, ...] = ()
    assuming: tuple[Assumption, ...] = ()
    missing: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    omitted: tuple[Omission, ...] = ()


class Determination(Value):
    """What one jurisdiction says on one day: the pack used, and an answer for each line."""

    jurisdiction: str
    pack: str
    pack_version: str
    pack_digest: str
    as_of: date
    outcome: Outcome
    lines: tuple[LineAnswer, ...]
    covers: tuple[str, ...] = ()
    omits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Screening(Value):
    """What screening one party gave; `asked` are the snapshots it was held against."""

    party: str
    asked: tuple[str, ...]
    hits: tuple[Hit, ...] = ()


class OpenPoint(Value):
    """One thing to do before the transaction may go: confirm, answer, screen, prepare or review."""

    kind: str
    says: str
    fact: str | None = None
    line: int | None = None
    cites: tuple[Citation, ...] = ()


class Decision(Value):
    """The whole answer for one transaction on one day, with the transaction it answers.

    `outcome` is the strictest of the determinations: what the law says on the facts given. `clearance` is another
    question: whether the transaction may go now; `open_points` are what stands between it and a yes, in order.
    """

    enduse: str
    transaction: Transaction
    transaction_digest: str
    as_of: date
    outcome: Outcome
    clearance: Clearance
    determinations: tuple[Determination, ...]
    screenings: tuple[Screening, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    open_points: tuple[OpenPoint, ...] = ()
    assessment: Assessment | None = None
