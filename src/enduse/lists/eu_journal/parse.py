"""Reads designations transcribed from the Official Journal, one CSV for each act. Bring your own copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from enduse.lists.dates import birth_date_of, day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, countries, joined, split, table
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, PartyKind

LIST = "eu_journal"
_KINDS = {
    "Person": PartyKind.PERSON,
    "Organization": PartyKind.ORGANISATION,
    "Company": PartyKind.ORGANISATION,
    "LegalEntity": PartyKind.ORGANISATION,
    "PublicBody": PartyKind.ORGANISATION,
    "Vessel": PartyKind.VESSEL,
    "Airplane": PartyKind.AIRCRAFT,
}
_NUMBERS = {
    "passportNumber": "Passport",
    "registrationNumber": "Registration Number",
    "taxNumber": "Tax ID",
    "idNumber": "National ID",
    "innCode": "INN (tax)",
    "ogrnCode": "OGRN (registration)",
    "kppCode": "KPP (tax registration)",
    "okpoCode": "OKPO",
    "leiCode": "LEI",
    "swiftBic": "SWIFT/BIC",
    "ticker": "Equity Ticker",
    "imoNumber": "IMO",
    "mmsi": "MMSI",
    "phone": "Phone",
    "email": "Email",
    "website": "Website",
}
_NAMES = {"alias": ("alias", False), "weakAlias": ("alias", True), "previousName": ("former", False)}
_OTHER = ("position", "gender", "appearance", "ethnicity", "fatherName", "motherName", "incorporationDate", "legalForm")
_OTHER_TOO = ("sector", "annex", "measure", "flag", "notes")
_USED = frozenset(
    {"celex", "amendedCelex", "amendmentCelex", "recordId", "programKey", "startDate", "reason", "schema", "name"}
    | {"country", "nationality", "jurisdiction", "birthDate", "birthPlace", "address"}
    | {*_NUMBERS, *_NAMES, *_OTHER, *_OTHER_TOO}
)


def recognise(name: str, head: bytes) -> str | None:
    """One act's file, by its columns; the part is named after the file, since a list is made of many."""
    first = head.decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0]
    known = first.startswith(("celex,recordId,programKey", "amendedCelex,amendmentCelex,recordId"))
    return re.sub(r"\.gz$", "", name) if known else None


def stated_on(_files: Files) -> date | None:
    """The files do not say of which day they are."""
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The designations of every act given."""
    audit = audit if audit is not None else Audit()
    seen: dict[str, int] = {}
    for part in sorted(files):
        for line, row in table(
            files[part], file=part, audit=audit, used=_USED, required=("recordId", "name", "schema")
        ):
            if not row["name"]:
                audit.report(part, line, "name", joined(row.values()), "a designation without a name")
                continue
            party = _party(row, part, line, audit)
            seen[party.id] = seen.get(party.id, 0) + 1
            times = seen[party.id]
            yield party if times == 1 else party.model_copy(update={"id": f"{party.id}~{times}"})


def _party(row: dict[str, str], part: str, line: int, audit: Audit) -> ListedParty:
    act = row.get("celex") or row.get("amendedCelex", "")
    kind = _KINDS.get(row["schema"])
    if kind is None:
        audit.report(part, line, "schema", row["schema"], "a type we do not know")
    nations = [c for n in ("nationality", "country", "jurisdiction", "flag") for c in split(row.get(n))]
    numbers = [identifier(label, one) for name, label in _NUMBERS.items() for one in split(row.get(name))]
    country = place_of(row.get("country")) or place_of(row.get("jurisdiction"))
    return ListedParty(
        list=LIST,
        id=f"{act}-{row.get('annex', '')}-{row['recordId']}",
        source=act,
        kind=kind or PartyKind.UNKNOWN,
        names=tuple(dict.fromkeys(_names(row))),
        identifiers=tuple(dict.fromkeys(numbers)),
        addresses=tuple(Address(text=one, country=country) for one in split(row.get("address"))),
        birth_dates=tuple(birth_date_of(one.replace(".", "/")) for one in split(row.get("birthDate"))),
        birth_places=split(row.get("birthPlace")),
        nationalities=countries(nations, file=part, row=line, field="nationality", audit=audit),
        programmes=(row["programKey"],) if row.get("programKey") else (),
        legal_basis=tuple(a for a in (act, row.get("amendmentCelex", "")) if a),
        listed_on=day_of(row.get("startDate")),
        remarks=row.get("reason") or None,
        other=tuple((n, row[n]) for n in (*_OTHER, *_OTHER_TOO) if row.get(n)),
    )


def _names(row: dict[str, str]) -> Iterator[ListedName]:
    first, *more = split(row["name"])
    yield ListedName(text=first)
    for text in more:
        yield ListedName(text=text, kind="alias")
    for column, (kind, weak) in _NAMES.items():
        for text in split(row.get(column)):
            yield ListedName.model_validate({"text": text, "kind": kind, "weak": weak})
