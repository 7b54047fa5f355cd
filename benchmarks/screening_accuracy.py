"""Measure screening, and write `docs/accuracy/screening.md`, `.json` and `.svg`.

    python benchmarks/screening_accuracy.py [SHARED]           measure with the tables as they are
    python benchmarks/screening_accuracy.py [SHARED] --calibrate    fit the calibration first
    python benchmarks/screening_accuracy.py [SHARED] --fit     fit weights, trees and calibration first (needs `.[fit]`)

Weights, trees and calibration are fitted on builds with seeds of their own; the open query set and the last build are
only measured.
"""

from __future__ import annotations

import csv
import json
import math
import os
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from screening_data import KINDS, Asked, Build, counted, index_of, open_set, opened, particulars, second_build, text_of
from screening_report import write

from enduse.screen import calibrate, features, match, tables, trees, weigh
from enduse.screen.calibrate import Place
from enduse.screen.compared import Compared
from enduse.screen.evidence import Evidence
from enduse.screen.find import ranked
from enduse.screen.index import KIND_BITS, Index
from enduse.screen.text import PERSON, Name, fold

HERE = Path(__file__).parent.parent
TABLES = HERE / "src/enduse/screen/tables"
FIT_SEEDS, CALIBRATION_SEEDS, MEASURED_SEED = (*range(11, 16), *range(41, 51)), tuple(range(16, 26)), 31
WRONG_COUNTRY = 0.1
"""Share of true queries whose country is replaced when fitting: papers are wrong, goods go through third countries."""
FIXED = {"number_differs": (-1.0, -3.4), "country_differs": (-1.3, -0.8)}
"""Weights not fitted, for persons and bodies. Builds hold no pair that differs in its number only; among
development pairs such names were different parties 293 times and the same party 4 times."""
FLOOR = -8.0


# ---- fitting ----------------------------------------------------------------------------------------------------


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


# ---- measuring --------------------------------------------------------------------------------------------------


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


def swept(build: Build, strip: Callable[[Evidence], Evidence]) -> dict[str, Any]:
    """Recall at 0.1, 1 and 5 % of ordinary names with a hit, in all and by kind of query."""
    index = Index.of(build.entries)
    ids = [e.id for e in build.entries]
    true: list[tuple[str, float]] = []
    ordinary: list[tuple[str, float]] = []
    for asked in build.asked:
        found = ranked(index, (asked.name,), KIND_BITS[asked.kind], strip(asked.evidence), limit=20, floor=FLOOR)
        right = [h.odds for h in found if not asked.truth or ids[h.party] in asked.truth]
        (true if asked.truth else ordinary).append((asked.group, max(right, default=-99.0)))
    return at_rates(true, ordinary)


def at_rates(true: list[tuple[str, float]], ordinary: list[tuple[str, float]]) -> dict[str, Any]:
    falling = sorted((o for _, o in ordinary), reverse=True)
    told: dict[str, Any] = {"true": len(true), "ordinary": len(ordinary)}
    for rate in (0.001, 0.01, 0.05):
        limit = falling[int(rate * len(falling))] + 1e-9
        told[f"{rate:.1%}"] = {
            "score": round(features.score(limit), 4),
            "recall": _share(true, limit),
            "by_kind": {k: _share([t for t in true if t[0] == k], limit) for k in sorted({k for k, _ in true})},
        }
    return told


def _share(rows: list[tuple[str, float]], limit: float) -> float:
    return round(sum(o >= limit for _, o in rows) / len(rows), 4) if rows else 0.0


def reliability(build: Build, bins: int = 10) -> list[dict[str, float]]:
    """Stated probability against the share that was right, in bins of equal width."""
    pools: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, right, place in hits(build):
        p = calibrate.probability(score, place)
        pools[min(bins - 1, int(p * bins))].append((p, right))
    return [
        {
            "stated": round(sum(p for p, _ in v) / len(v), 4),
            "right": round(sum(r for _, r in v) / len(v), 4),
            "hits": len(v),
        }
        for _, v in sorted(pools.items())
    ]


# ---- development pairs ------------------------------------------------------------------------------------------

Record = tuple[Any, tuple[str, ...], Evidence]


