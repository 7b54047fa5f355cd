"""Which FollowTheMoney schemas are parties, and what their properties mean to us."""

from __future__ import annotations

import re

from enduse.model.party import Identifier, PartyKind

_KINDS = {
    "Person": PartyKind.PERSON,
    "Organization": PartyKind.ORGANISATION,
    "Company": PartyKind.ORGANISATION,
    "PublicBody": PartyKind.ORGANISATION,
    "LegalEntity": PartyKind.UNKNOWN,
    "Vessel": PartyKind.VESSEL,
    "Airplane": PartyKind.AIRCRAFT,
    "CryptoWallet": PartyKind.UNKNOWN,
    "Security": PartyKind.UNKNOWN,
    "Thing": PartyKind.UNKNOWN,
}
NUMBERS = {
    "idNumber": "national_id",
    "passportNumber": "passport",
    "registrationNumber": "registration",
    "ogrnCode": "registration",
    "okpoCode": "registration",
    "uscCode": "registration",
    "brightQueryId": "other",
    "taxNumber": "tax",
    "innCode": "tax",
    "kppCode": "tax",
    "vatCode": "vat",
    "leiCode": "lei",
    "dunsCode": "duns",
    "uniqueEntityId": "uei",
    "cageCode": "cage",
    "swiftBic": "bic",
    "bikCode": "bic",
    "isin": "isin",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "registrationMark": "tail_number",
    "icaoCode": "icao24",
    "email": "email",
    "phone": "phone",
    "website": "website",
    "npiCode": "other",
    "publicKey": "other",
    "serialNumber": "other",
    "ticker": "other",
    "socialSecurityNumber": "national_id",
    "wikidataId": "other",
}


def kind_of_schema(schema: str) -> PartyKind | None:
    """The kind of party a schema is; `None` when it is not a party."""
    return _KINDS.get(schema)


def number_of(text: str) -> Identifier:
    """An identifier whose kind is told by its own form, where the source does not say."""
    if found := re.fullmatch(r"(?:IMO)\s?(\d{7})", text, re.IGNORECASE):
        return Identifier(kind="imo", value=found[1])
    if re.fullmatch(r"[A-Z0-9]{18}\d{2}", text) and not text.isdigit():
        return Identifier(kind="lei", value=text)
    return Identifier(kind="other", value=text)


def clean_imo(value: str) -> str:
    """An IMO number without its letters."""
    return re.sub(r"^IMO\s*", "", value, flags=re.IGNORECASE)
