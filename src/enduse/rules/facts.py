"""Facts: what is known of one line of one transaction, by name, with where each comes from.

The registry says what may be asked and what silence means; `flatten` turns a transaction into facts. A pack adds
derived facts of its own (sums, memberships) before its rules are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from enduse.errors import InputError
from enduse.model.law import FactType, FactValue, Nature
from enduse.model.place import country_of
from enduse.model.transaction import StatedFact, Transaction


class Range(NamedTuple):
    """A number known only within bounds, both included."""

    low: Decimal
    high: Decimal


class Fact(NamedTuple):
    """A known value and where it comes from.

    `possible` holds members that may or may not belong to a set-valued fact; `value` None is known to be unknown.
    """

    value: FactValue | Range | frozenset[str] | None
    evidence: str
    assumed: bool = False
    possible: frozenset[str] = frozenset()


def unknown(evidence: str) -> Fact:
    """Explicitly not known, with why: silence is then no assumption (a party that may be the listed one)."""
    return Fact(None, evidence)


class Facts:
    """Known facts by name; asks the registry what an unstated one means."""

    __slots__ = ("_known", "_types")

    def __init__(self, types: Mapping[str, FactType], known: Mapping[str, Fact]) -> None:
        self._types = types
        self._known = dict(known)

    def get(self, name: str) -> Fact | None:
        """The fact, an assumption where silence is one, or None: unknown."""
        fact = self._known.get(name)
        if fact is not None:
            return fact
        return self.silence(name)

    def type_of(self, name: str) -> FactType | None:
        """How the registry describes this fact."""
        return self._types.get(name)

    def known(self) -> Mapping[str, Fact]:
        """Everything actually stated or derived, by name."""
        return dict(self._known)

    def silence(self, name: str) -> Fact | None:
        """What it means that nobody says anything of this fact."""
        return _SILENCE.get(self._types[name].nature) if name in self._types else None

    def items(self) -> Iterable[tuple[str, Fact]]:
        """What is known, by name."""
        return self._known.items()

    def told(self, names: Iterable[str]) -> tuple[Fact | None, ...] | None:
        """What is known of these, as a key; None where a figure is among them (500 and 500.00 are shown apart)."""
        found = tuple([self._known.get(n) for n in names])
        figures = any(f is not None and isinstance(f.value, _FIGURES) for f in found)
        return None if figures else found

    def flag(self, name: str) -> bool | None:
        """A flag's plain value, or None where it is unknown or silence would be an assumption."""
        fact = self._known.get(name)
        return fact.value if fact is not None and isinstance(fact.value, bool) else None

    def value(self, name: str) -> FactValue | Range | frozenset[str] | None:
        """What is known of this fact, or None."""
        fact = self._known.get(name)
        return fact.value if fact is not None else None

    def with_(self, more: Mapping[str, Fact]) -> Facts:
        """The same facts and more; what was known before stands."""
        return Facts(self._types, {**more, **self._known})


_FIGURES = (Decimal, Range, list, dict, set)


_SILENCE: Mapping[Nature, Fact] = {
    "knowledge": Fact(False, "nothing stated", assumed=True),
    "list": Fact(False, "no list asked", assumed=True),
    "condition": Fact(True, "not yet confirmed", assumed=True),
}


def _core(name: str, kind: str, question: str, field: str | None = None, assumed: str | None = None) -> FactType:
    told = {"name": name, "kind": kind, "question": question, "derived": True, "field": field, "assumed": assumed}
    return FactType.model_validate(told)


CORE: Mapping[str, FactType] = {
    t.name: t
    for t in (
        _core(
            "transaction.activity",
            "text",
            "What is done: export, re-export, transfer, release of technology ...?",
            "activity",
        ),
        _core("transaction.exporter_country", "place", "From which country does it leave?", "exporter_country"),
        _core("transaction.destination", "place", "Where will the item finally be used?", "destination"),
        _core(
            "transaction.transit",
            "places",
            "Does it go direct, through no third country?",
            "route.direct",
            "it goes direct",
        ),
        _core("transaction.total_value", "number", "What is the order worth in all, and in which currency?"),
        _core("transaction.currency", "text", "In which currency is the order?"),
        _core(
            "item.control",
            "code",
            "What is the item's code on the control list, down to the paragraph?",
            "line.item.codes",
        ),
        _core("item.kind", "text", "Is the item a commodity, software, technology or a service?", "line.item.kind"),
        _core(
            "item.serves", "code", "Which commodity is the software or technology for (its code)?", "line.item.serves"
        ),
        _core("item.origin", "place", "In which country was the item made?", "line.item.origin"),
        _core("item.hs6", "code", "What is the item's tariff code (HS, six digits)?", "line.item.hs_code"),
        _core("item.cas", "text", "What is the chemical's CAS number?", "line.item.cas"),
        _core(
            "item.us_content",
            "number",
            "What share of the item's value is US-origin content, in per cent?",
            "line.item.us_content",
        ),
        _core(
            "item.us_controlled_content",
            "number",
            "What share of value is US content that needs a licence there?",
            "line.item.us_controlled_content",
        ),
        _core(
            "item.us_technology",
            "flag",
            "Is the item made with US technology, software or equipment?",
            "line.item.us_technology",
        ),
        _core("line.value", "number", "What is this line worth, and in which currency?", "line.value"),
        _core("line.quantity", "number", "How many are ordered?", "line.quantity"),
        _core("parties.countries", "places", "In which countries are the parties?"),
        _core("parties.described", "texts", "What are the parties, in words?"),
        _core(
            "end_use.stated",
            "flag",
            "What will the item be used for, in the end user's own words?",
            "end_use.statement",
        ),
    )
}
"""Facts every jurisdiction may ask about; they come from the transaction's own fields."""


