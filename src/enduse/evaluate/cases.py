"""Published cases in the format of `case.schema.json`, mapped to our values: the one place that knows both.

A case's structured fields become fields; its free-text facts stay text, to be read by a pack's readings as far as they
are unambiguous. Nothing is taken from a case's id, its expected answer or the file it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from enduse.errors import InputError
from enduse.formats import records_of
from enduse.model.determination import Outcome
from enduse.model.item import Component, Item, ItemKind, Money, Quantity
from enduse.model.party import Address, Owner, Party, PartyKind, Role
from enduse.model.transaction import Activity, Circumstances, EndUse, Line, Route, Transaction

Fields = Mapping[str, object]

CONTROL_LISTS: Mapping[str, str] = {
    "ECCN": "us_ccl",
    "USML": "us_usml",
    "EU": "eu_annex_i",
    "UK": "uk_lists",
    "JP": "jp_meti",
    "JP-METI": "jp_meti",
    "CA": "ca_ecl",
    "DSGL": "au_dsgl",
}

ROLES: Mapping[str, Role] = {
    "freight_forwarder": Role.FORWARDER,
    "supplier": Role.SELLER,
    "customer": Role.PURCHASER,
    "counterparty": Role.PURCHASER,
    "borrower": Role.PURCHASER,
    "lender": Role.EXPORTER,
    "service_provider": Role.EXPORTER,
    "referrer": Role.EXPORTER,
    "parent": Role.EXPORTER,
    "affiliate": Role.AGENT,
    "importer": Role.CONSIGNEE,
    "buyer": Role.PURCHASER,
    "manufacturer": Role.MANUFACTURER,
    "shipper": Role.EXPORTER,
    "bank": Role.BANK,
}

PERSONS: frozenset[str] = frozenset(
    {"employee", "researcher", "student", "visitor", "trainee", "scholar", "scientist", "engineer", "foreign_national"}
    | {"intern", "postdoc", "professor", "colleague", "attendee", "person"}
)
"""What the person is called to whom technology is released; in a deemed export each of them is the recipient."""

ACTIVITIES: Mapping[str, Activity] = {
    "transfer_in_country": Activity.TRANSFER,
    "party_screening": Activity.DEALING,
    "quotation": Activity.EXPORT,
}

_LISTINGS: Sequence[tuple[str, str]] = (
    (r"military[ -]end[ -]user", "us_csl:MEU"),
    (r"validated end[ -]user", "us_veu"),
    (r"entity list", "us_csl:EL"),
    (r"denied persons?|denial order", "us_csl:DPL"),
    (r"unverified", "us_csl:UVL"),
    (r"debarred", "us_csl:DTC"),
    (r"non-?proliferation", "us_csl:ISN"),
    (r"sectoral", "us_csl:SSI"),
    (r"sdn|specially designated|ofac", "us_ofac_sdn"),
)

OUTCOMES: Mapping[str, Outcome] = {
    "no_licence_required": Outcome.NO_LICENCE_REQUIRED,
    "exception_available": Outcome.EXCEPTION_AVAILABLE,
    "general_authorisation_available": Outcome.EXCEPTION_AVAILABLE,
    "licence_required": Outcome.LICENCE_REQUIRED,
    "prohibited": Outcome.PROHIBITED,
    "not_subject": Outcome.NOT_SUBJECT,
    "insufficient_information": Outcome.UNDETERMINED,
    "party_blocked_by_ownership": Outcome.PROHIBITED,
    "party_not_blocked_by_ownership": Outcome.NO_LICENCE_REQUIRED,
}
"""The published outcomes in our words."""

SANCTIONS = frozenset({"US-OFAC", "UN"})
"""Programmes for which prohibited and licence required are the same answer: everything barred may be licensed."""

SILENT_CODES = frozenset({"UNDETERMINED", "UNSPECIFIED", "UNKNOWN", "VARIOUS"})
"""Markers that say the code is not known."""


class Case(NamedTuple):
    """One published case: our transaction, and what was published of it."""

    id: str
    jurisdiction: str
    as_of: date
    transaction: Transaction
    expected: Mapping[str, object]
    facts_origin: str
    confidence: str
    source: str
    notes: str


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a JSON-lines file. Raises `InputError` naming the line that cannot be read."""
    return (_case(record, place) for place, record in records_of(path))


def _case(record: dict[str, Any], place: str) -> Case:
    try:
        return Case(
            id=record["id"],
            jurisdiction=record["jurisdiction"],
            as_of=first_day(record["as_of"]),
            transaction=transaction_of(record["inputs"]),
            expected=record["expected"],
            facts_origin=record.get("facts_origin", ""),
            confidence=record.get("confidence", ""),
            source=_source(record),
            notes=record.get("notes", ""),
        )
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise InputError(f"not a case: {error}", place=place, hint="see case.schema.json for the format") from error


def _source(record: Fields) -> str:
    sources = record.get("source")
    first = sources[0] if isinstance(sources, list) and sources else {}
    return str(first.get("publication", "")) if isinstance(first, Mapping) else ""


def first_day(text: str) -> date:
    """A date given as year, year and month, or day: the first day it can mean."""
    return date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])


