"""Feedback: what became of orders, kept by appending; weights corrected from it; signs that a profile has aged.

A profile is never edited. `recalibrated` gives a new version, `difference` what it would have decided otherwise on past
orders, `drift` and `calibration` whether today's orders still look like those the profile was made for.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from enduse.assess.answer import reweighed
from enduse.assess.lanes import Held, Interval, held, interval
from enduse.assess.profile import Profile, Weight, probability
from enduse.errors import StoreError
from enduse.model.assessment import Assessment, Lane
from enduse.model.base import Value


class Ended(StrEnum):
    """How an order ended. FAILED and DIVERTED speak for diversion; RELEASED and REFUSED alone say nothing of it."""

    RELEASED = "released"
    REFUSED = "refused"
    PASSED = "end_use_check_passed"
    UPHELD = "appeal_upheld"
    FAILED = "end_use_check_failed"
    DIVERTED = "found_diverted"


TRUTH: Mapping[Ended, bool | None] = {
    Ended.RELEASED: None,
    Ended.REFUSED: None,
    Ended.PASSED: False,
    Ended.UPHELD: False,
    Ended.FAILED: True,
    Ended.DIVERTED: True,
}


class OrderOutcome(Value):
    """One order's assessment as it was given, how it ended, who recorded it and when."""

    order: str
    assessment: Assessment
    ended: Ended
    on: date
    by: str
    note: str | None = None

    @property
    def diverted(self) -> bool | None:
        """Was it a diversion? None where that is not known."""
        return TRUTH[self.ended]


def record(path: Path, outcome: OrderOutcome) -> None:
    """Append one outcome; nothing kept is ever changed. Raises `StoreError` when the file cannot be written."""
    try:
        with path.open("a", encoding="utf-8") as kept:
            kept.write(outcome.model_dump_json() + "\n")
    except OSError as error:
        raise StoreError(str(error), place=str(path), hint="outcomes are appended to a file you may write") from error


def recorded(path: Path) -> Iterator[OrderOutcome]:
    """Every outcome kept, in order. Raises `StoreError` naming the line that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise StoreError(str(error), place=str(path), hint="no outcomes are kept there yet") from error
    for number, line in enumerate(lines, start=1):
        try:
            yield OrderOutcome.model_validate_json(line)
        except ValidationError as error:
            raise StoreError(f"not an outcome: {error}", place=f"{path}:{number}") from error


def known(outcomes: Iterable[OrderOutcome]) -> tuple[Held, ...]:
    """The outcomes whose truth is known, as lanes are calibrated on them; the last word on an order counts."""
    last = {o.order: o for o in outcomes if o.diverted is not None}
    return tuple(held(o.assessment, diverted=bool(o.diverted)) for o in last.values())


def recalibrated(
    profile: Profile, outcomes: Iterable[OrderOutcome], *, on: date, version: str, trust: float = 50.0
) -> Profile:
    """A new version whose weights lean on outcomes as far as they go.

    Each weight moves from its stated value towards the log-ratio of how often the rule fired among diversions and among
    honest orders, by n / (n + `trust`), n being the smaller class; its side never changes. Below ten of either class
    nothing moves.
    """
    last = {o.order: o for o in outcomes if o.diverted is not None}
    bad = [o.assessment for o in last.values() if o.diverted]
    good = [o.assessment for o in last.values() if not o.diverted]
    if min(len(bad), len(good)) < _FEWEST:
        return profile.model_copy(update={"id": version, "from_": on, "digest": _digest(profile, version)})
    fired_bad, fired_good = _fired(bad), _fired(good)
    share = min(len(bad), len(good)) / (min(len(bad), len(good)) + trust)
    weights = {
        rule: _moved(weight, fired_bad[rule], len(bad), fired_good[rule], len(good), share=share, on=on)
        for rule, weight in profile.weights.items()
    }
    source = f"{profile.id}, corrected by {len(last)} outcomes up to {on}"
    fresh = profile.model_copy(update={"id": version, "from_": on, "source": source, "weights": weights})
    return fresh.model_copy(update={"digest": _digest(fresh, version)})


_FEWEST = 10


def _fired(assessments: Iterable[Assessment]) -> Counter[str]:
    return Counter(rule for a in assessments for rule in {i.rule for i in (*a.indicators, *a.mitigating)})


def _moved(weight: Weight, bad: int, n_bad: int, good: int, n_good: int, *, share: float, on: date) -> Weight:
    if bad + good == 0:
        return weight
    seen = math.log((bad + 0.5) / (n_bad + 1)) - math.log((good + 0.5) / (n_good + 1))
    moved = (1 - share) * weight.weight + share * seen
    kept = max(0.0, moved) if weight.weight > 0 else min(0.0, moved)
    source = f"{weight.source}; outcomes to {on}: fired in {bad}/{n_bad} diversions, {good}/{n_good} honest"
    return Weight(weight=round(kept, 4), reason=weight.reason, source=source)


def _digest(profile: Profile, version: str) -> str:
    content = profile.model_dump(mode="json", exclude={"digest"})
    return hashlib.sha256(json.dumps({**content, "id": version}, sort_keys=True).encode()).hexdigest()


class Moved(NamedTuple):
    """One past order that another profile would have sent elsewhere."""

    order: str
    was: Lane
    would_be: Lane
    score_was: float
    score_would_be: float


def difference(past: Iterable[tuple[str, Assessment]], profile: Profile) -> tuple[Moved, ...]:
    """Which past orders the new profile would have sent to another lane."""
    found = []
    for order, then in past:
        now = reweighed(then, profile)
        if now.lane is not then.lane:
            found.append(Moved(order, then.lane, now.lane, then.score, now.score))
    return tuple(found)


class Drift(NamedTuple):
    """How far today's scores are from those of reference: the population stability index, and what it means."""

    psi: float
    says: str


