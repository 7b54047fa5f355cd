"""Profiles: dated weights with a reason and a source for each, as data that can be traced and compared."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Annotated

from pydantic import Field, ValidationError

from enduse.errors import RuleError
from enduse.model.base import Value


class Weight(Value):
    """What one rule adds to the log-odds (nats; below zero: takes away), why, and whence."""

    weight: float
    reason: str
    source: str


class Limits(Value):
    """Where the lanes meet, in score, and how those places were found."""

    fast_below: float
    hold_from: float
    miss_rate: float
    needless_rate: float
    open_flag_from: float
    standing: tuple[str, ...]
    found: str


class Routine(Value):
    """Trade that takes the fast lane by rule: low value, no harmful use, no open flag; a share is drawn for review."""

    value_up_to: float
    currencies: tuple[str, ...]
    codes: tuple[str, ...]
    sample_rate: Annotated[float, Field(ge=0, le=1)]
    reason: str


class Profile(Value):
    """One version of the weights. `base_rate` is what share of orders is diversion where the user states none.

    `discount` is what each further indicator of a group counts against the one before; `limit_reassuring` caps what
    reassurance may take away; `scale` and `shift` turn the score into log-odds (calibration; 1 and 0 before any).
    """

    id: str
    from_: Annotated[date, Field(alias="from")]
    title: str
    source: str
    base_rate: Annotated[float, Field(gt=0, lt=1)]
    base_rate_source: str
    discount: Annotated[float, Field(gt=0, le=1)]
    discount_reason: str
    limit_reassuring: Annotated[float, Field(gt=0)]
    out_of_depth: int
    scale: Annotated[float, Field(gt=0)] = 1.0
    shift: float = 0.0
    calibrated_on: str = "not calibrated"
    lanes: Limits
    routine: Routine
    weights: Mapping[str, Weight]
    digest: str = ""

    def weight(self, rule: str) -> float:
        """What this rule weighs; a rule the profile does not know weighs nothing."""
        found = self.weights.get(rule)
        return found.weight if found else 0.0

    def without(self, group: str) -> Profile:
        """The profile blind to one group (`payment`, `routing` ...), to see what remains."""
        kept = {r: w for r, w in self.weights.items() if r.split(".")[1] != group}
        return self.model_copy(update={"weights": kept, "id": f"{self.id} without {group}"})

    def log_odds(self, score: float) -> float:
        """The score as calibrated log-likelihood ratio."""
        return self.scale * score + self.shift


def probability(log_ratio: float, base_rate: float) -> float:
    """Bayes in log-odds: the probability at a base rate."""
    odds = log_ratio + math.log(base_rate / (1 - base_rate))
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def read_profile(text: str, place: str) -> Profile:
    """A profile from TOML. Raises `RuleError` naming the field that is wrong."""
    try:
        content = tomllib.loads(text)
        found = Profile.model_validate(content)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise RuleError(f"not a profile: {error}", place=place, hint="copy assess/profiles/standard.toml") from error
    return found.model_copy(update={"digest": hashlib.sha256(text.encode()).hexdigest()})


@lru_cache(maxsize=8)
def standard(name: str = "standard") -> Profile:
    """A profile that ships with Enduse."""
    path = resources.files("enduse.assess") / "profiles" / f"{name}.toml"
    return read_profile(path.read_text(encoding="utf-8"), f"profiles/{name}.toml")
