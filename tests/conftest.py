"""What all tests share: the shared data where it lies, the template pack, and how hard properties are tried."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from enduse.rules.pack import RulePack
from enduse.shelf import open_pack

settings.register_profile(
    "suite",
    deadline=None,
    max_examples=int(os.environ.get("ENDUSE_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The developers' shared folder beside the repository, or where `ENDUSE_SHARED` says."""
    place = Path(os.environ.get("ENDUSE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not (place / "data").is_dir():
        pytest.skip("needs the shared data (set ENDUSE_SHARED)")
    return place


@pytest.fixture(scope="session")
def ruritania() -> RulePack:
    """The fictional jurisdiction: the engine's test bed."""
    return open_pack("zz_ruritania")
