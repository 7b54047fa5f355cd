"""What several commands share: opening the desk, today's date, how wide and colourful to write."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click
from click.termui import style
from pydantic import ValidationError

from enduse.assess import Profile, standard
from enduse.desk import Desk, Risk
from enduse.errors import ListError, StoreError
from enduse.render.text import Sheet, plain
from enduse.shelf import home, open_pack, pack_ids

Command = TypeVar("Command", bound=Callable[..., object])


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that says what was wrong."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return self.fail(f"{value!r} is not a day that exists; write YYYY-MM-DD", param, ctx)


def today() -> date:
    """The clock, read at the edge and nowhere else."""
    return datetime.now().astimezone().date()


def as_of_option(command: Command) -> Command:
    """`--as-of DAY`: whose law and lists apply (today when not given)."""
    return click.option("--as-of", type=Day(), default=None, help="Day whose law applies, YYYY-MM-DD (today).")(command)


def packs_option(command: Command) -> Command:
    """`--packs DIR` and `--pack ID`."""
    one = click.option("--pack", "pack_names", multiple=True, help="Only these packs (default: every jurisdiction).")
    more = click.option(
        "--packs",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Folder of packs.",
    )
    return one(more(command))


def open_desk(
    pack_names: tuple[str, ...] = (),
    folders: tuple[Path, ...] = (),
    *,
    lists: bool = True,
    base_rate: float | None = None,
) -> Desk:
    """A desk with the packs asked for (every jurisdiction by default) and the lists loaded in the user's folder."""
    if pack_names:
        packs = tuple(open_pack(name, folders) for name in pack_names)
    else:
        packs = tuple(p for p in (open_pack(n, folders) for n in pack_ids(folders)) if p.info.kind == "law")
    risk = None if all(p.info.kind == "fiction" for p in packs) else open_risk(base_rate)
    if not lists:
        return Desk(packs, risk=risk)
    from enduse.store.sqlite import kept_store
    from enduse.watch import open_watch

    return Desk(packs, open_watch(home()), kept_store(home()), risk)


def open_risk(base_rate: float | None = None) -> Risk:
    """The indicators and the profile in force: the user's own where one was made from outcomes, else the standard."""
    own = home() / "risk" / "profile.json"
    try:
        profile = Profile.model_validate_json(own.read_bytes()) if own.is_file() else standard()
    except (ValidationError, OSError) as error:
        hint = "move the file away to go back to the standard profile"
        raise StoreError("is no readable profile of weights", place=str(own), hint=hint) from error
    return Risk(open_pack("red_flags"), profile, base_rate)


def screening_desk() -> Desk:
    """A desk with the lists and judgements of the user's folder, and no law. Raises `ListError` without a list."""
    from enduse.store.sqlite import kept_store
    from enduse.watch import open_watch

    watch = open_watch(home())
    if watch is None:
        raise ListError("no list is loaded", hint="enduse lists import FILE ... or enduse lists sync")
    return Desk((), watch, kept_store(home()))


def write_whole(path: Path, text: str) -> None:
    """Write beside and rename, so that nobody finds half a file. Raises `StoreError`."""
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with half.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StoreError(
            f"cannot be written: {error.strerror}", place=str(path), hint="check folder and room"
        ) from error


def sheet(*, trace: bool = False) -> Sheet:
    """How to write to this terminal."""
    width = min(shutil.get_terminal_size((88, 24)).columns, 110)
    colourful = sys.stdout.isatty()
    return Sheet(width=width, paint=_paint if colourful else plain, trace=trace)


def _paint(text: str, colour: str) -> str:
    return style(text, bold=True) if colour == "bold" else style(text, fg=colour, bold=True)
