"""The store in one SQLite file of the user's data folder: write-ahead logging, judgements and changes append-only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from types import TracebackType

from enduse.errors import StoreError
from enduse.model.hit import Hit
from enduse.model.judgement import Judgement, party_digest
from enduse.model.population import Basis, Change, ChangeKind, Found, Imported, Member
from enduse.store.protocol import Answered, EntryKey, Waiting

EDITION = 1
"""The edition of the tables below; a file of a newer one is refused, not guessed at."""

_TABLES = """
CREATE TABLE IF NOT EXISTS judgement (
    number INTEGER PRIMARY KEY AUTOINCREMENT, list TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
    party TEXT NOT NULL, said TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS judgement_on ON judgement (list, id, source);
CREATE INDEX IF NOT EXISTS judgement_about ON judgement (party);
CREATE TABLE IF NOT EXISTS basis (number INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS member (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, party TEXT NOT NULL,
    basis INTEGER REFERENCES basis);
CREATE INDEX IF NOT EXISTS member_by_basis ON member (basis, number);
CREATE TABLE IF NOT EXISTS found (
    key TEXT NOT NULL, list TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL, entry TEXT NOT NULL,
    hit TEXT NOT NULL, PRIMARY KEY (key, list, id, source)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS found_on ON found (list, id, source);
CREATE TABLE IF NOT EXISTS change (number INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, said TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS judgement_stays BEFORE DELETE ON judgement
    BEGIN SELECT RAISE(ABORT, 'judgements are never removed'); END;
CREATE TRIGGER IF NOT EXISTS judgement_as_said BEFORE UPDATE ON judgement
    BEGIN SELECT RAISE(ABORT, 'judgements are never altered'); END;
CREATE TRIGGER IF NOT EXISTS change_stays BEFORE DELETE ON change
    BEGIN SELECT RAISE(ABORT, 'the log is never shortened'); END;
CREATE TRIGGER IF NOT EXISTS change_as_said BEFORE UPDATE ON change
    BEGIN SELECT RAISE(ABORT, 'the log is never altered'); END;
"""
_BATCH = 5_000


class SqliteStore:
    """Judgements and population in one file. Open it with `with`; several programs may read while one writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot be opened: {error}", place=str(path), hint="is it ours, and writable?") from error

    def _prepare(self) -> None:
        edition = self._base.execute("PRAGMA user_version").fetchone()[0]
        if edition > EDITION:
            self._base.close()
            raise StoreError("was written by a newer Enduse", place=str(self.path), hint="update Enduse")
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        if edition < EDITION:
            self._base.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {EDITION}; COMMIT;")
        self._base.execute(
            "CREATE TEMP TABLE touched (list TEXT, id TEXT, source TEXT, PRIMARY KEY (list, id, source))"
        )

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._base.close()

    @contextmanager
    def _whole(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield self._base
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"cannot be written: {error}", place=str(self.path), hint="try again") from error
        finally:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")

    # ── judgements ────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, judgement: Judgement) -> None:
        """Keep a judgement."""
        said = judgement.model_dump_json(exclude_defaults=True)
        row = (judgement.list, judgement.id, judgement.source or "", judgement.party_digest, said)
        with self._whole() as base:
            base.execute("INSERT INTO judgement (list, id, source, party, said) VALUES (?, ?, ?, ?, ?)", row)

    def on(self, entry: EntryKey) -> tuple[Judgement, ...]:
        """The judgements on one entry, in the order they were made."""
        asked = "SELECT said FROM judgement WHERE list = ? AND id = ? AND source = ? ORDER BY number"
        return self._judgements(asked, (entry[0], entry[1], entry[2] or ""))

    def about(self, party_digest: str) -> tuple[Judgement, ...]:
        """The judgements on exactly this party, in the order they were made."""
        return self._judgements("SELECT said FROM judgement WHERE party = ? ORDER BY number", (party_digest,))

    def all(self) -> tuple[Judgement, ...]:
        """Every judgement, in the order they were made."""
        return self._judgements("SELECT said FROM judgement ORDER BY number", ())

    def _judgements(self, asked: str, values: tuple[str, ...]) -> tuple[Judgement, ...]:
        return tuple(Judgement.model_validate_json(said) for (said,) in self._base.execute(asked, values))

    # ── population ────────────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, members: Iterable[Member], *, on: date) -> Imported:
        """Add partners or replace them by key; one that says the same as before keeps its screening."""
        del on  # what changed is logged when it is screened
        total, rest = Imported(), iter(members)
        while batch := list(islice(rest, _BATCH)):
            total = _sum(total, self._put(batch))
        return total

    def _put(self, batch: list[Member]) -> Imported:
        rows = {m.key: (party_digest(m.party), m.party.model_dump_json(exclude_defaults=True)) for m in batch}
        with self._whole() as base:
            marks = ",".join("?" * len(rows))
            before = dict(base.execute(f"SELECT key, digest FROM member WHERE key IN ({marks})", tuple(rows)))
            fresh = [(k, *v) for k, v in rows.items() if k not in before]
            other = [(*v, k) for k, v in rows.items() if k in before and before[k] != v[0]]
            base.executemany("INSERT INTO member (key, digest, party) VALUES (?, ?, ?)", fresh)
            base.executemany("UPDATE member SET digest = ?, party = ?, basis = NULL WHERE key = ?", other)
        return Imported(new=len(fresh), changed=len(other), same=len(rows) - len(fresh) - len(other))

    def keep_only(self, keys: Iterable[str], *, on: date) -> int:
        """Let every partner go that is not among these; its hits are logged as gone."""
        with self._whole() as base:
            base.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY)")
            base.execute("DELETE FROM kept")
            base.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((k,) for k in keys))
            gone = "FROM member WHERE key NOT IN (SELECT key FROM kept)"
            hits = f"SELECT key, hit FROM found WHERE key IN (SELECT key {gone})"
            self._log([_left(key, Hit.model_validate_json(hit), on) for key, hit in base.execute(hits)])
            base.execute(f"DELETE FROM found WHERE key IN (SELECT key {gone})")
            return base.execute(f"DELETE {gone}").rowcount

    def count(self) -> int:
        """How many partners there are."""
        return int(self._base.execute("SELECT count(*) FROM member").fetchone()[0])

    def bases(self) -> Mapping[Basis | None, int]:
        """How many partners were screened against what."""
        asked = "SELECT said, count(*) FROM member LEFT JOIN basis ON basis.number = member.basis GROUP BY member.basis"
        return {Basis.model_validate_json(said) if said else None: n for said, n in self._base.execute(asked)}

    def touch(self, entries: Iterable[EntryKey]) -> int:
        """Name the entries whose hits must be asked again."""
        self._base.execute("DELETE FROM touched")
        rows = ((a, b, c or "") for a, b, c in entries)
        self._base.execute("BEGIN")
        self._base.executemany("INSERT OR IGNORE INTO touched VALUES (?, ?, ?)", rows)
        self._base.execute("COMMIT")
        return int(self._base.execute("SELECT count(*) FROM found JOIN touched USING (list, id, source)").fetchone()[0])

    def waiting(self, basis: Basis | None, *, after: int, limit: int) -> Sequence[Waiting]:
        """The next partners screened against `basis`, after the number given."""
        touched = "EXISTS (SELECT 1 FROM found JOIN touched USING (list, id, source) WHERE found.key = member.key)"
        asked = (
            f"SELECT number, key, party, {touched} FROM member WHERE basis IS ? AND number > ? ORDER BY number LIMIT ?"
        )
        rows = self._base.execute(asked, (self._number(basis), after, limit))
        return [Waiting(n, key, party, bool(touched)) for n, key, party, touched in rows]

    def found(self, keys: Iterable[str]) -> Mapping[str, tuple[Found, ...]]:
        """The hits that stand for these partners."""
        standing: dict[str, list[Found]] = {}
        rest = iter(keys)
        while batch := list(islice(rest, _BATCH)):
            marks = ",".join("?" * len(batch))
            for one in self._found(f"WHERE key IN ({marks}) ORDER BY key", tuple(batch)):
                standing.setdefault(one.key, []).append(one)
        return {key: tuple(found) for key, found in standing.items()}

    def all_found(self) -> Iterator[Found]:
        """Every hit that stands, in order of key."""
        return self._found("ORDER BY key, list, id, source", ())

    def _found(self, which: str, values: tuple[str, ...]) -> Iterator[Found]:
        for key, entry, hit in self._base.execute(f"SELECT key, entry, hit FROM found {which}", values):
            yield Found(key=key, entry_digest=entry, hit=Hit.model_validate_json(hit))

    def answer(self, answers: Iterable[Answered], *, was: Basis | None, now: Basis, first: int, last: int) -> None:
        """Keep what was found, and that partners `first` to `last` under `was` now stand under `now`."""
        with self._whole() as base:
            before, after = self._number(was), self._kept(now)
            for one in answers:
                base.execute("DELETE FROM found WHERE key = (SELECT key FROM member WHERE number = ?)", (one.number,))
                base.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?, ?)", map(_row, one.found))
                self._log(one.changes)
            base.execute(
                "UPDATE member SET basis = ? WHERE basis IS ? AND number BETWEEN ? AND ?", (after, before, first, last)
            )

    def changes(self, *, since: date | None = None) -> Iterator[Change]:
        """The log of new, changed and gone hits, oldest first."""
        day = since.isoformat() if since else ""
        for (said,) in self._base.execute("SELECT said FROM change WHERE day >= ? ORDER BY number", (day,)):
            yield Change.model_validate_json(said)

    def _log(self, changes: Iterable[Change]) -> None:
        rows = ((c.on.isoformat(), c.model_dump_json(exclude_defaults=True)) for c in changes)
        self._base.executemany("INSERT INTO change (day, said) VALUES (?, ?)", rows)

    def _number(self, basis: Basis | None) -> int | None:
        """The number of a basis; of one not kept, one that no partner has."""
        if basis is None:
            return None
        found = self._base.execute("SELECT number FROM basis WHERE said = ?", (_said(basis),)).fetchone()
        return int(found[0]) if found else -1

    def _kept(self, basis: Basis) -> int:
        self._base.execute("INSERT OR IGNORE INTO basis (said) VALUES (?)", (_said(basis),))
        number = self._number(basis)
        assert number is not None
        return number


def _said(basis: Basis) -> str:
    return json.dumps({"lists": sorted(basis.lists), "engine": basis.engine})


def _row(one: Found) -> tuple[str, ...]:
    hit = one.hit
    return (one.key, hit.list, hit.id, hit.source or "", one.entry_digest, hit.model_dump_json(exclude_defaults=True))


def _left(key: str, hit: Hit, on: date) -> Change:
    why = "the partner left the population"
    return Change(kind=ChangeKind.GONE, key=key, party=hit.query_name, hit=hit, on=on, why=why)


def _sum(a: Imported, b: Imported) -> Imported:
    return Imported(new=a.new + b.new, changed=a.changed + b.changed, same=a.same + b.same, left=a.left + b.left)


def store_path(home: Path) -> Path:
    """Where the store of a data folder lies."""
    return home / "enduse.sqlite"


def open_store(home: Path) -> SqliteStore:
    """The store of a data folder, made when it is not there yet."""
    return SqliteStore(store_path(home))


def kept_store(home: Path) -> SqliteStore | None:
    """The store of a data folder; none where nothing was ever kept, so that asking makes no file."""
    return open_store(home) if store_path(home).is_file() else None
