"""A newer official list: reported, refused when something vanished, published beside the package's own tables."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

CCL = "data/regulations/us-ear/ccl_supp1_part774_ecfr_2026-06.xml.gz"


@pytest.fixture
def sync(tmp_path: Path):
    """Run `enduse` with a data folder of its own."""

    def run(*arguments: str) -> tuple[int, str, str]:
        env = {**os.environ, "ENDUSE_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-m", "enduse", "law", *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


def test_an_older_edition_shows_the_amendment_the_other_way_round(sync, shared: Path) -> None:
    """The list of June 2026 does not name the Emirates yet: the rows of July would end. Nothing is published."""
    code, out, _ = sync("sync", "us_ear", "--ccl", str(shared / CCL), "--as-of", "2026-09-01", "--dry-run")
    assert code == 0
    assert "ccl_controls removed 5D992 | RS" in out
    assert "published" not in out


def test_a_vanished_entry_forbids_publication(sync, shared: Path, tmp_path: Path) -> None:
    """9A012 is cut out of the file: refused by name, and the tables stay as they were."""
    text = gzip.decompress((shared / CCL).read_bytes()).decode()
    cut = tmp_path / "cut.xml"
    cut.write_text(text.replace("9A012 ", "See here "), encoding="utf-8")
    code, _, errors = sync("sync", "us_ear", "--ccl", str(cut), "--as-of", "2026-09-01")
    assert code == 70
    assert "9A012" in errors
    assert not (tmp_path / "home" / "law").exists()


def test_half_a_file_is_no_edition(sync, shared: Path, tmp_path: Path) -> None:
    """A truncated download is told apart from an amendment."""
    half = tmp_path / "half.xml"
    raw = gzip.decompress((shared / CCL).read_bytes())
    half.write_bytes(raw[: len(raw) // 2])
    code, _, errors = sync("sync", "us_ear", "--ccl", str(half), "--as-of", "2026-09-01")
    assert code == 70
    assert "not well-formed" in errors


def test_a_published_edition_is_used_and_its_text_shown(sync, shared: Path) -> None:
    """After the sync a decision of that day uses the user's tables, and the official text stands beside the rule."""
    code, out, errors = sync("sync", "us_ear", "--ccl", str(shared / CCL), "--as-of", "2026-09-01")
    assert (code, "published" in out) == (0, True), errors
    _, before, _ = sync("show", "us_ear", "5D992.z.2", "--as-of", "2026-08-30")
    _, after, _ = sync("show", "us_ear", "5D992.z.2", "--as-of", "2026-09-01", "--text")
    assert "AE" in before
    assert "Official text, edition of 2026-09-01" in after
