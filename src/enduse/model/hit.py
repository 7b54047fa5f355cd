"""A possible match of a party with a list entry, scored and explained."""

from __future__ import annotations

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
