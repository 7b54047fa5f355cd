"""Orders from files: good ones read alike whatever the format, bad ones refused with file, line and field."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from enduse.errors import InputError
from enduse.intake import read_order_book, read_transaction

TOML = """
id = "T-1"
destination = "NO"
[[lines]]
item.codes.us_ccl = "5E002"
value = { amount = 12.50, currency = "USD" }
"""
JSON = (
    '{"id":"T-1","destination":"NO","lines":[{"item":{"codes":{"us_ccl":"5E002"}},'
    '"value":{"amount":12.50,"currency":"USD"}}]}'
)
YAML = """
id: T-1
destination: NO
lines:
  - item: {codes: {us_ccl: 5E002}}
    value: {amount: 12.50, currency: USD}
"""


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_three_formats_say_the_same(tmp_path: Path) -> None:
    """Norway stays NO and 5E002 stays a code in YAML too, where a careless reader makes them False and 500."""
    read = [
        read_transaction(written(tmp_path, f"o.{kind}", text))
        for kind, text in (("toml", TOML), ("json", JSON), ("yaml", YAML))
    ]
    assert read[0] == read[1] == read[2]
    assert read[0].destination == "NO"
    assert read[0].lines[0].item.codes["us_ccl"] == "5E002"
    assert read[0].lines[0].value is not None
    assert read[0].lines[0].value.amount == Decimal("12.5")


@pytest.mark.parametrize(
    ("text", "place", "telling"),
    [
        (TOML.replace('destination = "NO"', 'destinatoin = "NO"'), "o.toml:3", "destinatoin"),
        (TOML.replace('"5E002"', "5E002"), "o.toml", "quoted text"),
        (TOML.replace("12.50", "-1"), "o.toml:6", "amount"),
        (TOML.replace('"USD"', '"dollars"'), "o.toml:6", "currency"),
        (TOML.replace('"NO"', '"Norway"'), "o.toml:3", "destination"),
        (TOML.replace('id = "T-1"', 'id = "T-1"\non = 2026-02-30'), "o.toml", "line 3"),
        ("lines = []\n", "o.toml:1", "lines"),
        ("id = \n", "o.toml", "line 1"),
    ],
)
def test_a_bad_order_is_refused_where_it_is_bad(tmp_path: Path, text: str, place: str, telling: str) -> None:
    """File, line and field, and what to do."""
    with pytest.raises(InputError) as refused:
        read_transaction(written(tmp_path, "o.toml", text))
    assert refused.value.place.startswith(place.split(":", maxsplit=1)[0])
    assert telling in str(refused.value)
    assert refused.value.hint
    if ":" in place:
        assert refused.value.place == place


def test_mixed_currencies_are_refused(tmp_path: Path) -> None:
    """A total over two currencies would be a number without meaning."""
    more = '[[lines]]\nitem.description = "b"\nvalue = { amount = 1, currency = "EUR" }\n'
    with pytest.raises(InputError, match="mixed currencies EUR, USD"):
        read_transaction(written(tmp_path, "o.toml", TOML + more))


def test_an_absent_file_and_another_kind_are_refused(tmp_path: Path) -> None:
    """No traceback for a slip of the pen."""
    with pytest.raises(InputError, match="no such file"):
        read_transaction(tmp_path / "none.toml")
    with pytest.raises(InputError, match=r"cannot read \.xml"):
        read_transaction(written(tmp_path, "o.xml", "<a/>"))


HEAD = "order,destination,description,us_ccl,value,currency\n"


def test_lines_of_one_order_are_decided_together(tmp_path: Path) -> None:
    """Two lines named A are one order of two lines."""
    rows = list(
        read_order_book(
            written(tmp_path, "b.csv", HEAD + "A,FR,x,EAR99,1,USD\nA,FR,y,EAR99,2,USD\nB,FR,z,EAR99,3,USD\n")
        )
    )
    assert [len(r.transaction.lines) for r in rows if r.transaction] == [2, 1]


def test_a_bad_row_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    """A negative value, a value without currency and a row of too many cells; the good row survives."""
    text = HEAD + "A,FR,x,EAR99,-1,USD\nB,FR,y,EAR99,5,\nC,FR,z,EAR99,3,USD\nD,FR,z,EAR99,3,USD,more\n"
    rows = {r.place.rpartition(":")[2]: r for r in read_order_book(written(tmp_path, "b.csv", text))}
    assert {n for n, r in rows.items() if r.error} == {"2", "3", "5"}
    assert rows["4"].transaction is not None
    assert "currency" in str(rows["3"].error)


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("order,description\nA,x\n", "destination"),
        ("destination,descripton\nFR,x\n", "did you mean 'description'"),
        (HEAD.encode() + "A,FR,Z\u00fcrich,EAR99,1,USD\n".encode("cp1252"), "UTF-8"),
    ],
)
def test_a_csv_that_is_none_of_ours_is_refused_whole(tmp_path: Path, text: str | bytes, telling: str) -> None:
    """A missing column, an unknown one, another encoding."""
    with pytest.raises(InputError, match=r"b\.csv") as refused:
        list(read_order_book(written(tmp_path, "b.csv", text)))
    assert telling in str(refused.value)


def test_semicolons_serve_as_well(tmp_path: Path) -> None:
    """Spreadsheets of half the world separate with semicolons."""
    rows = list(read_order_book(written(tmp_path, "b.csv", HEAD.replace(",", ";") + "A;FR;x;EAR99;1;USD\n")))
    assert rows[0].transaction is not None
    assert rows[0].transaction.destination == "FR"
