"""`ccl_sta.csv`: for which paragraphs, and towards which groups, an entry bars License Exception STA.

A row bars STA to the groups in `barred_groups` for items it covers; where it has a question, only when the
answer is yes. Rows follow the control table in `includes`, `excludes` and `serves`.
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
    "eccn", "row", "barred_groups", "includes", "excludes", "serves", "condition", "question", "from", "to", "cites",
)  # fmt: skip

_STA = r"License Exception STA(?: \(§ 740\.20(?:\(c\)\([12]\))?\)?(?: of the EAR)?\)?\)?)?(?: of the EAR\))?"
_WHAT = r'(?:any |specified by |specified in )?(?:item|items|"?software"?|"?technology"?|commodity|commodities)?'
_PARAGRAPH = re.compile(
    rf"^Paragraph \(c\)\((?P<paragraph>[12])\) of {_STA} may not be used (?:for|to ship) {_WHAT} ?(?:in )?"
    r"(?:this entry|(?:this |of )?(?:ECCNs? )?(?P<codes>.+?))"
    r"(?:,? (?P<unless>unless determined by BIS) to be .*)?$"
)
_TO = re.compile(
    rf"^{_STA} may not be used (?:for|to ship(?: or transmit)?) {_WHAT} ?(?:in |specified in |specified by )?"
    r"(?:(?P<whole>this entry|this ECCN|ECCN \d[A-E]\d{3})|(?:ECCN )?(?P<codes>.+?)(?: entry)?),?"
    r"(?:,? to any (?:of the )?destinations listed in Country Groups? "
    r"(?P<groups>A:[56](?: or A:6)?)(?: \((?i:see).*\))?)?$"
)
_BREAK = re.compile(r"(?:^|\s)\(?\d[.)]\s+(?=Paragraph|License)|(?<=[.)]) (?=License Exception STA|Paragraph \(c\))")
_ASIDE = re.compile(r"\s*\((?:See|see) [^()]*(?:\([^()]*\)[^()]*)*\)\.?$")
_NO_BIS_WORD = (
    "sta_not_opened_by_bis",
    "Is the item one that BIS has not found eligible for STA under 740.20(g)?",
)


class Bar(Value):
    """The content of one row."""

    barred_groups: str
    includes: str
    excludes: str = ""
    serves: str = ""
    condition: str = ""
    question: str = ""


def sta_rows(entry: Entry, known: Collection[str]) -> list[dict[str, str]]:
    """The rows of one entry; none where the entry says nothing on STA."""
    if not entry.sta:
        return []
    text = " ".join(entry.sta)
    said = digest(text)
    bars = [
        Bar(**{field: row[field] for field in Bar.model_fields})
        for row in table("sta.csv")
        if (row["eccn"], row["digest"]) == (entry.eccn, said)
    ] or read_bars(text, eccn=entry.eccn, known=known)
    if not bars:
        raise RuleError(
            f"the STA conditions are worded in a way not read before: {plain(text)[:70]!r} ({said})",
            place=entry.eccn,
            hint="read them, then add their meaning under that digest to build/readings/sta.csv",
        )
    return [_row(entry.eccn, number, bar) for number, bar in enumerate(bars, start=1)]


def read_bars(text: str, *, eccn: str, known: Collection[str]) -> list[Bar] | None:
    """The bars a text states in the usual forms, or None when one sentence is of another form."""
    found: list[Bar] = []
    for sentence in _sentences(plain(text)):
        bar = _bar(sentence, eccn, known)
        if bar is None:
            return None
        found.append(bar)
    return found


def _sentences(text: str) -> list[str]:
    parts = _BREAK.split(text)
    return [_ASIDE.sub("", part).strip(" .") for part in parts if part]


def _bar(sentence: str, eccn: str, known: Collection[str]) -> Bar | None:
    if match := _PARAGRAPH.match(sentence):
        groups = "A:5" if match["paragraph"] == "1" else "A:6"
        codes = match["codes"] or eccn
        if re.fullmatch(r"\d[A-E]\d{3}", codes):
            codes = eccn  # 0E606 prints its software entry by mistake
        condition, question = _NO_BIS_WORD if match["unless"] else ("", "")
    elif match := _TO.match(sentence):
        groups = (match["groups"] or "A:5 or A:6").replace(" or", "")
        codes = eccn if match["whole"] else match["codes"]
        condition = question = ""
    else:
        return None
    scope = read_codes(codes, eccn=eccn, known=known)
    if scope is None or any(code[:5] != eccn for code in (*scope.includes, *scope.excludes)):
        return None
    return Bar(
        barred_groups=groups,
        includes=" ".join(scope.includes),
        excludes=" ".join(scope.excludes),
        condition=condition,
        question=question,
    )


def _row(eccn: str, number: int, bar: Bar) -> dict[str, str]:
    return {
        **bar.model_dump(),
        "eccn": eccn,
        "row": str(number),
        "from": "",
        "to": "",
        "cites": f"15 CFR Part 774 Supp. No. 1 {eccn}; 15 CFR 740.20",
    }
