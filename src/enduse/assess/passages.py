"""The texts of a transaction, each with the place it stands in and how much that place counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from enduse.model.party import Party, PartyKind, Role
from enduse.model.transaction import Activity, Transaction

END = frozenset({Role.END_USER, Role.ULTIMATE_CONSIGNEE, Role.CONSIGNEE})
BUYER = frozenset({Role.PURCHASER})
MIDDLE = frozenset({Role.INTERMEDIATE_CONSIGNEE})
AGENT = frozenset({Role.FORWARDER, Role.BROKER, Role.AGENT, Role.CARRIER, Role.BANK, Role.VESSEL, Role.OTHER})
SELLER = frozenset({Role.EXPORTER, Role.SELLER, Role.MANUFACTURER})
RECIPIENT = frozenset({Role.RECIPIENT})


class Passage(NamedTuple):
    """One text: which kind of place (`payment`, `end`, `use` ...), the field's path, and the text."""

    kind: str
    where: str
    text: str


def part_of(party: Party, transaction: Transaction) -> str:
    """A party's part as the risk sees it: the buyer is the end side where nobody else is."""
    roles = frozenset(party.roles)
    if roles & END:
        return "end"
    if roles & BUYER:
        return "buyer" if any(frozenset(p.roles) & END for p in transaction.parties) else "end"
    if roles & RECIPIENT:
        return "recipient"
    if roles & MIDDLE:
        return "middle"
    return "seller" if roles & SELLER else "agent"


def passages(transaction: Transaction) -> tuple[Passage, ...]:
    """Every free text of the transaction. Names of persons are never among them, nor any name read for its origin."""
    return tuple(_all(transaction))


def _all(transaction: Transaction) -> Iterator[Passage]:
    for n, line in enumerate(transaction.lines, start=1):
        if line.item.description:
            yield Passage("item", f"line {n}: item", line.item.description)
    if transaction.end_use.statement:
        yield Passage("use", "end use", transaction.end_use.statement)
    for n, party in enumerate(transaction.parties, start=1):
        part = part_of(party, transaction)
        if party.description:
            yield Passage(part, f"party {n} ({part})", party.description)
        for owner in party.owners:
            if names_a_body(owner.name):
                yield Passage("owner", f"party {n}: owner", owner.name)
        for address in party.addresses:
            if address.text:
                yield Passage("address", f"party {n}: address", address.text)
    yield from _told(transaction)


_BODY = frozenset(
    {
        "ltd",
        "limited",
        "llc",
        "inc",
        "corp",
        "corporation",
        "company",
        "co",
        "gmbh",
        "ag",
        "sa",
        "bv",
        "nv",
        "fze",
        "plc",
    }
    | {
        "oy",
        "ab",
        "as",
        "holding",
        "holdings",
        "group",
        "trust",
        "fund",
        "foundation",
        "nominees",
        "shares",
        "partners",
    }
    | {"capital", "investments", "ventures", "industries", "university", "institute", "ministry", "bank", "state"}
    | {"authority", "cooperative", "amba", "stichting"}
)


def names_a_body(name: str) -> bool:
    """Is an owner's name that of a body, or a description in plain words? A person's name is never read."""
    words = re.findall(r"[^\W\d_]+", name)
    return any(w.lower() in _BODY or (w.islower() and len(w) > 4) for w in words)


def _told(transaction: Transaction) -> Iterator[Passage]:
    told = transaction.circumstances
    for kind in ("payment", "packaging", "routing", "documents", "communications", "order", "history"):
        text = getattr(told, kind)
        if text:
            yield Passage(kind, kind, text)
    for text in told.other:
        yield Passage("other", "other", text)


def names_business(party: Party) -> bool:
    """May the words of this name be read for a line of business? Never those of a person."""
    return party.kind is not PartyKind.PERSON and not frozenset(party.roles) & RECIPIENT


def release_to_a_person(transaction: Transaction) -> bool:
    """A deemed export: the recipient's country is a nationality, which only the law may look at."""
    return transaction.activity in {Activity.DEEMED_EXPORT, Activity.DEEMED_REEXPORT, Activity.EMPLOYMENT}
