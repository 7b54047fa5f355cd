"""`ccl_notes.csv`: notes of an entry that add to, lift or qualify its requirements, in our own words.

Standing notes (reporting under Part 743, microprocessors under 744.17, limits under 740.2) are recognised
by the section they cite. Any other note needs a reading by hand; one never seen before stops the build.
"""

from __future__ import annotations

import re

from enduse.errors import RuleError
from enduse.packs.us_ear.build.edition import Entry
from enduse.packs.us_ear.build.readings import table
from enduse.packs.us_ear.build.text import digest, plain

COLUMNS = (
    "eccn", "kind", "includes", "destinations", "effect", "statement", "condition", "question", "from", "to", "cites",
)  # fmt: skip

_EMPTY = re.compile(
    r"^(?:Control\(s\):?|Controls:?|Country Chart|Note:?|License Exceptions|Reporting Requirements:?|"
    r"License Requirements?(?: Notes?)?:?)?$"
)
_STANDING = (
    (r"§ 743\.1 ", "report", "flags", "743.1",
     "Exports under licence exceptions or a validated end-user authorisation are reported."),
    (r"§ 743\.2 ", "report", "flags", "743.2",
     "Exports of high-performance computers to Computer Tier 3 are verified, reported and recorded."),
    (r"§ 743\.3 ", "report", "flags", "743.3",
     "Thermal cameras sent to A:1 without an individual licence are reported."),
    (r"§ 743\.8 ", "report", "flags", "743.8", "Deemed exports and re-exports of these items are reported."),
    (r"§ 744\.17 ", "end_use", "flags", "744.17",
     "Microprocessors of 5 GFLOPS or more may need a licence for military end uses and end users."),
    (r"§ 740\.2\(a\)\(9\)\(ii\) ", "exception", "flags", "740.2(a)(9)(ii)",
     "Few licence exceptions are open for the .z paragraphs and their software and technology."),
)  # fmt: skip

Row = dict[str, str]


def note_rows(entry: Entry) -> list[Row]:
    """The rows of one entry's notes; an entry without controls has none."""
    if not entry.rows:
        return []
    rows: list[Row] = []
    for note in entry.notes:
        rows += [row for row in _rows(entry.eccn, note) if row not in rows]
    return rows


def _rows(eccn: str, note: str) -> list[Row]:
    text = plain(note)
    if _EMPTY.match(text):
        return []
    said = digest(note)
    standing = [
        _row(eccn, kind=kind, includes=eccn, effect=effect, statement=statement, basis=basis)
        for pattern, kind, effect, basis, statement in _STANDING
        if re.search(pattern, text)
    ]
    read = [row for row in table("notes.csv") if (row["eccn"], row["digest"]) == (eccn, said)]
    if not standing and not read:
        raise RuleError(
            f"a note not read before: {text[:70]!r} ({said})",
            place=eccn,
            hint="read it, then add it under that digest to build/readings/notes.csv (kind `none` if it adds nothing)",
        )
    fields = ("kind", "includes", "destinations", "effect", "statement", "condition", "question")
    return standing + [_row(eccn, **{name: row[name] for name in fields}) for row in read if row["kind"] != "none"]


def _row(eccn: str, *, basis: str = "", **said: str) -> Row:
    cites = f"15 CFR Part 774 Supp. No. 1 {eccn}"
    blank = dict.fromkeys(COLUMNS, "")
    return {**blank, **said, "eccn": eccn, "cites": f"{cites}; 15 CFR {basis}" if basis else cites}
