"""Reads dpl.txt: tab-separated, one row for each person and address, years that cannot be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from enduse.lists.dates import day_of, plausible
from enduse.lists.places import is_us_state, place_of
from enduse.lists.reading import Audit, Files, joined, table
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address

LIST, PART = "us_bis_dpl", "dpl.txt"
_USED = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
)
_ALSO = re.compile(r"\s*,?\s*\b(?:A/K/A|AKA|A\.K\.A\.?|ALSO KNOWN AS)[:,]?\s+", re.IGNORECASE)


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by its header."""
    first = head.decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0].replace('"', "")
    return PART if first.startswith("Name\tStreet_Address\tCity") else None


def stated_on(_files: Files) -> date | None:
    """The file does not say of which day it is."""
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The denied persons; rows that differ only in address are one person."""
    audit = audit if audit is not None else Audit()
    found: dict[str, ListedParty] = {}
    rows = table(files[PART], file=PART, audit=audit, used=_USED, required=_USED[:8], delimiter="\t")
    for line, row in rows:
        if not row["Name"]:
            audit.report(PART, line, "Name", joined(row.values()), "a row without a name")
            continue
        party = _party(row, line, audit)
        if known := found.get(party.id):
            party = known.model_copy(update={"addresses": tuple(dict.fromkeys(known.addresses + party.addresses))})
        found[party.id] = party
    yield from found.values()


def _party(row: dict[str, str], line: int, audit: Audit) -> ListedParty:
    name, *aliases = (part for part in _ALSO.split(row["Name"]) if part.strip())
    since = _day(row, "Effective_Date", line, audit)
    said = "|".join((row["Name"], row["Effective_Date"], row.get("FR_Citation", "")[:40]))
    updated = _day(row, "Last_Update", line, audit)
    other = [(n.lower(), row[n]) for n in ("FR_Citation", "Standard_Order") if row.get(n)]
    other += [("last_update", updated.isoformat())] if updated else []
    return ListedParty(
        list=LIST,
        id=hashlib.sha256(said.encode()).hexdigest()[:16],
        source="DPL",
        names=(ListedName(text=name), *(ListedName(text=alias, kind="alias") for alias in aliases)),
        addresses=tuple(a for a in (_address(row, line, audit),) if a),
        listed_on=since,
        expires_on=_day(row, "Expiration_Date", line, audit),
        remarks=row.get("Action") or None,
        other=tuple(other),
    )


def _day(row: dict[str, str], name: str, line: int, audit: Audit) -> date | None:
    if not (said := row.get(name, "")):
        return None
    day = day_of(said, month_first=True)
    if day is None or not plausible(day):
        audit.report(PART, line, name, said, "not a day a list can mean")
        return None
    return day


def _address(row: dict[str, str], line: int, audit: Audit) -> Address | None:
    country = row["Country"]
    if country and place_of(country) is None:
        audit.report(PART, line, "Country", country, "a country we do not know")
    text = joined(row[n] for n in ("Street_Address", "City", "State", "Postal_Code", "Country"))
    if text is None:
        return None
    return Address(
        text=text,
        street=row["Street_Address"] or None,
        city=row["City"] or None,
        region=row["State"] or None,
        postcode=row["Postal_Code"] or None,
        country=_country(row),
    )


def _country(row: dict[str, str]) -> str | None:
    """The country stated, or the one that stands in the state's column (`NICOSIA`, `CY`); a state alone is US."""
    if row["Country"]:
        return place_of(row["Country"])
    return "US" if is_us_state(row["State"]) else place_of(row["State"])
