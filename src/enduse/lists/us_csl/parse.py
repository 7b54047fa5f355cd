"""Reads the Consolidated Screening List in its three forms: official CSV, official JSON, compact JSON.

Every form is brought to the official field names first, and read from there by one function.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, cast

from enduse.errors import ListError
from enduse.lists.dates import birth_date_of, day_of, plausible
from enduse.lists.places import place_at_end, place_of, us_address
from enduse.lists.reading import Audit, Files, bytes_of, split, table
from enduse.lists.us_csl.numbers import Numbers, labels_come_last, number_in_text, numbers_of
from enduse.model.listing import Link, ListedName, ListedParty
from enduse.model.party import Address, PartyKind

LIST = "us_csl"
_CSV, _JSON, _COMPACT = "consolidated.csv", "consolidated.json", "compact.json"

_JOINED = (
    "programs",
    "addresses",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "ids",
)
_USED = (
    "_id",
    "source",
    "entity_number",
    "type",
    "name",
    "title",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "source_information_url",
    *_JOINED,
)
_REQUIRED = ("source", "name", "alt_names", "addresses", "license_requirement", "license_policy", "programs")
_OTHER = (
    "title",
    "federal_register_notice",
    "standard_order",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "source_list_url",
    "source_information_url",
)
_KINDS = {
    "individual": PartyKind.PERSON,
    "entity": PartyKind.ORGANISATION,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
    "": PartyKind.UNKNOWN,
}
_CODE = re.compile(r"\(([A-Z-]+?)(?: List)?\)")
_LINKED = re.compile(r"\(?Linked To: ([^;]+?)\)?(?=;|$)", re.IGNORECASE)

Fields = dict[str, Any]
"""One entry under the official field names; joined cells already split."""


def recognise(_name: str, head: bytes) -> str | None:
    """Which form of the list a file is, by its first bytes."""
    start = head[:2_000].decode("utf-8", errors="replace").lstrip("\ufeff")
    if start.startswith(("_id,source,entity_number", '"_id","source"')):
        return _CSV
    if not start.startswith("{"):
        return None
    if "Consolidated Screening List" in start and '"sourceGeneratedAt"' in start:
        return _COMPACT
    start = head.decode("utf-8", errors="replace")
    return _JSON if '"results"' in start or ('"source"' in start and '"alt_names"' in start) else None


def stated_on(files: Files) -> date | None:
    """The day the compact form says it was generated; the official forms do not say."""
    if _COMPACT in files:
        return day_of(str(_json(files, _COMPACT).get("sourceGeneratedAt", "")))
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The parties of whichever form is there."""
    audit = audit if audit is not None else Audit()
    seen: dict[str, int] = {}
    for file, row, entry in _entries(files, audit):
        party = _party(entry, file=file, row=row, audit=audit)
        if party is None:
            continue
        seen[party.id] = seen.get(party.id, 0) + 1
        if (times := seen[party.id]) > 1:
            party = party.model_copy(update={"id": f"{party.id}~{times}"})
        yield party


def _entries(files: Files, audit: Audit) -> Iterator[tuple[str, object, Fields]]:
    if _CSV in files:
        yield from _official_csv(files, audit)
    elif _JSON in files:
        yield from _official_json(_json(files, _JSON), audit)
    elif _COMPACT in files:
        yield from _compact(_json(files, _COMPACT), audit)
    else:
        raise ListError("none of the files is a Consolidated Screening List", hint="give the CSV or the JSON file")


def _official_csv(files: Files, audit: Audit) -> Iterator[tuple[str, object, Fields]]:
    rows = list(table(files[_CSV], file=_CSV, audit=audit, used=_USED, required=_REQUIRED))
    label_last = labels_come_last(row.get("ids", "") for _, row in rows)
    for line, row in rows:
        fields: Fields = {n: split(cell) if n in _JOINED else cell for n, cell in row.items()}
        fields["ids"] = tuple(number_in_text(one, label_last=label_last) for one in fields.get("ids", ()))
        yield _CSV, line, fields


