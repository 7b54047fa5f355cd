"""Which list is this file from? Told by what the file says, not by where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from enduse.errors import ListError
from enduse.lists.reading import head_of
from enduse.sources.catalogue import ListInfo, info_of, lists, reader_of


def recognise(paths: Iterable[Path]) -> Mapping[str, dict[str, Path]]:
    """For each list that claims files here, its parts; a file no list claims is an error."""
    found: dict[str, dict[str, Path]] = {}
    undecided: list[tuple[Path, dict[str, str]]] = []
    for path in files_in(paths):
        claims = claims_on(path)
        if len(claims) == 1:
            [(list_id, part)] = claims.items()
            _place(found, list_id, part, path)
        else:
            undecided.append((path, claims))
    for path, claims in undecided:
        _settle(found, path, claims)
    return found


def parts_of(info: ListInfo, paths: Iterable[Path]) -> dict[str, Path]:
    """The parts of one list among these files; a file that is none of its parts is an error."""
    found: dict[str, dict[str, Path]] = {}
    for path in files_in(paths):
        part = reader_of(info).recognise(path.name, _head(path)) or info.when_named
        if part is None:
            raise ListError(
                f"does not look like {info.title} ({info.format})",
                place=str(path),
                hint=f"get it from {info.address}, or name the list it is from",
            )
        _place(found, info.id, part, path)
    return found[info.id] if found else {}


def claims_on(path: Path) -> dict[str, str]:
    """Every list that takes this file for one of its parts."""
    head = _head(path)
    parts = ((info.id, reader_of(info).recognise(path.name, head)) for info in lists())
    return {list_id: part for list_id, part in parts if part is not None}


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those directly in the folders named."""
    named = [Path(path) for path in paths]
    for path in named:
        if not path.exists():
            raise ListError("there is no such file", place=str(path), hint="check the path")
    within = (sorted(p.iterdir()) if p.is_dir() else [p] for p in named)
    files = [path for group in within for path in group if path.is_file() and not path.name.startswith(".")]
    if not files:
        raise ListError("no list file was given", hint="give the files of one list")
    return files


def _head(path: Path) -> bytes:
    head = head_of(path)
    if not head.strip(b"\x00\x1a\r\n\t "):
        raise ListError("the file is empty or cannot be unpacked", place=str(path), hint="download it again")
    return head


def _place(found: dict[str, dict[str, Path]], list_id: str, part: str, path: Path) -> None:
    parts = found.setdefault(list_id, {})
    if part in parts:
        said = f"is the same part ({part}) of {list_id} as {parts[part].name}"
        raise ListError(said, place=str(path), hint="import one edition at a time")
    parts[part] = path


def _settle(found: dict[str, dict[str, Path]], path: Path, claims: dict[str, str]) -> None:
    """A file several lists could mean goes to the only one of them that other files here belong to."""
    if not claims:
        known = ", ".join(info.id for info in lists())
        hint = f"a table of your own, with a column of names: --list own; known lists: {known}"
        raise ListError("is not a list we can read", place=str(path), hint=hint)
    among = [list_id for list_id in claims if list_id in found] or list(claims)
    if len(among) > 1:
        raise ListError(f"could be of {' or '.join(among)}", place=str(path), hint="say which list it is from")
    _place(found, among[0], claims[among[0]], path)


def only_list(paths: Iterable[Path], list_id: str | None) -> tuple[ListInfo, dict[str, Path]]:
    """The one list these files are of, with its parts."""
    given = list(paths)
    if list_id is not None:
        info = info_of(list_id)
        return info, parts_of(info, given)
    found = recognise(given)
    if len(found) != 1:
        raise ListError(f"the files are of several lists: {', '.join(found)}", hint="import them one by one")
    [(found_id, parts)] = found.items()
    return info_of(found_id), parts
