"""How parsers read strictly: every field is used, ignored by name, or reported.

`Audit` collects what was not understood, with file, row and field. The functions open sources whatever their
packing (plain, gzip, bzip2, a zip of one file), and turn CSV and XML into rows and elements without holding
more than they must.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast
from xml.etree import ElementTree as ET

from enduse.errors import ListError
from enduse.lists.places import place_of
from enduse.model.base import Value

Source = bytes | Path
"""The bytes of a file, or where it lies (for files too large to hold)."""

Files = Mapping[str, Source]
"""What a parser gets: its own names for the parts of a list, each with its bytes or path."""

csv.field_size_limit(10_000_000)


class Unread(Value):
    """One thing in a source that was not understood. `row` is a line or record number, or a record's own id."""

    file: str
    row: str
    field: str
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row}: {self.field}: {self.why} ({self.value!r})"


class Audit:
    """What a reading left over: `unread` in order of appearance, `ignored` field names with how often."""

    def __init__(self, *, keep: int = 10_000) -> None:
        self.unread: list[Unread] = []
        self.ignored: Counter[str] = Counter()
        self.rows = 0
        self.overflow = 0
        self._keep = keep

    def report(self, file: str, row: object, field: str, value: object, why: str) -> None:
        """Note one thing not understood; beyond `keep` things only their number grows."""
        if len(self.unread) >= self._keep:
            self.overflow += 1
            return
        self.unread.append(Unread(file=file, row=str(row), field=field, value=str(value)[:200], why=why))

    def ignore(self, field: str) -> None:
        """Note a field left aside on purpose."""
        self.ignored[field] += 1

    @property
    def count(self) -> int:
        """How many things were not understood in all."""
        return len(self.unread) + self.overflow


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """A stream over the unpacked bytes of `source`, whatever its packing; nothing is unpacked in whole."""
    with ExitStack() as open_files:
        raw = open_files.enter_context(_raw(source))
        magic = raw.read(4)
        raw.seek(0)
        if magic.startswith(b"\x1f\x8b"):
            yield cast("BinaryIO", open_files.enter_context(gzip.GzipFile(fileobj=raw)))
        elif magic.startswith(b"BZh"):
            yield cast("BinaryIO", open_files.enter_context(bz2.BZ2File(raw)))
        elif magic == b"PK\x03\x04" and len(names := (packed := zipfile.ZipFile(raw)).namelist()) == 1:
            yield cast("BinaryIO", open_files.enter_context(packed.open(names[0])))
        else:
            raw.seek(0)
            yield raw


def _raw(source: Source) -> BinaryIO:
    return cast("BinaryIO", io.BytesIO(source) if isinstance(source, bytes) else source.open("rb"))


def head_of(source: Source, *, size: int = 65_536) -> bytes:
    """The first unpacked bytes of a source, for recognising it; `b""` when it is empty or cannot be unpacked."""
    try:
        with opened(source) as stream:
            return stream.read(size)
    except (OSError, EOFError, zipfile.BadZipFile):
        return b""


def bytes_of(source: Source, *, file: str) -> bytes:
    """All unpacked bytes; empty or broken packing is a `ListError`."""
    try:
        with opened(source) as stream:
            whole = stream.read()
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise ListError(f"cannot be unpacked: {error}", place=file, hint="download the file again") from error
    if not whole.strip(b"\x00\x1a\r\n\t "):
        raise ListError("the file is empty", place=file, hint="download the file again")
    return whole


def text_of(source: Source, *, file: str, audit: Audit) -> str:
    """The file as text: UTF-8 (or UTF-16 with its mark), else Windows-1252; end marks and NULs removed."""
    whole = bytes_of(source, file=file)
    if whole[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return whole.decode("utf-16")
    try:
        text = whole.decode("utf-8-sig")
    except UnicodeDecodeError:
        audit.ignore("(read as Windows-1252)")
        text = whole.decode("cp1252", errors="replace")
    return text.replace("\x00", "").rstrip("\x1a\r\n ") + "\n"


def refuse_markup(text: str, *, file: str) -> None:
    """Refuse a web page that came in place of a list."""
    start = text[:2_000].lstrip("\ufeff \r\n\t").lower()
    if start.startswith(("<!doctype html", "<html")):
        raise ListError("is a web page, not the list", place=file, hint="the publisher's address may have moved")


def table(
    source: Source,
    *,
    file: str,
    audit: Audit,
    used: Collection[str],
    ignored: Collection[str] = (),
    required: Collection[str] = (),
    delimiter: str = ",",
    skip: int = 0,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV with a header, as (line number, column → text); only `used` columns are given.

    A column neither used nor ignored is reported once, with how many rows fill it; a `required` one that is
    absent is a `ListError`, because the format has changed. Short and long rows are reported and kept.
    """
    text = text_of(source, file=file, audit=audit)
    refuse_markup(text, file=file)
    rows = records(text, file=file, audit=audit, delimiter=delimiter)
    for _ in range(skip):
        next(rows, None)
    header = [name.strip() for name in next(rows, (0, []))[1]]
    _require(header, required, file=file)
    strange = {n: i for i, n in enumerate(header) if n and n not in used and n not in ignored}
    filled: Counter[str] = Counter()
    audit.ignored.update({name: 0 for name in header if name in ignored})
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if [cell.strip() for cell in row] == header:
            audit.report(file, line, "(row)", "", "the header once more")
            continue
        if len(row) != len(header):
            said = f"has {len(row)} cells where the header has {len(header)}"
            audit.report(file, line, "(row)", "; ".join(row), said)
        audit.rows += 1
        filled.update(n for n, i in strange.items() if i < len(row) and row[i].strip())
        yield line, {n: c.strip() for n, c in zip(header, row, strict=False) if n in used}
    for name in strange:
        audit.report(file, 1, name, f"{filled[name]} rows", "a column we do not know")


def _require(header: Sequence[str], required: Collection[str], *, file: str) -> None:
    if missing := [name for name in required if name not in header]:
        found = ", ".join(header[:40])
        raise ListError(
            f"the format has changed: no column {', '.join(missing)} (found: {found})"[:1_000],
            place=f"{file}:1",
            hint="check that this is the right file; else the parser must learn the new layout",
        )


def records(
    text: str, *, file: str, audit: Audit, delimiter: str = ",", most_lines: int = 1_000
) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV as (line number, cells), with a quote left open kept from swallowing what follows.

    A row that runs over more than `most_lines` lines, or to the end of the file with a quote still open, is read
    again line by line, its quotes as they stand, and reported.
    """
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at:] if at else lines, delimiter=delimiter)
        before = 0
        for row in _readable(reader, at, file=file, audit=audit):
            spans = reader.line_num - before
            if spans > 1 and (spans > most_lines or _left_open(lines, at + before, at + reader.line_num)):
                break
            before = reader.line_num
            yield at + before, row
        else:
            return
        first = lines[at + before]
        audit.report(file, at + before + 1, "(row)", first.strip(), "a quote is left open: read as it stands")
        yield at + before + 1, first.strip("\r\n").replace('"', "").split(delimiter)
        at += before + 1