def flatten(transaction: Transaction, line: int, *, control_list: str | None = None) -> dict[str, Fact]:
    """The core facts of one line (counted from 1); absent where the transaction is silent."""
    row = transaction.lines[line - 1]
    item, at = row.item, f"line {line}"
    found: dict[str, Fact | None] = {
        "transaction.activity": Fact(transaction.activity.value, "activity"),
        "transaction.exporter_country": _said(transaction.exporter_country, "exporter_country"),
        "transaction.destination": _said(transaction.destination, "destination"),
        "transaction.transit": _transit(transaction),
        "transaction.total_value": _total(transaction),
        "transaction.currency": _said(_currency(transaction), "the lines' values"),
        "item.control": _said(item.codes.get(control_list or ""), f"{at}, item.codes.{control_list}"),
        "item.kind": _said(item.kind.value if item.kind else None, f"{at}, item.kind"),
        "item.serves": _said(item.serves, f"{at}, item.serves"),
        "item.origin": _said(item.origin, f"{at}, item.origin"),
        "item.hs6": _said(item.hs_code.replace(".", "")[:6] if item.hs_code else None, f"{at}, item.hs_code"),
        "item.cas": _said(item.cas, f"{at}, item.cas"),
        "item.us_content": _said(item.us_content, f"{at}, item.us_content"),
        "item.us_controlled_content": _said(item.us_controlled_content, f"{at}, item.us_controlled_content"),
        "item.us_technology": _said(item.us_technology, f"{at}, item.us_technology"),
        "line.value": _said(row.value.amount if row.value else None, f"{at}, value"),
        "line.quantity": _said(row.quantity.amount if row.quantity else None, f"{at}, quantity"),
        "parties.countries": _set(
            (country_of(c) for p in transaction.parties for c in (p.country, *p.nationalities) if c), "parties"
        ),
        "parties.described": _set((p.description for p in transaction.parties if p.description), "parties"),
        "end_use.stated": Fact(bool(transaction.end_use.statement), "end_use.statement"),
    }
    return {name: fact for name, fact in found.items() if fact is not None}


def _transit(transaction: Transaction) -> Fact:
    """The places passed through; where none is stated, that it goes direct is an assumption until `direct` says so."""
    route = transaction.route
    silent = not route.transit and not route.direct
    evidence = "no place of transit is stated" if silent else "route"
    return Fact(frozenset(route.transit), evidence, assumed=silent)


def _said(value: FactValue | None, evidence: str) -> Fact | None:
    return None if value is None else Fact(value, evidence)


def _set(values: Iterable[str], evidence: str) -> Fact | None:
    members = frozenset(values)
    return Fact(members, evidence) if members else None


def _currency(transaction: Transaction) -> str | None:
    return next((row.value.currency for row in transaction.lines if row.value), None)


def _total(transaction: Transaction) -> Fact | None:
    values = [row.value.amount for row in transaction.lines if row.value]
    if len(values) < len(transaction.lines):
        return None
    return Fact(sum(values, Decimal(0)), "sum of the lines' values")


def stated(transaction: Transaction, line: int, types: Mapping[str, FactType]) -> dict[str, Fact]:
    """The facts somebody stated for this line, checked against the registry; those of other packs are left to them.

    Raises `InputError` where a stated value does not fit the fact's type, or where two statements of one fact differ.
    """
    found: dict[str, Fact] = {}
    for number, said in enumerate(transaction.facts, start=1):
        if said.line not in {None, line} or said.name not in types:
            continue
        fact = Fact(_typed(said, types[said.name], number), _who(said))
        if said.name in found and found[said.name].value != fact.value:
            raise InputError(
                f"{said.name} is stated twice, as {found[said.name].value} and as {fact.value}",
                place=f"facts[{number}]",
                hint="keep the one that is right",
            )
        found[said.name] = fact
    return found


def _who(said: StatedFact) -> str:
    by = f"stated by {said.by}" if said.by else "stated"
    when = f" on {said.on}" if said.on else ""
    return f"{by}{when}" + (f" ({said.evidence})" if said.evidence else "")


def _typed(said: StatedFact, kind: FactType, number: int) -> FactValue | frozenset[str]:
    if kind.derived:
        raise InputError(
            f"{said.name} follows from the transaction's own fields and cannot be stated as a fact",
            place=f"facts[{number}]",
            hint=f"fill the field instead: {kind.question}",
        )
    value = _read_as(kind, said.value)
    if kind.kind in {"texts", "places", "codes"}:
        return frozenset(
            (value,) if isinstance(value, str) else value if isinstance(value, tuple) else _bad(said, kind)
        )
    fits = {"flag": bool, "number": Decimal, "date": date, "text": str, "code": str, "place": str}[kind.kind]
    if not isinstance(value, fits) or (kind.values and value not in kind.values):
        _bad(said, kind)
    return value


def _read_as(kind: FactType, value: FactValue) -> FactValue:
    """A figure written as text, as CSV brings it, or a text that reads like a date; else the value as it is."""
    if isinstance(value, date) and kind.kind in {"text", "texts"}:
        return value.isoformat()
    if isinstance(value, str) and kind.kind == "number":
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        return number if number.is_finite() else value
    return value


def _bad(said: StatedFact, kind: FactType) -> tuple[str, ...]:
    wanted = f"one of {', '.join(kind.values)}" if kind.values else f"a {kind.kind}"
    raise InputError(f"{said.name} = {said.value!r} is not {wanted}", place="facts", hint=kind.question)
