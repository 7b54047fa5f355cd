"""Where a user's lists are kept: `ENDUSE_HOME`, else the platform's data folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The folder that holds this user's snapshots; it need not exist yet."""
    named = os.environ.get("ENDUSE_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("enduse", appauthor=False))
