"""The docs hold: commands parse, links lead somewhere, printed output is printed, generated pages are fresh."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from enduse.cli import app, exit_code
from enduse.errors import EnduseError, error_types

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WRITTEN = [*PAGES, *sorted((ROOT / "docs").glob("*/*.md"))]
INLINE = re.compile(r"`(enduse [a-z][^`\n]*)`")


def _play() -> ModuleType:
    spec = importlib.util.spec_from_file_location("play", ROOT / "docs" / "play.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["play"] = module
    spec.loader.exec_module(module)
    return module


PLAY = _play()


def complaint(line: str, *, whole: bool = True) -> str | None:
    """What the shell would refuse in a command line, or None; `whole`: what is required must be there too."""
    words = shlex.split(re.split(r" <<< | > |; ", line)[0])[1:]
    command: click.Command = app
    context = click.Context(app)
    while isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        if found is None:
            return f"no command {words[0]!r}"
        command, context, words = found, click.Context(found, parent=context, info_name=words[0]), words[1:]
    try:
        given, rest, _ = command.make_parser(context).parse_args([w for w in words if w != "..."])
        for parameter in command.params:
            value = given.get(parameter.name)
            present = value if isinstance(value, tuple | list) else isinstance(value, str | bool | int)
            if parameter.required and whole and "..." not in words and not present:
                return f"{parameter.name} is missing"
            if isinstance(parameter.type, click.Choice) and isinstance(value, str):
                parameter.type.convert(value, parameter, context)
    except click.UsageError as error:
        return error.format_message()
    return f"{rest} too many" if rest else None


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_line_parses(page: Path) -> None:
    """A reader who copies a line gets an answer, not a usage error."""
    text = page.read_text(encoding="utf-8")
    whole = [(line, complaint(line)) for line in PLAY.commands(text)]
    inline = [(line, complaint(line, whole=False)) for line in INLINE.findall(text)]
    assert [(line, wrong) for line, wrong in [*whole, *inline] if wrong] == []


@pytest.mark.parametrize(
    "line", ["enduse decide order.toml --as-off X", "enduse decode order.toml", "enduse decide", "enduse decide a b"]
)
def test_a_line_the_shell_would_refuse_is_found(line: str) -> None:
    """An unknown option, an unknown command, a missing or a surplus argument."""
    assert complaint(line)


def _anchors(text: str) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files linked to exist; anchors are headings."""
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (anchor and anchor not in set(_anchors(target.read_text(encoding="utf-8")))):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("name", ["README.md", "docs/tutorial.md"])
def test_what_a_page_says_is_printed_is_printed(name: str, tmp_path: Path) -> None:
    """Each line a page shows still comes out, in that order."""
    page = (ROOT / name).read_text(encoding="utf-8")
    work = ROOT if name == "README.md" else tmp_path
    wrong = [(s.command, s.missing()) for s in PLAY.play(page, work, tmp_path / "home") if s.missing()]
    assert wrong == []


def test_a_line_that_is_not_printed_is_found() -> None:
    """Out of order counts as not printed."""
    step = PLAY.Played("enduse decide", ("STOP.", "[...]", "Why"), ("Why", "STOP."))
    assert step.missing() == "Why"
    assert PLAY.Played("enduse decide", ("STOP.", "[...]", "Why"), ("STOP.", "more", "Why")).missing() is None


def test_the_readme_shows_a_short_decision() -> None:
    """At most 45 lines of output, and what is left out is marked."""
    shown = next(body for language, _, body in PLAY.BLOCK.findall(PAGES[0].read_text("utf-8")) if language == "console")
    assert PLAY.LEFT_OUT in shown.splitlines()
    assert len(shown.splitlines()) <= 45


def test_generated_pages_are_fresh() -> None:
    """`make docs` was run after the last change of a pack, a list or the model."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_ci_checks_freshness() -> None:
    """What continuous integration runs includes the freshness of the docs."""
    checks = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "docs/generate.py --check" in checks
    assert "make check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def _kinds(error: type[EnduseError]) -> Iterator[type[EnduseError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from _kinds(kind)


def test_errors_and_docs_agree() -> None:
    """Each kind of error has a code of its own, and the page gives that code and the exit code the shell gives."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    rows = {r[0]: (r[1], int(r[2])) for r in re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\d+) \|", page, re.MULTILINE)}
    ours = [k for k in _kinds(EnduseError) if k.__module__ == "enduse.errors"]
    assert rows == {k.__name__: (k.code, exit_code(k)) for k in ours}
    assert len({k.code for k in ours}) == len(ours) == len(error_types())
