"""Reading tables: every broken row comes with its line and its reason, and those around it are read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from enduse.batch import frame
from enduse.batch.frame import open_frame
from enduse.errors import InputError


def rows(path: Path, content: str | bytes, **more):
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_frame(path, **more).rows)


def test_rows_are_numbered_by_the_line_they_begin_on(tmp_path: Path) -> None:
    """A quoted cell may run over lines; an editor shows the same number."""
    found = rows(tmp_path / "p.csv", 'name,country\n"Zenda\nWorks",DE\n\nSapt,FR\n')
    assert [(r.number, r.cells["name"]) for r in found] == [(2, "Zenda\nWorks"), (5, "Sapt")]


@pytest.mark.parametrize(
    ("line", "telling"),
    [("a,b,c", "3 cells under 2 columns"), ('"open,DE', "not closed"), ("x" * (1 << 20) + "yz", "a line of more than")],
)
def test_a_broken_row_takes_no_other_with_it(tmp_path: Path, line: str, telling: str) -> None:
    """Even a quotation mark left open does not swallow the rows behind it."""
    after = "".join(f"firm {n},DE\n" for n in range(200))
    found = rows(tmp_path / "p.csv", f"name,country\nSapt,FR\n{line}\n{after}")
    assert telling in (found[1].error or "")
    assert [r.number for r in found] == [2, 3, *range(4, 204)]
    assert all(r.error is None for r in (found[0], *found[2:]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen_from_the_header(tmp_path: Path, delimiter: str) -> None:
    """As Excel writes it in each country."""
    (row,) = rows(tmp_path / "p.csv", f"name{delimiter}country\nSapt{delimiter}FR\n")
    assert row.cells == {"name": "Sapt", "country": "FR"}


def test_other_encodings_are_read_when_marked_or_named(tmp_path: Path) -> None:
    """UTF-16 by its first bytes, cp1252 by name."""
    text = "name,country\nMüller,DE\n"
    (marked,) = rows(tmp_path / "p.csv", text.encode("utf-16"))
    (named,) = rows(tmp_path / "p.csv", text.encode("cp1252"), encoding="cp1252")
    assert marked.cells == named.cells == {"name": "Müller", "country": "DE"}


def test_one_wrong_byte_is_one_wrong_cell(tmp_path: Path) -> None:
    """The file is read on; the cell shows its byte."""
    good = "".join(f"firm {n},DE\n" for n in range(50))
    found = rows(tmp_path / "p.csv", b"name,country\nM\xfcller,DE\n" + good.encode())
    assert found[0].cells["name"] == "M\udcfcller"
    assert len(found) == 51


@pytest.mark.parametrize(
    ("name", "content", "telling"),
    [
        ("p.csv", b"", "is empty"),
        ("p.csv", "name\nMüller\nJäger\nGörß\n".encode("cp1252"), "--encoding cp1252"),
        ("p.csv", "name\nSapt\n".encode("utf-16-le"), "is no text"),
        ("p.csv", b"PK\x03\x04 and so on", "workbook"),
        ("p.csv", b"name,name\na,b\n", "two columns"),
        ("p.jsonl", b"[1, 2]\n", "holds no JSON lines"),
        ("p.jsonl", b"name,country\nSapt,FR\n", "holds no JSON lines"),
        ("p.parquet", b"no parquet", "is no Parquet file"),
        ("p.docx", b"x", "cannot tell what .docx is"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(tmp_path: Path, name: str, content: bytes, telling: str) -> None:
    """At once, with what to do."""
    with pytest.raises(InputError) as refused:
        rows(tmp_path / name, content)
    assert telling in str(refused.value)


def test_json_lines_come_with_their_broken_ones(tmp_path: Path) -> None:
    """What is no object is a broken row, even the first."""
    found = rows(tmp_path / "p.jsonl", '{"name": \n{"name": "Sapt", "aliases": ["S"]}\n\n7\n')
    assert [(r.number, bool(r.error)) for r in found] == [(1, True), (2, False), (4, True)]


def test_parquet_without_pyarrow_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain install reads CSV and JSON lines."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match="enduse\\[parquet\\]"):
        frame.open_frame(tmp_path / "p.parquet")
