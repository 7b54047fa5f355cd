"""Countries and territories as quoted codes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints


def _upper(code: object) -> object:
    return code.strip().upper() if isinstance(code, str) else code


Place = Annotated[
    str,
    BeforeValidator(_upper),
    StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
]
"""ISO 3166-1 alpha-2, or ISO 3166-2 for a territory with law of its own (`UA-43` is Crimea).

`XX` (unknown) is not a place: leave the field out instead.
"""


def country_of(place: str) -> str:
    """The country a place lies in: `UA-43` gives `UA`."""
    return place[:2]