def _json(files: Files, part: str) -> dict[str, Any]:
    try:
        whole = json.loads(bytes_of(files[part], file=part))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ListError(f"is not whole JSON: {error}", place=part, hint="download the file again") from error
    if not isinstance(whole, dict):
        raise ListError("is not a JSON object", place=part, hint="this is not the list")
    return cast("dict[str, Any]", whole)


def _official_json(whole: dict[str, Any], audit: Audit) -> Iterator[tuple[str, object, Fields]]:
    if not isinstance(results := whole.get("results"), list):
        raise ListError("the format has changed: no `results`", place=_JSON, hint="the parser must learn it")
    for number, entry in enumerate(results, start=1):
        audit.rows += 1
        if "source" not in entry or "name" not in entry:
            audit.report(_JSON, number, "(record)", entry, "has no source or no name")
            continue
        for name in entry.keys() - {*_USED, "id", "country", "source_id"}:
            audit.report(_JSON, number, name, entry[name], "a field we do not know")
        yield _JSON, number, {**entry, "_id": entry.get("id") or entry.get("_id")}


def _compact(whole: dict[str, Any], audit: Audit) -> Iterator[tuple[str, object, Fields]]:
    """Entries of the compact form: short keys, and numbers that point into tables."""
    tables = whole.get("tables", {})
    pointing = {
        "s": ("source", "sources"),
        "lr": ("license_requirement", "licenceRequirements"),
        "lp": ("license_policy", "licencePolicies"),
        "pg": ("programs", "programmes"),
        "u": ("source_list_url", "urls"),
    }
    plain = {"n": "name", "a": "alt_names", "t": "type", "e": "entity_number", "fr": "federal_register_notice"}
    for number, entry in enumerate(whole.get("entries", ()), start=1):
        audit.rows += 1
        fields: Fields = {}
        for key, value in entry.items():
            if key in plain:
                fields[plain[key]] = value
            elif key == "c":
                fields["addresses"] = tuple({"country": code} for code in value)
            elif key in pointing:
                name, of = pointing[key]
                fields[name] = tables[of][value]
            else:
                audit.report(_COMPACT, number, key, value, "a field we do not know")
        yield _COMPACT, number, fields


def source_code(source: str) -> str:
    """The short code of a sub-list: `Entity List (EL) - Bureau ...` gives `EL`, the menu-based list `MBS`."""
    found = _CODE.search(source)
    return found[1].removeprefix("NS-") if found else source


def _party(entry: Fields, *, file: str, row: object, audit: Audit) -> ListedParty | None:
    if not (name := _text(entry, "name")):
        audit.report(file, row, "name", entry.get("_id", ""), "an entry without a name")
        return None
    kind = _KINDS.get(_text(entry, "type").lower())
    if kind is None:
        audit.report(file, row, "type", entry["type"], "a type we do not know")
    numbers = _numbers(entry, file=file, row=row, audit=audit)
    flags = [code for flag in _split(entry, "vessel_flag") if (code := place_of(flag))]
    return ListedParty(
        list=LIST,
        id=_id(entry),
        source=source_code(_text(entry, "source")),
        kind=kind or PartyKind.UNKNOWN,
        names=_names(name, _split(entry, "alt_names")),
        identifiers=numbers.identifiers,
        addresses=tuple(_addresses(entry)),
        birth_dates=tuple(birth_date_of(text) for text in _split(entry, "dates_of_birth")),
        birth_places=_split(entry, "places_of_birth"),
        nationalities=_countries(entry, flags=flags, file=file, row=row, audit=audit),
        programmes=_split(entry, "programs"),
        licence_requirement=_text(entry, "license_requirement") or None,
        licence_policy=_text(entry, "license_policy") or None,
        listed_on=_day(entry, "start_date", file=file, row=row, audit=audit),
        expires_on=_day(entry, "end_date", file=file, row=row, audit=audit),
        links=tuple(Link(to=to, relation="linked to", name=to) for to in _linked(_text(entry, "remarks"))),
        remarks=_text(entry, "remarks") or None,
        other=(*((n, _text(entry, n)) for n in _OTHER if _text(entry, n)), *numbers.other),
    )


