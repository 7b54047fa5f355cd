"""The risk assessment held against matched pairs, swaps and published cases. Only `inputs` are read for a score.

`expected` of enforcement cases is read for one figure only: which groups were found of those a reader saw.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from enduse.assess.answer import assess, reweighed
from enduse.assess.knowledge import Knowledge, knowledge_of
from enduse.assess.lanes import interval
from enduse.assess.profile import Profile, probability, standard
from enduse.evaluate.cases import transaction_of
from enduse.model.assessment import Assessment, Lane
from enduse.rules.pack import RulePack
from enduse.shelf import open_pack

Record = Mapping[str, object]
AS_OF = date(2025, 1, 1)
"""The day whose tables apply to records that carry no day of their own."""
LEAKAGE = {
    "pairs_ranked_right_by_words": 0.69,
    "pairs_ranked_right_by_word_pairs": 0.74,
    "pairs_ranked_right_by_form": 0.68,
    "real_auc_by_words": 0.996,
    "real_auc_by_words_hard": 0.984,
}
"""What style alone reaches on the published sets, as their authors measured it."""


def evaluate_risk(
    pairs: Iterable[Record],
    swaps: Iterable[Record] = (),
    enforcement: Iterable[Record] = (),
    benign: Iterable[Record] = (),
    *,
    pack: RulePack | None = None,
    profile: Profile | None = None,
    as_of: date = AS_OF,
) -> dict[str, object]:
    """Both errors on matched pairs, moves on swaps, and what published cases show; every confusion one by one."""
    judge = _Judge(pack or open_pack("red_flags"), profile or standard(), as_of)
    told = list(pairs)
    twins = [(judge.of(p["honest"]), judge.of(p["evasive"])) for p in told]
    found = {
        **_pairs(twins),
        "hard": _pairs([t for p, t in zip(told, twins, strict=True) if p.get("hard")]),
        "not_hard": _pairs([t for p, t in zip(told, twins, strict=True) if not p.get("hard")]),
        **judge.swaps(swaps),
        "confusions": [_confusion(p, t) for p, t in zip(told, twins, strict=True) if _confused(t)],
        "without_group": judge.ablated(twins),
        "leakage_baseline": LEAKAGE,
        "profile": judge.profile.id,
        "pack_digest": judge.pack.digest,
    }
    real, good = list(enforcement), list(benign)
    if real or good:
        found |= judge.real(real, good)
    return found


class _Judge:
    """One pack, one profile, one day."""

    def __init__(self, pack: RulePack, profile: Profile, as_of: date) -> None:
        self.pack, self.profile, self.as_of = pack, profile, as_of

    def of(self, inputs: object) -> Assessment:
        if not isinstance(inputs, Mapping):
            msg = "a case without `inputs`"
            raise TypeError(msg)
        return assess(transaction_of(inputs), pack=self.pack, profile=self.profile, as_of=self.as_of)

    def swaps(self, swaps: Iterable[Record]) -> dict[str, object]:
        """Both sides of a swap must take one lane; a score that moves at all is told too."""
        sides = [(self.of(s["a"]), self.of(s["b"])) for s in swaps]
        return {
            "swaps": len(sides),
            "lane_moves": sum(a.lane is not b.lane for a, b in sides),
            "score_moves": sum(not math.isclose(a.score, b.score) for a, b in sides),
        }

    def ablated(self, twins: Sequence[tuple[Assessment, Assessment]]) -> dict[str, float]:
        """Pairs still ranked right when one group of indicators is taken away."""
        groups = sorted({r.split(".")[1] for r in self.profile.weights})
        left = {}
        for group in groups:
            blind = self.profile.without(group)
            right = sum(_right((reweighed(h, blind), reweighed(e, blind))) for h, e in twins)
            left[group] = _share(right, len(twins))
        return left

    def real(self, enforcement: Sequence[Record], benign: Sequence[Record]) -> dict[str, object]:
        """Published cases: held or asked about, needlessly held, and the groups of indicators seen."""
        bad = [(c, self.of(c["inputs"])) for c in enforcement]
        good = [(c, self.of(c["inputs"])) for c in benign]
        scores = [a.score for _, a in good]
        hard = [a for c, a in good if _suspicious(c)]
        return {
            "enforcement": len(bad),
            "enforcement_held": _share(sum(a.lane is Lane.HOLD for _, a in bad), len(bad)),
            "enforcement_held_or_asked": _share(sum(a.lane is not Lane.FAST for _, a in bad), len(bad)),
            "benign": len(good),
            "benign_needlessly_held": _share(sum(a.lane is Lane.HOLD for _, a in good), len(good)),
            "benign_fast": _share(sum(a.lane is Lane.FAST for _, a in good), len(good)),
            "benign_suspicious": len(hard),
            "benign_suspicious_needlessly_held": _share(sum(a.lane is Lane.HOLD for a in hard), len(hard)),
            "real_held_at_10pct_review": _caught([a.score for _, a in bad], scores, 0.10),
            "real_auc": _auc([a.score for _, a in bad], scores),
            "indicators_by_group": _by_group(bad, knowledge_of(self.pack), self.pack),
            "held_benign": [_told(str(c.get("id", "")), a) for c, a in good if a.lane is Lane.HOLD],
            "released_enforcement": [_told(str(c.get("id", "")), a) for c, a in bad if a.lane is Lane.FAST],
        }


def _suspicious(case: Record) -> bool:
    expected = case.get("expected")
    return isinstance(expected, Mapping) and len(expected.get("superficially_suspicious", ())) > 1


def _right(twin: tuple[Assessment, Assessment]) -> bool:
    honest, evasive = twin
    return evasive.score > honest.score and not math.isclose(evasive.score, honest.score)


def _pairs(twins: Sequence[tuple[Assessment, Assessment]]) -> dict[str, object]:
    honest, evasive = [h for h, _ in twins], [e for _, e in twins]
    n = len(twins)
    reviewed = sum(a.lane is Lane.REVIEW for a in (*honest, *evasive))
    held, released = sum(h.lane is Lane.HOLD for h in honest), sum(e.lane is Lane.FAST for e in evasive)
    return {
        "pairs": n,
        "ranked_right": _share(sum(map(_right, twins)), n),
        "ties": sum(math.isclose(h.score, e.score) for h, e in twins),
        "honest_held": _share(held, n),
        "honest_held_interval": _bounds(held, n),
        "honest_fast": _share(sum(h.lane is Lane.FAST for h in honest), n),
        "evasive_released": _share(released, n),
        "evasive_released_interval": _bounds(released, n),
        "evasive_held": _share(sum(e.lane is Lane.HOLD for e in evasive), n),
        "reviewed": _share(reviewed, 2 * n),
        "abstained": sum(a.abstained for a in (*honest, *evasive)),
        "auc": _auc([e.score for e in evasive], [h.score for h in honest]),
        "held_at_10pct_review": _caught([e.score for e in evasive], [h.score for h in honest], 0.10),
        "brier": _brier(honest, evasive),
    }


def _share(hits: int, n: int) -> float:
    return round(hits / n, 4) if n else math.nan


def _bounds(hits: int, n: int) -> tuple[float, float]:
    found = interval(hits, n)
    return round(found.low, 4), round(found.high, 4)


def _auc(bad: Sequence[float], good: Sequence[float]) -> float:
    """The chance that a bad one scores above a good one; ties count one half."""
    if not bad or not good:
        return math.nan
    wins = sum((b > g) + 0.5 * (b == g) for b in bad for g in good)
    return round(wins / (len(bad) * len(good)), 4)


def _caught(bad: Sequence[float], good: Sequence[float], budget: float) -> float:
    """The share of bad ones above the score that a `budget` share of good ones reaches."""
    if not bad or not good:
        return math.nan
    limit = sorted(good, reverse=True)[min(int(budget * len(good)), len(good) - 1)]
    return _share(sum(b > limit for b in bad), len(bad))


def _brier(honest: Sequence[Assessment], evasive: Sequence[Assessment]) -> float:
    """Mean squared error of the probability at the pairs' own base rate of one half."""
    told = [(a, 0.0) for a in honest] + [(a, 1.0) for a in evasive]
    errors = [(probability(math.log(a.likelihood_ratio), 0.5) - truth) ** 2 for a, truth in told]
    return round(sum(errors) / len(errors), 4) if errors else math.nan


