"""How fast screening is, beside a named baseline measured in the same run.

    python benchmarks/screening.py [SHARED] [--python]     figures of one matcher, as JSON
    python benchmarks/screening.py [SHARED] --write        of both, to `docs/accuracy/screening-speed.md`

The list and queries are those of the open set. The baseline is RapidFuzz's ratio of pre-sorted words against every name
(the fastest simple peer). `--python` measures the matcher without the accelerator. Processor time of one core is
reported beside wall time: on a busy machine the first is the steadier.
"""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from screening_data import Asked, Build, open_set

if "--python" in sys.argv:
    os.environ["ENDUSE_PYTHON_MATCHER"] = "1"

from rapidfuzz.distance import Indel
from rapidfuzz.process import extract

from enduse.screen import Query, place, search_many, text
from enduse.screen.evidence import Evidence
from enduse.screen.find import ranked
from enduse.screen.index import KIND_BITS, Entry, Index

FLOOR, LIMIT, SAMPLE = -5.0, 10, 4400


def chosen(build: Build) -> list[Asked]:
    """One true query to ten ordinary ones, in random order."""
    rng = random.Random(7)
    true = [a for a in build.asked if a.truth]
    ordinary = [a for a in build.asked if not a.truth]
    some = rng.sample(true, SAMPLE // 11) + rng.sample(ordinary, SAMPLE - SAMPLE // 11)
    rng.shuffle(some)
    return some


def asked(build: Build) -> list[tuple[str, int, Any]]:
    """The same, as the matcher takes them."""
    return [(a.name, KIND_BITS[a.kind], a.evidence) for a in chosen(build)]


def forgotten() -> None:
    """Empty what is kept of words and names seen before, so that each measurement begins the same."""
    for kept in (text.plain, text.said, text.fold, text.sound, text.skeleton, text._parts, text._apart, text._classed):
        kept.cache_clear()


def timed(index: Index, queries: list[tuple[str, int, Any]]) -> dict[str, float]:
    """Queries per second and latency of single queries."""
    gc.collect()
    gc.freeze()
    forgotten()
    each = []
    wall, processor = perf_counter(), process_time()
    for name, kinds, evidence in queries:
        start = perf_counter()
        ranked(index, (name,), kinds, evidence, limit=LIMIT, floor=FLOOR)
        each.append(perf_counter() - start)
    wall, processor = perf_counter() - wall, process_time() - processor
    each.sort()
    return {
        "queries per second, wall": round(len(queries) / wall),
        "queries per second, processor": round(len(queries) / processor),
        "p50 ms": round(each[len(each) // 2] * 1e3, 3),
        "p99 ms": round(each[int(len(each) * 0.99)] * 1e3, 3),
        "most ms": round(each[-1] * 1e3, 3),
    }


def baseline(entries: list[Entry], queries: list[tuple[str, int, Any]]) -> float:
    """Queries per second of a scan over all names, words sorted beforehand (processor time)."""
    names = [" ".join(sorted(n.lower().split())) for e in entries for n, _ in e.names]
    few = [" ".join(sorted(name.lower().split())) for name, _, _ in queries[:300]]
    start = process_time()
    for name in few:
        extract(name, names, scorer=Indel.normalized_similarity, limit=LIMIT, score_cutoff=0.5)
    return len(few) / (process_time() - start)


def multiplied(entries: list[Entry], times: int) -> list[Entry]:
    """A list `times` as long: further names of the same words, some of them altered, as a longer list would have."""
    rng = random.Random(3)
    words = [w for e in entries for n, _ in e.names for w in n.split()]
    made = list(entries)
    for copy in range(1, times):
        for e in entries:
            names = tuple((" ".join(_other(rng, words) for _ in n.split()), 0) for n, _ in e.names)
            made.append(e._replace(id=f"{e.id}.{copy}", names=names))
    return made


def _other(rng: random.Random, words: list[str]) -> str:
    word = rng.choice(words)
    if rng.random() < 0.2 and len(word) > 3:
        at = rng.randrange(len(word))
        word = word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
    return word


def in_batch(index: Index, build: Build, processes: int) -> int:
    """Queries a second of `search_many` over the whole open set, hits explained, at the score a batch shows."""
    codes = place.codes()
    queries = [
        Query(name=a.name, kind=a.kind, country=min((codes[n] for n in a.evidence.countries), default=None))
        for a in build.asked * 2
    ]
    forgotten()
    start = perf_counter()
    for _ in search_many(index, queries, processes=processes):
        pass
    return round(len(queries) / (perf_counter() - start))


def hostile(index: Index) -> float:
    """Milliseconds (of the processor) of the slowest of many names made to be slow, each asked for the first time."""
    rng = random.Random(11)
    common = [index.words[w] for w in np.argsort(-np.diff(index.arrays["post_at"]))[:20_000]]
    short = [w for w in common if len(w) < 5]
    names = [" ".join(rng.choices(pool, k=k)) for pool in (common[:60], common, short) for k in (1, 4, 16) * 30]
    names += ["".join(rng.choices("aeioumnrstlk ", k=200)) for _ in range(60)]
    names += ["a", "a" * 10_000, "北" * 10_000, "a b c d " * 600]
    worst = 0.0
    for name in names:
        for kinds in (1, 2, 7):
            start = process_time()
            ranked(index, (name,), kinds, Evidence(), limit=LIMIT, floor=FLOOR)
            worst = max(worst, process_time() - start)
    return round(worst * 1e3, 1)


def measured(shared: Path) -> dict[str, Any]:
    """Every figure, of the matcher this process was started with."""
    build = open_set(shared)
    queries = asked(build)
    start = process_time()
    index = Index.of(build.entries)
    told: dict[str, Any] = {
        "matcher": "python" if index.engine is None else "c",
        "build s": round(process_time() - start, 2),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.index"
        index.save(path)
        start = process_time()
        index = Index.load(path)
    told["load s"] = round(process_time() - start, 2)
    told["names"] = len(index.names)
    told["single"] = timed(index, queries)
    told["peak MiB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    told["batch, one process"] = in_batch(index, build, 1)
    told["batch, two processes"] = in_batch(index, build, 2)
    told["slowest hostile name ms"] = hostile(index)
    told["baseline"] = round(baseline(build.entries, queries))
    large = Index.of(multiplied(build.entries, 10))
    told["ten times"] = {"names": len(large.names), **timed(large, queries), "slowest hostile name ms": hostile(large)}
    return told


HEAD = """# How fast screening is

Written by `python benchmarks/screening.py --write`; do not edit. The list and queries are the open set (11,029 parties;
one true query to ten ordinary ones), asked from a cold start: no word was seen before. The baseline, measured in the
same run, is RapidFuzz's ratio of pre-sorted words against every name, the fastest simple peer. On a shared machine the
same loop varies by a third and more between runs: trust the ratios before the figures.
"""


def written(with_c: dict[str, Any], without: dict[str, Any]) -> str:
    """The figures of both matchers as a page."""
    processor = "queries per second, processor"
    rows: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
        ("single queries a second, one core", lambda t: t["single"][processor]),
        ("times the baseline", lambda t: f"{t['single'][processor] / t['baseline']:.1f}"),
        ("p50 ms", lambda t: t["single"]["p50 ms"]),
        ("p99 ms", lambda t: t["single"]["p99 ms"]),
        ("`search_many`, hits explained: queries a second, one process", lambda t: t["batch, one process"]),
        ("the same, two processes", lambda t: t["batch, two processes"]),
        ("slowest of many names made to be slow, ms", lambda t: t["slowest hostile name ms"]),
        ("index built, s", lambda t: t["build s"]),
        ("index read from its cache, s", lambda t: t["load s"]),
        ("peak memory, MiB", lambda t: t["peak MiB"]),
        (
            "ten times the names: a query costs times as much",
            lambda t: f"{t['single'][processor] / t['ten times'][processor]:.1f}",
        ),
        ("ten times the names: p99 ms", lambda t: t["ten times"]["p99 ms"]),
        ("ten times the names: slowest name made to be slow, ms", lambda t: t["ten times"]["slowest hostile name ms"]),
    ]
    lines = ["| | with the accelerator | Python only |", "|---|---|---|"]
    lines += [f"| {label} | {of(with_c)} | {of(without)} |" for label, of in rows]
    return HEAD + "\n" + "\n".join(lines) + "\n"


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    shared = Path(arguments[0] if arguments else os.environ.get("ENDUSE_SHARED", "../shared"))
    if "--write" in sys.argv:
        told = [_apart(shared, more) for more in ([], ["--python"])]
        page = Path(__file__).parent.parent / "docs/accuracy/screening-speed.md"
        page.write_text(written(*told), encoding="utf-8")
        return
    print(json.dumps(measured(shared), indent=1))


def _apart(shared: Path, more: list[str]) -> dict[str, Any]:
    """The figures of a process of their own."""
    command = [sys.executable, __file__, str(shared), *more]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


if __name__ == "__main__":
    main()
