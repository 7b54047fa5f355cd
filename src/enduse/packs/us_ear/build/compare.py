"""What changed between two builds, and what forbids publishing the newer one.

`enduse law sync` shows the changes and refuses when one of them is a `loss`: an entry, a destination or a
table that vanished. A row that no longer parses never gets this far: the build itself stops there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping

from enduse.model.base import Value

_KEYS = {
    "ccl_entries.csv": ("eccn",),
    "ccl_paragraphs.csv": ("code",),
    "ccl_controls.csv": ("eccn", "reason", "requirement", "chart_column", "places", "except_places", "includes",
                         "excludes", "serves", "condition"),
    "ccl_exceptions.csv": ("eccn", "exception", "includes", "serves", "condition", "destinations",
                           "except_destinations"),
    "ccl_sta.csv": ("eccn", "includes", "serves", "condition", "barred_groups"),
    "ccl_notes.csv": ("eccn", "kind", "includes", "statement"),
    "ccl_cas.csv": ("cas", "code"),
    "usml_crossrefs.csv": ("eccn", "usml_category", "where"),
    "country_chart.csv": ("column", "place"),
    "country_chart_places.csv": ("place",),
    "chart_referrals.csv": ("place", "footnote", "includes", "token"),
    "country_groups.csv": ("group", "place"),
}  # fmt: skip
TABLES = frozenset(_KEYS)
"""The files this builder makes; other tables of the pack are made elsewhere."""

_LOSSES = {"ccl_entries.csv", "country_chart_places.csv"}
_UNREAD = {"row", "text_digest", "cites"}


class EditionChange(Value):
    """One difference: `kind` is added, removed, changed or reworded; a `loss` forbids publication."""

    table: str
    kind: str
    key: str
    before: str = ""
    after: str = ""
    loss: bool = False


def compare_editions(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[EditionChange, ...]:
    """Every difference between two builds, tables in order of name, losses marked."""
    changes: list[EditionChange] = []
    for name in sorted({*old, *new}):
        if name not in new:
            changes.append(EditionChange(table=name, kind="removed", key=name, loss=True))
        elif name not in old:
            changes.append(EditionChange(table=name, kind="added", key=name))
        else:
            changes += _differences(name, _rows(name, old[name]), _rows(name, new[name]))
    return tuple(changes)


def _differences(
    name: str, old: Mapping[str, dict[str, str]], new: Mapping[str, dict[str, str]]
) -> Iterator[EditionChange]:
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before is None or after is None:
            kind = "added" if before is None else "removed"
            yield EditionChange(table=name, kind=kind, key=key, loss=after is None and name in _LOSSES)
        elif said := _changed(before, after):
            yield EditionChange(table=name, kind="changed", key=key, before=said[0], after=said[1])
        elif before.get("text_digest") != after.get("text_digest"):
            yield EditionChange(table=name, kind="reworded", key=key)


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, str] | None:
    fields = [field for field in after if field not in _UNREAD and before.get(field) != after[field]]
    if not fields:
        return None
    return _said(before, fields), _said(after, fields)


def _said(row: Mapping[str, str], fields: list[str]) -> str:
    return "; ".join(f"{field}={row.get(field, '')}" for field in fields)


def _rows(name: str, text: str) -> dict[str, dict[str, str]]:
    rows = list(csv.DictReader(text.splitlines()))
    fields = _KEYS.get(name) or tuple(field for field in (rows[0] if rows else {}) if field not in _UNREAD)
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        key = " | ".join(row.get(field, "") for field in fields).rstrip(" |")
        while key in found:
            key += " +"
        found[key] = row
    return found
