"""Determinations held against published cases: agreement, and errors in both directions, each named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from enduse.evaluate.cases import OUTCOMES, SANCTIONS, Case
from enduse.model.base import Value
from enduse.model.determination import Decision, Determination, Outcome

Decide = Callable[[Case, date], Determination | None]
"""Gives our determination of a case on a day, or None when its jurisdiction is not modelled."""


class Verdict(Value):
    """One case held against our answer."""

    id: str
    jurisdiction: str
    source: str
    kind: str
    decided_as_of: date
    older: bool
    expected: Outcome
    ours: Outcome
    agrees: bool
    false_clearance: bool
    false_block: bool
    turned_by_later_law: bool = False
    authorisations_expected: tuple[str, ...] = ()
    authorisations_found: bool | None = None
    reasons_expected: tuple[str, ...] = ()
    reasons_found: bool | None = None
    explained_by: str | None = None
    because: tuple[str, ...] = ()


class Report(Value):
    """The figures over a file of cases. Shares are of the cases in scope; counts are counts.

    `false_clearances` and `false_blocks` leave out cases older than the pack whose answer a later amendment, named by
    the case itself, has turned round: those are counted under `turned_by_later_law` and still count as disagreements.
    """

    n: int
    in_scope: int
    out_of_scope: Mapping[str, int]
    agreed: int
    agreement: float
    false_clearances: int
    false_blocks: int
    undetermined: int
    turned_by_later_law: int
    older_than_pack: Mapping[str, int | float]
    by_jurisdiction: Mapping[str, Mapping[str, int | float]]
    by_kind: Mapping[str, Mapping[str, int | float]]
    by_source: Mapping[str, Mapping[str, int | float]]
    authorisations: Mapping[str, int]
    reasons: Mapping[str, int]
    disagreements: tuple[Verdict, ...]


def evaluate_determinations(cases: Iterable[Case], decide: Decide, *, earliest: Mapping[str, date]) -> Report:
    """Every case decided under the law of its day, or of the earliest edition held where it is older.

    `earliest` gives, per jurisdiction, the first day the pack covers.
    """
    verdicts: list[Verdict] = []
    outside: Counter[str] = Counter()
    for case in cases:
        day = max(case.as_of, earliest.get(case.jurisdiction, case.as_of))
        found = decide(case, day)
        if found is None:
            outside[case.jurisdiction] += 1
        else:
            verdicts.append(_held(case, found, day))
    return _report(verdicts, outside)


def _held(case: Case, found: Determination, day: date) -> Verdict:
    expected = OUTCOMES[str(case.expected["outcome"])]
    ours = found.outcome
    agrees = ours is expected or (case.jurisdiction in SANCTIONS and _barred(ours) and _barred(expected))
    agrees = agrees or (_unblocked(case) and ours.permits)
    later = None if agrees else _amendment(case.notes)
    turned = later is not None and case.as_of < day
    return Verdict(
        id=case.id,
        jurisdiction=case.jurisdiction,
        source=case.source,
        kind=case.facts_origin,
        decided_as_of=day,
        older=case.as_of < day,
        expected=expected,
        ours=ours,
        agrees=agrees,
        false_clearance=_barred(expected) and ours.permits and not turned,
        false_block=expected.permits and _barred(ours) and not turned,
        turned_by_later_law=turned and _barred(expected) is not _barred(ours),
        authorisations_expected=_strings(case.expected.get("authorisations")),
        authorisations_found=_authorisations(case, found),
        reasons_expected=_strings(case.expected.get("reasons_for_control")),
        reasons_found=_reasons(case, found),
        explained_by=later,
        because=() if agrees else tuple(_because(found)),
    )


def _barred(outcome: Outcome) -> bool:
    return outcome in {Outcome.LICENCE_REQUIRED, Outcome.PROHIBITED}


def _unblocked(case: Case) -> bool:
    """A party found not blocked is any answer that permits."""
    return case.expected["outcome"] == "party_not_blocked_by_ownership"


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def _authorisations(case: Case, found: Determination) -> bool | None:
    """Was every authorisation the case names among those we call available? None where it names none."""
    named = _strings(case.expected.get("authorisations"))
    if not named:
        return None
    ours = {r.authorisation for a in found.lines for r in a.reliefs if r.state == "available"}
    return all(any(_same(n, o) for o in ours) for n in named)


def _same(named: str, ours: str) -> bool:
    return ours.lower() in named.lower() or named.lower() in ours.lower()


def _reasons(case: Case, found: Determination) -> bool | None:
    """Were the reasons for control the case states among those our findings name for the item?"""
    named = {r.rstrip("0123456789") for r in _strings(case.expected.get("reasons_for_control"))}
    if not named:
        return None
    return named <= {f.reason for a in found.lines for f in a.findings if f.reason}


def _amendment(notes: str) -> str | None:
    """The later law that the case's own notes name as changing the answer."""
    _, mark, later = notes.partition("under the law of")
    return f"under the law of{later}".split(" label corrected")[0].strip() if mark else None


def _because(found: Determination) -> Iterable[str]:
    for answer in found.lines:
        yield from (f"reason {r}" for r in answer.reasons)
        yield from (f"open: {q.ask}" for q in answer.missing if not q.relief_only)
        yield from (f"available: {r.authorisation}" for r in answer.reliefs if r.state == "available")


def _report(verdicts: list[Verdict], outside: Counter[str]) -> Report:
    total = _figures(verdicts)
    return Report(
        n=len(verdicts) + sum(outside.values()),
        in_scope=len(verdicts),
        out_of_scope=dict(sorted(outside.items())),
        agreed=int(total["agreed"]),
        agreement=total["agreement"],
        false_clearances=int(total["false_clearances"]),
        false_blocks=int(total["false_blocks"]),
        undetermined=int(total["undetermined"]),
        turned_by_later_law=sum(v.turned_by_later_law for v in verdicts),
        older_than_pack=_figures([v for v in verdicts if v.older]),
        by_jurisdiction=_grouped(verdicts, lambda v: v.jurisdiction),
        by_kind=_grouped(verdicts, lambda v: v.kind),
        by_source=_grouped(verdicts, lambda v: v.source),
        authorisations=_counted(v.authorisations_found for v in verdicts if v.agrees),
        reasons=_counted(v.reasons_found for v in verdicts),
        disagreements=tuple(v for v in verdicts if not v.agrees),
    )


def _figures(verdicts: list[Verdict]) -> dict[str, int | float]:
    agreed = sum(v.agrees for v in verdicts)
    return {
        "n": len(verdicts),
        "agreed": agreed,
        "agreement": round(agreed / len(verdicts), 4) if verdicts else 0.0,
        "false_clearances": sum(v.false_clearance for v in verdicts),
        "false_blocks": sum(v.false_block for v in verdicts),
        "undetermined": sum(v.ours is Outcome.UNDETERMINED for v in verdicts),
        "explained_by_later_law": sum(v.explained_by is not None for v in verdicts),
    }


def _grouped(verdicts: list[Verdict], key: Callable[[Verdict], str]) -> dict[str, dict[str, int | float]]:
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[key(verdict)].append(verdict)
    return {name: _figures(group) for name, group in sorted(groups.items())}


def _counted(found: Iterable[bool | None]) -> dict[str, int]:
    count = Counter(found)
    return {"stated": count[True] + count[False], "found": count[True]}


def determination_of(decision: Decision, jurisdiction: str) -> Determination | None:
    """This jurisdiction's part of a decision."""
    return next((d for d in decision.determinations if d.jurisdiction == jurisdiction), None)
