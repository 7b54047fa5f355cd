"""The notes of single entries as rules: what they add, what they leave out, what they ask to be reported.

`tables/ccl_notes.csv` holds them in our own words; a note becomes `us.ear.ccl.<entry>.note-<n>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.model.law import AllOf, AnyOf, Citation, Effect, Not, RuleVersion, Test, When
from enduse.packs.us_ear.conditions import fact_of
from enduse.rules.pack import Live
from enduse.rules.tables import Row, Tables

_FIRST = date(2025, 1, 1)
_KINDS = {"sample": "samples", "mixture": "mixtures", "compound": "compounds", "kit": "testing kits"}


def note_rules(eccn: str, tables: Tables) -> Iterator[Live]:
    """The rules that the notes of one entry make, in printed order."""
    for number, row in enumerate(tables.rows("ccl_notes", "eccn", eccn), start=1):
        yield Live(f"us.ear.ccl.{eccn}.note-{number}", f"{eccn}: {row['statement']}", _version(row))


def _version(row: Row) -> RuleVersion:
    effect, more = _effect(row)
    return RuleVersion.model_validate(
        {
            "from": date.fromisoformat(row["from"]) if row["from"] else _FIRST,
            "to": date.fromisoformat(row["to"]) if row["to"] else None,
            "effect": effect,
            "when": _when(row),
            "says": row["statement"],
            "cites": tuple(_citation(c.strip()) for c in row["cites"].split(";")),
            **more,
        }
    )


def _effect(row: Row) -> tuple[Effect, dict[str, object]]:
    """What the note does to the requirements of its own entry, and to nothing else."""
    samples = f"{row['eccn']} samples"
    match row["effect"]:
        case "requires":
            return Effect.REQUIRES, {"reason": "RS", "policy": "Case by case."}
        case "excuses":
            name = f"{row['eccn']} {_KINDS.get(row['kind'], 'outside the entry')}"
            lifts = (f"us.ear.ccl.{row['eccn']}.",)
            return Effect.EXCUSES, {"relief": "carve_out", "authorisation": name, "lifts": lifts}
        case "bars_sample":
            return Effect.BARS, {"blocks": (samples,)}
        case "bars_TSU":
            return Effect.BARS, {"blocks": ("TSU",)}
        case _:
            return Effect.FLAGS, {}


def _when(row: Row) -> When:
    tests: list[When] = [Test.model_validate({"fact": "item.control", "under": tuple(row["includes"].split())})]
    tests += _places(row["destinations"])
    if row["condition"]:
        tests.append(Test.model_validate({"fact": fact_of(row["condition"]), "is": True}))
    if row["effect"] == "excuses" and "1C995" in row["statement"]:  # which is itself controlled to Iraq
        tests.append(Not.model_validate({"not": {"fact": "ear.chart_place", "is": "IQ"}}))
    return tests[0] if len(tests) == 1 else AllOf(all=tuple(tests))


def _places(cell: str) -> Iterator[When]:
    inside = [_place(t) for t in cell.split() if not t.startswith("!")]
    outside = [_place(t[1:]) for t in cell.split() if t.startswith("!")]
    if inside:
        yield inside[0] if len(inside) == 1 else AnyOf(any=tuple(inside))
    yield from (Not.model_validate({"not": test}) for test in outside)


def _place(token: str) -> Test:
    members = f"@country_groups:{token}" if ":" in token else token
    operator = "in" if ":" in token else "is"
    return Test.model_validate({"fact": "ear.chart_place", operator: members})


def _citation(text: str) -> Citation:
    federal = not text.startswith("15 CFR ")
    return Citation(source="Federal Register" if federal else "15 CFR", pinpoint=text.removeprefix("15 CFR "))
