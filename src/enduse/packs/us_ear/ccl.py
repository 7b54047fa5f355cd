"""Requirements that stand in the rows of the Commerce Control List and in the notes of the Country Chart.

A row becomes a rule `us.ear.ccl.<entry>.<row>`: these paragraphs, for these served items, to these places. What a row
leaves out by way of relief ("except for civil telecommunications") becomes a carve-out, so that silence never relieves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from enduse.model.law import AllOf, AnyOf, Citation, Effect, Not, RuleVersion, Test, When
from enduse.packs.us_ear.conditions import fact_of
from enduse.packs.us_ear.notes import note_rules
from enduse.packs.us_ear.whichever import whichever_rules
from enduse.rules.pack import Live
from enduse.rules.tables import Row, Tables

FIRST = date(2025, 1, 1)
RELIEVING = frozenset(
    {"not_civil_telecommunications", "not_iss_in_russia", "not_lead_selenide_fpa", "not_for_L100"}
    | {"machine_tool_np_not_small", "press_69_mpa_or_more"}
)
"""Conditions whose being false relieves: the requirement stands until that is shown."""

_NOT_DEEMED = ("742.4(a)(4)", "742.6(a)(6)(i)", "742.6(a)(6)(iii)")
_ADVANCED = "742.6(a)(6)(iii)"
_NAMED_ADVANCED = frozenset({"3A090", "4A090", "4D090", "3D001", "4D001"})
_REASONS = {"RIS": "746.8"}  # the Russian industry sector rows point to that section
_SME = ("742.4(a)(4)", "742.6(a)(6)(i)")
_WORLDWIDE_1 = "742.6(a)(6)(iii)(A)"
_WEIGHTS = "742.6(a)(13)"
_EMERGING = ("742.4(a)(5)", "742.6(a)(10)")
_ONLY_D1_D5 = (
    *("2D910", "2E910", "3D901", "3D907", "3E901", "3E905", "4D906", "4E906"),
    *("3D001", "3E001"),
)


def rules_for_code(code: str, tables: Tables) -> tuple[Live, ...]:
    """The rules of this code's entry, and those that hold whichever paragraph or served item is meant."""
    return (*_entry_rules(code[:5], tables), *_short_rules(code, tables))


@lru_cache(maxsize=2048)
def _entry_rules(eccn: str, tables: Tables) -> tuple[Live, ...]:
    rows = tables.rows("ccl_controls", "eccn", eccn)
    notes = [r for r in _notes(tables) if any(c[:5] == eccn for c in r["includes"].split())]
    if not rows and eccn != "EAR99":
        return tuple(_pointer(eccn, tables))
    found = [live for row in rows for live in _row_rules(row, tables)]
    footnotes = (_note_rule(eccn, n, note, tables) for n, note in enumerate(notes, 1))
    return (*found, *footnotes, *note_rules(eccn, tables))


@lru_cache(maxsize=4096)
def _short_rules(code: str, tables: Tables) -> tuple[Live, ...]:
    rows = [r for r in tables.rows("ccl_controls", "eccn", code[:5]) if not r["condition"] and _plain(r)]
    return tuple(whichever_rules(code, rows, tables, places=place_test))


def _plain(row: Row) -> bool:
    """Rows that say yes or no by place alone."""
    return row["requirement"] in {"chart", "destinations"} and not row["basis"].startswith(_NOT_DEEMED)


def _row_rules(row: Row, tables: Tables) -> Iterator[Live]:
    rule = f"us.ear.ccl.{row['eccn']}.{row['row']}"
    relieving = row["condition"] in RELIEVING
    yield _live(rule, _title(row), row, tables, effect=Effect.REQUIRES, when=_all(_tests(row, relieving=relieving)))
    if relieving:
        yield _carve_out(rule, row, "relief", _flag(fact_of(row["condition"]), is_=False), tables)
    if row["basis"].startswith(_SME) and "3A090" not in row["includes"] + row["serves"]:
        mover = AllOf(all=(_flag("content.foreign_made"), _flag("sme.excused_mover")))
        yield _carve_out(rule, row, "mover", mover, tables)
    if row["basis"] in _EMERGING:
        yield _carve_out(rule, row, "deemed", _grandfathered(row["eccn"]), tables)


