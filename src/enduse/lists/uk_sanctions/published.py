"""The published CSV of the UK Sanctions List: one row for each name and address, joined by Unique ID."""

from __future__ import annotations

from collections.abc import Iterator

from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, countries, joined
from enduse.lists.uk_ofsi.parse import birth_of, primary_first, several
from enduse.model.listing import Link, ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_STREET = tuple(f"Address Line {n}" for n in range(1, 7))
_IDS = {
    "National Identifier number": ("National identification number", "National Identifier additional information"),
    "Passport number": ("Passport", "Passport additional information"),
    "Business registration number (s)": ("Business registration number", ""),
    "IMO number": ("IMO", ""),
    "Hull identification number (HIN)": ("Hull identification number", ""),
    "Phone number": ("Phone", ""),
    "Website": ("Website", ""),
    "Email address": ("E-mail", ""),
}
_TIES = {"Parent company": "parent company", "Subsidiaries": "subsidiary"}
_TIES |= {
    "Current owner/operator (s)": "owned or operated by",
    "Previous owner/operator (s)": "formerly owned or operated by",
}
_OTHER = (
    "Title",
    "Designation source",
    "Sanctions Imposed",
    "UK Statement of Reasons",
    "UN Reference Number",
    "OFSI Group ID",
    "Position",
    "Gender",
    "Type of entity",
    "Current believed flag of ship",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year built",
)
USED = (
    "Unique ID",
    *_PARTS,
    *_STREET,
    "Name type",
    "Alias strength",
    "Name non-latin script",
    "Regime Name",
    "Designation Type",
    "Individual, Entity, Ship",
    "Other Information",
    "Address Postal Code",
    "Address Country",
    "Date Designated",
    "D.O.B",
    "Nationality(/ies)",
    "Town of birth",
    "Country of birth",
    *(name for label, (_, extra) in _IDS.items() for name in (label, extra) if name),
    *_TIES,
    *_OTHER,
)
IGNORED = ("Last Updated", "Non-latin script type", "Non-latin script language")
REQUIRED = ("Unique ID", "Name 6", "Name type", "Regime Name", "Date Designated")
_KINDS = {"individual": PartyKind.PERSON, "entity": PartyKind.ORGANISATION, "ship": PartyKind.VESSEL}

Rows = list[tuple[int, dict[str, str]]]


def party_of(number: str, rows: Rows, *, list_id: str, file: str, audit: Audit) -> ListedParty:
    """One designation from all its rows."""
    line, first = rows[0]
    said = first.get("Individual, Entity, Ship") or first.get("Designation Type", "")
    kind = _KINDS.get(said.lower())
    if kind is None:
        audit.report(file, line, "Designation Type", said, "a type we do not know")
    nations = [one for text in _all(rows, "Nationality(/ies)") for one in several(text)]
    births = [birth_of(one) for text in _all(rows, "D.O.B") for one in several(text)]
    days = [day for text in _all(rows, "Date Designated") if (day := day_of(text))]
    ties = ((relation, one) for label, relation in _TIES.items() for text in _all(rows, label) for one in several(text))
    return ListedParty(
        list=list_id,
        id=number,
        kind=kind or PartyKind.UNKNOWN,
        names=primary_first(name for _, row in rows for name in _names(row)),
        identifiers=tuple(dict.fromkeys(_identifiers(rows))),
        addresses=tuple(dict.fromkeys(a for n, row in rows if (a := _address(row, n, file, audit)))),
        birth_dates=tuple(dict.fromkeys(births)),
        birth_places=tuple(
            dict.fromkeys(p for _, r in rows if (p := joined((r.get("Town of birth"), r.get("Country of birth")))))
        ),
        nationalities=countries(nations, file=file, row=line, field="Nationality(/ies)", audit=audit),
        programmes=tuple(_all(rows, "Regime Name")),
        listed_on=min(days, default=None),
        links=tuple(Link(to=name, relation=relation, name=name) for relation, name in ties),
        remarks=joined(_all(rows, "Other Information"), by="\n"),
        other=tuple((label, text) for label in _OTHER for text in _all(rows, label)),
    )


def _all(rows: Rows, name: str) -> list[str]:
    return list(dict.fromkeys(said for _, row in rows if (said := row.get(name, ""))))


def _names(row: dict[str, str]) -> Iterator[ListedName]:
    said = row.get("Name type", "").lower()
    kind = "spelling" if "variation" in said else "primary" if said.startswith("primary") else "alias"
    parts = tuple((name.lower(), row[name]) for name in _PARTS if row.get(name))
    weak = row.get("Alias strength", "").lower().startswith(("low", "weak"))
    if text := " ".join(value for _, value in parts):
        kept = parts if len(parts) > 1 else ()
        yield ListedName.model_validate({"text": text, "kind": kind, "weak": weak, "parts": kept})
    if original := row.get("Name non-latin script"):
        yield ListedName(text=original, kind="spelling")


def _identifiers(rows: Rows) -> Iterator[Identifier]:
    for label, (kind, extra) in _IDS.items():
        for _, row in rows:
            for value in several(row.get(label, "")):
                if value:
                    yield identifier(kind, value, note=row.get(extra) or None)


def _address(row: dict[str, str], line: int, file: str, audit: Audit) -> Address | None:
    street, postcode = joined(row.get(name) for name in _STREET), row.get("Address Postal Code")
    country = row.get("Address Country")
    if country and place_of(country) is None:
        audit.report(file, line, "Address Country", country, "a country we do not know")
    text = joined((street, postcode, country))
    return Address(text=text, street=street, postcode=postcode or None, country=place_of(country)) if text else None
