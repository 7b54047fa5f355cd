"""Who takes part: persons and bodies, what they are called, where they are, who owns them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from enduse.model.base import Value
from enduse.model.place import Place

Share = Annotated[Decimal, Field(ge=0, le=100)]
"""A stake in per cent, 0 to 100."""


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    ADDRESS = "address"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """A party's part in the transaction (15 CFR 748.5 and trade practice)."""

    EXPORTER = "exporter"
    SELLER = "seller"
    PURCHASER = "purchaser"
    INTERMEDIATE_CONSIGNEE = "intermediate_consignee"
    CONSIGNEE = "consignee"
    ULTIMATE_CONSIGNEE = "ultimate_consignee"
    END_USER = "end_user"
    RECIPIENT = "recipient"
    FORWARDER = "forwarder"
    BROKER = "broker"
    BANK = "bank"
    CARRIER = "carrier"
    VESSEL = "vessel"
    MANUFACTURER = "manufacturer"
    AGENT = "agent"
    OTHER = "other"


class Identifier(Value):
    """A number or sign that names one party, with the register it comes from.

    `kind` is one of: imo, mmsi, call_sign, tail_number, icao24, lei, duns, uei, cage, registration,
    tax, vat, eori, passport, national_id, bic, isin, email, website, phone, other.
    """

    kind: str
    value: str
    country: Place | None = None
    note: str | None = None


class Address(Value):
    """Where a party is. `text` is the address as written; the parts are filled as far as known."""

    text: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: Place | None = None


class Owner(Value):
    """A stake in a party; `share` is absent when the stake exists but its size is unknown."""

    name: str
    share: Share | None = None
    controls: bool | None = None
    listed_on: tuple[str, ...] | None = None
    country: Place | None = None
    owners: tuple[Owner, ...] = ()


class Party(Value):
    """A person or body with its part in this transaction.

    `description` says in words what the party is or does ("public hospital", "trading company").
    `listed_on` is what the user states of watch lists (ids such as `us_csl:EL`); screening adds to it.
    """

    name: str | None = None
    roles: tuple[Role, ...] = ()
    kind: PartyKind = PartyKind.UNKNOWN
    description: str | None = None
    country: Place | None = None
    nationalities: tuple[Place, ...] = ()
    permanent_residence: Place | None = None
    birth_date: date | None = None
    incorporated_on: date | None = None
    aliases: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    owners: tuple[Owner, ...] = ()
    listed_on: tuple[str, ...] = ()
