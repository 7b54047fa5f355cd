"""Asking what is open, one question at a time, most decisive first; every answer becomes a fact with who and when.

Pure: it takes a transaction and gives a new one. The command line, an API and pages ask through the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from pydantic import ValidationError

from enduse.desk import Desk
from enduse.errors import InputError
from enduse.model.determination import Decision, OpenPoint, Outcome
from enduse.model.law import FactType, FactValue
from enduse.model.transaction import StatedFact, Transaction

YES, NO = frozenset({"y", "yes", "true", "1"}), frozenset({"n", "no", "false", "0"})


class Asked(NamedTuple):
    """One thing to ask: the open point, the fact it is about, and what each plain answer would lead to."""

    point: OpenPoint
    kind: FactType
    leads: Mapping[str, Outcome]


class Reply(NamedTuple):
    """Who answers, and when."""

    by: str
    on: date


def to_ask(decision: Decision, desk: Desk, *, skipped: Iterable[str] = ()) -> tuple[OpenPoint, FactType] | None:
    """The next thing that an answer can settle, leaving out those skipped; None when none is left.

    First what the clearance waits for, then what could still open an exception.
    """
    passed = set(skipped)
    for point in (*decision.open_points, *_ways_out(decision)):
        kind = type_of(point.fact, desk) if point.fact and point.fact not in passed else None
        if kind is not None and (not kind.derived or kind.field):
            return point, kind
    return None


def _ways_out(decision: Decision) -> Iterator[OpenPoint]:
    """Questions whose answer could show that an exception applies."""
    for determination in decision.determinations:
        for answer in determination.lines:
            for q in answer.missing:
                if q.relief_only and any(o.permits for o in q.leads_to):
                    yield OpenPoint(kind="answer", says=q.ask, fact=q.fact, line=q.line, cites=q.cites)


def type_of(fact: str, desk: Desk) -> FactType | None:
    """How the packs describe a fact."""
    return next((p.types[fact] for p in desk.packs if fact in p.types), None)


def consequences(transaction: Transaction, point: OpenPoint, kind: FactType, desk: Desk, *, as_of: date) -> Asked:
    """What each plain answer to this question would lead to."""
    if kind.kind != "flag" or kind.derived:
        return Asked(point, kind, {})
    leads = {}
    for said, value in (("yes", True), ("no", False)):
        answered = with_fact(transaction, kind.name, value, line=point.line)
        leads[said] = desk.decide(answered, as_of=as_of).outcome
    return Asked(point, kind, leads)


def answer(transaction: Transaction, kind: FactType, text: str, *, line: int | None, reply: Reply) -> Transaction:
    """The transaction with this answer in it. Raises `InputError` when the answer is not one."""
    if kind.derived:
        return with_field(transaction, kind, text, line=line or 1)
    value = _value(kind, text.strip())
    return with_fact(transaction, kind.name, value, line=line if len(transaction.lines) > 1 else None, reply=reply)


def confirm_all(transaction: Transaction, decision: Decision, desk: Desk, reply: Reply) -> Transaction:
    """The transaction with everything assumed of knowledge and duties confirmed; lists are asked, not confirmed."""
    for determination in decision.determinations:
        for line in determination.lines:
            for a in line.assuming:
                kind = type_of(a.fact, desk)
                if kind is not None and a.nature in {"knowledge", "condition"}:
                    at = a.line if len(transaction.lines) > 1 else None
                    transaction = with_fact(transaction, a.fact, a.nature == "condition", line=at, reply=reply)
    return transaction


def with_fact(
    transaction: Transaction, name: str, value: FactValue, *, line: int | None, reply: Reply | None = None
) -> Transaction:
    """The same transaction with one more stated fact; an earlier statement of the same fact is replaced."""
    said = StatedFact(name=name, value=value, line=line, by=reply.by if reply else None, on=reply.on if reply else None)
    kept = tuple(f for f in transaction.facts if (f.name, f.line) != (name, line))
    return transaction.model_copy(update={"facts": (*kept, said)})


def _value(kind: FactType, text: str) -> FactValue:
    try:
        match kind.kind:
            case "flag":
                return _flag(text)
            case "number":
                return Decimal(text.replace(",", ""))
            case "date":
                return date.fromisoformat(text)
            case "texts" | "places" | "codes":
                return tuple(t.strip() for t in text.split(",") if t.strip())
            case "place":
                return text.upper()
            case _:
                return text
    except (InvalidOperation, ValueError) as error:
        raise InputError(f"{text!r} does not answer it", hint=_wanted(kind)) from error


def _flag(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _wanted(kind: FactType) -> str:
    if kind.values:
        return f"one of {', '.join(kind.values)}"
    return {"flag": "answer yes or no", "number": "give a number", "date": "give a day, YYYY-MM-DD"}.get(
        kind.kind, "give it in words or codes"
    )


def with_field(transaction: Transaction, kind: FactType, text: str, *, line: int) -> Transaction:
    """The same transaction with the field that supplies a derived fact filled."""
    path = str(kind.field).split(".")
    content = transaction.model_dump(by_alias=True, exclude_defaults=True)
    content["lines"] = list(content["lines"])
    target = content if path[0] != "line" else content["lines"][line - 1]
    names = path if path[0] != "line" else path[1:]
    for name in names[:-1]:
        target = target.setdefault(name, {})
    target[names[-1]] = _field(names[-1], text.strip())
    try:
        return Transaction.model_validate(content)
    except ValidationError as error:
        told = error.errors()[0]["msg"]
        raise InputError(f"{text!r} does not answer it: {told}", hint=kind.question) from error


def _field(name: str, text: str) -> object:
    match name:
        case "codes":
            return {"us_ccl": text.upper() if text[:1].isalpha() else text}
        case "value":
            amount, _, currency = text.partition(" ")
            return {"amount": amount.replace(",", ""), "currency": (currency or "").strip().upper()}
        case "quantity":
            amount, _, unit = text.partition(" ")
            return {"amount": amount, "unit": unit or "pieces"}
        case _:
            return {"yes": True, "no": False}.get(text.lower(), text)