def _confused(twin: tuple[Assessment, Assessment]) -> bool:
    honest, evasive = twin
    return not _right(twin) or honest.lane is Lane.HOLD or evasive.lane is Lane.FAST


def _confusion(pair: Record, twin: tuple[Assessment, Assessment]) -> dict[str, object]:
    honest, evasive = twin
    return {
        "id": pair.get("id"),
        "hard": bool(pair.get("hard")),
        "ranked_right": _right(twin),
        "honest": _told("honest", honest),
        "evasive": _told("evasive", evasive),
    }


def _told(who: str, assessment: Assessment) -> dict[str, object]:
    return {
        "who": who,
        "score": round(assessment.score, 2),
        "lane": assessment.lane.value,
        "because": assessment.because,
        "indicators": [f"{i.rule} {i.contribution:+.2f}" for i in assessment.indicators[:6]],
    }


def _by_group(
    cases: Sequence[tuple[Record, Assessment]], know: Knowledge, pack: RulePack
) -> dict[str, dict[str, float]]:
    """Precision and recall of groups: a reader's red flags, read into groups by the pack's own phrases."""
    group = {r.id.rpartition(".")[2]: r.id.split(".")[1] for r in pack.rules}
    hit: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for case, assessment in cases:
        seen = {
            i.group
            for i in assessment.indicators
            if i.group != "wording" and not i.rule.endswith("tone_bad") and i.weight * i.strength > 0.1
        }
        expected = {group[s] for s in _expected(case, know) if know.polarity.get(s, 0) > 0 and s in group}
        told.update(seen)
        asked.update(expected)
        hit.update(seen & expected)
    return {
        g: {"precision": _share(hit[g], told[g]), "recall": _share(hit[g], asked[g]), "expected": asked[g]}
        for g in sorted(told | asked)
    }


def _expected(case: Record, know: Knowledge) -> set[str]:
    expected = case.get("expected")
    flags = expected.get("red_flags_visible", ()) if isinstance(expected, Mapping) else ()
    found = {m.key for text in flags for m in know.signs_in(str(text)) if not m.key.startswith("tone_")}
    places = {"embargo_link" for text in flags if know.places.find(str(text))}
    return found | places
