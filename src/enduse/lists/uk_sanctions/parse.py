"""Reads the UK Sanctions List: the published CSV, or the five tables some tools derive from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from enduse.errors import ListError
from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.reading import Audit, Files, countries, head_of, joined, table
from enduse.lists.uk_ofsi.parse import birth_of, primary_first
from enduse.lists.uk_sanctions.published import IGNORED, REQUIRED, USED, party_of
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import PartyKind

LIST, PART = "uk_sanctions", "sanctions.csv"
_HEADERS = {
    "unique_id,subject_type,un_reference_number": "subjects",
    "name_id,unique_id,name_type": "names",
    "id,unique_id,ofsi_group_id,raw_value": "identifiers",
    "id,unique_id,raw_value,country_type": "countries",
    "id,unique_id,raw_value,year": "dobs",
}
_KINDS = {"individual": PartyKind.PERSON, "entity": PartyKind.ORGANISATION, "ship": PartyKind.VESSEL}
_NAME_PARTS = ("name_1", "name_2", "name_3", "name_4", "name_5", "name_6")


def recognise(_name: str, head: bytes) -> str | None:
    """The published file (a line with the report's day, then the header), or one of the derived tables."""
    lines = head.decode("utf-8", errors="replace").lstrip("\ufeff").splitlines()[:3]
    if any("OFSI Group ID" in line and "Unique ID" in line for line in lines):
        return PART
    return next((part for start, part in _HEADERS.items() if lines and lines[0].startswith(start)), None)


def stated_on(files: Files) -> date | None:
    """The report's day on the first line of the published file."""
    if PART not in files:
        return None
    first = head_of(files[PART], size=300).decode("utf-8", errors="replace").lstrip("\ufeff").splitlines()[:1]
    said = first[0].partition(":")[2].strip(" ,") if first and first[0].startswith("Report Date") else ""
    return day_of(said)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The designated persons, entities and ships."""
    audit = audit if audit is not None else Audit()
    if PART in files:
        yield from _published(files, audit)
    elif "subjects" in files and "names" in files:
        yield from _derived(files, audit)
    else:
        hint = "give the published CSV, or at least the subjects and names tables"
        raise ListError("neither the published file nor the derived tables are there", place=LIST, hint=hint)


def _published(files: Files, audit: Audit) -> Iterator[ListedParty]:
    first = head_of(files[PART], size=300).decode("utf-8", errors="replace").lstrip("\ufeff")
    skip = 0 if "Unique ID" in first.splitlines()[0] else 1
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    rows = table(files[PART], file=PART, audit=audit, used=USED, ignored=IGNORED, required=REQUIRED, skip=skip)
    for line, row in rows:
        if not row.get("Unique ID"):
            audit.report(PART, line, "Unique ID", joined(row.values()), "a row of no one")
            continue
        groups.setdefault(row["Unique ID"], []).append((line, row))
    for number, found in groups.items():
        yield party_of(number, found, list_id=LIST, file=PART, audit=audit)


def _derived(files: Files, audit: Audit) -> Iterator[ListedParty]:
    names = _by_subject(files, "names", ("name_type", "alias_strength", "full_name", *_NAME_PARTS), audit)
    numbers = _by_subject(files, "identifiers", ("raw_value", "identifier_type", "additional_info"), audit)
    where = _by_subject(files, "countries", ("raw_value", "country_type", "iso"), audit)
    births = _by_subject(files, "dobs", ("raw_value",), audit)
    used = ("unique_id", "subject_type", "un_reference_number", "ofsi_group_id", "date_designated")
    for line, row in table(files["subjects"], file="subjects", audit=audit, used=used, ignored=("last_updated",)):
        number = row["unique_id"]
        if not names.get(number):
            audit.report("subjects", line, "unique_id", number, "has no name in the names table")
            continue
        born = [c["raw_value"] for c in where.get(number, ()) if c["country_type"] == "birth"]
        nations = [c for c in where.get(number, ()) if c["country_type"].startswith("nation")]
        ids = [
            identifier(f"{i['identifier_type']} number", i["raw_value"], note=i["additional_info"])
            for i in numbers.get(number, ())
        ]
        yield ListedParty(
            list=LIST,
            id=number,
            kind=_KINDS.get(row["subject_type"].lower(), PartyKind.UNKNOWN),
            names=primary_first(_name(n) for n in names[number]),
            identifiers=tuple(dict.fromkeys(ids)),
            birth_dates=tuple(dict.fromkeys(birth_of(b["raw_value"]) for b in births.get(number, ()))),
            birth_places=tuple(dict.fromkeys(born)),
            nationalities=_nationalities(nations, line, audit),
            listed_on=day_of(row["date_designated"]),
            other=tuple((n, row[n]) for n in ("un_reference_number", "ofsi_group_id") if row[n]),
        )


def _nationalities(rows: list[dict[str, str]], line: int, audit: Audit) -> tuple[str, ...]:
    said = (row["iso"] or row["raw_value"] for row in rows)
    return countries(said, file="countries", row=line, field="raw_value", audit=audit)


def _by_subject(files: Files, part: str, used: tuple[str, ...], audit: Audit) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    if part in files:
        for _, row in table(files[part], file=part, audit=audit, used=("unique_id", *used), ignored=_LEFT):
            found[row["unique_id"]].append(row)
    return found


_LEFT = (
    "id",
    "name_id",
    "ofsi_group_id",
    "resolution_method",
    "iso_available",
    "iso",
    "year",
    "month",
    "day",
    "precision",
    "is_valid",
    "parse_issues",
)
"""Left aside by name: row numbers, and the parsed dates, which are out of step with their subjects."""


def _name(row: dict[str, str]) -> ListedName:
    kind = "primary" if row["name_type"].startswith("primary") else "alias"
    kind = "spelling" if "variation" in row["name_type"] else kind
    parts = tuple((n, row[n]) for n in _NAME_PARTS if row.get(n))
    weak = row["alias_strength"].lower().startswith(("low", "weak"))
    text = row["full_name"]
    return ListedName.model_validate(
        {"text": text, "kind": kind, "weak": weak, "parts": parts if len(parts) > 1 else ()}
    )
