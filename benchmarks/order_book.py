"""A generated order book through the columnar evaluator, held against the explaining one on a sample of its lines.

    python benchmarks/order_book.py [--lines 1000000] [--workers 2] [--sample 500]

The spread is that of a trading house: a few codes and places make most lines, every entry of the control list and every
place of the Country Chart occurs, values are log-normal, most lines are exports of commodities from the United States.
Reports the rate, the ratio to the explaining evaluator measured in the same run, and how many sampled lines agree.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from enduse.determine import determine
from enduse.determine.frame import OUTCOMES, decide_frame
from enduse.determine.orders import Book
from enduse.rules.pack import RulePack
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)


def codes_of(pack: RulePack) -> list[str]:
    """Every entry and paragraph that the control rows name, and EAR99."""
    rows = pack.tables["ccl_controls"].rows
    return sorted({c for r in rows for c in (r["eccn"], *r["includes"].split())} | {"EAR99"})


def order_book(pack: RulePack, lines: int, seed: int = 7) -> dict[str, list[Any]]:
    """The book in columns."""
    draw = np.random.default_rng(seed)
    codes, places = codes_of(pack), sorted({r["place"] for r in pack.tables["country_chart_places"].rows})
    random.Random(seed).shuffle(codes)
    random.Random(seed).shuffle(places)
    code = np.where(draw.random(lines) < 0.55, "EAR99", np.array(codes)[_zipf(draw, len(codes), lines)])
    values = np.exp(draw.normal(8.0, 1.8, lines)).round(2)
    return {
        "code": code.tolist(),
        "destination": np.array(places)[_zipf(draw, len(places), lines)].tolist(),
        "exporter_country": np.where(draw.random(lines) < 0.97, "US", "DE").tolist(),
        "activity": np.where(draw.random(lines) < 0.97, "export", "reexport").tolist(),
        "kind": [
            "technology" if c[1:2] == "E" else "software" if c[1:2] == "D" else "commodity" for c in code.tolist()
        ],
        "value": [Decimal(str(v)) for v in values.tolist()],
        "currency": np.where(draw.random(lines) < 0.95, "USD", "EUR").tolist(),
        "end_user.military": [_MILITARY.get(n) for n in draw.integers(0, 200, lines).tolist()],
    }


_KINDS: Mapping[str, str] = {"D": "software", "E": "technology"}
_MILITARY: Mapping[int, bool] = {0: True, 1: False, 2: False, 3: False}


def _zipf(draw: np.random.Generator, kinds: int, size: int) -> Any:
    """Places in a list of which the n-th is about n times rarer than the first."""
    weights = 1 / np.arange(1, kinds + 1) ** 1.1
    return draw.choice(kinds, size, p=weights / weights.sum())


def main() -> None:
    """Measure and print."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--lines", type=int, default=1_000_000)
    told.add_argument("--workers", type=int, default=2)
    told.add_argument("--sample", type=int, default=500)
    asked = told.parse_args()
    pack = open_pack("us_ear")
    book = order_book(pack, asked.lines)
    before = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    begun = time.perf_counter()
    frame = decide_frame(book, pack, DAY, workers=asked.workers)
    taken = time.perf_counter() - begun
    worked = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) - before
    sample = random.Random(1).sample(range(asked.lines), min(asked.sample, asked.lines))
    orders = [Book.order({n: c[row] for n, c in book.items()}, pack) for row in sample]
    begun = time.perf_counter()
    found = [determine(order, pack, as_of=DAY).lines[0] for order in orders]
    each = (time.perf_counter() - begun) / len(sample)
    same = sum(
        (a.outcome, set(a.reasons)) == (frame.at(row)[0], set(frame.at(row)[1]))
        for a, row in zip(found, sample, strict=True)
    )
    print(f"{asked.lines:,} lines, {frame.combinations:,} combinations, {asked.workers} processes")
    print(f"columnar               {taken:8.1f} s   {asked.lines / taken:12,.0f} lines/s")
    print(f"processor time         {worked:8.1f} s   load of the machine {os.getloadavg()[0]:.1f}")
    print(f"explaining (baseline)  {each * 1000:8.2f} ms per line")
    print(f"ratio                  {each * asked.lines / taken:8.0f} times as fast")
    print(f"agreement on a sample  {same} of {len(sample)}")
    print(f"peak memory            {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")
    for place, count in sorted(Counter(frame.outcomes.tolist()).items()):
        print(f"  {OUTCOMES[place].value:24} {count:>10,}")


if __name__ == "__main__":
    main()
