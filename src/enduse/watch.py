"""The lists a user has loaded, ready to be asked: snapshots from the store, one search index over them all.

The index is kept in the cache by the digests of the snapshots it was made from; a new snapshot makes a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

import enduse
from enduse import shelf
from enduse.errors import StoreError
from enduse.model.hit import Hit
from enduse.model.listing import ListedParty, Snapshot
from enduse.model.party import Party
from enduse.screen import Index, Query, search, search_many
from enduse.sources import snapshot as store
from enduse.sources.catalogue import info_of


def open_watch(home: Path) -> LoadedLists | None:
    """Every list kept in `home`, by its newest snapshot; None when there is none."""
    snapshots = store.current(home)
    return LoadedLists(snapshots, home) if snapshots else None


class LoadedLists:
    """Snapshots and the index over them; the index is only opened when a party is asked for."""

    def __init__(self, snapshots: tuple[Snapshot, ...], home: Path) -> None:
        self.snapshots = snapshots
        self._home = home
        self._entries: dict[tuple[str, str, str | None], ListedParty | None] = {}

    @cached_property
    def index(self) -> Index:
        """The index, from the cache or built now."""
        path = self._path(".index")
        if path.is_file():
            try:
                return Index.load(path)
            except StoreError:
                path.unlink(missing_ok=True)
        return self._build(path)

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """Every list and `list:SOURCE` part that is loaded, with its snapshot's day."""
        found = self._parts_kept()
        if found is None:
            self._build(self._path(".index"))
            found = self._parts_kept() or []
        days = {s.list: s.as_of.isoformat() for s in self.snapshots}
        return {part: days[part.partition(":")[0]] for part in found}

    def _parts_kept(self) -> list[str] | None:
        try:
            found: list[str] = json.loads(self._path(".parts.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found

    @property
    def engine(self) -> str:
        """The digest of the matcher and of the readers of these lists: with others, answers may be others."""
        made_by = hashlib.sha256(engine().encode())
        for s in sorted(self.snapshots, key=lambda s: s.list):
            made_by.update(store.parsed_name(info_of(s.list)).encode())
        return made_by.hexdigest()

    def search(self, party: Party, *, limit: int = 10, floor: float = 0.5) -> tuple[Hit, ...]:
        """The entries this party may be, best first, scored `floor` or more; its own aliases count as its names."""
        return search(self.index, Query.of(party), limit=limit, floor=floor)

    def search_many(
        self, parties: Iterable[Party], *, limit: int = 10, floor: float = 0.5, processes: int = 1
    ) -> Iterator[tuple[Hit, ...]]:
        """`search` for each party in turn, with the work shared between them, over this many processes."""
        return search_many(self.index, map(Query.of, parties), limit=limit, floor=floor, processes=processes)

    def entry(self, hit: Hit) -> ListedParty | None:
        """The list's own entry behind a hit."""
        key = (hit.list, hit.id, hit.source)
        if key not in self._entries:
            self._entries[key] = self._find(hit)
        return self._entries[key]

    def entries(self, list_id: str, entry_id: str) -> tuple[ListedParty, ...]:
        """The entries of a list with this id: one, or one on each of several sub-lists."""
        snapshot = next((s for s in self.snapshots if s.list == list_id), None)
        return tuple(store.find(snapshot, entry_id, home=self._home)) if snapshot else ()

    def load(self) -> Iterator[ListedParty]:
        """Every entry of every list."""
        return (entry for s in self.snapshots for entry in store.load(s, home=self._home))

    def _find(self, hit: Hit) -> ListedParty | None:
        snapshot = next((s for s in self.snapshots if s.list == hit.list), None)
        if snapshot is None:
            return None
        wanted = (p for p in store.find(snapshot, hit.id, home=self._home) if hit.source in {None, p.source})
        return next(wanted, None)

    def _build(self, path: Path) -> Index:
        parties = [p for s in self.snapshots for p in store.load(s, home=self._home)]
        parts = sorted({p.list for p in parties} | {f"{p.list}:{p.source}" for p in parties if p.source})
        index = Index.build(parties)
        path.parent.mkdir(parents=True, exist_ok=True)
        index.save(path)
        store.write_whole(self._path(".parts.json"), json.dumps(parts))
        return index

    def _path(self, suffix: str) -> Path:
        made_from = hashlib.sha256(self.engine.encode())
        for s in sorted(self.snapshots, key=lambda s: s.list):
            made_from.update(f"{s.list} {s.digest}\n".encode())
        return shelf.cache() / "index" / f"{made_from.hexdigest()[:24]}{suffix}"


@cache
def engine() -> str:
    """What an index depends on beside the lists: the code and tables of the screening room."""
    room = Path(enduse.__file__).parent / "screen"
    total = hashlib.sha256()
    for path in sorted([*room.glob("*.py"), *room.glob("tables/*.csv")]):
        total.update(path.read_bytes())
    return total.hexdigest()
