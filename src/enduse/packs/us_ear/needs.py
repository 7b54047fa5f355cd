"""Would this code need a licence to that place by the Country Chart, the entry's own rows or Part 746?

Asked for components (Supplement No. 2 to Part 734: Part 744 is left out, and so is what may go under GBS) and for
countries passed through (736.2(b)(8)).
"""

from __future__ import annotations

from functools import lru_cache

from enduse.model.law import Effect
from enduse.model.place import country_of
from enduse.model.verdict import Verdict, all_of, any_of
from enduse.packs.us_ear.ccl import rules_for_code
from enduse.packs.us_ear.whichever import reasons_of
from enduse.rules.evaluate import code_under, evaluate
from enduse.rules.facts import Fact, Facts
from enduse.rules.tables import Row, Tables

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
EAR99 = "EAR99"
_ALL_ITEMS = frozenset({"CU", "KP", "SY", "UA-43", "UA-40"})
_RUSSIA = frozenset({"RU", "BY"})
_IRAQ_REASONS = frozenset(["NS", "MT", "NP", "CW", "CB", "RS", "CC", "EI", "SI", "SL"])


@lru_cache(maxsize=65536)
def needs_licence(code: str, place: str, tables: Tables, *, partner: bool = False) -> Verdict:
    """The answer in three values; `partner` says that the finished item moves from a Supplement No. 3 country."""
    return any_of((_by_embargo(code, place, tables, partner=partner), _by_list(code, place, tables)))


def controlled_content(code: str, place: str, tables: Tables, *, partner: bool) -> Verdict:
    """Does a US-origin part count as controlled content for this destination?"""
    return all_of((needs_licence(code, place, tables, partner=partner), ~_under_gbs(code, place, tables)))


def _by_list(code: str, place: str, tables: Tables) -> Verdict:
    if code == EAR99:
        return FALSE
    facts = Facts(
        {},
        {
            "item.control": Fact(code, "the component's code"),
            "ear.chart_place": Fact(country_of(place), "destination"),
            "ear.deemed": Fact(False, "a part is no release"),
            "parties.headquartered_d5": Fact(False, "Part 744 is left out"),
            "parties.entity_list_footnote_5": Fact(False, "Part 744 is left out"),
        },
    )
    rules = [live for live in rules_for_code(code, tables) if live.version.effect is Effect.REQUIRES]
    return any_of(evaluate(live.version.when, facts, tables).verdict for live in rules if live.version.when is not None)


def _by_embargo(code: str, place: str, tables: Tables, *, partner: bool) -> Verdict:
    listed = code != EAR99
    if place in _ALL_ITEMS:
        return TRUE
    if place in _RUSSIA:
        return _to_russia(code, tables, partner=partner)
    if place == "IR":
        return Verdict.of(listed)
    if place == "IQ" and listed:
        sure, maybe = reasons_of(code, tables)
        return TRUE if sure & _IRAQ_REASONS else UNKNOWN if maybe & _IRAQ_REASONS else FALSE
    return FALSE


def _to_russia(code: str, tables: Tables, *, partner: bool) -> Verdict:
    """Every entry counts, EAR99 by its tariff code; partner countries: not the low end (746.8(a)(12)(iii))."""
    if code == EAR99:
        return FALSE if partner else UNKNOWN
    sure, maybe = reasons_of(code, tables)
    low = code.startswith("9A991") or (sure | maybe) <= {"AT", "RIS"}
    return Verdict.of(not (partner and low))


def _under_gbs(code: str, place: str, tables: Tables) -> Verdict:
    if code == EAR99 or place not in tables.members("@country_groups:B"):
        return FALSE
    rows = [r for r in tables.rows("ccl_exceptions", "eccn", code[:5]) if r["exception"] == "GBS"]
    return any_of(_row_covers(r, code) for r in rows if r["available"] == "yes" and not r["condition"])


def _row_covers(row: Row, code: str) -> Verdict:
    inside = any_of(code_under(code, c) for c in row["includes"].split())
    outside = any_of(code_under(code, c) for c in row["excludes"].split())
    return all_of((inside, ~outside))
