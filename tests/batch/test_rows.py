"""From a row to a party: which column is which, and every way a cell can be wrong."""

from __future__ import annotations

import pytest

from enduse.batch.rows import LEFT_OUT, NOT_SCREENED, columns_of, party_of, read_row
from enduse.errors import InputError
from enduse.model.party import PartyKind


def read(**cells: object):
    return read_row(cells, {name: name for name in cells})


def test_a_row_becomes_a_party() -> None:
    """Every particular a matcher can use finds its place."""
    party, problems = read(
        name=" Zenda Works ", aliases="Zenda; ZW", former="Old Zenda", country="Germany; RU", kind="Company",
        birth="1970-05-01", city="Berlin", imo="9074729", tax="123456789",
    )  # fmt: skip
    assert not problems
    assert party is not None
    assert (party.name, party.country, party.kind) == ("Zenda Works", "DE", PartyKind.ORGANISATION)
    assert party.aliases == ("Zenda", "ZW", "Old Zenda")
    assert [(i.kind, i.value) for i in party.identifiers] == [("imo", "9074729"), ("tax", "123456789")]
    assert [a.country for a in party.addresses] == ["DE", "RU"]


@pytest.mark.parametrize(
    ("cells", "field", "telling"),
    [
        ({"name": ""}, "name", "no name"),
        ({"name": None}, "name", "no name"),
        ({"name": "   "}, "name", "no name"),
        ({"name": "Zen\x00da"}, "name", "no text"),
        ({"name": "Zenda\udce9"}, "name", "byte 0xe9"),
        ({"name": "x" * 10_001}, "name", "10,001 characters"),
    ],
)
def test_a_name_that_cannot_be_read_refuses_the_row(cells: dict[str, object], field: str, telling: str) -> None:
    """There is nothing to screen by; the reason says what is wrong."""
    party, (problem, *_) = read(**cells)
    assert party is None
    assert (problem.field, problem.done) == (field, NOT_SCREENED)
    assert telling in problem.why


@pytest.mark.parametrize(
    ("cells", "telling"),
    [
        ({"country": "zz9"}, "no country we know"),
        ({"country": "Germny"}, "did you mean Germany (DE)"),
        ({"birth": "1970-13-45"}, "not a day"),
        ({"birth": "1970"}, "not a day"),
        ({"kind": "organisaton"}, "organisation"),
        ({"address": "Str\udcdf 5"}, "byte 0xdf"),
    ],
)
def test_another_cell_that_cannot_be_read_is_left_out_and_reported(cells: dict[str, object], telling: str) -> None:
    """The party is screened all the same: an unscreened party is the greater loss."""
    party, (problem,) = read(name="Zenda Works", **cells)
    assert party is not None
    assert problem.done == LEFT_OUT
    assert telling in problem.why


def test_a_party_without_a_name_is_screened_by_its_number() -> None:
    """A ship is known by its IMO number."""
    party, problems = read(name="", imo="9074729")
    assert party is not None
    assert party.identifiers
    assert not problems


def test_a_territory_with_law_of_its_own_is_a_place() -> None:
    """Crimea stays Crimea."""
    assert party_of({"name": "Sevastopol Yard", "country": "ua-43"}).country == "UA-43"


def test_columns_are_known_by_their_usual_headings() -> None:
    """Whatever the case and the underscores; a column of no use to screening is left alone."""
    header = ["Customer", "Company_Name", "COUNTRY CODE", "DOB", "turnover"]
    found = columns_of(header, {"id": "Customer"}, place="p.csv")
    assert found == {"id": "Customer", "name": "Company_Name", "country": "COUNTRY CODE", "birth": "DOB"}


@pytest.mark.parametrize(
    ("header", "given", "telling"),
    [
        (["nmae", "country"], {}, "did you mean 'nmae'"),
        (["Firmenname", "Land"], {}, "say --name-column"),
        (["name", "Country of origin"], {"country": "Country of orign"}, "did you mean 'Country of origin'"),
        (["name", "company"], {}, "both mean name"),
        (["name"], {"nme": "name"}, "no column can mean"),
    ],
)
def test_a_missing_column_is_named_with_the_nearest(header: list[str], given: dict[str, str], telling: str) -> None:
    """Before any row is read."""
    with pytest.raises(InputError) as refused:
        columns_of(header, given, place="p.csv")
    assert telling in str(refused.value)
