"""The remarks column of OFAC's CSV files: identifiers, birth data and ties, written as sentences joined by semicolons.

The remarks are kept whole beside what is read from them; a piece no pattern knows stays there and nowhere else.
"""

from __future__ import annotations

import re

from enduse.lists.dates import birth_date_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.model.base import Value
from enduse.model.listing import Link, ListedName
from enduse.model.party import Identifier

_ALIAS = re.compile(r"(a\.k\.a\.|f\.k\.a\.|n\.k\.a\.)\s*'(.+)'", re.IGNORECASE)
_LINKED = re.compile(r"\(?Linked To: (.+?)\)?", re.IGNORECASE)
_COUNTRY = re.compile(r"\(([^()]+)\)")
_DATES = re.compile(r"\s+((?:issued|expires) \d{1,2} \w{3} \d{4}(?: expires \d{1,2} \w{3} \d{4})?)")
_STATEMENTS = (
    "Gender",
    "Secondary sanctions risk:",
    "Additional Sanctions Information -",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions:",
    "Organization Established Date",
    "Organization Type:",
    "Target Type",
    "Aircraft Model",
    "Aircraft Manufacture Date",
    "Aircraft Operator",
    "Former Vessel Flag",
    "Other Vessel Flag",
    "Other Vessel Type",
    "Vessel Year of Build",
    "Executive Order 13662 Directive Determination -",
    "Executive Order 13846 information:",
    "Executive Order 14024 Directive Information",
    "Executive Order 14014 Directive Information:",
    "CAATSA Section 235 Information:",
    "PEESA Information:",
    "IFCA Determination -",
    "Nationality of Registration",
    "Issuer Name",
    "Listing Date",
    "Effective Date",
    "Purchase/Sales For Divestment Date",
)
_LABELS = (
    "Vessel Registration Identification",
    "Aircraft Manufacturer's Serial Number (MSN)",
    "Aircraft Construction Number (also called L/N or S/N or F/N)",
    "Aircraft Mode S Transponder Code",
    "Aircraft Tail Number",
    "Previous Aircraft Tail Number",
    "Aircraft Serial Identification",
    "Unified Social Credit Code (USCC)",
    "Economic Register Number (CBLS)",
    "Legal Entity Number",
    "D-U-N-S Number",
    "SWIFT/BIC",
    "BIK (RU)",
    "MICEX Code",
    "UN/LOCODE",
    "Equity Ticker",
    "ISIN",
    "Website",
    "Email Address",
    "Phone Number",
    "Fax Number",
    "MMSI",
    "Other Vessel Call Sign",
    "Vessel Call Sign",
    "Cartilla de Servicio Militar Nacional",
    "Credencial electoral",
    "Diplomatic Passport",
    "British National Overseas Passport",
    "Stateless Person Passport",
    "Passport",
    "Personal ID Card",
    "Numero Unico de Identificacao Tributaria (NUIT)",
    "CNP (Personal Numerical Code)",
    "Matricula Mercantil No",
    "Italian Fiscal Code",
    "Fiscal Code",
    "License",
    "US FEIN",
    "SSN",
    "RFC",
    "R.F.C.",
    "C.U.R.P.",
    "C.U.I.T.",
    "C.U.I.P.",
    "C.U.I.",
    "C.I.F.",
    "C.I.N.",
    "D.N.I.",
    "I.F.E.",
    "N.I.E.",
    "RTN",
    "VisaNumberID",
)
_NUMBERED = re.compile(
    r"((?:[A-Z][\w.'’&/-]*\s+|of\s+|de\s+|and\s+|del\s+|for\s+){0,7}(?:No\.|Number|Num\.|ID|#))\s+(?=[\w(+])(.+)"
)
_CURRENCY = re.compile(r"(Digital Currency Address - \w+)\s+(\S+)")


class Remarks(Value):
    """What was read from one remarks text."""

    names: tuple[ListedName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    other: tuple[tuple[str, str], ...] = ()


def remarks_of(text: str | None) -> Remarks:
    """Reads a remarks text piece by piece."""
    found: dict[str, list[object]] = {}
    for piece in (text or "").strip().rstrip(".").split("; "):
        plain = piece.strip().removeprefix("alt. ").removeprefix("Alt. ").strip()
        if plain and (read := _piece(plain)):
            name, value = read
            found.setdefault(name, []).append(value)
    return Remarks.model_validate({name: tuple(dict.fromkeys(values)) for name, values in found.items()})


def _piece(text: str) -> tuple[str, object] | None:
    """The field a piece belongs to and its value; `None` when no pattern knows it."""
    word, _, rest = text.partition(" ")
    match word:
        case "DOB":
            return "birth_dates", birth_date_of(rest)
        case "POB":
            return "birth_places", rest
        case "nationality" | "citizen":
            return ("nationalities", code) if (code := place_of(rest)) else None
        case "Linked" | "(Linked":
            linked = _LINKED.fullmatch(text)
            return ("links", Link(to=linked[1], relation="linked to", name=linked[1])) if linked else None
    if alias := _ALIAS.fullmatch(text):
        kind = "former" if alias[1].lower().startswith("f") else "alias"
        return "names", ListedName.model_validate({"text": alias[2], "kind": kind, "weak": True})
    return _labelled(text)


def _labelled(text: str) -> tuple[str, object] | None:
    for label in _STATEMENTS:
        if text.startswith(label):
            return "other", (label.rstrip(": -"), text[len(label) :].strip() or label)
    if currency := _CURRENCY.fullmatch(text):
        return "identifiers", identifier(currency[1], currency[2])
    for label in _LABELS:
        if text.startswith(f"{label} "):
            return "identifiers", _number(label, text[len(label) + 1 :])
    if numbered := _NUMBERED.fullmatch(text):
        return "identifiers", _number(numbered[1], numbered[2])
    return None


def _number(label: str, rest: str) -> Identifier:
    """A number with the country in brackets and the dates that follow it."""
    dates = _DATES.search(rest)
    plain = _DATES.sub("", rest).strip()
    country = next((c for m in _COUNTRY.finditer(plain) if (c := place_of(m[1]))), None)
    value = _COUNTRY.sub(lambda m: "" if place_of(m[1]) else m[0], plain).strip()
    return identifier(label, value or plain, country, note=dates[1] if dates else None)
