"""Reads FollowTheMoney JSON lines: entities as they are, nested targets, or a delta's additions.

Sanctions, addresses, documents and ties are entities of their own in such a file; they are gathered into the
party they belong to. Schemas that are neither party nor one of these are left aside by name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from enduse.lists.dates import day_of
from enduse.lists.ftm.schemas import NUMBERS, clean_imo, kind_of_schema
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, countries, head_of, opened
from enduse.model.listing import Link, ListedName, ListedParty
from enduse.model.party import Address, Identifier

LIST, PART = "ftm", "entities.ftm.json"
_NAMES = {"name": "alias", "alias": "alias", "weakAlias": "weak", "previousName": "former", "abbreviation": "acronym"}
_COUNTRIES = ("nationality", "citizenship", "country", "jurisdiction", "flag", "mainCountry")
_TIES = {
    "Ownership": ("owner", "asset", "owned by"),
    "Directorship": ("director", "organization", "directed by"),
    "Family": ("person", "relative", "family of"),
    "Associate": ("person", "associate", "associate of"),
    "Membership": ("member", "organization", "has member"),
    "UnknownLink": ("subject", "object", "linked to"),
    "Representation": ("agent", "client", "represented by"),
    "Employment": ("employee", "employer", "employs"),
    "Succession": ("predecessor", "successor", "successor of"),
}
_USED = frozenset(
    {*_NAMES, *_COUNTRIES, *NUMBERS, "address", "addressEntity", "birthDate", "birthPlace", "program", "programId"}
    | {"firstName", "lastName", "middleName", "fatherName", "motherName", "patronymic", "notes", "topics"}
)

Entity = dict[str, Any]


def recognise(_name: str, head: bytes) -> str | None:
    """JSON lines whose first object has a schema and properties, or is a change that holds one."""
    first = head.decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0]
    plain = first.replace(" ", "")
    entity = '"schema":' in plain and '"properties":' in plain
    delta = plain.startswith('{"op":') and '"entity":' in plain
    return PART if first.startswith("{") and (entity or delta) else None


def stated_on(files: Files) -> date | None:
    """The day the first entities were last seen."""
    lines = head_of(files[PART], size=200_000).decode("utf-8", errors="replace").splitlines()[:-1]
    days = (day_of(line.partition('"last_seen":')[2].strip(' "')[:10]) for line in lines)
    return max((day for day in days if day), default=None)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The parties; a line that is not JSON is reported and the rest is read."""
    audit = audit if audit is not None else Audit()
    parties: dict[str, tuple[int, Entity]] = {}
    about: dict[str, list[Entity]] = defaultdict(list)
    addresses: dict[str, Entity] = {}
    for line, entity in _entities(files, audit):
        audit.rows += 1
        schema = entity["schema"]
        if kind_of_schema(schema) is not None:
            parties[entity["id"]] = (line, entity)
        elif schema == "Address":
            addresses[entity["id"]] = entity
        elif schema in {"Sanction", "Passport", "Identification"}:
            for owner in _texts(entity, "entity") + _texts(entity, "holder"):
                about[owner].append(entity)
        elif schema in _TIES:
            for owner in _texts(entity, _TIES[schema][1]):
                about[owner].append(entity)
        else:
            audit.ignore(f"(schema {schema})")
    names = {id_: str(e.get("caption", "")) for id_, (_, e) in parties.items()}
    for id_, (line, entity) in parties.items():
        if party := _party(entity, about.get(id_, []), addresses, names, line, audit):
            yield party


def _entities(files: Files, audit: Audit) -> Iterator[tuple[int, Entity]]:
    with opened(files[PART]) as stream:
        for line, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            try:
                found = json.loads(raw)
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                audit.report(PART, line, "(line)", raw[:100], f"is not JSON: {error}")
                continue
            if isinstance(found, dict) and "op" in found:
                if found["op"] == "DEL":
                    audit.ignore("(deleted in a delta)")
                    continue
                found = found.get("entity")
            if not isinstance(found, dict) or not {"id", "schema", "properties"} <= found.keys():
                audit.report(PART, line, "(line)", raw[:100], "is not an entity")
                continue
            yield line, found


def _texts(entity: Mapping[str, Any], name: str) -> list[str]:
    """A property's values as text; a nested entity stands for its id."""
    values = entity["properties"].get(name) or []
    return [str(v["id"]) if isinstance(v, dict) else str(v) for v in values if v]


def _nested(entity: Mapping[str, Any], name: str) -> list[Entity]:
    return [v for v in entity["properties"].get(name) or [] if isinstance(v, dict) and "properties" in v]


