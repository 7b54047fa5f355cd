"""Fit what screening weighs: weights, trees and calibration, on builds with seeds of their own.

Called by `screening_accuracy.py --fit` and `--calibrate`, which then measure. Trees need `pip install -e ".[fit]"`.
"""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from screening_data import Build, second_build

from enduse.screen import calibrate, features, match, tables, trees, weigh
from enduse.screen.calibrate import Place
from enduse.screen.compared import Compared
from enduse.screen.find import ranked
from enduse.screen.index import KIND_BITS, Index
from enduse.screen.text import PERSON, Name, fold

HERE = Path(__file__).parent.parent
TABLES = HERE / "src/enduse/screen/tables"
FIT_SEEDS, CALIBRATION_SEEDS = (*range(11, 16), *range(41, 51)), tuple(range(16, 26))
WRONG_COUNTRY = 0.1
"""Share of true queries whose country is replaced when fitting: papers are wrong, goods go through third countries."""
FIXED = {"number_differs": (-1.0, -3.4), "country_differs": (-1.3, -0.8)}
"""Weights not fitted, for persons and bodies. Builds hold no pair that differs in its number only; among
development pairs such names were different parties 293 times and the same party 4 times."""


class Rows(NamedTuple):
    """Candidates of all queries: features, evidence of country, what trees ask about, whether right, the query, and

    whether a person."""

    x: Any
    counted: Any
    right: Any
    query: Any
    true: Any
    person: Any


def candidates(build: Build, seed: int) -> Rows:
    """Every candidate of every query of a build, with some countries made wrong."""
    index, rng = Index.of(build.entries), random.Random(seed)
    ids = [e.id for e in build.entries]
    every = sorted({c for e in build.entries for c in e.evidence.countries})
    x, counted, right, query, true, person = [], [], [], [], [], []
    for number, asked in enumerate(build.asked):
        kinds = KIND_BITS[asked.kind]
        countries = asked.evidence.countries
        if asked.truth and countries and rng.random() < WRONG_COUNTRY:
            countries = frozenset({rng.choice(every)})
        name = fold(asked.name, kinds)
        for c in _compared(index, name, kinds):
            listed = index.evidence[index.owner[c.name]].countries
            agree = differ = 0.0
            if countries and listed:
                agree, differ = (1.0, 0.0) if countries & listed else (0.0, 1.0)
            x.append((*features.values(c), agree, differ))
            counted.append(trees.counted(c))
            right.append(ids[index.owner[c.name]] in asked.truth)
            query.append(number)
            true.append(bool(asked.truth))
            person.append(kinds == PERSON or index.kind[c.name] == PERSON)
    return Rows(*map(np.array, (x, counted, right, query, true, person)))


def _compared(index: Index, name: Name, kinds: int) -> list[Compared]:
    if index.engine is None:
        return match.match(index, match.prepare(index, name, kinds))
    return [c for _, c in match.compared_by_engine(index, name, kinds)]


def constrained(x: Any, y: Any, signs: Any, offset: Any) -> tuple[Any, float]:
    """A logistic regression whose weights keep their signs (accelerated projected gradient)."""
    s = x * signs
    step = 1 / (np.linalg.norm(np.column_stack([s, np.ones(len(s))]), 2) ** 2 / 4 + 1)
    w = v = np.zeros(x.shape[1])
    b = vb = 0.0
    t = 1.0
    for _ in range(2500):
        p = 1 / (1 + np.exp(-(s @ v + vb + offset)))
        w2, b2 = np.maximum(0, v - step * (s.T @ (p - y) + v)), vb - step * (p - y).sum()
        t2 = (1 + np.sqrt(1 + 4 * t * t)) / 2
        v, vb = w2 + (t - 1) / t2 * (w2 - w), b2 + (t - 1) / t2 * (b2 - b)
        w, b, t = w2, b2, t2
    return w * signs, float(b)


def fit(builds: list[Rows]) -> dict[str, tuple[float, float]]:
    """Weights for persons and bodies; the candidates learned from are the best of each query, chosen three times."""
    named = [*features.NAME_FEATURES, *features.EVIDENCE_FEATURES]
    names = [n for n, _, _ in named]
    signs = np.array([s for _, s, _ in named], dtype=float)
    free = np.array([n not in FIXED for n in names])
    current = {n: (features.weights()[1][n], features.weights()[0][n]) for n in ("start", *names)}
    for _ in range(3):
        chosen = [_chosen(rows, _odds(rows, current, names)) for rows in builds]
        x = np.vstack([r.x[c] for r, c in zip(builds, chosen, strict=True)])
        y = np.concatenate([r.right[c] for r, c in zip(builds, chosen, strict=True)]).astype(float)
        person = np.concatenate([r.person[c] for r, c in zip(builds, chosen, strict=True)])
        found = {}
        for column, who in ((0, person), (1, ~person)):
            fixed = np.array([FIXED[n][column] if n in FIXED else 0.0 for n in names])
            w, b = constrained(x[who][:, free], y[who], signs[free], x[who] @ fixed)
            whole = fixed.copy()
            whole[free] = w
            found[column] = (b, *whole)
        current = {n: (found[0][i], found[1][i]) for i, n in enumerate(("start", *names))}
    return {n: (round(p, 3) + 0.0, round(q, 3) + 0.0) for n, (p, q) in current.items()}


def _odds(rows: Rows, weights: dict[str, tuple[float, float]], names: list[str]) -> Any:
    person = np.array([weights[n][0] for n in names])
    body = np.array([weights[n][1] for n in names])
    return np.where(rows.person, rows.x @ person + weights["start"][0], rows.x @ body + weights["start"][1])


