"""A list update asks again only what it can concern, and the hits that stand are those of a full screening."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from enduse.batch import rescreen as room
from enduse.batch.members import take_in
from enduse.batch.rescreen import Rescreened, rescreen
from enduse.batch.run import PIECE, Progress
from enduse.errors import ListError, StoreError
from enduse.model.judgement import Judgement
from enduse.model.party import Address, Identifier, Party, PartyKind, Role
from enduse.screen import Query
from enduse.store.sqlite import SqliteStore, open_store
from enduse.watch import open_watch

FIRST, SECOND = date(2026, 1, 2), date(2026, 2, 2)
PARTNERS = """no,name,country
C1,Rupert Hentzau,DE
C2,Brothers Grimm Bakery,DE
C3,Zenda Precision Optics Works,RU
C4,Black Michael Forwarding,AE
C5,Gautier Lauengram,FR
"""
LISTED = """id,name,kind,country,birth date
1,Rupert Hentzau,person,DE,1860-05-01
2,Zenda Precision Optics Works,organisation,RU,
3,Strelsau Marine Engineering Bureau,organisation,CN,
4,Gautier Lauengram,person,FR,
5,Tarlenheim Avionics Trading,organisation,IR,
"""
CHANGED = """id,name,kind,country,birth date
1,Rupert Hentzau,person,DE,1860-05-01
2,Zenda Optics Kombinat,organisation,RU,
3,Strelsau Marine Engineering Bureau,organisation,CN,
5,Tarlenheim Avionics Trading,organisation,IR,
6,Black Michael Forwarding,organisation,AE,
"""
"""The second edition: 2 has another name, 4 is gone, 6 is new."""
CALLED = ("Oskar", "Ludwig", "Berta", "Ilse", "Anton", "Kunigunde", "Wenzel")
HOUSES = ("Krafstein", "Bersonin", "Detchard", "Osterlohe", "Helsing")
OTHERS = "".join(f"9{n}{m},{a} {b},person,,\n" for n, a in enumerate(CALLED) for m, b in enumerate(HOUSES))
"""Thirty-five more that never change, so that what changes is a small part."""


@pytest.fixture
def publish(publish: Callable[..., None]) -> Callable[..., None]:
    """A new edition, with all the others on it."""
    return lambda text=LISTED, **more: publish(text + OTHERS, **more)


@pytest.fixture
def store(home: Path) -> Iterator[SqliteStore]:
    with open_store(home) as kept:
        yield kept


@pytest.fixture
def imported(store: SqliteStore, tmp_path: Path) -> Callable[..., None]:
    def take(text: str = PARTNERS, **more: bool) -> None:
        (tmp_path / "partners.csv").write_text(text, encoding="utf-8")
        take_in(store, tmp_path / "partners.csv", on=FIRST, columns={"id": "no"}, **more)

    return take


def again(store: SqliteStore, home: Path, on: date = FIRST, **more) -> Rescreened:
    return rescreen(store, home=home, as_of=on, jobs=more.pop("jobs", 1), **more)


def standing(store: SqliteStore) -> set[tuple[str, str]]:
    return {(f.key, f.hit.id) for f in store.all_found()}


def test_the_first_time_everyone_is_asked(publish, imported, store: SqliteStore, home: Path) -> None:
    """And the second time no one, for nothing changed."""
    publish()
    imported()
    assert (again(store, home).in_full, standing(store)) == (5, {("C1", "1"), ("C3", "2"), ("C5", "4")})
    assert again(store, home) == Rescreened()


def test_a_list_update_brings_new_changed_and_gone_hits(publish, imported, store: SqliteStore, home: Path) -> None:
    """Each with its reason; who cannot be concerned is not asked."""
    publish()
    imported()
    again(store, home)
    publish(CHANGED + "7,Rupert Hentzau,person,DE,1830-01-01\n", day="2026-02-01")
    done = again(store, home, SECOND)
    told = {(c.kind.value, c.key, c.hit.id): c.why for c in store.changes(since=SECOND)}
    assert told[("new", "C4", "6")] == "new on the list"
    assert told[("new", "C1", "7")] == "new on the list"
    assert told[("gone", "C5", "4")] == "left the list"
    assert "names" in told.get(("gone", "C3", "2"), told.get(("changed", "C3", "2"), ""))
    assert (done.partners, done.entries) == (5, 3)
    assert done.in_full < 5


def test_what_stands_is_what_a_full_screening_finds(
    publish, imported, store: SqliteStore, home: Path, tmp_path: Path
) -> None:
    """The short way and the long way meet."""
    publish()
    imported()
    again(store, home)
    publish(CHANGED, day="2026-02-01")
    again(store, home, SECOND)
    with SqliteStore(tmp_path / "fresh.sqlite") as fresh:
        take_in(fresh, tmp_path / "partners.csv", on=FIRST, columns={"id": "no"})
        again(fresh, home, SECOND)
        assert standing(store) == standing(fresh)


def test_new_and_changed_partners_are_asked_against_all(publish, imported, store: SqliteStore, home: Path) -> None:
    """The others are left in peace."""
    publish()
    imported()
    again(store, home)
    imported(
        PARTNERS.replace("Brothers Grimm Bakery", "Tarlenheim Avionics Trading") + "C6,Strelsau Marine Bureau,CN\n"
    )
    assert again(store, home, SECOND).partners == 2
    assert ("C2", "5") in standing(store)


def test_partners_that_left_take_their_hits_along(publish, imported, store: SqliteStore, home: Path) -> None:
    """Only when the file is said to be the whole."""
    publish()
    imported()
    again(store, home)
    imported("no,name\nC2,Brothers Grimm Bakery\n")
    assert store.count() == 5
    imported("no,name\nC2,Brothers Grimm Bakery\n", replace=True)
    assert (store.count(), standing(store)) == (1, set())


def test_stopped_it_goes_on_where_it_stopped(
    publish, imported, store: SqliteStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept stays kept; the rest still waits."""
    publish()
    imported()
    monkeypatch.setattr(room, "PIECE", 2)
    seen: list[int] = []

    def stop(progress: Progress) -> None:
        seen.append(progress.rows)
        if progress.rows == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(store, home, tell=stop)
    assert again(store, home).partners == 1
    assert standing(store) == {("C1", "1"), ("C3", "2"), ("C5", "4")}
    assert PIECE > 2


