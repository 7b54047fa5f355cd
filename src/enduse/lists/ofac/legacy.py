"""OFAC's plain XML (SDN.XML, CONSOLIDATED.XML), in either of its namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from enduse.lists.dates import birth_date_of, day_of
from enduse.lists.identifiers import identifier
from enduse.lists.ofac.programmes import source_of
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, check_tags, elements, joined, texts
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

_KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANISATION,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
_KNOWN = frozenset(
    {"uid", "firstName", "lastName", "sdnType", "programList", "akaList", "addressList", "idList", "title", "remarks"}
    | {"dateOfBirthList", "placeOfBirthList", "nationalityList", "citizenshipList", "vesselInfo"}
)
_STATEMENTS = (
    "gender",
    "sanctions",
    "directive",
    "date",
    "target type",
    "organization type",
    "information",
    "transactions prohibited",
    "issuer name",
    "aircraft model",
    "aircraft operator",
    "determination",
)


def issued_on(files: Files, part: str) -> date | None:
    """The publication date at the head of the file (its element is misspelt by the publisher)."""
    for element in elements(files[part], file=part, tags=("publshInformation", "sdnEntry")):
        said = element.findtext("{*}Publish_Date") or element.findtext("Publish_Date")
        return day_of(said, month_first=True)
    return None


def parse_legacy(files: Files, part: str, *, list_id: str, source: str | None, audit: Audit) -> Iterator[ListedParty]:
    """The parties of a plain XML file."""
    for element in elements(files[part], file=part, tags=("sdnEntry",)):
        audit.rows += 1
        yield _party(element, file=part, list_id=list_id, source=source, audit=audit)


def _party(element: ET.Element, *, file: str, list_id: str, source: str | None, audit: Audit) -> ListedParty:
    said = texts(element)
    number = said.get("uid", [""])[0]
    check_tags(element, file=file, row=number, known=_KNOWN, audit=audit)
    kind = _KINDS.get(said.get("sdnType", [""])[0].lower())
    if kind is None:
        audit.report(file, number, "sdnType", said.get("sdnType", ""), "a type we do not know")
    programmes = tuple(p.text.strip() for p in element.findall("{*}programList/{*}program") if p.text)
    ids, other = _numbers(element)
    vessel = texts(v) if (v := element.find("{*}vesselInfo")) is not None else {}
    signs = tuple(Identifier(kind="call_sign", value=s) for s in vessel.pop("callSign", []))
    other += [(name, value) for name, values in vessel.items() for value in values]
    flags = [vessel[n][0] for n in ("vesselFlag",) if n in vessel]
    countries = [*flags, *_items(element, "nationality", "country"), *_items(element, "citizenship", "country")]
    title = [("title", t) for t in said.get("title", [])]
    return ListedParty(
        list=list_id,
        id=number,
        source=source or source_of(programmes),
        kind=kind or PartyKind.UNKNOWN,
        names=(_name(element, "primary"), *(_alias(a) for a in element.findall("{*}akaList/{*}aka"))),
        identifiers=(*signs, *ids),
        addresses=tuple(
            _address(a, file=file, row=number, audit=audit) for a in element.findall("{*}addressList/{*}address")
        ),
        birth_dates=tuple(birth_date_of(d) for d in _items(element, "dateOfBirth", "dateOfBirth")),
        birth_places=tuple(_items(element, "placeOfBirth", "placeOfBirth")),
        nationalities=tuple(dict.fromkeys(code for c in countries if (code := place_of(c)))),
        programmes=programmes,
        remarks=joined(said.get("remarks", []), by="; "),
        other=tuple(title + other),
    )


def _items(element: ET.Element, name: str, field: str) -> list[str]:
    found = element.findall(f"{{*}}{name}List/{{*}}{name}Item") or element.findall(f"{{*}}{name}List/{{*}}{name}")
    return [text.strip() for item in found if (text := item.findtext(f"{{*}}{field}"))]


def _name(element: ET.Element, kind: str, *, weak: bool = False) -> ListedName:
    last, first = (element.findtext(f"{{*}}{n}") for n in ("lastName", "firstName"))
    parts = (("last", last or ""), ("first", first)) if first else ()
    text = joined((last, first)) or "?"
    return ListedName.model_validate({"text": text, "kind": kind, "weak": weak, "parts": parts})


def _alias(element: ET.Element) -> ListedName:
    kind = "former" if (element.findtext("{*}type") or "").lower().startswith("f") else "alias"
    return _name(element, kind, weak=element.findtext("{*}category") == "weak")


def _address(element: ET.Element, *, file: str, row: str, audit: Audit) -> Address:
    said = {name: values[0] for name, values in texts(element).items()}
    country = said.get("country")
    if country and place_of(country) is None and country != "undetermined":
        audit.report(file, row, "country", country, "a country we do not know")
    street = joined((said.get("address1"), said.get("address2"), said.get("address3")))
    city, region, postcode = said.get("city"), said.get("stateOrProvince"), said.get("postalCode")
    return Address(
        text=joined((street, city, region, postcode, country)),
        street=street,
        city=city,
        region=region,
        postcode=postcode,
        country=place_of(country),
    )


def _numbers(element: ET.Element) -> tuple[list[Identifier], list[tuple[str, str]]]:
    ids: list[Identifier] = []
    other: list[tuple[str, str]] = []
    for item in element.findall("{*}idList/{*}id"):
        said: dict[str, Any] = {name: values[0] for name, values in texts(item).items()}
        label, value = said.get("idType", ""), said.get("idNumber", "")
        if any(word in label.lower() for word in _STATEMENTS):
            other.append((label.rstrip(": -"), value))
        elif value:
            dates = [
                f"{word} {said[n]}" for n, word in (("issueDate", "issued"), ("expirationDate", "expires")) if n in said
            ]
            ids.append(identifier(label, value, said.get("idCountry"), note=joined(dates)))
    return ids, other
