"""The index as a file: the same answers after a round trip, and no trust in damaged files."""

from __future__ import annotations

from pathlib import Path

import pytest

from enduse.errors import StoreError
from enduse.model.party import Identifier, PartyKind
from enduse.screen import Index, Query, search
from screen.sample import PARTIES, PERSON, party

ASKED = (
    Query(name="Leonid Ostrovskiy", kind=PERSON, country="RU"),
    Query(name="Kvantpribor"),
    Query(name="Blue Heron", kind=PartyKind.VESSEL, identifiers=(Identifier(kind="imo", value="9074729"),)),
    Query(name="خالد عبد الرحمن الطرازي", kind=PERSON),
)


def test_a_kept_index_answers_as_the_one_built(tmp_path: Path) -> None:
    """Names, evidence and explanations survive the file."""
    index = Index.build(PARTIES)
    index.save(tmp_path / "deep/list.index")
    kept = Index.load(tmp_path / "deep/list.index")
    for query in ASKED:
        found = search(index, query, floor=0.0)
        assert found
        assert search(kept, query, floor=0.0) == found


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """The index depends on the list and nothing else."""
    for name in ("a", "b"):
        Index.build(PARTIES).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("harm", ["empty", "cut", "turned", "head", "absent"])
def test_a_damaged_index_is_refused(tmp_path: Path, harm: str) -> None:
    """A file that is not what was written is a StoreError that names it, never an answer."""
    path = tmp_path / "list.index"
    Index.build(PARTIES).save(path)
    raw = path.read_bytes()
    broken = {
        "empty": b"",
        "cut": raw[: len(raw) // 2],
        "turned": raw[:-40] + bytes(b ^ 1 for b in raw[-40:]),
        "head": raw.replace(b'"digest"', b'"digits"', 1),
    }
    if harm == "absent":
        path.unlink()
    else:
        path.write_bytes(broken[harm])
    with pytest.raises(StoreError) as refused:
        Index.load(path)
    assert str(path) in refused.value.place


def test_texts_of_any_kind_survive_the_file(tmp_path: Path) -> None:
    """A separator, a line break and a letter of two bytes in a name do not shift the names after it."""
    odd = party(40, PERSON, "Zen\x1eda Ж Rassendyll\nof Ruritania")
    index = Index.build((odd, *PARTIES))
    index.save(tmp_path / "list.index")
    kept = Index.load(tmp_path / "list.index")
    assert kept.names == ["Zen da Ж Rassendyll\nof Ruritania", *index.names[1:]]
    assert [kept.evidence[n] for n in range(kept.parties)] == list(index.evidence)
    assert search(kept, Query(name="Rassendyll of Ruritania", kind=PERSON))[0].id == "40"


def test_an_index_of_nothing_survives_the_file(tmp_path: Path) -> None:
    """No party, no name: still an index."""
    Index.build(()).save(tmp_path / "list.index")
    assert search(Index.load(tmp_path / "list.index"), Query(name="Leonid Ostrovsky")) == ()