def pair_recall(
    shared: Path, file: str, by: str, thresholds: tuple[float, float], index_names: str = "name_a"
) -> dict[str, Any]:
    """Recall by variation: the index holds every `name_a`, `name_b` is asked; pairs a name alone can decide."""
    rows = [
        r
        for r in opened(shared / "data/matching/dev" / file)
        if r.get("name_only_decidable", "1") == "1" and r["label"] == "1"
    ]
    records: dict[str, Record] = {}
    for r in rows:
        kind, names, evidence = records.get(r["rec_a"], (KINDS[r["schema"]], (), Evidence()))
        records[r["rec_a"]] = (kind, (*names, r[index_names]), evidence)
    index = index_of(records)
    place = {key: n for n, key in enumerate(records)}
    return _by_group(
        (
            r[by],
            KINDS[r["schema"]].value,
            odds_of(index, r["name_b"], KINDS[r["schema"]], Evidence(), place[r["rec_a"]]),
        )
        for r in rows
    ) | {"_at": thresholds}


def odds_of(index: Index, name: str, kind: Any, evidence: Evidence, party: int) -> float:
    """The log-odds a query gives one listed party; -99 when it is not found."""
    for hit in ranked(index, (name,), KIND_BITS[kind], evidence, limit=1000, floor=-50.0):
        if hit.party == party:
            return hit.odds
    return -99.0


def _by_group(rows: Iterable[tuple[str, str, float]]) -> dict[str, Any]:
    groups: dict[str, list[float]] = defaultdict(list)
    for group, kind, odds in rows:
        groups[group].append(odds)
        groups[f"all: {kind}"].append(odds)
        groups["all"].append(odds)
    return {"groups": groups}


def hard_negatives(shared: Path, evidence: bool) -> dict[str, Any]:
    """Pairs of different parties with near names: how often the other party is reported."""
    rows = list(opened(shared / "data/matching/dev/list_hard_negatives.csv"))
    records: dict[str, Record] = {
        r["rec_b"]: (KINDS[r["schema"]], (r["name_b"],), particulars(r["country_b"], r["dob_b"])) for r in rows
    }
    index = index_of(records)
    place = {key: n for n, key in enumerate(records)}
    told = []
    for r in rows:
        known = particulars(r["country_a"], r["dob_a"]) if evidence else Evidence()
        odds = (
            odds_of(index, r["name_a"], KINDS[r["schema"]], known, place[r["rec_b"]]) if r["rec_b"] in place else -99.0
        )
        decidable = "name decides" if r["name_only_decidable"] == "1" else "name cannot decide"
        told.append((f"{r['variation']} ({decidable})", KINDS[r["schema"]].value, odds))
    return _by_group(told)


def ordinary_names(shared: Path, index: Index, with_country: bool) -> dict[str, Any]:
    """Ordinary names against an index: the best hit of each, by kind; of the half not counted for word weights."""
    told = []
    for r in opened(shared / "data/matching/dev/ordinary_names.csv.gz"):
        if r["listed_overlap"] or (counted(r["name"]) and not r["source"].startswith("tennis")):
            continue
        kind = KINDS[r["kind"]]
        known = particulars(r["country"]) if with_country else Evidence()
        found = ranked(index, (r["name"],), KIND_BITS[kind], known, limit=1, floor=FLOOR)
        told.append((r["kind"], kind.value, found[0].odds if found else -99.0))
    return _by_group(told)


def whole_records(shared: Path) -> dict[str, Any]:
    """Whole records of two lists: what country, birth date and identifiers add to names."""
    path = shared / "data/matching/dev/entity_record_pairs.jsonl.gz"
    pairs = [json.loads(line) for line in text_of(path).split("\n") if line]
    records: dict[str, Record] = {}
    for p in pairs:
        records[p["b"]["id"]] = _record(p["b"], p["schema"])
    index = index_of(records)
    place = {key: n for n, key in enumerate(records)}
    keep: dict[str, Callable[[Evidence], Evidence]] = {
        "names": lambda _: Evidence(),
        "names, country": lambda e: Evidence(countries=e.countries),
        "names, country, birth date": lambda e: Evidence(countries=e.countries, births=e.births),
        "names, country, birth date, identifiers": lambda e: e,
    }
    told: dict[str, Any] = {}
    for label, strip in keep.items():
        by: dict[str, list[tuple[bool, float]]] = defaultdict(list)
        for p in pairs:
            kind, names, evidence = _record(p["a"], p["schema"])
            party = place[p["b"]["id"]]
            found = ranked(index, names[:12], KIND_BITS[kind], strip(evidence), limit=1000, floor=-50.0)
            odds = next((h.odds for h in found if h.party == party), -99.0)
            by[kind.value].append((p["label"] == 1, odds))
            by["all"].append((p["label"] == 1, odds))
        told[label] = {k: _told_apart(v) for k, v in by.items()}
    return told


