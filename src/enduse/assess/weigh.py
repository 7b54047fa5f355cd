"""From findings to a score: each rule adds its weight in log-odds, correlated ones of a group counted less and less."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from enduse.assess.profile import Profile
from enduse.model.assessment import Indicator


class Weighed(NamedTuple):
    """The indicators with what each contributes, and the sum."""

    indicators: tuple[Indicator, ...]
    score: float


def weigh(found: Iterable[Indicator], profile: Profile) -> Weighed:
    """Contributions within each group and side, strongest first, each further one discounted; reassurance is capped.

    Adding an alarming indicator never lowers the score and a reassuring one never raises it, because in a sorted,
    discounted sum no term can push another below what it was worth.
    """
    sides: dict[tuple[str, bool], list[Indicator]] = defaultdict(list)
    for indicator in found:
        sides[indicator.group, indicator.weight > 0].append(indicator)
    shared = [i for key in sorted(sides) for i in _discounted(sides[key], profile.discount)]
    alarming = [i for i in shared if i.weight > 0]
    easing = _capped([i for i in shared if i.weight <= 0], profile.limit_reassuring)
    indicators = tuple(sorted((*alarming, *easing), key=lambda i: (-abs(i.contribution), i.rule)))
    return Weighed(indicators, sum(i.contribution for i in indicators))


def _discounted(group: Sequence[Indicator], discount: float) -> list[Indicator]:
    ordered = sorted(group, key=lambda i: (-abs(i.weight * i.strength), i.rule))
    return [
        i.model_copy(update={"contribution": i.weight * i.strength * discount**rank}) for rank, i in enumerate(ordered)
    ]


def _capped(easing: list[Indicator], limit: float) -> list[Indicator]:
    """Reassurance up to four fifths of the limit counts whole; beyond, ever less, so that it still moves the score."""
    total, bend = -sum(i.contribution for i in easing), 0.8 * limit
    rest = limit - bend
    share = (bend + rest * (1 - math.exp((bend - total) / rest))) / total if total > bend else 1.0
    return [i.model_copy(update={"contribution": i.contribution * share}) for i in easing]
