"""An order book in columns, reduced to the combinations that the law can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from enduse.errors import InputError
from enduse.model.item import Item, Money, Quantity
from enduse.model.law import Effect
from enduse.model.party import Party, Role
from enduse.model.transaction import Circumstances, EndUse, Line, Route, StatedFact, Transaction
from enduse.rules.pack import RulePack, leaves

_ITEM = ("kind", "origin", "serves", "hs_code", "us_content", "us_controlled_content", "us_technology", "description")
_ORDER = ("activity", "exporter_country", "destination")
_OTHER = ("code", "value", "currency", "quantity", "end_use", "end_user", "end_user_country")
FIELDS = (*_OTHER, *_ORDER, *_ITEM)
"""The columns an order book may have, beside stated facts."""


class Book(NamedTuple):
    """Distinct combinations, each as the first line that has it, and which line has which."""

    rows: tuple[Mapping[str, Any], ...]
    which: NDArray[np.intp]

    @staticmethod
    def order(row: Mapping[str, Any], pack: RulePack) -> Transaction:
        """The one-line order that a row states."""
        return _order(row, pack.info.control_list or "")


def distinct(columns: Mapping[str, Sequence[Any]], pack: RulePack) -> Book:
    """The combinations in an order book. Raises `InputError` for an unknown column, or columns of unequal length."""
    _refuse(columns, pack)
    names = list(columns)
    size = len(columns[names[0]]) if names else 0
    keys = [_coded(columns[n]) for n in names if n not in _MEASURED]
    keys += _measured(columns, pack, size)
    key = _together(keys, size)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    rows = tuple({n: columns[n][i] for n in names} for i in first.tolist())
    return Book(rows, which.astype(np.intp))


_MEASURED = ("value", "quantity")


def _refuse(columns: Mapping[str, Sequence[Any]], pack: RulePack) -> None:
    for name in columns:
        if name not in FIELDS and name not in pack.types:
            raise InputError(f"no column {name!r}", hint=f"columns: {', '.join(FIELDS)}, or a fact of {pack.info.id}")
    if len({len(c) for c in columns.values()}) > 1:
        raise InputError("columns of unequal length", hint="give every line a cell, None where nothing is stated")


def _coded(cells: Sequence[Any]) -> NDArray[np.int64]:
    """Each cell as the place of its value among those seen."""
    seen: dict[Any, int] = {}
    return np.fromiter((seen.setdefault((type(c), c), len(seen)) for c in cells), np.int64, len(cells))


def _measured(columns: Mapping[str, Sequence[Any]], pack: RulePack, size: int) -> list[NDArray[np.int64]]:
    """Amounts, told apart only by the bounds that rules, and the limits in tables for the code's entry, set."""
    found = {n: _figures(columns[n], n) for n in _MEASURED if n in columns}
    if not found:
        return []
    codes = columns.get("code") or [None] * size
    stems = [str(c).partition(".")[0] for c in codes]
    if len(found) == len(_MEASURED):
        with np.errstate(divide="ignore", invalid="ignore"):
            found["each"] = found["value"] / found["quantity"]
    return [_between(figures, stems, pack) for figures in found.values()]


def _figures(cells: Sequence[Any], name: str) -> NDArray[np.float64]:
    try:
        return np.fromiter((np.nan if c is None else float(c) for c in cells), np.float64, len(cells))
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: {error}", place=name, hint="amounts are numbers") from error


def _between(figures: NDArray[np.float64], stems: list[str], pack: RulePack) -> NDArray[np.int64]:
    """Below, at or above which bound each figure lies; nought and nothing stand apart."""
    general, own = _bounds(pack)
    places = np.zeros(len(figures), np.int64)
    entry = _coded(stems)
    order = np.argsort(entry, kind="stable")
    starts = np.flatnonzero(np.diff(entry[order], prepend=-1))
    for part in np.split(order, starts[1:]):
        if len(part):
            cuts = np.array(sorted(general | own.get(stems[part[0]], frozenset()) | {0.0}))
            lying = figures[part]
            place = np.searchsorted(cuts, lying, "left") + np.searchsorted(cuts, lying, "right")
            places[part] = np.where(np.isnan(lying), -1, place)
    return places + 1


