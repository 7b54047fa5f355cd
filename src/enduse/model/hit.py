"""A possible match of a party with a list entry, scored and explained."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from enduse.model.base import Value
from enduse.model.party import PartyKind

Unit = Annotated[float, Field(ge=0, le=1)]


class Feature(Value):
    """One reason for a score: which value of ours met which of theirs, and what it contributed."""

    name: str
    said: str
    ours: str | None = None
    theirs: str | None = None
    contribution: float = 0.0


class Standing(StrEnum):
    """How a judgement on a hit stands: it is the listed party, it is not, or the question is open again."""

    TRUE = "true"
    FALSE = "false"
    REOPENED = "reopened"


class Judged(Value):
    """What a human said of a hit, and whether that still holds; `reopened` says what changed since."""

    standing: Standing
    verdict: bool
    why: str
    by: str
    on: date
    until: date | None = None
    reopened: str | None = None

    def __str__(self) -> str:
        said = f"judged {str(self.verdict).lower()} by {self.by} on {self.on}: {self.why}"
        if self.reopened:
            return f"{said} (open again: {self.reopened})"
        return f"{said} (until {self.until})" if self.until else said


class Hit(Value):
    """One list entry a party may be. `score` ranks; `probability` is calibrated (at the base rate its table states)."""

    list: str
    id: str
    source: str | None = None
    kind: PartyKind = PartyKind.UNKNOWN
    name: str
    matched_name: str
    query_name: str
    score: Unit
    probability: Unit
    programmes: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()
    judged: Judged | None = None

    @property
    def dismissed(self) -> bool:
        """Has someone judged that this is not the listed party, and does that hold?"""
        return self.judged is not None and self.judged.standing is Standing.FALSE

    @property
    def confirmed(self) -> bool:
        """Has someone judged that this is the listed party, and does that hold?"""
        return self.judged is not None and self.judged.standing is Standing.TRUE
