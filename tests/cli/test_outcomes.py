"""A large order book decided by columns gives what deciding each order gives, and loses no row."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from enduse.cli import app
from enduse.determine import determine
from enduse.intake import read_order_book
from enduse.shelf import open_pack

HEAD = "order,exporter_country,destination,description,kind,us_ccl,origin,value,currency\n"
ROWS = (
    "A,US,JP,switch,commodity,5A992.c,US,100,USD\n"
    "B,US,TH,valve,commodity,2B350.g,US,1200,USD\n"
    "C,US,RU,router,commodity,5A992.c,US,400,USD\n"
    "D,US,BR,array,commodity,3A001.a.7,US,4000,USD\n"
    "E,US,CU,wheat,commodity,EAR99,US,4000,USD\n"
)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(arguments), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value or 0, done.output


def test_columns_and_orders_agree(tmp_path: Path) -> None:
    """Line by line, the outcome is the one that the explaining evaluator gives."""
    book, out = tmp_path / "b.csv", tmp_path / "out.csv"
    book.write_text(HEAD + ROWS, encoding="utf-8")
    run("outcomes", str(book), "-o", str(out), "--as-of", "2026-08-15", "--jobs", "1", "--pack", "us_ear")
    rows = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    found = {r["order"]: r["US-EAR outcome"] for r in rows}
    pack = open_pack("us_ear")
    asked = [r.transaction for r in read_order_book(book) if r.transaction]
    assert found == {t.id: determine(t, pack, as_of=date(2026, 8, 15)).outcome.value for t in asked}


@pytest.mark.parametrize(
    ("row", "telling"),
    [
        ("X,US,Japan,switch,commodity,5A992.c,US,1,USD\n", "destination"),
        ("X,US,JP,switch,commodity,5A992.c,US,minus,USD\n", "value"),
        ("X,US,JP,switch,commodity,5A992.c,US,-4,USD\n", "value"),
        ("X,US,JP,switch,gadget,5A992.c,US,1,USD\n", "kind"),
        ("X,US,JP,switch,commodity,5A992.c,US,1,USD,more\n", "more cells"),
    ],
)
def test_a_row_that_cannot_be_read_is_reported_and_the_rest_decided(tmp_path: Path, row: str, telling: str) -> None:
    """With its line number and what is wrong, in a file of its own."""
    book, out = tmp_path / "b.csv", tmp_path / "out.csv"
    book.write_text(HEAD + row + ROWS, encoding="utf-8")
    run("outcomes", str(book), "-o", str(out), "--as-of", "2026-08-15", "--jobs", "1", "--pack", "us_ear")
    refused = (tmp_path / "out.refused.csv").read_text(encoding="utf-8")
    assert refused.splitlines()[1].startswith("2,")
    assert telling in refused
    assert len(out.read_text(encoding="utf-8").splitlines()) == 6
