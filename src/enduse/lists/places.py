"""From the names publishers give to countries and territories to codes."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

_CODE = re.compile(r"[A-Z]{2}")
_SHORT_NAMES = frozenset({"UAE", "USA", "PRC", "DRC"})


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """Every known spelling, folded, with its code."""
    text = files("enduse.lists").joinpath("places.csv").read_text(encoding="utf-8")
    rows = (line.split(",", 1) for line in text.splitlines()[1:])
    return {_fold(name): code for code, names in rows for name in names.split(";")}


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(_places().values())


def _fold(name: str) -> str:
    return re.sub(r"[\s.*]+", " ", name.replace("’", "'").casefold()).strip()


@lru_cache(maxsize=20_000)
def place_of(text: str | None) -> str | None:
    """The code of a country or territory named or coded in `text`; `None` when it is not one we know."""
    if not text or not text.strip():
        return None
    if (code := text.strip().upper()) in _codes():
        return code
    return _places().get(_fold(text))


_STATES = frozenset(
    re.findall(
        "..",
        "ALAKAZARCACOCTDEFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMT"
        "NENVNHNJNMNYNCNDOHOKORPARISCSDTNTXUTVTVAWAWVWIWYDCPR"
        "GUVIASMP",
    )
)
_STATE_AND_ZIP = re.compile(r"(?:^|[, ])([A-Z]{2}),? +\d{5}(?:-\d{4})?$")


def is_us_state(code: str) -> bool:
    """Is this the postal code of a US state, district or territory?"""
    return code in _STATES


def us_address(text: str) -> bool:
    """Does an address end as US addresses do, with state and ZIP code?"""
    found = _STATE_AND_ZIP.search(text.strip())
    return bool(found and found[1] in _STATES)


def place_at_end(text: str) -> str | None:
    """The country an address ends with (`..., Beijing, CN` or `..., Beijing, China.`), if it does."""
    last = text.strip().rstrip(".").rsplit(",", 1)[-1].strip()
    if len(last) == 3 and last not in _SHORT_NAMES:
        return None
    return place_of(last) if _CODE.fullmatch(last) or len(last) > 2 else None
