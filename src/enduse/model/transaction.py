"""The thing decided: who sends what to whom, how, and for what use."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from enduse.model.base import Value
from enduse.model.item import Item, Money, Quantity
from enduse.model.law import FactValue
from enduse.model.party import Party, Role
from enduse.model.place import Place


class Activity(StrEnum):
    """What is done with the item (15 CFR 734.13 to 734.20, and the words other regimes use)."""

    EXPORT = "export"
    REEXPORT = "reexport"
    TRANSFER = "in_country_transfer"
    DEEMED_EXPORT = "deemed_export"
    DEEMED_REEXPORT = "deemed_reexport"
    BROKERING = "brokering"
    TRANSIT = "transit"
    TECHNICAL_ASSISTANCE = "technical_assistance"
    SERVICE = "service"
    FACILITATION = "facilitation"
    EMPLOYMENT = "employment"
    DEALING = "dealing"
    IMPORT = "import"
    DOMESTIC_SUPPLY = "domestic_supply"


class Line(Value):
    """One item with quantity and value, as ordered."""

    item: Item
    quantity: Quantity | None = None
    value: Money | None = None


class Route(Value):
    """How it travels: places passed through, in order, and the means; `direct` says that there are none."""

    transit: tuple[Place, ...] = ()
    direct: bool | None = None
    mode: str | None = None
    port_of_loading: str | None = None
    port_of_unlading: str | None = None
    carrier: str | None = None


class EndUse(Value):
    """The stated use, word for word, and who stated it."""

    statement: str | None = None
    stated_by: str | None = None
    stated_on: date | None = None
    documents: tuple[str, ...] = ()


class Circumstances(Value):
    """What else is known of the order, in free text under the field's usual headings."""

    payment: str | None = None
    packaging: str | None = None
    routing: str | None = None
    documents: str | None = None
    communications: str | None = None
    order: str | None = None
    history: str | None = None
    other: tuple[str, ...] = ()


class StatedFact(Value):
    """A fact somebody states or confirms: `line` limits it to one line (counted from 1)."""

    name: str
    value: FactValue
    line: Annotated[int, Field(ge=1)] | None = None
    by: str | None = None
    on: date | None = None
    evidence: str | None = None


class Transaction(Value):
    """One transaction, as far as it is known; what is not stated is unknown, never assumed here."""

    id: str | None = None
    activity: Activity = Activity.EXPORT
    on: date | None = None
    exporter_country: Place | None = None
    destination: Place | None = None
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]
    parties: tuple[Party, ...] = ()
    route: Route = Route()
    end_use: EndUse = EndUse()
    circumstances: Circumstances = Circumstances()
    facts: tuple[StatedFact, ...] = ()

    @model_validator(mode="after")
    def _one_currency(self) -> Transaction:
        currencies = sorted({line.value.currency for line in self.lines if line.value})
        if len(currencies) > 1:
            msg = f"lines: mixed currencies {', '.join(currencies)}; state every value in one currency"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _facts_name_lines_that_exist(self) -> Transaction:
        for fact in self.facts:
            if fact.line is not None and fact.line > len(self.lines):
                msg = f"facts: {fact.name} names line {fact.line}, but there are {len(self.lines)}"
                raise ValueError(msg)
        return self

    def by_role(self, *roles: Role) -> tuple[Party, ...]:
        """The parties that play any of these roles, in the order stated."""
        return tuple(p for p in self.parties if set(p.roles) & set(roles))
