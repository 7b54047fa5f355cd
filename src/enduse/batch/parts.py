"""Answers written in parts and joined at the end; a file is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from enduse.batch.answers import COLUMNS, Answer
from enduse.batch.frame import arrow, form_of
from enduse.errors import StoreError

REFUSED = ("row", "field", "value", "why", "done")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it in."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as half:
            half.write(content)
        Path(half.name).replace(path)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror}", place=str(path), hint="is there room?") from error


def write_part(path: Path, rows: Iterable[Answer], form: str) -> None:
    """Write some answers in their final form, without what only the whole has (a CSV's header)."""
    if form == "parquet":
        parquet = arrow(path)
        with io.BytesIO() as out:
            parquet.write_table(_table(list(rows)), out)
            whole(path, out.getvalue())
    elif form == "jsonl":
        whole(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())
    else:
        whole(path, csv_text(rows, tuple(COLUMNS)).encode())


def csv_text(rows: Iterable[Answer], columns: Sequence[str]) -> str:
    """Rows as CSV; a text that a spreadsheet would run as a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_safe(row.get(c), c) for c in columns] for row in rows)
    return out.getvalue()


def _safe(value: object, column: str) -> object:
    """The user's own key stays as it is, so that it can be joined on."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) and column != "key" else value


def join(parts: Iterable[Path], out: Path, form: str, columns: Sequence[str] = tuple(COLUMNS)) -> None:
    """Put the parts together, in order, beside `out`, and rename the whole into its place."""
    half = out.with_name(f".{out.name}.joining")
    try:
        if form == "parquet":
            _join_parquet(parts, half)
        else:
            with half.open("wb") as stream:
                if form == "csv":
                    stream.write((",".join(columns) + "\n").encode())
                for part in parts:
                    with part.open("rb") as one:
                        shutil.copyfileobj(one, stream, 1 << 20)
        half.replace(out)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror}", place=str(out), hint="is there room?") from error
    finally:
        half.unlink(missing_ok=True)


def _join_parquet(parts: Iterable[Path], half: Path) -> None:
    parquet = arrow(half)
    with parquet.ParquetWriter(half, _schema()) as writer:
        for table in _gathered(parts, parquet):
            writer.write_table(table)


def _gathered(parts: Iterable[Path], parquet: Any) -> Iterator[Any]:
    """Tables of many parts together: row groups of a size that is quick to read."""
    import pyarrow  # type: ignore[import-untyped]  # noqa: PLC0415  an extra

    some: list[Any] = []
    for part in parts:
        some.append(parquet.read_table(part))
        if sum(t.num_rows for t in some) >= 100_000:
            yield pyarrow.concat_tables(some)
            some = []
    if some:
        yield pyarrow.concat_tables(some)


def _table(rows: list[Answer]) -> Any:
    import pyarrow  # noqa: PLC0415  an extra

    return pyarrow.Table.from_pylist(rows, schema=_schema())


def _schema() -> Any:
    import pyarrow  # noqa: PLC0415  an extra

    kinds = {"text": pyarrow.string(), "whole": pyarrow.int64(), "number": pyarrow.float64()}
    return pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])


def check_form(out: Path) -> str:
    """The form of an output, refused before any work when it cannot be written."""
    form = form_of(out)
    if form == "parquet":
        arrow(out)
    if not out.parent.is_dir():
        raise StoreError("there is no such folder", place=str(out.parent), hint="make it first")
    return form
