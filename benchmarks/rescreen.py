"""A list update against a stored population: how much quicker than screening everyone anew, and is it the same?

Everything is generated (names from syllables, seeded), so that it runs anywhere:

    python benchmarks/rescreen.py                 100,000 partners
    python benchmarks/rescreen.py --million       1,000,000 partners
    python benchmarks/rescreen.py --jobs 1 --entries 50000

The baseline is the first screening of the population (at most --baseline partners of it) in the same run. The hits that
stand after the update are held against a full screening of the first partners in a store of its own: any difference is
counted and shown.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from enduse.batch.members import take_in
from enduse.batch.rescreen import rescreen
from enduse.sources.snapshot import import_files
from enduse.store.sqlite import SqliteStore
from enduse.watch import open_watch

SYLLABLES = re.findall(
    r"\w+",
    "an bar chen dor el fen gor hal il jin kar len mir nov ost par qua ros sel tar ul ven wol xan yar zen "
    "bri cho dra fle gru kla plo sto tri vla shan zhi rab mud hak sur",
)
BODIES = ("Trading", "Industries", "Electronics", "Shipping", "Institute", "Technology", "Machinery", "Aerospace")
FORMS = ("Ltd", "GmbH", "OOO", "Co., Ltd", "SA", "JSC", "")
PLACES = ("CN", "RU", "IR", "DE", "FR", "AE", "TR", "HK", "IN", "US")


def word(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 3))).capitalize()


def name(dice: random.Random, words: list[str]) -> tuple[str, str]:
    if dice.random() < 0.4:
        return f"{dice.choice(words)} {dice.choice(words)} {dice.choice(words)}", "person"
    return f"{dice.choice(words)} {dice.choice(words)} {dice.choice(BODIES)} {dice.choice(FORMS)}".strip(), "company"


Entry = tuple[str, str, str, str]


def listed(dice: random.Random, words: list[str], numbers: range) -> list[Entry]:
    return [(str(n), *name(dice, words), dice.choice(PLACES)) for n in numbers]


def partners(dice: random.Random, words: list[str], entries: list[Entry], count: int) -> Iterator[Entry]:
    """One in three hundred is a listed party; one in three hundred another of nearly the same name."""
    for n in range(count):
        draw = dice.random()
        if draw < 1 / 150:
            _, called, kind, country = dice.choice(entries)
            changed = called if draw < 1 / 300 else called.replace(called.split()[0], dice.choice(words))
            yield f"P{n}", changed, kind, country
        else:
            yield f"P{n}", *name(dice, words), dice.choice(PLACES)


def write(path: Path, rows: Iterator[Entry] | list[Entry]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "name", "kind", "country"), *rows] if isinstance(rows, list) else rows)
    return path


def head_of(path: Path, rows: int) -> Path:
    """The first rows of a table, in a file beside it."""
    out = path.with_name(f"first-{rows}.csv")
    with path.open(encoding="utf-8") as stream:
        out.write_text("".join(islice(stream, rows + 1)), encoding="utf-8")
    return out


def call_screened(store: SqliteStore) -> None:
    """Take the partners beyond the baseline for screened, without asking: what they had found does not matter here."""
    basis = next(b for b in store.bases() if b is not None)
    while waiting := store.waiting(None, after=0, limit=20_000):
        store.answer([], was=None, now=basis, first=waiting[0].number, last=waiting[-1].number)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--partners", type=int, default=100_000)
    asked.add_argument("--million", action="store_true", help="1,000,000 partners")
    asked.add_argument("--entries", type=int, default=25_000)
    asked.add_argument("--changes", type=int, default=200, help="entries added; half as many changed and removed")
    asked.add_argument("--baseline", type=int, default=100_000, help="partners of the full screening, the rate of all")
    asked.add_argument("--check", type=int, default=10_000, help="partners screened anew to compare the hits")
    asked.add_argument("--jobs", type=int, default=2)
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ENDUSE_HOME"] = folder
        measure(Path(folder), said, 1_000_000 if said.million else said.partners)


def measure(home: Path, said: argparse.Namespace, count: int) -> None:
    dice = random.Random(20260101)
    words = [word(dice) for _ in range(20_000)]
    entries = listed(dice, words, range(said.entries))
    arriving = listed(dice, words, range(said.entries, said.entries + said.changes))
    population = write(home / "partners.csv", list(partners(dice, words, [*entries, *arriving], count)))
    half = said.changes // 2
    renamed = [(e[0], *name(dice, words), e[3]) for e in entries[:half]]
    second = [*renamed, *entries[2 * half :], *arriving]

    def publish(rows: list[Entry], day: date) -> None:
        import_files([write(home / "list.csv", rows)], home=home, as_of=day, list_id="own")
        watch = open_watch(home)
        assert watch is not None
        _ = watch.index  # not part of what is measured

    def timed(what: str, store: SqliteStore, day: date) -> float:
        began = time.perf_counter()
        done = rescreen(store, home=home, as_of=day, jobs=said.jobs)
        passed = time.perf_counter() - began
        print(
            f"{what:<34} {passed:8.1f} s {done.partners / passed:10,.0f} partners/s   {done.in_full:,} asked in full, "
            f"{done.new:,} new, {done.changed:,} changed, {done.gone:,} gone"
        )
        return passed

    print(f"{count:,} partners, {len(entries):,} entries; update: {said.changes} added, {half} changed, {half} removed")
    with SqliteStore(home / "store.sqlite") as store, SqliteStore(home / "fresh.sqlite") as fresh:
        publish(entries, date(2026, 1, 1))
        first = min(said.baseline, count)
        take_in(store, head_of(population, first), on=date(2026, 1, 1), columns={})
        full = timed("full screening (the baseline)", store, date(2026, 1, 2)) * count / first
        began = time.perf_counter()
        take_in(store, population, on=date(2026, 1, 1), columns={})
        print(f"{'import':<34} {(passed := time.perf_counter() - began):8.1f} s {count / passed:10,.0f} partners/s")
        call_screened(store)
        publish(second, date(2026, 2, 1))
        again = timed("rescreening after the update", store, date(2026, 2, 2))
        print(f"{'ratio to the baseline':<34} {full / again:8.1f} times as fast")
        some = head_of(population, said.check)
        take_in(fresh, some, on=date(2026, 1, 1), columns={})
        timed(f"full screening of {fresh.count():,}", fresh, date(2026, 2, 2))
        keys = {line.partition(",")[0] for line in some.read_text(encoding="utf-8").splitlines()}
        short = {(f.key, f.hit.id) for f in store.all_found() if f.key in keys}
        long = {(f.key, f.hit.id) for f in fresh.all_found()}
        print(f"hits the same {len(short & long):,}; missed {len(long - short)}, kept too long {len(short - long)}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory: {own:,.0f} MB here, {each:,.0f} MB in a process")


if __name__ == "__main__":
    main()
