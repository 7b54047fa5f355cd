"""A data folder with a small list of Ruritanians, and partners to hold against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from enduse.sources.snapshot import import_files

LISTED = """id,name,kind,country,birth date
1,Rupert Hentzau,person,DE,1860-05-01
2,Zenda Precision Optics Works,organisation,RU,
3,Strelsau Marine Engineering Bureau,organisation,CN,
4,Gautier Lauengram,person,FR,
5,Tarlenheim Avionics Trading,organisation,IR,
"""

Publish = Callable[..., None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder, empty, and the one that every process uses."""
    monkeypatch.setenv("ENDUSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def publish(home: Path, tmp_path: Path) -> Publish:
    """A new edition of the list, of a day."""

    def edition(text: str = LISTED, day: str = "2026-01-01") -> None:
        path = tmp_path / "published.csv"
        path.write_text(text, encoding="utf-8")
        import_files([path], home=home, as_of=date.fromisoformat(day), list_id="own")

    return edition
