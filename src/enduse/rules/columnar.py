"""The same tests over columns: many fact sets at once, as arrays of verdicts.

No operator is written twice: each test is asked of each distinct value once, by the evaluator that also explains, and
the answers are spread over the rows. `FALSE`, `UNKNOWN` and `TRUE` are 0, 1 and 2, so that "and" is the minimum, "or"
the maximum and "not" the difference from 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from enduse.model.law import AllOf, AnyOf, Not, Test, When
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import ask
from enduse.rules.facts import Fact, Facts
from enduse.rules.tables import Tables

Mask = NDArray[np.int8]
Rows = NDArray[np.intp]
FALSE, UNKNOWN, TRUE = 0, 1, 2
_BROKEN, _UNASKED = 3, 4
_RANK = {Verdict.FALSE: FALSE, Verdict.UNKNOWN: UNKNOWN, Verdict.TRUE: TRUE}


def least(masks: Sequence[Mask]) -> Mask:
    """ "All of" these."""
    found = masks[0]
    for mask in masks[1:]:
        found = np.minimum(found, mask)
    return found


def most(masks: Sequence[Mask]) -> Mask:
    """ "Any of" these."""
    found = masks[0]
    for mask in masks[1:]:
        found = np.maximum(found, mask)
    return found


class Columns:
    """Fact sets turned on their side: for each fact, its distinct values and which row has which."""

    def __init__(self, rows: Sequence[Facts], asked: Iterable[str], tables: Tables) -> None:
        self._rows = rows
        self._tables = tables
        self._looks: dict[object, Mask] = {}
        self._values: dict[str, list[Fact | None]] = {}
        self._which: dict[str, Rows] = {}
        self._fill(frozenset(asked))

    def __len__(self) -> int:
        return len(self._rows)

    def values(self, name: str) -> tuple[list[Fact | None], Rows]:
        """The distinct values of a fact (the first is silence), and each row's place among them."""
        return self._values[name], self._which[name]

    def verdicts(self, when: When | None, rows: Rows | None = None) -> Mask:
        """What these rows, or all, answer; a row for which a test breaks is unknown, as its rule would be."""
        size = len(self) if rows is None else len(rows)
        if when is None:
            return np.full(size, TRUE, np.int8)
        broken = np.zeros(size, bool)
        found = self._ask(when, rows, broken)
        return np.where(broken, np.int8(UNKNOWN), found) if broken.any() else found

    def _ask(self, when: When, rows: Rows | None, broken: NDArray[np.bool_]) -> Mask:
        match when:
            case Test():
                which = self._which[when.fact] if rows is None else self._which[when.fact][rows]
                found = self._look(when, which)
                broken |= found == _BROKEN
                return found
            case AllOf(all=parts):
                return least([self._ask(p, rows, broken) for p in parts])
            case AnyOf(any=parts):
                return most([self._ask(p, rows, broken) for p in parts])
            case Not(not_=part):
                return np.int8(TRUE) - self._ask(part, rows, broken)

    def _look(self, test: Test, which: Rows) -> Mask:
        """The test's answers to these values, each distinct value asked once."""
        key = (test.fact, test.operator, type(test.operand), test.operand)
        values = self._values[test.fact]
        if key not in self._looks:
            self._looks[key] = np.full(len(values), _UNASKED, np.int8)
        look = self._looks[key]
        found: Mask = look[which]
        if (found == _UNASKED).any():
            for place in np.unique(which[found == _UNASKED]).tolist():
                look[place] = self._one(test, values[place])
            found = look[which]
        return found

    def _one(self, test: Test, fact: Fact | None) -> int:
        if fact is None or fact.value is None:
            return UNKNOWN
        try:
            return _RANK[ask(test, fact, self._rows[0], self._tables)]
        except Exception:
            return _BROKEN  # the row's rule is unknown, as `failed` makes it where steps are kept

    def _fill(self, asked: frozenset[str]) -> None:
        size = len(self._rows)
        codes: dict[str, dict[object, int]] = {}
        for name in asked:
            self._values[name] = [self._rows[0].silence(name) if size else None]
            self._which[name] = np.zeros(size, np.intp)
            codes[name] = {}
        for place, facts in enumerate(self._rows):
            for name, fact in facts.items():
                if name in asked:
                    self._which[name][place] = self._code(name, fact, codes[name])

    def _code(self, name: str, fact: Fact, seen: dict[object, int]) -> int:
        key = (type(fact.value), fact.value, fact.possible)
        if key not in seen:
            seen[key] = len(self._values[name])
            self._values[name].append(fact)
        return seen[key]
