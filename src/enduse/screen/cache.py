"""The index as one file: a line of JSON that says what follows, then the texts, then the arrays as they lie in memory.

The file name carries the digest of everything the index was made from (list bytes, tables, code), so that a changed
list or program never meets an old index. Only plain numbers and text are read back, no program objects.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from enduse.errors import StoreError
from enduse.screen.evidence import Evidence

Arrays = dict[str, NDArray[Any]]
MAGIC = b"ENDUSE-INDEX-2\n"
BETWEEN = "\x1e"
"""What stands between two texts: the record separator of ASCII, which no text of an index holds."""
_MADE_BY = ("acronym.py", "index.py", "text.py", "vocabulary.py", "evidence.py", "place.py")


@cache
def maker() -> str:
    """The digest of the code and tables an index depends on."""
    digest = hashlib.sha256(MAGIC)
    room = files("enduse.screen")
    for name in _MADE_BY:
        digest.update(room.joinpath(name).read_bytes())
    for table in sorted(room.joinpath("tables").iterdir(), key=lambda f: f.name):
        if table.name.endswith(".csv") and table.name not in ("weights.csv", "trees.csv", "calibration.csv"):
            digest.update(table.read_bytes())
    return digest.hexdigest()


def key(*parts: bytes) -> str:
    """The name an index of these list bytes is kept under."""
    digest = hashlib.sha256(maker().encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:40]


def write(path: Path, arrays: Arrays, texts: dict[str, list[str]], evidence: Sequence[Evidence]) -> None:
    """Keep an index at `path`, written whole or not at all."""
    told = {**texts, "evidence": [json.dumps(_plain(e), separators=(",", ":")) for e in evidence]}
    laid = {name: _joined(texts) for name, texts in told.items()}
    shapes = [(name, a.dtype.str, len(a)) for name, a in sorted(arrays.items())]
    body = b"".join((*laid.values(), *(np.ascontiguousarray(arrays[name]).tobytes() for name, _, _ in shapes)))
    sums = {
        "maker": maker(),
        "digest": hashlib.sha256(body).hexdigest(),
        "texts": [(name, len(told[name]), len(raw)) for name, raw in laid.items()],
        "arrays": shapes,
    }
    head = json.dumps(sums).encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(MAGIC + head + body)
    Path(temporary).replace(path)


def damaged(path: Path, why: object) -> StoreError:
    """The error of an index file that cannot be used."""
    return StoreError(f"the index cannot be used: {why}", place=str(path), hint="remove it; it is built again")


class Laid(Sequence[Evidence]):
    """Evidence as it lies in the file, each party's read when it is first asked for."""

    def __init__(self, rows: list[str | Evidence]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Evidence: ...

    @overload
    def __getitem__(self, at: slice) -> list[Evidence]: ...

    def __getitem__(self, at: int | slice) -> Evidence | list[Evidence]:
        """The evidence of a party, or of several."""
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self._rows)))]
        row = self._rows[at]
        if isinstance(row, str):
            row = self._rows[at] = _evidence(row)
        return row


def read(path: Path) -> tuple[Arrays, dict[str, list[str]], Sequence[Evidence]]:
    """The arrays, texts and evidence of the index kept at `path`."""
    try:
        blob = path.read_bytes()
    except OSError as error:
        raise StoreError(f"the index cannot be read: {error.strerror}", place=str(path)) from error
    if not blob.startswith(MAGIC):
        raise damaged(path, "it is no index of this version")
    try:
        end = blob.index(b"\n", len(MAGIC))
        head = json.loads(blob[len(MAGIC) : end])
        if head["maker"] != maker():
            raise damaged(path, "it was made by another version")
        if hashlib.sha256(memoryview(blob)[end + 1 :]).hexdigest() != head["digest"]:
            raise damaged(path, "its bytes are not those that were written")
        at, texts, arrays = end + 1, {}, {}
        for name, count, length in head["texts"]:
            told = blob[at : at + length].decode("utf-8", "surrogatepass")
            texts[name] = told.split(BETWEEN) if count else []
            at += length
            if len(texts[name]) != count:
                raise damaged(path, f"{name} are not as many as were written")
        for name, dtype, length in head["arrays"]:
            arrays[name] = np.frombuffer(blob, dtype=np.dtype(dtype), count=length, offset=at).copy()
            at += arrays[name].nbytes
        return arrays, texts, Laid([*texts.pop("evidence")])
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path, error) from error


def _plain(e: Evidence) -> list[object]:
    if not (e.births or e.identifiers or e.addresses):
        return sorted(e.countries)  # type: ignore[return-value]
    return [[sorted(e.countries), e.births, sorted(e.identifiers), [sorted(a) for a in e.addresses]]]


def _joined(texts: Sequence[str]) -> bytes:
    return BETWEEN.join(texts).encode("utf-8", "surrogatepass")


_SEEN: dict[str, Evidence] = {}


def _evidence(told: str) -> Evidence:
    if told in _SEEN:
        return _SEEN[told]
    row = json.loads(told)
    if not row or not isinstance(row[0], list):
        return _SEEN.setdefault(told, Evidence(countries=frozenset(row)))
    countries, births, identifiers, addresses = row[0]
    return Evidence(
        frozenset(countries),
        tuple((b[0], b[1], b[2]) for b in births),
        frozenset((k, v) for k, v in identifiers),
        tuple(frozenset(a) for a in addresses),
    )
