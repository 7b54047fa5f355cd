"""Tables from files, row by row and never whole: CSV, JSON lines, Parquet. A broken row comes with its reason."""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from enduse.errors import InputError

LONGEST_LINE = 1 << 20
MOST_LINES_OF_A_ROW = 100
"""A quoted cell that runs on for longer is taken for a quotation mark left open."""
_HEAD = 1 << 18
SUFFIXES = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
INSTALL = 'pip install "enduse[parquet]"'


class Row(NamedTuple):
    """One row: its line in the file (its number, in Parquet), and its cells or what is wrong."""

    number: int
    cells: Mapping[str, Any]
    error: str | None = None


class Frame(NamedTuple):
    """A table being read. `rows` are read once."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str


def form_of(path: Path) -> str:
    """csv, jsonl or parquet, by the end of the name."""
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        hint = f"one of: {', '.join(SUFFIXES)}"
        raise InputError(f"cannot tell what {path.suffix or 'a name without an end'} is", place=path.name, hint=hint)
    return form


def open_frame(path: Path, *, encoding: str | None = None) -> Frame:
    """The table in a file. Raises `InputError` for what is wrong with the file as a whole."""
    form = form_of(path)
    if form == "parquet":
        return _parquet(path)
    encoding = encoding_of(path, encoding)
    try:
        stream = path.open(encoding=encoding, errors="surrogateescape", newline="")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=str(path)) from error
    try:
        return (_csv if form == "csv" else _jsonl)(path, stream, encoding)
    except InputError:
        stream.close()
        raise


class Print(NamedTuple):
    """What a file is: the digest of its bytes, and about how many rows it has."""

    digest: str
    rows: int


def print_of(path: Path) -> Print:
    """The digest of a file and its number of rows (of lines, in text; a quoted line break counts as one more)."""
    digest, lines = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            lines += chunk.count(b"\n")
    if form_of(path) == "parquet":
        lines = int(arrow(path).ParquetFile(path).metadata.num_rows)
    return Print(digest.hexdigest(), lines)


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def encoding_of(path: Path, given: str | None) -> str:
    """The encoding to read a file in: the one given, the one its first bytes mark, UTF-8. Raises `InputError`."""
    try:
        if given:
            codecs.lookup(given)
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except LookupError as error:
        raise InputError(f"no encoding {given!r}", hint="for example utf-8, cp1252, gb18030, cp1251") from error
    except FileNotFoundError as error:
        raise InputError("there is no such file", place=str(path), hint="check the path") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=str(path)) from error
    if not head.strip():
        raise InputError("is empty", place=path.name)
    if given:
        return given
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:4] == b"PAR1" or head[:2] in {b"PK", b"\x1f\x8b"}:
        kind = {b"PA": "Parquet", b"PK": "a workbook or ZIP", b"\x1f\x8b": "packed with gzip"}[head[:2]]
        raise InputError(f"is {kind}, not text", place=path.name, hint="unpack it, or save it as CSV UTF-8")
    if head.count(0) > len(head) // 8:
        hint = "say --encoding utf-16-le if it is text"
        raise InputError("is no text: every other byte is nothing", place=path.name, hint=hint)
    _refuse_other_encoding(head, path)
    return "utf-8-sig"


def _refuse_other_encoding(head: bytes, path: Path) -> None:
    """One bad row is a bad row; a tenth of them, or the header, is another encoding."""
    lines = head.split(b"\n")[: -1 if len(head) == _HEAD else None]
    wrong = [(n, at) for n, line in enumerate(lines, 1) if (at := _undecodable(line)) is not None]
    if wrong and (wrong[0][0] == 1 or len(wrong) > max(2, len(lines) // 10)):
        number, byte = wrong[0]
        hint = "save it as UTF-8 (in Excel: CSV UTF-8), or say --encoding cp1252"
        raise InputError(f"not UTF-8 text: byte 0x{byte:02x}", place=f"{path.name}:{number}", hint=hint)


def _undecodable(line: bytes) -> int | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return line[error.start]
    return None


def _lines(stream: TextIO, path: Path) -> Iterator[tuple[int, str, str | None]]:
    """Every line with its number; one too long is skipped to its end, and says so."""
    number = 0
    try:
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if len(line) < LONGEST_LINE or line.endswith("\n"):
                yield number, line, None
                continue
            while (more := stream.readline(LONGEST_LINE)) and not more.endswith("\n"):
                pass
            yield number, "", f"a line of more than {LONGEST_LINE:,} characters"
    except UnicodeError as error:
        raise InputError(f"not in this encoding: {error}", place=f"{path.name}:{number + 1}") from error
    finally:
        stream.close()


def _csv(path: Path, stream: TextIO, encoding: str) -> Frame:
    lines = _lines(stream, path)
    first = next((line for _, line, _ in lines if line.strip()), "")
    delimiter = max((",", ";", "\t", "|"), key=first.count)
    header = tuple(cell.strip() for cell in next(csv.reader([first], delimiter=delimiter)))
    doubled = sorted({h for h in header if h and header.count(h) > 1})
    if doubled:
        raise InputError(f"two columns are called {doubled[0]!r}", place=f"{path.name}:1", hint="rename one")
    return Frame(header, _csv_rows(lines, header, delimiter), encoding)


def _csv_rows(lines: Iterator[tuple[int, str, str | None]], header: tuple[str, ...], delimiter: str) -> Iterator[Row]:
    waiting: list[tuple[int, str, str | None]] = []
    pull = _pulling(lines, waiting)
    while (one := pull()) is not None:
        number, line, error = one
        if error:
            yield Row(number, {}, error)
            continue
        if not line.strip():
            continue
        taken: list[tuple[int, str, str | None]] = []
        text = line
        while text.count('"') % 2 and len(taken) < MOST_LINES_OF_A_ROW and (more := pull()) is not None:
            taken.append(more)
            text += more[1]
        if text.count('"') % 2:
            waiting[:0] = taken
            yield Row(number, {}, "a quotation mark is opened and not closed")
        else:
            yield _csv_row(number, text, header, delimiter)


def _pulling(
    lines: Iterator[tuple[int, str, str | None]], waiting: list[tuple[int, str, str | None]]
) -> Callable[[], tuple[int, str, str | None] | None]:
    return lambda: waiting.pop(0) if waiting else next(lines, None)


def _csv_row(number: int, text: str, header: tuple[str, ...], delimiter: str) -> Row:
    try:
        cells = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        return Row(number, {}, f"cannot be read: {error}")
    if len(cells) > len(header):
        return Row(number, {}, f"{len(cells)} cells under {len(header)} columns; is one with {delimiter!r} not quoted?")
    if len(cells) < len(header) and len(cells) == 1 and len(header) > 1 and not cells[0].strip():
        return Row(number, {}, "an empty row")
    return Row(number, dict(zip(header, cells, strict=False)))


def _jsonl(path: Path, stream: TextIO, encoding: str) -> Frame:
    lines = _lines(stream, path)
    rows = (_json_row(n, line, error) for n, line, error in lines if error or line.strip())
    seen: list[Row] = []
    header: tuple[str, ...] = ()
    for row in rows:
        seen.append(row)
        if row.error is None:
            header = tuple(row.cells)
            break
        if len(seen) >= 100:
            break
    if not header:
        hint = "one JSON object a line"
        raise InputError(
            f"holds no JSON lines: {seen[0].error if seen else 'empty'}", place=f"{path.name}:1", hint=hint
        )
    return Frame(header, _then(seen, rows), encoding)


def _then(seen: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from seen
    yield from rows


def _json_row(number: int, line: str, error: str | None) -> Row:
    if error:
        return Row(number, {}, error)
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as problem:
        return Row(number, {}, f"no JSON: {problem}"[:200])
    return Row(number, said) if isinstance(said, dict) else Row(number, {}, "no JSON object")


# ── parquet ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def arrow(path: Path) -> Any:
    """The Parquet reader and writer, or how to install it."""
    try:
        from pyarrow import parquet  # type: ignore[import-untyped]  # noqa: PLC0415  an extra
    except ImportError as error:
        raise InputError("Parquet needs pyarrow", place=path.name, hint=INSTALL) from error
    return parquet


def _parquet(path: Path) -> Frame:
    parquet = arrow(path)
    try:
        file = parquet.ParquetFile(path)
    except FileNotFoundError as error:
        raise InputError("there is no such file", place=str(path), hint="check the path") from error
    except (OSError, ValueError) as error:
        raise InputError(f"is no Parquet file: {error}", place=path.name) from error
    return Frame(tuple(file.schema_arrow.names), _parquet_rows(file), "parquet")


def _parquet_rows(file: Any) -> Iterator[Row]:
    number = 0
    for batch in file.iter_batches(batch_size=2_000):
        for cells in batch.to_pylist():
            number += 1
            yield Row(number, cells)
