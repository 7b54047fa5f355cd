"""`ccl_cas.csv` and `usml_crossrefs.csv`: chemicals by registry number, and entries that point to the USML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from enduse.packs.us_ear.build.codes import code_key
from enduse.packs.us_ear.build.edition import Entry

CAS_COLUMNS = ("cas", "code", "eccn", "from", "to", "cites")
USML_COLUMNS = ("eccn", "usml_category", "where", "from", "to", "cites")

_CAS = re.compile(r"\b(\d{2,7}-\d{2}-\d)\b")
_USML = re.compile(
    r"(?:USML|Munitions List)[,(]* ?(?:\([^)]*\) )?Categor(?:y|ies) (?P<list>[IVX]+\b[^.;]*)"
    r"|Categor(?:y|ies) (?P<of>[IVX]+\b[^.;]{0,80}?) of the (?:USML|United States Munitions List)"
)
_CATEGORY = re.compile(r"(?:^|, (?:or |and )?|or |and |Categor(?:y|ies) )([IVX]+(?:\([a-z0-9]+\))*)(?![A-Za-z.])")

Row = dict[str, str]


def cas_rows(entries: Iterable[Entry]) -> list[Row]:
    """A row for each registry number and the paragraph that prints it."""
    rows = {
        (number, item.code): {
            "cas": number,
            "code": item.code,
            "eccn": entry.eccn,
            "from": "",
            "to": "",
            "cites": f"15 CFR Part 774 Supp. No. 1 {entry.eccn}",
        }
        for entry in entries
        if entry.eccn[1] in "ABC"  # technology names chemicals it is about, not what it is
        for item in entry.items
        for number in _CAS.findall(item.text)
        if is_cas(number)
    }
    return sorted(rows.values(), key=lambda row: (code_key(row["code"]), row["cas"]))


def is_cas(number: str) -> bool:
    """Does the check digit of a registry number fit? (Dates and page ranges look alike.)"""
    digits = number.replace("-", "")
    total = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), start=1))
    return total % 10 == int(digits[-1])


def usml_rows(entries: Iterable[Entry]) -> list[Row]:
    """A row for each USML category an entry names, and where in the entry it does."""
    found = {
        (entry.eccn, category, where)
        for entry in entries
        for where, text in _parts(entry)
        for category in _categories(text)
    }
    return [
        {
            "eccn": eccn,
            "usml_category": category,
            "where": where,
            "from": "",
            "to": "",
            "cites": f"15 CFR Part 774 Supp. No. 1 {eccn}",
        }
        for eccn, category, where in sorted(found)
    ]


def _parts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "heading", entry.heading
    for line in entry.text.splitlines()[1:]:
        yield ("related_controls" if line.startswith("Related Controls") else "items"), line


def _categories(text: str) -> set[str]:
    lists = [match["list"] or match["of"] for match in _USML.finditer(text)]
    return {category for listed in lists for category in _CATEGORY.findall(listed)}
