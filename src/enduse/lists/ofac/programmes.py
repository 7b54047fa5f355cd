"""Which non-SDN list a sanctions programme means, in the codes of the Consolidated Screening List."""

from __future__ import annotations

_SOURCES = (
    ("NS-PLC", "PLC"),
    ("CMIC", "CMIC"),
    ("561", "CAP"),
    ("CAPTA", "CAP"),
    ("FSE", "FSE"),
    ("MBS", "MBS"),
    ("13662", "SSI"),
    ("14024", "MBS"),
)


def source_of(programmes: tuple[str, ...]) -> str:
    """The list the first telling programme belongs to; `CONS` when none tells."""
    for program in programmes:
        for mark, code in _SOURCES:
            if mark in program:
                return code
    return "CONS"
