"""Many order lines at once: the outcome of each, the same as the explaining evaluator gives, without the explanation.

Lines that differ in nothing the law can tell apart are decided once: amounts are told apart only by the bounds that
rules and tables set. What remains is grouped by code and asked column by column.
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from enduse.determine.answer import UNASKED, edition, facts_of, open_guards, resting_finding, unread
from enduse.determine.orders import Book, distinct
from enduse.determine.standing import Field
from enduse.model.determination import Outcome
from enduse.model.finding import Finding
from enduse.model.law import Effect
from enduse.rules.columnar import FALSE, TRUE, UNKNOWN, Columns, Mask, Rows, most
from enduse.rules.facts import Fact, Facts
from enduse.rules.pack import Live, RulePack, Shelf, leaves

OUTCOMES = tuple(Outcome)
_CHUNK = 4000  # distinct lines decided together


class Frame(NamedTuple):
    """The answers to many lines: `outcomes` by place in `OUTCOMES`; `which` gives each line's distinct combination."""

    outcomes: NDArray[np.int8]
    which: NDArray[np.intp]
    reasons: tuple[tuple[str, ...], ...]
    combinations: int

    def at(self, row: int) -> tuple[Outcome, tuple[str, ...]]:
        """One line's outcome and the reasons that stand (or, where an exception answers, that it lifts)."""
        return OUTCOMES[self.outcomes[row]], self.reasons[self.which[row]]


def decide_frame(columns: Mapping[str, Sequence[Any]], pack: RulePack, as_of: date, *, workers: int = 1) -> Frame:
    """The outcome of each line of an order book under one pack on one day.

    `columns` are fields of a one-line order, equally long, None where not stated: `code`, `destination`, `activity`,
    `exporter_country`, `kind`, `origin`, `serves`, `hs_code`, `value`, `currency`, `quantity`, `us_content`,
    `us_controlled_content`, `us_technology`, `description`, `end_use`, `end_user_country`, `end_user`; any other name
    with a dot is a stated fact. `workers` processes share the work. Raises `InputError` for a column or cell that is
    none of these.
    """
    book = distinct(columns, pack)
    parts = list(_chunks(book))
    found = list(_spread(book, parts, pack, as_of, workers))
    outcomes = np.zeros(len(book.rows), np.int8)
    reasons: list[tuple[str, ...]] = [()] * len(book.rows)
    for part, (answers, why) in zip(parts, found, strict=True):
        outcomes[part] = answers
        for place, told in zip(part.tolist(), why, strict=True):
            reasons[place] = told
    return Frame(outcomes[book.which], book.which, tuple(reasons), len(book.rows))


def _chunks(book: Book) -> Iterator[Rows]:
    """Combinations in parts, those of one code side by side."""
    order = np.array(sorted(range(len(book.rows)), key=lambda n: str(book.rows[n].get("code"))), np.intp)
    return (order[n : n + _CHUNK] for n in range(0, len(order), _CHUNK))


Answered = tuple[Mask, list[tuple[str, ...]]]


def _spread(book: Book, parts: list[Rows], pack: RulePack, as_of: date, workers: int) -> Iterator[Answered]:
    asked = [[book.rows[n] for n in part.tolist()] for part in parts]
    if workers < 2 or len(parts) < 2:
        return (_decide(rows, pack, as_of) for rows in asked)
    name = pack.module.__name__ if isinstance(pack.module, ModuleType) else None
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(pack, name, as_of)) as pool:
        return iter(list(pool.map(_decide_here, asked)))


_here: dict[str, tuple[RulePack, date]] = {}


def _begin(pack: RulePack, module: str | None, as_of: date) -> None:
    gc.disable()  # values refer to no other in circles; a worker lives for one book
    law: Any = importlib.import_module(module) if module else None
    _here["pack"] = (replace(pack, module=law), as_of)


def _decide_here(rows: list[Mapping[str, Any]]) -> Answered:
    return _decide(rows, *_here["pack"])


