"""Reads SECO's swiss-sanctions-list: programmes first, then targets whose names come in parts and languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from xml.etree import ElementTree as ET

from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import (
    Audit,
    Files,
    check_tags,
    countries,
    elements,
    head_of,
    joined,
    local,
    root_attribute,
    root_tag,
)
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

LIST, PART = "ch_seco", "swiss_sanctions.xml"
_KINDS = {"individual": PartyKind.PERSON, "entity": PartyKind.ORGANISATION, "object": PartyKind.UNKNOWN}
_OBJECTS = {"vessel": PartyKind.VESSEL, "ship": PartyKind.VESSEL, "aircraft": PartyKind.AIRCRAFT}
_TARGET = frozenset(
    {"individual", "entity", "object", "sanctions-set-id", "foreign-identifier", "modification", "generic-attribute"}
)
_BODY = ("identity", "justification", "relation", "other-information")
_IDENTITY = ("name", "nationality", "day-month-year", "place-of-birth", "identification-document", "address")


def recognise(_name: str, head: bytes) -> str | None:
    """The one file of this list, by its root element."""
    return PART if root_tag(head) == "swiss-sanctions-list" else None


def stated_on(files: Files) -> date | None:
    """The day in the root element."""
    return day_of(root_attribute(head_of(files[PART], size=2_000), "date"))


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The targets; those the file marks as removed are left out by name."""
    audit = audit if audit is not None else Audit()
    sets: dict[str, str] = {}
    places: dict[str, ET.Element] = {}
    for element in elements(files[PART], file=PART, tags=("sanctions-program", "place", "target")):
        match local(element.tag):
            case "sanctions-program":
                sets |= _sets(element)
            case "place":
                places[element.get("ssid", "")] = _kept(element)
            case "target":
                audit.rows += 1
                if (latest := _latest(element)) in {"de-listed", "delisted", "removed"}:
                    audit.ignore(f"(target {latest})")
                elif party := _party(element, sets, places, audit):
                    yield party


def _kept(element: ET.Element) -> ET.Element:
    """A copy, since what was read is let go."""
    return ET.fromstring(ET.tostring(element))


def _latest(element: ET.Element) -> str:
    changes = element.findall("modification")
    dated = sorted(changes, key=lambda c: c.get("effective-date") or c.get("enactment-date") or "")
    return dated[-1].get("modification-type", "") if dated else ""


def _sets(element: ET.Element) -> dict[str, str]:
    key = next((k.text for k in element.findall("program-key") if k.get("lang") == "eng" and k.text), "")
    key = key or element.findtext("program-key") or ""
    found = {s.get("ssid", ""): s.text or "" for s in element.findall("sanctions-set") if s.get("lang", "eng") == "eng"}
    return {number: joined((key, name), by=": ") or number for number, name in found.items()}


def _party(
    element: ET.Element, sets: dict[str, str], places: dict[str, ET.Element], audit: Audit
) -> ListedParty | None:
    number = element.get("ssid", "?")
    check_tags(element, file=PART, row=number, known=_TARGET, audit=audit)
    body = next((child for child in element if local(child.tag) in _KINDS), None)
    if body is None:
        audit.report(PART, number, "target", "", "neither individual, entity nor object")
        return None
    check_tags(body, file=PART, row=number, known=_BODY, audit=audit)
    identities = body.findall("identity")
    for identity in identities:
        check_tags(identity, file=PART, row=number, known=_IDENTITY, audit=audit)
    names = [name for identity in identities for name in _names(identity)]
    if not names:
        audit.report(PART, number, "name", "", "a target without a name")
        return None
    nations = [c.get("iso-code") for i in identities for c in i.findall("nationality/country")]
    dated = (m.get("effective-date") or m.get("publication-date") for m in element.findall("modification"))
    days = [day for said in dated if (day := day_of(said))]
    programmes = [sets.get(s.text or "", s.text or "") for s in element.findall("sanctions-set-id")]
    sex = [("sex", body.get("sex", ""))] if body.get("sex") else []
    return ListedParty(
        list=LIST,
        id=number,
        kind=_OBJECTS.get(body.get("object-type", ""), _KINDS[local(body.tag)]),
        names=tuple(dict.fromkeys(names)),
        identifiers=tuple(_documents(identities)),
        addresses=tuple(_address(a, places) for i in identities for a in i.findall("address")),
        birth_dates=tuple(d for i in identities for e in i.findall("day-month-year") if (d := _date(e))),
        birth_places=tuple(p for i in identities for e in i.findall("place-of-birth") if (p := _place_text(e, places))),
        nationalities=countries(nations, file=PART, row=number, field="nationality", audit=audit),
        programmes=tuple(p for p in programmes if p),
        listed_on=min(days, default=None),
        remarks=joined((e.text for e in body.findall("justification") + body.findall("other-information")), by="\n"),
        other=tuple(sex),
    )


