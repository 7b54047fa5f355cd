"""From a score to the probability that the two are the same party.

The table is fitted by `benchmarks/screening_accuracy.py` on labelled queries; it holds at its base rate (one query in
eleven is listed). Where listed parties are rarer, `at_base_rate` moves the probability to yours.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from functools import cache

from enduse.screen import tables

BASE_RATE = 1 / 11
"""Share of queries that are listed parties, assumed by the fitted table: 1 true to 10 ordinary."""


class Place(Enum):
    """What countries say of a hit: nothing, that one is in common, or that none is."""

    SILENT = "silent"
    AGREES = "agrees"
    DIFFERS = "differs"


@cache
def _knots(place: Place) -> tuple[tuple[float, ...], tuple[float, ...]]:
    rows = [r for r in tables.rows("calibration") if r[0] == place.value]
    return tuple(float(r[1]) for r in rows), tuple(float(r[2]) for r in rows)


def probability(score: float, place: Place = Place.SILENT) -> float:
    """The calibrated probability of a score, at `BASE_RATE`; never falls when the score rises.

    A country in common tells a listed party from an ordinary one, but not from its sister firms, which are listed in
    the same country: a score reached with its help is worth less than the same score by name alone.
    """
    scores, probabilities = _knots(place)
    i = bisect_right(scores, score)
    if i == 0:
        return probabilities[0]
    if i == len(scores):
        return probabilities[-1]
    low, high = scores[i - 1], scores[i]
    share = (score - low) / (high - low)
    return probabilities[i - 1] + share * (probabilities[i] - probabilities[i - 1])


def at_base_rate(probability: float, base_rate: float) -> float:
    """A calibrated probability moved from `BASE_RATE` to another base rate (Bayes on the odds)."""
    if probability <= 0.0 or probability >= 1.0:
        return probability
    odds = probability / (1 - probability) * (base_rate / (1 - base_rate)) / (BASE_RATE / (1 - BASE_RATE))
    return odds / (1 + odds)
