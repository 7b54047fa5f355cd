"""Is there such a code? Entries and paragraphs of the list on one day, and the nearest ones to a code that is not."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from enduse.rules.tables import Table

EAR99 = "EAR99"


def check_code(code: str, tables: Mapping[str, Table], day: date) -> str | None:
    """None when the list has this code on that day, else the nearest codes it does have, for the reader to choose.

    A paragraph deeper than the list prints is accepted under a printed one only when the list prints that one; a whole
    entry, and `EAR99`, are always accepted.
    """
    if code == EAR99:
        return None
    known = _known(tables["ccl_entries"], tables["ccl_paragraphs"], day)
    if code in known:
        return None
    return _nearest(code, known)


def _nearest(code: str, known: frozenset[str]) -> str:
    meant = next((c for c in (EAR99, *sorted(known)) if c.casefold() == code.replace(" ", "").casefold()), None)
    if meant is not None:
        return meant
    parent = code
    while "." in parent:
        parent = parent.rsplit(".", 1)[0]
        if parent in known:
            under = sorted(c for c in known if c.startswith(parent + ".") and c.count(".") == parent.count(".") + 1)
            return ", ".join([parent, *difflib.get_close_matches(code, under, 4, 0.3)])
    entries = [c for c in known if "." not in c]
    return ", ".join(difflib.get_close_matches(code[:5].upper(), [*entries, EAR99], 4, 0.5)) or EAR99


@lru_cache(maxsize=64)
def _known(entries: Table, paragraphs: Table, day: date) -> frozenset[str]:
    return frozenset(r["eccn"] for r in entries.at(day)) | frozenset(r["code"] for r in paragraphs.at(day))
