"""Measure screening, and write `docs/accuracy/screening.md`, `.json` and `.svg`.

    python benchmarks/screening_accuracy.py [SHARED]           measure with the tables as they are
    python benchmarks/screening_accuracy.py [SHARED] --calibrate    fit the calibration first
    python benchmarks/screening_accuracy.py [SHARED] --fit     fit weights, trees and calibration first (needs `.[fit]`)

Weights, trees and calibration are fitted on builds with seeds of their own; the open query set and the last build are
only measured.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from screening_data import KINDS, Asked, Build, counted, index_of, open_set, opened, particulars, second_build, text_of
from screening_fit import hits, recalibrate, refit
from screening_report import write

from enduse.screen import calibrate, features, weigh
from enduse.screen.evidence import Evidence
from enduse.screen.find import ranked
from enduse.screen.index import KIND_BITS, Index

HERE = Path(__file__).parent.parent
MEASURED_SEED = 31
FLOOR = -8.0


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
