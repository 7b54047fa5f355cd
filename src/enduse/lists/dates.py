"""Days as publishers write them. A day that cannot be one is left out and reported, never guessed."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {m: n for n, m in enumerate(_MONTH_NAMES, start=1)}
_DMY_WORD = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})")
_MDY_WORD = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: .*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def day_of(text: str | None, *, month_first: bool = False) -> date | None:
    """The calendar day `text` names, or `None`; `month_first` reads 3/4/2020 as March 4 (US files)."""
    if not text or not (text := text.strip()):
        return None
    if m := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(m[1], m[2], m[3])
    if m := _DMY_WORD.fullmatch(text):
        return _day(m[3], _month(m[2]), m[1])
    if m := _MDY_WORD.fullmatch(text):
        return _day(m[3], _month(m[1]), m[2])
    if m := _SLASHED.fullmatch(text):
        day, month = (m[2], m[1]) if month_first else (m[1], m[2])
        return _day(m[3], month, day)
    return None


def _month(word: str) -> str:
    return str(_MONTHS.get(word[:3].lower(), 0))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def birth_date_of(text: str) -> str:
    """A birth date as compact as it is stated: `1970-02-01`, `1970-02`, `1970`, else the text as written."""
    if day := day_of(text):
        return day.isoformat()
    if m := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{4})", text.strip()):
        month = _MONTHS.get(m[1][:3].lower())
        return f"{m[2]}-{month:02d}" if month else text.strip()
    return text.strip()


def plausible(day: date, *, earliest: int = 1900, latest: int = 2100) -> bool:
    """Is this a year a list can mean? Publishers print 0017, 2922 and 3017."""
    return earliest <= day.year <= latest
