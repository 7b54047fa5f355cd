"""The list's shorthand, form by form; nothing here needs the official files."""

import pytest

from enduse.packs.us_ear.build.codes import code_key, read_codes
from enduse.packs.us_ear.build.exceptions import read_terms
from enduse.packs.us_ear.build.requirement import read_requirement
from enduse.packs.us_ear.build.scope import read_scope
from enduse.packs.us_ear.build.sta import read_bars

KNOWN = {
    *("3A001", "3A002", "3A003", "3B001", "3B002", "1B115", "1B116", "1B118", "1B119", "1B201", "9A610"),
    *(f"3A001.a.{n}" for n in range(1, 16)),
    *(f"3A001.{letter}" for letter in "abcdefghijz"),
    *("3A001.b.2", "3A001.b.3", "3A001.b.9", "3A001.z.1", "3A001.z.2.b"),
}


@pytest.mark.parametrize(
    ("text", "includes", "excludes"),
    [
        ("3A001.b.2 and b.3", "3A001.b.2 3A001.b.3", ""),
        ("3A001.b, .c, and .d", "3A001.b 3A001.c 3A001.d", ""),
        ("3A001.a.1 to a.3, b", "3A001.a.1 3A001.a.2 3A001.a.3 3A001.b", ""),
        ("3A001.a.9 through a.11", "3A001.a.9 3A001.a.10 3A001.a.11", ""),
        ("3A001.e, g to j", "3A001.e 3A001.g 3A001.h 3A001.i 3A001.j", ""),
        ("3A001.b (except .b.9), .c", "3A001.b 3A001.c", "3A001.b.9"),
        ("3A001.z. 1.b, z.2.b", "3A001.z.1.b 3A001.z.2.b", ""),
        ("1B115 to 1B119, or 1B201", "1B115 1B116 1B118 1B119 1B201", ""),
        ("ECCN 3A001.b. or .c", "3A001.b 3A001.c", ""),
        ("3A002, 3A001.b.2, or b.3", "3A002 3A001.b.2 3A001.b.3", ""),
        ("3B", "3B001 3B002", ""),
        ("3A001, 3A002 except 3A002.b", "3A001 3A002", "3A002.b"),
    ],
)
def test_shorthand_is_read_out_in_full(text, includes, excludes):
    """Each form in which the list abbreviates codes gives the codes it stands for, in printed order."""
    scope = read_codes(text, eccn="3A001", known=KNOWN)
    assert scope is not None
    assert " ".join(scope.includes) == includes
    assert " ".join(scope.excludes) == excludes


@pytest.mark.parametrize("text", ["3A001.b.2 when usable in missiles", "lasers in 3A001.a", "", "to 3A001"])
def test_more_than_a_list_of_codes_is_not_guessed(text):
    """A scope with words in it is left to a reading by hand, never half understood."""
    assert read_codes(text, eccn="3A001", known=KNOWN) is None


def test_codes_sort_as_the_list_prints_them():
    """Paragraph a.2 stands before a.14, and y before aa."""
    assert sorted(["1C351.a.14", "1C351.a.2", "1C351.a"], key=code_key) == ["1C351.a", "1C351.a.2", "1C351.a.14"]


@pytest.mark.parametrize(
    ("eccn", "text", "includes", "excludes", "serves"),
    [
        ("3A001", "entire entry", "3A001", "", ""),
        ("9A610", "entire entry, except 9A610.b and .y", "9A610", "9A610.b 9A610.y", ""),
        ("9A610", "entire entry except: .e, .x, and .y.", "9A610", "9A610.e 9A610.x 9A610.y", ""),
        ("3A001", "paragraphs .a and .x", "3A001.a 3A001.x", "", ""),
        ("3A001", "items controlled by 3A001.z.1", "3A001.z.1", "", ""),
        ("3E001", "“technology” for items controlled by 3A001 or 3A002 for MT reasons", "3E001", "",
         "3A001 3A002 reason:MT"),
        ("1D001", "“software” for the “development,” “production” or “use” of items controlled by 1B201 for NP reasons",
         "1D001", "", "1B201 reason:NP"),
        ("3D001", "software for equipment controlled by 3A001.b (except b.9)", "3D001", "", "3A001.b -3A001.b.9"),
        ("6E991", "entire entry, except “technology” for equipment controlled by 3B001", "6E991", "", "-3B001"),
    ],
)  # fmt: skip
def test_scope_gives_paragraphs_or_what_is_served(eccn, text, includes, excludes, serves):
    """A row covers paragraphs of its own entry, or everything that serves the named commodities."""
    reach = read_scope(text, eccn=eccn, known=KNOWN)
    assert reach is not None
    assert (" ".join(reach.includes), " ".join(reach.excludes), " ".join(reach.serves)) == (includes, excludes, serves)


def test_codes_of_another_entry_are_not_this_rows_paragraphs():
    """A commodity row that names another entry's paragraph says more than a list: it needs a reading."""
    assert read_scope("3A002.a", eccn="3A001", known=KNOWN) is None


