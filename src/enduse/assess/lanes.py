"""Lanes with a finite-sample guarantee: thresholds by conformal risk control, and the price of each choice as a curve.

Angelopoulos, Bates, Fisch, Lei, Schuster: Conformal Risk Control (2022). For a loss in [0, 1] that does not grow as
the threshold gets stricter, the least strict threshold with (n R + 1) / (n + 1) <= alpha keeps the expected loss on
the next exchangeable order at or below alpha.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from enduse.model.assessment import Assessment, Lane


class Held(NamedTuple):
    """One order whose truth is known: its score, whether a red flag stands open, and whether it was a diversion."""

    score: float
    flagged: bool
    diverted: bool


class Interval(NamedTuple):
    """A share with its 95 % Wilson interval."""

    share: float
    low: float
    high: float


class Price(NamedTuple):
    """What one choice of thresholds costs on the outcomes held: share reviewed, missed, needlessly held."""

    fast_below: float
    hold_from: float
    reviewed: Interval
    missed: Interval
    needless: Interval


def fast_limit(outcomes: Iterable[Held], miss_rate: float) -> float:
    """The highest score below which orders without an open flag may pass, at this expected rate of diversions missed.

    Minus infinity where the sample is too small to promise it.
    """
    diverted = [o for o in outcomes if o.diverted]
    passing = sorted(o.score for o in diverted if not o.flagged)
    n, allowed = len(diverted), math.floor(miss_rate * (len(diverted) + 1)) - 1
    if allowed < 0 or n == 0:
        return -math.inf
    return passing[allowed] if allowed < len(passing) else math.inf


def hold_limit(outcomes: Iterable[Held], needless_rate: float) -> float:
    """The lowest score from which orders may be held, at this expected rate of honest orders held; infinity if none."""
    honest = sorted((o.score for o in outcomes if not o.diverted), reverse=True)
    allowed = math.floor(needless_rate * (len(honest) + 1)) - 1
    if allowed < 0 or not honest:
        return math.inf
    return math.nextafter(honest[allowed], math.inf) if allowed < len(honest) else -math.inf


def lane_of(score: float, *, flagged: bool, fast_below: float, hold_from: float) -> Lane:
    """Hold from one limit on; fast below the other and only where no red flag stands open; else review."""
    if score >= hold_from:
        return Lane.HOLD
    return Lane.FAST if score < fast_below and not flagged else Lane.REVIEW


def price(outcomes: Sequence[Held], fast_below: float, hold_from: float) -> Price:
    """What these limits would have cost on orders whose truth is known."""
    lanes = [(o, lane_of(o.score, flagged=o.flagged, fast_below=fast_below, hold_from=hold_from)) for o in outcomes]
    diverted = [lane for o, lane in lanes if o.diverted]
    honest = [lane for o, lane in lanes if not o.diverted]
    return Price(
        fast_below,
        hold_from,
        interval(sum(lane is Lane.REVIEW for _, lane in lanes), len(lanes)),
        interval(sum(lane is Lane.FAST for lane in diverted), len(diverted)),
        interval(sum(lane is Lane.HOLD for lane in honest), len(honest)),
    )


def curve(outcomes: Sequence[Held], *, needless_rate: float, rates: Sequence[float]) -> tuple[Price, ...]:
    """The price at each acceptable miss rate."""
    hold = hold_limit(outcomes, needless_rate)
    return tuple(price(outcomes, fast_limit(outcomes, rate), hold) for rate in rates)


def interval(hits: int, n: int) -> Interval:
    """Wilson's interval at 95 %."""
    if n == 0:
        return Interval(math.nan, 0.0, 1.0)
    z, p = 1.96, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def held(assessment: Assessment, *, diverted: bool) -> Held:
    """An assessment whose truth is known, as calibration sees it."""
    return Held(assessment.score, assessment.open_flag, diverted)
