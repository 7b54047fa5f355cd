"""Outcomes are kept by appending, move weights as far as they go, and show when a profile is stale."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from enduse.assess import standard
from enduse.assess.feedback import (
    Ended,
    OrderOutcome,
    calibration,
    difference,
    drift,
    fitted,
    known,
    recalibrated,
    record,
    recorded,
)
from enduse.assess.lanes import Held
from enduse.errors import StoreError
from risk_orders import judged, order

DAY = date(2026, 3, 1)
PROFILE = standard()
BAD = order(circumstances={"payment": "cash", "order": "rush"}, end_use={"statement": "resale"})


def outcome(number: int, ended: Ended, transaction=None) -> OrderOutcome:
    return OrderOutcome(
        order=f"o{number}", assessment=judged(transaction or order()), ended=ended, on=DAY, by="officer"
    )


def test_outcomes_are_appended_and_read_back(tmp_path: Path) -> None:
    """Two records, in order, whole; a spoilt line is named."""
    path = tmp_path / "outcomes.jsonl"
    told = [outcome(1, Ended.PASSED), outcome(2, Ended.DIVERTED, BAD)]
    for one in told:
        record(path, one)
    assert list(recorded(path)) == told
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(StoreError, match=":3"):
        list(recorded(path))
    with pytest.raises(StoreError):
        list(recorded(tmp_path / "none.jsonl"))


def test_release_alone_says_nothing_of_the_truth_and_the_last_word_counts() -> None:
    """A released order that is later found diverted is a diversion; one merely released is unknown."""
    told = [outcome(1, Ended.RELEASED), outcome(2, Ended.PASSED), outcome(2, Ended.DIVERTED), outcome(3, Ended.REFUSED)]
    assert [h.diverted for h in known(told)] == [True]


def test_weights_move_with_outcomes_and_keep_their_side() -> None:
    """Cash among honest orders loses weight; few outcomes move nothing; the change is a version with its source."""
    honest_cash = [outcome(n, Ended.PASSED, BAD) for n in range(40)]
    plain_bad = [outcome(100 + n, Ended.DIVERTED) for n in range(40)]
    after = recalibrated(PROFILE, [*honest_cash, *plain_bad], on=DAY, version="t.2")
    cash = "red.payment.cash"
    assert 0 <= after.weight(cash) < PROFILE.weight(cash)
    assert "outcomes to" in after.weights[cash].source
    assert all(after.weight(r) * w.weight >= 0 for r, w in PROFILE.weights.items())
    assert (after.id, after.from_) == ("t.2", DAY)
    assert after.digest != PROFILE.digest
    same = recalibrated(PROFILE, honest_cash[:3], on=DAY, version="t.3")
    assert same.weights == PROFILE.weights


def test_a_new_profile_shows_what_it_would_have_decided() -> None:
    """Without any weight on alarm the held order would have gone elsewhere; the same profile moves nothing."""
    held = judged(
        order(
            parties=({"roles": ("end_user",), "description": "trading company", "country": "AE"},),
            destination="AE",
            end_use={"statement": "resale"},
            circumstances={"payment": "cash", "order": "buyer refuses installation"},
        )
    )
    past = [("o1", held), ("o2", judged(order()))]
    assert difference(past, PROFILE) == ()
    blind = PROFILE
    for group in ("payment", "customer", "end_use", "documents", "after_sale", "wording"):
        blind = blind.without(group)
    moved = {m.order: m for m in difference(past, blind)}["o1"]
    assert (moved.was.value, moved.would_be.value) == ("hold", "review")
    assert moved.score_would_be < moved.score_was


def test_drift_is_seen() -> None:
    """The same scores are steady, shifted ones stale, too few say nothing."""
    draw = random.Random(2)
    then = [draw.gauss(0, 1) for _ in range(500)]
    assert drift(then, [draw.gauss(0, 1) for _ in range(500)]).says == "steady"
    assert drift(then, [draw.gauss(1.5, 1) for _ in range(500)]).says == "stale"
    assert drift(then[:5], then).says == "too few scores to tell"


def test_scale_and_shift_are_found_again() -> None:
    """Outcomes drawn from a known curve give it back, and the reliability bins then cover what was stated."""
    draw = random.Random(4)
    scores = [draw.gauss(0, 2) for _ in range(4000)]
    import math

    told = [Held(s, False, draw.random() < 1 / (1 + math.exp(-(0.7 * s - 0.4)))) for s in scores]
    scale, shift = fitted(told)
    assert scale == pytest.approx(0.7, abs=0.08)
    assert shift == pytest.approx(-0.4, abs=0.12)
    right = PROFILE.model_copy(update={"scale": scale, "shift": shift})
    bins = calibration(told, right, base_rate=0.5)
    assert sum(b.came_true.low <= b.stated <= b.came_true.high for b in bins) >= 4
