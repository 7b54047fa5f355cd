"""The FSF XML, version 1.1: everything is an attribute, and every fact cites its regulation."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, check_tags, countries, elements, joined
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

_KNOWN = frozenset(
    {"regulation", "subjectType", "nameAlias", "citizenship", "birthdate", "identification", "address", "remark"}
)
_INSIDE = frozenset({"remark", "regulationSummary", "contactInfo", "contactInfos"})
_KINDS = {"person": PartyKind.PERSON, "enterprise": PartyKind.ORGANISATION}
_FALSE = ("knownExpired", "knownFalse", "reportedLost", "revokedByIssuer", "diplomatic")


def parse_xml(files: Files, part: str, *, list_id: str, audit: Audit) -> Iterator[ListedParty]:
    """The sanctioned entities of an FSF XML file."""
    for element in elements(files[part], file=part, tags=("sanctionEntity",)):
        audit.rows += 1
        if party := _party(element, part, list_id, audit):
            yield party


def _party(element: ET.Element, part: str, list_id: str, audit: Audit) -> ListedParty | None:
    number = element.get("euReferenceNumber") or element.get("logicalId") or "?"
    check_tags(element, file=part, row=number, known=_KNOWN, audit=audit)
    for child in element:
        if not child.tag.endswith(("}regulation", "}subjectType", "}remark")):
            check_tags(child, file=part, row=number, known=_INSIDE, audit=audit)
    names = tuple(dict.fromkeys(_names(element)))
    if not names:
        audit.report(part, number, "nameAlias", "", "an entity without a name")
        return None
    subject = element.find("{*}subjectType")
    kind = _KINDS.get(subject.get("code", "")) if subject is not None else None
    if kind is None:
        audit.report(part, number, "subjectType", subject.get("code") if subject is not None else "", "not known")
    nations = [c.get("countryIso2Code") or c.get("countryDescription") for c in element.findall("{*}citizenship")]
    regulations = element.findall("{*}regulation")
    days = [day for r in regulations if (day := day_of(r.get("entryIntoForceDate") or r.get("publicationDate")))]
    return ListedParty(
        list=list_id,
        id=number,
        kind=kind or PartyKind.UNKNOWN,
        names=names,
        identifiers=tuple(dict.fromkeys(_documents(element))),
        addresses=tuple(a for e in element.findall("{*}address") if (a := _address(e))),
        birth_dates=tuple(dict.fromkeys(d for e in element.findall("{*}birthdate") if (d := _birth(e)))),
        birth_places=tuple(dict.fromkeys(p for e in element.findall("{*}birthdate") if (p := _birth_place(e)))),
        nationalities=countries(
            (n for n in nations if n != "00"), file=part, row=number, field="citizenship", audit=audit
        ),
        programmes=tuple(dict.fromkeys(p for r in regulations if (p := r.get("programme")))),
        legal_basis=tuple(dict.fromkeys(n for r in regulations if (n := r.get("numberTitle")))),
        listed_on=day_of(element.get("designationDate")) or min(days, default=None),
        remarks=joined((r.text for r in element.findall("{*}remark")), by="\n")
        or element.get("designationDetails")
        or None,
        other=tuple(dict.fromkeys(_other(element))),
    )


def _names(element: ET.Element) -> Iterator[ListedName]:
    for number, alias in enumerate(element.findall("{*}nameAlias")):
        given, middle, last = (alias.get(n, "") for n in ("firstName", "middleName", "lastName"))
        text = alias.get("wholeName") or joined((given, middle, last), by=" ")
        parts = tuple((n, v) for n, v in (("first", given), ("middle", middle), ("last", last)) if v)
        if text:
            kind = "primary" if number == 0 else "alias"
            yield ListedName.model_validate(
                {"text": text, "kind": kind, "weak": alias.get("strong") == "false", "parts": parts}
            )


def _other(element: ET.Element) -> Iterator[tuple[str, str]]:
    for alias in element.findall("{*}nameAlias"):
        for name in ("function", "title", "gender"):
            if said := alias.get(name):
                yield name, said
    if said := element.get("unitedNationId"):
        yield "united nations id", said
    for inner in ("nameAlias", "address", "identification", "birthdate", "citizenship"):
        for remark in element.findall(f"{{*}}{inner}/{{*}}remark"):
            if remark.text and remark.text.strip():
                yield f"{inner} remark", remark.text.strip()
    for contact in element.iter("{http://eu.europa.ec/fpi/fsd/export}contactInfo"):
        yield contact.get("key", "contact"), contact.get("value", contact.text or "")


def _documents(element: ET.Element) -> Iterator[Identifier]:
    for document in element.findall("{*}identification"):
        number = document.get("number") or document.get("latinNumber") or ""
        label = document.get("identificationTypeDescription") or document.get("identificationTypeCode") or "document"
        notes = [name for name in _FALSE if document.get(name) == "true"]
        notes += [f"issued by {document.get('issuedBy')}"] if document.get("issuedBy") else []
        if number:
            yield identifier(label, number, document.get("countryIso2Code"), note=joined(notes))


def _address(element: ET.Element) -> Address | None:
    street, city, region = element.get("street"), element.get("city"), element.get("region")
    place, box, code = element.get("place"), element.get("poBox"), element.get("zipCode")
    country = place_of(element.get("countryIso2Code")) or place_of(element.get("countryDescription"))
    named = element.get("countryDescription") if element.get("countryIso2Code") != "00" else None
    text = joined((street, f"P.O. Box {box}" if box else None, code, city, place, region, named))
    if text is None:
        return None
    return Address(
        text=text,
        street=street or None,
        city=city or None,
        region=region or None,
        postcode=code or None,
        country=country,
    )


def _birth(element: ET.Element) -> str | None:
    about = "circa " if element.get("circa") == "true" else ""
    if day := element.get("birthdate"):
        return about + day
    if element.get("yearRangeFrom") and element.get("yearRangeTo"):
        return f"{about}{element.get('yearRangeFrom')}/{element.get('yearRangeTo')}"
    parts = [element.get(n) for n in ("year", "monthOfYear", "dayOfMonth")]
    said = "-".join(f"{int(p):02d}" for p in parts if p and p.isdigit() and int(p))
    return about + said if said else None


def _birth_place(element: ET.Element) -> str | None:
    country = element.get("countryDescription") if element.get("countryIso2Code") != "00" else None
    return joined((element.get("place"), element.get("city"), element.get("region"), country))
