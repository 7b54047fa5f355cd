"""OFAC's Advanced XML: numbers that point into reference tables, places and documents, then parties, then ties.

Read in one pass. Parties are kept as plain arguments until the sanctions entries at the end of the file say since
when, under which programmes and on which legal basis each is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from enduse.lists.identifiers import identifier
from enduse.lists.ofac.periods import children, numbers_of, period_of
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, check_tags, elements, joined, local
from enduse.model.listing import Link, ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

_RECORDS = (
    "DateOfIssue",
    "ReferenceValueSets",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
)
_ALIASES = {"A.K.A.": "alias", "F.K.A.": "former", "N.K.A.": "alias", "Name": "primary"}
_SCRIPTS = {"Latin": "Latn", "Japanese": "Jpan", "Korean": "Kore", "Hebrew": "Hebr"}
_LISTS = {"SDN List": "SDN", "Non-SDN Palestinian Legislative Council List": "PLC"}
_LISTS |= {"Sectoral Sanctions Identifications List": "SSI", "Consolidated List": "CONS"}
_PARTS = {"Last Name": "last", "First Name": "first", "Middle Name": "middle", "Maiden Name": "maiden"}
_PARTS |= {"Nickname": "nickname", "Patronymic": "patronymic", "Matronymic": "matronymic"}
_COUNTRIES = ("Nationality Country", "Citizenship Country", "Vessel Flag")
_NUMBERS = frozenset(
    {
        "SWIFT/BIC",
        "Website",
        "Email Address",
        "D-U-N-S Number",
        "ISIN",
        "Equity Ticker",
        "Phone Number",
        "MICEX Code",
        "BIK (RU)",
        "UN/LOCODE",
        "Vessel Call Sign",
        "Other Vessel Call Sign",
        "Aircraft Mode S Transponder Code",
        "Aircraft Tail Number",
        "Previous Aircraft Tail Number",
        "Aircraft Construction Number (also called L/N or S/N or F/N)",
        "Aircraft Manufacturer's Serial Number (MSN)",
    }
)
_FEATURE_TAGS = frozenset({"FeatureVersion", "IdentityReference"})
_VERSION_TAGS = frozenset({"Comment", "DatePeriod", "VersionDetail", "VersionLocation"})


def issued_on(files: Files, part: str) -> date | None:
    """The date of issue at the head of the file."""
    for element in elements(files[part], file=part, tags=("DateOfIssue",)):
        year, month, day = (int(child.text or 0) for child in element)
        return date(year, month, day)
    return None


def parse_advanced(files: Files, part: str, *, list_id: str, source: str, audit: Audit) -> Iterator[ListedParty]:
    """The parties of an Advanced XML file."""
    reading = _Reading(part, audit)
    for element in elements(files[part], file=part, tags=_RECORDS):
        reading.take(element)
    yield from reading.parties(list_id, source)


class _Reading:
    """One pass over one file; what later records refer to is kept by number."""

    def __init__(self, file: str, audit: Audit) -> None:
        self.file, self.audit = file, audit
        self.words: dict[tuple[str, str], str] = {}
        self.codes: dict[str, str | None] = {}
        self.kinds: dict[str, PartyKind] = {}
        self.places: dict[str, Address] = {}
        self.documents: dict[str, list[Identifier]] = defaultdict(list)
        self.read: dict[str, dict[str, Any]] = {}
        self.ties: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.entries: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def take(self, element: ET.Element) -> None:
        match local(element.tag):
            case "ReferenceValueSets":
                self._references(element)
            case "Location":
                self._location(element)
            case "IDRegDocument":
                self._document(element)
            case "DistinctParty":
                self._party(element)
            case "ProfileRelationship":
                self._tie(element)
            case "SanctionsEntry":
                self._entry(element)

    def word(self, table: str, number: str | None, *, row: object = "") -> str:
        """The text a reference number stands for; an unknown number is reported."""
        if number is None:
            return ""
        if (table, number) not in self.words:
            self.audit.report(self.file, row, f"{table}ID", number, "a number no reference table explains")
        return self.words.get((table, number), "")

    def _references(self, element: ET.Element) -> None:
        for values in element:
            for value in values:
                tag, number = local(value.tag), value.get("ID", "")
                self.words[tag, number] = (value.text or "").strip()
                if tag == "Country":
                    self.codes[number] = place_of(value.get("ISO2")) or place_of(value.text)
                elif tag == "AreaCode":
                    self.codes.setdefault(number, place_of(value.text) or place_of(value.get("Description")))
                elif tag == "Script":
                    code = value.get("ScriptCode", "")
                    self.words[tag, number] = code if len(code) == 4 else _SCRIPTS.get(code, code)
                elif tag == "PartySubType":
                    self.words["PartyType of", number] = value.get("PartyTypeID", "")
        for number, said in [(n, s) for (tag, n), s in self.words.items() if tag == "PartySubType"]:
            self.kinds[number] = _kind(said, self.words.get(("PartyType", self.words["PartyType of", number]), ""))

    def _location(self, element: ET.Element) -> None:
        parts: dict[str, str] = {}
        country: str | None = None
        for child in element:
            match local(child.tag):
                case "LocationCountry":
                    country = self.codes.get(child.get("CountryID", "")) or country
                case "LocationAreaCode":
                    country = country or self.codes.get(child.get("AreaCodeID", ""))
                case "LocationPart":
                    values = (value.text for inner in child for value in inner if local(value.tag) == "Value")
                    parts[self.word("LocPartType", child.get("LocPartTypeID"))] = (next(values, "") or "").strip()
        street = joined((parts.get("ADDRESS1"), parts.get("ADDRESS2"), parts.get("ADDRESS3")))
        city, region = parts.get("CITY"), parts.get("STATE/PROVINCE") or parts.get("REGION")
        postcode, unknown = parts.get("POSTAL CODE"), parts.get("Unknown")
        self.places[element.get("ID", "")] = Address(
            text=joined((unknown, street, city, region, postcode, country)),
            street=street,
            city=city or None,
            region=region or None,
            postcode=postcode or None,
            country=country,
        )

    def _document(self, element: ET.Element) -> None:
        label = self.word("IDRegDocType", element.get("IDRegDocTypeID"), row=element.get("ID"))
        number, notes = "", []
        for child in element:
            match local(child.tag):
                case "IDRegistrationNo":
                    number = (child.text or "").strip()
                case "Comment" | "IssuingAuthority":
                    notes.append((child.text or "").strip())
                case "DocumentDate":
                    kind = self.word("IDRegDocDateType", child.get("IDRegDocDateTypeID"))
                    period = child.find("{*}DatePeriod")
                    notes.append(f"{kind} {period_of(period)}" if period is not None else "")
                case (
                    "DocumentedNameReference" | "FeatureVersionReference" | "IDRegDocumentMention" | "IssuedInLocation"
                ):
                    pass
                case tag:
                    self.audit.report(self.file, element.get("ID"), tag, child.text or "", "an element we do not know")
        if self.words.get(("Validity", element.get("ValidityID", ""))) == "Fraudulent":
            notes.append("fraudulent")
        country = self.codes.get(element.get("IssuedBy-CountryID", ""))
        if number:
            said = identifier(label, number, country, note=joined(notes))
            self.documents[element.get("IdentityID", "")].append(said)

    def _party(self, element: ET.Element) -> None:
        self.audit.rows += 1
        remarks = element.findtext("{*}Comment")
        check_tags(element, file=self.file, row=element.get("FixedRef"), known=("Comment", "Profile"), audit=self.audit)
        for profile in element.findall("{*}Profile"):
            number = profile.get("ID", "")
            kind = self.kinds.get(profile.get("PartySubTypeID", ""), PartyKind.UNKNOWN)
            found: dict[str, Any] = {"kind": kind, "remarks": (remarks or "").strip() or None}
            found |= {n: [] for n in ("names", "identifiers", "addresses", "birth_dates", "birth_places")}
            found |= {"nationalities": [], "other": []}
            for child in profile:
                match local(child.tag):
                    case "Identity":
                        self._identity(child, found, row=number)
                    case "Feature":
                        self._feature(child, found, row=number)
                    case "SanctionsEntryReference" | "ExternalReference":
                        pass
                    case tag:
                        self.audit.report(self.file, number, tag, child.text or "", "an element we do not know")
            self.read[number] = found

    def _identity(self, element: ET.Element, found: dict[str, Any], *, row: str) -> None:
        found["identifiers"] += self.documents.pop(element.get("ID", ""), [])
        groups = {g.get("ID"): g.get("NamePartTypeID") for g in element.iter() if g.tag.endswith("}NamePartGroup")}
        for alias in element.findall("{*}Alias"):
            said = _ALIASES.get(self.word("AliasType", alias.get("AliasTypeID"), row=row), "alias")
            primary = alias.get("Primary") == "true"
            for name in alias.findall("{*}DocumentedName"):
                read = self._name(name, groups, kind="primary" if primary else said)
                found["names"].append(read.model_copy(update={"weak": alias.get("LowQuality") == "true"}))

    def _name(self, element: ET.Element, groups: dict[str | None, str | None], *, kind: str) -> ListedName:
        parts: list[tuple[str, str]] = []
        script, acronym = None, False
        for value in element.iter():
            if not value.tag.endswith("}NamePartValue"):
                continue
            label = self.word("NamePartType", groups.get(value.get("NamePartGroupID")))
            parts.append((_PARTS.get(label, "name"), (value.text or "").strip()))
            script = self.words.get(("Script", value.get("ScriptID", "")))
            acronym = acronym or value.get("Acronym") == "true"
        if kind == "primary" and self.words.get(("DocNameStatus", element.get("DocNameStatusID", ""))) == "Others":
            kind = "spelling"
        kind = "acronym" if acronym else "maiden" if [n for n, _ in parts] == ["maiden"] else kind
        kept = tuple(parts) if any(n != "name" for n, _ in parts) else ()
        return ListedName.model_validate({"text": _written(parts), "kind": kind, "script": script, "parts": kept})

    def _feature(self, element: ET.Element, found: dict[str, Any], *, row: str) -> None:
        label = self.word("FeatureType", element.get("FeatureTypeID"), row=row)
        check_tags(element, file=self.file, row=row, known=_FEATURE_TAGS, audit=self.audit)
        for version in (child for child in element if local(child.tag) == "FeatureVersion"):
            false = self.words.get(("Reliability", version.get("ReliabilityID", ""))) == "False"
            for name, value in self._version(version, label, row=row):
                if false:
                    found["other"].append((f"{label} (false)", getattr(value, "value", None) or str(value)))
                elif value not in found[name]:
                    found[name].append(value)

    def _version(self, element: ET.Element, label: str, *, row: str) -> Iterator[tuple[str, Any]]:
        note = ""
        for child in element:
            match local(child.tag):
                case "Comment":
                    note = (child.text or "").strip()
                case "DatePeriod":
                    said = period_of(child)
                    yield ("birth_dates", said) if label == "Birthdate" else ("other", (label.rstrip(": -"), said))
                case "VersionLocation":
                    yield from self._place(child.get("LocationID", ""), label, row=row)
                case "VersionDetail":
                    text = (child.text or "").strip()
                    text = text or self.word("DetailReference", child.get("DetailReferenceID"), row=row)
                    if text:
                        yield _detail(label, joined((text, note)) or text)
                case tag:
                    self.audit.report(self.file, row, tag, child.text or "", "an element we do not know")

    def _place(self, number: str, label: str, *, row: str) -> Iterator[tuple[str, Any]]:
        address = self.places.get(number)
        if address is None:
            self.audit.report(self.file, row, "LocationID", number, "no such location")
        elif label in _COUNTRIES:
            if address.country:
                yield "nationalities", address.country
            if label == "Vessel Flag":
                yield "other", ("vessel_flag", address.country or address.text or "")
        elif label == "Place of Birth":
            if address.text:
                yield "birth_places", address.text
        elif label == "Location":
            yield "addresses", address
        else:
            yield "other", (label.rstrip(": -"), address.text or "")

    def _tie(self, element: ET.Element) -> None:
        relation = self.word("RelationType", element.get("RelationTypeID"), row=element.get("ID"))
        former = "formerly " if element.get("Former") == "true" else ""
        self.ties[element.get("From-ProfileID", "")].append(
            (element.get("To-ProfileID", ""), former + relation.lower())
        )

    def _entry(self, element: ET.Element) -> None:
        found: dict[str, Any] = {"list": self.word("List", element.get("ListID")), "days": [], "basis": []}
        found |= {"programmes": [], "measures": []}
        for child in element:
            match local(child.tag):
                case "EntryEvent":
                    found["basis"].append(self.word("LegalBasis", child.get("LegalBasisID")))
                    if (day := _day(children(child).get("Date"))) is not None:
                        found["days"].append(day)
                case "SanctionsMeasure":
                    measure = self.word("SanctionsType", child.get("SanctionsTypeID"))
                    said = next((c.text or "" for c in child if local(c.tag) == "Comment"), "").strip()
                    found["programmes" if measure == "Program" else "measures"].append(said or measure)
                case "LimitationsToList":
                    pass
                case tag:
                    self.audit.report(self.file, element.get("ID"), tag, child.text or "", "an element we do not know")
        self.entries[element.get("ProfileID", "")].append(found)

    def parties(self, list_id: str, source: str) -> Iterator[ListedParty]:
        """The parties, once the whole file has been read."""
        names = {n: found["names"][0].text for n, found in self.read.items() if found["names"]}
        for number, found in self.read.items():
            if not found["names"]:
                self.audit.report(self.file, number, "Identity", "", "a party without a name")
                continue
            entries = self.entries.get(number, [])
            if not entries:
                self.audit.report(self.file, number, "SanctionsEntry", "", "a party no entry lists")
            days = [day for entry in entries for day in entry["days"]]
            measures = [("measure", m) for entry in entries for m in entry["measures"]]
            others = [("list", _LISTS.get(entry["list"], entry["list"])) for entry in entries]
            links = [Link(to=to, relation=said, name=names.get(to)) for to, said in self.ties.get(number, [])]
            yield ListedParty(
                list=list_id,
                id=number,
                source=source if source != "CONS" else next((said for _, said in others if said != "CONS"), source),
                kind=found["kind"],
                names=tuple(dict.fromkeys(found["names"])),
                identifiers=tuple(dict.fromkeys(found["identifiers"])),
                addresses=tuple(found["addresses"]),
                birth_dates=tuple(found["birth_dates"]),
                birth_places=tuple(found["birth_places"]),
                nationalities=tuple(found["nationalities"]),
                programmes=tuple(dict.fromkeys(p for e in entries for p in e["programmes"])),
                legal_basis=tuple(dict.fromkeys(b for e in entries for b in e["basis"] if b != "Unknown")),
                listed_on=min(days, default=None),
                links=tuple(links),
                remarks=found["remarks"],
                other=tuple(dict.fromkeys((*found["other"], *measures, *others))),
            )


def _kind(sub: str, kind: str) -> PartyKind:
    if sub in {"Vessel", "Aircraft"}:
        return PartyKind(sub.lower())
    return {"Individual": PartyKind.PERSON, "Entity": PartyKind.ORGANISATION}.get(kind, PartyKind.UNKNOWN)


def _written(parts: list[tuple[str, str]]) -> str:
    """A name as OFAC prints it: `Last, First Middle` for persons, else as it stands."""
    last = " ".join(text for name, text in parts if name == "last")
    rest = " ".join(text for name, text in parts if name != "last")
    return f"{last}, {rest}" if last and rest else last or rest


def _detail(label: str, text: str) -> tuple[str, Any]:
    """Where a feature's text belongs."""
    if label in _NUMBERS or label.startswith("Digital Currency"):
        return "identifiers", identifier(label, text)
    if label in _COUNTRIES and (code := place_of(text)):
        return "nationalities", code
    return "other", (label.rstrip(": -") or "unknown", text)


def _day(element: ET.Element | None) -> date | None:
    if element is None:
        return None
    year, month, day = numbers_of(element)
    return date(year, month, day) if year and month and day else None
