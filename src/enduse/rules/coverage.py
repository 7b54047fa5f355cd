"""What a pack says of each section of its law: modelled, asked, carried by data, described, or left out and why.

`coverage.csv` in the pack's folder lists the sections (`part,section,title,status,by,says`); which rules and table rows
stand for a section is computed from what they cite. A section nobody cites must say what becomes of it.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from enduse.errors import RuleError
from enduse.model.base import Value
from enduse.model.law import Citation, Effect
from enduse.rules.facts import CORE
from enduse.rules.pack import Live, RulePack, leaves
from enduse.rules.tables import read_csv

NAME = "coverage.csv"
COLUMNS = ("part", "section", "title", "status", "by", "says")
_CODE = re.compile(r"(\d+ (?:CFR|USC)) (.+)")
_SECTION = re.compile(r"\d+\.\d+[a-z]?")
_SUPPLEMENT = re.compile(r"(Part \d+),? Supp\w*\.? No\. (\d+)")
_ORDER = re.compile(r"EO \d+")
_PART = re.compile(r"(?:Parts? )?(\d+)(?![\d.])")
_NAMED = re.compile(r"(?<![\d.])\d{3}\.\d+")
_INFORMS = frozenset({Effect.FLAGS, Effect.DESCRIBES})


class Treatment(StrEnum):
    """What becomes of a section, in words for a reader."""

    MODELLED = "modelled"
    QUESTION = "judgement point"
    CARRIED = "in data"
    DESCRIBED = "described"
    OMITTED = "omitted"
    LEFT_OUT = "not modelled"
    RELIEF_LEFT_OUT = "relief not modelled"
    RESERVED = "reserved"


SILENT = frozenset({Treatment.OMITTED, Treatment.LEFT_OUT, Treatment.RELIEF_LEFT_OUT, Treatment.RESERVED})
"""What may be said only of a section that no rule stands for."""


class Section(Value):
    """One section or supplement; `by` names the facts, tables, rules or omissions that stand for it, `says` why."""

    part: str
    section: str
    title: str
    status: Treatment | None = None
    by: tuple[str, ...] = ()
    says: str = ""


class Covered(Value):
    """A section with what stands for it: rules by id, how many rules come from table rows, rows that cite it, and the
    facts on which somebody must give an answer."""

    section: Section
    treatment: Treatment
    rules: tuple[str, ...] = ()
    from_rows: int = 0
    rows: Mapping[str, int] = {}
    asks: tuple[str, ...] = ()


class _Cited:
    """Everything of a pack that cites one section."""

    def __init__(self) -> None:
        self.lives: list[Live] = []
        self.from_rows: list[Live] = []
        self.named: list[Live] = []
        self.rows: Counter[str] = Counter()


def read_sections(raw: bytes, pack: RulePack) -> tuple[Section, ...]:
    """The sections a pack lists. Raises `RuleError` with the line for what is unknown or listed twice."""
    table = read_csv(NAME.removesuffix(".csv"), raw.decode("utf-8"))
    if table.columns != COLUMNS:
        raise RuleError("the columns are wrong", place=f"{NAME}:1", hint=f"they are: {','.join(COLUMNS)}")
    found: dict[str, Section] = {}
    for line, row in enumerate(table.rows, start=2):
        status = Treatment(row["status"]) if row["status"] in set(Treatment) else None
        if row["status"] and status is None:
            raise RuleError(f"no status {row['status']!r}", place=f"{NAME}:{line}", hint=", ".join(Treatment))
        section = Section.model_validate({**row, "status": status, "by": tuple(row["by"].split())})
        if section.section in found:
            raise RuleError(f"{section.section} is listed twice", place=f"{NAME}:{line}")
        _refuse_strangers(section, pack, f"{NAME}:{line}")
        found[section.section] = section
    return tuple(found.values())


def cover(pack: RulePack, sections: Iterable[Section]) -> tuple[Covered, ...]:
    """Each section with what stands for it.

    Raises `RuleError` for a section that nobody cites and nothing explains, or that is left out though a rule cites it.
    """
    cited = _cited(pack)
    return tuple(_covered(s, cited.get(s.section) or _Cited(), pack) for s in sections)


def unlisted(pack: RulePack, sections: Iterable[Section]) -> tuple[str, ...]:
    """What the pack's rules and table rows cite and its list of sections lacks."""
    listed = {s.section for s in sections}
    return tuple(sorted(s for s, found in _cited(pack).items() if s not in listed and (found.lives or found.rows)))


def section_of(cite: Citation) -> str:
    """The section or supplement a citation points into: `15 CFR Part 734 Supp. No. 2`, `EO 14071`."""
    code = _CODE.match(str(cite))
    if code is None:
        order = _ORDER.match(str(cite))
        return order[0] if order else str(cite).partition(",")[0]
    if m := _SUPPLEMENT.match(code[2]):
        return f"{code[1]} {m[1]} Supp. No. {m[2]}"
    if m := _SECTION.search(code[2]):
        return f"{code[1]} {m[0]}"
    if m := _PART.match(code[2]):
        return f"{code[1]} {m[1]}" if code[1].endswith("USC") else f"{code[1]} Part {m[1]}"
    return f"{code[1]} {code[2]}".partition(",")[0]