def _chosen(rows: Rows, odds: Any) -> Any:
    """The best right candidate of each true query, and the two best of each ordinary one."""
    order = np.argsort(-odds, kind="stable")
    taken: dict[tuple[int, bool], int] = defaultdict(int)
    kept = []
    for i in order.tolist():
        true = bool(rows.true[i])
        if true and not rows.right[i]:
            continue
        key = (int(rows.query[i]), true)
        if taken[key] < (1 if true else 2):
            taken[key] += 1
            kept.append(i)
    return np.array(sorted(kept))


TREES = {
    "n_estimators": 250,
    "learning_rate": 0.05,
    "num_leaves": 8,
    "max_bin": 48,
    "min_child_samples": 120,
    "reg_lambda": 5,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.8,
    "monotone_constraints": [sign for _, sign, _, _ in trees.COUNTED],
    "monotone_constraints_method": "advanced",
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "random_state": 7,
    "verbose": -1,
}
"""Few leaves, broad steps and many rows to a leaf, so that no single name can be learned by heart."""


def plant(builds: list[Rows], weights: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """Trees for persons and bodies, beside the fixed weights of numbers and the fitted ones of countries."""
    from lightgbm import LGBMClassifier  # noqa: PLC0415  only to fit

    apart = [n for n, _, _ in features.NAME_FEATURES].index("number_differs")
    names = [n for n, _, _ in (*features.NAME_FEATURES, *features.EVIDENCE_FEATURES)]
    chosen = [_chosen(rows, _odds(rows, weights, names)) for rows in builds]
    x, counted, right, person = (
        np.concatenate([getattr(r, part)[c] for r, c in zip(builds, chosen, strict=True)])
        for part in ("x", "counted", "right", "person")
    )
    found = []
    for column, kind, who in ((0, "person", person), (1, "body", ~person)):
        beside = x[who][:, [apart, -2, -1]] @ np.array(
            [weights[n][column] for n in ("number_differs", "country_agrees", "country_differs")]
        )
        start = float(np.log(right[who].mean() / (1 - right[who].mean())))
        model = LGBMClassifier(**TREES).fit(counted[who], right[who], init_score=beside + start)
        found.append((kind, str(round(start * trees.UNIT))))
        found += [(kind, _written(t["tree_structure"])) for t in model.booster_.dump_model()["tree_info"]]
    return found


def _written(node: dict[str, Any]) -> str:
    if "split_feature" not in node:
        return str(round(node["leaf_value"] * trees.UNIT))
    question = f"{trees.COUNTED[node['split_feature']][0]}<={math.floor(node['threshold'])}"
    expected = round(node["internal_value"] * trees.UNIT)
    return f"{question}:{expected} {_written(node['left_child'])} {_written(node['right_child'])}"


def isotonic(scores: list[float], right: list[bool]) -> list[tuple[float, float]]:
    """Knots of the probability that a hit is right, never falling (pool adjacent violators, then thinned)."""
    pairs = sorted(zip(scores, right, strict=True))
    pools: list[list[float]] = []
    for score, is_right in pairs:
        pools.append([score, score, float(is_right), 1.0])
        while len(pools) > 1 and pools[-2][2] / pools[-2][3] >= pools[-1][2] / pools[-1][3]:
            _, high, good, count = pools.pop()
            pools[-1] = [pools[-1][0], high, pools[-1][2] + good, pools[-1][3] + count]
    merged: list[list[float]] = []
    for pool in pools:
        if merged and merged[-1][3] < 60:
            merged[-1] = [merged[-1][0], pool[1], merged[-1][2] + pool[2], merged[-1][3] + pool[3]]
        else:
            merged.append(pool)
    middle = [((low + high) / 2, (good + 0.5) / (count + 1)) for low, high, good, count in merged]
    knots, highest = [(0.0, 0.0)], 0.0
    for s, p in middle:
        highest = max(highest, round(p, 4))
        knots.append((round(s, 4), highest))
    return [*knots, (1.0, max(highest, 0.999))]


def refit(shared: Path) -> None:
    builds = [candidates(second_build(shared, seed), seed) for seed in FIT_SEEDS]
    weights = fit(builds)
    _table("weights", ("feature", "person", "body"), [(n, p, b) for n, (p, b) in weights.items()])
    _table("trees", ("kind", "tree"), plant(builds, weights))
    for cached in (tables.rows, features.weights, features.row, features.most_by_country, trees.forests):
        cached.cache_clear()
    recalibrate(shared)


def recalibrate(shared: Path) -> None:
    """How probable a score is, by what countries say, on builds of their own."""
    found = [hit for seed in CALIBRATION_SEEDS for hit in hits(second_build(shared, seed))]
    rows = []
    for place in Place:
        scores, right = zip(*((s, r) for s, r, p in found if p is place), strict=True)
        rows += [(place.value, *knot) for knot in isotonic(list(scores), list(right))]
    _table("calibration", ("countries", "score", "probability"), rows)
    tables.rows.cache_clear()
    calibrate._knots.cache_clear()


def _table(name: str, head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with (TABLES / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)


def hits(build: Build) -> list[tuple[float, bool, Place]]:
    """The score of every hit of a build, whether it is right, and what countries say.

    Every query is asked twice, with its country and by name alone.
    """
    index = Index.of(build.entries)
    found = []
    for asked in build.asked:
        kinds = KIND_BITS[asked.kind]
        for evidence in dict.fromkeys((asked.evidence, asked.evidence._replace(countries=frozenset()))):
            for hit in ranked(index, (asked.name,), kinds, evidence, limit=10, floor=-5.0):
                place = weigh.place_of(weigh.steps(index, hit.party, hit.name, kinds, evidence))
                found.append((features.score(hit.odds), build.entries[hit.party].id in asked.truth, place))
    return found
