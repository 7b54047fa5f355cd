"""Reads the Security Council's consolidated XML, layouts of 2016 to 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree as ET

from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import (
    Audit,
    Files,
    check_tags,
    elements,
    head_of,
    joined,
    local,
    root_attribute,
    root_tag,
    split,
    texts,
)
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

LIST, PART = "un_sc", "consolidated.xml"
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "FIFTH_NAME", "SIXTH_NAME")
_KNOWN = frozenset(
    {
        *_NAMES,
        "DATAID",
        "VERSIONNUM",
        "UN_LIST_TYPE",
        "REFERENCE_NUMBER",
        "LISTED_ON",
        "GENDER",
        "COMMENTS1",
        "HAS_INTERPOL_LINK",
        "INTERPOL_LINK",
        "TITLE",
        "DESIGNATION",
        "NATIONALITY",
        "NATIONALITY2",
        "LIST_TYPE",
        "LAST_DAY_UPDATED",
        "NAME_ORIGINAL_SCRIPT",
        "SUBMITTED_BY",
        "SUBMITTED_ON",
        "DELISTED_ON",
        "SORT_KEY",
        "SORT_KEY_LAST_MOD",
        *(f"{kind}_{what}" for kind in ("INDIVIDUAL", "ENTITY") for what in ("ALIAS", "ADDRESS")),
        "INDIVIDUAL_DATE_OF_BIRTH",
        "INDIVIDUAL_PLACE_OF_BIRTH",
        "INDIVIDUAL_DOCUMENT",
    }
)


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by its root element."""
    return PART if root_tag(head) == "CONSOLIDATED_LIST" else None


def stated_on(files: Files) -> date | None:
    """The day the file was generated, from its root element."""
    return day_of(root_attribute(head_of(files[PART], size=2_000), "dateGenerated"))


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The individuals and entities of every committee."""
    audit = audit if audit is not None else Audit()
    for element in elements(files[PART], file=PART, tags=("INDIVIDUAL", "ENTITY")):
        audit.rows += 1
        yield _party(element, audit)


def _party(element: ET.Element, audit: Audit) -> ListedParty:
    said = texts(element)
    number = said.get("REFERENCE_NUMBER", said.get("DATAID", ["?"]))[0]
    check_tags(element, file=PART, row=number, known=_KNOWN, audit=audit)
    person = local(element.tag) == "INDIVIDUAL"
    countries = [*_values(element, "NATIONALITY"), *_values(element, "NATIONALITY2")]
    other = [(name.lower(), value) for name in _OTHER for value in (*said.get(name, ()), *_values(element, name))]
    return ListedParty(
        list=LIST,
        id=number,
        source=said.get("UN_LIST_TYPE", [None])[0],
        kind=PartyKind.PERSON if person else PartyKind.ORGANISATION,
        names=tuple(_names(element, said)),
        identifiers=tuple(_documents(element)),
        addresses=tuple(_addresses(element, number, audit)),
        birth_dates=tuple(d for e in element.iter("INDIVIDUAL_DATE_OF_BIRTH") if (d := _birth(texts(e)))),
        birth_places=tuple(p for e in element.iter("INDIVIDUAL_PLACE_OF_BIRTH") if (p := _place(texts(e)))),
        nationalities=tuple(_codes(countries, number, audit)),
        programmes=tuple(said.get("UN_LIST_TYPE", ())),
        listed_on=day_of(said.get("LISTED_ON", [""])[0]),
        remarks=joined(said.get("COMMENTS1", ()), by="\n"),
        other=tuple(other),
    )


_OTHER = ("TITLE", "DESIGNATION", "GENDER", "SUBMITTED_BY", "SUBMITTED_ON", "LAST_DAY_UPDATED")


def _values(element: ET.Element, name: str) -> list[str]:
    return [v.text.strip() for v in element.findall(f"{name}/VALUE") if v.text and v.text.strip()]


def _names(element: ET.Element, said: dict[str, list[str]]) -> Iterator[ListedName]:
    parts = tuple((name.lower(), value) for name in _NAMES for value in said.get(name, ()))
    whole = " ".join(value for _, value in parts)
    yield ListedName(text=whole or "?", parts=parts if len(parts) > 1 else ())
    for original in said.get("NAME_ORIGINAL_SCRIPT", ()):
        yield ListedName(text=original, kind="spelling")
    for kind in ("INDIVIDUAL_ALIAS", "ENTITY_ALIAS"):
        for alias in element.findall(kind):
            yield from _aliases(texts(alias))


def _aliases(said: dict[str, list[str]]) -> Iterator[ListedName]:
    quality = said.get("QUALITY", [""])[0].lower()
    for written in said.get("ALIAS_NAME", ()):
        for text in split(written):
            former = quality.startswith("f.k.a")
            yield ListedName(text=text, kind="former" if former else "alias", weak=quality == "low")


def _birth(said: dict[str, list[str]]) -> str | None:
    about = "circa " if said.get("TYPE_OF_DATE", [""])[0].upper() == "APPROXIMATELY" else ""
    first, last = (said.get(name, [""])[0] for name in ("FROM_YEAR", "TO_YEAR"))
    if first or last:
        return f"{about}{first}/{last}"
    plain = said.get("DATE", said.get("YEAR", [""]))[0]
    day = day_of(plain)
    return about + (day.isoformat() if day else plain) if plain else said.get("NOTE", [None])[0]


def _place(said: dict[str, list[str]]) -> str | None:
    return joined(
        value for name in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE") for value in said.get(name, ())
    )


def _documents(element: ET.Element) -> Iterator[Identifier]:
    for document in element.findall("INDIVIDUAL_DOCUMENT"):
        said = texts(document)
        label = " ".join((*said.get("TYPE_OF_DOCUMENT", ()), *said.get("TYPE_OF_DOCUMENT2", ())))
        country = said.get("ISSUING_COUNTRY", said.get("COUNTRY_OF_ISSUE", [None]))[0]
        notes = [f"{n.lower()}: {v}" for n in _DOCUMENT_NOTES for v in said.get(n, ())]
        if number := joined(said.get("NUMBER", ())):
            yield identifier(label or "document", number, country, note=joined(notes))
        elif notes:
            yield identifier(label or "document", "not stated", country, note=joined(notes))


_DOCUMENT_NOTES = ("DATE_OF_ISSUE", "DATE_OF_EXPIRY", "CITY_OF_ISSUE", "NOTE")


def _addresses(element: ET.Element, number: str, audit: Audit) -> Iterator[Address]:
    for kind in ("INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"):
        for address in element.findall(kind):
            said = {name: "; ".join(values) for name, values in texts(address).items()}
            country = said.get("COUNTRY")
            if country and place_of(country) is None:
                audit.report(PART, number, "COUNTRY", country, "a country we do not know")
            text = joined(said.get(n) for n in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"))
            if text:
                yield Address(
                    text=text,
                    street=said.get("STREET"),
                    city=said.get("CITY"),
                    region=said.get("STATE_PROVINCE"),
                    postcode=said.get("ZIP_CODE"),
                    country=place_of(country),
                )


def _codes(countries: list[str], number: str, audit: Audit) -> Iterator[str]:
    for country in dict.fromkeys(countries):
        if code := place_of(country):
            yield code
        else:
            audit.report(PART, number, "NATIONALITY", country, "a country we do not know")
