"""The CSV tables of the pack, made from the official files: bytes in, texts out, the same every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from enduse.packs.us_ear.build import chart as places
from enduse.packs.us_ear.build import controls, exceptions, notes, sta
from enduse.packs.us_ear.build.amendments import Amendment, read_amendment
from enduse.packs.us_ear.build.codes import code_key
from enduse.packs.us_ear.build.crossrefs import CAS_COLUMNS, USML_COLUMNS, cas_rows, usml_rows
from enduse.packs.us_ear.build.dates import Change, change_of
from enduse.packs.us_ear.build.edition import Entry, RawRow, read_edition
from enduse.packs.us_ear.build.entries import ENTRY_COLUMNS, PARAGRAPH_COLUMNS, entry_rows, paragraph_rows

Table = tuple[Sequence[str], Sequence[Mapping[str, str]]]


def build_tables(
    ccl_xml: bytes,
    chart: bytes | None,
    groups: bytes | None,
    amendments: Iterable[bytes] = (),
    *,
    floor: int = 500,
) -> dict[str, str]:
    """Every table by file name; without a chart or groups theirs are left out.

    `amendments` are control rows of later editions; `floor` is the fewest entries a whole list may have.
    """
    entries = read_edition(ccl_xml, floor=floor)
    later = sorted((read_amendment(source) for source in amendments), key=lambda amendment: amendment.edition)
    found = {**_list_tables(entries, later), **_place_tables(chart, groups)}
    return {name: as_csv(columns, rows) for name, (columns, rows) in sorted(found.items())}


def _list_tables(entries: Mapping[str, Entry], later: Sequence[Amendment]) -> dict[str, Table]:
    known = known_codes(entries.values())
    ordered = [entries[eccn] for eccn in sorted(entries, key=code_key)]
    rows = _control_rows(ordered, later, known)
    named = {code for row in rows for code in _codes(row) if code not in known and code[:5] in entries}
    exempt = [row for entry in ordered for row in exceptions.exception_rows(entry, known)]
    return {
        "ccl_cas.csv": (CAS_COLUMNS, cas_rows(ordered)),
        "ccl_controls.csv": (controls.COLUMNS, rows),
        "ccl_entries.csv": (ENTRY_COLUMNS, entry_rows(entries)),
        "ccl_exceptions.csv": (exceptions.COLUMNS, exempt),
        "ccl_notes.csv": (notes.COLUMNS, [row for entry in ordered for row in notes.note_rows(entry)]),
        "ccl_paragraphs.csv": (PARAGRAPH_COLUMNS, paragraph_rows(ordered, named)),
        "ccl_sta.csv": (sta.COLUMNS, [row for entry in ordered for row in sta.sta_rows(entry, known)]),
        "usml_crossrefs.csv": (USML_COLUMNS, usml_rows(ordered)),
    }


def _place_tables(chart: bytes | None, groups: bytes | None) -> dict[str, Table]:
    found: dict[str, Table] = {}
    if chart is not None:
        destinations = places.read_chart(chart)
        found["chart_referrals.csv"] = (places.REFERRAL_COLUMNS, places.referral_rows(destinations))
        found["country_chart.csv"] = (places.CHART_COLUMNS, places.chart_rows(destinations))
        found["country_chart_places.csv"] = (places.PLACE_COLUMNS, places.place_rows(destinations))
    if groups is not None:
        found["country_groups.csv"] = (places.GROUP_COLUMNS, places.group_rows(groups))
    return found


def known_codes(entries: Iterable[Entry]) -> frozenset[str]:
    """Every code printed as an entry or a paragraph, with the paragraphs they lie under."""
    codes: set[str] = set()
    for entry in entries:
        codes.add(entry.eccn)
        for item in entry.items:
            parts = item.code.split(".")
            codes.update(".".join(parts[:depth]) for depth in range(2, len(parts) + 1))
    return frozenset(codes)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV: fixed columns, LF, every cell text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _control_rows(entries: Sequence[Entry], later: Sequence[Amendment], known: frozenset[str]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for entry in entries:
        amended, change = _last(entry.eccn, later)
        rows += controls.control_rows(entry, known=known, amended=amended, change=change)
    return rows


def _codes(row: Mapping[str, str]) -> list[str]:
    cells = " ".join(row[field] for field in ("includes", "excludes", "serves"))
    return [code.lstrip("-") for code in cells.split() if "." in code]


def _last(eccn: str, later: Sequence[Amendment]) -> tuple[Sequence[RawRow] | None, Change | None]:
    """The rows of the newest amended edition that knows the entry, and when they took effect."""
    for amendment in reversed(later):
        if eccn in amendment.rows:
            rows = amendment.rows[eccn]
            emirates = any("United Arab Emirates" in row.cell for row in rows)
            return rows, change_of(eccn, amendment.edition, emirates=emirates)
    return None, None
