"""Labelled data for screening, made from the shared folder: second builds with other seeds, and the development pairs.

A build is made the way the open query set was (the shared `prepare_data.py` does it), from other list snapshots, with
other aliases withheld and other ordinary names: those of the half that `common_words.py` did not count.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from zlib import crc32

from enduse.model.party import PartyKind
from enduse.screen.evidence import Evidence, birth, country_numbers, identifier
from enduse.screen.index import Entry, Index

KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANISATION,
    "unknown": PartyKind.UNKNOWN,
    "Person": PartyKind.PERSON,
    "Entity": PartyKind.ORGANISATION,
    "Party": PartyKind.UNKNOWN,
    "Vessel": PartyKind.VESSEL,
    "Aircraft": PartyKind.AIRCRAFT,
    "person": PartyKind.PERSON,
    "company": PartyKind.ORGANISATION,
    "university": PartyKind.ORGANISATION,
    "vessel": PartyKind.VESSEL,
}
ORDINARY = {
    "financedatabase": 3500,
    "sec_company_tickers": 1000,
    "hipo_universities": 1500,
    "tennis_atp": 2000,
    "tennis_wta": 1500,
    "us_congress_historical": 500,
}


class Asked(NamedTuple):
    """A query with its answer: the ids that are right (none for an ordinary name)."""

    name: str
    kind: PartyKind
    group: str
    truth: frozenset[str]
    evidence: Evidence


class Build(NamedTuple):
    """A list and the queries asked of it."""

    entries: list[Entry]
    asked: list[Asked]


def counted(name: str) -> bool:
    """Is this ordinary name in the half whose words were counted for `common_words.csv`?"""
    return crc32(name.encode()) % 2 == 0


def opened(path: Path) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(text_of(path), newline=""))


def text_of(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()


def open_set(shared: Path) -> Build:
    """The open query set, as published."""
    folder = shared / "measure/screening/data"
    rows = {
        n: [json.loads(x) for x in text_of(folder / f"{n}.jsonl.gz").split("\n") if x] for n in ("list", "pos", "neg")
    }
    return _build(rows["list"], rows["pos"], rows["neg"])


def _build(listed: list[Any], true: list[Any], ordinary: list[Any]) -> Build:
    entries = [
        Entry(
            "l",
            p["list_id"],
            None,
            KINDS[p["type"]],
            tuple((n, 0) for n in (p["name"], *p["aliases"])),
            (),
            Evidence(countries=country_numbers(p["country"])),
        )
        for p in listed
    ]
    asked = [
        Asked(
            q["name"],
            KINDS[q["type"]],
            q["kind"],
            frozenset(q.get("truth", ())),
            Evidence(countries=country_numbers(q["country"])),
        )
        for q in (*true, *ordinary)
    ]
    return Build(entries, asked)


@cache
def _prepare(shared: Path) -> tuple[ModuleType, Path]:
    """The shared builder, and a folder with the list files under the names it wants."""
    spec = importlib.util.spec_from_file_location("prepare_data", shared / "measure/screening/prepare_data.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    raw = Path(tempfile.mkdtemp(prefix="enduse-screening-"))
    ofac = shared / "data/lists/us-ofac"
    for target, source in {
        "static_sdn.csv": ofac / "sdn_csv_2024-03/sdn.csv.gz",
        "static_add.csv": ofac / "sdn_csv_2024-03/add.csv.gz",
        "static_alt.csv": ofac / "sdn_csv_2024-03/alt.csv",
        "bench_sdn.csv": ofac / "sdn_csv_2022-01/sdn.csv.gz",
        "bench_add.csv": ofac / "sdn_csv_2022-01/add.csv",
        "bench_alt.csv": ofac / "sdn_csv_2022-01/alt.csv",
        "tfidf_alt.csv": ofac / "sdn_csv_2025-12/alt.csv.gz",
        "csl_hist.csv": shared / "data/lists/us-csl/consolidated_2022-04.csv.gz",
    }.items():
        text = gzip.decompress(source.read_bytes()) if source.suffix == ".gz" else source.read_bytes()
        if text.startswith(b"ent_num") or text[:20].lower().startswith(b'"ent_num'):
            text = text.split(b"\n", 1)[1]
        (raw / target).write_bytes(text)
    return module, raw


@cache
def _ordinary(shared: Path) -> tuple[dict[str, Any], ...]:
    found = []
    for row in opened(shared / "data/matching/dev/ordinary_names.csv.gz"):
        source = row["source"].split(":")[0]
        free = source.startswith("tennis")
        if row["listed_overlap"] or source not in ORDINARY or (not free and counted(row["name"])):
            continue
        kind = "individual" if row["kind"] == "person" else "entity"
        found.append(
            {"name": row["name"], "country": [row["country"]] if row["country"] else [], "type": kind, "kind": source}
        )
    return tuple(found)


def second_build(shared: Path, seed: int) -> Build:
    """A build of our own: other snapshots, other aliases withheld, other errors, other ordinary names."""
    module, raw = _prepare(shared)
    rng = random.Random(seed)
    parties = module.load_list(raw)
    groups = module.groups(parties)
    true = module.make_positives(parties, rng)
    cores = {module.core(n) for p in parties for n in (p["name"], *p["aliases"])} | {
        module.core(q["name"]) for q in true
    }
    for q in true:
        q["truth"] = groups.get(q["truth"], [q["truth"]])
    ordinary = list(_ordinary(shared))
    rng.shuffle(ordinary)
    taken: Counter[str] = Counter()
    kept = []
    for row in ordinary:
        if taken[row["kind"]] < ORDINARY[row["kind"]] and module.core(row["name"]) not in cores:
            taken[row["kind"]] += 1
            kept.append(row)
    return _build(parties, true, kept)


def particulars(country: str = "", births: str = "", ids: Any = ()) -> Evidence:
    """Evidence as the development pairs state it: values between bars, identifiers as (kind, value)."""
    kinds = {"inn": "tax", "ogrn": "registration", "passport": "passport", "natid": "national_id"}
    numbers = (identifier(kinds.get(k, k if k in ("imo", "mmsi", "lei") else "other"), v) for k, v in ids)
    dates = (birth(b) for b in births.split("|") if b)
    return Evidence(
        country_numbers([c for c in country.split("|") if c]),
        tuple(dict.fromkeys(b for b in dates if b)),
        frozenset(n for n in numbers if n),
    )


def index_of(records: dict[str, tuple[PartyKind, tuple[str, ...], Evidence]]) -> Index:
    """An index of records by id."""
    return Index.of(
        Entry("dev", key, None, kind, tuple((n, 0) for n in dict.fromkeys(names)), (), evidence)
        for key, (kind, names, evidence) in records.items()
    )
