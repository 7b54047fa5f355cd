"""`enduse outcomes`: what the law says of every line of a large order book, quickly and without the explanation."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from enduse.cli.common import as_of_option, packs_option, today
from enduse.determine.frame import decide_frame
from enduse.errors import InputError
from enduse.intake import book_rows, row_order
from enduse.model.determination import strictest
from enduse.shelf import open_pack, pack_ids

FIELDS: Mapping[str, str] = {
    "us_ccl": "code",
    "destination": "destination",
    "activity": "activity",
    "exporter_country": "exporter_country",
    "kind": "kind",
    "origin": "origin",
    "hs_code": "hs_code",
    "value": "value",
    "currency": "currency",
    "quantity": "quantity",
    "description": "description",
    "end_use": "end_use",
    "end_user": "end_user",
    "end_user_country": "end_user_country",
}
"""Columns of an order book by the name the columnar evaluator knows them under."""


@click.command()
@click.argument("book", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="CSV of outcomes to write.")
@click.option("--jobs", type=click.IntRange(1, 64), default=min(2, os.cpu_count() or 1), show_default=True)
@as_of_option
@packs_option
def outcomes(
    book: Path, output: Path, jobs: int, as_of: date | None, pack_names: tuple[str, ...], folders: tuple[Path, ...]
) -> int:
    """Decide every line of BOOK.csv by itself, and write the outcome and its reasons for each jurisdiction.

    These are outcomes of the law on the facts in the book, the same as `enduse decide` gives; nobody is screened and
    nothing is cleared. Rows that cannot be read go, with their reason, to a file beside the output.
    """
    day = as_of or today()
    packs = [open_pack(n, folders) for n in pack_names or pack_ids(folders)]
    packs = [p for p in packs if pack_names or p.info.kind == "law"]
    good, bad = _sorted(book_rows(book))
    columns = _columns([row for _, row in good])
    frames = [decide_frame(columns, pack, day, workers=jobs) for pack in packs] if good else []
    counts: Counter[str] = Counter()
    half = output.with_name(output.name + ".part")
    with half.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        told_of = [f"{p.info.jurisdiction} {what}" for p in packs for what in ("outcome", "reasons")]
        writer.writerow(["row", "order", "outcome", *told_of])
        for place, (number, row) in enumerate(good):
            found = [f.at(place) for f in frames]
            worst = strictest(tuple(o for o, _ in found))
            counts[worst.value] += 1
            told = [cell for o, reasons in found for cell in (o.value, " ".join(reasons))]
            writer.writerow([number, row.get("order", ""), worst.value, *told])
    half.replace(output)
    for name, count in counts.most_common():
        click.echo(f"{count:>9,}  {name}")
    if bad:
        refused = output.with_name(f"{output.stem}.refused.csv")
        with refused.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([("row", "what is wrong"), *bad])
        click.echo(f"{len(bad):,} row(s) could not be read; see {refused}", err=True)
    return 65 if bad and not good else 0


def _columns(rows: list[Mapping[str, str]]) -> dict[str, list[object]]:
    names = [n for n in FIELDS if any(r.get(n) for r in rows)]
    return {FIELDS[n]: [_cell(n, r.get(n, "")) for r in rows] for n in names}


def _cell(name: str, text: str) -> object:
    if not text:
        return "export" if name == "activity" else None
    return Decimal(text) if name in {"value", "quantity"} else text


Numbered = tuple[int, Mapping[str, str]]


def _sorted(rows: Iterable[Numbered]) -> tuple[list[Numbered], list[tuple[int, str]]]:
    """Rows that can be read, and those that cannot, with why; rows alike but for amounts are looked at once."""
    good: list[Numbered] = []
    bad: list[tuple[int, str]] = []
    seen: dict[tuple[str, ...], str | None] = {}
    for number, row in rows:
        key = tuple(cell for name, cell in row.items() if name not in _APART)
        if key not in seen:
            seen[key] = _wrong({**row, **dict.fromkeys(_AMOUNTS & row.keys(), "1")})
        wrong = seen[key] or next((w for n in _AMOUNTS if (w := _no_amount(n, row.get(n, "")))), None)
        if wrong:
            bad.append((number, wrong))
        else:
            good.append((number, row))
    return good, bad


_AMOUNTS = frozenset({"value", "quantity"})
_APART = _AMOUNTS | {"order", "exporter", "consignee"}


def _wrong(row: Mapping[str, str]) -> str | None:
    """Why a row cannot be read, its amounts apart."""
    try:
        row_order(row)
    except (InputError, InvalidOperation, ValueError) as error:
        return str(error)
    return None


def _no_amount(name: str, text: str) -> str | None:
    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        return f"{name} {text!r} is not a number"
    return None if amount.is_finite() and amount >= 0 else f"{name} {text} is not an amount"
