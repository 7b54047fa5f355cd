"""Plays a page: writes the files it shows and runs the commands it shows, in a folder of their own.

A block fenced as ```toml order.toml is a file (with `more` after the name: the rest of it); one fenced as ```console
holds commands after `$ ` and what they print, a line `[...]` standing for lines left out. `python docs/play.py PAGE`
prints what the page should say.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r"^```(\w+)(?: +([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "[...]"
MORE = " more"


class Played(NamedTuple):
    """One command of a page, what the page says it prints, and what it did print."""

    command: str
    said: tuple[str, ...]
    printed: tuple[str, ...]

    def missing(self) -> str | None:
        """The first line the page shows that was not printed in that order, or None."""
        rest = iter(self.printed)
        shown = (line for line in self.said if line and line != LEFT_OUT)
        return next((line for line in shown if not any(line == p.rstrip() for p in rest)), None)


def play(page: str, folder: Path, home: Path) -> Iterator[Played]:
    """Write every file and run every command of a page, in its order; `home` becomes the data folder."""
    for language, name, body in BLOCK.findall(page):
        if language == "console":
            yield from _console(body, folder, home)
        elif name:
            path = folder / name.removesuffix(MORE)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if name.endswith(MORE) else "w", encoding="utf-8", newline="\n") as file:
                file.write("\n" * name.endswith(MORE) + body)


def commands(page: str) -> Iterator[str]:
    """Every `enduse` command line of a page's blocks, without what follows a `#`."""
    for _, _, body in BLOCK.findall(page):
        for line in body.replace("\\\n", " ").splitlines():
            text = line.strip().removeprefix("$ ").partition("  #")[0].strip()
            if text.startswith("enduse "):
                yield text


def _console(body: str, folder: Path, home: Path) -> Iterator[Played]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, said = part.partition("\n")
        yield Played(command, tuple(said.splitlines()), _run(command, folder, home))


def _run(command: str, folder: Path, home: Path) -> tuple[str, ...]:
    """What a command prints, on an 88-column terminal; answers to its questions follow `<<<`."""
    line, _, answers = command.partition(" <<< ")
    words = [sys.executable, "-m", "enduse", *line.split()[1:]]
    env = {**os.environ, "ENDUSE_HOME": str(home), "COLUMNS": "88", "PYTHONIOENCODING": "utf-8"}
    given = "".join(f"{a}\n" for a in answers.strip("'\"").split())
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        words, env=env, cwd=folder, input=given, stdout=pipe, stderr=both, text=True, check=False, encoding="utf-8"
    )
    text = done.stdout + (f"(exit code {done.returncode})" if done.returncode else "")
    return tuple(text.splitlines())


def main() -> int:
    """Print every command of a page with what it prints, and what the page says wrongly."""
    page = Path(sys.argv[1]).read_text(encoding="utf-8")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "work"
        work.mkdir(exist_ok=True)
        for step in play(page, work, Path(folder) / "home"):
            print(f"$ {step.command}", *step.printed, sep="\n")
            if line := step.missing():
                wrong += 1
                print(f"^^^ the page shows, and this did not print: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
