"""Transactions from files: TOML, JSON, YAML, and CSV of many lines; every refusal names file, line and field."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from enduse.errors import InputError
from enduse.formats import content_of, exact, text_of
from enduse.model.party import Party
from enduse.model.transaction import Transaction

COLUMNS: Mapping[str, str] = {
    "order": "the order this line belongs to; lines of one order are decided together",
    "activity": "export, reexport, in_country_transfer, deemed_export ... (export when empty)",
    "date": "planned day, YYYY-MM-DD",
    "exporter_country": "country it leaves from, ISO two letters",
    "destination": "country of final use, ISO two letters",
    "transit": "countries passed through, separated by blanks",
    "description": "the item in words",
    "kind": "commodity, software or technology",
    "us_ccl": "ECCN with paragraph, or EAR99",
    "hs_code": "tariff code",
    "origin": "country of manufacture",
    "quantity": "how many",
    "unit": "unit of quantity",
    "value": "value of the line",
    "currency": "ISO 4217",
    "end_use": "the stated use",
    "exporter": "name",
    "consignee": "name",
    "consignee_country": "ISO two letters",
    "end_user": "name",
    "end_user_country": "ISO two letters",
    "end_user_description": "what the end user is",
}
"""The columns of an order book; `destination` and one of `us_ccl`, `description` are needed."""


class Row(NamedTuple):
    """One order read from a file, or why it could not be."""

    place: str
    transaction: Transaction | None
    error: InputError | None = None
    raw: Mapping[str, str] | None = None


def read_transaction(path: Path) -> Transaction:
    """One transaction from a .toml, .json or .yaml file. Raises `InputError`."""
    content = content_of(path)
    if not isinstance(content, dict):
        raise InputError("not a transaction", place=path.name, hint="the file must hold one table of fields")
    return as_transaction(content, place=path.name, text=text_of(path))


def read_party(path: Path) -> Party:
    """One party from a .toml, .json or .yaml file. Raises `InputError`."""
    content = content_of(path)
    if not isinstance(content, dict):
        raise InputError("not a party", place=path.name, hint="the file must hold one table of fields, with a name")
    try:
        return Party.model_validate(exact(content, place=path.name))
    except ValidationError as error:
        raise _refusal(error, path.name, text_of(path)) from error


def as_transaction(content: Mapping[str, object], *, place: str, text: str = "") -> Transaction:
    """A transaction from plain values. Raises `InputError` naming the field and, as far as it can be told, the line."""
    try:
        return Transaction.model_validate(exact(content, place=place))
    except ValidationError as error:
        raise _refusal(error, place, text) from error


def _refusal(error: ValidationError, place: str, text: str) -> InputError:
    problems = error.errors()
    first = max(problems, key=lambda e: (e["type"] == "extra_forbidden", len(e["loc"])))
    field = ".".join(str(p + 1) if isinstance(p, int) else str(p) for p in first["loc"])
    line = _line_of(first["loc"], text)
    hint = "this field is not known; see docs/reference/transaction.schema.json"
    if first["type"] != "extra_forbidden":
        hint = "add the field" if first["type"] == "missing" else _reads(first["input"])
    more = f" ({len(problems) - 1} more problems)" if len(problems) > 1 else ""
    message = f"{field}: {first['msg']}{more}" if field else str(first["msg"]).removeprefix("Value error, ")
    return InputError(message, place=f"{place}:{line}" if line else place, hint=hint)


def _reads(value: object) -> str:
    """What stands there, as far as it says anything in one line."""
    if isinstance(value, Mapping | tuple):
        return "see docs/reference/transaction.schema.json"
    shown = repr(value) if isinstance(value, str) else str(value)
    return f"it reads {shown if len(shown) < _SHOWN else shown[:_SHOWN] + ' ...'}"


_SHOWN = 80


def _line_of(loc: tuple[int | str, ...], text: str) -> int | None:
    keys = [p for p in loc if isinstance(p, str)]
    for key in reversed(keys):
        for number, line in enumerate(text.splitlines(), start=1):
            if key in line:
                return number
    return None


def read_order_book(path: Path) -> Iterator[Row]:
    """The orders of a CSV, in order of first line; rows that cannot be read come back with their error.

    Raises `InputError` when the file as a whole is not such a CSV: encoding, missing or unknown columns.
    """
    orders: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    for number, row in book_rows(path):
        orders.setdefault(row.get("order") or f"line {number}", []).append((number, row))
    if not orders:
        raise InputError("no order stands in it", place=path.name, hint="write one line for each item under the header")
    for order, rows in orders.items():
        yield _order(order, rows, path.name)


OVERLONG = "more cells than columns"
"""The key that marks a row with too many cells."""


def book_rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of an order book with their line numbers, cells trimmed. Raises `InputError` for a file that is none."""
    text = text_of(path).replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.DictReader(io.StringIO(text), dialect=_dialect(text), restkey=OVERLONG)
    try:
        header = [h.strip() for h in reader.fieldnames or []]
        _check_header(header, path.name)
        for row in reader:
            yield reader.line_num, {k.strip(): v.strip() if isinstance(v, str) else "" for k, v in row.items()}
    except csv.Error as error:
        place, hint = f"{path.name}:{reader.line_num + 1}", "look for a quotation mark that is not closed"
        raise InputError(f"not CSV from here on: {error}", place=place, hint=hint) from error


