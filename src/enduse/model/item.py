"""What is traded: commodity, software, technology or service, with its codes, parameters and parts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from enduse.model.base import Value
from enduse.model.party import Share
from enduse.model.place import Place


class ItemKind(StrEnum):
    """What an item is (15 CFR 772.1: commodity, software, technology), or a service."""

    COMMODITY = "commodity"
    SOFTWARE = "software"
    TECHNOLOGY = "technology"
    SERVICE = "service"


def _text_only(code: object) -> object:
    if isinstance(code, int | float | Decimal):
        msg = f"a control code must be quoted text, not the number {code} (5E002 unquoted reads as 500)"
        raise ValueError(msg)
    return code


Code = Annotated[str, BeforeValidator(_text_only), StringConstraints(min_length=1, max_length=40)]
"""A control code as its list prints it, always text: `3A001.a.7`, `EAR99`."""

ParameterValue = bool | Decimal | str


Amount = Annotated[Decimal, Field(ge=0, le=10**15, decimal_places=30)]
"""How much or how many: never negative, and no more than sums can be made of."""


class Money(Value):
    """An amount in one currency (ISO 4217)."""

    amount: Amount
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Quantity(Value):
    """How much, in the unit the order uses."""

    amount: Amount
    unit: str = "pieces"


class Component(Value):
    """A part, or software bundled in; `share` is its part of the whole item's value in per cent.

    Components nest: a bill of materials of any depth is components of components.
    """

    description: str
    kind: ItemKind = ItemKind.COMMODITY
    codes: Mapping[str, Code] = Field(default_factory=dict)
    origin: Place | None = None
    share: Share | None = None
    value: Money | None = None
    components: tuple[Component, ...] = ()


class Item(Value):
    """One commodity, software or technology.

    `codes` maps a control list to the code claimed on it: `{"us_ccl": "3A001.a.7"}`. `serves` is, for software and
    technology, the code of the commodity it is for. `us_content` and `us_controlled_content` are shares of value in
    per cent (15 CFR Part 734, Supplement No. 2); `us_technology` says whether the item is made with US technology.
    """

    description: str | None = None
    kind: ItemKind | None = None
    codes: Mapping[str, Code] = Field(default_factory=dict)
    serves: Code | None = None
    parameters: Mapping[str, ParameterValue] = Field(default_factory=dict)
    origin: Place | None = None
    manufacturer: str | None = None
    model: str | None = None
    hs_code: Annotated[str, BeforeValidator(_text_only), StringConstraints(pattern=r"^[0-9.]{4,13}$")] | None = None
    cas: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,7}-[0-9]{2}-[0-9]$")] | None = None
    us_content: Share | None = None
    us_controlled_content: Share | None = None
    us_technology: bool | None = None
    components: tuple[Component, ...] = ()
