"""Facts of Part 740 that follow from the item's entry, the destination and the value of the order.

Read from the pack's tables: what an entry says of LVS, GBS, TSR and the other exceptions it names (`ccl_exceptions`),
where it shuts STA (`ccl_sta`), and which reasons control the item and count at the destination (`ccl_controls` against
the Country Chart).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from enduse.model.verdict import Verdict, all_of, any_of
from enduse.packs.us_ear.derive import reach
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Fact, Facts, unknown
from enduse.rules.pack import Question
from enduse.rules.tables import Row, Tables

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN

LISTED = ("LVS", "GBS", "TSR", "APP", "NAC", "ACA", "ACE", "IEC", "HBM", "AIA", "ACM", "LPP")
"""Exceptions that an entry itself opens."""

_OWN_TERMS = {"APP"}  # its row says only "on the terms of 740.7", which are rules of their own


def derive(asked: Question) -> Mapping[str, Fact]:
    """The derived facts named `exception.*` (facts/exceptions.toml); what cannot be told is left unknown."""
    code = reach.text(asked.facts, "item.control")
    if code is None:
        return {}
    place = destination(asked.facts)
    assumed = _assumed(asked.facts)
    reasons = _reasons(code, place, asked.facts, asked.tables)
    asked = asked._replace(facts=asked.facts.with_(reasons))
    found = {**reasons, **_barred_from_sta(code, asked)}
    for symbol in LISTED:
        found |= _listed(symbol, code, place, asked)
    found |= _small_value(code, place, asked)
    found |= _product_group(code, asked.facts) | _from_d5(asked)
    found |= _encryption_aboard(asked.facts) | _for_advanced_encryption(asked.facts)
    return {n: f._replace(assumed=True) for n, f in found.items()} if assumed else found


def destination(facts: Facts) -> str | None:
    """The row of the Country Chart the law looks to."""
    return reach.text(facts, "ear.chart_place")


def _product_group(code: str, facts: Facts) -> dict[str, Fact]:
    """The product group of the entry; for EAR99 that of the nearest kind (D software, E technology, else A)."""
    if code != "EAR99":
        return {"exception.product_group": Fact(code[1:2], f"the second character of {code}")}
    kind = facts.get("item.kind")
    groups = {"commodity": "A", "software": "D", "technology": "E"}
    if kind is None or kind.value not in groups:
        return {}
    return {"exception.product_group": kind._replace(value=groups[str(kind.value)])}


def _encryption_aboard(facts: Facts) -> dict[str, Fact]:
    """Is the item itself controlled for encryption, or does it carry software with a control of its own (740.14(f))?"""
    if facts.flag("content.loaded_software"):
        return {"exception.encryption_aboard": Fact(True, "software with an entry of its own is loaded on it")}
    said = "the item's own reasons for control"
    return {"exception.encryption_aboard": _flag(_among(facts.get("exception.reasons"), "EI"), said, said)}


_ADVANCED_ENCRYPTION = ("5A002.z", "5A004.z", "5A992.z", "5D002.z", "5D992.z")


def _for_advanced_encryption(facts: Facts) -> dict[str, Fact]:
    """Is encryption software or technology for a `.z` item? Only a stated commodity tells (740.2(a)(9)(ii)(B))."""
    served = facts.get("item.serves")
    if served is None or not isinstance(served.value, str):
        return {}
    verdict = any_of(code_under(served.value, c) for c in _ADVANCED_ENCRYPTION)
    said = f"it serves {served.value}"
    return {"exception.advanced.encryption": _flag(verdict, said, said)}


def _from_d5(asked: Question) -> dict[str, Fact]:
    """Shipped from, or made in, Group D:5 or Hong Kong (740.2(a)(12)); silence on the origin is an assumption."""
    places = {"exporter_country": "transaction.exporter_country", "origin": "item.origin"}
    known = {n: reach.text(asked.facts, f) for n, f in places.items()}
    barred = asked.tables.members("@country_groups:D:5") | {"HK"}
    found = [f"{n} {p}" for n, p in known.items() if p in barred]
    if found:
        return {"exception.from_d5": Fact(True, ", ".join(found))}
    return {"exception.from_d5": Fact(False, "origin and place of export")} if all(known.values()) else {}


def _assumed(facts: Facts) -> bool:
    """Do the facts all this rests on include one that is only assumed (a reading of the entry's own condition)?"""
    rest_on = ("item.control", "item.serves", "ear.chart_place")
    return any(f.assumed for n, f in facts.known().items() if n in rest_on or n.startswith("ccl."))


def _flag(verdict: Verdict, evidence: str, why: str) -> Fact:
    return unknown(why) if verdict is UNKNOWN else Fact(verdict is TRUE, evidence)


def _reasons(code: str, place: str | None, facts: Facts, tables: Tables) -> dict[str, Fact]:
    """The reasons that control the item, and those that need a licence at the destination."""
    if code == "EAR99":
        none = Fact(frozenset[str](), "EAR99")
        return {"exception.reasons": none, "exception.reasons_there": none, "exception.ns_only": Fact(False, "EAR99")}
    rows = tuple(reach.controls(code, facts, tables))
    if not rows:
        return {}
    found = {"exception.reasons": _set(rows, f"control rows of {code[:5]}")}
    if place is None:
        return found
    there = tuple((row, all_of((v, needed(row, place, tables)))) for row, v in rows)
    fact = _set(there, f"control rows of {code[:5]} against {place}")
    found["exception.reasons_there"] = fact
    found["exception.ns_only"] = _flag(_ns_only(fact), fact.evidence, "the control rows leave it open")
    return found


def needed(row: Row, place: str, tables: Tables) -> Verdict:
    """Does this control row ask for a licence to this place?"""
    match row["requirement"]:
        case "chart":
            return Verdict.of(place in tables.members(f"@country_chart:{row['chart_column']}"))
        case "destinations":
            named = reach.at(row["places"], place, tables)
            return Verdict.of(named and not reach.at(row["except_places"], place, tables))
        case "listed_party":
            return FALSE
        case _:
            return UNKNOWN


def _set(rows: Iterable[tuple[Row, Verdict]], evidence: str) -> Fact:
    by: dict[str, list[Verdict]] = {}
    for row, verdict in rows:
        by.setdefault(row["reason"], []).append(verdict)
    told = {reason: any_of(verdicts) for reason, verdicts in by.items()}
    sure = frozenset(r for r, v in told.items() if v is TRUE)
    return Fact(sure, evidence, possible=frozenset(r for r, v in told.items() if v is UNKNOWN))


def _ns_only(fact: Fact) -> Verdict:
    sure = fact.value if isinstance(fact.value, frozenset) else frozenset[str]()
    if sure - {"NS"}:
        return FALSE
    if fact.possible - {"NS"}:
        return UNKNOWN if "NS" in sure | fact.possible else FALSE
    return TRUE if "NS" in sure else UNKNOWN if fact.possible else FALSE


def _listed(symbol: str, code: str, place: str | None, asked: Question) -> dict[str, Fact]:
    """`eligible`: the entry opens the exception to this item there; `term`: the condition that would decide it."""
    name, seen = f"exception.{symbol.lower()}", f"the {symbol} paragraph of {code[:5]}"
    rows = tuple((r, _open(r, code, place, asked)) for r in _rows(symbol, code, asked.tables))
    if not rows:
        return {f"{name}.eligible": _flag(FALSE, seen, seen), f"{name}.term": Fact(frozenset[str](), seen)}
    verdict = any_of(all_of((v, _term(r, asked.facts))) for r, v in rows)
    open_terms = frozenset(r["condition"].lower() for r, v in rows if v is TRUE and _term(r, asked.facts) is UNKNOWN)
    if verdict is not TRUE and open_terms:
        sure = any_of(v for r, v in rows if not r["condition"] or symbol in _OWN_TERMS)
        found = {f"{name}.eligible": _flag(sure, seen, f"{seen} depends on the paragraph")}
        return {**found, f"{name}.term": Fact(open_terms, seen)}
    eligible = _flag(verdict, seen, f"{seen} depends on the paragraph, or on what the item serves")
    return {f"{name}.eligible": eligible, f"{name}.term": Fact(frozenset[str](), seen)}


def _rows(symbol: str, code: str, tables: Tables) -> tuple[Row, ...]:
    return _rows_of(code[:5], tables).get(symbol, ())


@lru_cache(maxsize=4096)
def _rows_of(eccn: str, tables: Tables) -> Mapping[str, tuple[Row, ...]]:
    """The entry's open rows by exception."""
    rows = [r for r in tables.rows("ccl_exceptions", "eccn", eccn) if r["available"] == "yes"]
    return {s: tuple(r for r in rows if r["exception"] == s) for s in {r["exception"] for r in rows}}


def _term(row: Row, facts: Facts) -> Verdict:
    return TRUE if row["exception"] in _OWN_TERMS else reach.asked(row, facts)


def _open(row: Row, code: str, place: str | None, asked: Question) -> Verdict:
    """Does the row open its exception to this item and destination, its condition left aside?"""
    reached = reach.reaches(row, code, asked.facts, asked.tables)
    if reached is FALSE:
        return FALSE
    return all_of(
        (
            reached,
            *(~_among(asked.facts.get("exception.reasons"), reason) for reason in row["not_for_reasons"].split()),
            _there(row, place, asked.tables),
        )
    )


def _among(reasons: Fact | None, reason: str) -> Verdict:
    if reasons is None or not isinstance(reasons.value, frozenset):
        return UNKNOWN
    return TRUE if reason in reasons.value else UNKNOWN if reason in reasons.possible else FALSE


def _there(row: Row, place: str | None, tables: Tables) -> Verdict:
    if not row["destinations"] and not row["except_destinations"]:
        return TRUE
    if place is None:
        return UNKNOWN
    named = not row["destinations"] or reach.at(row["destinations"], place, tables)
    return Verdict.of(named and not reach.at(row["except_destinations"], place, tables))


def _small_value(code: str, place: str | None, asked: Question) -> dict[str, Fact]:
    """The LVS limit of the entry for this item, the order's net value under that ECCN, and whether it is within."""
    listed = _rows("LVS", code, asked.tables)
    rows = [(r, all_of((_open(r, code, place, asked), _term(r, asked.facts)))) for r in listed]
    limits = [Decimal(r["limit_usd"]) for r, v in rows if v is TRUE]
    hoped = [Decimal(r["limit_usd"]) for r, v in rows if v is UNKNOWN]
    value = order_value(code, asked)
    found = {"exception.lvs.value": value}
    if limits:
        found["exception.lvs.limit"] = Fact(max(limits), f"the LVS paragraph of {code[:5]}")
    if not isinstance(value.value, Decimal):
        return {**found, "exception.lvs.within": unknown(value.evidence)} if rows else found
    worth = value.value
    sure, maybe = any(worth <= n for n in limits), any(worth <= n for n in hoped)
    said = f"USD {worth} against {', '.join(f'USD {n}' for n in sorted({*limits, *hoped})) or 'no limit'}"
    within = TRUE if sure or (maybe and all(worth <= n for n in hoped)) else UNKNOWN if maybe else FALSE
    return {**found, "exception.lvs.within": _flag(within, said, said)}


def order_value(code: str, asked: Question) -> Fact:
    """The value in US dollars of all lines under this ECCN (740.3(d)(1)(i): net value per order and ECCN)."""
    total, eccn = Decimal(0), code[:5]
    for number, line in enumerate(asked.transaction.lines, start=1):
        other = line.item.codes.get("us_ccl")
        if number != asked.line and (other is None or other[:5] != eccn):
            continue
        if line.value is None:
            return unknown(f"line {number} states no value")
        if line.value.currency != "USD":
            return unknown(f"line {number} is priced in {line.value.currency}; LVS limits are in US dollars")
        total += line.value.amount
    return Fact(total, f"sum of the lines under {eccn}")


def _barred_from_sta(code: str, asked: Question) -> dict[str, Fact]:
    """Where the entry, or 740.20(b)(2), shuts STA: for A:5 and for A:6 destinations."""
    rows = asked.tables.rows("ccl_sta", "eccn", code[:5])
    found: dict[str, Fact] = {}
    for name, group in (("exception.sta.barred", "A:5"), ("exception.sta.barred_a6", "A:6")):
        mine = (r for r in rows if group in r["barred_groups"].split())
        found |= _barred(name, [(r, reach.reaches(r, code, asked.facts, asked.tables)) for r in mine], asked.facts)
    return found


def _barred(name: str, rows: list[tuple[Row, Verdict]], facts: Facts) -> dict[str, Fact]:
    """Is STA shut whatever is asked; and the conditions, still open, that would shut it."""
    verdict = any_of(all_of((v, reach.asked(r, facts))) for r, v in rows)
    live = [r["condition"].lower() for r, v in rows if v is TRUE and reach.asked(r, facts) is UNKNOWN]
    seen = "the STA paragraph of the entry"
    if verdict is UNKNOWN and live:
        verdict = any_of(v for r, v in rows if not r["condition"])
    shut = _flag(verdict, seen, f"{seen} depends on the full code, or on what the item serves")
    return {name: shut, f"{name}_term": Fact(frozenset(live), seen)}