def rules_from_rows(pack: RulePack) -> dict[str, tuple[Live, ...]]:
    """The rules that a pack's module makes of table rows, by code, for every code its tables know."""
    if pack.module is None:
        return {}
    tables = pack.at(pack.info.as_reviewed_on).tables
    codes = {r["eccn"] for t in pack.tables.values() if "eccn" in t.columns for r in t.rows}
    return {code: tuple(pack.module.rules_for(code, tables)) for code in sorted(codes)}


def _refuse_strangers(section: Section, pack: RulePack, place: str) -> None:
    known = {*pack.types, *pack.tables, *(o.id for o in pack.info.omits), *(r.id for r in pack.rules)}
    for name in section.by:
        whole = any(r.id.startswith(name) for r in pack.rules) if name.endswith(".") else name in known
        if not whole:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else "name a fact, a table, an omission or a rule"
            raise RuleError(f"{section.section}: nothing is called {name!r}", place=place, hint=hint)
    if section.status is Treatment.LEFT_OUT and not {o.id for o in pack.info.omits} & set(section.by):
        raise RuleError(
            f"{section.section} is not modelled, and no omission says so",
            place=place,
            hint="add one to pack.toml, so that answers print it, and name it under `by`",
        )


def _covered(section: Section, found: _Cited, pack: RulePack) -> Covered:
    by_hand = tuple(dict.fromkeys(live.id for live in found.lives))
    treatment = _treatment(section, found, pack)
    if treatment is None:
        raise RuleError(f"{section.section}: no rule cites it and nothing says why", place=NAME, hint="give a status")
    if treatment in SILENT and (found.lives or found.from_rows):
        who = (found.lives or found.from_rows)[0].id
        raise RuleError(f"{section.section} is {treatment}, yet {who} cites it", place=NAME, hint="take the status out")
    return Covered(
        section=section,
        treatment=treatment,
        rules=by_hand or tuple(dict.fromkeys(live.id for live in found.named)),
        from_rows=len(found.from_rows),
        rows=dict(found.rows),
        asks=tuple(dict.fromkeys([*(n for n in section.by if n in pack.types), *_asks(found, pack)])),
    )


def _treatment(section: Section, found: _Cited, pack: RulePack) -> Treatment | None:
    """As listed; else by what cites it: rules that act, rules that inform, a mention."""
    if section.status is not None and section.status is not Treatment.CARRIED:
        return section.status
    by_hand = [live for live in found.lives if live.version.effect not in _INFORMS]
    from_rows = [live for live in found.from_rows if live.version.effect not in _INFORMS]
    if from_rows or any(not _is_asked(live, pack) for live in by_hand):
        return Treatment.MODELLED
    if by_hand:
        return Treatment.QUESTION
    if found.lives or found.from_rows:
        return Treatment.DESCRIBED
    return section.status or (Treatment.CARRIED if found.rows else Treatment.DESCRIBED if found.named else None)


def _is_asked(live: Live, pack: RulePack) -> bool:
    """Does the rule turn on nothing but what somebody says?"""
    tests = [t.fact for t in leaves(live.version.when) if t.fact != "transaction.activity"]
    return bool(tests) and all(_is_question(name, pack) for name in tests)


def _is_question(name: str, pack: RulePack) -> bool:
    kind = pack.types[name]
    return kind.kind == "flag" and not kind.derived and kind.nature != "list"


def _asks(found: _Cited, pack: RulePack) -> Iterator[str]:
    for live in found.lives:
        if live.version.effect not in _INFORMS:
            tests = [t.fact for t in leaves(live.version.when)]
            yield from (n for n in tests if n not in CORE and _is_question(n, pack))


def _cited(pack: RulePack) -> dict[str, _Cited]:
    found: defaultdict[str, _Cited] = defaultdict(_Cited)
    home = _home(pack)
    for live in (Live(r.id, r.title, v) for r in pack.rules for v in r.versions):
        for section in {section_of(c) for c in live.version.cites}:
            found[section].lives.append(live)
        for text in (live.version.says, live.version.policy or "", *live.version.conditions):
            for number in set(_NAMED.findall(text)):
                found[f"{home} {number}"].named.append(live)
    for live in (live for lives in rules_from_rows(pack).values() for live in lives):
        for section in {section_of(c) for c in live.version.cites}:
            found[section].from_rows.append(live)
    for table in pack.tables.values():
        if "cites" in table.columns:
            for row in table.rows:
                found_in = {section_of(c) for c in _citations(row["cites"])}
                for section in found_in:
                    found[section].rows[table.name] += 1
    return dict(found)


def _home(pack: RulePack) -> str:
    """The code most of the pack's rules cite: what a bare section number in their words means."""
    counted = Counter(c.source for r in pack.rules for v in r.versions for c in v.cites)
    return counted.most_common(1)[0][0] if counted else ""


def _citations(cell: str) -> Iterator[Citation]:
    """The citations of a table cell into a code; notes of where it was published are none."""
    for text in cell.split(";"):
        if m := _CODE.match(text.strip()):
            yield Citation(source=m[1], pinpoint=m[2])
