"""The tools parsers share: packing, encodings, columns, places, dates and identifiers."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.errors import EnduseError, ListError
from enduse.lists.dates import birth_date_of, day_of
from enduse.lists.identifiers import identifier, kind_of
from enduse.lists.own.parse import parse as own
from enduse.lists.places import place_at_end, place_of, us_address
from enduse.lists.reading import Audit, bytes_of, elements, head_of, root_tag, table, text_of
from enduse.sources.catalogue import lists, reader_of


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("list.xml", content)
    return out.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zipped])
def test_packing_makes_no_difference(pack):
    """Plain, gzip, bzip2 or a zip of one file."""
    assert bytes_of(pack(b"<a/>"), file="x") == b"<a/>"


def test_encodings_are_told_apart():
    """UTF-8 with and without its mark, UTF-16, Windows-1252; end marks and NULs go."""
    audit = Audit()
    assert text_of("é".encode(), file="x", audit=audit) == "é\n"
    assert text_of(b"\xef\xbb\xbf" + "é".encode(), file="x", audit=audit) == "é\n"
    assert text_of("é".encode("utf-16"), file="x", audit=audit) == "é"
    assert not audit.ignored
    assert text_of("’é".encode("cp1252") + b"\r\n\x1a", file="x", audit=audit) == "’é\n"
    assert audit.ignored["(read as Windows-1252)"] == 1


def test_columns_are_used_ignored_or_reported():
    """A strange column is reported with how many rows fill it; short and long rows are kept and reported."""
    audit = Audit()
    text = b"a,b,c\n1,2,3\n4\n5,6,,8\n"
    rows = [row for _, row in table(text, file="x.csv", audit=audit, used=("a",), ignored=("b",), required=("a",))]
    assert rows == [{"a": "1"}, {"a": "4"}, {"a": "5"}]
    assert [(u.row, u.field) for u in audit.unread] == [("3", "(row)"), ("4", "(row)"), ("1", "c")]
    assert audit.unread[-1].value == "1 rows"
    with pytest.raises(ListError, match="no column z"):
        list(table(text, file="x.csv", audit=audit, used=("a",), required=("z",)))


def test_a_web_page_is_not_a_table():
    """A publisher's maintenance page is refused by what it is."""
    with pytest.raises(ListError, match="web page"):
        list(table(b"<!DOCTYPE html>\n<html>", file="x.csv", audit=Audit(), used=()))


def test_cut_off_xml_is_an_error_after_the_whole_records():
    """What came whole is given; then the error says the file is not whole."""
    given_ = []
    with pytest.raises(ListError, match="not whole XML"):
        given_.extend(e.text for e in elements(b"<r><a>1</a><a>2</a><a>3", file="x.xml", tags=("a",)))
    assert given_ == ["1", "2"]


def test_entities_that_multiply_are_refused():
    """A bomb of nested entities ends in an error, not in memory."""
    bomb = b'<!DOCTYPE r [<!ENTITY a "ha">' + b"".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 40}">'.encode() for n in range(8)
    )
    with pytest.raises(ListError):
        list(elements(bomb + b"]><r><a>&i;</a></r>", file="x.xml", tags=("a",)))


def test_root_elements_are_read_past_comments_and_declarations():
    """With prefix, comment or byte-order mark before them."""
    assert root_tag(b'\xef\xbb\xbf<?xml version="1.0"?><!-- <x> --><n:sdnList a="1">') == "sdnList"
    assert root_tag(b"a,b,c") is None
    assert root_tag(b"") is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Korea, North", "KP"),
        ("DEMOCRATIC PEOPLE’S REPUBLIC OF KOREA", "KP"),
        ("  iran ", "IR"),
        ("RUS", "RU"),
        ("ru", "RU"),
        ("Region: Crimea", "UA-43"),
        ("Namibia", "NA"),
        ("NO", "NO"),
        ("Atlantis", None),
        ("", None),
        (None, None),
    ],
)
def test_countries_are_known_by_the_names_publishers_give_them(said: str | None, code: str | None):
    """Codes, official names and demonyms; what is no country is none."""
    assert place_of(said) == code


