"""The EAR's own arithmetic: derived facts in the order they build on one another, and the rules that stand in tables.

`derive` asks `derive/<name>.py` in the order of `_GROUPS`; each group sees what the earlier ones found.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from enduse.packs.us_ear import codes
from enduse.packs.us_ear.ccl import rules_for_code
from enduse.rules.facts import Fact
from enduse.rules.pack import Live, Question
from enduse.rules.tables import Tables

__all__ = ["check_code", "derive", "rules_for"]

_GROUPS = ("scope", "content", "goods", "parties", "exceptions")
Deriving = Callable[[Question], Mapping[str, Fact]]


def derive(asked: Question) -> Mapping[str, Fact]:
    """Every derived fact of the line; what was stated stands before what is derived."""
    found: dict[str, Fact] = {}
    for group in _groups():
        more = group(asked)
        found.update(more)
        asked = asked._replace(facts=asked.facts.with_(more))
    return found


def rules_for(code: str, tables: Tables) -> Iterable[Live]:
    """The requirements that the Commerce Control List's own rows set for this code."""
    return rules_for_code(code, tables)


def check_code(code: str, tables: Tables) -> str | None:
    """What is wrong with a code that is not on the list on this day, or None."""
    return codes.check_code(code, tables.tables, tables.day)


@lru_cache(maxsize=1)
def _groups() -> tuple[Deriving, ...]:
    names = [f"enduse.packs.us_ear.derive.{name}" for name in _GROUPS]
    return tuple(importlib.import_module(n).derive for n in names if importlib.util.find_spec(n))