def drift(reference: Sequence[float], today: Sequence[float], *, bins: int = 10) -> Drift:
    """Population stability index over deciles of the reference; above 0.25 a profile is taken for stale."""
    if len(reference) < bins or not today:
        return Drift(math.nan, "too few scores to tell")
    ordered = sorted(reference)
    edges = [ordered[len(ordered) * k // bins] for k in range(1, bins)]
    old, new = _shares(reference, edges), _shares(today, edges)
    index = sum((n - o) * math.log(n / o) for o, n in zip(old, new, strict=True))
    says = "stale" if index > 0.25 else "watch" if index > 0.1 else "steady"
    return Drift(round(index, 4), says)


def _shares(scores: Sequence[float], edges: Sequence[float]) -> list[float]:
    counts = Counter(sum(s >= e for e in edges) for s in scores)
    return [(counts[k] + 0.5) / (len(scores) + 0.5 * (len(edges) + 1)) for k in range(len(edges) + 1)]


class Reliability(NamedTuple):
    """One bin of the reliability curve: mean stated probability, the share that came true, and of how many."""

    stated: float
    came_true: Interval
    of: int


def calibration(
    outcomes: Sequence[Held], profile: Profile, *, base_rate: float, bins: int = 5
) -> tuple[Reliability, ...]:
    """Stated against observed, in bins of equal size; a bin whose interval excludes what was stated asks for repair."""
    stated = sorted((probability(profile.log_odds(o.score), base_rate), o.diverted) for o in outcomes)
    size = max(1, math.ceil(len(stated) / bins))
    groups = [stated[k : k + size] for k in range(0, len(stated), size)]
    return tuple(
        Reliability(sum(p for p, _ in g) / len(g), interval(sum(d for _, d in g), len(g)), len(g)) for g in groups
    )


def fitted(outcomes: Sequence[Held]) -> tuple[float, float]:
    """Scale and shift that turn scores into log-odds at even odds: logistic regression on one number, by Newton."""
    scale, shift = 1.0, 0.0
    for _ in range(50):
        grad, hess = [0.0, 0.0], [1e-3, 0.0, 1e-3]
        grad = [-1e-3 * (scale - 1), -1e-3 * shift]
        for o in outcomes:
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, scale * o.score + shift))))
            miss, w = o.diverted - p, max(1e-9, p * (1 - p))
            grad = [grad[0] + miss * o.score, grad[1] + miss]
            hess = [hess[0] + w * o.score**2, hess[1] + w * o.score, hess[2] + w]
        det = hess[0] * hess[2] - hess[1] ** 2
        step = ((hess[2] * grad[0] - hess[1] * grad[1]) / det, (hess[0] * grad[1] - hess[1] * grad[0]) / det)
        scale, shift = max(0.05, scale + step[0]), shift + step[1]
        if abs(step[0]) + abs(step[1]) < 1e-9:
            break
    return round(scale, 4), round(shift, 4)
