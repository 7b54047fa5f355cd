"""The lists a user has: imported once, kept exactly as read, never edited, quick to load again.

    HOME/lists/<list>/<day>-<digest>/snapshot.json          what it is
                                     source/<part>.gz       the publisher's bytes
                                     parties-<parser>.jsonl the parties, keyed by the digest of the parser
                                     audit.json             what was not understood
    HOME/lists/<list>/confirmed.json                        days on which the publisher still showed a digest

A snapshot is written to a folder aside and renamed into place whole, so that there is never half of one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import PrivateAttr

import enduse.lists
import enduse.model
from enduse.errors import ListError, StoreError
from enduse.lists.dates import day_of
from enduse.lists.reading import Audit, opened
from enduse.model.listing import ListedParty, Snapshot
from enduse.sources.audit import AuditReport, Coverage, report_of
from enduse.sources.catalogue import ListInfo, info_of, lists, reader_of
from enduse.sources.diff import FieldChange, ListDiff, PartyChange, diff_parties
from enduse.sources.home import home as default_home
from enduse.sources.recognise import only_list, recognise
from enduse.sources.status import ListStatus

__all__ = [
    "FieldChange",
    "ListDiff",
    "ListStatus",
    "PartyChange",
    "StoredSnapshot",
    "audit_of",
    "confirm",
    "current",
    "diff",
    "find",
    "history",
    "import_each",
    "import_files",
    "load",
    "load_at",
    "snapshot_at",
    "status",
]

_META, _AUDIT, _SOURCE, _CONFIRMED = "snapshot.json", "audit.json", "source", "confirmed.json"
_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_CHUNK = 1 << 20


class StoredSnapshot(Snapshot):
    """A snapshot that knows its folder; equal and printed like any other."""

    _folder: Path = PrivateAttr()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Snapshot) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash((self.list, self.digest, self.as_of))


def import_files(
    paths: Iterable[Path],
    *,
    home: Path,
    as_of: date | None = None,
    list_id: str | None = None,
    min_count: int | None = None,
    max_count: int | None = None,
) -> Snapshot:
    """Reads a list from its files and keeps it; the same files again give the snapshot already there.

    The list is recognised by content when `list_id` is not given. Its day is the one the publisher states, else
    `as_of`, else an ISO day in a file name, else the newest listing date in it (which can only make it look older).
    `min_count` and `max_count` stand in for the list's own bounds, for extracts.
    """
    info, parts = only_list(paths, list_id)
    info = info.model_copy(
        update={
            "min_count": info.min_count if min_count is None else min_count,
            "max_count": info.max_count if max_count is None else max_count,
        }
    )
    return publish(info, parts, home=home, as_of=as_of)


def publish(
    info: ListInfo,
    parts: Mapping[str, Path],
    *,
    home: Path,
    as_of: date | None = None,
    check: Callable[[Snapshot, AuditReport], None] | None = None,
) -> StoredSnapshot:
    """Reads, checks and keeps the parts of one list; nothing is kept when a check fails.

    `check` may refuse what was read (by raising) before it is kept.
    """
    digest = digest_of(parts)
    shelf = home / "lists" / info.id
    shelf.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=shelf))
    try:
        audit = Audit()
        coverage, newest = _write_parties(info, parts, aside / parsed_name(info), audit)
        _seal(aside / parsed_name(info))
        count = coverage.parties
        check_count(info, count)
        day = _day(info, parts, given=as_of, newest=newest)
        snapshot = StoredSnapshot(
            list=info.id,
            title=info.title,
            publisher=info.publisher,
            as_of=day,
            digest=digest,
            parties=count,
            stale_after_days=info.stale_after_days,
            sources=tuple(f"{part}: {path.name}" for part, path in sorted(parts.items())),
        )
        report = report_of(audit, parties=count, coverage=coverage.shares())
        if check is not None:
            check(snapshot, report)
        (aside / _AUDIT).write_text(report.model_dump_json(), encoding="utf-8")
        (aside / _META).write_text(snapshot.model_dump_json(indent=1), encoding="utf-8")
        _keep_sources(parts, aside / _SOURCE)
        folder = shelf / f"{day.isoformat()}-{digest[:16]}"
        if not folder.exists():
            aside.rename(folder)
        snapshot._folder = folder
        return snapshot
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def check_count(info: ListInfo, count: int) -> None:
    """Refuses a list with fewer or more parties than a whole edition can have."""
    if not info.min_count <= count <= info.max_count:
        said = f"{count} parties, where a whole edition has {info.min_count} to {info.max_count}"
        raise ListError(said, place=info.id, hint="the file is cut off or of another list; get it again")


def digest_of(parts: Mapping[str, Path]) -> str:
    """The SHA-256 of the unpacked bytes; of several parts, that of their names and digests."""
    digests = {part: _digest(path) for part, path in sorted(parts.items())}
    if len(digests) == 1:
        return next(iter(digests.values()))
    return hashlib.sha256("".join(f"{part} {digest}\n" for part, digest in digests.items()).encode()).hexdigest()


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with opened(path) as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
    except (OSError, EOFError) as error:
        raise ListError(f"cannot be unpacked: {error}", place=path.name, hint="download it again") from error
    return found.hexdigest()


def _write_parties(info: ListInfo, parts: Mapping[str, Path], to: Path, audit: Audit) -> tuple[Coverage, date | None]:
    """Writes one JSON line for each party; gives how many state what, and the newest listing date."""
    coverage, newest = Coverage(), None
    with to.open("w", encoding="utf-8", newline="\n") as out:
        for party in distinct(reader_of(info).parse(dict(parts), audit), audit):
            out.write(party.model_dump_json(exclude_defaults=True))
            out.write("\n")
            coverage.add(party)
            if party.listed_on and (newest is None or party.listed_on > newest):
                newest = party.listed_on
    return coverage, newest


def distinct(parties: Iterable[ListedParty], audit: Audit) -> Iterator[ListedParty]:
    """The parties, an id used before marked and reported: no entry may hide behind another."""
    seen: dict[str, int] = {}
    for party in parties:
        times = seen[party.id] = seen.get(party.id, 0) + 1
        if times > 1:
            audit.report(party.list, party.id, "id", party.names[0].text, "an id used before")
        yield party if times == 1 else party.model_copy(update={"id": f"{party.id}~{times}"})


def _day(info: ListInfo, parts: Mapping[str, Path], *, given: date | None, newest: date | None) -> date:
    named = (day_of(m[1]) for path in parts.values() if (m := _DAY_IN_NAME.search(path.name)))
    found = reader_of(info).stated_on(dict(parts)) or given or next((day for day in named if day), None) or newest
    if found is None:
        raise ListError("the files do not say of which day they are", place=info.id, hint="say it: --as-of DAY")
    return found


def _keep_sources(parts: Mapping[str, Path], folder: Path) -> None:
    folder.mkdir()
    for part, path in parts.items():
        with opened(path) as stream, gzip.open(folder / f"{part}.gz", "wb", compresslevel=5) as out:
            shutil.copyfileobj(stream, out, _CHUNK)


@lru_cache(maxsize=64)
def _parser_digest(folder: Path) -> str:
    """What the parsed form depends on: the parser, the tools it shares, and the values it makes."""
    places = (folder, Path(enduse.lists.__path__[0]), Path(enduse.model.__path__[0]))
    found = hashlib.sha256()
    for place in places:
        for path in sorted([*place.glob("*.py"), *place.glob("*.csv")]):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def parsed_name(info: ListInfo) -> str:
    """The name of the parsed form that today's parser makes."""
    return f"parties-{_parser_digest(info.folder)}.jsonl"


