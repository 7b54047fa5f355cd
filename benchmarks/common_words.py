"""Compile `src/enduse/screen/tables/common_words.csv`: how common words are in names at large, outside lists.

    python benchmarks/common_words.py [SHARED]

Counts words by sound in ordinary names under MIT, public-domain or CC0 terms (OpenSanctions' synthetic persons, the US
Congress, historical persons of Wikidata, FinanceDatabase companies, SEC registrants, universities). One half of the
names (by a hash of the name) is counted; the other is kept for measuring false alarms.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import sys
from collections import Counter
from collections.abc import Iterator
from math import log
from pathlib import Path
from zlib import crc32

from enduse.screen.text import BODY, GENERIC, PERSON, PLAIN, fold
from enduse.screen.vocabulary import key_of

SHARED = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ENDUSE_SHARED", "../shared"))
DEV = SHARED / "data/matching/dev"
TABLE = Path(__file__).parent.parent / "src/enduse/screen/tables/common_words.csv"
FREE = {"us_congress_historical", "financedatabase", "sec_company_tickers", "hipo_universities"}
AT_LEAST, COMMONEST_SHOWN = 3, 850


def counted(name: str) -> bool:
    """Is this name in the half that is counted?"""
    return crc32(name.encode()) % 2 == 0


def rows(file: str) -> Iterator[dict[str, str]]:
    raw = (DEV / file).read_bytes()
    text = (gzip.decompress(raw) if file.endswith("gz") else raw).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""))


def names() -> Iterator[tuple[int, str]]:
    for row in rows("ordinary_names.csv.gz"):
        if row["source"].split(":")[0] in FREE:
            yield (PERSON if row["kind"] == "person" else BODY), row["name"]
    for row in rows("ordinary_names_synthetic.csv.gz"):
        yield PERSON, row["name"]
    for name in {row["name_a"] for row in rows("historical_person_pairs.csv")}:
        yield PERSON, name


def main() -> None:
    found: dict[int, Counter[str]] = {PERSON: Counter(), BODY: Counter()}
    total: Counter[int] = Counter()
    for kind, name in set(names()):
        if not counted(name):
            continue
        total[kind] += 1
        folded = fold(name, kind)
        pairs = zip(folded.words, folded.classes, strict=True)
        found[kind].update({key_of(w) for w, c in pairs if c in (PLAIN, GENERIC)})
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["sound", "person", "body"])
        for key in sorted(found[PERSON].keys() | found[BODY].keys()):
            told = [
                int(100 * log(total[k] / found[k][key])) if found[k][key] >= AT_LEAST else 999 for k in (PERSON, BODY)
            ]
            if min(told) < COMMONEST_SHOWN:
                table.writerow([key, *("" if t >= COMMONEST_SHOWN else t for t in told)])
    print(dict(total))


if __name__ == "__main__":
    main()
