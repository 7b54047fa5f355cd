"""Control rows of a later edition, from the JSON in which they are kept beside the XML.

The JSON maps each ECCN to pairs of scope and demand (`ECCNS.<code>.c`) and says of which day it is.
"""

from __future__ import annotations

import json
import re
from datetime import date

from enduse.errors import ListError
from enduse.model.base import Value
from enduse.packs.us_ear.build.edition import RawRow, read_row, split_merged

_NOT_OURS = re.compile(r"subject to the ITAR|export licensing authority of")


class Amendment(Value):
    """The control rows of one later edition, by ECCN."""

    edition: date
    rows: dict[str, tuple[RawRow, ...]]


def read_amendment(source: bytes) -> Amendment:
    """The rows of an amended edition; a file that is not that JSON is a `ListError`."""
    try:
        content = json.loads(source)
        edition = date.fromisoformat(content["SOURCE_EDITION"])
        entries = {eccn: entry["c"] for eccn, entry in content["ECCNS"].items()}
    except (ValueError, KeyError, TypeError) as fault:
        raise ListError(
            f"not a file of amended control rows: {fault}",
            place="controls-amended",
            hint="give the JSON with SOURCE_EDITION and ECCNS, each ECCN with its rows under `c`",
        ) from fault
    return Amendment(edition=edition, rows={eccn: _rows(eccn, rows) for eccn, rows in entries.items()})


def _rows(eccn: str, pairs: list[list[str | None]]) -> tuple[RawRow, ...]:
    found: list[RawRow] = []
    for pair in pairs:
        scope, cell = (re.sub(r"^Country Chart\. ", "", text or "") for text in pair[:2])
        if _NOT_OURS.search(scope):
            continue
        if cell.startswith(scope):  # a control stated in prose, given twice
            scope, cell = cell, ""
        for left, right in split_merged(scope, cell):
            row = read_row(left, right)
            if row is None:
                raise ListError(
                    f"amended control row not understood: {left[:80]!r}",
                    place=eccn,
                    hint="the row's wording is new; teach `edition.py` to read it, then build again",
                )
            found.append(row)
    return tuple(found)
