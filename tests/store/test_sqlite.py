"""What is particular to the store in SQLite."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from enduse.errors import StoreError
from enduse.model.judgement import Judgement
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Party
from enduse.store.sqlite import SqliteStore

ENTRY = ListedParty(list="zz", id="1", names=(ListedName(text="HENTZAU"),))
WORD = Judgement.of(Party(name="Rupert"), ENTRY, verdict=True, why="it is he", by="A. Clerk", on=date(2026, 1, 1))


@pytest.mark.parametrize("command", ["DELETE FROM judgement", "UPDATE judgement SET said = '{}'"])
def test_a_judgement_cannot_be_removed_or_altered(tmp_path: Path, command: str) -> None:
    """Not even by another program that opens the file."""
    with SqliteStore(tmp_path / "s.sqlite") as store:
        store.add(WORD)
    base = sqlite3.connect(tmp_path / "s.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        base.execute(command)
    base.close()


def test_it_is_read_while_another_writes(tmp_path: Path) -> None:
    """Write-ahead logging: a reader sees what was there before."""
    with SqliteStore(tmp_path / "s.sqlite") as writer, SqliteStore(tmp_path / "s.sqlite") as reader:
        writer.add(WORD)
        with writer._whole():
            assert reader.all() == (WORD,)


@pytest.mark.parametrize("content", [b"no database at all, but some text " * 9, b""])
def test_a_file_that_is_no_store_is_refused_and_an_empty_one_used(tmp_path: Path, content: bytes) -> None:
    """Nothing of another's is overwritten."""
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    if content:
        with pytest.raises(StoreError, match="cannot be opened"):
            SqliteStore(path)
        assert path.read_bytes() == content
    else:
        with SqliteStore(path) as store:
            assert store.all() == ()


def test_a_store_of_a_newer_edition_is_refused(tmp_path: Path) -> None:
    """It is not guessed at."""
    base = sqlite3.connect(tmp_path / "s.sqlite")
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(StoreError, match="newer Enduse"):
        SqliteStore(tmp_path / "s.sqlite")