def _decide(rows: list[Mapping[str, Any]], pack: RulePack, as_of: date) -> Answered:
    shelf = edition(pack, as_of)
    facts = [facts_of(Book.order(row, pack), 1, pack, shelf, listings=UNASKED) for row in rows]
    groups = _by_code(facts, pack)
    tabled = {code: _tabled(code, pack, shelf) for code in groups}
    lives = _unique(shelf)
    names = {
        t.fact
        for live in (*lives, *(v for found, _ in tabled.values() for v in found))
        for t in leaves(live.version.when)
    }
    columns = Columns(facts, names | {pack.info.code_fact, pack.info.place_fact}, shelf.tables)
    known = _common(lives, columns, pack, shelf)
    outcomes = np.zeros(len(rows), np.int8)
    reasons: list[tuple[str, ...]] = [()] * len(rows)
    for code, places in groups.items():
        group = np.array(places, np.intp)
        own = [(resting_finding(v, shelf), columns.verdicts(v.version.when, group)) for v in tabled[code][0]]
        own += [(f, np.full(len(group), UNKNOWN, np.int8)) for f in tabled[code][1]]
        shared = [(f, mask[group]) for f, mask in known]
        unscoped = frozenset(v.id for v in (*lives, *tabled[code][0]) if v.version.unscoped)
        answers, why = _weigh([*shared, *own], unscoped, len(group))
        outcomes[group] = answers
        for place, told in zip(places, why, strict=True):
            reasons[place] = told
    return outcomes, reasons


def _by_code(facts: list[Facts], pack: RulePack) -> dict[tuple[str, ...], list[int]]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, one in enumerate(facts):
        groups.setdefault(_codes(one.get(pack.info.code_fact)), []).append(place)
    return groups


def _codes(fact: Fact | None) -> tuple[str, ...]:
    if fact is None or fact.value is None:
        return ()
    return tuple(sorted(fact.value | fact.possible)) if isinstance(fact.value, frozenset) else (str(fact.value),)


def _tabled(codes: tuple[str, ...], pack: RulePack, shelf: Shelf) -> tuple[list[Live], tuple[Finding, ...]]:
    """The rules in table rows about these codes, and an open requirement where they cannot be read."""
    found: dict[str, Live] = {}
    if pack.module is None:
        return [], ()
    try:
        for code in codes:
            for live in pack.module.rules_for(code, shelf.tables):
                found.setdefault(live.id, live)
    except Exception as error:
        return list(found.values()), (unread(pack, error),)
    return list(found.values()), ()


def _unique(shelf: Shelf) -> tuple[Live, ...]:
    shelved = (v for shelf_ in (shelf.by_code, shelf.by_place) for lives in shelf_.values() for v in lives)
    every = (*shelf.always, *shelved, *(live for _, live in shelf.by_family))
    return tuple({v.id: v for v in every if v.version.effect not in {Effect.FLAGS, Effect.DESCRIBES}}.values())


def _common(lives: tuple[Live, ...], columns: Columns, pack: RulePack, shelf: Shelf) -> list[tuple[Finding, Mask]]:
    """The pack's own rules over all rows, and its guards; where a guard speaks, what it speaks for keeps silent."""
    info = pack.info
    coded = {v.id for found in shelf.by_code.values() for v in found} | {v.id for _, v in shelf.by_family}
    placed = {v.id for found in shelf.by_place.values() for v in found}
    no_code, no_place = _unknown(info.code_fact, columns), _unknown(info.place_fact, columns)
    silent = [(coded - {v.id for v in shelf.uncoded}, no_code), (placed - {v.id for v in shelf.unplaced}, no_place)]
    found = []
    for live in lives:
        mask = columns.verdicts(live.version.when)
        for ids, gap in silent:
            if live.id in ids and gap.any():
                mask = np.where(gap, np.int8(FALSE), mask)
        if mask.any() or live.version.effect is Effect.SUBJECT:
            found.append((resting_finding(live, shelf), mask))
    for guard, fact in open_guards(pack, shelf):
        gap = no_code if fact == info.code_fact else no_place
        found.append((guard, np.where(gap, np.int8(UNKNOWN), np.int8(FALSE))))
    return found