def _record(r: dict[str, Any], schema: str) -> Record:
    names = tuple(n["name"] for n in r["names"])
    return KINDS[schema], names, particulars("|".join(r["countries"]), "|".join(r["dob"]), r["ids"])


def _told_apart(rows: list[tuple[bool, float]]) -> dict[str, float]:
    same = [o for right, o in rows if right]
    other = np.sort(np.array([o for right, o in rows if not right]))
    below = np.searchsorted(other, same, "left") + np.searchsorted(other, same, "right")
    return {
        "same": len(same),
        "different": len(other),
        "recall at 0.5": round(float(np.mean(np.array(same) >= 0.0)), 4),
        "false at 0.5": round(float(np.mean(other >= 0.0)), 4),
        "area under curve": round(float(below.sum() / (2 * len(same) * len(other))), 4),
    }


def cut(found: dict[str, Any], limits: dict[str, float]) -> dict[str, Any]:
    """Shares of each group at or above each limit."""
    return {
        group: {
            "n": len(odds),
            **{label: round(float(np.mean(np.array(odds) >= limit)), 4) for label, limit in limits.items()},
        }
        for group, odds in sorted(found["groups"].items())
    }


def measure(shared: Path) -> dict[str, Any]:
    """All figures."""
    opened_set, held = open_set(shared), second_build(shared, MEASURED_SEED)
    told: dict[str, Any] = {"base_rate": calibrate.BASE_RATE}
    for label, build in (("open query set", opened_set), (f"own build, seed {MEASURED_SEED}", held)):
        told[label] = {"with country": swept(build, lambda e: e), "name only": swept(build, lambda _: Evidence())}
    told["reliability"] = {"open query set": reliability(opened_set), "own build": reliability(held)}
    index = Index.of(held.entries)
    alone, country = ordinary_names(shared, index, False), ordinary_names(shared, index, True)
    falling = sorted(alone["groups"]["all"], reverse=True)
    limits = {
        "at 0.1 %": falling[len(falling) // 1000] + 1e-9,
        "at 1 %": falling[len(falling) // 100] + 1e-9,
        "score 0.5": 0.0,
    }
    told["limits"] = {k: round(features.score(v), 4) for k, v in limits.items()}
    told["ordinary names, name only"] = cut(alone, limits)
    told["ordinary names, with country"] = cut(country, limits)
    told["official aliases by variation"] = cut(
        pair_recall(shared, "list_alias_pairs.csv.gz", "variation", (0, 0)), limits
    )
    told["official aliases by relation"] = cut(
        pair_recall(shared, "list_alias_pairs.csv.gz", "relation", (0, 0)), limits
    )
    told["same party on two lists, by variation"] = cut(
        pair_recall(shared, "list_crosslist_pairs.csv", "variation", (0, 0)), limits
    )
    told["machine-made errors"] = cut(
        pair_recall(shared, "synthetic_perturbation_pairs.csv", "perturbation", (0, 0)), limits
    )
    told["hard negatives, name only"] = cut(hard_negatives(shared, False), limits)
    told["hard negatives, with country and birth date"] = cut(hard_negatives(shared, True), limits)
    told["whole records of two lists"] = whole_records(shared)
    return told


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    shared = Path(arguments[0] if arguments else os.environ.get("ENDUSE_SHARED", HERE.parent / "shared"))
    if "--fit" in sys.argv:
        refit(shared)
    elif "--calibrate" in sys.argv:
        recalibrate(shared)
    told = measure(shared)
    write(told, HERE / "docs/accuracy")
    for label in ("open query set", f"own build, seed {MEASURED_SEED}"):
        for way, found in told[label].items():
            print(label, way, {k: v["recall"] for k, v in found.items() if isinstance(v, dict)})


__all__ = ["Asked", "weigh"]

if __name__ == "__main__":
    main()