def test_two_processes_find_the_same(publish, imported, store: SqliteStore, home: Path) -> None:
    """And keep it once."""
    publish()
    imported()
    again(store, home, jobs=2)
    publish(CHANGED, day="2026-02-01")
    again(store, home, SECOND, jobs=2)
    assert ("C4", "6") in standing(store)
    assert ("C5", "4") not in standing(store)


def test_since_a_day_asks_again_for_what_changed_after_it(publish, imported, store: SqliteStore, home: Path) -> None:
    """Whatever was asked before; a day before the first edition cannot be asked."""
    publish()
    imported()
    publish(CHANGED, day="2026-02-01")
    again(store, home)
    done = again(store, home, SECOND, since=date(2026, 1, 15))
    assert (done.partners, done.entries, done.new) == (5, 2, 0)
    with pytest.raises(StoreError, match="no edition of own"):
        again(store, home, SECOND, since=date(2025, 1, 1))


def test_an_edition_no_longer_kept_means_asking_all(publish, imported, store: SqliteStore, home: Path) -> None:
    """What changed cannot be told, so nothing is taken for granted."""
    publish()
    imported()
    again(store, home)
    publish(CHANGED, day="2026-02-01")
    (old,) = (home / "lists" / "own").glob("2026-01-01*")
    old.rename(home / "elsewhere")
    assert again(store, home, SECOND).in_full == 5


def test_a_judgement_shows_in_the_log(publish, imported, store: SqliteStore, home: Path) -> None:
    """Who reads what is new sees what was decided before."""
    publish()
    imported()
    watch = open_watch(home)
    assert watch is not None
    (entry,) = watch.entries("own", "1")
    partner = next(w for w in store.waiting(None, after=0, limit=1))
    party = Party.model_validate_json(partner.party)
    store.add(Judgement.of(party, entry, verdict=False, why="the baker", by="A. Clerk", on=FIRST))
    again(store, home)
    (change,) = [c for c in store.changes() if c.key == "C1"]
    assert change.hit.dismissed


def test_without_a_list_nothing_is_taken_for_screened(imported, store: SqliteStore, home: Path) -> None:
    """Said as an error, and everyone still waits."""
    imported()
    with pytest.raises(ListError, match="no list is loaded"):
        again(store, home)
    assert dict(store.bases()) == {None: 5}


@pytest.mark.parametrize(
    "party",
    [
        Party(name="Sapt"),
        Party(name="Sapt", kind=PartyKind.PERSON, country="FR", aliases=("Colonel Sapt",)),
        Party(identifiers=(Identifier(kind="imo", value="9074729"),), addresses=(Address(text="Castle Street 1"),)),
        Party(name="Sapt", roles=(Role.END_USER,), birth_date=FIRST, nationalities=("DE",)),
    ],
)
def test_a_partner_as_kept_asks_what_the_party_asks(party: Party) -> None:
    """The quick reading and the full one give the same query."""
    assert room.query_of(party.model_dump_json(exclude_defaults=True)) == Query.of(party)