def _unknown(fact: str, columns: Columns) -> NDArray[np.bool_]:
    values, which = columns.values(fact)
    return np.array([v is None or v.value is None for v in values])[which]


def _weigh(said: list[tuple[Finding, Mask]], unscoped: frozenset[str], size: int) -> Answered:
    """`standing.outcome_of` over columns: the same order of the law, the same three values."""
    verdicts = {f.rule: mask for f, mask in said if f.effect is Effect.SUBJECT or mask.any()}
    scoped = any(f.effect is Effect.SUBJECT for f, _ in said)
    field = Field.of([f for f, _ in said if f.rule in verdicts], unscoped)
    none = np.zeros(size, np.int8)
    within = most([_standing(s, field, verdicts) for s in field.subject]) if scoped else none + np.int8(TRUE)
    forbids, needs, open_, excepted = none > 0, none > 0, none > 0, none > 0
    why: list[list[tuple[int, str]]] = [[] for _ in range(size)]
    lifted_only: list[tuple[int, str, Mask, Mask]] = []
    for number, finding in enumerate((*field.prohibits, *field.requires)):
        stands = _standing(finding, field, verdicts)
        free = finding.rule in field.unscoped
        held = stands if free else np.minimum(stands, within)
        if finding.effect is Effect.PROHIBITS:
            forbids |= held == TRUE
        else:
            needs |= held == TRUE
        open_ |= held == UNKNOWN
        asked = none == 0 if free else within != FALSE
        excepted |= asked & (verdicts[finding.rule] != FALSE) & _by_exception(finding, field, verdicts)
        lifted_only.append((number, finding.reason or finding.rule, verdicts[finding.rule], stands))
    outcome = np.select(
        [forbids, needs, open_, excepted, within == FALSE],
        [_place(o) for o in ("prohibited", "licence_required", "undetermined", "exception_available", "not_subject")],
        _place("no_licence_required"),
    ).astype(np.int8)
    by_exception = outcome == _place("exception_available")
    for number, reason, verdict, stands in lifted_only:
        for row in np.flatnonzero((verdict == TRUE) & (by_exception | (stands != FALSE))).tolist():
            why[row].append((number, reason))
    return outcome, [tuple(dict.fromkeys(r for _, r in told)) for told in why]


def _place(outcome: str) -> int:
    return Outcome(outcome).strictness


def _standing(finding: Finding, field: Field, verdicts: Mapping[str, Mask]) -> Mask:
    verdict = verdicts[finding.rule]
    excused: Mask | None = None
    for excuse in field.lifted[finding.rule]:
        holds = verdicts[excuse.rule] == TRUE
        if holds.any():
            works = np.where(holds, np.int8(TRUE) - _barred(excuse, field, verdicts), np.int8(FALSE))
            excused = works if excused is None else np.maximum(excused, works)
    return verdict if excused is None else np.minimum(verdict, np.int8(TRUE) - excused)


def _barred(excuse: Finding, field: Field, verdicts: Mapping[str, Mask]) -> Mask:
    bars = [verdicts[b.rule] for b in field.shut[excuse.rule]]
    return most(bars) if bars else np.zeros(len(verdicts[excuse.rule]), np.int8)


def _by_exception(finding: Finding, field: Field, verdicts: Mapping[str, Mask]) -> NDArray[np.bool_]:
    size = len(verdicts[finding.rule])
    by, other = np.zeros(size, bool), np.zeros(size, bool)
    for excuse in field.lifted[finding.rule]:
        works = (verdicts[excuse.rule] == TRUE) & (_barred(excuse, field, verdicts) == FALSE)
        if excuse.relief in {"exception", "general_licence"}:
            by |= works
        else:
            other |= works
    return by & ~other