def history(home: Path, list_id: str) -> tuple[Snapshot, ...]:
    """Every snapshot of a list, oldest first."""
    folders = sorted(p.parent for p in (home / "lists" / list_id).glob(f"[0-9]*/{_META}"))
    return tuple(sorted((_read(folder) for folder in folders), key=lambda s: s.as_of))


def _read(folder: Path) -> StoredSnapshot:
    try:
        snapshot = StoredSnapshot.model_validate_json((folder / _META).read_text(encoding="utf-8"))
    except ValueError as error:
        hint = "remove the folder and import the list again"
        raise StoreError("holds no readable snapshot", place=str(folder), hint=hint) from error
    snapshot._folder = folder
    return snapshot


def current(home: Path) -> tuple[Snapshot, ...]:
    """The newest snapshot of each list kept, its day moved on to when the publisher last confirmed it."""
    shelves = sorted(path for path in (home / "lists").glob("*") if path.is_dir())
    newest = (history(home, shelf.name) for shelf in shelves)
    return tuple(_confirmed(home, found[-1]) for found in newest if found)


def _confirmed(home: Path, snapshot: Snapshot) -> Snapshot:
    path = home / "lists" / snapshot.list / _CONFIRMED
    if not path.is_file():
        return snapshot
    try:
        days: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        day = day_of(days.get(snapshot.digest))
    except (ValueError, AttributeError) as error:
        raise StoreError(
            "does not say when the publisher confirmed the list", place=str(path), hint="remove it"
        ) from error
    return snapshot.model_copy(update={"as_of": day}) if day and day > snapshot.as_of else snapshot


def confirm(snapshot: Snapshot, day: date, *, home: Path) -> None:
    """Notes that on `day` the publisher still showed exactly this list."""
    path = home / "lists" / snapshot.list / _CONFIRMED
    days = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    write_whole(path, json.dumps({**days, snapshot.digest: day.isoformat()}))


