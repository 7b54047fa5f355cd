"""May it go now? Another question than what the law says: yes only when nothing rests on silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from enduse.model.determination import Clearance, Determination, OpenPoint, Outcome, ReliefState, Screening
from enduse.model.law import Citation


class Watched(NamedTuple):
    """How the parties stand: who was screened, which needed lists were not asked and why, who has no name.

    `beside` is what is stated of lists that nobody here speaks for: somebody must look at it.
    """

    screenings: tuple[Screening, ...] = ()
    unasked: Mapping[str, str] = {}
    unnamed: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def clear(
    determinations: Iterable[Determination], watched: Watched, *, risk: Iterable[OpenPoint] = (), held: bool = False
) -> tuple[Clearance, tuple[OpenPoint, ...]]:
    """The clearance, and what stands between it and a yes, in the order to be done.

    `risk` are the points an assessment leaves open; `held` says that it holds the transaction.
    """
    found = tuple(determinations)
    points = (*_deduplicated(_points(found, watched)), *risk)
    if held or any(d.outcome in {Outcome.LICENCE_REQUIRED, Outcome.PROHIBITED} for d in found):
        return Clearance.STOPPED, points
    if points or not found or any(not d.outcome.permits for d in found):
        return Clearance.OPEN, points
    return Clearance.CLEARED, ()


def _points(found: tuple[Determination, ...], watched: Watched) -> Iterator[OpenPoint]:
    for determination in found:
        yield from _licence(determination)
        for answer in determination.lines:
            for q in answer.missing:
                if not q.relief_only:
                    yield OpenPoint(kind="answer", says=q.ask, fact=q.fact, line=q.line, cites=q.cites)
    yield from _screening(watched)
    for determination in found:
        for answer in determination.lines:
            for a in answer.assuming:
                yield OpenPoint(kind="confirm", says=a.says, fact=a.fact, line=a.line, cites=a.cites)
            for omission in answer.omitted:
                says = omission.says
                fact = f"reviewed.{omission.id}"
                yield OpenPoint(kind="review", says=says, fact=fact, line=answer.line, cites=omission.cites)
        yield from (OpenPoint(kind="review", says=note) for note in determination.notes if _of_another_day(note))


def _of_another_day(note: str) -> bool:
    """Does this note say that the pack is not sure to hold the law of the day?"""
    return "last reviewed" in note or "earliest edition" in note


def _licence(determination: Determination) -> Iterator[OpenPoint]:
    """What a stop asks for: a licence, or an exception that is shown to apply; nothing undoes a prohibition."""
    for answer in determination.lines:
        if answer.outcome is Outcome.LICENCE_REQUIRED:
            open_ = dict.fromkeys(r.authorisation for r in answer.reliefs if r.state is ReliefState.OPEN)
            reasons = ", ".join(answer.reasons)
            says = f"for a licence under {determination.jurisdiction} (reasons: {reasons})"
            says += f", or show that an exception applies: {', '.join(open_)}" if open_ else ""
            cites = tuple(c for f in answer.findings if f.reason in answer.reasons for c in f.cites[:1])
            yield OpenPoint(kind="apply", says=says, line=answer.line, cites=tuple(dict.fromkeys(cites)))


def _screening(watched: Watched) -> Iterator[OpenPoint]:
    for state in dict.fromkeys(watched.unasked.values()):
        parts = ", ".join(part for part, why in watched.unasked.items() if why == state)
        yield OpenPoint(kind="screen", says=f"the parties against {parts}: {state}")
    for name in watched.unnamed:
        yield OpenPoint(kind="screen", says=name)
    yield from (OpenPoint(kind="review", says=says) for says in watched.beside)
    for screening in watched.screenings:
        for hit in screening.hits:
            entry = f"{hit.name} ({hit.list}{':' + hit.source if hit.source else ''} {hit.id})"
            if hit.confirmed:
                says = f"what follows from {screening.party} being {entry}, {hit.judged}"
                yield OpenPoint(kind="review", says=says)
                continue
            said = f"; {hit.judged}" if hit.judged else ""
            says = f"{screening.party} may be {entry}, probability {hit.probability:.0%}{said}"
            yield OpenPoint(kind="judge", says=says)


def _deduplicated(points: Iterable[OpenPoint]) -> Iterator[OpenPoint]:
    """One point for one thing to do, its lines and citations merged: a clerk answers a question once."""
    merged: dict[tuple[str, str], OpenPoint] = {}
    for p in points:
        key = (p.kind, p.fact or p.says)
        before = merged.get(key)
        if before is None:
            merged[key] = p
        else:
            cites: dict[Citation, None] = dict.fromkeys((*before.cites, *p.cites))
            line = before.line if before.line == p.line else None
            merged[key] = before.model_copy(update={"cites": tuple(cites), "line": line})
    order = ("apply", "answer", "screen", "judge", "confirm", "review")
    return iter(sorted(merged.values(), key=lambda p: order.index(p.kind)))
