"""What is still open: assumptions the outcome rests on, questions that could change it, exceptions within reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from enduse.determine.standing import Field, Verdicts, aimed, barred, lifters, outcome_of, standing
from enduse.model.determination import Assumption, Outcome, Question, ReliefNote, ReliefState
from enduse.model.finding import Finding, Step
from enduse.model.law import Citation, Effect
from enduse.model.verdict import Verdict, all_of, any_of
from enduse.rules.facts import Facts

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def live_leaves(step: Step) -> Iterator[Step]:
    """The unknown tests that still matter: a branch already settled by its neighbours is left out."""
    if step.verdict is not UNKNOWN:
        return
    if step.fact is not None:
        yield step
    for part in step.because:
        yield from live_leaves(part)


def assumed_leaves(step: Step) -> Iterator[Step]:
    """The assumed tests on which a verdict rests."""
    if step.verdict is step.firm:
        return
    if step.fact is not None:
        yield step
    for part in step.because:
        yield from assumed_leaves(part)


def assumptions(
    field: Field, verdicts: Verdicts, facts: Facts, outcome: Outcome, *, line: int
) -> tuple[Assumption, ...]:
    """Each assumption that, contradicted, could change this outcome, with the provisions that make it matter."""
    cites: dict[str, dict[Citation, None]] = {}
    for finding in _resting(field, verdicts, outcome):
        for leaf in assumed_leaves(finding.step):
            cites.setdefault(str(leaf.fact), {}).update(dict.fromkeys(finding.cites))
    return tuple(_assumption(name, tuple(c), facts, line) for name, c in cites.items())


def _assumption(name: str, cites: tuple[Citation, ...], facts: Facts, line: int) -> Assumption:
    kind = facts.type_of(name)
    fact = facts.get(name)
    if kind is None or kind.nature == "transaction":
        said = f"{name} as read: {fact.evidence}" if fact else name
        return Assumption(fact=name, says=said, nature="transaction", line=line, cites=cites)
    return Assumption(fact=name, says=str(kind.assumed), nature=kind.nature, line=line, cites=cites)


def _resting(field: Field, verdicts: Verdicts, outcome: Outcome) -> Iterator[Finding]:
    """Findings whose assumed verdict holds the outcome where it is."""
    yield from field.subject
    if outcome is not Outcome.PROHIBITED:
        yield from field.prohibits
    if outcome.strictness < Outcome.LICENCE_REQUIRED.strictness:
        yield from field.requires
        for excuse in field.excuses:
            if verdicts[excuse.rule] is TRUE and _serves(excuse, field, verdicts):
                yield excuse
                yield from (b for b in field.bars if aimed(b.blocks, excuse))
    else:
        yield from (f for f in (*field.prohibits, *field.requires) if standing(f, field, verdicts) is TRUE)


def _serves(excuse: Finding, field: Field, verdicts: Verdicts) -> bool:
    """Is there a finding that this exception is needed for?"""
    grounds = (*field.subject, *field.prohibits, *field.requires)
    return any(excuse in lifters(f, field) and verdicts[f.rule] is not FALSE for f in grounds)


class _Open(NamedTuple):
    findings: tuple[Finding, ...]
    relief_only: bool


def questions(field: Field, verdicts: Verdicts, facts: Facts, outcome: Outcome, *, line: int) -> tuple[Question, ...]:
    """The facts that could change the outcome, most decisive first, each with what its answers lead to.

    A fact counts as decisive by the least strict outcome one of its answers alone reaches, then by how many findings
    it would settle. Facts that only serve an exception come after those the requirement itself waits for.
    """
    asked = [
        _question(name, o, field, verdicts, facts=facts, line=line) for name, o in _open_facts(field, verdicts, outcome)
    ]
    return tuple(sorted(asked, key=lambda q: (q.relief_only, -_spread(q, outcome), -q.decides, q.fact)))


def _spread(question: Question, outcome: Outcome) -> int:
    """How far the answers to this question alone can move the outcome."""
    places = [o.strictness for o in question.leads_to]
    return max((abs(p - outcome.strictness) for p in places), default=0)


def _open_facts(field: Field, verdicts: Verdicts, outcome: Outcome) -> Iterable[tuple[str, _Open]]:
    must: dict[str, dict[str, Finding]] = {}
    may: dict[str, dict[str, Finding]] = {}
    for finding, relief in _undecided(field, verdicts, outcome):
        for leaf in live_leaves(finding.step):
            (may if relief else must).setdefault(str(leaf.fact), {})[finding.rule] = finding
    for name in {**must, **may}:
        found = {**must.get(name, {}), **may.get(name, {})}
        yield name, _Open(tuple(found.values()), name not in must)


def _undecided(field: Field, verdicts: Verdicts, outcome: Outcome) -> Iterator[tuple[Finding, bool]]:
    """Unknown findings that could move the outcome, and whether they only bear on an exception."""
    if outcome is not Outcome.PROHIBITED:
        yield from ((p, False) for p in field.prohibits if standing(p, field, verdicts) is UNKNOWN)
    scope_open = any(verdicts[s.rule] is UNKNOWN for s in field.subject)
    if scope_open and outcome is Outcome.UNDETERMINED:
        yield from ((s, False) for s in field.subject)
    if outcome is Outcome.UNDETERMINED:
        yield from ((r, False) for r in field.requires if standing(r, field, verdicts) is UNKNOWN)
    if outcome.strictness < Outcome.UNDETERMINED.strictness:
        return
    yield from ((e, True) for e in _reachable(field, verdicts))
    for excuse in field.excuses:
        if verdicts[excuse.rule] is not FALSE and _serves(excuse, field, verdicts):
            bars = [b for b in field.bars if aimed(b.blocks, excuse) and verdicts[b.rule] is UNKNOWN]
            yield from ((b, verdicts[excuse.rule] is UNKNOWN) for b in bars)


def _reachable(field: Field, verdicts: Verdicts) -> tuple[Finding, ...]:
    """Open exceptions that could matter: every standing ground must have a way out, or none helps."""
    grounds = [f for f in (*field.prohibits, *field.requires) if standing(f, field, verdicts) is not FALSE]
    ways = {f.rule: _ways(f, field, verdicts) for f in grounds}
    if not all(ways[f.rule] or verdicts[f.rule] is UNKNOWN for f in grounds):
        return tuple(e for e in field.excuses if "subject" in e.lifts and verdicts[e.rule] is UNKNOWN)
    open_ = {e.rule: e for found in ways.values() for e in found if verdicts[e.rule] is UNKNOWN}
    scope = {e.rule: e for e in field.excuses if "subject" in e.lifts and verdicts[e.rule] is UNKNOWN}
    return tuple({**open_, **scope}.values())


def _ways(finding: Finding, field: Field, verdicts: Verdicts) -> tuple[Finding, ...]:
    return tuple(
        e for e in lifters(finding, field) if verdicts[e.rule] is not FALSE and barred(e, field, verdicts) is not TRUE
    )


def _question(name: str, open_: _Open, field: Field, verdicts: Verdicts, facts: Facts, line: int) -> Question:
    kind = facts.type_of(name)
    leads = {outcome_of(field, _supposing(name, answer, open_.findings, verdicts)) for answer in (TRUE, FALSE)}
    return Question(
        fact=name,
        ask=kind.question if kind else name,
        line=line,
        why=open_.findings[0].says,
        cites=tuple(dict.fromkeys(c for f in open_.findings for c in f.cites)),
        leads_to=tuple(sorted(leads, key=lambda o: o.strictness)),
        decides=len(open_.findings),
        relief_only=open_.relief_only,
    )


def _supposing(name: str, answer: Verdict, findings: Iterable[Finding], verdicts: Verdicts) -> Mapping[str, Verdict]:
    """The verdicts if every open test of this fact were answered so."""
    return {**verdicts, **{f.rule: _replay(f.step, name, answer) for f in findings}}


def _replay(step: Step, name: str, answer: Verdict) -> Verdict:
    if step.fact is not None:
        return answer if step.fact == name and step.verdict is UNKNOWN else step.verdict
    if not step.because:
        return step.verdict
    parts = [_replay(s, name, answer) for s in step.because]
    match step.said:
        case "all of":
            return all_of(parts)
        case "any of":
            return any_of(parts)
        case _:
            return ~parts[0]


def reliefs(field: Field, verdicts: Verdicts, facts: Facts) -> tuple[ReliefNote, ...]:
    """Every exception aimed at something that stands: available, open (which facts), or foreclosed (by what)."""
    grounds = [f for f in (*field.prohibits, *field.requires) if verdicts[f.rule] is not FALSE]
    aimed_at = {e.rule: e for g in grounds for e in lifters(g, field)}
    notes = [_relief(e, field, verdicts, facts) for e in aimed_at.values() if e.effect is Effect.EXCUSES]
    order = list(ReliefState)
    return tuple(sorted(notes, key=lambda n: (order.index(n.state), n.authorisation, n.rule)))


def _relief(excuse: Finding, field: Field, verdicts: Verdicts, facts: Facts) -> ReliefNote:
    bars = [b for b in field.bars if aimed(b.blocks, excuse)]
    shut = next((b for b in bars if verdicts[b.rule] is TRUE), None)
    verdict = verdicts[excuse.rule]
    if verdict is FALSE or shut is not None:
        state, because = ReliefState.FORECLOSED, shut.says if shut else _failing(excuse.step)
    elif verdict is TRUE and all(verdicts[b.rule] is FALSE for b in bars):
        state, because = ReliefState.AVAILABLE, None
    else:
        state, because = ReliefState.OPEN, None
    asked = [excuse, *bars] if state is ReliefState.OPEN else []
    needs = dict.fromkeys(_ask(str(leaf.fact), facts) for f in asked for leaf in live_leaves(f.step))
    return ReliefNote(
        authorisation=str(excuse.authorisation),
        rule=excuse.rule,
        state=state,
        lifts=excuse.lifts,
        because=because,
        needs=tuple(needs),
        conditions=excuse.conditions if state is not ReliefState.FORECLOSED else (),
        cites=(*excuse.cites, *(shut.cites if shut else ())),
    )


def _ask(name: str, facts: Facts) -> str:
    kind = facts.type_of(name)
    return kind.question if kind else name


def _failing(step: Step) -> str:
    """The first test that settled a "no", in its own words."""
    if not step.because:
        return f"{step.said}: {step.found}" if step.found else step.said
    failing = next((s for s in step.because if s.verdict is step.verdict or step.said == "not"), step.because[0])
    return _failing(failing)
