"""Whole files: answers in every form, broken rows accounted for, stopped and resumed, the same on two processes."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from enduse.batch import run
from enduse.batch.run import Piece, screen_file
from enduse.desk import Desk
from enduse.errors import InputError, ListError, StoreError
from enduse.model.judgement import Judgement
from enduse.model.party import Party
from enduse.store.sqlite import open_store
from enduse.watch import open_watch

DAY = date(2026, 1, 5)
PARTNERS = """no,name,country
C1,Rupert Hentzau,DE
C2,Brothers Grimm Bakery,DE
C3,,FR
C4,Zenda Precision Optics Works,Rusia
C5,"open
"""


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    path = tmp_path / "partners.csv"
    path.write_text(PARTNERS, encoding="utf-8")
    return path


def screened(source: Path, out: Path, home: Path, **more):
    columns = {"id": "no"} | more.pop("columns", {})
    return screen_file(source, out, home=home, as_of=DAY, columns=columns, jobs=more.pop("jobs", 1), **more)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_is_answered_or_refused(publish, partners: Path, tmp_path: Path, home: Path) -> None:
    """Nothing is lost: each row stands in the answers, or with its reason in the refused."""
    publish()
    done = screened(partners, tmp_path / "out.csv", home)
    out, refused = table(tmp_path / "out.csv"), table(tmp_path / "out.refused.csv")
    assert {(r["row"], r["key"], r["state"] != "none") for r in out} == {
        ("2", "C1", True),
        ("3", "C2", False),
        ("5", "C4", True),
    }
    assert [(r["row"], r["field"], r["done"]) for r in refused] == [
        ("4", "name", "not screened"),
        ("5", "country", "screened without it"),
        ("6", "(row)", "not screened"),
    ]
    assert (done.counts.rows, done.counts.refused, done.counts.incomplete) == (5, 2, 1)
    assert {r["entry"] for r in out if r["key"] == "C1"} == {"1"}


def test_json_lines_and_parquet_say_the_same(publish, partners: Path, tmp_path: Path, home: Path) -> None:
    """In and out: one table in three forms."""
    parquet = pytest.importorskip("pyarrow.parquet")
    publish()
    rows = [{"no": "C1", "name": "Rupert Hentzau", "country": "DE"}, {"no": "C2", "name": "Grimm", "country": None}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    pyarrow = pytest.importorskip("pyarrow")
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "in.parquet")
    screened(tmp_path / "in.jsonl", tmp_path / "a.parquet", home)
    screened(tmp_path / "in.parquet", tmp_path / "b.jsonl", home)
    from_parquet = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    from_lines = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert from_parquet == from_lines
    assert [r["key"] for r in from_lines] == ["C1", "C2"]


def many(path: Path, rows: int = 60) -> Path:
    names = ("Rupert Hentzau", "Fritz Tarlenheim", "Zenda Precision Optics Works", "Grimm Bakery")
    path.write_text("no,name\n" + "".join(f"{n},{names[n % 4]}\n" for n in range(rows)), encoding="utf-8")
    return path


def test_stopped_and_run_again_it_goes_on_where_it_stopped(
    publish, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even on another day; the answers are those of a run that was never stopped, and no work is left lying about."""
    publish()
    monkeypatch.setattr(run, "PIECE", 10)
    source = many(tmp_path / "in.csv")
    screened(source, tmp_path / "whole.csv", home)
    asked: list[int] = []
    work = run.screen_piece

    def breaking(piece: Piece):
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append(piece.number)
        return work(piece)

    monkeypatch.setattr(run, "screen_piece", breaking)
    with pytest.raises(KeyboardInterrupt):
        screened(source, tmp_path / "out.csv", home)
    assert not (tmp_path / "out.csv").exists()
    monkeypatch.setattr(run, "screen_piece", work)
    done = screen_file(source, tmp_path / "out.csv", home=home, as_of=date(2026, 1, 6), columns={"id": "no"}, jobs=1)
    assert (asked, done.resumed, done.counts.rows) == ([1, 2, 3], 30, 60)
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert not (tmp_path / "out.csv.parts").exists()