def _text(entry: Fields, name: str) -> str:
    value = entry.get(name)
    return str(value).strip() if value is not None else ""


def _split(entry: Fields, name: str) -> tuple[str, ...]:
    value = entry.get(name)
    if isinstance(value, str):
        return split(value)
    return tuple(dict.fromkeys(said for v in value or () if (said := str(v).strip())))


def _id(entry: Fields) -> str:
    """The publisher's number, with its sub-list where one party may be on several; without one, a digest of what
    the entry is (never its place in the file).
    """
    number, source = _text(entry, "entity_number"), source_code(_text(entry, "source"))
    if number:
        return number if source == "SDN" else f"{source}:{number}"
    if stated := _text(entry, "_id"):
        return stated
    said = (entry.get(n) for n in ("source", "name", "addresses", "federal_register_notice"))
    return hashlib.sha256(repr(tuple(said)).encode()).hexdigest()[:20]


def _names(name: str, aliases: tuple[str, ...]) -> tuple[ListedName, ...]:
    """The names as published, then those that stand inside one (`X, a.k.a. Y`; `X; and any successor ...`)."""
    others = [alias.removeprefix("and ") for alias in aliases]
    inside = [part for whole in (name, *others) for part in _inside(whole)]
    later = dict.fromkeys(alias for alias in (*others, *inside) if alias and alias != name)
    return (ListedName(text=name), *(ListedName(text=alias, kind="alias") for alias in later))


_ALSO = re.compile(
    r",?\s*\(?\b(?:a\.\s?k\.\s?a\.?|f\.\s?k\.\s?a\.?|also known as|formerly known as)[,:]?\s*", re.IGNORECASE
)
_SUCCESSORS = re.compile(r"[;,]?\s+and any successor\b.*$", re.IGNORECASE)


def _inside(whole: str) -> tuple[str, ...]:
    """The names inside a name that holds several or a clause; none when it is plain."""
    plain = _SUCCESSORS.sub("", whole)
    parts = [part.strip(" .,;") for part in _ALSO.split(plain)]
    if len(parts) > 1:
        parts = [_balanced(part) for part in parts]
    return tuple(p for p in parts if len(p) > 2) if len(parts) > 1 or plain != whole else ()


def _balanced(part: str) -> str:
    """A part without the bracket that closed a group opened before it."""
    depth = 0
    for at, sign in enumerate(part):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            return part[:at] + part[at + 1 :]
    return part


def _addresses(entry: Fields) -> Iterator[Address]:
    for said in entry.get("addresses") or ():
        if isinstance(said, str):
            yield _address(said)
        else:
            yield Address(
                text=said.get("address") or None,
                city=said.get("city") or None,
                region=said.get("state") or None,
                postcode=said.get("postal_code") or None,
                country=place_of(said.get("country")),
            )


@lru_cache(maxsize=4_000)
def _address(text: str) -> Address:
    country = "US" if us_address(text) else place_at_end(text)
    return Address(text=None if text == country else text, country=country)


def _countries(entry: Fields, *, flags: list[str], file: str, row: object, audit: Audit) -> tuple[str, ...]:
    codes = list(flags)
    for name in ("nationalities", "citizenships"):
        for said in _split(entry, name):
            if code := place_of(said):
                codes.append(code)
            else:
                audit.report(file, row, name, said, "a country we do not know")
    return tuple(dict.fromkeys(codes))


def _day(entry: Fields, name: str, *, file: str, row: object, audit: Audit) -> date | None:
    if not (text := _text(entry, name)):
        return None
    day = day_of(text)
    if day is None or not plausible(day):
        audit.report(file, row, name, text, "not a day a list can mean")
        return None
    return day


def _numbers(entry: Fields, *, file: str, row: object, audit: Audit) -> Numbers:
    stated = entry.get("ids") or ()
    return numbers_of(stated, call_sign=_text(entry, "call_sign"), file=file, row=row, audit=audit)


def _linked(remarks: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m[1].strip() for m in _LINKED.finditer(remarks))) if "inked" in remarks else ()
