"""`ccl_entries.csv` and `ccl_paragraphs.csv`: what exists on the list, under titles of our own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from enduse.errors import RuleError
from enduse.packs.us_ear.build.codes import code_key
from enduse.packs.us_ear.build.edition import Entry
from enduse.packs.us_ear.build.readings import table
from enduse.packs.us_ear.build.text import digest

ENTRY_COLUMNS = (
    "eccn", "title", "category", "product_group", "reasons", "pointer", "refers_to", "text_digest", "from", "to",
    "cites",
)  # fmt: skip
PARAGRAPH_COLUMNS = (
    "code", "eccn", "parent", "printed", "reserved", "text_digest", "from", "to", "cites",
)  # fmt: skip

Row = dict[str, str]


def entry_rows(entries: Mapping[str, Entry]) -> list[Row]:
    """One row for each ECCN; an entry that controls nothing here says where to look instead."""
    titles = {row["eccn"]: row["title"] for row in table("titles.csv")}
    rows: list[Row] = []
    for eccn, entry in sorted(entries.items()):
        if eccn not in titles:
            raise RuleError(
                "the entry has no title of our own",
                place=eccn,
                hint="add a short title in your own words to build/readings/titles.csv",
            )
        refers = refers_to(entry)
        rows.append(
            {
                "eccn": eccn,
                "title": titles[eccn],
                "category": eccn[0],
                "product_group": eccn[1],
                "reasons": " ".join(dict.fromkeys(entry.reasons or _row_reasons(entry))),
                "pointer": "yes" if refers else "no",
                "refers_to": refers,
                "text_digest": digest(entry.text),
                "from": "",
                "to": "",
                "cites": f"15 CFR Part 774 Supp. No. 1 {eccn}",
            }
        )
    return rows


def refers_to(entry: Entry) -> str:
    """Where an entry without controls sends its items: ITAR, NRC, DOE, 0Y521 or, for an empty entry, other ECCNs."""
    if entry.rows:
        return ""
    if entry.eccn[2:] == "521":
        return "0Y521"
    if "See Related Controls" in entry.heading:
        return "ITAR CCL" if "ITAR" in entry.text else "CCL"
    text = f"{entry.heading} {' '.join(entry.notes)}"
    agencies = (
        ("ITAR", r"ITAR|Directorate of Defense Trade Controls|USML"),
        ("NRC", r"Nuclear Regulatory Commission"),
        ("DOE", r"Department of Energy"),
    )
    if re.search(r"No \w+ (?:is |are )?currently|currently controlled by this entry|currently are", text):
        return "CCL"
    named = [agency for agency, pattern in agencies if re.search(pattern, text)]
    return " ".join(named) or "CCL"


def paragraph_rows(entries: Iterable[Entry], named: Collection[str]) -> list[Row]:
    """Every code below an ECCN: printed as an item, implied by a deeper one, or named only by a control row."""
    rows: dict[str, Row] = {}
    for entry in entries:
        for item in entry.items:
            reserved = "[Reserved]" in item.text
            rows[item.code] = _paragraph(item.code, "item", text=item.text, reserved=reserved)
    for code in [*rows, *sorted(named)]:
        parts = code.split(".")
        for depth in range(2, len(parts) + 1):
            above = ".".join(parts[:depth])
            printed = "row" if above == code else "implied"
            rows.setdefault(above, _paragraph(above, printed))
    for past in table("entry_history.csv"):
        row = rows.get(past["code"]) or _paragraph(past["code"], "item")
        cites = f"{row['cites']}; {past['cites']}"
        rows[past["code"]] = {**row, "from": past["from"], "to": past["to"], "cites": cites}
    return [rows[code] for code in sorted(rows, key=code_key)]


def _paragraph(code: str, printed: str, *, text: str = "", reserved: bool = False) -> Row:
    return {
        "code": code,
        "eccn": code[:5],
        "parent": code.rsplit(".", 1)[0],
        "printed": printed,
        "reserved": "yes" if reserved else "",
        "text_digest": digest(text) if text else "",
        "from": "",
        "to": "",
        "cites": f"15 CFR Part 774 Supp. No. 1 {code[:5]}",
    }


def _row_reasons(entry: Entry) -> list[str]:
    return [reason for row in entry.rows for reason in row.reasons]
