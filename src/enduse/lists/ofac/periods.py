"""The date periods of OFAC's Advanced XML, written as shortly as they mean."""

from __future__ import annotations

import calendar
from xml.etree import ElementTree as ET


def period_of(element: ET.Element) -> str:
    """`1970-02-01`, `1970-02`, `1970`, `circa 1970`, or `1970/1972` for a span."""
    start, end = element.find("{*}Start"), element.find("{*}End")
    if start is None or end is None:
        return ""
    first, last = _day(start.find("{*}From")), _day(end.find("{*}To"))
    about = "circa " if "true" in (start.get("Approximate"), end.get("Approximate")) else ""
    return about + _span(first, last)


def _day(element: ET.Element | None) -> tuple[int, int, int]:
    if element is None:
        return (0, 0, 0)
    year, month, day = (int(element.findtext(f"{{*}}{n}") or 0) for n in ("Year", "Month", "Day"))
    return year, month, day


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
