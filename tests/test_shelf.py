"""Compiled packs are kept by digest, and used only as they were written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from enduse import shelf


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cached pack in a data folder of its own."""
    monkeypatch.setenv("ENDUSE_HOME", str(tmp_path))
    shelf._open.cache_clear()
    shelf.open_pack("zz_ruritania")
    shelf._open.cache_clear()
    [path] = tmp_path.glob("cache/packs/*.pack")
    return path


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b[:100],
        lambda _: b"",
        lambda b: b[: len(b) // 2] + b"\xff" * 20 + b[len(b) // 2 + 20 :],
        lambda b: b.replace(b"prohibits", b"describes"),
    ],
    ids=["cut", "empty", "overwritten", "altered"],
)
def test_a_damaged_pack_is_compiled_again(kept: Path, damage: Callable[[bytes], bytes]) -> None:
    """Cut, emptied, overwritten or altered: it is as if it were not there, and is mended."""
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert kept.read_bytes() != whole
    assert shelf.open_pack("zz_ruritania").rules
    shelf._open.cache_clear()
    assert shelf._recall(kept) is not None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack is compiled each time."""
    (tmp_path / "cache").write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setenv("ENDUSE_HOME", str(tmp_path))
    shelf._open.cache_clear()
    assert shelf.open_pack("zz_ruritania").rules
    shelf._open.cache_clear()
