"""Every error Enduse raises, one tree.

    EnduseError
    ├── InputError        a file or field the user gave cannot be read as what it should be
    ├── RuleError         a rule pack is wrong: unknown fact, missing citation, absent table
    ├── ListError         a party list cannot be read, or is not what its publisher promises
    └── StoreError        a record cannot be kept or found

"Unknown", "prohibited" and "no match" are answers, never errors.
"""

from __future__ import annotations

from typing import Self


class EnduseError(Exception):
    """The base: a stable `code`, the place, what is wrong, and what to do.

    `place` names file, line and field as far as they are known; `hint` says what to do next.
    """

    code = "error"

    def __init__(self, message: str, *, place: str = "", hint: str = "") -> None:
        self.message = message
        self.place = place
        self.hint = hint
        super().__init__(str(self))

    def within(self, place: str) -> Self:
        """The same error with where its place lies: a field in its file."""
        return type(self)(self.message, place=f"{place}: {self.place}" if self.place else place, hint=self.hint)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class InputError(EnduseError):
    """A transaction, fact or argument the user gave cannot be read."""

    code = "input"


class RuleError(EnduseError):
    """A rule pack cannot be trusted as it stands."""

    code = "rule"


class ListError(EnduseError):
    """A party list cannot be read, or is not what its publisher promises."""

    code = "list"


class StoreError(EnduseError):
    """Something that should be kept cannot be written, or cannot be found again."""

    code = "store"


def error_types() -> tuple[type[EnduseError], ...]:
    """Every kind of error there is, in the order of the tree above."""
    return tuple(EnduseError.__subclasses__())
