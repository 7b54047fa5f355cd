"""`ccl_exceptions.csv`: the licence exceptions an entry itself names, and for which of its paragraphs.

An exception is open to an item only where a row with `available` = `yes` covers it: its code under
`includes` and not under `excludes`, what it serves as in the control table, none of `not_for_reasons`
controlling it, the destination in `destinations` (when given) and not in `except_destinations`, and the
row's question answered yes. Limits are US dollars of net value.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from enduse.errors import RuleError
from enduse.model.base import Value
from enduse.packs.us_ear.build.codes import read_codes
from enduse.packs.us_ear.build.edition import Entry
from enduse.packs.us_ear.build.readings import table
from enduse.packs.us_ear.build.text import digest, plain

COLUMNS = (
    "eccn", "exception", "row", "available", "includes", "excludes", "serves", "limit_usd", "not_for_reasons",
    "destinations", "except_destinations", "condition", "question", "basis", "from", "to", "cites",
)  # fmt: skip

_SECTIONS = {
    "LVS": "740.3", "GBS": "740.4", "TSR": "740.6", "APP": "740.7", "NAC": "740.8", "ACA": "740.8",
    "ENC": "740.17", "ACE": "740.22", "IEC": "740.24", "HBM": "740.25", "AIA": "740.27", "ACM": "740.28",
    "LPP": "740.29", "CIV": "740.5",
}  # fmt: skip
_MONEY = r"\$(?P<limit>[\d,]+)"
_SEE = re.compile(r"[,.]? ?\(?[Ss]ee (?:§|License|Supplement)[^;]*$")
_READING = (
    "available", "includes", "excludes", "serves", "limit_usd", "not_for_reasons", "destinations",
    "except_destinations", "condition", "question",
)  # fmt: skip


class Terms(Value):
    """The terms of one row."""

    available: str = "yes"
    includes: str = ""
    excludes: str = ""
    serves: str = ""
    limit_usd: str = ""
    not_for_reasons: str = ""
    destinations: str = ""
    except_destinations: str = ""
    condition: str = ""
    question: str = ""


def exception_rows(entry: Entry, known: Collection[str]) -> list[dict[str, str]]:
    """The rows of one entry, in printed order."""
    rows: list[dict[str, str]] = []
    for label, text in entry.exceptions:
        for exception in label.split("/"):
            for number, terms in enumerate(_terms(entry.eccn, exception, text, known), start=1):
                rows.append(_row(entry.eccn, exception, number, terms))
    return rows


def _terms(eccn: str, exception: str, text: str, known: Collection[str]) -> list[Terms]:
    said = digest(text)
    readings = [
        Terms(**{field: row[field] for field in _READING})
        for row in table("exceptions.csv")
        if (row["eccn"], row["exception"], row["digest"]) == (eccn, exception, said)
    ]
    if readings:
        return readings
    terms = read_terms(text, eccn=eccn, known=known)
    if terms is None:
        raise RuleError(
            f"{exception} is worded in a way not read before: {plain(text)[:70]!r} ({said})",
            place=eccn,
            hint="read it, then add its meaning under that digest to build/readings/exceptions.csv",
        )
    return terms


def read_terms(text: str, *, eccn: str, known: Collection[str]) -> list[Terms] | None:
    """The terms of an exception stated as a limit, a list of paragraphs or a plain yes or no."""
    text = plain(text)
    countries = ""
    if match := re.match(r"^(.*?),? except to Country Group E:1 or E:2\b.*$", text):
        text, countries = match[1], "E:1 E:2"
    text = _SEE.sub("", text).strip().rstrip(".")
    if re.match(r"^(?:N/A|No|None)$", text):
        return [Terms(available="no", includes=eccn)]
    terms = _several(text, eccn, known)
    if terms is None:
        return None
    return [term.model_copy(update={"except_destinations": countries}) for term in terms]


def _several(text: str, eccn: str, known: Collection[str]) -> list[Terms] | None:
    found: list[Terms] = []
    without: list[str] = []
    reasons: list[str] = []
    for part in re.split(rf"; | //? |(?<!except)[,.] (?=N/A)|, (?={_MONEY.replace('?P<limit>', '?:')})", text):
        if match := re.match(r"^N/A for ((?:[A-Z]{2})(?:(?:,| and|, and) [A-Z]{2})*)(?: and for (.+))?$", part):
            reasons += re.findall(r"[A-Z]{2}", match[1])
            rest = match[2]
        else:
            match = re.match(r"^N/A for (.+)$", part)
            rest = match[1] if match else None
        if match:
            codes = _codes(rest, eccn, known) if rest else ()
            if codes is None:
                return None
            without += codes
            continue
        term = _one(part, eccn, known)
        if term is None:
            return None
        found.append(term)
    if not found:
        return None
    return [
        term.model_copy(
            update={
                "excludes": " ".join(dict.fromkeys([*term.excludes.split(), *_within(without, term.includes)])),
                "not_for_reasons": " ".join(dict.fromkeys([*term.not_for_reasons.split(), *reasons])),
            }
        )
        for term in found
    ]


def _within(codes: list[str], includes: str) -> list[str]:
    """The codes that lie under one of the paragraphs a row is about; the others are left out anyway."""
    return [code for code in codes if any(f"{code}.".startswith(f"{above}.") for above in includes.split())]


def _one(part: str, eccn: str, known: Collection[str]) -> Terms | None:
    match = re.match(rf"^(?:Yes|{_MONEY})(?P<rest>.*)$", part)
    if match is None:
        return None
    limit = (match["limit"] or "").replace(",", "")
    rest = match["rest"].strip(" ,:")
    if not rest:
        return Terms(includes=eccn, limit_usd=limit)
    if found := re.match(r"^except(?: N/A)?(?: for)? ([A-Z]{2})(?: and for (.+))?$", rest):
        codes = _codes(found[2], eccn, known) if found[2] else ()
        return (
            None
            if codes is None
            else Terms(includes=eccn, limit_usd=limit, not_for_reasons=found[1], excludes=" ".join(codes))
        )
    if found := re.match(r"^except(?: N/A)?(?: for)? (.+)$", rest):
        codes = _codes(found[1], eccn, known)
        return None if codes is None else Terms(includes=eccn, limit_usd=limit, excludes=" ".join(codes))
    listed = re.sub(r"^for (?:items in )?", "", rest)
    codes = _codes(re.sub(r" only$", "", listed), eccn, known)
    return None if codes is None else Terms(includes=" ".join(codes), limit_usd=limit)


def _codes(text: str, eccn: str, known: Collection[str]) -> tuple[str, ...] | None:
    scope = read_codes(text, eccn=eccn, known=known)
    if scope is None or scope.excludes or any(code[:5] != eccn for code in scope.includes):
        return None
    return scope.includes


def _row(eccn: str, exception: str, number: int, terms: Terms) -> dict[str, str]:
    basis = _SECTIONS.get(exception, "")
    return {
        **terms.model_dump(),
        "eccn": eccn,
        "exception": exception,
        "row": str(number),
        "basis": basis,
        "from": "",
        "to": "",
        "cites": f"15 CFR Part 774 Supp. No. 1 {eccn}; 15 CFR {basis}",
    }
