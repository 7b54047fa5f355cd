"""Whether a listed party's own requirement reaches this item (15 CFR 744.11(a), Supplement No. 4 to Part 744)."""

from __future__ import annotations

from enduse.lists.us_csl.entity_list import EntityListRequirement, Exemption, requirement_of
from enduse.model.verdict import Verdict, any_of
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Facts
from enduse.rules.pack import Listed

_SUPPLEMENT = "supplement no. 2 to part 744"
_TRUE, _FALSE, _UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def requirement_at(hit: Listed) -> EntityListRequirement | None:
    """The requirement of the entry behind a hit, or None when only the listing itself is known."""
    text = hit.entry.licence_requirement if hit.entry else None
    return requirement_of(text) if text else None


def leaves_out(hit: Listed, facts: Facts) -> Verdict:
    """Does this party's entry surely leave the item out? What is not understood is never left out: unknown."""
    wanted = requirement_at(hit)
    if wanted is None:
        return _UNKNOWN
    reached = _reached(wanted, facts)
    if reached is _FALSE and wanted.unread is not None:
        reached = _UNKNOWN  # words that were not understood may add items
    return any_of((~reached, *(_exempt(e, facts) for e in wanted.exemptions)))


def _reached(wanted: EntityListRequirement, facts: Facts) -> Verdict:
    """Is the item within the scope, exemptions apart?"""
    match wanted.scope:
        case "all_items_subject_to_ear":
            return _TRUE if wanted.only_projects is None else _UNKNOWN
        case "listed_items" if wanted.listed_in == _SUPPLEMENT:
            return _of(facts.flag("item.military_supplement"))
        case _:
            code = facts.value("item.control")
            return _within(wanted, code) if isinstance(code, str) else _UNKNOWN


def _within(wanted: EntityListRequirement, code: str) -> Verdict:
    """Is this code within a scope that is told by codes?"""
    match wanted.scope:
        case "all_except_ear99" | "ccl_items":
            return Verdict.of(code != "EAR99")
        case "ccl_and_listed_items":
            return _TRUE if code != "EAR99" else _UNKNOWN
        case "listed_codes":
            return any_of(code_under(code, c) for c in wanted.codes)
        case "all_except_codes":
            return ~any_of(code_under(code, c) for c in wanted.codes)
        case _:
            return _UNKNOWN


def _exempt(left_out: Exemption, facts: Facts) -> Verdict:
    code = facts.value("item.control")
    match left_out.kind:
        case "food_or_medicine_ear99":
            if isinstance(code, str) and code != "EAR99":
                return _FALSE
            food_or_medicine = any_of((_of(facts.flag("item.food")), _of(facts.flag("item.medicine"))))
            return food_or_medicine if code == "EAR99" else _UNKNOWN
        case "codes" if isinstance(code, str):
            return any_of(code_under(code, c) for c in left_out.codes)
        case "uav_technology_ear99" | "standards_work" if facts.value("item.kind") in {"commodity", "software"}:
            return _FALSE
        case _:
            return _UNKNOWN


def _of(flag: bool | None) -> Verdict:
    return _UNKNOWN if flag is None else Verdict.of(flag)
