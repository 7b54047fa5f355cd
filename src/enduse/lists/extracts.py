"""Two shapes in which other tools hand on lists that are published only as documents.

`agency`: one object with `list_id`, `extracted` and `entities` (US notices). `registry`: an array of objects with
`list_id`, `entity_name`, `aliases`, `addresses` (Japan, China).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from enduse.errors import ListError
from enduse.lists.dates import day_of
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, bytes_of
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, PartyKind

PART = "extract.json"
_AGENCY = {"name", "aliases", "country", "address", "status", "effective_date", "federal_register", "notes"}
_REGISTRY = {
    "addresses",
    "aliases",
    "country",
    "date_added",
    "entity_name",
    "entity_type",
    "id",
    "last_verified",
    "list_id",
    "reason",
    "source_list_name",
    "source_url",
}
_KINDS = {"organization": PartyKind.ORGANISATION, "individual": PartyKind.PERSON, "person": PartyKind.PERSON}


def names_list(head: bytes, ids: Collection[str]) -> bool:
    """Does the head of a JSON file name one of these list ids?"""
    text = head.decode("utf-8", errors="replace")
    said = text.replace(" ", "")
    return any(f'"list_id":"{list_id}"' in said for list_id in ids)


def read_json(files: Files) -> Any:
    """The whole extract; a file that is not JSON is an error."""
    try:
        return json.loads(bytes_of(files[PART], file=PART))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ListError(f"is not whole JSON: {error}", place=PART, hint="get the file again") from error


def extracted_on(files: Files) -> date | None:
    """The day an agency extract was made."""
    whole = read_json(files)
    return day_of(str(whole.get("extracted"))) if isinstance(whole, dict) else None


def parse_agency(
    files: Files, *, list_id: str, audit: Audit, kind: PartyKind = PartyKind.ORGANISATION
) -> Iterator[ListedParty]:
    """The entities of an agency extract, each of the one `kind` the list is of."""
    whole = read_json(files)
    if not isinstance(whole, dict) or not isinstance(whole.get("entities"), list):
        raise ListError("the format has changed: no `entities`", place=PART, hint="the parser must learn it")
    if whole.get("count") != len(whole["entities"]):
        said = f"says {whole.get('count')}, holds {len(whole['entities'])}"
        audit.report(PART, 0, "count", said, "the count does not agree")
    seen: dict[str, int] = {}
    for row, entity in enumerate(whole["entities"], start=1):
        audit.rows += 1
        _unknown(entity, _AGENCY, row, audit)
        if not entity.get("name"):
            audit.report(PART, row, "name", entity, "an entity without a name")
            continue
        key = " ".join(str(entity["name"]).split()).casefold()
        seen[key] = seen.get(key, 0) + 1
        party = _agency_party(entity, key if seen[key] == 1 else f"{key}~{seen[key]}", list_id, row, audit)
        yield party.model_copy(update={"kind": kind})


def _agency_party(entity: dict[str, Any], key: str, list_id: str, row: int, audit: Audit) -> ListedParty:
    country = place_of(entity.get("country"))
    if entity.get("country") and country is None:
        audit.report(PART, row, "country", entity["country"], "a country we do not know")
    address = Address(text=entity.get("address") or None, country=country)
    other = tuple((n, str(entity[n])) for n in ("federal_register", "status") if entity.get(n))
    return ListedParty(
        list=list_id,
        id=key,
        kind=PartyKind.ORGANISATION,
        names=_names(entity["name"], entity.get("aliases") or ()),
        addresses=(address,) if address.text or address.country else (),
        listed_on=day_of(entity.get("effective_date")),
        remarks=entity.get("notes") or None,
        other=other,
    )


def parse_registry(files: Files, *, list_id: str, ids: Collection[str], audit: Audit) -> Iterator[ListedParty]:
    """The entries of a registry array that belong to the lists named `ids`."""
    whole = read_json(files)
    if not isinstance(whole, list):
        raise ListError("the format has changed: not an array", place=PART, hint="the parser must learn it")
    for row, stated in enumerate(whole, start=1):
        audit.rows += 1
        _unknown(stated, _REGISTRY, row, audit)
        entry = _with_name(stated, row, audit)
        if entry.get("list_id") not in ids or not entry.get("entity_name"):
            audit.report(PART, row, "list_id", entry.get("list_id"), "an entry of another list, or without a name")
            continue
        yield _registry_party(entry, list_id, row, audit)


def _with_name(entry: dict[str, Any], row: int, audit: Audit) -> dict[str, Any]:
    """An entry whose name slid into its country (`Japan Zenda Works`) with the two told apart again."""
    if entry.get("entity_name") or len(entry.get("addresses") or ()) != 1:
        return entry
    words = str(entry["addresses"][0]).split()
    for cut in range(min(len(words) - 1, 6), 0, -1):
        country = " ".join(words[:cut])
        if place_of(country):
            name = " ".join(words[cut:])
            audit.report(PART, row, "entity_name", entry["addresses"][0], "the name stood in the address; told apart")
            return {**entry, "entity_name": name, "addresses": [country]}
    return entry


def _registry_party(entry: dict[str, Any], list_id: str, row: int, audit: Audit) -> ListedParty:
    kind = _KINDS.get(str(entry.get("entity_type")))
    if kind is None:
        audit.report(PART, row, "entity_type", entry.get("entity_type"), "a type we do not know")
    return ListedParty(
        list=list_id,
        id=str(entry["id"]),
        source=str(entry["list_id"]),
        kind=kind or PartyKind.UNKNOWN,
        names=_names(entry["entity_name"], entry.get("aliases") or ()),
        addresses=tuple(Address(text=text, country=place_of(text)) for text in entry.get("addresses") or ()),
        listed_on=day_of(entry.get("date_added")),
        remarks=entry.get("reason") or None,
        other=tuple((n, str(entry[n])) for n in ("source_list_name", "source_url") if entry.get(n)),
    )


def _names(name: str, aliases: Collection[str]) -> tuple[ListedName, ...]:
    others = (alias.strip(" ;,") for alias in aliases)
    return (
        ListedName(text=name),
        *(ListedName(text=a, kind="alias") for a in dict.fromkeys(others) if a and a != name),
    )


def _unknown(entry: dict[str, Any], known: set[str], row: int, audit: Audit) -> None:
    for name in entry.keys() - known:
        audit.report(PART, row, name, entry[name], "a field we do not know")
