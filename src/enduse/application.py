"""The data of a licence application, taken from a decision: what is known fills its fields, what is not is named.

The fields are those of form BIS-748P and its item and end-user appendices (15 CFR Part 748, Supplements No. 1 and 2),
under plain names; an authority's own form is filled from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from enduse.model.base import Value
from enduse.model.determination import Decision, LineAnswer, Outcome
from enduse.model.party import Party, Role
from enduse.model.transaction import Line, Transaction


class ApplicationParty(Value):
    """A party as an application names it."""

    role: str
    name: str | None = None
    address: str | None = None
    country: str | None = None


class ApplicationItem(Value):
    """One item for which a licence is asked, with the reasons that make one needed and how it would be reviewed."""

    line: int
    code: str | None
    description: str | None
    manufacturer: str | None
    model: str | None
    quantity: Decimal | None
    unit: str | None
    total_value: Decimal | None
    currency: str | None
    reasons: tuple[str, ...]
    policies: tuple[str, ...]
    provisions: tuple[str, ...]


class Application(Value):
    """Everything an application states, and what is still missing for it."""

    jurisdiction: str
    kind: str
    reference: str | None
    prepared_for: str
    country_of_ultimate_destination: str | None
    intermediate_countries: tuple[str, ...]
    parties: tuple[ApplicationParty, ...]
    items: tuple[ApplicationItem, ...]
    total_value: Decimal | None
    specific_end_use: str | None
    papers: tuple[str, ...]
    missing: tuple[str, ...]
    decision_digest: str


_ROLES = (
    Role.EXPORTER,
    Role.PURCHASER,
    Role.INTERMEDIATE_CONSIGNEE,
    Role.ULTIMATE_CONSIGNEE,
    Role.CONSIGNEE,
    Role.END_USER,
    Role.RECIPIENT,
)


def applications(decision: Decision) -> tuple[Application, ...]:
    """One application for each jurisdiction that requires a licence; none where none does."""
    return tuple(
        _application(decision, d.jurisdiction, [a for a in d.lines if a.outcome is Outcome.LICENCE_REQUIRED])
        for d in decision.determinations
        if any(a.outcome is Outcome.LICENCE_REQUIRED for a in d.lines)
    )


def _application(decision: Decision, jurisdiction: str, answers: list[LineAnswer]) -> Application:
    transaction = decision.transaction
    items = tuple(_item(a, transaction.lines[a.line - 1]) for a in answers)
    values = [i.total_value for i in items]
    return Application(
        jurisdiction=jurisdiction,
        kind=transaction.activity.value,
        reference=transaction.id,
        prepared_for=decision.as_of.isoformat(),
        country_of_ultimate_destination=transaction.destination,
        intermediate_countries=transaction.route.transit,
        parties=tuple(_party(p) for p in transaction.by_role(*_ROLES)),
        items=items,
        total_value=None if None in values else sum((v for v in values if v is not None), Decimal(0)),
        specific_end_use=transaction.end_use.statement,
        papers=tuple(_papers(answers)),
        missing=tuple(_missing(transaction, items)),
        decision_digest=decision.transaction_digest,
    )


def _item(answer: LineAnswer, line: Line) -> ApplicationItem:
    standing = [f for f in answer.findings if f.reason in answer.reasons and f.verdict.value == "true"]
    item = line.item
    return ApplicationItem(
        line=answer.line,
        code=next(iter(item.codes.values()), None),
        description=item.description,
        manufacturer=item.manufacturer,
        model=item.model,
        quantity=line.quantity.amount if line.quantity else None,
        unit=line.quantity.unit if line.quantity else None,
        total_value=line.value.amount if line.value else None,
        currency=line.value.currency if line.value else None,
        reasons=answer.reasons,
        policies=tuple(dict.fromkeys(f.policy for f in standing if f.policy)),
        provisions=tuple(dict.fromkeys(str(c) for f in standing for c in f.cites)),
    )


def _party(party: Party) -> ApplicationParty:
    address = party.addresses[0] if party.addresses else None
    written = [address.street, address.city, address.region, address.postcode] if address else []
    return ApplicationParty(
        role=", ".join(r.value for r in party.roles),
        name=party.name,
        address=(address.text or ", ".join(filter(None, written)) or None) if address else None,
        country=party.country or (address.country if address else None),
    )


def _papers(answers: Iterable[LineAnswer]) -> Iterator[str]:
    """What the rules say to attach or to state, each once."""
    told = (f for a in answers for f in a.findings if f.reason == "licence" and f.verdict.value == "true")
    yield from dict.fromkeys(text for f in told for text in (f.says, *f.conditions))


def _missing(transaction: Transaction, items: Iterable[ApplicationItem]) -> Iterator[str]:
    """Fields an application cannot go without."""
    for role in (Role.EXPORTER, Role.ULTIMATE_CONSIGNEE, Role.END_USER):
        found = transaction.by_role(role)
        if not found:
            yield f"{role.value.replace('_', ' ')}: not stated"
        for party in found:
            if not party.name:
                yield f"{role.value.replace('_', ' ')}: name"
            if not party.addresses:
                yield f"{role.value.replace('_', ' ')} {party.name or ''}: address"
    if not transaction.end_use.statement:
        yield "specific end use"
    for item in items:
        for field in ("code", "description", "quantity", "total_value"):
            if getattr(item, field) is None:
                yield f"line {item.line}: {field.replace('_', ' ')}"
