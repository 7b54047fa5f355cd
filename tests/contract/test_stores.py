"""What any store must do. A new store is added to STORES and must pass all of this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enduse.model.hit import Hit
from enduse.model.judgement import Judgement
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Party, Role
from enduse.model.population import Basis, Change, ChangeKind, Found, Imported, Member
from enduse.store.protocol import Answered
from enduse.store.sqlite import SqliteStore

STORES: dict[str, Callable[[Path], Any]] = {"sqlite": lambda folder: SqliteStore(folder / "store.sqlite")}
DAY, LATER = date(2026, 1, 1), date(2026, 2, 1)
RUPERT = Party(name="Rupert Hentzau", country="DE")
ENTRY = ListedParty(list="zz", id="1", names=(ListedName(text="HENTZAU, Rupert of"),))
OLD, NEW = Basis(lists=(("zz", "a"),), engine="e"), Basis(lists=(("zz", "b"),), engine="e")
HIT = Hit(list="zz", id="1", name="HENTZAU", matched_name="HENTZAU", query_name="Rupert", score=0.9, probability=0.9)


@pytest.fixture(params=sorted(STORES))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Open the same store, as often as asked."""
    stores: list[Any] = []

    def again() -> Any:
        stores.append(STORES[request.param](tmp_path))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


def judged(why: str = "another man", **more: Any) -> Judgement:
    return Judgement.of(RUPERT, ENTRY, verdict=False, why=why, by="A. Clerk", on=DAY, **more)


def test_a_judgement_comes_back_exactly(opened) -> None:
    """From another opening of the same store, equal in every field."""
    opened().add(judged(until=LATER))
    assert opened().on(("zz", "1", None)) == (judged(until=LATER),)


def test_judgements_stand_in_the_order_they_were_made(opened) -> None:
    """A later word does not replace the earlier one."""
    store = opened()
    store.add(judged("first"))
    store.add(judged("second"))
    assert [j.why for j in store.all()] == ["first", "second"]


def test_judgements_are_found_by_entry_and_sub_list(opened) -> None:
    """The same id on another list, or another sub-list, is another entry."""
    store = opened()
    store.add(judged())
    assert not store.on(("zz", "1", "EL"))
    assert not store.on(("yy", "1", None))


def test_judgements_are_found_by_party(opened) -> None:
    """By exactly the particulars judged, and no others."""
    store = opened()
    store.add(judged())
    assert store.about(judged().party_digest) == (judged(),)
    assert not store.about("another")


def test_partners_are_counted_as_new_changed_and_same(opened) -> None:
    """Only what tells a party apart counts: another role is no change."""
    store = opened()
    first = store.put([Member(key="a", party=RUPERT), Member(key="b", party=Party(name="Flavia"))], on=DAY)
    second = store.put(
        [
            Member(key="a", party=RUPERT.model_copy(update={"roles": (Role.END_USER,)})),
            Member(key="b", party=Party(name="Flavia", country="DE")),
            Member(key="c", party=Party(name="Sapt")),
        ],
        on=DAY,
    )
    assert (first, second, store.count()) == (Imported(new=2), Imported(new=1, changed=1, same=1), 3)


def test_partners_wait_until_they_are_answered(opened) -> None:
    """In order, a page at a time; what is answered no longer waits, and stands under the new basis."""
    store = opened()
    store.put([Member(key=k, party=RUPERT) for k in "abc"], on=DAY)
    page = store.waiting(None, after=0, limit=2)
    assert [w.key for w in page] == ["a", "b"]
    assert Party.model_validate_json(page[0].party) == RUPERT
    store.answer([], was=None, now=OLD, first=page[0].number, last=page[-1].number)
    assert [w.key for w in store.waiting(None, after=0, limit=9)] == ["c"]
    assert dict(opened().bases()) == {None: 1, OLD: 2}


def test_a_changed_partner_waits_again_and_an_unchanged_one_does_not(opened) -> None:
    """Its old screening says nothing of what it is now."""
    store = opened()
    store.put([Member(key=k, party=RUPERT) for k in "ab"], on=DAY)
    page = store.waiting(None, after=0, limit=2)
    store.answer([], was=None, now=OLD, first=page[0].number, last=page[-1].number)
    store.put([Member(key="a", party=RUPERT), Member(key="b", party=Party(name="Rupert, Count"))], on=LATER)
    assert [w.key for w in store.waiting(None, after=0, limit=9)] == ["b"]


def _one_hit(store: Any) -> int:
    store.put([Member(key="a", party=RUPERT), Member(key="b", party=Party(name="Sapt"))], on=DAY)
    number = store.waiting(None, after=0, limit=1)[0].number
    change = Change(kind=ChangeKind.NEW, key="a", party="Rupert", hit=HIT, on=DAY, why="listed")
    found = Found(key="a", hit=HIT, entry_digest="d")
    store.answer([Answered(number, (found,), (change,))], was=None, now=OLD, first=number, last=number + 1)
    return int(number)


def test_hits_and_their_changes_are_kept(opened) -> None:
    """The hit stands under its partner; the log says when and why."""
    _one_hit(opened())
    again = opened()
    assert again.found(["a", "b"]) == {"a": (Found(key="a", hit=HIT, entry_digest="d"),)}
    assert [(c.kind, c.why) for c in again.changes()] == [(ChangeKind.NEW, "listed")]
    assert not list(again.changes(since=LATER))


def test_a_touched_entry_marks_the_partners_with_a_hit_on_it(opened) -> None:
    """Only they must be asked again for what left or changed."""
    store = opened()
    _one_hit(store)
    assert store.touch([("zz", "1", None), ("zz", "2", None)]) == 1
    assert [(w.key, w.touched) for w in store.waiting(OLD, after=0, limit=9)] == [("a", True), ("b", False)]


def test_a_new_answer_replaces_the_hits_of_a_partner(opened) -> None:
    """What no longer stands is gone from what stands, not from the log."""
    store = opened()
    number = _one_hit(store)
    store.answer([Answered(number, (), ())], was=OLD, now=NEW, first=number, last=number + 1)
    assert list(store.all_found()) == []
    assert len(list(store.changes())) == 1


def test_a_partner_that_left_takes_its_hits_along(opened) -> None:
    """They are logged as gone, with the reason."""
    store = opened()
    _one_hit(store)
    assert store.keep_only(["b"], on=LATER) == 1
    assert store.count() == 1
    assert [(c.kind, c.key) for c in store.changes(since=LATER)] == [(ChangeKind.GONE, "a")]


def test_an_answer_that_fails_half_way_leaves_the_partners_waiting(opened) -> None:
    """All of it or nothing."""
    store = opened()
    store.put([Member(key="a", party=RUPERT)], on=DAY)
    number = store.waiting(None, after=0, limit=1)[0].number

    def breaking() -> Iterator[Answered]:
        yield Answered(number, (Found(key="a", hit=HIT, entry_digest="d"),), ())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.answer(breaking(), was=None, now=OLD, first=number, last=number)
    assert list(store.all_found()) == []
    assert dict(store.bases()) == {None: 1}