def _tests(row: Row, *, relieving: bool) -> Iterator[When]:
    yield _test("item.control", under=_codes(row["includes"]))
    if row["excludes"]:
        yield _not("item.control", _codes(row["excludes"]))
    yield from serves_tests(row["serves"])
    if row["condition"] and not relieving:
        yield _flag(fact_of(row["condition"]))
    if row["basis"].startswith(_NOT_DEEMED):
        yield _flag("ear.deemed", is_=False)
    if row["basis"].startswith(_ADVANCED) and row["eccn"][1] in "AD" and row["eccn"] not in _NAMED_ADVANCED:
        yield _flag("item.advanced_computing")
    match row["requirement"]:
        case "listed_party":
            yield _flag("parties.entity_list_footnote_5")
        case "short_supply":
            yield _flag("ccl.short_supply")
        case "judgement":
            pass
        case _:
            yield place_test(row)


def serves_tests(cell: str) -> Iterator[When]:
    """What a row demands of the commodity that the software or technology is for."""
    tokens = cell.split()
    wanted = [t.replace("usml:", "USML.") for t in tokens if not t.startswith(("-", "reason:"))]
    barred = [t[1:] for t in tokens if t.startswith("-")]
    reasons = [t.removeprefix("reason:") for t in tokens if t.startswith("reason:")]
    if wanted:
        yield _test("item.serves", under=tuple(wanted))
    if barred:
        yield _not("item.serves", tuple(barred))
    if reasons:
        yield _test("item.serves_reasons", in_=tuple(reasons))


def place_test(row: Row) -> When:
    """Where the row's requirement holds."""
    if row["requirement"] == "chart":
        return _test("ear.chart_place", in_=f"@country_chart:{row['chart_column']}")
    if row["basis"] == _WORLDWIDE_1:
        return _top_tier()
    if row["basis"] == _WEIGHTS:
        return AllOf(all=(_flag("judgement.ai_diffusion"), _not_in(("US",))))
    named, groups = _places(row["places"])
    out_named, out_groups = _places(row["except_places"])
    out: tuple[str, ...] = (*out_named, *out_groups)
    if row["places"] == "*":
        return _not_in(out or ("US",))
    group = [_test("ear.chart_place", in_=groups)] if groups else []
    limited: list[When] = [AllOf(all=(*group, _not_in(out)))] if group and out else [*group]
    single: list[When] = [_test("ear.chart_place", in_=named)] if named else []
    return _any([*single, *limited])


def _top_tier() -> When:
    """Where the top tier of advanced computing surely needs a licence, and where only the printed text says so."""
    inside = AllOf(
        all=(
            _test("ear.chart_place", in_=("@country_groups:D:1", "@country_groups:D:4", "@country_groups:D:5")),
            _not_in(("@country_groups:A:5", "@country_groups:A:6")),
        )
    )
    named = _test("ear.chart_place", in_=("AE", "MO"))
    return AnyOf(any=(inside, named, _flag("parties.headquartered_d5"), _flag("judgement.ai_diffusion")))


def _grandfathered(eccn: str) -> When:
    employed: When = _flag("recipient.employed_before_2024_09_06")
    outside = _not_in(("@country_groups:D:1", "@country_groups:D:5"))
    if eccn == "3E905":
        employed = AllOf(all=(employed, outside))
    ways: list[When] = [employed, outside] if eccn in _ONLY_D1_D5[:8] else [employed]
    return AllOf(all=(_flag("ear.deemed"), _any(ways)))