def row_order(row: Mapping[str, str]) -> Transaction:
    """The one-line order that a row states. Raises `InputError`."""
    if OVERLONG in row:
        raise InputError(OVERLONG, hint="quote cells that contain the separator")
    return as_transaction({**_head(row.get("order") or "", row), "lines": [_row_line(row)]}, place="row")


def _dialect(text: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text[:4096].splitlines()[0] if text else ",", delimiters=",;\t|")
    except (csv.Error, IndexError):
        return csv.excel


def _check_header(header: list[str], name: str) -> None:
    strange = [h for h in header if h not in COLUMNS]
    if strange:
        import difflib  # noqa: PLC0415  only on the way out

        near = difflib.get_close_matches(strange[0], COLUMNS, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"columns: {', '.join(COLUMNS)}"
        raise InputError(f"unknown column {strange[0]!r}", place=f"{name}:1", hint=hint)
    twice = next((h for h in header if header.count(h) > 1), None)
    if twice is not None:
        raise InputError(f"column {twice!r} stands twice", place=f"{name}:1", hint="keep the one that is right")
    if "destination" not in header or not {"us_ccl", "description"} & set(header):
        raise InputError(
            "column missing: destination, and one of us_ccl or description, are needed",
            place=f"{name}:1",
            hint=f"columns: {', '.join(COLUMNS)}",
        )


def _order(order: str, rows: list[tuple[int, Mapping[str, str]]], name: str) -> Row:
    number, first = rows[0]
    place = f"{name}:{number}"
    try:
        for at, row in rows:
            _check_row(row, first, place=f"{name}:{at}")
        content = {**_head(order, first), "lines": [_row_line(r) for _, r in rows]}
        return Row(place, as_transaction(content, place=place), None, first)
    except InputError as error:
        return Row(place, None, error, first)
    except (InvalidOperation, ValueError) as error:
        return Row(place, None, InputError(f"a number cannot be read: {error}", place=place), first)


_OF_LINE = frozenset(
    {"description", "kind", "us_ccl", "hs_code", "origin", "quantity", "unit", "value", "currency", OVERLONG}
)


def _check_row(row: Mapping[str, str], first: Mapping[str, str], *, place: str) -> None:
    """One bad line refuses its whole order: what stands in it could be what needs a licence."""
    if OVERLONG in row:
        raise InputError(OVERLONG, place=place, hint="quote cells that contain the separator")
    for column, said in row.items():
        if column not in _OF_LINE and said and said != first.get(column):
            told = f"{column}: {said!r}, but {first.get(column) or 'nothing'!r} on the first line of this order"
            raise InputError(told, place=place, hint="lines of one order share it; give another order its own number")


def _head(order: str, row: Mapping[str, str]) -> dict[str, object]:
    content: dict[str, object] = {"id": order, "parties": list(_row_parties(row))}
    for column, field in (("activity", "activity"), ("date", "on"), ("exporter_country",) * 2, ("destination",) * 2):
        if row.get(column):
            content[field] = row[column]
    if row.get("transit"):
        content["route"] = {"transit": row["transit"].split()}
    if row.get("end_use"):
        content["end_use"] = {"statement": row["end_use"]}
    return content


def _row_line(row: Mapping[str, str]) -> dict[str, object]:
    item: dict[str, object] = {k: row[k] for k in ("description", "kind", "hs_code", "origin") if row.get(k)}
    if row.get("us_ccl"):
        item["codes"] = {"us_ccl": row["us_ccl"]}
    line: dict[str, object] = {"item": item}
    if row.get("quantity"):
        line["quantity"] = {"amount": Decimal(row["quantity"]), "unit": row.get("unit") or "pieces"}
    if row.get("value"):
        line["value"] = {k: v for k, v in (("amount", row["value"]), ("currency", row.get("currency"))) if v}
    return line


def _row_parties(row: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for column, role in (("exporter", "exporter"), ("consignee", "ultimate_consignee"), ("end_user", "end_user")):
        place, told = row.get(f"{column}_country"), row.get(f"{column}_description")
        if row.get(column) or place or told:
            party = {"name": row.get(column), "country": place or None, "description": told or None, "roles": [role]}
            yield {k: v for k, v in party.items() if v}
