"""What one rule says, and every step that led there."""

from __future__ import annotations

from datetime import date

from enduse.model.base import Value
from enduse.model.law import Citation, Effect, Relief
from enduse.model.verdict import Verdict


class Step(Value):
    """One step of reasoning.

    `verdict` is the answer with assumptions made; `firm` the answer if nothing were assumed. They differ only where a
    knowledge, list or condition fact was not stated. `fact` and `found` are set on the leaves.
    """

    verdict: Verdict
    firm: Verdict
    said: str
    fact: str | None = None
    found: str | None = None
    evidence: str | None = None
    because: tuple[Step, ...] = ()


class Finding(Value):
    """What one rule says about one line on one day, with its citation and trace."""

    rule: str
    title: str
    version: date
    effect: Effect
    verdict: Verdict
    firm: Verdict
    says: str
    cites: tuple[Citation, ...]
    step: Step
    reason: str | None = None
    relief: Relief | None = None
    authorisation: str | None = None
    lifts: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    policy: str | None = None
    conditions: tuple[str, ...] = ()
