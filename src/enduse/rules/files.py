"""From the bytes of a pack's files to a `RulePack`; every refusal names file, line and field."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from enduse.errors import RuleError
from enduse.model.law import FactType, PackInfo, Rule, Test
from enduse.rules.facts import CORE
from enduse.rules.pack import PackModule, RulePack, leaves, territories_of
from enduse.rules.readings import Reading
from enduse.rules.tables import Table, read_csv

Kind = TypeVar("Kind", bound=BaseModel)


def read_pack(files: Mapping[str, bytes], *, module: PackModule | None = None) -> RulePack:
    """A pack from the bytes of its files (names relative to its folder).

    Raises `RuleError` naming file, line and field: unknown fields, missing citation, a fact no registry knows, two
    rules with one id, an absent table.
    """
    info = _value(PackInfo, _toml("pack.toml", files), "pack.toml", files)
    types = {**CORE, **{t.name: t for t in (*_fact_types(files), *_reviews(info))}}
    tables = {t.name: t for t in _tables(files)}
    named = list(_rules(files))
    _refuse_twins(named)
    for name, rule in named:
        _refuse_strangers(name, rule, types, tables, files)
    _refuse_unguarded(info)
    readings = tuple(_readings(files, types))
    rules = tuple(r for _, r in named)
    places = territories_of(rules, tables.values())
    return RulePack(info, types, rules, tables, digest_of(files), readings, module, places)


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and bytes of a pack's files, in order of name."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return total.hexdigest()


def _toml(name: str, files: Mapping[str, bytes]) -> Mapping[str, object]:
    if name not in files:
        raise RuleError("missing", place=name, hint="copy packs/zz_ruritania as a template")
    try:
        content = tomllib.loads(files[name].decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(str(error), place=name, hint="the file must be TOML in UTF-8") from error
    return {key: _exact(value) for key, value in content.items()}


def _exact(value: object) -> object:
    """Whole numbers as exact decimals too, so that a figure has one type everywhere."""
    if isinstance(value, dict):
        return {k: _exact(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_exact(v) for v in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _value(kind: type[Kind], content: object, name: str, files: Mapping[str, bytes]) -> Kind:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = _telling(error)
        path = ".".join(str(p) for p in first["loc"] if not _is_model_name(p))
        raise RuleError(
            f"{path}: {first['msg']}",
            place=f"{name}:{_line_of(first['loc'], files[name])}",
            hint=f"{error.error_count()} problem(s) in this entry",
        ) from error


def _telling(error: ValidationError) -> ErrorDetails:
    """The deepest complaint says most: a `when` is a union, and every branch that was not meant complains too."""
    return max(error.errors(), key=lambda e: (len(e["loc"]), e["type"] != "missing"))


def _is_model_name(part: object) -> bool:
    return isinstance(part, str) and (part[:1].isupper() or "[" in part)


def _line_of(loc: tuple[object, ...], raw: bytes) -> int:
    """The line where the last named key of a path stands; 1 where it cannot be told."""
    keys = [str(p) for p in loc if isinstance(p, str) and not _is_model_name(p)]
    lines = raw.decode("utf-8", "replace").splitlines()
    for key in reversed(keys):
        for number, text in enumerate(lines, start=1):
            if re.search(rf"(?<![\w.]){re.escape(key)}\b", text):
                return number
    return 1


def _fact_types(files: Mapping[str, bytes]) -> Iterator[FactType]:
    seen = set(CORE)
    for name, entry in _entries("facts", files):
        kind = _value(FactType, entry, name, files)
        if kind.name in seen:
            raise RuleError(f"{kind.name} is declared twice", place=f"{name}:{_line_of((kind.name,), files[name])}")
        seen.add(kind.name)
        yield kind


def _reviews(info: PackInfo) -> Iterator[FactType]:
    """What a pack leaves out can be checked by hand, and that said as a fact."""
    for omission in info.omits:
        yield FactType(
            name=f"reviewed.{omission.id}",
            question=f"Has somebody checked by hand that this does not stand against it: {omission.says}",
        )


def _readings(files: Mapping[str, bytes], types: Mapping[str, FactType]) -> Iterator[Reading]:
    for name, entry in _entries("readings", files):
        reading = _value(Reading, entry, name, files)
        if reading.fact not in types or types[reading.fact].derived:
            raise RuleError(f"{reading.fact} cannot be read from text", place=name, hint="declare it in facts.toml")
        yield reading


def _entries(what: str, files: Mapping[str, bytes]) -> Iterator[tuple[str, object]]:
    """The `[[what]]` entries of `what.toml` and of every file in the folder `what/`."""
    for name in sorted(files):
        if name == f"{what}.toml" or (name.startswith(f"{what}/") and name.endswith(".toml")):
            content = _toml(name, files).get(what, [])
            yield from ((name, entry) for entry in (content if isinstance(content, list) else []))


def _tables(files: Mapping[str, bytes]) -> Iterator[Table]:
    for name in sorted(files):
        if name.startswith("tables/") and name.endswith(".csv"):
            yield read_csv(name.removeprefix("tables/").removesuffix(".csv"), files[name].decode("utf-8"))


def _rules(files: Mapping[str, bytes]) -> Iterator[tuple[str, Rule]]:
    for name in sorted(files):
        if name.startswith("rules/") and name.endswith(".toml"):
            content = _toml(name, files)
            entries = content.get("rules", [content]) if "rules" in content else [content]
            for entry in entries if isinstance(entries, list) else []:
                yield name, _value(Rule, entry, name, files)


def _refuse_twins(named: Iterable[tuple[str, Rule]]) -> None:
    named = list(named)
    twice = [i for i, n in Counter(r.id for _, r in named).items() if n > 1]
    if twice:
        where = ", ".join(name for name, rule in named if rule.id == twice[0])
        raise RuleError(f"{twice[0]} is defined twice", place=where, hint="amend by adding a version, not a rule")


def _refuse_strangers(
    name: str,
    rule: Rule,
    types: Mapping[str, FactType],
    tables: Mapping[str, Table],
    files: Mapping[str, bytes],
) -> None:
    for version in rule.versions:
        for test in leaves(version.when):
            place = f"{name}:{_line_of((test.fact,), files[name])}"
            if test.fact not in types:
                near = difflib.get_close_matches(test.fact, types, 1)
                hint = f"did you mean {near[0]!r}?" if near else "declare it in facts.toml"
                raise RuleError(f"{rule.id}: unknown fact {test.fact!r}", place=place, hint=hint)
            _refuse_misfit(rule, test, types[test.fact], place)
            _refuse_absent_tables(rule, test, tables, place)


_ORDERED = {"at_least", "above", "at_most", "below"}


def _refuse_misfit(rule: Rule, test: Test, kind: FactType, place: str) -> None:
    """An operator or operand that this kind of fact can never answer."""
    fits = {
        "flag": {"is"},
        "number": _ORDERED | {"is"},
        "date": _ORDERED | {"is"},
        "code": {"is", "in", "under"},
        "codes": {"is", "in", "under"},
    }.get(kind.kind, {"is", "in"})
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    wanted = {"flag": bool, "number": Decimal, "date": date}.get(kind.kind, str)
    if test.operator not in fits or not all(isinstance(o, wanted) for o in operands):
        raise RuleError(
            f"{rule.id}: {test.fact} is a {kind.kind} and cannot be asked `{test.operator} {test.operand}`",
            place=place,
            hint=f"a {kind.kind} takes {', '.join(sorted(fits))}",
        )
    asked = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    named = [a for a in asked if isinstance(a, str) and not a.startswith("@")]
    strange = [a for a in named if kind.values and a not in kind.values]
    if strange:
        raise RuleError(
            f"{rule.id}: {test.fact} never is {strange[0]!r}", place=place, hint=f"values: {', '.join(kind.values)}"
        )


def _refuse_absent_tables(rule: Rule, test: Test, tables: Mapping[str, Table], place: str) -> None:
    asked = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    for text in asked:
        if isinstance(text, str) and text.startswith("@"):
            table, _, key = text.removeprefix("@").partition(":")
            known = tables[table].keys() if table in tables else frozenset()
            if table not in tables or (key and key not in known):
                near = difflib.get_close_matches(key or table, known or tables, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"tables: {', '.join(sorted(tables)) or 'none'}"
                raise RuleError(f"{rule.id}: no table {text}", place=place, hint=hint)


def _refuse_unguarded(info: PackInfo) -> None:
    if info.control_list and info.unknown_code is None:
        raise RuleError(
            "a pack with a control list must say in [unknown_code] what an unstated code means", place="pack.toml"
        )
