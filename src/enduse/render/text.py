"""A decision as text for a terminal or a mail: the answer, then the reasons, then what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import NamedTuple

from enduse.model.assessment import Assessment
from enduse.model.determination import Clearance, Decision, Determination, LineAnswer, OpenPoint, Outcome, ReliefState
from enduse.model.finding import Finding
from enduse.render.words import (
    LANE,
    OUTCOME,
    TO_DO,
    advice,
    cited,
    deciding,
    headline,
    jurisdiction,
    odds,
    steps,
    subject,
)

Paint = Callable[[str, str], str]
"""Gives a text in a colour; the identity where there is none."""


def plain(text: str, _colour: str) -> str:
    """No colour."""
    return text


class Sheet(NamedTuple):
    """How to write: how wide, in which colours, with how much of the trace."""

    width: int = 88
    paint: Paint = plain
    trace: bool = False


def decision_text(decision: Decision, sheet: Sheet = Sheet()) -> str:
    """The whole answer, readable from the top: first what to do, then why, then on what."""
    return "\n".join(_decision(decision, sheet)) + "\n"


_COLOUR = {Clearance.CLEARED: "green", Clearance.OPEN: "yellow", Clearance.STOPPED: "red"}


def _decision(decision: Decision, sheet: Sheet) -> Iterator[str]:
    name = decision.transaction.id or "This transaction"
    yield f"{name}, decided for {decision.as_of:%d %B %Y}".replace(" 0", " ")
    yield from _wrapped(subject(decision.transaction), sheet, 2)
    yield sheet.paint(headline(decision), _COLOUR[decision.clearance])
    yield ""
    for determination in decision.determinations:
        yield from _determination(determination, sheet)
    if decision.assessment is not None:
        yield from _risk(decision.assessment, sheet)
    yield from _to_do(decision, sheet)
    yield from _papers(decision, sheet)
    yield from _basis(decision, sheet)


def _risk(found: Assessment, sheet: Sheet) -> Iterator[str]:
    """The risk, apart from the law: lane, odds, what speaks for and against, with the words that showed it."""
    yield _title("Risk of diversion (apart from what the law requires)", sheet)
    yield from _wrapped(f"{LANE[found.lane]}: {found.because}.", sheet, 2, 2)
    yield from _wrapped(f"{odds(found)}", sheet, 2, 2)
    for indicator in found.indicators if sheet.trace else found.indicators[:_MOST]:
        words = "; ".join(f"{t.where}: “{t.words}”" for t in indicator.triggers[:3])
        sign = f"{indicator.contribution:+.1f}"
        yield from _wrapped(f"{sign} {indicator.says} ({words}) [{indicator.cites[0]}]", sheet, 7, 2)
    for indicator in found.mitigating if sheet.trace else found.mitigating[:3]:
        yield from _wrapped(f"{indicator.contribution:+.1f} {indicator.says}", sheet, 7, 2)
    if sheet.trace:
        yield from (line for p in found.plausibility for line in _wrapped(f"Fit: {p.says}", sheet, 7, 2))
        for use in found.uses:
            told = f"{use.family} serves {', '.join(use.benign)}; and {', '.join(use.harmful)}"
            yield from _wrapped(told, sheet, 7, 2)
    yield ""


def _to_do(decision: Decision, sheet: Sheet) -> Iterator[str]:
    """What stands between the order and a yes, in order: what must be done one by one, what is confirmed in a row."""
    if not decision.open_points:
        return
    yield _title("What to do next", sheet)
    alone = [p for p in decision.open_points if p.kind not in {"confirm", "review"}]
    for number, point in enumerate(alone, start=1):
        yield from _wrapped(
            f"{number:>2}. {TO_DO.get(point.kind, point.kind)} {point.says}{_at(point, decision)}", sheet, 4
        )
        yield from _cites(point, sheet)
    number = len(alone)
    for kind, head in (("confirm", "Confirm, each by somebody who can know it:"), ("review", "Check by hand:")):
        rows = [p for p in decision.open_points if p.kind == kind]
        if rows:
            number += 1
            yield from _wrapped(f"{number:>2}. {head}", sheet, 4)
            for point in rows:
                yield from _wrapped(f"- {point.says}{_at(point, decision)}", sheet, 6, 4)
                if sheet.trace:
                    yield from _cites(point, sheet)
    yield ""


def _at(point: OpenPoint, decision: Decision) -> str:
    return f" (line {point.line})" if point.line and len(decision.transaction.lines) > 1 else ""


def _cites(point: OpenPoint, sheet: Sheet) -> Iterator[str]:
    if point.cites:
        yield from _wrapped("; ".join(str(c) for c in point.cites[:4]), sheet, 6, 6)


def _papers(decision: Decision, sheet: Sheet) -> Iterator[str]:
    """What the law says to prepare, declare and keep; in full with the trace."""
    rows = dict.fromkeys(
        (f.title, f.says, cited(f), f.conditions) for d in decision.determinations for a in d.lines for f in advice(a)
    )
    if not rows:
        return
    yield _title("What to prepare and keep", sheet)
    for title, says, cites, conditions in rows:
        yield from _wrapped(f"- {says if sheet.trace else title}  [{cites}]", sheet, 4, 2)
        if sheet.trace:
            yield from (line for c in conditions for line in _wrapped(f"- {c}", sheet, 6, 4))
    yield ""


def _determination(determination: Determination, sheet: Sheet) -> Iterator[str]:
    yield _title(jurisdiction(determination), sheet)
    for answer in determination.lines:
        yield from _answer(answer, sheet, many=len(determination.lines) > 1)
    for note in determination.notes:
        yield from _wrapped(f"Note: {note}", sheet, 2, 2)
    if any(a.outcome.permits for a in determination.lines) and determination.omits:
        yield from _wrapped(f"Modelled: {'; '.join(determination.covers)}.", sheet, 2, 2)
        yield from _wrapped(f"Not modelled: {'; '.join(o.rstrip('.') for o in determination.omits)}.", sheet, 2, 2)
    yield ""


def _answer(answer: LineAnswer, sheet: Sheet, *, many: bool) -> Iterator[str]:
    head = f"Line {answer.line}: {OUTCOME[answer.outcome]}" if many else OUTCOME[answer.outcome]
    usable = [r.authorisation for r in answer.reliefs if r.state is ReliefState.AVAILABLE]
    if answer.outcome is Outcome.EXCEPTION_AVAILABLE:
        head += f" ({', '.join(dict.fromkeys(usable))})"
    yield from _wrapped(head + (" on these facts." if answer.outcome.permits else "."), sheet, 2, 2)
    for finding in deciding(answer):
        yield from _finding(finding, sheet)
    yield from _reliefs(answer, sheet)
    if answer.assuming:
        count = len(answer.assuming)
        yield from _wrapped(f"It rests on {_counted(count, 'assumption')}, under “Confirm” below.", sheet, 2, 2)
    missing = [q for q in answer.missing if not q.relief_only]
    if missing:
        yield "  Would settle it:"
        for q in missing:
            leads = " / ".join(OUTCOME[o].lower() for o in q.leads_to)
            yield from _wrapped(f"- {q.ask}  (decides: {leads})", sheet, 6, 4)


def _finding(finding: Finding, sheet: Sheet) -> Iterator[str]:
    open_ = " (open)" if finding.verdict.value == "unknown" else ""
    yield from _wrapped(f"* {finding.says}{open_}", sheet, 4, 2)
    policy = f" Review policy: {finding.policy.rstrip('.')}." if finding.policy else ""
    yield from _wrapped(f"{cited(finding)}{policy}", sheet, 4, 4)
    if sheet.trace:
        for depth, line in steps(finding.step):
            yield from _wrapped(line, sheet, 12 + 2 * depth, 6 + 2 * depth)


_MOST = 8
"""Open exceptions shown without the trace; the rest are counted."""


def _reliefs(answer: LineAnswer, sheet: Sheet) -> Iterator[str]:
    if answer.outcome.permits and answer.outcome is not Outcome.EXCEPTION_AVAILABLE:
        return
    for relief in answer.reliefs:
        if relief.state is ReliefState.AVAILABLE and relief.conditions:
            yield from _wrapped(f"To use {relief.authorisation}:", sheet, 2, 2)
            yield from (line for c in relief.conditions for line in _wrapped(f"- {c}", sheet, 6, 4))
    open_ = [r for r in answer.reliefs if r.state is ReliefState.OPEN]
    if open_ and not answer.outcome.permits:
        yield "  An exception may still answer it, if:"
        shown = open_ if sheet.trace else open_[:_MOST]
        for relief in shown:
            needs = " ".join(relief.needs[:3]) or "its conditions are met"
            yield from _wrapped(f"- {relief.authorisation}: {needs}  [{relief.cites[0]}]", sheet, 6, 4)
        if len(open_) > len(shown):
            yield from _wrapped(f"- and {len(open_) - len(shown)} more, shown with --trace", sheet, 6, 4)
    shut = [r for r in answer.reliefs if r.state is ReliefState.FORECLOSED]
    if shut and sheet.trace:
        yield "  Not open here:"
        for why in dict.fromkeys(f"{r.authorisation}: {r.because}" for r in shut):
            yield from _wrapped(f"- {why}", sheet, 6, 4)


def _basis(decision: Decision, sheet: Sheet) -> Iterator[str]:
    yield _title("On what this rests", sheet)
    for d in decision.determinations:
        yield from _wrapped(f"Rules: {d.pack} {d.pack_version}, digest {d.pack_digest[:16]}", sheet, 4, 2)
    if decision.assessment is not None:
        a = decision.assessment
        told = f"Indicators: {a.pack}, digest {a.pack_digest[:16]}; profile {a.profile}, {a.profile_digest[:16]}"
        yield from _wrapped(told, sheet, 4, 2)
    for s in decision.snapshots:
        yield from _wrapped(f"List: {s.title} of {s.as_of}, {s.parties:,} parties, digest {s.digest[:16]}", sheet, 4, 2)
    if not decision.snapshots:
        yield "  Lists: none was asked."
    for screening in decision.screenings:
        for hit in screening.hits:
            yield from _wrapped(
                f"Hit: {screening.party} ~ {hit.name} ({hit.list} {hit.source or ''} {hit.id}), {hit.probability:.0%}"
                + (f"; {hit.judged}" if hit.judged else ""),
                sheet,
                4,
                2,
            )
    yield from _wrapped(f"Facts: digest {decision.transaction_digest[:16]}; Enduse {decision.enduse}", sheet, 4, 2)
    yield from _wrapped("This is not legal advice; the printed law governs.", sheet, 4, 2)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _title(text: str, sheet: Sheet) -> str:
    return sheet.paint(text, "bold")


def _wrapped(text: str, sheet: Sheet, hang: int, indent: int = 0) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        max(sheet.width, 40),
        initial_indent=" " * indent,
        subsequent_indent=" " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