def _places(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tokens = cell.split()
    named = tuple(t for t in tokens if ":" not in t)
    return named, tuple(f"@country_groups:{t}" for t in tokens if ":" in t)


def _notes(tables: Tables) -> tuple[Row, ...]:
    return tables.rows("chart_referrals", "kind", "requires")


def _note_rule(eccn: str, number: int, note: Row, tables: Tables) -> Live:
    place: When = _test("ear.chart_place", is_=note["place"])
    tests: list[When] = [_test("item.control", under=tuple(c for c in _codes(note["includes"]) if c[:5] == eccn))]
    if note["excludes"]:
        tests.append(_not("item.control", _codes(note["excludes"])))
    tests += serves_tests(note["serves"])
    if note["condition"]:
        tests.append(_flag(fact_of(note["condition"])))
    row = {**note, "eccn": eccn, "reason": "RS", "chart_column": "", "requirement": "note", "basis": ""}
    title = f"{eccn} to {note['place']}: footnote {note['footnote']} of the Country Chart"
    return _live(
        f"us.ear.738.{eccn}.{number}", title, row, tables, effect=Effect.REQUIRES, when=AllOf(all=(*tests, place))
    )


def _pointer(eccn: str, tables: Tables) -> Iterator[Live]:
    """An entry without controls of its own, or a code not on the list, is an open question, never a clearance."""
    entry = next(iter(tables.rows("ccl_entries", "eccn", eccn)), None)
    refers = entry["refers_to"] if entry else ""
    says = (
        f"{eccn} controls nothing itself and refers to {refers}; the item must be classified there."
        if entry
        else f"{eccn} is no entry of the list; the item must be classified before anything can be said."
    )
    cites = entry["cites"] if entry else "15 CFR 738.2"
    row = {"eccn": eccn, "row": "0", "reason": "unclassified", "requirement": "pointer", "cites": cites, "basis": ""}
    when = AllOf(all=(_test("item.control", under=(eccn,)), _flag("ccl.classified_here")))
    yield _live(
        f"us.ear.ccl.{eccn}.0", f"{eccn} refers elsewhere", row, tables, effect=Effect.REQUIRES, when=when, says=says
    )


def _title(row: Row) -> str:
    what = f"{row['eccn']} is controlled for {row['reason']}"
    if row["chart_column"]:
        return f"{what}: {row['chart_column'][:2]} Column {row['chart_column'][2:]}"
    return f"{what}: {row['basis'].replace(' ', ', ')}"


def _carve_out(rule: str, row: Row, name: str, when: When, tables: Tables) -> Live:
    title = f"{row['eccn']}: what row {row['row']} leaves out"
    scope = AllOf(all=(_test("item.control", under=_codes(row["includes"])), when))
    return _live(f"{rule}.{name}", title, row, tables, effect=Effect.EXCUSES, when=scope, lifts=(rule,))


def _live(
    rule: str,
    title: str,
    row: Row,
    tables: Tables,
    *,
    effect: Effect,
    when: When,
    lifts: tuple[str, ...] = (),
    says: str | None = None,
) -> Live:
    version = RuleVersion(
        **{"from": date.fromisoformat(row["from"]) if row.get("from") else FIRST},
        to=date.fromisoformat(row["to"]) if row.get("to") else None,
        effect=effect,
        reason=_REASONS.get(row["reason"], row["reason"]) if effect is Effect.REQUIRES else None,
        relief="carve_out" if effect is Effect.EXCUSES else None,
        authorisation="outside the control" if effect is Effect.EXCUSES else None,
        lifts=lifts,
        policy=_policy(row, tables) if effect is Effect.REQUIRES else None,
        when=when,
        says=says or _says(row, effect),
        cites=_cites(row["cites"]),
    )
    return Live(rule, title, version)


def _says(row: Row, effect: Effect) -> str:
    if effect is Effect.EXCUSES:
        return "The row itself leaves this case out."
    if row["requirement"] == "note":
        return row.get("statement") or "A footnote of the Country Chart adds this requirement."
    where = f"where the Country Chart marks {row['chart_column'][:2]} Column {row['chart_column'][2:]}"
    by = where if row["chart_column"] else f"as section {row['basis'].replace(' ', ', ')} says"
    return f"{row['includes'].replace(' ', ', ')}: a licence is needed {by}."


def _policy(row: Row, tables: Tables) -> str | None:
    """How an application would be reviewed: by section where one is named, else by column, else by reason."""
    for key in (row["basis"].split(" ")[0], row.get("chart_column", ""), row["reason"]):
        found = tables.rows("review_policies", "key", key) if key else ()
        if found:
            return found[0]["policy"]
    return None


def _cites(cell: str) -> tuple[Citation, ...]:
    return tuple(_citation(part.strip()) for part in cell.split(";") if part.strip())


def _citation(text: str) -> Citation:
    if text.startswith("15 CFR "):
        return Citation(source="15 CFR", pinpoint=text.removeprefix("15 CFR "))
    return Citation(source="Federal Register", pinpoint=text)


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split())


def _flag(fact: str, *, is_: bool = True) -> Test:
    return Test.model_validate({"fact": fact, "is": is_})


def _test(fact: str, **asked: object) -> Test:
    return Test.model_validate({"fact": fact, **{k.removesuffix("_"): v for k, v in asked.items()}})


def _not(fact: str, under: tuple[str, ...]) -> Not:
    return Not.model_validate({"not": {"fact": fact, "under": under}})


def _not_in(places: Iterable[str]) -> When:
    return Not.model_validate({"not": {"fact": "ear.chart_place", "in": tuple(places)}})


def _all(tests: Iterable[When]) -> When:
    found = tuple(tests)
    return found[0] if len(found) == 1 else AllOf(all=found)


def _any(tests: list[When]) -> When:
    return tests[0] if len(tests) == 1 else AnyOf(any=tuple(tests))
