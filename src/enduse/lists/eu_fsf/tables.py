"""The FSF CSV: one row for each fact (a name, an address, a birth, a document) of an entity."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from enduse.errors import ListError
from enduse.lists.dates import birth_date_of, day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, countries, joined, refuse_markup, text_of
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("Entity_EU_ReferenceNumber", "EU_ref_num"),
    "number": ("Entity_LogicalId", "Entity_logical_id"),
    "kind": ("Entity_SubjectType_ClassificationCode", "Subject_type", "Entity_SubjectType"),
    "basis": ("Entity_Regulation_NumberTitle", "Leba_numtitle"),
    "since": ("Entity_DesignationDate", "Entity_Regulation_EntryIntoForceDate", "Leba_publication_date"),
    "programme": ("Entity_Regulation_Programme", "Programme"),
    "remark": ("Entity_Remark", "Entity_remark"),
    "united nations id": ("Entity_UnitedNationId",),
    "name": ("NameAlias_WholeName", "Naal_wholename"),
    "last": ("NameAlias_LastName", "Naal_lastname"),
    "first": ("NameAlias_FirstName", "Naal_firstname"),
    "middle": ("NameAlias_MiddleName", "Naal_middlename"),
    "function": ("NameAlias_Function", "Naal_function"),
    "gender": ("NameAlias_Gender", "Naal_gender"),
    "title": ("NameAlias_Title", "Naal_title"),
    "street": ("Address_Street", "Addr_street"),
    "house": ("Addr_number",),
    "city": ("Address_City", "Addr_city"),
    "region": ("Address_Region",),
    "place": ("Address_Place", "Addr_other"),
    "postcode": ("Address_ZipCode", "Addr_zipcode"),
    "box": ("Address_PoBox",),
    "country": ("Address_CountryIso2Code", "Addr_country"),
    "birth": ("BirthDate_BirthDate", "Birt_date"),
    "birth year": ("BirthDate_Year",),
    "birth place": ("BirthDate_Place", "Birt_place"),
    "birth city": ("BirthDate_City",),
    "birth country": ("BirthDate_CountryDescription", "Birt_country"),
    "document": ("Identification_Number", "Iden_number"),
    "document kind": ("Identification_TypeDescription",),
    "document country": ("Identification_CountryIso2Code", "Iden_country"),
    "citizenship": ("Citizenship_CountryIso2Code", "Citi_country"),
    "generated": ("fileGenerationDate", "Date_file", "Date_filexxxx"),
}
_LEFT_ASIDE: tuple[str, ...] = (
    "_logical_id",
    "_LogicalId",
    "_leba_",
    "Regulation",
    "_programme",
    "Leba_url",
    "Leba_publication",
    "_language",
    "Language",
    "Calendar",
    "_Remark",
    "KnownExpired",
    "KnownFalse",
    "ReportedLost",
    "RevokedByIssuer",
    "Diplomatic",
    "TypeCode",
    "AsAtListingTime",
    "ContactInfo",
    "CountryDescription",
    "CountryIso2Code",
    "BirthDate_",
    "_Region",
    "DesignationDetails",
    "SubjectType",
    "Identification_",
)
"""Marks of columns left aside by name: numbers of rows, and the regulation and language of each fact."""
_KINDS: dict[str, PartyKind] = {
    "P": PartyKind.PERSON,
    "E": PartyKind.ORGANISATION,
    "person": PartyKind.PERSON,
    "enterprise": PartyKind.ORGANISATION,
}

Row = dict[str, str]


def generated_on(files: Files, part: str) -> date | None:
    """The day in the first column of the first row."""
    for _, row in _rows(files, part, Audit()):
        return day_of(row.get("generated"))
    return None


def parse_tables(files: Files, part: str, *, list_id: str, audit: Audit) -> Iterator[ListedParty]:
    """The entities of an FSF CSV, each from all its rows."""
    groups: dict[str, list[tuple[int, Row]]] = {}
    for line, row in _rows(files, part, audit):
        if not (number := row.get("number")):
            audit.report(part, line, "number", joined(row.values()), "a row of no entity")
            continue
        groups.setdefault(number, []).append((line, row))
    for number, rows in groups.items():
        if party := _party(number, rows, part, list_id, audit):
            yield party


def _rows(files: Files, part: str, audit: Audit) -> Iterator[tuple[int, Row]]:
    """Rows under our names for the columns; a file quoted line by line as one cell is opened up first."""
    text = text_of(files[part], file=part, audit=audit)
    refuse_markup(text, file=part)
    lines = _opened_up(text, part, audit)
    reader = csv.reader(io.StringIO(lines), delimiter=";")
    header = [name.strip() for name in next(reader, [])]
    at = _positions(header, part, audit)
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        audit.rows += 1
        if len(cells) < len(header) - 1:
            said = f"has {len(cells)} cells where the header has {len(header)}"
            audit.report(part, reader.line_num, "(row)", ";".join(cells), said)
        yield reader.line_num, {n: said for n, i in at.items() if i < len(cells) and (said := cells[i].strip())}


def _opened_up(text: str, part: str, audit: Audit) -> str:
    first = text.split("\n", 1)[0]
    if not first.startswith('"') or '";"' in first:
        return text
    audit.report(part, 1, "(row)", first[:60], "every line is quoted as one cell; opened up")
    inner = (line.rstrip("\t\r ").removeprefix('"').removesuffix('"') for line in text.split("\n"))
    return "\n".join(line.rstrip("\t ").replace('""', '"') for line in inner)


def _positions(header: list[str], part: str, audit: Audit) -> dict[str, int]:
    at = {ours: header.index(name) for ours, names in _COLUMNS.items() for name in names[::-1] if name in header}
    if missing := [name for name in ("number", "name", "kind") if name not in at]:
        said = f"the format has changed: no column for {', '.join(missing)}"
        raise ListError(said, place=f"{part}:1", hint="the parser must learn the new layout")
    known = {name for names in _COLUMNS.values() for name in names}
    for name in header:
        if name and name not in known and not any(mark in name for mark in _LEFT_ASIDE):
            audit.report(part, 1, name, "", "a column we do not know")
    return at


def _party(number: str, rows: list[tuple[int, Row]], part: str, list_id: str, audit: Audit) -> ListedParty | None:
    line, first = rows[0]
    names = tuple(_names(rows))
    if not names:
        audit.report(part, line, "name", number, "an entity without a name")
        return None
    kind = _KINDS.get(first.get("kind", ""))
    if kind is None:
        audit.report(part, line, "kind", first.get("kind", ""), "a type we do not know")
    births = [birth_date_of(said) for said in (*_all(rows, "birth"), *_all(rows, "birth year"))]
    places = (joined((r.get("birth place"), r.get("birth city"), r.get("birth country"))) for _, r in rows)
    days = [day for said in _all(rows, "since") if (day := day_of(said))]
    other = [(n, said) for n in ("function", "title", "gender", "united nations id") for said in _all(rows, n)]
    reference = _all(rows, "id")
    return ListedParty(
        list=list_id,
        id=reference[0] if reference else number,
        kind=kind or PartyKind.UNKNOWN,
        names=names,
        identifiers=tuple(dict.fromkeys(_documents(rows))),
        addresses=tuple(dict.fromkeys(a for _, row in rows if (a := _address(row)))),
        birth_dates=tuple(dict.fromkeys(births)),
        birth_places=tuple(dict.fromkeys(place for place in places if place)),
        nationalities=countries(_all(rows, "citizenship"), file=part, row=line, field="citizenship", audit=audit),
        programmes=tuple(_all(rows, "programme")),
        legal_basis=tuple(_all(rows, "basis")),
        listed_on=min(days, default=None),
        remarks=joined(_all(rows, "remark"), by="\n"),
        other=tuple(other),
    )


def _all(rows: list[tuple[int, Row]], name: str) -> list[str]:
    return list(dict.fromkeys(said for _, row in rows if (said := row.get(name, ""))))


def _names(rows: list[tuple[int, Row]]) -> Iterator[ListedName]:
    seen: set[str] = set()
    for _, row in rows:
        text = row.get("name") or joined((row.get("first"), row.get("middle"), row.get("last")), by=" ")
        if text and text not in seen:
            parts = tuple((n, row[n]) for n in ("first", "middle", "last") if n in row)
            yield ListedName(text=text, kind="alias" if seen else "primary", parts=parts)
            seen.add(text)


def _documents(rows: list[tuple[int, Row]]) -> Iterator[Identifier]:
    """Documents; layout 1.0 writes the kind into the number: `AD1095 (passport-National passport)`."""
    for _, row in rows:
        if said := row.get("document"):
            number, _, rest = said.partition("(")
            label = row.get("document kind") or rest.partition(")")[0] or "document"
            yield identifier(label, number.strip() or said, row.get("document country"))


def _address(row: Row) -> Address | None:
    street = joined((row.get("house"), row.get("street")), by=" ")
    said = (street, row.get("box"), row.get("postcode"), row.get("city"), row.get("place"), row.get("region"))
    text = joined((*said, row.get("country")))
    if text is None:
        return None
    return Address(
        text=text,
        street=street,
        city=row.get("city"),
        region=row.get("region"),
        postcode=row.get("postcode"),
        country=place_of(row.get("country")),
    )