def _names(identity: ET.Element) -> Iterator[ListedName]:
    """Each name in its main form, and in every spelling its parts have."""
    for name in identity.findall("name"):
        kinds = {"primary-name": "primary", "formerly-known-as": "former", "maiden-name": "maiden"}
        kind = kinds.get(name.get("name-type", ""), "alias")
        weak = name.get("quality", "good") == "low"
        parts = sorted(name.findall("name-part"), key=lambda p: int(p.get("order") or 0))
        first = tuple((p.get("name-part-type", "name"), (p.findtext("value") or "").strip()) for p in parts)
        kept = first if len(first) > 1 else ()
        text = " ".join(value for _, value in first)
        if text:
            yield ListedName.model_validate({"text": text, "kind": kind, "weak": weak, "parts": kept})
        yield from _spellings(parts, weak=weak)


def _spellings(parts: list[ET.Element], *, weak: bool) -> Iterator[ListedName]:
    """The name written with the variants of its parts, language by language; at most 32 of them."""
    forms = [
        [(p.findtext("value") or "").strip(), *((v.text or "").strip() for v in p.findall("spelling-variant"))]
        for p in parts
    ]
    if all(len(form) == 1 for form in forms):
        return
    for number, chosen in enumerate(product(*forms)):
        if 0 < number <= 32 and any(chosen):
            yield ListedName(text=" ".join(part for part in chosen if part), kind="spelling", weak=weak)


def _date(element: ET.Element) -> str:
    known = [element.get(n) for n in ("year", "month", "day")]
    said = "-".join(f"{int(v):02d}" for v in known if v)
    first, last = element.get("start-year"), element.get("end-year")
    about = "circa " if element.get("quality") == "low" else ""
    return about + (said or (f"{first}/{last}" if first and last else ""))


def _documents(identities: list[ET.Element]) -> Iterator[Identifier]:
    for document in (d for i in identities for d in i.findall("identification-document")):
        label = document.get("document-type", "document")
        number = document.findtext("number") or ""
        issuer = document.find("issuer")
        country = issuer.get("code") if issuer is not None else None
        note = joined(
            (document.findtext("date-of-issue"), document.findtext("expiry-date"), document.findtext("remark"))
        )
        if number:
            yield identifier(label, number, country, note=note)


def _place_text(element: ET.Element, places: dict[str, ET.Element]) -> str | None:
    place = places.get(element.get("place-id", ""))
    return joined(t.text for t in place if t.text) if place is not None else None


def _address(element: ET.Element, places: dict[str, ET.Element]) -> Address:
    place = places.get(element.get("place-id", ""))
    country = place.find("country") if place is not None else None
    details, postcode = element.findtext("address-details"), element.findtext("zip-code")
    where = _place_text(element, places)
    return Address(
        text=joined((details, postcode, where, element.findtext("remarks"))),
        street=details,
        postcode=postcode,
        city=place.findtext("location") if place is not None else None,
        country=place_of(country.get("iso-code") if country is not None else None),
    )
