"""The population against the lists as they are now: only what changed is asked, by several processes, resumable.

Entries new or changed since make a small index. A partner that is at all like one of them, or has a hit on one that
changed or left, is asked in full against every list, so that its answer is the same as if everything had been screened
anew. All others keep their answer. Partners new or changed are asked in full. Each piece is kept as it is done.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from enduse.batch.run import Progress, desk_of, editions
from enduse.batch.since import EVERYTHING, Plan, changes, older, plan
from enduse.batch.work import shared_out
from enduse.desk import counts
from enduse.errors import ListError, StoreError
from enduse.model.base import Value
from enduse.model.hit import Hit
from enduse.model.judgement import entry_digest
from enduse.model.listing import ListedParty, Snapshot
from enduse.model.party import Party, PartyKind
from enduse.model.population import Basis, ChangeKind, Found
from enduse.screen import Index, Query, search_many
from enduse.sources import snapshot as lists
from enduse.store.protocol import Answered, EntryKey, Population, Waiting
from enduse.watch import LoadedLists, open_watch

PIECE = 2_000
KEPT = 25
"""Most hits kept for one partner."""
ALIKE = 0.1
"""The score in the small index from which a partner is asked in full. Low: words are rarer there than on all lists."""


PLAIN = frozenset({"name", "kind", "country", "aliases"})


class Piece(NamedTuple):
    """Some partners to be asked; `small` is the file of the index of what changed, None to ask all in full."""

    home: str
    lists: tuple[tuple[str, str], ...]
    small: str | None
    as_of: date
    waiting: tuple[Waiting, ...]


class Asked(NamedTuple):
    """The answers of a piece: those partners that were asked in full, by key and name, with their hits."""

    first: int
    last: int
    looked_at: int
    partners: tuple[tuple[int, str, str, tuple[Hit, ...]], ...]


class Rescreened(Value):
    """What a rescreening did."""

    partners: int = 0
    in_full: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0


def rescreen(
    store: Population,
    *,
    home: Path,
    as_of: date,
    since: date | None = None,
    jobs: int = 2,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Rescreened:
    """Bring every partner up to date with the lists in `home`. Stopped and run again, it goes on where it stopped.

    `since` asks again, whatever was asked before, for all that changed after the list editions of that day.
    """
    watch = open_watch(home)
    if watch is None:
        raise ListError("no list is loaded", hint="enduse lists import FILE ... or enduse lists sync")
    now = basis_of(watch)
    waiting = {b: n for b, n in store.bases().items() if b != now or since is not None}
    total = sum(waiting.values())
    tell(Progress(rows=0, about=total))
    if waiting:
        _ = watch.index  # made here once, so that the processes only read it
    done = Rescreened()
    digests = _Digests(watch)
    for basis in waiting:
        what = _plan(watch, basis, now, home=home, since=since)
        store.touch(_touched(store, what, now))
        with _kept(what) as small:
            pieces = _pieces(store, basis, now, home=home, small=small, as_of=as_of)
            for asked in shared_out(ask, pieces, jobs=jobs):
                done = _add(done, _keep(store, asked, what, digests, was=basis, now=now, as_of=as_of))
                tell(Progress(rows=done.partners, about=total))
        done = done.model_copy(update={"entries": done.entries + len(what.arrivals or ())})
    return done


def basis_of(watch: LoadedLists) -> Basis:
    """What is screened against now."""
    return Basis(lists=editions(watch), engine=watch.engine)


def _plan(watch: LoadedLists, basis: Basis | None, now: Basis, *, home: Path, since: date | None) -> Plan:
    if basis is None or basis.engine != now.engine:
        return EVERYTHING
    kept = {(s.list, s.digest): s for one in watch.snapshots for s in lists.history(home, one.list)}
    if since is not None:
        basis = older(
            basis, _basis_on(since, watch, home, basis.engine), {k: s.as_of.toordinal() for k, s in kept.items()}
        )
    diffs, fresh = [], []
    for s in watch.snapshots:
        before = basis.digest_of(s.list)
        if before is None:
            fresh.append(s)
        elif before != s.digest:
            former = kept.get((s.list, before))
            if former is None:
                return EVERYTHING
            diffs.append(lists.diff(former, s, home=home))
    return plan(diffs, _entries(fresh, home), sum(s.parties for s in watch.snapshots))


def _basis_on(day: date, watch: LoadedLists, home: Path, engine: str) -> Basis:
    found = ((s.list, lists.snapshot_at(s.list, day, home=home)) for s in watch.snapshots)
    missing = [s.list for s in watch.snapshots if lists.snapshot_at(s.list, day, home=home) is None]
    if missing:
        said = f"no edition of {missing[0]} is of {day} or before"
        raise StoreError(said, hint="leave --since out, or give a later day")
    return Basis(lists=tuple((name, s.digest) for name, s in found if s is not None), engine=engine)


def _entries(snapshots: list[Snapshot], home: Path) -> Iterator[ListedParty]:
    return (entry for s in snapshots for entry in lists.load(s, home=home))


def _touched(store: Population, what: Plan, now: Basis) -> Iterator[EntryKey]:
    yield from what.touched
    asked = {name for name, _ in now.lists}
    yield from ((f.hit.list, f.hit.id, f.hit.source) for f in store.all_found() if f.hit.list not in asked)


@contextmanager
def _kept(what: Plan) -> Iterator[str | None]:
    """The small index in a file that every process can read, for as long as it is needed."""
    if what.arrivals is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="enduse-") as folder:
        path = Path(folder) / "changed.index"
        if what.arrivals:
            Index.build(what.arrivals).save(path)
        yield str(path)


def _pieces(
    store: Population, basis: Basis | None, now: Basis, *, home: Path, small: str | None, as_of: date
) -> Iterator[Piece]:
    after = 0
    while waiting := tuple(store.waiting(basis, after=after, limit=PIECE)):
        yield Piece(str(home), now.lists, small, as_of, waiting)
        after = waiting[-1].number


# ── in each process ───────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _small(path: str) -> Index | None:
    return Index.load(Path(path)) if Path(path).is_file() else None


def ask(piece: Piece) -> Asked:
    """Ask the partners of a piece, in full only those that what changed can concern."""
    desk = desk_of(piece.home, piece.lists)
    concerned = zip(piece.waiting, _concerned(piece), strict=True)
    chosen = [(w, Party.model_validate_json(w.party)) for w, does in concerned if does]
    found = desk.screen_many([party for _, party in chosen], as_of=piece.as_of, limit=KEPT)
    partners = tuple(
        (w.number, w.key, party.name or "", tuple(h for h in one.hits if counts(h) or h.judged))
        for (w, party), one in zip(chosen, found, strict=True)
    )
    return Asked(piece.waiting[0].number, piece.waiting[-1].number, len(piece.waiting), partners)


def _concerned(piece: Piece) -> Iterator[bool]:
    """Which partners what changed can concern: all of them, when that cannot be told."""
    if piece.small is None:
        yield from (True for _ in piece.waiting)
        return
    index = _small(piece.small)
    if index is None:
        yield from (w.touched for w in piece.waiting)
        return
    alike = search_many(index, (query_of(w.party) for w in piece.waiting), limit=1, floor=ALIKE)
    yield from (w.touched or bool(hits) for w, hits in zip(piece.waiting, alike, strict=True))


def query_of(party: str) -> Query:
    """The query of a partner as kept. Most have no more than a name, a kind and a country, which are read directly."""
    said = json.loads(party)
    if not said.keys() <= PLAIN:
        return Query.of(Party.model_validate_json(party))
    said["kind"] = PartyKind(said.get("kind", "unknown"))
    said["aliases"] = tuple(said.get("aliases", ()))
    said["name"] = said.get("name") or ""
    return Query.model_construct(**said)


# ── keeping ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Digests:
    """What each entry says, as a digest; the lists are read for it once, when the first hit is kept."""

    def __init__(self, watch: LoadedLists) -> None:
        self._watch = watch
        self._found: dict[EntryKey, str] | None = None

    def of(self, hit: Hit) -> str:
        if self._found is None:
            self._found = {(e.list, e.id, e.source): entry_digest(e) for e in self._watch.load()}
        return self._found.get((hit.list, hit.id, hit.source), "")


def _keep(
    store: Population, asked: Asked, what: Plan, digests: _Digests, *, was: Basis | None, now: Basis, as_of: date
) -> Rescreened:
    """Keep the answers of a piece, with what they changed."""
    before = store.found([key for _, key, _, _ in asked.partners])
    otherwise = "the partner is new or changed" if was is None else "names count otherwise since the lists changed"
    answers = []
    for number, key, name, hits in asked.partners:
        found = tuple(Found(key=key, hit=h, entry_digest=digests.of(h)) for h in hits)
        told = changes((key, name), before.get(key, ()), found, on=as_of, why=what.touched, otherwise=otherwise)
        answers.append(Answered(number, found, tuple(told)))
    store.answer(answers, was=was, now=now, first=asked.first, last=asked.last)
    kinds = [c.kind for a in answers for c in a.changes]
    return Rescreened(
        partners=asked.looked_at,
        in_full=len(answers),
        new=kinds.count(ChangeKind.NEW),
        changed=kinds.count(ChangeKind.CHANGED),
        gone=kinds.count(ChangeKind.GONE),
    )


def _add(a: Rescreened, b: Rescreened) -> Rescreened:
    return Rescreened(**{name: getattr(a, name) + getattr(b, name) for name in Rescreened.model_fields})
