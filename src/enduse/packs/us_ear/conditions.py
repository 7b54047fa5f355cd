"""`facts/ccl.toml`: the conditions that control rows add to paragraph and place, as facts with their questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

HEAD = (
    "# Conditions that rows of the control list add to the paragraph and the place.\n"
    "# Generated from tables/ccl_controls.csv, ccl_exceptions.csv, ccl_notes.csv and chart_referrals.csv by conditions.py.\n"
)


def fact_of(condition: str) -> str:
    """The fact a row's condition is asked as."""
    return f"ccl.{condition.lower()}"


def condition_facts(rows: Iterable[Mapping[str, str]]) -> str:
    """One `[[facts]]` entry for each condition, in order of name."""
    asked = {fact_of(row["condition"]): row["question"] for row in rows if row.get("condition")}
    entries = (f"[[facts]]\nname = {json.dumps(n)}\nquestion = {json.dumps(asked[n])}\n" for n in sorted(asked))
    return HEAD + "\n" + "\n".join(entries)