def _left_open(lines: Sequence[str], first: int, last: int) -> bool:
    """Does the file end within a quoted cell?"""
    return last >= len(lines) and sum(line.count('"') for line in lines[first:last]) % 2 == 1


def _readable(reader: Iterator[list[str]], at: int, *, file: str, audit: Audit) -> Iterator[list[str]]:
    """Rows, with a row the csv module refuses reported and skipped."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            audit.report(file, at + getattr(reader, "line_num", 0), "(row)", "", f"cannot be read: {error}")


def plain_rows(source: Source, *, file: str, audit: Audit) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV without a header, as (line number, cells)."""
    text = text_of(source, file=file, audit=audit)
    refuse_markup(text, file=file)
    for line, row in records(text, file=file, audit=audit):
        if any(cell.strip("\x1a ") for cell in row):
            audit.rows += 1
            yield line, row


def elements(source: Source, *, file: str, tags: Collection[str]) -> Iterator[ET.Element]:
    """Each element named in `tags` (local names), whole, in document order; what was read is let go.

    Tags named must not lie inside one another. Namespaces are dropped from the tags of what is given.
    """
    try:
        with opened(source) as stream:
            yield from _elements(stream, set(tags))
    except ET.ParseError as error:
        said = f"is not whole XML: {error}"
        raise ListError(said, place=file, hint="download the file again: it may be cut off") from error
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise ListError(f"cannot be unpacked: {error}", place=file, hint="download the file again") from error


def _elements(stream: BinaryIO, tags: set[str]) -> Iterator[ET.Element]:
    wanted: dict[str, bool] = {}
    for _, element in ET.iterparse(stream, events=("end",)):
        tag = element.tag
        known = wanted.get(tag)
        if known is None:
            known = wanted[tag] = local(tag) in tags
        if known:
            yield element
            element.clear()


_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")


def root_tag(head: bytes) -> str | None:
    """The root element of an XML file, without its prefix, told from its first bytes; `None` when it is not XML."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        return None
    found = _ROOT.search(re.sub(rb"<!--.*?-->|<[?!][^>]*>", b"", text[:20_000], flags=re.DOTALL))
    return found[1].decode() if found else None


def root_attribute(head: bytes, name: str) -> str | None:
    """An attribute of the root element, from the first bytes of an XML file."""
    text = head.decode("utf-8", errors="replace")
    found = re.search(rf"<[A-Za-z_][^>]*?\s{name}\s*=\s*[\"']([^\"']*)[\"']", text)
    return found[1] if found else None


@lru_cache(maxsize=4_096)
def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag[tag.rfind("}") + 1 :]


def texts(element: ET.Element) -> dict[str, list[str]]:
    """The texts of an element's children, by local name; empty ones are left out."""
    found: dict[str, list[str]] = {}
    for child in element:
        if child.text and (said := child.text.strip()):
            found.setdefault(local(child.tag), []).append(said)
    return found


def check_tags(element: ET.Element, *, file: str, row: object, known: Collection[str], audit: Audit) -> None:
    """Report the children of an element that no one reads."""
    for child in element:
        if (tag := local(child.tag)) not in known:
            said = (child.text or "").strip() or f"{len(child)} inside"
            audit.report(file, row, tag, said, "an element we do not know")


def countries(said: Iterable[str | None], *, file: str, row: object, field: str, audit: Audit) -> tuple[str, ...]:
    """The codes of the countries named, each once; what is not one we know is reported."""
    codes: list[str] = []
    for text in dict.fromkeys(said):
        if code := place_of(text):
            codes.append(code)
        elif text and text.strip():
            audit.report(file, row, field, text, "a country we do not know")
    return tuple(dict.fromkeys(codes))


def joined(parts: Iterable[str | None], *, by: str = ", ") -> str | None:
    """The parts that say something, joined; `None` when none does."""
    return by.join(part.strip() for part in parts if part and part.strip()) or None


def split(text: str | None, *, by: str = ";") -> tuple[str, ...]:
    """The parts of a joined cell, without blanks and repeats."""
    return tuple(dict.fromkeys(p for part in (text or "").split(by) if (p := part.strip())))
