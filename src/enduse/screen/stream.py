"""Screening as a stream of JSON lines, for outside harnesses.

The list is one JSON object per line: `{"list_id", "name", "aliases", "type", "country"}`. After a ready line, each
query line `{"id", "name", "country", "type"}` is answered by one line `{"id", "hits": [{"list_id", "score"}]}`, scores
0..1, low ones included. A line that cannot be read is answered with `{"id": ..., "hits": [], "error": ...}`.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from platformdirs import user_cache_path

from enduse.errors import EnduseError, InputError, StoreError
from enduse.model.party import PartyKind
from enduse.screen import cache, features
from enduse.screen.evidence import Evidence, country_numbers
from enduse.screen.find import ranked
from enduse.screen.index import KIND_BITS, Entry, Index

KINDS = {
    "individual": PartyKind.PERSON,
    "person": PartyKind.PERSON,
    "entity": PartyKind.ORGANISATION,
    "organisation": PartyKind.ORGANISATION,
    "organization": PartyKind.ORGANISATION,
    "company": PartyKind.ORGANISATION,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
SHOWN = 10
FLOOR = -5.0
"""Log-odds under which no hit is sent (a score of 0.08)."""
THRESHOLD = 0.5


def serve(list_path: Path, stdin: TextIO, stdout: TextIO, *, kept: Path | None = None) -> None:
    """Answer queries from `stdin` on `stdout` until it ends; `kept` is the folder for indexes."""
    index = _index(Path(list_path), kept or user_cache_path("enduse") / "screen")
    ids = [json.dumps(index.party(n)["id"], ensure_ascii=True) for n in range(index.parties)]
    gc.collect()
    gc.freeze()  # the index stays as long as the stream: no need to look through it for garbage again and again
    ready = {"ready": True, "name": "enduse", "version": version("enduse"), "default_threshold": THRESHOLD}
    stdout.write(json.dumps(ready) + "\n")
    stdout.flush()
    for line in iter(stdin.readline, ""):
        if line.strip():
            stdout.write(answer(index, ids, line))
            stdout.flush()


def answer(index: Index, ids: list[str], line: str) -> str:
    """The answer to one query line, as a line."""
    asked: Any = None
    try:
        asked = json.loads(line)
        names, kinds, evidence = asked_for(asked)
    except (ValueError, InputError) as error:
        one = asked.get("id") if isinstance(asked, dict) else None
        return json.dumps({"id": one, "hits": [], "error": str(error)}) + "\n"
    found = ranked(index, names, kinds, evidence, limit=SHOWN, floor=FLOOR)
    hits = ",".join(f'{{"list_id":{ids[h.party]},"score":{features.score(h.odds):.9f}}}' for h in found)
    return f'{{"id":{json.dumps(asked.get("id"))},"hits":[{hits}]}}\n'


def asked_for(asked: object) -> tuple[tuple[str, ...], int, Evidence]:
    """Names, kinds and evidence of one query object."""
    if not isinstance(asked, dict):
        raise InputError("a query is a JSON object", hint='{"id": "1", "name": "...", "country": [], "type": "entity"}')
    name = asked.get("name")
    if not isinstance(name, str):
        raise InputError("a query needs a name, as text", place="name")
    kinds = KIND_BITS[KINDS.get(str(asked.get("type") or "").lower(), PartyKind.UNKNOWN)]
    places = asked.get("country") or ()
    return (name,), kinds, Evidence(countries=country_numbers([places] if isinstance(places, str) else places))


def _index(path: Path, kept: Path) -> Index:
    raw = path.read_bytes()
    file = kept / f"{cache.key(raw)}.index"
    if file.exists():
        try:
            return Index.load(file)
        except StoreError:
            file.unlink(missing_ok=True)
    index = Index.of(_entries(raw, path))
    try:
        index.save(file)
    except (OSError, EnduseError):
        return index  # a cache that cannot be written costs time, nothing else
    return index


def _entries(raw: bytes, path: Path) -> Iterator[Entry]:
    for number, line in enumerate(raw.decode("utf-8", errors="replace").split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            row = json.loads(line)
            names = [row["name"], *(row.get("aliases") or ())]
            shown = str(row["list_id"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"not a listed party: {error}", place=place, hint="one JSON object with list_id and name"
            ) from error
        places = row.get("country") or ()
        yield Entry(
            list="stream",
            id=shown,
            source=row.get("source"),
            kind=KINDS.get(str(row.get("type") or "").lower(), PartyKind.UNKNOWN),
            names=tuple((str(n), 0) for n in names if n),
            evidence=Evidence(countries=country_numbers([places] if isinstance(places, str) else places)),
        )
