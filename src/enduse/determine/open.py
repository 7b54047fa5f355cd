"""What is still open: assumptions the outcome rests on, questions that could change it, exceptions within reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from enduse.determine.standing import Field, Verdicts, barred, grounds, scope, standing
from enduse.determine.trials import Trials, live_leaves
from enduse.model.determination import Assumption, Outcome, Question, ReliefNote, ReliefState
from enduse.model.finding import Finding, Step
from enduse.model.law import Citation, Effect
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import shown
from enduse.rules.facts import Facts

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


def assumed_leaves(step: Step) -> Iterator[Step]:
    """The assumed tests that, contradicted, could change this verdict or what an open fact makes of it."""
    if step.firm is not UNKNOWN:
        return
    if step.fact is not None and step.verdict is not UNKNOWN:
        yield step
    for part in step.because:
        if not _carried_by_others(step, part):
            yield from assumed_leaves(part)


def _carried_by_others(step: Step, part: Step) -> bool:
    """In an "all of" that fails, or an "any of" that holds, only the parts that make it so carry it."""
    carries = {"all of": FALSE, "any of": TRUE}.get(step.said)
    return step.verdict is carries and part.verdict is not carries


def assumptions(
    field: Field,
    verdicts: Verdicts,
    facts: Facts,
    outcome: Outcome,
    *,
    line: int,
    anchors: Mapping[str, tuple[Citation, ...]],
) -> tuple[Assumption, ...]:
    """Each assumption that, contradicted, could change this outcome, with the provisions that make it matter.

    `anchors` are the facts by which rules are looked up (code, place), with what makes them matter: where one of them
    is itself assumed, the rules that were not asked rest on it.
    """
    cites: dict[str, dict[Citation, None]] = {}
    for name, why in anchors.items():
        fact = facts.get(name)
        if fact is not None and fact.assumed and outcome is not Outcome.PROHIBITED:
            cites[name] = dict.fromkeys(why)
    for finding in _resting(field, verdicts, outcome):
        for leaf in assumed_leaves(finding.step):
            cites.setdefault(str(leaf.fact), {}).update(dict.fromkeys(finding.cites))
    return tuple(_assumption(name, tuple(c), facts, line) for name, c in cites.items())


def _assumption(name: str, cites: tuple[Citation, ...], facts: Facts, line: int) -> Assumption:
    kind = facts.type_of(name)
    fact = facts.get(name)
    if kind is None or not kind.assumed:
        says = f"{_ask(name, facts)} Taken as {shown(fact)} ({fact.evidence})" if fact else name
        return Assumption(fact=name, says=says, nature="transaction", line=line, cites=cites)
    return Assumption(fact=name, says=str(kind.assumed), nature=kind.nature, line=line, cites=cites)


def _resting(field: Field, verdicts: Verdicts, outcome: Outcome) -> Iterator[Finding]:
    """Findings whose assumed verdict holds the outcome where it is."""
    if not any(s.firm is TRUE and not field.lifted[s.rule] for s in field.subject):
        yield from field.subject
    asked = grounds(field, scope(field, verdicts))
    kept = tuple(f for f in asked if _could_worsen(f, outcome))
    yield from kept
    yield from (f for f in asked if not _could_worsen(f, outcome) and standing(f, field, verdicts) is TRUE)
    serving = _serving((*field.subject, *kept), field, verdicts)
    for excuse in field.excuses:
        if verdicts[excuse.rule] is TRUE and excuse.rule in serving:
            yield excuse
            yield from field.shut[excuse.rule]


def _could_worsen(finding: Finding, outcome: Outcome) -> bool:
    """Would this ground, should it come to stand, make the outcome stricter?"""
    worst = Outcome.PROHIBITED if finding.effect is Effect.PROHIBITS else Outcome.LICENCE_REQUIRED
    return outcome.strictness < worst.strictness


def _serving(asked: Iterable[Finding], field: Field, verdicts: Verdicts) -> frozenset[str]:
    """The exceptions that one of these findings needs."""
    return frozenset(e.rule for f in asked if verdicts[f.rule] is not FALSE for e in field.lifted[f.rule])


class _Open(NamedTuple):
    findings: tuple[Finding, ...]
    relief_only: bool


def questions(field: Field, verdicts: Verdicts, facts: Facts, outcome: Outcome, *, line: int) -> tuple[Question, ...]:
    """The facts that could change the outcome, most decisive first, each with what its answers lead to.

    A fact counts as decisive by the least strict outcome one of its answers alone reaches, then by how many findings
    it would settle. Facts that only serve an exception come after those the requirement itself waits for.
    """
    within = _unsettled(field, verdicts)
    trials = Trials(within, verdicts)
    asked = [
        _question(name, o, leads=trials.leads_to(name), facts=facts, line=line)
        for name, o in _open_facts(within, verdicts, outcome)
        if trials.decisive(name)
    ]
    return tuple(sorted(asked, key=lambda q: (q.relief_only, -_spread(q, outcome), -q.decides, q.fact)))


def _spread(question: Question, outcome: Outcome) -> int:
    """How far the answers to this question alone can move the outcome."""
    places = [o.strictness for o in question.leads_to]
    return max((abs(p - outcome.strictness) for p in places), default=0)


def _unsettled(field: Field, verdicts: Verdicts) -> Field:
    """The field without what is settled as not holding, which no answer to an open question can revive."""

    def open_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(f for f in findings if verdicts[f.rule] is not FALSE)

    return field._replace(
        prohibits=open_of(field.prohibits),
        requires=open_of(field.requires),
        excuses=open_of(field.excuses),
        bars=open_of(field.bars),
    )


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
    within = scope(field, verdicts)
    asked = grounds(field, within)
    worse = [f for f in asked if _could_worsen(f, outcome) and standing(f, field, verdicts) is not FALSE]
    if within is UNKNOWN and (outcome is Outcome.UNDETERMINED or worse):
        yield from ((s, False) for s in field.subject)
    if outcome is Outcome.UNDETERMINED or outcome is Outcome.LICENCE_REQUIRED:
        yield from ((f, False) for f in worse)
    if outcome.strictness < Outcome.UNDETERMINED.strictness:
        return
    yield from ((e, True) for e in _reachable(asked, field, verdicts, outcome))
    serving = _serving((*field.subject, *asked), field, verdicts)
    for excuse in field.excuses:
        if excuse.rule in serving:
            yield from ((b, verdicts[excuse.rule] is UNKNOWN) for b in field.shut[excuse.rule])


def _reachable(asked: tuple[Finding, ...], field: Field, verdicts: Verdicts, outcome: Outcome) -> tuple[Finding, ...]:
    """Open exceptions that could matter: each ground that makes the outcome must have a way out, or none helps."""
    stand = [f for f in asked if standing(f, field, verdicts) is not FALSE]
    if outcome is Outcome.PROHIBITED:
        stand = [f for f in stand if f.effect is Effect.PROHIBITS]
    ways = {f.rule: _ways(f, field, verdicts) for f in stand}
    helps = all(ways[f.rule] or standing(f, field, verdicts) is UNKNOWN for f in stand)
    found = [e for w in ways.values() for e in w] if helps else []
    of_scope = [e for s in field.subject for e in _ways(s, field, verdicts)]
    return tuple({e.rule: e for e in (*found, *of_scope) if verdicts[e.rule] is UNKNOWN}.values())


def _ways(finding: Finding, field: Field, verdicts: Verdicts) -> tuple[Finding, ...]:
    return tuple(
        e
        for e in field.lifted[finding.rule]
        if verdicts[e.rule] is not FALSE and barred(e, field, verdicts) is not TRUE
    )


def _question(name: str, open_: _Open, *, leads: Iterable[Outcome], facts: Facts, line: int) -> Question:
    kind = facts.type_of(name)
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


def reliefs(field: Field, verdicts: Verdicts, facts: Facts) -> tuple[ReliefNote, ...]:
    """Every exception aimed at something that stands: available, open (which facts), or foreclosed (by what)."""
    asked = [f for f in (*field.prohibits, *field.requires) if verdicts[f.rule] is not FALSE]
    aimed_at = {e.rule: e for f in asked for e in field.lifted[f.rule]}
    notes = [_relief(e, field, verdicts, facts) for e in aimed_at.values()]
    order = list(ReliefState)
    return tuple(sorted(notes, key=lambda n: (order.index(n.state), n.authorisation, n.rule)))


def _relief(excuse: Finding, field: Field, verdicts: Verdicts, facts: Facts) -> ReliefNote:
    bars = field.shut[excuse.rule]
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
