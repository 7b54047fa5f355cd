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


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """And: one FALSE settles it; else one UNKNOWN leaves it open. Nothing at all is TRUE."""
    found = set(verdicts)
    if Verdict.FALSE in found:
        return Verdict.FALSE
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.TRUE


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Or: one TRUE settles it; else one UNKNOWN leaves it open. Nothing at all is FALSE."""
    found = set(verdicts)
    if Verdict.TRUE in found:
        return Verdict.TRUE
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.FALSE
