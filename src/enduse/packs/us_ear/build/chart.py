"""The Country Chart and the Country Groups in long form: one row for each mark.

Hong Kong takes the marks of China (85 FR 83788), Liechtenstein those of Switzerland and the Cayman
Islands those of the United Kingdom (738.3(b)). Macau has a row of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from enduse.errors import ListError
from enduse.packs.us_ear.build.readings import table

CHART_COLUMNS = ("column", "place", "from", "to", "cites")
PLACE_COLUMNS = ("place", "name", "footnotes", "referral", "follows", "from", "to", "cites")
REFERRAL_COLUMNS = (
    "place", "footnote", "kind", "includes", "excludes", "serves", "condition", "question", "token", "statement",
    "from", "to", "cites",
)  # fmt: skip
GROUP_COLUMNS = ("group", "place", "from", "to", "cites")

FOLLOWS = {"HK": "CN", "LI": "CH", "KY": "GB"}
_FOLLOWERS = {"HK": "85 FR 83788", "LI": "15 CFR 738.3(b)", "KY": "15 CFR 738.3(b)"}
_HONG_KONG = "2020-12-23"
_COLUMNS = (
    "CB1", "CB2", "CB3", "NP1", "NP2", "NS1", "NS2", "MT1", "RS1", "RS2", "FC1", "CC1", "CC2", "CC3", "AT1", "AT2",
)  # fmt: skip

Row = dict[str, str]


def read_chart(source: bytes) -> dict[str, Any]:
    """The chart as JSON; a file without its 16 columns or its countries is a `ListError`."""
    content = _json(source, "the Country Chart", ("columns", "countries", "embargoed"))
    if tuple(_tight(column) for column in content["columns"]) != _COLUMNS:
        raise ListError(
            f"the chart's columns are {content['columns']}",
            place="Supplement No. 1 to Part 738",
            hint="a column was added, dropped or renamed: check the chart before using it",
        )
    if len(content["countries"]) < 190:
        raise ListError(
            f"only {len(content['countries'])} rows in the Country Chart",
            place="Supplement No. 1 to Part 738",
            hint="the file is cut; fetch it again",
        )
    return content


def chart_rows(chart: Mapping[str, Any]) -> list[Row]:
    """A row for each mark, with marks that ended kept under the day they ended."""
    cites = "15 CFR Part 738 Supp. No. 1"
    marks = {
        (_tight(column), _place(name)): ("", "", cites)
        for name, row in chart["countries"].items()
        for column in row["marks"]
    }
    for past in table("chart_history.csv"):
        marks[past["column"], past["place"]] = (past["from"], past["to"], f"{cites}; {past['cites']}")
    rows = [
        {"column": column, "place": place, "from": start, "to": end, "cites": says}
        for (column, place), (start, end, says) in marks.items()
    ]
    return _sorted(_with_followers(rows), "column", "place")


def place_rows(chart: Mapping[str, Any]) -> list[Row]:
    """Every destination of the chart: its name, footnotes, and where its row sends the reader."""
    rows = [
        _place_row(name, row["footnotes"], _referral(row.get("pointer", "")))
        for name, row in {**chart["countries"], **chart["embargoed"]}.items()
    ]
    rows += [
        {"place": "HK", "name": "Hong Kong", "footnotes": "", "referral": "", "follows": "CN", "from": _HONG_KONG,
         "to": "", "cites": _FOLLOWERS["HK"]},
        {"place": "KY", "name": "Cayman Islands", "footnotes": "", "referral": "", "follows": "GB", "from": "",
         "to": "", "cites": _FOLLOWERS["KY"]},
    ]  # fmt: skip
    return _sorted(rows, "place")


def referral_rows(chart: Mapping[str, Any]) -> list[Row]:
    """What a footnote or a referring row adds for a place, one row for each thing it adds."""
    notes: dict[str, list[Row]] = {}
    for note in table("chart_referrals.csv"):
        notes.setdefault(note["footnote"], []).append(note)
    rows: list[Row] = []
    for place in place_rows(chart):
        for footnote in place["footnotes"].split():
            if footnote not in notes:
                raise ListError(
                    f"footnote {footnote} of the Country Chart is not known",
                    place=place["name"],
                    hint="read the footnote, then add it to build/readings/chart_referrals.csv",
                )
            rows += [{**note, "place": place["place"], "from": "", "to": ""} for note in notes[footnote]]
        if place["referral"]:
            rows.append(_referring_row(place))
    return rows


def group_rows(source: bytes) -> list[Row]:
    """A row for each member of a group, the two groups of our own (`UN:…`, `CWC:…`) included."""
    content = _json(source, "the Country Groups", ("groups",))
    cites = "15 CFR Part 740 Supp. No. 1"
    members = {(group, _place(name)): ("", "", cites) for group, names in content["groups"].items() for name in names}
    for row in table("group_history.csv"):
        key = row["group"], row["place"]
        says = row["cites"] if ":" in row["group"] and len(row["group"]) > 3 else f"{cites}; {row['cites']}"
        members[key] = (row["from"], row["to"], says)
    rows = [
        {"group": group, "place": place, "from": start, "to": end, "cites": says}
        for (group, place), (start, end, says) in members.items()
    ]
    return _sorted(_with_followers(rows), "group", "place")


def _json(source: bytes, what: str, keys: Iterable[str]) -> dict[str, Any]:
    try:
        content = json.loads(source)
    except ValueError as fault:
        raise ListError(f"{what} is not JSON: {fault}", place=what, hint="fetch the file again") from fault
    absent = [key for key in keys if not isinstance(content, dict) or key not in content]
    if absent:
        raise ListError(f"{what} lacks {', '.join(absent)}", place=what, hint="give the JSON edition of the file")
    return dict(content)


def _tight(column: str) -> str:
    return column.replace(" ", "")


def _place(name: str) -> str:
    for row in table("places.csv"):
        if row["printed"] == name:
            return row["place"]
    raise ListError(
        f"the destination {name!r} is not known",
        place="Country Chart or Country Groups",
        hint="add its ISO code to build/readings/places.csv",
    )


def _place_row(name: str, footnotes: Iterable[int], referral: str) -> Row:
    place = _place(name)
    proper = next(row["name"] for row in table("places.csv") if row["printed"] == name)
    return {
        "place": place,
        "name": proper,
        "footnotes": " ".join(str(note) for note in footnotes),
        "referral": referral,
        "follows": FOLLOWS.get(place, ""),
        "from": "",
        "to": "",
        "cites": "15 CFR Part 738 Supp. No. 1",
    }


def _referral(pointer: str) -> str:
    sections = re.findall(r"\b7\d\d(?:\.\d+)?", pointer)
    return " ".join(f"see:{section}" for section in sections)


def _referring_row(place: Row) -> Row:
    blank = dict.fromkeys(REFERRAL_COLUMNS, "")
    return {
        **blank,
        "place": place["place"],
        "kind": "row",
        "token": place["referral"],
        "statement": f"The chart has no marks for {place['name']}: its row refers to the embargo rules.",
        "cites": place["cites"],
    }


def _with_followers(rows: list[Row]) -> list[Row]:
    key = "column" if rows and "column" in rows[0] else "group"
    copies = [
        {**row, "place": place, "cites": f"{row['cites']}; {_FOLLOWERS[place]}"}
        for place, model in FOLLOWS.items()
        for row in rows
        if row["place"] == model and not row[key].startswith(("UN:", "CWC:"))
    ]
    return [row for row in rows if row["place"] not in FOLLOWS] + copies


def _sorted(rows: list[Row], *keys: str) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(row[key] for key in (*keys, "from")))
