"""Particulars in comparable form: check digits, dates, countries."""

from __future__ import annotations

import pytest

from enduse.screen.evidence import birth, country_numbers, identifier, imo_valid, lei_valid
from enduse.screen.place import code_of, codes


@pytest.mark.parametrize(
    ("number", "valid"), [("9074729", True), ("9074728", False), ("907472", False), ("९०७४७२९", False), ("", False)]
)
def test_imo_check_digit(number: str, valid: bool) -> None:
    """The last digit of an IMO number is the check sum of the others."""
    assert imo_valid(number) is valid


@pytest.mark.parametrize(
    ("code", "valid"), [("5493001KJTIIGC8Y1R12", True), ("5493001KJTIIGC8Y1R13", False), ("5493", False)]
)
def test_lei_check_digits(code: str, valid: bool) -> None:
    """A legal entity identifier leaves 1 when divided by 97."""
    assert lei_valid(code) is valid


def test_identifiers_are_compared_without_dress() -> None:
    """Case, blanks, prefixes and punctuation do not tell identifiers apart; short ones say nothing."""
    assert identifier("imo", "IMO 9074729") == identifier("imo", "9074729") == ("imo", "9074729")
    assert identifier("tax", "77-01 234567") == ("tax", "7701234567")
    assert identifier("passport", "12") is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1970", (1970, 0, 0)),
        ("1970-05", (1970, 5, 0)),
        ("circa 1970", (1970, 0, 0)),
        ("1970-05-03", (1970, 5, 3)),
        ("unknown", None),
    ],
)
def test_birth_dates_as_far_as_stated(text: str, wanted: tuple[int, int, int] | None) -> None:
    """A year, a month or a whole date."""
    assert birth(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Russia", "RU"),
        ("ru", "RU"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Viet Nam", "VN"),
        ("Türkiye", "TR"),
        ("UA-43", "UA"),
        ("Korea, North", "KP"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_countries_by_name_or_code(text: str, code: str | None) -> None:
    """Countries as lists write them."""
    assert code_of(text) == code


def test_what_is_no_country_is_left_out() -> None:
    """Unknown codes never stop a query."""
    assert {codes()[n] for n in country_numbers(["Russia", "ZZ", "", "CN"])} == {"RU", "CN"}
    assert country_numbers(7) == frozenset()