def test_an_address_gives_its_country():
    """At its end, as code or name; a US address by its state and ZIP code."""
    assert place_at_end("1 Castle Road, Beijing, China.") == "CN"
    assert place_at_end("Birgadirskiy 13, Moscow, 105005, RU") == "RU"
    assert place_at_end("Bread, water and") is None
    assert us_address("2948 PEASE DRIVE, APT. 201, ROCKY RIVER, OH, 44116")
    assert not us_address("1 Castle Road, ZZ, 44116")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2024-05-01", date(2024, 5, 1)),
        ("2024-05-01T00:00:00", date(2024, 5, 1)),
        ("01 Feb 1970", date(1970, 2, 1)),
        ("16-Apr-2026", date(2026, 4, 16)),
        ("June 5, 2024", date(2024, 6, 5)),
        ("31/12/2020", date(2020, 12, 31)),
        ("13/13/2020", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_are_read_or_left(said: str, day: date | None):
    """Never guessed."""
    assert day_of(said) == day


def test_american_days_have_the_month_first():
    """3/4/2020 is March 4 in a US file and April 3 elsewhere."""
    assert day_of("3/4/2020", month_first=True) == date(2020, 3, 4)
    assert day_of("3/4/2020") == date(2020, 4, 3)
    assert birth_date_of("Feb 1970") == "1970-02"
    assert birth_date_of("circa 1951") == "circa 1951"


def test_labels_of_numbers_become_kinds():
    """The publisher's own label stays as the note."""
    ship = identifier("Vessel Registration Identification", "IMO 9187629")
    assert (ship.kind, ship.value) == ("imo", "9187629")
    assert identifier("Vessel Registration Identification", "V-12").kind == "registration"
    kinds = {kind_of(label) for label in ("Tax ID No.", "R.F.C.", "NIT #")}
    assert kinds == {"tax"}
    assert kind_of("Digital Currency Address - XBT") == "other"


def test_a_users_table_may_use_any_usual_heading_and_delimiter():
    """Semicolons, capitals and underscores do not matter; a doubled meaning does."""
    found = list(own({"own.csv": b"FULL_NAME;Country_Code\nZenda Works;DE\n"}))
    assert (found[0].names[0].text, found[0].addresses[0].country) == ("Zenda Works", "DE")
    with pytest.raises(ListError, match="both mean name"):
        list(own({"own.csv": b"name,company\nA,B\n"}))
    with pytest.raises(ListError, match="no column `name`") as raised:
        list(own({"own.csv": b"firm,land\nA,B\n"}))
    assert "aliases" in raised.value.hint
    with pytest.raises(ListError, match="both mean aliases"):
        list(own({"own.csv": b"name,alias,aka\nA,B,C\n"}))
    audit = Audit()
    found = list(own({"own.csv": b"name,program,reason,colour\nA,Z,spite,red\n"}, audit))
    assert found[0].programmes == ("Z",)
    assert {u.field: u.why for u in audit.unread} == {
        "reason": "means programme, as 'program' before it: left out",
        "colour": "a column without a meaning here: left out",
    }


def test_rows_of_every_kind_of_trouble_leave_the_rest():
    """A ten-thousand-character name, a NUL, a quote left open: the other rows are read."""
    rows = b"name,country\n" + b"x" * 10_000 + b',DE\nZen\x00da,ZZ\nLast,FR\n"open,DE\n'
    audit = Audit()
    found = list(own({"own.csv": rows}, audit))
    assert [p.names[0].text[:6] for p in found[:3]] == ["xxxxxx", "Zenda", "Last"]
    assert any(u.field == "country" and u.row == "3" for u in audit.unread)


def test_a_quote_left_open_swallows_nothing():
    """The row is read as it stands and reported, those after it are read; one cut off keeps its row."""
    rows = ['Zenda "Old" Works,DE', '"open,DE', *(f"Company {n},FR" for n in range(200)), '"two\nlines",IT', '"end,ES']
    audit = Audit()
    found = [p.names[0].text for p in own({"own.csv": ("name,country\n" + "\n".join(rows) + "\n").encode()}, audit)]
    assert found[0] == 'Zenda "Old" Works'
    assert found[1] == "open"
    assert found[2:202] == [f"Company {n}" for n in range(200)]
    assert found[202].split() == ["two", "lines"]
    assert found[203].startswith("end")
    assert [u.row for u in audit.unread] == ["3"]


@given(st.binary(max_size=3_000))
def test_no_bytes_make_recognition_fail(content: bytes):
    """Recognition answers; it never raises anything but errors of ours."""
    for info in lists():
        with contextlib.suppress(EnduseError):
            reader_of(info).recognise("x.bin", head_of(content))
