"""Lanes: the promise of conformal risk control holds over repeated splits, and the price curve is honest."""

from __future__ import annotations

import math
import random

import pytest

from enduse.assess.lanes import Held, curve, fast_limit, hold_limit, interval, lane_of, price
from enduse.model.assessment import Lane


def outcomes(draw: random.Random, n: int) -> list[Held]:
    """Scores of two overlapping classes, some diversions without an open flag."""
    return [Held(draw.gauss(1.5, 1.2), draw.random() < 0.7, True) for _ in range(n)] + [
        Held(draw.gauss(-1.5, 1.0), draw.random() < 0.3, False) for _ in range(n)
    ]


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.1])
def test_the_miss_rate_is_kept_on_average_over_splits(rate: float) -> None:
    """Thresholds from one half, misses on the next order: the mean over many splits stays at or below the rate."""
    draw = random.Random(3)
    missed = needless = tried = 0.0
    for _ in range(400):
        seen, fresh = outcomes(draw, 60), outcomes(draw, 60)
        cost = price(fresh, fast_limit(seen, rate), hold_limit(seen, rate))
        missed, needless, tried = missed + cost.missed.share, needless + cost.needless.share, tried + 1
    slack = 3 * math.sqrt(rate * (1 - rate) / (60 * tried) * 4)
    assert missed / tried <= rate + slack
    assert needless / tried <= rate + slack
    assert missed / tried > 0.2 * rate or rate < 1 / 61


def test_too_small_a_sample_promises_nothing() -> None:
    """With ten diversions a rate of one in a hundred cannot be kept, so nothing is fast and nothing is held."""
    few = outcomes(random.Random(1), 10)
    assert fast_limit(few, 0.01) == -math.inf
    assert hold_limit(few, 0.01) == math.inf


def test_exact_thresholds_on_a_known_sample() -> None:
    """Nineteen diversions at rate 0.1: one miss may be allowed, so the second lowest score is the limit."""
    seen = [Held(float(k), False, True) for k in range(19)]
    assert fast_limit(seen, 0.1) == 1.0
    assert price(seen, 1.0, 100.0).missed.share == pytest.approx(1 / 19)
    good = [Held(float(k), False, False) for k in range(19)]
    assert price(good, -1.0, hold_limit(good, 0.1)).needless.share == pytest.approx(1 / 19)


def test_a_flag_closes_the_fast_lane() -> None:
    """However low the score."""
    assert lane_of(-9.0, flagged=True, fast_below=0.0, hold_from=3.0) is Lane.REVIEW
    assert lane_of(-9.0, flagged=False, fast_below=0.0, hold_from=3.0) is Lane.FAST
    assert lane_of(3.0, flagged=False, fast_below=0.0, hold_from=3.0) is Lane.HOLD
    assert lane_of(0.0, flagged=False, fast_below=0.0, hold_from=3.0) is Lane.REVIEW


def test_the_curve_trades_review_for_misses() -> None:
    """A laxer rate never reviews more, and never misses less."""
    bends = curve(outcomes(random.Random(5), 300), needless_rate=0.05, rates=(0.01, 0.02, 0.05, 0.1, 0.2))
    assert [b.reviewed.share for b in bends] == sorted((b.reviewed.share for b in bends), reverse=True)
    assert [b.missed.share for b in bends] == sorted(b.missed.share for b in bends)


def test_wilsons_interval() -> None:
    """Known values, and nothing known of nothing."""
    found = interval(5, 100)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0215, 0.1118)
    assert interval(0, 0).high == 1.0
