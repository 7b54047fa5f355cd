"""Files as plain values: TOML, JSON and YAML read strictly, so that one text has one meaning or none.

What readers usually pass over is refused: a field given twice (the last would silently win), references and tags in
YAML, nesting without end, control characters. Every refusal names file and, as far as it can be told, line.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enduse.errors import InputError

if TYPE_CHECKING:
    import yaml

DEEPEST = 64
"""Levels of nesting read; an order with its bill of materials needs a dozen."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def content_of(path: Path) -> object:
    """What a .toml, .json or .yaml file holds. Raises `InputError`."""
    text = text_of(path)
    try:
        match path.suffix.lower():
            case ".toml":
                return tomllib.loads(text, parse_float=Decimal)
            case ".json":
                return json.loads(text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_once)
            case ".yaml" | ".yml":
                return _yaml(text)
    except RecursionError as error:
        raise _too_deep(path.name) from error
    except ValueError as error:
        raise InputError(str(error), place=path.name, hint="mend what is named") from error
    kind = path.suffix or "this kind of file"
    raise InputError(f"cannot read {kind}", place=path.name, hint="use .toml, .json, .yaml or .csv")


def text_of(path: Path) -> str:
    """The text of a UTF-8 file. Raises `InputError`."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError("there is no such file", place=str(path), hint="check the path") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 text: byte {error.start} is 0x{error.object[error.start]:02x}",
            place=path.name,
            hint="save it as UTF-8 (in Excel: CSV UTF-8)",
        ) from error


def records_of(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records of a JSON-lines file, each with its place. Raises `InputError` naming the line, or for no record."""
    found = False
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        found, place = True, f"{path.name}:{number}"
        try:
            record = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise InputError(f"not JSON: {error}", place=place, hint="one record a line") from error
        if not isinstance(record, dict):
            raise InputError("not a record", place=place, hint="one record a line, in braces")
        yield place, record
    if not found:
        raise InputError("no record stands in it", place=path.name, hint="one record a line")


def exact(value: object, *, place: str, depth: int = 0) -> object:
    """Numbers as exact decimals, lists as tuples, so that one meaning has one form. Raises `InputError`."""
    if depth > DEEPEST:
        raise _too_deep(place)
    if isinstance(value, Mapping):
        return {k: exact(v, place=place, depth=depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return tuple(exact(v, place=place, depth=depth + 1) for v in value)
    if isinstance(value, str) and (found := _CONTROL.search(value)):
        told = f"a control character (U+{ord(found[0]):04X}) in {value[:40]!r}"
        raise InputError(told, place=place, hint="take it out; it may come from copying")
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _too_deep(place: str) -> InputError:
    return InputError("nested too deeply", place=place, hint=f"at most {DEEPEST} levels are read")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [n for n, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} is given twice in one place")
    return found


_PLAIN: Mapping[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}


def _yaml(text: str) -> object:
    """YAML with every plain scalar but true, false and null kept as text: NO stays Norway and 5E002 a code."""
    import yaml  # noqa: PLC0415  only needed for this format

    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                raise ValueError(f"{_line(event.start_mark)}: a reference (*{event.anchor}); write the value out")
            if isinstance(event, yaml.NodeEvent) and (tag := getattr(event, "tag", None)):
                raise ValueError(f"{_line(event.start_mark)}: a tag ({tag}); write the value alone")
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        return None if node is None else _values(node)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _line(mark: object) -> str:
    line = getattr(mark, "line", None)
    return "somewhere" if line is None else f"line {line + 1}"


def _values(node: yaml.Node) -> object:
    if isinstance(node.value, str):
        return _PLAIN.get(node.value, node.value) if getattr(node, "style", None) is None else node.value
    if all(isinstance(part, tuple) for part in node.value) and node.value:
        return _once([(_key(k), _values(v)) for k, v in node.value])
    return [_values(part) for part in node.value] if node.value or node.tag.endswith(":seq") else {}


def _key(node: yaml.Node) -> str:
    if not isinstance(node.value, str):
        raise ValueError(f"{_line(node.start_mark)}: the name of a field must be one word")
    return node.value
