"""Three-valued truth (Kleene): what is not known stays not known, and never passes for a no."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """TRUE, FALSE or UNKNOWN."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __invert__(self) -> Verdict:
        """Not: unknown stays unknown."""
        return _NOT[self]

    @classmethod
    def of(cls, truth: bool) -> Verdict:
        """The verdict of a plain truth value."""
        return cls.TRUE if truth else cls.FALSE


_NOT = {
    Verdict.TRUE: Verdict.FALSE,
    Verdict.FALSE: Verdict.TRUE,
    Verdict.UNKNOWN: Verdict.UNKNOWN,
}


_TRUE, _FALSE, _UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """And: one FALSE settles it; else one UNKNOWN leaves it open. Nothing at all is TRUE."""
    found = _TRUE
    for verdict in verdicts:
        if verdict is _FALSE:
            return _FALSE
        if verdict is _UNKNOWN:
            found = _UNKNOWN
    return found


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Or: one TRUE settles it; else one UNKNOWN leaves it open. Nothing at all is FALSE."""
    found = _FALSE
    for verdict in verdicts:
        if verdict is _TRUE:
            return _TRUE
        if verdict is _UNKNOWN:
            found = _UNKNOWN
    return found
