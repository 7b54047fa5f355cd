"""The words in which an answer is given: plain first, the provision beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from enduse.model.assessment import Assessment, Lane
from enduse.model.determination import Clearance, Decision, Determination, LineAnswer, Outcome
from enduse.model.finding import Finding, Step
from enduse.model.law import Effect
from enduse.model.party import Role
from enduse.model.transaction import Transaction
from enduse.model.verdict import Verdict

OUTCOME: Mapping[Outcome, str] = {
    Outcome.NOT_SUBJECT: "These rules do not apply",
    Outcome.NO_LICENCE_REQUIRED: "No licence is required",
    Outcome.EXCEPTION_AVAILABLE: "An exception or general licence answers what would need a licence",
    Outcome.UNDETERMINED: "It cannot be said yet",
    Outcome.LICENCE_REQUIRED: "A licence is required",
    Outcome.PROHIBITED: "It is prohibited",
}

JURISDICTION: Mapping[str, str] = {
    "US-EAR": "US export rules (EAR)",
    "US-OFAC": "US sanctions (OFAC)",
    "US-ITAR": "US defence trade rules (ITAR)",
}

MARK: Mapping[Verdict, str] = {Verdict.TRUE: "yes", Verdict.FALSE: "no", Verdict.UNKNOWN: "?"}

TO_DO: Mapping[str, str] = {
    "apply": "Apply",
    "answer": "Answer:",
    "screen": "Screen",
    "judge": "Judge whether",
    "confirm": "Confirm",
    "review": "Check by hand:",
    "risk": "Look into",
}


LANE: Mapping[Lane, str] = {
    Lane.FAST: "Fast lane",
    Lane.REVIEW: "To be looked at",
    Lane.HOLD: "Held",
}


def odds(found: Assessment) -> str:
    """The figures in words: how much likelier than honest trade, and the probability at the stated base rate."""
    ratio = found.likelihood_ratio
    told = f"{ratio:.1f} times likelier" if ratio >= 1 else f"{1 / max(ratio, 1e-9):.1f} times less likely"
    rate, now = f"{found.base_rate:.2%}", f"{found.probability:.2%}"
    if found.abstained:
        return f"Out of its depth: {found.why_abstained}."
    return f"Such a record is {told} in a diversion than in honest trade; where {rate} of trade is diverted, {now}."


def subject(transaction: Transaction) -> str:
    """The transaction in one line: what is done, with what, from where to where, for whom."""
    lines = transaction.lines
    item = lines[0].item
    code = next(iter(item.codes.values()), "no code stated")
    what = f"{item.description or 'an item'} ({code})" + (f" and {len(lines) - 1} more" if len(lines) > 1 else "")
    way = f"{transaction.exporter_country or '?'} to {transaction.destination or '?'}"
    users = transaction.by_role(Role.END_USER, Role.ULTIMATE_CONSIGNEE, Role.RECIPIENT, Role.CONSIGNEE)
    named = next((p.name or p.description for p in users), None)
    return f"{transaction.activity.value.replace('_', ' ').capitalize()}, {way}: {what}" + (
        f", for {named}" if named else ""
    )


def headline(decision: Decision) -> str:
    """The one sentence a clerk needs first."""
    match decision.clearance:
        case Clearance.CLEARED:
            return "MAY GO. Nothing is open."
        case Clearance.STOPPED if decision.outcome is Outcome.PROHIBITED:
            return "STOP. It is prohibited."
        case Clearance.STOPPED if decision.outcome is Outcome.LICENCE_REQUIRED:
            return "STOP. It needs a licence first."
        case Clearance.STOPPED:
            return "STOP. It is held for its risk."
        case _:
            count = len(decision.open_points)
            return f"NOT YET. {count} {'thing is' if count == 1 else 'things are'} open."


def jurisdiction(determination: Determination) -> str:
    """The jurisdiction in words."""
    return JURISDICTION.get(determination.jurisdiction, determination.jurisdiction)


def deciding(answer: LineAnswer) -> tuple[Finding, ...]:
    """The findings a reader needs to follow the outcome: what holds or is open, and bears on it.

    One ground of jurisdiction is enough.
    """
    told = [f for f in answer.findings if f.verdict is not Verdict.FALSE and f.effect in _BEARING and _used(f, answer)]
    scope = [f for f in told if f.effect is Effect.SUBJECT and f.verdict is Verdict.TRUE][1:]
    return tuple(sorted((f for f in told if f not in scope), key=lambda f: _BEARING.index(f.effect)))


_BEARING = (Effect.SUBJECT, Effect.PROHIBITS, Effect.REQUIRES, Effect.EXCUSES, Effect.BARS)


def _used(finding: Finding, answer: LineAnswer) -> bool:
    if finding.effect in {Effect.EXCUSES, Effect.BARS}:
        return finding.verdict is Verdict.TRUE and (
            finding.effect is Effect.BARS or any(r.rule == finding.rule for r in answer.reliefs)
        )
    return finding.verdict is Verdict.TRUE or answer.outcome is Outcome.UNDETERMINED


def advice(answer: LineAnswer) -> tuple[Finding, ...]:
    """What else the rules say to do or to heed: papers, records, warnings; of a licence only where one is needed."""
    told = (f for f in answer.findings if f.verdict is Verdict.TRUE and f.effect in {Effect.DESCRIBES, Effect.FLAGS})
    return tuple(f for f in told if f.reason != "licence" or answer.outcome is Outcome.LICENCE_REQUIRED)


def cited(finding: Finding) -> str:
    """Its citations, short."""
    return "; ".join(str(c) for c in finding.cites)


def steps(step: Step, depth: int = 0) -> Iterator[tuple[int, str]]:
    """A trace as indented lines: the answer, what was asked, what was found and where."""
    found = f" (is {step.found})" if step.found else ""
    source = f" [{step.evidence}]" if step.evidence else ""
    assumed = " (assumed)" if step.fact and step.verdict is not step.firm else ""
    yield depth, f"{MARK[step.verdict]:<4}{step.said}{found}{assumed}{source}"
    for part in step.because:
        yield from steps(part, depth + 1)
