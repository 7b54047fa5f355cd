"""How old things are and how many people stand behind them, by the figures of the texts: graded, never yes or no."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date

from enduse.assess.knowledge import PARTS
from enduse.assess.passages import Passage
from enduse.assess.signs import Sign

_WORD = (
    r"\d[\d,]*|a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|"
    r"sixty|hundred"
)
_VALUE = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "hundred": 100,
}  # fmt: skip
_YEAR = re.compile(
    r"\b(?:since|founded|established|formed|registered|incorporated|opened|built|running|served|trading|supplied|"
    r"bought|fitted|installed)\b[^,;.]{0,24}?\b((?:18|19|20)\d\d)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"\b({_WORD})[\s-](days?|weeks?|months?|years?|winters|summers|seasons|decades?)(?:['’])?[\s-]"
    r"(?:old|ago|of age|in business|in trade|standing|running|earlier|before|experience|of trade|customer|together)\b",
    re.IGNORECASE,
)
_STAFF = re.compile(
    rf"\b({_WORD})[\s-](?:staff|employees|workers|people|engineers|nurses|teachers|doctors|beds|pupils|students|members|"
    r"ships|vessels|aircraft|buses|trams|trains|trucks|lorries|wards|plants|branches|machines|boats|tugs|turbines|wells)\b",
    re.IGNORECASE,
)
_IN_YEARS = {"d": 1 / 365, "w": 1 / 52, "m": 1 / 12, "y": 1.0, "s": 1.0}
_OLD, _YOUNG = 30.0, 1.5
"""Years from which age reassures fully, and below which it alarms."""


def read_ages(texts: Iterable[Passage], as_of: date) -> Iterator[Sign]:
    """Years told as reassurance (the longer, the more), youth as alarm, and staff or fleet as substance."""
    for text in texts:
        if text.kind not in PARTS | {"history", "order", "other", "documents", "communications"}:
            continue
        for match in _YEAR.finditer(text.text):
            yield from _age(text, match.group(), as_of.year + 1 - int(match.group(1)))
        for match in _AGE.finditer(text.text):
            unit = match.group(2).lower()
            years = _number(match.group(1)) * (10 if unit.startswith("dec") else _IN_YEARS[unit[0]])
            yield from _age(text, match.group(), years)
        if text.kind in PARTS:
            for match in _STAFF.finditer(text.text):
                size = math.log10(_number(match.group(1)) + 1) / 4
                yield Sign("ok_established", text.where, match.group(), min(1.0, size))


def _age(text: Passage, said: str, years: float) -> Iterator[Sign]:
    if 0 <= years < _YOUNG:
        yield Sign("newcomer", text.where, said, 1 - 0.5 * years / _YOUNG)
    elif years > 0:
        yield Sign("ok_established", text.where, said, min(1.0, math.log(years + 1) / math.log(_OLD + 1)))


def _number(word: str) -> float:
    return float(_VALUE.get(word.lower()) or word.replace(",", ""))
