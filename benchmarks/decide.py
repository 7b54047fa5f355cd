"""How long one decision takes: in a warm process with its whole trace, and from the shell.

    python benchmarks/decide.py [--pack us_ear] [--n 300]

Times are of `determine` (facts, derived facts, every rule asked, trace, assumptions, questions, exceptions). The ratio
is against a baseline measured in the same run: evaluating every rule of the day (no index) for the same line.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from enduse.determine import determine
from enduse.determine.answer import UNASKED, facts_of
from enduse.model.transaction import Transaction
from enduse.rules.evaluate import evaluate
from enduse.rules.pack import RulePack
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)
CODES = ("EAR99", "3A001.a.7", "5A992.c", "5A002.a", "3A090.a", "9A610.x", "6A003.b.4.b", "2B001.a", "1C350.b", "3E001")
PLACES = ("GB", "CN", "DE", "IN", "RU", "IR", "AE", "MX", "VN", "UA-43")


def orders() -> list[Transaction]:
    """A hundred single-line orders: ten codes to ten places, with an end use and two parties."""
    return [_order(code, place) for code, place in itertools.product(CODES, PLACES)]


def _order(code: str, place: str) -> Transaction:
    return Transaction.model_validate(
        {
            "exporter_country": "US",
            "destination": place,
            "lines": [
                {
                    "item": {
                        "description": "Test equipment",
                        "kind": "commodity",
                        "codes": {"us_ccl": code},
                        "origin": "US",
                    },
                    "value": {"amount": "4200", "currency": "USD"},
                }
            ],
            "parties": [
                {"name": "Maker Inc", "roles": ["exporter"], "country": "US"},
                {"name": "Buyer", "roles": ["end_user"], "country": place, "description": "trading company"},
            ],
            "end_use": {"statement": "civil telecommunications"},
        }
    )


def timed(work: Callable[[Transaction], object], asked: list[Transaction], times: int) -> list[float]:
    """Processor seconds per call, warm: what else the machine does is left out."""
    for order in asked:
        work(order)
    taken = []
    for order in itertools.islice(itertools.cycle(asked), times):
        begun = time.process_time()
        work(order)
        taken.append(time.process_time() - begun)
    return taken


def without_index(pack: RulePack) -> Callable[[Transaction], object]:
    """The baseline: the same facts, every rule of the day evaluated."""
    shelf = pack.at(DAY)
    texts = [v for r in pack.rules if (v := r.at(DAY)) is not None and v.when is not None]

    def work(order: Transaction) -> object:
        facts = facts_of(order, 1, pack, shelf, listings=UNASKED)
        return [evaluate(v.when, facts, shelf.tables) for v in texts if v.when is not None]

    return work


def from_the_shell(order: Transaction, times: int = 5) -> float | None:
    """Median wall seconds of `enduse decide`, warm; None when there is no such command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order.json"
        path.write_text(json.dumps(order.model_dump(mode="json", exclude_none=True)))
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "enduse", "decide", str(path)], capture_output=True, check=False
            )
            taken.append(time.perf_counter() - begun)
            if done.returncode >= 64:
                print(done.stderr.decode()[:500])
                return None
    return statistics.median(taken[1:])


def quantile(taken: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(taken)[min(len(taken) - 1, int(share * len(taken)))] * 1000


def main() -> None:
    """Measure and print."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--pack", default="us_ear")
    told.add_argument("--n", type=int, default=300)
    asked = told.parse_args()
    pack = open_pack(asked.pack)
    book = orders()
    ours = timed(lambda o: determine(o, pack, as_of=DAY), book, asked.n)
    base = timed(without_index(pack), book, asked.n)
    found = determine(book[1], pack, as_of=DAY).lines[0].findings
    shell = from_the_shell(book[1])
    print(f"{asked.pack}: {len(pack.rules)} rules in files; {len(found)} findings for one line")
    for name, taken in (("determine, whole trace", ours), ("baseline: no index, no weighing", base)):
        print(f"{name:32} p50 {quantile(taken, 0.5):7.2f} ms   p99 {quantile(taken, 0.99):7.2f} ms")
    print(f"ratio of medians                 {quantile(ours, 0.5) / quantile(base, 0.5):.2f}")
    print(f"enduse decide from the shell     {'not there' if shell is None else f'{shell:.2f} s'}")
    print(f"peak memory                      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