@pytest.mark.parametrize(
    ("cell", "requirement", "places", "except_places"),
    [
        ("NS Column 2.", "chart", "", ""),
        ("See § 746.1(b) of the EAR for UN controls.", "destinations", "UN:746.1(b)", ""),
        ("China, Russia or Venezuela (see § 742.6(a)(7)).", "destinations", "CN RU VE", ""),
        ("A license is required for ALL destinations, except Canada, regardless of use.", "destinations", "*", "CA"),
        ("A license is required for ALL destinations regardless of end-use.", "destinations", "*", ""),
        (("To or within destinations specified in Country Groups D:1, D:4, and D:5 of supplement no. 1, excluding "
         "any destination also specified in Country Groups A:5 or A:6."), "destinations", "D:1 D:4 D:5", "A:5 A:6"),
        (("To or within the United Arab Emirates or destinations specified in Country Groups D:1, D:4, and D:5 of "
         "supplement no. 1."), "destinations", "AE D:1 D:4 D:5", "A:5 A:6"),
        ("To or within Macau or a destination specified in Country Group D:5", "destinations", "MO D:5", ""),
        ("See § 742.6(a)(11) of the EAR.", "listed_party", "FN5", ""),
        ("Refer to § 742.15 of the EAR.", "destinations", "*", "CA"),
        ("A license is required for items controlled by this entry to North Korea for anti-terrorism reasons.",
         "destinations", "KP", ""),
        (("A license is required for items for export or reexport to Iraq or Pakistan or transfer within Iraq or "
         "Pakistan"), "destinations", "IQ PK", ""),
        ("For licensing requirements proceed directly to part 754 of the EAR.", "short_supply", "", ""),
    ],
)  # fmt: skip
def test_second_column_becomes_one_of_five_words(cell, requirement, places, except_places):
    """What a control row demands is a word a rule can act on, with the places it names."""
    found = read_requirement(cell, reason="NS")
    assert found is not None
    assert (found.requirement, found.places, found.except_places) == (requirement, places, except_places)


def test_unknown_demand_is_not_guessed():
    """A demand in words never read before is nothing, so that the build stops."""
    assert read_requirement("A license is required on Tuesdays.") is None


def test_column_without_its_reason_takes_the_rows():
    """1C351 prints the anti-terrorism cell as a bare column number."""
    found = read_requirement("Column 1.", reason="AT")
    assert found is not None
    assert found.column == "AT1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N/A", [("no", "3A001", "", "", "")]),
        ("Yes", [("yes", "3A001", "", "", "")]),
        ("$1,500.", [("yes", "3A001", "", "1500", "")]),
        ("$3000; N/A for NP", [("yes", "3A001", "", "3000", "NP")]),
        ("$5,000, except N/A for MT and for 3A001.e", [("yes", "3A001", "3A001.e", "5000", "MT")]),
        ("Yes, except 3A001.b, .c and .d", [("yes", "3A001", "3A001.b 3A001.c 3A001.d", "", "")]),
        ("$3,000 for .a through .c; $6,000 for .d.",
         [("yes", "3A001.a 3A001.b 3A001.c", "", "3000", ""), ("yes", "3A001.d", "", "6000", "")]),
        ("Yes, for 3A001.b, .c, and z.1 only", [("yes", "3A001.b 3A001.c 3A001.z.1", "", "", "")]),
    ],
)  # fmt: skip
def test_exception_terms(text, expected):
    """Limits, paragraphs, and reasons that close an exception are told apart."""
    terms = read_terms(text, eccn="3A001", known=KNOWN)
    assert terms is not None
    said = [(t.available, t.includes, t.excludes, t.limit_usd, t.not_for_reasons) for t in terms]
    assert said == expected


def test_exception_closed_towards_groups():
    """An exception that stops at E:1 and E:2 keeps that limit."""
    terms = read_terms("Yes, except to Country Group E:1 or E:2. See § 740.22 of the EAR.", eccn="3A001", known=KNOWN)
    assert terms is not None
    assert terms[0].except_destinations == "E:1 E:2"


def test_sta_paragraphs_name_their_groups():
    """Paragraph (c)(1) serves A:5, (c)(2) serves A:6, and a BIS determination may reopen the first."""
    text = (
        "(1) Paragraph (c)(1) of License Exception STA (§ 740.20(c)(1) of the EAR) may not be used for any item in "
        "9A610.a, unless determined by BIS to be eligible for License Exception STA in accordance with § 740.20(g). "
        "(2) Paragraph (c)(2) of License Exception STA (§ 740.20(c)(2) of the EAR) may not be used for any "
        "item in 9A610."
    )
    bars = read_bars(text, eccn="9A610", known=KNOWN)
    assert bars is not None
    assert [(bar.barred_groups, bar.includes, bool(bar.question)) for bar in bars] == [
        ("A:5", "9A610.a", True),
        ("A:6", "9A610", False),
    ]


def test_sta_sentence_with_two_demands_is_not_half_read():
    """5A001 puts two bars into one sentence; reading only the first would open STA for the second."""
    text = (
        "License Exception STA may not be used to ship any commodity in 3A001.b to any of the destinations listed in "
        "Country Group A:5 or A:6 (See Supplement No. 1), or any commodity in 3A001.c to any of the destinations "
        "listed in Country Group A:6."
    )
    assert read_bars(text, eccn="3A001", known=KNOWN) is None