def write_whole(path: Path, text: str) -> None:
    """Writes a file beside its place and renames it in, so that readers see the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(aside).replace(path)


def load(snapshot: Snapshot, *, home: Path | None = None) -> Iterator[ListedParty]:
    """The parties of a snapshot, from their parsed form; made anew from the source when the parser has changed."""
    folder = _folder_of(snapshot, home)
    info = info_of(snapshot.list)
    parsed = folder / parsed_name(info)
    if not _sealed(parsed):
        _parse_again(info, folder, parsed)
    validate = ListedParty.model_validate_json
    with parsed.open("rb") as lines:
        for line in lines:
            yield validate(line)


def _folder_of(snapshot: Snapshot, home: Path | None) -> Path:
    if isinstance(snapshot, StoredSnapshot):
        return snapshot._folder
    place = home or default_home()
    for kept in reversed(history(place, snapshot.list)):
        if kept.digest == snapshot.digest and isinstance(kept, StoredSnapshot):
            return kept._folder
    said = f"no snapshot {snapshot.digest[:12]} of {snapshot.list} is kept"
    raise StoreError(said, place=str(place), hint="import the list, or say in which home it is")


def _parse_again(info: ListInfo, folder: Path, to: Path) -> None:
    parts = {path.name.removesuffix(".gz"): path for path in sorted((folder / _SOURCE).glob("*.gz"))}
    audit, aside = Audit(), to.with_suffix(f".{os.getpid()}.new")
    coverage, _ = _write_parties(info, parts, aside, audit)
    report = report_of(audit, parties=coverage.parties, coverage=coverage.shares())
    write_whole(folder / _AUDIT, report.model_dump_json())
    aside.replace(to)
    _seal(to)


def _seal(parsed: Path) -> None:
    """Notes the digest of a parsed form beside it: a file cut short would be a list with fewer parties."""
    write_whole(parsed.with_suffix(".sha256"), _digest(parsed))


def _sealed(parsed: Path) -> bool:
    """Is this parsed form there, whole, as it was written?"""
    seal = parsed.with_suffix(".sha256")
    return parsed.is_file() and seal.is_file() and seal.read_text(encoding="utf-8") == _digest(parsed)


def audit_of(snapshot: Snapshot, *, home: Path | None = None) -> AuditReport:
    """What was not understood when this snapshot was read."""
    text = (_folder_of(snapshot, home) / _AUDIT).read_text(encoding="utf-8")
    return AuditReport.model_validate_json(text)


def snapshot_at(list_id: str, day: date, *, home: Path) -> Snapshot | None:
    """The newest snapshot that is of `day` or before: what was known of the list then."""
    return next((s for s in reversed(history(home, list_id)) if s.as_of <= day), None)


def load_at(list_id: str, day: date, *, home: Path) -> Iterator[ListedParty]:
    """The parties of a list as known on `day`; no snapshot that old is an error."""
    snapshot = snapshot_at(list_id, day, home=home)
    if snapshot is None:
        said = f"no snapshot of {list_id} is of {day} or before"
        raise StoreError(said, place=str(home), hint="import an edition of that time")
    return load(snapshot, home=home)


def diff(before: Snapshot, after: Snapshot, *, home: Path | None = None) -> ListDiff:
    """What changed from one snapshot of a list to another."""
    return diff_parties(load(before, home=home), load(after, home=home))


def status(home: Path, as_of: date) -> tuple[ListStatus, ...]:
    """How every list kept stands on `as_of`."""
    known = {info.id: info for info in lists()}
    return tuple(_status(s, known.get(s.list), home=home, as_of=as_of) for s in current(home))


def _status(snapshot: Snapshot, info: ListInfo | None, *, home: Path, as_of: date) -> ListStatus:
    return ListStatus(
        list=snapshot.list,
        title=snapshot.title,
        publisher=snapshot.publisher,
        cadence=info.cadence if info else "unknown",
        as_of=snapshot.as_of,
        age_days=(as_of - snapshot.as_of).days,
        stale_after_days=snapshot.stale_after_days,
        stale=snapshot.stale_on(as_of),
        parties=snapshot.parties,
        unread=audit_of(snapshot, home=home).unread_count,
        snapshots=len(history(home, snapshot.list)),
        digest=snapshot.digest,
    )


def find(snapshot: Snapshot, party_id: str, *, home: Path | None = None) -> Iterator[ListedParty]:
    """The entries of a snapshot with this publisher's id, without reading the rest as values."""
    folder = _folder_of(snapshot, home)
    info = info_of(snapshot.list)
    parsed = folder / parsed_name(info)
    if not parsed.is_file():
        _parse_again(info, folder, parsed)
    wanted = f'"id":{json.dumps(party_id, ensure_ascii=False)},'.encode()
    raw = parsed.read_bytes()
    at = raw.find(wanted)
    while at >= 0:
        start, end = raw.rfind(b"\n", 0, at) + 1, raw.find(b"\n", at)
        try:
            found = ListedParty.model_validate_json(raw[start:end])
        except ValueError as error:
            raise StoreError("is damaged", place=str(parsed), hint="remove it; it is made again") from error
        if found.id == party_id:
            yield found
        at = raw.find(wanted, end)


def import_each(paths: Iterable[Path], *, home: Path, as_of: date | None = None) -> tuple[Snapshot | ListError, ...]:
    """Imports whatever lists the files are of, each on its own: a snapshot, or the error that kept it out."""
    done: list[Snapshot | ListError] = []
    for list_id, parts in recognise(paths).items():
        try:
            done.append(publish(info_of(list_id), parts, home=home, as_of=as_of))
        except ListError as error:
            done.append(error)
    return tuple(done)
