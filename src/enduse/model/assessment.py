"""What the risk assessment says of a transaction: indicators, what speaks against them, questions, odds, lane."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from enduse.model.base import Value
from enduse.model.law import Citation

Probability = Annotated[float, Field(ge=0, le=1)]


class Lane(StrEnum):
    """Where an order goes: through at once, to a second pair of eyes, or held until it is answered."""

    FAST = "fast"
    REVIEW = "review"
    HOLD = "hold"


class Trigger(Value):
    """What made an indicator fire: the field, and the words or values in it."""

    where: str
    words: str


class Indicator(Value):
    """One rule of the red-flag pack that holds; `contribution` is in nats of log-odds, below zero where it reassures.

    `weight` is what it would contribute alone; it contributes less where a correlated one of its group counts more.
    """

    rule: str
    group: str
    title: str
    says: str
    cites: tuple[Citation, ...]
    triggers: tuple[Trigger, ...]
    strength: Probability
    weight: float
    contribution: float


class Plausibility(Value):
    """How item, stated use and line of business fit: the verdict in words, and what was compared."""

    compared: str
    fits: bool
    says: str
    item: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()


class Uses(Value):
    """What an item's product family serves, on the good side and on the bad."""

    family: str
    entries: tuple[str, ...]
    benign: tuple[str, ...]
    harmful: tuple[str, ...]


class RiskQuestion(Value):
    """What to ask, because the data of a transaction cannot show it, and the official flag it answers."""

    rule: str
    ask: str
    cites: tuple[Citation, ...]


class Assessment(Value):
    """The risk of one transaction on one day, apart from what the law says of it.

    `likelihood_ratio` is how much more often such a record belongs to a diversion than to honest trade, under the
    named profile; `probability` is that ratio at the stated `base_rate`. `open_flag` says that a red flag stands that
    nobody has resolved, so that no fast lane is open; `routine` and `sampled` say why a lane was taken by rule or by
    lot. It may hold or ask; it never clears what the law forbids.
    """

    as_of: date
    pack: str
    pack_digest: str
    profile: str
    profile_digest: str
    indicators: tuple[Indicator, ...]
    mitigating: tuple[Indicator, ...]
    plausibility: tuple[Plausibility, ...]
    uses: tuple[Uses, ...]
    questions: tuple[RiskQuestion, ...]
    score: float
    likelihood_ratio: Annotated[float, Field(ge=0)]
    base_rate: Probability
    probability: Probability
    lane: Lane
    because: str
    open_flag: bool = False
    routine: bool = False
    sampled: bool = False
    abstained: bool = False
    why_abstained: str | None = None
