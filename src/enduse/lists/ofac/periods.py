"""The date periods of OFAC's Advanced XML, written as shortly as they mean."""

from __future__ import annotations

import calendar
from xml.etree import ElementTree as ET

from enduse.lists.reading import local


def period_of(element: ET.Element) -> str:
    """`1970-02-01`, `1970-02`, `1970`, `circa 1970`, or `1970/1972` for a span."""
    parts = children(element)
    start, end = parts.get("Start"), parts.get("End")
    if start is None or end is None:
        return ""
    about = "circa " if "true" in (start.get("Approximate"), end.get("Approximate")) else ""
    return about + _span(numbers_of(children(start).get("From")), numbers_of(children(end).get("To")))


def children(element: ET.Element) -> dict[str, ET.Element]:
    """The children by local name; of several alike, the last."""
    return {local(child.tag): child for child in element}


def numbers_of(element: ET.Element | None) -> tuple[int, int, int]:
    """Year, month and day; zero where not stated."""
    if element is None:
        return (0, 0, 0)
    said = {local(child.tag): int(child.text or 0) for child in element}
    return said.get("Year", 0), said.get("Month", 0), said.get("Day", 0)


def _span(first: tuple[int, int, int], last: tuple[int, int, int]) -> str:
    if first == last:
        return _iso(first)
    if first[0] == last[0] and first[1:] == (1, 1) and last[1:] == (12, 31):
        return f"{first[0]:04d}"
    if first[:2] == last[:2] and first[2] == 1 and last[2] == calendar.monthrange(*last[:2])[1]:
        return f"{first[0]:04d}-{first[1]:02d}"
    if first[1:] == (1, 1) and last[1:] == (12, 31):
        return f"{first[0]:04d}/{last[0]:04d}"
    return f"{_iso(first)}/{_iso(last)}"


def _iso(day: tuple[int, int, int]) -> str:
    return "-".join(f"{n:02d}" for n in day if n)
