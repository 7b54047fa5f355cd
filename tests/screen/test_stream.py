"""The JSON-lines protocol: a ready line, one answer per line, errors answered and not fatal."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from enduse.errors import InputError
from enduse.screen.stream import serve

LIST = [
    {
        "list_id": "p1",
        "name": "Leonid Maksimovich OSTROVSKY",
        "aliases": ["Lenya Ostrov"],
        "type": "individual",
        "country": ["Russia"],
    },
    {"list_id": "e1", "name": "ZAVOD KVANTPRIBOR OOO", "aliases": [], "type": "entity", "country": ["RU"]},
    {"list_id": "u1", "name": "Meridian Aero Supplies", "aliases": [], "type": "unknown", "country": []},
]


def spoken(folder: Path, *lines: str, listed: str | None = None) -> list[dict[str, Any]]:
    path = folder / "list.jsonl"
    path.write_text(listed if listed is not None else "".join(json.dumps(p) + "\n" for p in LIST), encoding="utf-8")
    out = io.StringIO()
    serve(path, io.StringIO("".join(line + "\n" for line in lines)), out, kept=folder / "kept")
    return [json.loads(line) for line in out.getvalue().splitlines()]


def asked(name: object, **more: object) -> str:
    return json.dumps({"id": "q", "name": name, "country": [], "type": "individual", **more})


def test_it_says_it_is_ready_and_answers_each_line(tmp_path: Path) -> None:
    """The ready line carries name, version and threshold; each query is answered in order, with its id."""
    ready, first, second = spoken(
        tmp_path, asked("Leonid Ostrovsky", id="a"), asked("Kvantpribor", id="b", type="entity")
    )
    assert (ready["ready"], ready["name"]) == (True, "enduse")
    assert 0 < ready["default_threshold"] < 1
    assert (first["id"], first["hits"][0]["list_id"]) == ("a", "p1")
    assert (second["id"], second["hits"][0]["list_id"]) == ("b", "e1")
    assert all(0 <= h["score"] <= 1 for h in (*first["hits"], *second["hits"]))


def test_low_scores_are_sent_too(tmp_path: Path) -> None:
    """A weak resemblance is sent with a score below the threshold."""
    ready, found = spoken(tmp_path, asked("Maksimov Ostrovsky"))
    assert found["hits"]
    assert found["hits"][0]["score"] < ready["default_threshold"]


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": "q"}', asked(None), asked(7)])
def test_a_line_that_cannot_be_read_is_answered_with_an_error(tmp_path: Path, line: str) -> None:
    """The stream goes on after it."""
    _, error, found = spoken(tmp_path, line, asked("Leonid Ostrovsky"))
    assert error["hits"] == []
    assert error["error"]
    assert found["hits"][0]["list_id"] == "p1"


@pytest.mark.parametrize("country", [None, "Russia", ["Atlantis"], [], ["RU", "Iran"], {"x": 1}, 5])
def test_any_country_is_taken(tmp_path: Path, country: object) -> None:
    """A country may be absent, a name, a code, several, or nonsense."""
    _, found = spoken(tmp_path, asked("Leonid Ostrovsky", country=country))
    assert found["hits"][0]["list_id"] == "p1"


def test_the_second_start_reads_the_kept_index(tmp_path: Path) -> None:
    """The index is kept, read again with the same answers, and built again when the file is damaged."""
    first = spoken(tmp_path, asked("Leonid Ostrovsky"))
    kept = list((tmp_path / "kept").iterdir())
    assert len(kept) == 1
    assert spoken(tmp_path, asked("Leonid Ostrovsky")) == first
    kept[0].write_bytes(b"rubbish")
    assert spoken(tmp_path, asked("Leonid Ostrovsky")) == first


def test_a_broken_list_names_the_line(tmp_path: Path) -> None:
    """A list line that is no party stops the start, with file and line."""
    with pytest.raises(InputError) as refused:
        spoken(tmp_path, listed=json.dumps(LIST[0]) + '\n{"name": "no id"}\n')
    assert refused.value.place.endswith(":2")