def test_another_file_or_another_list_begins_anew(
    publish, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of another question are not mixed in."""
    publish()
    source = many(tmp_path / "in.csv")
    work = run.screen_piece

    def breaking(piece: Piece):
        work(piece)
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "screen_piece", breaking)
    with pytest.raises(KeyboardInterrupt):
        screened(source, tmp_path / "out.csv", home)
    monkeypatch.setattr(run, "screen_piece", work)
    publish("id,name\n9,Grimm Bakery\n", day="2026-01-02")
    done = screened(source, tmp_path / "out.csv", home)
    assert done.resumed == 0
    assert {r["entry"] for r in table(tmp_path / "out.csv")} == {"", "9"}


def test_two_processes_give_the_same_file(publish, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the rows, whoever was first."""
    publish()
    monkeypatch.setattr(run, "PIECE", 10)
    source = many(tmp_path / "in.csv")
    screened(source, tmp_path / "one.csv", home)
    screened(source, tmp_path / "two.csv", home, jobs=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_judged_hits_are_shown_as_judged(publish, tmp_path: Path, home: Path) -> None:
    """A hit judged false is dismissed in the table too."""
    publish()
    watch = open_watch(home)
    assert watch is not None
    (entry,) = watch.entries("own", "1")
    with open_store(home) as store:
        party = Party(name="Rupert Hentzau")
        store.add(Judgement.of(party, entry, verdict=False, why="the baker", by="A. Clerk", on=DAY))
    (tmp_path / "in.csv").write_text("no,name\n1,Rupert Hentzau\n", encoding="utf-8")
    run.desk_of.cache_clear()
    done = screened(tmp_path / "in.csv", tmp_path / "out.csv", home)
    (row,) = table(tmp_path / "out.csv")
    assert row["state"] == "dismissed"
    assert "judged false by A. Clerk" in row["judged"]
    assert done.counts.states == {"dismissed": 1}


def test_what_the_matcher_cannot_take_is_refused_and_the_rest_screened(
    publish, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One name that breaks it does not end a run of a million."""
    publish()

    watch = open_watch(home)
    assert watch is not None
    real = Desk((), watch)
    monkeypatch.setattr(run, "desk_of", lambda *_: type("D", (), {"screen_many": _breaking(real)})())
    (tmp_path / "in.csv").write_text("no,name\n1,Breaker\n2,Rupert Hentzau\n", encoding="utf-8")
    screened(tmp_path / "in.csv", tmp_path / "out.csv", home)
    assert [r["key"] for r in table(tmp_path / "out.csv")] == ["2"]
    assert "ZeroDivisionError" in table(tmp_path / "out.refused.csv")[0]["why"]


def _breaking(real):
    def screen_many(_self, parties, **more):
        if any(p.name == "Breaker" for p in parties):
            raise ZeroDivisionError
        return real.screen_many(parties, **more)

    return screen_many


def test_a_formula_in_a_name_stays_text(publish, tmp_path: Path, home: Path) -> None:
    """A spreadsheet must not run what a stranger calls himself."""
    publish()
    (tmp_path / "in.csv").write_text('no,name\n1,"=HYPERLINK(1)"\n', encoding="utf-8")
    screened(tmp_path / "in.csv", tmp_path / "out.csv", home)
    assert table(tmp_path / "out.csv")[0]["name"] == "'=HYPERLINK(1)"


def test_what_is_wrong_as_a_whole_is_said_before_any_work(publish, partners: Path, tmp_path: Path, home: Path) -> None:
    """No list, no such folder, the file itself, another's folder in the way, nothing but a header."""
    with pytest.raises(ListError, match="no list is loaded"):
        screened(partners, tmp_path / "out.csv", home)
    publish()
    with pytest.raises(StoreError, match="no such folder"):
        screened(partners, tmp_path / "none" / "out.csv", home)
    with pytest.raises(InputError, match="over itself"):
        screened(partners, partners, home)
    (tmp_path / "out.csv.parts").mkdir()
    (tmp_path / "out.csv.parts" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="not ours"):
        screened(partners, tmp_path / "out.csv", home)
    (tmp_path / "empty.csv").write_text("no,name\n", encoding="utf-8")
    with pytest.raises(InputError, match="no rows"):
        screened(tmp_path / "empty.csv", tmp_path / "o.csv", home)