def _party(
    entity: Entity,
    about: list[Entity],
    addresses: dict[str, Entity],
    names: dict[str, str],
    line: int,
    audit: Audit,
) -> ListedParty | None:
    found = tuple(dict.fromkeys(_names(entity)))
    if not found:
        audit.report(PART, line, "name", entity["id"], "a party without a name")
        return None
    about = [*about, *_nested(entity, "sanctions")]
    sanctions = [e for e in about if e["schema"] == "Sanction"]
    nations = [said for name in _COUNTRIES for said in _texts(entity, name)]
    codes = countries(nations, file=PART, row=line, field="country", audit=audit)
    since = [day for e in sanctions for n in ("startDate", "listingDate") for s in _texts(e, n) if (day := day_of(s))]
    until = [day for e in sanctions for s in _texts(e, "endDate") if (day := day_of(s))]
    programmes = [p for e in (entity, *sanctions) for n in ("program", "programId") for p in _texts(e, n)]
    datasets = entity.get("datasets") or []
    return ListedParty.model_validate(
        {
            "list": LIST,
            "id": entity["id"],
            "source": ", ".join(datasets) or None,
            "kind": kind_of_schema(entity["schema"]),
            "names": found,
            "identifiers": tuple(dict.fromkeys(_identifiers(entity, about))),
            "addresses": tuple(dict.fromkeys(_addresses(entity, addresses))),
            "birth_dates": tuple(_texts(entity, "birthDate")),
            "birth_places": tuple(_texts(entity, "birthPlace")),
            "nationalities": codes,
            "programmes": tuple(dict.fromkeys(programmes)),
            "legal_basis": tuple(dict.fromkeys(r for e in sanctions for r in _texts(e, "reason"))),
            "listed_on": min(since, default=None),
            "expires_on": max(until, default=None) if sanctions and len(until) == len(sanctions) else None,
            "links": tuple(_links(about, names)),
            "remarks": "\n".join(_texts(entity, "notes")) or None,
            "other": tuple(_other(entity)),
        }
    )


def _names(entity: Entity) -> Iterator[ListedName]:
    caption = str(entity.get("caption") or "")
    primary = caption if caption in _texts(entity, "name") else next(iter(_texts(entity, "name")), "")
    if primary:
        yield ListedName(text=primary)
    for column, kind in _NAMES.items():
        for text in _texts(entity, column):
            if text != primary:
                weak = kind == "weak"
                yield ListedName.model_validate({"text": text, "kind": "alias" if weak else kind, "weak": weak})


def _identifiers(entity: Entity, about: list[Entity]) -> Iterator[Identifier]:
    for name, kind in NUMBERS.items():
        for text in _texts(entity, name):
            yield Identifier(kind=kind, value=clean_imo(text) if kind == "imo" else text, note=name)
    for document in about:
        if document["schema"] in {"Passport", "Identification"}:
            kind = "passport" if document["schema"] == "Passport" else "national_id"
            country = next((c for s in _texts(document, "country") if (c := place_of(s))), None)
            for text in _texts(document, "number"):
                yield Identifier(
                    kind=kind, value=text, country=country, note=next(iter(_texts(document, "type")), None)
                )


def _addresses(entity: Entity, known: dict[str, Entity]) -> Iterator[Address]:
    for text in _texts(entity, "address"):
        yield Address(text=text)
    for place in (
        *_nested(entity, "addressEntity"),
        *(known[i] for i in _texts(entity, "addressEntity") if i in known),
    ):
        first = {
            n: next(iter(_texts(place, n)), None) for n in ("full", "street", "city", "region", "postalCode", "country")
        }
        yield Address(
            text=first["full"],
            street=first["street"],
            city=first["city"],
            region=first["region"],
            postcode=first["postalCode"],
            country=place_of(first["country"]),
        )


def _links(about: list[Entity], names: dict[str, str]) -> Iterator[Link]:
    for tie in about:
        if tie["schema"] in _TIES:
            one, _, relation = _TIES[tie["schema"]]
            said = next(iter(_texts(tie, "percentage")), "")
            for to in _texts(tie, one):
                yield Link(to=to, relation=f"{relation} ({said} %)" if said else relation, name=names.get(to))


def _other(entity: Entity) -> Iterator[tuple[str, str]]:
    """What a party says beyond the fields above, under FollowTheMoney's own names."""
    for name, values in entity["properties"].items():
        if name not in _USED or name in {"topics", "firstName", "lastName", "fatherName"}:
            for value in values:
                if isinstance(value, str) and value:
                    yield name, value[:2_000]
