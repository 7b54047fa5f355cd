"""How fast lists are read and loaded, against the plain readers of the standard library on the same bytes.

Run: python benchmarks/lists.py [SHARED]  (the folder with the published files; default ../shared beside the project)

Each line gives seconds, parties a second, peak memory, and the ratio to its baseline, measured in the same run:
csv.reader or json.loads over the whole file, xml.etree.iterparse without looking at anything, and for loading from
the parsed form, reading the list from its source.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from enduse.lists.reading import opened
from enduse.lists.us_csl import parse as csl
from enduse.lists.us_ofac_sdn import parse as sdn
from enduse.sources import snapshot


def timed(work: Callable[[], int]) -> tuple[int, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def line(name: str, parties: int, took: float, baseline: str, against: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rate = parties / took
    print(f"{name:<38} {took:7.2f} s  {rate:10,.0f} /s  {peak:5} MB  {took / against:6.2f} x {baseline}")


def plain_csv(path: Path) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))))


def plain_json(path: Path) -> int:
    return len(json.loads(gzip.decompress(path.read_bytes()))["entries"])


def plain_xml(path: Path) -> int:
    with opened(path) as stream:
        return sum(1 for _, element in ET.iterparse(stream) if not element.clear())


def main(shared: Path) -> None:
    lists = shared / "data" / "lists"
    old, new = lists / "us-csl/consolidated_2022-04.csv.gz", lists / "us-csl/csl_2026-07-31_derived.json.gz"
    advanced = lists / "us-ofac/sdn_advanced_2025-11-19.xml.bz2"
    with tempfile.TemporaryDirectory() as folder:
        base = timed(lambda: plain_csv(old))[1]
        line("CSL 2022, CSV", *timed(lambda: sum(1 for _ in csl.parse({"consolidated.csv": old}))), "csv.reader", base)
        base = timed(lambda: plain_json(new))[1]
        parties, source = timed(lambda: sum(1 for _ in csl.parse({"compact.json": new})))
        line("CSL 2026, compact JSON", parties, source, "json.loads", base)
        kept, took = timed_import(new, Path(folder))
        line("CSL 2026, import and keep", kept.parties, took, "reading it", source)
        parties, took = timed(lambda: sum(1 for _ in snapshot.load(kept)))
        line("CSL 2026, load what is kept", parties, took, "reading it", source)
        base = timed(lambda: plain_xml(advanced))[1]
        parties, took = timed(lambda: sum(1 for _ in sdn.parse({"sdn_advanced.xml": advanced})))
        line("SDN 2025, Advanced XML (121 MB)", parties, took, "iterparse", base)


def timed_import(path: Path, home: Path) -> tuple[snapshot.Snapshot, float]:
    start = time.perf_counter()
    return snapshot.import_files([path], home=home), time.perf_counter() - start


if __name__ == "__main__":
    beside = Path(__file__).resolve().parents[2] / "shared"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else beside)
