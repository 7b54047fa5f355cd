"""Reads OFSI's ConList: one row for each name (and often each birth date), joined by Group ID; Windows-1252."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, countries, head_of, joined, table
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

LIST, PART = "uk_ofsi", "conlist.csv"
_KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANISATION,
    "ship": PartyKind.VESSEL,
}
_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_STREET = ("Address 1", "Address 2", "Address 3", "Address 4", "Address 5", "Address 6")
_USED = (
    *_PARTS,
    *_STREET,
    "Title",
    "Name Non-Latin Script",
    "Non-Latin Script Type",
    "Non-Latin Script Language",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Details",
    "Passport Number",
    "NI Number",
    "National Identification Number",
    "Position",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Group Type",
    "Alias Type",
    "Alias Quality",
    "Regime",
    "Listed On",
    "Group ID",
    "UK Sanctions List Date Designated",
)
_IGNORED = ("Last Updated", "Passport Details (additional)", "National Identification Details")
_REQUIRED = ("Name 6", "Group Type", "Alias Type", "Regime", "Group ID")
_NUMBERED = re.compile(r"(?:^|\s)\(?(?:\d{1,2}|[a-z])\)\s*")


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list: a line with the date, then the header."""
    lines = head.decode("cp1252", errors="replace").lstrip("ï»¿").splitlines()
    dated = len(lines) > 1 and lines[0].startswith("Last Updated") and "Group ID" in lines[1]
    return PART if dated else None


def stated_on(files: Files) -> date | None:
    """The day on the first line."""
    first = head_of(files[PART], size=200).decode("cp1252", errors="replace").splitlines()
    return day_of(first[0].partition(",")[2].strip('", ')) if first else None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The targets, in the order in which each first appears."""
    audit = audit if audit is not None else Audit()
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    rows = table(files[PART], file=PART, audit=audit, used=_USED, ignored=_IGNORED, required=_REQUIRED, skip=1)
    for line, row in rows:
        if not row.get("Group ID"):
            audit.report(PART, line, "Group ID", joined(row.values()), "a row of no group")
            continue
        groups.setdefault(row["Group ID"], []).append((line, row))
    for number, rows_of in groups.items():
        yield _party(number, rows_of, audit)


def _party(number: str, rows: list[tuple[int, dict[str, str]]], audit: Audit) -> ListedParty:
    line, first = rows[0]
    kind = _KINDS.get(first["Group Type"].lower())
    if kind is None:
        audit.report(PART, line, "Group Type", first["Group Type"], "a type we do not know")
    nations = [one for said in _all(rows, "Nationality") for one in several(said)]
    numbers = [number_of(label, v) for label in _NUMBERS for said in _all(rows, label) for v in several(said)]
    days = [day for said in _all(rows, "Listed On") if (day := day_of(said))]
    births = [one for said in _all(rows, "DOB") for one in several(said)]
    return ListedParty(
        list=LIST,
        id=number,
        kind=kind or PartyKind.UNKNOWN,
        names=primary_first(name for _, row in rows for name in _names(row)),
        identifiers=tuple(dict.fromkeys(numbers)),
        addresses=tuple(dict.fromkeys(a for line, row in rows if (a := _address(row, line, audit)))),
        birth_dates=tuple(dict.fromkeys(birth_of(said) for said in births)),
        birth_places=tuple(dict.fromkeys(p for _, row in rows if (p := _birth_place(row)))),
        nationalities=countries(nations, file=PART, row=line, field="Nationality", audit=audit),
        programmes=tuple(dict.fromkeys(_all(rows, "Regime"))),
        listed_on=min(days, default=None),
        remarks=joined(_all(rows, "Other Information"), by="\n"),
        other=tuple((n.lower(), said) for n in ("Title", "Position") for said in _all(rows, n)),
    )


_NUMBERS = ("Passport Details", "Passport Number", "NI Number", "National Identification Number")
_LABEL = re.compile(
    r"^(?:passport|national identification|id|identity)?[\w\s]{0,30}?\b(?:no|number)s?[.:]*\s*", re.IGNORECASE
)


def number_of(label: str, said: str) -> Identifier:
    """A number as it stands in a cell of prose: `Passport No: 592667 (Qatari ...)` gives 592667, the rest its note."""
    value, _, note = _LABEL.sub("", said).partition("(")
    plain = value.strip(" .,;")
    return identifier(label, plain or said, note=note.rstrip(") .") or None)


def primary_first(names: Iterable[ListedName]) -> tuple[ListedName, ...]:
    """The names without repeats, the primary one at the head."""
    return tuple(sorted(dict.fromkeys(names), key=lambda name: name.kind != "primary"))


def _all(rows: list[tuple[int, dict[str, str]]], name: str) -> list[str]:
    return list(dict.fromkeys(said for _, row in rows if (said := row.get(name, ""))))


def several(said: str) -> tuple[str, ...]:
    """The parts of a cell that numbers its own: `1) Iran 2) Iraq`; a plain cell is itself."""
    found = tuple(part.strip(" ;,.") for part in _NUMBERED.split(said) if part.strip(" ;,."))
    return found if _NUMBERED.search(said) else (said,)


def birth_of(said: str) -> str:
    """A birth date with the zeros that stand for what is not known left out: `00/00/1980` is 1980."""
    found = re.fullmatch(r"(\d\d|dd)/(\d\d|mm)/(\d{4})", said.strip())
    if not found:
        return said
    day, month, year = found.groups()
    known = [year] if month in {"00", "mm"} else [year, month] if day in {"00", "dd"} else [year, month, day]
    return "-".join(known)


def _names(row: dict[str, str]) -> Iterator[ListedName]:
    """The name as `Name 1` to `Name 5` then the family name, and the same in its own script."""
    said = row.get("Alias Type", "").lower()
    kind = "primary" if said.startswith(("prim", "primary name")) and "variation" not in said else "alias"
    kind = "former" if said.startswith("fka") else "spelling" if "variation" in said else kind
    given = [row.get(name, "") for name in _PARTS[:5]]
    text = " ".join(part for part in (*given, row.get("Name 6", "")) if part)
    parts = tuple((name.lower(), row[name]) for name in _PARTS if row.get(name))
    weak = row.get("Alias Quality", "").lower().startswith(("low", "weak"))
    if text:
        yield ListedName.model_validate(
            {"text": text, "kind": kind, "weak": weak, "parts": parts if len(parts) > 1 else ()}
        )
    if original := row.get("Name Non-Latin Script"):
        yield ListedName(text=original, kind="spelling")


def _birth_place(row: dict[str, str]) -> str | None:
    return joined((row.get("Town of Birth"), row.get("Country of Birth")))


def _address(row: dict[str, str], line: int, audit: Audit) -> Address | None:
    street = joined(row.get(name) for name in _STREET)
    country, postcode = row.get("Country"), row.get("Post/Zip Code")
    text = joined((street, postcode, country))
    if text is None:
        return None
    if country and place_of(country) is None and place_of(re.sub(r"\s*\(.*", "", country)) is None:
        audit.report(PART, line, "Country", country, "a country we do not know")
    code = place_of(country) or place_of(re.sub(r"\s*\(.*", "", country or ""))
    return Address(text=text, street=street, postcode=postcode or None, country=code)
