"""Which lists there are: ours, and those in a user's own folders (environment `ENDUSE_LISTS`)."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from pydantic import Field, ValidationError

from enduse.errors import ListError
from enduse.lists.reading import Audit, Files
from enduse.model.base import Value
from enduse.model.listing import ListedParty

_OURS = Path(__file__).resolve().parent.parent / "lists"


class Download(Value):
    """One file of a list at its publisher: `part` is the parser's name for it."""

    part: str
    address: str


class ListInfo(Value):
    """What `list.toml` says of a list.

    `min_count` and `max_count` bound the parties of a whole edition; `max_drop` is the share of parties that an
    update may lose before it is taken for a broken download. `redistributable` says whether the publisher's terms
    let the file be passed on. `downloads` is empty where the publisher offers no stable address.
    """

    id: str
    title: str
    publisher: str
    jurisdiction: str
    address: str
    format: str
    cadence: str
    licence: str
    stale_after_days: int = Field(ge=1)
    min_count: int = Field(ge=0)
    max_count: int = Field(ge=1)
    max_drop: float = Field(default=0.2, ge=0, le=1)
    redistributable: bool = True
    sources: dict[str, str] = Field(default={}, description="sub-lists one file carries, by code")
    downloads: tuple[Download, ...] = ()
    when_named: str | None = Field(
        default=None,
        description="the part any file is that its user says is of this list; unset: only a recognised one",
    )
    folder: Path


class Reader(Protocol):
    """What a list folder's `parse.py` offers."""

    def parse(self, files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
        """The parties in the files, in the publisher's order."""

    def recognise(self, name: str, head: bytes) -> str | None:
        """The part of this list that a file plays, by its first bytes (and name, where bytes cannot tell)."""

    def stated_on(self, files: Files) -> date | None:
        """The day the publisher states in the files, if it does."""


def lists(*, extra: Iterable[Path] = ()) -> tuple[ListInfo, ...]:
    """Every list found, by id; a folder in `extra` or `ENDUSE_LISTS` may not reuse an id of ours."""
    folders = (_OURS, *_from_environment(), *extra)
    found: dict[str, ListInfo] = {}
    for place in folders:
        for path in sorted(place.glob("*/list.toml")):
            info = read_info(path)
            if info.id in found:
                said = f"the list id {info.id!r} is taken by {found[info.id].folder}"
                raise ListError(said, place=str(path), hint="choose another id")
            found[info.id] = info
    return tuple(found[id_] for id_ in sorted(found))


def _from_environment() -> tuple[Path, ...]:
    named = os.environ.get("ENDUSE_LISTS", "")
    return tuple(Path(part) for part in named.split(os.pathsep) if part)


def read_info(path: Path) -> ListInfo:
    """One `list.toml` as a value; errors name the file and field."""
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        return ListInfo(**stated, folder=path.parent)
    except tomllib.TOMLDecodeError as error:
        raise ListError(f"is not TOML: {error}", place=str(path), hint="mend the file") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ListError(
            f"{field}: {first['msg']}", place=str(path), hint="see the list.toml of another list"
        ) from error


def info_of(list_id: str, *, extra: Iterable[Path] = ()) -> ListInfo:
    """The list with this id; an unknown one is an error that names those that exist."""
    known = {info.id: info for info in lists(extra=extra)}
    if list_id not in known:
        raise ListError(f"no list {list_id!r}", hint=f"known lists: {', '.join(known)}")
    return known[list_id]


def reader_of(info: ListInfo) -> Reader:
    """The parser of a list. A user's folder is code and is trusted like a dependency."""
    if info.folder.parent == _OURS:
        return cast("Reader", importlib.import_module(f"enduse.lists.{info.folder.name}.parse"))
    return cast("Reader", _load(f"enduse_list_{info.id}", info.folder / "parse.py"))


def _load(name: str, path: Path) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ListError("has no parse.py that can be loaded", place=str(path.parent), hint="see lists/us_csl")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules[name] = module
    return module
