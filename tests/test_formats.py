"""One text has one meaning or none: what readers usually pass over is refused, with file and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from enduse.errors import InputError
from enduse.formats import content_of, exact, records_of
from enduse.intake import read_order_book, read_transaction


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "text", "telling"),
    [
        ("o.json", '{"destination": "IR", "destination": "DE"}', "given twice"),
        ("o.yaml", "destination: IR\ndestination: DE\n", "given twice"),
        ("o.toml", 'destination = "IR"\ndestination = "DE"\n', "overwrite"),
        ("o.yaml", "a: &x [1]\nb: [*x, *x]\n", "line 2: a reference"),
        ("o.yaml", "a: !!python/object/apply:os.system [true]\n", "line 1: a tag"),
        ("o.yaml", "? [a, b]\n: c\n", "line 1: the name of a field"),
        ("o.yaml", "a: 1\n---\na: 2\n", "single document"),
        ("o.json", "[" * 100_000, "nested too deeply"),
        ("o.yaml", "[" * 3000 + "]" * 3000, "nested too deeply"),
        ("o.toml", "a = " + "[" * 3000, "nested too deeply"),
        ("o.json", "", "Expecting value"),
        ("o.ini", "", "cannot read .ini"),
    ],
)
def test_what_has_two_meanings_or_none_is_refused(tmp_path: Path, name: str, text: str, telling: str) -> None:
    """The last of two destinations would silently win; references could grow without end."""
    with pytest.raises(InputError, match=telling) as refused:
        content_of(written(tmp_path, name, text))
    assert refused.value.place == name


def test_yaml_keeps_plain_words_as_text(tmp_path: Path) -> None:
    """Only true, false and null are more than text, and only unquoted; empty lists and tables stay what they are."""
    read = content_of(written(tmp_path, "o.yaml", "a: NO\nb: 5E002\nc: true\nd: 'true'\ne: ~\nf: '~'\ng: []\nh: {}\n"))
    assert read == {"a": "NO", "b": "5E002", "c": True, "d": "true", "e": None, "f": "~", "g": [], "h": {}}


def test_figures_are_exact_and_control_characters_refused() -> None:
    """Ten cents are ten cents; what could move a terminal's cursor is no text."""
    assert exact({"a": [0.1, 3, True]}, place="o") == {"a": (Decimal("0.1"), Decimal(3), True)}
    with pytest.raises(InputError, match="U\\+001B"):
        exact({"a": "\x1b[2J"}, place="o")


@pytest.mark.parametrize("amount", ["1e999999", "1e16", "1e-999999", "NaN", "Infinity", "-1", "9" * 5000])
def test_amounts_that_sums_cannot_be_made_of_are_refused(tmp_path: Path, amount: str) -> None:
    """However they are written, with the field named."""
    value = f'{{"amount": {amount}, "currency": "USD"}}'
    with pytest.raises(InputError, match=r"lines\.1\.value\.amount") as refused:
        read_transaction(written(tmp_path, "o.json", f'{{"lines": [{{"item": {{}}, "value": {value}}}]}}'))
    assert len(refused.value.hint) < 120


BOOK = "order,destination,us_ccl,consignee\n"


@pytest.mark.parametrize(
    ("rows", "place", "telling"),
    [
        ("A,DE,EAR99,Foo\nA,IR,EAR99,Foo\n", "b.csv:3", "destination: 'IR', but 'DE'"),
        ("A,DE,EAR99,Foo\nA,DE,EAR99,Bar\n", "b.csv:3", "consignee"),
        ("A,DE,EAR99,Foo\nA,DE,3A001.a.7,Foo,x\n", "b.csv:3", "more cells"),
    ],
)
def test_a_bad_line_refuses_its_whole_order(tmp_path: Path, rows: str, place: str, telling: str) -> None:
    """What stands in it could be what needs a licence; other orders are read all the same."""
    bad, good = read_order_book(written(tmp_path, "b.csv", f"{BOOK}{rows}B,FR,EAR99,Foo\n"))
    assert bad.transaction is None
    assert bad.error is not None
    assert bad.error.place == place
    assert telling in bad.error.message
    assert good.transaction is not None


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        (BOOK, "no order"),
        ("order,destination,destination,us_ccl\nA,IR,DE,EAR99\n", "stands twice"),
        ("", "column missing"),
    ],
)
def test_an_order_book_that_decides_nothing_is_refused(tmp_path: Path, text: str, telling: str) -> None:
    """Nothing decided must not look like everything cleared."""
    with pytest.raises(InputError, match=telling):
        list(read_order_book(written(tmp_path, "b.csv", text)))


def test_a_later_line_may_leave_out_what_the_first_says(tmp_path: Path) -> None:
    """And line ends of any system are read."""
    (row,) = read_order_book(written(tmp_path, "b.csv", (BOOK + "A,DE,EAR99,Foo\nA,,3A001.a.7,\n").replace("\n", "\r")))
    assert row.transaction is not None
    assert [line.item.codes["us_ccl"] for line in row.transaction.lines] == ["EAR99", "3A001.a.7"]


def test_records_are_lines_of_json_and_nothing_else(tmp_path: Path) -> None:
    """A line separator inside a text ends no line; what is no record, and a file of none, is refused."""
    read = list(records_of(written(tmp_path, "r.jsonl", '{"a": "one\u2028two"}\n\n{"a": 2}\n')))
    assert [place for place, _ in read] == ["r.jsonl:1", "r.jsonl:3"]
    assert read[0][1] == {"a": "one\u2028two"}
    for text in ("", "\n", "[1]\n", "{\n"):
        with pytest.raises(InputError, match=r"record|JSON"):
            list(records_of(written(tmp_path, "r.jsonl", text)))