def _bounds(pack: RulePack) -> tuple[frozenset[float], Mapping[str, frozenset[float]]]:
    """Bounds that any code can meet, and, by entry, those in the columns of tables named `limit...`."""
    weighed = (v for r in pack.rules for v in r.versions if v.effect not in {Effect.FLAGS, Effect.DESCRIBES})
    tests = (t for v in weighed for t in leaves(v.when))
    general = frozenset(float(t.operand) for t in tests if isinstance(t.operand, Decimal))
    own: dict[str, set[float]] = {}
    for table in pack.tables.values():
        for column in (c for c in table.columns if c.startswith("limit")):
            for row in table.rows:
                own.setdefault(row[table.columns[0]], set()).update(_number(row[column]))
    return general, {k: frozenset(v) for k, v in own.items()}


def _number(cell: str) -> Iterable[float]:
    try:
        return (float(Decimal(cell)),)
    except InvalidOperation:
        return ()


def _together(keys: list[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
    """One number for each combination of keys; renumbered before it could overflow."""
    found = np.zeros(size, np.int64)
    for key in keys:
        wide = int(key.max(initial=0)) + 1
        if int(found.max(initial=0)) > np.iinfo(np.int64).max // (wide + 1):
            found = np.unique(found, return_inverse=True)[1].astype(np.int64)
        found = found * wide + key
    return found


def _order(row: Mapping[str, Any], control_list: str) -> Transaction:
    said = {n: v for n, v in row.items() if v is not None}
    try:
        return Transaction.model_construct(
            id=None,
            on=None,
            route=_NO_ROUTE,
            circumstances=_NOTHING_ELSE,
            **_head(tuple((n, said.get(n)) for n in _ORDER)),
            lines=(_line(said, control_list),),
            parties=_parties(said.get("end_user"), said.get("end_user_country")),
            end_use=EndUse(statement=said["end_use"]) if "end_use" in said else _NO_USE,
            facts=tuple(StatedFact(name=n, value=v) for n, v in said.items() if "." in n),
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{first['msg']}: {first['input']!r}", place=".".join(map(str, first["loc"]))) from error


_NO_USE, _NO_ROUTE, _NOTHING_ELSE = EndUse(), Route(), Circumstances()


@lru_cache(maxsize=1 << 14)
def _head(fields: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """The order's own fields, checked once for each combination."""
    checked = Transaction.model_validate({n: v for n, v in fields if v is not None} | {"lines": [{"item": {}}]})
    return {n: getattr(checked, n) for n, _ in fields}


def _line(said: Mapping[str, Any], control_list: str) -> Line:
    value, quantity = said.get("value"), said.get("quantity")
    if value is not None and "currency" not in said:
        raise InputError(f"a value of {value} without its currency", place="currency", hint="add a column `currency`")
    return Line.model_construct(
        item=_item(tuple((n, said.get(n)) for n in _ITEM), said.get("code"), control_list),
        value=None if value is None else Money(amount=Decimal(str(value)), currency=said["currency"]),
        quantity=None if quantity is None else Quantity(amount=Decimal(str(quantity))),
    )


@lru_cache(maxsize=1 << 14)
def _item(fields: tuple[tuple[str, Any], ...], code: str | None, control_list: str) -> Item:
    codes = {control_list: code} if code is not None else {}
    return Item.model_validate({n: v for n, v in fields if v is not None} | {"codes": codes})


@lru_cache(maxsize=4096)
def _parties(description: str | None, country: str | None) -> tuple[Party, ...]:
    if description is None and country is None:
        return ()
    return (Party(roles=(Role.END_USER,), description=description, country=country),)
