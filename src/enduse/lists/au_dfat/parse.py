"""Reads the DFAT workbook: one row for each name; `2`, `2a`, `2b` are one party. Needs openpyxl."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from enduse.errors import ListError
from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_at_end
from enduse.lists.reading import Audit, Files, bytes_of, countries
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, PartyKind

LIST, PART = "au_dfat", "dfat.xlsx"
_USED = (
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Alias Strength",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "Listing Information",
    "IMO Number",
    "Committees",
    "Control Date",
    "Instrument of Designation",
    "Targeted Financial Sanction",
    "Travel Ban",
    "Arms Embargo",
    "Maritime Restriction",
)
_KINDS = {"individual": PartyKind.PERSON, "entity": PartyKind.ORGANISATION, "vessel": PartyKind.VESSEL}
_MEASURES = ("Targeted Financial Sanction", "Travel Ban", "Arms Embargo", "Maritime Restriction")
_NUMBER = re.compile(r"(\d+)\s*([a-z]*)", re.IGNORECASE)
_NATIONS = re.compile(r"[;/]|,(?! (?:Republic|Islamic|Democratic|Province))")
_LETTERED = re.compile(r"(?:^|[\s;,.])[a-z]\)\s*")
_LISTED = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2,8})\.? (\d{4})")

Row = dict[str, Any]


def recognise(name: str, head: bytes) -> str | None:
    """A workbook whose name says it is this one, or which holds the sheet's headings."""
    if not head.startswith(b"PK\x03\x04"):
        return None
    word = name.lower()
    return PART if word.endswith(".xlsx") and any(w in word for w in ("dfat", "regulation8", "sample")) else None


def stated_on(files: Files) -> date | None:
    """The newest control date in the workbook."""
    days = [r["Control Date"] for _, r in _rows(files, Audit()) if isinstance(r.get("Control Date"), datetime)]
    return max(days).date() if days else None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The listed parties, in the workbook's order."""
    audit = audit if audit is not None else Audit()
    groups: dict[str, list[tuple[int, Row]]] = {}
    for line, row in _rows(files, audit):
        found = _NUMBER.fullmatch(str(row.get("Reference") or "").strip())
        if not found or not _said(row, "Name of Individual or Entity"):
            audit.report(PART, line, "Reference", row.get("Reference"), "a row without reference or name")
            continue
        groups.setdefault(found[1], []).append((line, row))
    for number, rows in groups.items():
        yield _party(number, rows, audit)


def _rows(files: Files, audit: Audit) -> Iterator[tuple[int, Row]]:
    """Rows of the first sheet by heading."""
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as error:
        raise ListError("reading a workbook needs openpyxl", place=PART, hint="pip install 'enduse[excel]'") from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(bytes_of(files[PART], file=PART)), read_only=True, data_only=True)
    except Exception as error:
        raise ListError(f"is not a workbook: {error}", place=PART, hint="download the file again") from error
    lines = book.worksheets[0].iter_rows(values_only=True)
    header = [str(cell or "").strip() for cell in next(lines, ())]
    if missing := [name for name in _USED[:4] if name not in header]:
        said = f"the format has changed: no column {', '.join(missing)}"
        raise ListError(said, place=f"{PART}:1", hint="the parser must learn the new layout")
    for name in header:
        if name and name not in _USED:
            audit.report(PART, 1, name, "", "a column we do not know")
    for number, cells in enumerate(lines, start=2):
        if any(cell is not None for cell in cells):
            audit.rows += 1
            yield number, dict(zip(header, cells, strict=False))
    book.close()


def _said(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()


def several(text: str) -> tuple[str, ...]:
    """The parts of a cell that letters its own: `a) Iran b) Iraq`; a plain cell is itself."""
    if not text:
        return ()
    parts = tuple(p.strip(" ;,.") for p in _LETTERED.split(text) if p.strip(" ;,."))
    return parts if _LETTERED.search(text) else (text,)


def _all(rows: list[tuple[int, Row]], name: str) -> list[str]:
    return list(dict.fromkeys(said for _, row in rows if (said := _said(row, name))))


def _party(number: str, rows: list[tuple[int, Row]], audit: Audit) -> ListedParty:
    line, first = rows[0]
    kind = _KINDS.get(_said(first, "Type").lower())
    if kind is None:
        audit.report(PART, line, "Type", first.get("Type"), "a type we do not know")
    nations = [p for said in _all(rows, "Citizenship") for part in several(said) for p in _NATIONS.split(part)]
    births = [one.strip() for said in _all(rows, "Date of Birth") for part in several(said) for one in part.split(",")]
    measures = [("measure", name) for name in _MEASURES if first.get(name) is True]
    other = [("control date", said) for said in _all(rows, "Control Date")]
    names = (_name(row) for _, row in rows)
    return ListedParty(
        list=LIST,
        id=number,
        kind=kind or PartyKind.UNKNOWN,
        names=tuple(sorted(dict.fromkeys(names), key=lambda name: name.kind != "primary")),
        identifiers=tuple(identifier("IMO", said) for said in _all(rows, "IMO Number")),
        addresses=tuple(_address(part) for said in _all(rows, "Address") for part in several(said)),
        birth_dates=tuple(dict.fromkeys(_birth(one) for one in births if one)),
        birth_places=tuple(dict.fromkeys(part for said in _all(rows, "Place of Birth") for part in several(said))),
        nationalities=countries(nations, file=PART, row=line, field="Citizenship", audit=audit),
        programmes=tuple(_all(rows, "Committees")),
        legal_basis=tuple(_all(rows, "Instrument of Designation")),
        listed_on=_listed(_all(rows, "Listing Information")),
        remarks="\n".join((*_all(rows, "Additional Information"), *_all(rows, "Listing Information"))) or None,
        other=(*measures, *other),
    )


def _name(row: Row) -> ListedName:
    kinds = {"primary name": "primary", "original script": "spelling", "former name": "former"}
    kind = kinds.get(_said(row, "Name Type").lower(), "alias")
    weak = _said(row, "Alias Strength").lower() == "weak"
    return ListedName.model_validate({"text": _said(row, "Name of Individual or Entity"), "kind": kind, "weak": weak})


def _birth(text: str) -> str:
    about = "circa " if re.match(r"(?i)(approx|circa|about)", text) else ""
    plain = re.sub(r"(?i)^(approximately|approx\.?|circa|about)\s*", "", text)
    day = day_of(plain)
    return about + (day.isoformat() if day else plain)


def _address(text: str) -> Address:
    return Address(text=text, country=place_at_end(re.sub(r"\s*\([^()]*\)\s*$", "", text)))


def _listed(texts: list[str]) -> date | None:
    """The first day the listing information names, which is that of the listing."""
    for text in texts:
        if found := _LISTED.search(text):
            return day_of(f"{found[1]} {found[2]} {found[3]}")
    return None