def transaction_of(inputs: Fields) -> Transaction:
    """A case's `inputs` as a transaction; nothing else of the case is looked at."""
    deemed = inputs.get("activity") == "deemed_export"
    return Transaction(
        activity=_activity(inputs.get("activity")),
        exporter_country=_place(inputs.get("exporter_country")),
        destination=_place(inputs.get("ultimate_destination")),
        lines=tuple(_line(i, inputs) for i in _list(inputs.get("items"))),
        parties=tuple(_party(p, deemed=deemed) for p in _list(inputs.get("parties"))),
        route=Route(transit=tuple(filter(None, (_place(c) for c in _plain(inputs.get("transit_countries")))))),
        end_use=EndUse(statement=_statement(inputs.get("stated_end_use"))),
        circumstances=_circumstances(inputs.get("circumstances")),
    )


def _activity(name: object) -> Activity:
    text = str(name or "export")
    return ACTIVITIES.get(text) or Activity(text)


def _place(code: object) -> str | None:
    return None if code is None or str(code) == "XX" else str(code)


def _list(value: object) -> Sequence[Fields]:
    return value if isinstance(value, list) else ()


def _plain(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _statement(text: object) -> str | None:
    return str(text) if text else None


def _line(item: Fields, inputs: Fields) -> Line:
    value = item.get("value") or (inputs.get("value") if len(_list(inputs.get("items"))) == 1 else None)
    return Line(item=_item(item), quantity=_quantity(item.get("quantity")), value=_money(value))


def _money(value: object) -> Money | None:
    if not isinstance(value, Mapping):
        return None
    return Money(amount=Decimal(str(value["amount"])), currency=str(value["currency"]))


def _quantity(text: object) -> Quantity | None:
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", str(text or ""))
    found = re.match(r"^\s*(\d+(?:\.\d+)?)\s*(.*)$", plain)
    return Quantity(amount=Decimal(found[1]), unit=found[2] or "pieces") if found else None


def _item(item: Fields) -> Item:
    parameters = item.get("parameters")
    plain = {str(k): _parameter(v) for k, v in parameters.items()} if isinstance(parameters, Mapping) else {}
    cas = item.get("cas") or plain.get("cas")
    return Item(
        description=str(item["description"]),
        kind=ItemKind(str(item["kind"])),
        codes=_codes(item.get("claimed_classification")),
        parameters=plain,
        origin=_place(item.get("origin")),
        manufacturer=_text(item.get("manufacturer")),
        model=_text(item.get("model")),
        hs_code=_text(item.get("hs_code")),
        cas=_text(cas),
        us_content=_number(item.get("us_content_pct")),
        us_controlled_content=_number(item.get("us_controlled_content_pct")),
        us_technology=item.get("us_technology") if isinstance(item.get("us_technology"), bool) else None,
        components=tuple(_component(c) for c in _list(item.get("components"))),
    )


def _parameter(value: object) -> bool | Decimal | str:
    if isinstance(value, bool | Decimal):
        return value
    return Decimal(value) if isinstance(value, int) else str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _codes(claimed: object) -> Mapping[str, str]:
    if not isinstance(claimed, Mapping):
        return {}
    control_list = CONTROL_LISTS.get(str(claimed["scheme"]), str(claimed["scheme"]).lower())
    code = str(claimed["code"])
    if code == "NOT_LISTED" and control_list == "us_ccl":
        code = "EAR99"  # what is subject to the EAR and on no entry of the list (15 CFR 734.3(c))
    return {} if code in SILENT_CODES else {control_list: code}


def _component(part: Fields) -> Component:
    code = part.get("classification")
    return Component(
        description=str(part["description"]),
        codes={"us_ccl": str(code)} if code and str(code) not in SILENT_CODES else {},
        share=_number(part.get("share_pct")),
        origin="US" if re.search(r"\bUS(?:-origin)?\b", str(part["description"])) else None,
    )


def _party(party: Fields, *, deemed: bool) -> Party:
    role = str(party["role"])
    place = _place(party.get("country"))
    address = party.get("address")
    known = ROLES.get(role) or (Role(role) if role in set(Role) else Role.OTHER)
    known = Role.RECIPIENT if deemed and role in PERSONS else known
    person = known is Role.RECIPIENT
    return Party(
        name=_text(party.get("name")),
        roles=(known,),
        kind=PartyKind.PERSON if person else PartyKind.UNKNOWN,
        description=_text(party.get("type")),
        country=place,
        nationalities=(place,) if place and person and deemed else (),
        addresses=(Address(text=str(address)),) if address else (),
        owners=tuple(_owner(o) for o in _list(party.get("ownership"))),
        listed_on=tuple(_listing(str(t)) for t in _plain(party.get("listings"))),
    )


def _owner(owner: Fields) -> Owner:
    listed, controls = owner.get("listed"), owner.get("controls")
    return Owner(
        name=str(owner["owner"]),
        share=_number(owner.get("pct")),
        controls=controls if isinstance(controls, bool) else None,
        listed_on=None if listed is None else (("us_ofac_sdn",) if listed else ()),
        owners=tuple(_owner(o) for o in _list(owner.get("owner_owned_by"))),
    )


def _listing(text: str) -> str:
    """A list named in words, as the tag that rules ask about; a list we do not know keeps its own words."""
    return next((tag for words, tag in _LISTINGS if re.search(words, text, re.IGNORECASE)), text)


def _circumstances(told: object) -> Circumstances:
    if not isinstance(told, Mapping):
        return Circumstances()
    single = {k: str(v) for k, v in told.items() if k != "other"}
    return Circumstances.model_validate({**single, "other": tuple(str(t) for t in _plain(told.get("other")))})
