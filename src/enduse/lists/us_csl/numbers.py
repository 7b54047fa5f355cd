"""The `ids` of the screening list: identifiers, and statements that only sit among them.

The CSV joins each as text, in two orders over the years (`RU, 7702, Tax ID No.` then `Tax ID No., 7702, RU`);
the JSON gives objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from enduse.lists.identifiers import identifier
from enduse.lists.reading import Audit
from enduse.model.base import Value
from enduse.model.party import Identifier

_COUNTRY = re.compile(r"[A-Z]{2}")
_STATEMENTS = re.compile(
    r"gender|sanctions|directive|date|target type|organi[sz]ation type|transactions prohibited|executive order"
    r"|caatsa|aircraft (model|operator|manufacture date)|vessel flag|issuer name|information|peesa|ifca"
    r"|nationality|license$|secondary|year of build|registration country",
    re.IGNORECASE,
)


class Numbers(Value):
    """Identifiers proper, and the statements kept under the publisher's own label."""

    identifiers: tuple[Identifier, ...] = ()
    other: tuple[tuple[str, str], ...] = ()


def numbers_of(stated: Iterable[Mapping[str, Any]], *, call_sign: str, file: str, row: object, audit: Audit) -> Numbers:
    """Reads objects with type, number, country and dates."""
    triples = []
    for one in stated:
        for name in one.keys() - {"type", "number", "country", "issue_date", "expiration_date"}:
            audit.report(file, row, f"ids.{name}", one[name], "a field we do not know")
        dates = [f"{word} {one[n]}" for n, word in _DATES if one.get(n)]
        label, value = one.get("type") or "", one.get("number") or ""
        triples.append((str(label), str(value), str(one.get("country") or ""), ", ".join(dates)))
    return _sorted(triples, call_sign=call_sign)


_DATES = (("issue_date", "issued"), ("expiration_date", "expires"))


def labels_come_last(cells: Iterable[str]) -> bool:
    """Which order does this edition's CSV use? Told by labels that are never values."""
    last = first = 0
    for cell in cells:
        for one in cell.split("; "):
            last += one.endswith(_TELLING_LAST)
            first += one.startswith(_TELLING_FIRST)
    return last > first


_TELLING = (
    "Gender",
    "Passport",
    "Tax ID No.",
    "Website",
    "Registration Number",
    "ISIN",
    "Cedula No.",
    "Registration ID",
)
_TELLING_LAST = tuple(f", {label}" for label in _TELLING)
_TELLING_FIRST = tuple(f"{label}, " for label in _TELLING)


def number_in_text(text: str, *, label_last: bool) -> dict[str, str]:
    """One joined text as type, number and country; the country stands at the end away from the label."""
    parts = text.split(", ")
    if len(parts) == 1:
        return {"type": "", "number": text}
    if not label_last:
        parts.reverse()
    country = parts.pop(0) if _COUNTRY.fullmatch(parts[0]) and len(parts) > 2 else ""
    label = parts.pop()
    return {"type": label, "number": ", ".join(parts if label_last else parts[::-1]), "country": country}


def _sorted(stated: Iterable[tuple[str, str, str, str]], *, call_sign: str) -> Numbers:
    ids = [Identifier(kind="call_sign", value=call_sign)] if call_sign else []
    other: list[tuple[str, str]] = []
    for label, value, country, dates in stated:
        if not value:
            continue
        if label == "" or _STATEMENTS.search(label):
            other.append((label.rstrip(": -") or "ids", value))
        else:
            ids.append(identifier(label, value, country, note=dates or None))
    return Numbers(identifiers=tuple(dict.fromkeys(ids)), other=tuple(dict.fromkeys(other)))
