"""Countries as listed parties and queries write them ("Russia", "RU", "Iran (Islamic Republic of)") to codes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from enduse.screen import tables
from enduse.screen.text import plain


@cache
def _names() -> dict[str, str]:
    return {name: row[0] for row in tables.rows("countries") for name in row[1].split("|")}


@cache
def codes() -> tuple[str, ...]:
    """Every country code, in the order the index numbers them."""
    return tuple(sorted({row[0] for row in tables.rows("countries")}))


@cache
def number() -> dict[str, int]:
    """Country code to its number in the index."""
    return {code: i for i, code in enumerate(codes())}


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", plain(text)))


@lru_cache(4096)
def code_of(text: str) -> str | None:
    """The ISO code of a country written as code or name, or None when it is no country we know."""
    raw = text.strip()
    upper = raw[:2].upper()
    if len(raw) == 2 or (len(raw) in (5, 6) and raw[2] == "-"):
        return upper if upper in number() else None
    found = _names().get(_words(raw))
    return found or _names().get(_words(raw.split(",")[0]))
