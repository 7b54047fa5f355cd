"""Dependencies point inwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_no_room_imports_outwards() -> None:
    """The import contracts of pyproject.toml hold."""
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
