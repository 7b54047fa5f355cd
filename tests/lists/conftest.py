"""Where the shared list files lie, if they do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_lists() -> Path:
    root = Path(__file__).resolve().parents[2]
    place = Path(os.environ.get("ENDUSE_SHARED", root.parent / "shared")) / "data"
    if not (place / "lists").is_dir():
        pytest.skip("needs the shared data (set ENDUSE_SHARED)")
    return place
