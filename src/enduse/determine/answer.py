"""One jurisdiction's answer to one transaction: ask the rules, weigh them, say what is assumed and missing."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from enduse.determine.open import assumptions, questions, reliefs
from enduse.determine.standing import GROUNDS, Field, outcome_of, reaches, standing
from enduse.errors import InputError, RuleError
from enduse.model.determination import Determination, LineAnswer, Outcome, strictest
from enduse.model.finding import Finding, Step
from enduse.model.law import Citation, Effect, Guard, Omission, RuleVersion
from enduse.model.transaction import Transaction
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import always, evaluate, failed, quickly
from enduse.rules.facts import Fact, Facts, flatten, stated, unknown
from enduse.rules.pack import Kept, Listings, Live, PackModule, Question, RulePack, Shelf, leaves
from enduse.rules.readings import read

UNASKED = Listings()


def determine(transaction: Transaction, pack: RulePack, *, as_of: date, listings: Listings = UNASKED) -> Determination:
    """What this jurisdiction says of every line on that day, given what screening found."""
    shelf = edition(pack, as_of)
    numbers = range(1, len(transaction.lines) + 1)
    with _collector_resting():
        known = [facts_of(transaction, n, pack, shelf, listings=listings) for n in numbers]
        lines = tuple(answer_line(pack, shelf, facts, n) for n, facts in zip(numbers, known, strict=True))
    return Determination(
        jurisdiction=pack.info.jurisdiction,
        pack=pack.info.id,
        pack_version=pack.info.version,
        pack_digest=pack.digest,
        as_of=as_of,
        outcome=strictest(tuple(a.outcome for a in lines)),
        lines=lines,
        covers=pack.info.covers,
        omits=tuple(o.says for o in pack.info.omits),
        notes=(*_editions(pack, as_of), *_dormant(shelf, known)),
    )


def edition(pack: RulePack, as_of: date) -> Shelf:
    """The law of that day; of a day before the pack begins, the earliest edition held."""
    return pack.at(max(as_of, pack.info.covers_from))


@contextmanager
def _collector_resting() -> Iterator[None]:
    """No search for circles meanwhile: a decision makes thousands of values, and none refers back to another."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


def facts_of(transaction: Transaction, line: int, pack: RulePack, shelf: Shelf, *, listings: Listings) -> Facts:
    """Everything known of one line: its fields, what was stated, what the pack derives, what its texts say."""
    known = {
        **flatten(transaction, line, control_list=pack.info.control_list),
        **stated(transaction, line, pack.types),
    }
    if pack.module is not None and pack.info.code_fact in known:
        wrong = pack.module.check_code(str(known[pack.info.code_fact].value), shelf.tables)
        known = {**known, pack.info.code_fact: unknown(wrong)} if wrong else known
    facts = Facts(pack.types, known).with_(read(transaction, line, pack.readings))
    if pack.module is None:
        return facts
    derived = _derived(pack.module, Question(transaction, line, facts, shelf.tables, listings), pack)
    return Facts(pack.types, {**derived, **facts.known(), **_contested(derived, facts)})


def _contested(derived: Mapping[str, Fact], facts: Facts) -> Mapping[str, Fact]:
    """Where somebody states that a party is not listed and screening surely finds it, nobody's word stands alone."""
    found = {}
    for name, fact in derived.items():
        kind = facts.type_of(name)
        if kind is not None and kind.nature == "list" and fact.value is True and facts.value(name) is False:
            found[name] = unknown(f"stated not to be so, but {fact.evidence}: judge the hit")
    return found


def _derived(module: PackModule, asked: Question, pack: RulePack) -> Mapping[str, Fact]:
    """What the pack derives; where it cannot, nothing that might have been derived counts as silence."""
    try:
        return module.derive(asked)
    except InputError:
        raise
    except Exception as error:
        gap = unknown(f"could not be derived: {error}")
        return {t.name: gap for t in pack.types.values() if t.derived or t.nature == "list"}


def answer_line(pack: RulePack, shelf: Shelf, facts: Facts, line: int) -> LineAnswer:
    """The answer for one line, with every finding asked."""
    lives, refused = _asked(pack, shelf, facts)
    findings = _findings(lives, (*_guards(pack, shelf, facts), *refused), facts, shelf)
    unscoped = frozenset(live.id for live in lives if live.version.unscoped)
    field = Field.of(findings, unscoped, aims=shelf.aims)
    verdicts = {f.rule: f.verdict for f in findings}
    outcome = outcome_of(field, verdicts)
    return LineAnswer(
        line=line,
        outcome=outcome,
        reasons=tuple(_reasons(field, verdicts, outcome)),
        reliefs=reliefs(field, verdicts, facts),
        assuming=assumptions(field, verdicts, facts, outcome, line=line, anchors=_anchors(pack, shelf)),
        missing=questions(field, verdicts, facts, outcome, line=line),
        findings=findings,
        omitted=tuple(_omitted(pack.info.omits, facts, shelf)),
    )


def _findings(lives: tuple[Live, ...], open_: tuple[Finding, ...], facts: Facts, shelf: Shelf) -> tuple[Finding, ...]:
    """What every rule says that can bear on this line, in the law's order.

    An exception is asked only where something may stand that it lifts, a bar only where something may stand that it
    shuts off: elsewhere there is nothing for it to change (15 CFR 740.1: exceptions serve where a licence is needed).
    """
    by: dict[Effect, list[Live]] = {e: [] for e in Effect}
    for live in lives:
        by[live.version.effect].append(live)
    first = [live for e in Effect if e not in {Effect.EXCUSES, Effect.BARS} for live in by[e]]
    found = [*open_, *(_finding(live, facts, shelf) for live in first)]
    standing_ = [f for f in found if f.verdict is not Verdict.FALSE and f.effect in GROUNDS]
    excuses = [_finding(e, facts, shelf) for e in by[Effect.EXCUSES] if reaches(e.version.lifts, standing_)]
    usable = [e for e in excuses if e.verdict is not Verdict.FALSE]
    bars = [_finding(b, facts, shelf) for b in by[Effect.BARS] if reaches(b.version.blocks, usable)]
    return (*found, *excuses, *bars)


def _asked(pack: RulePack, shelf: Shelf, facts: Facts) -> tuple[tuple[Live, ...], tuple[Finding, ...]]:
    """The rules to ask, each once; where they cannot all be found, an open requirement says so."""
    lives: dict[str, Live] = {}
    try:
        for live in shelf.asked(facts, pack.info, pack.module):
            text = lives.setdefault(live.id, live).version
            if text is not live.version and text != live.version:
                raise RuleError(f"{live.id} stands in two texts at once", hint="give each table row an id of its own")
    except Exception as error:
        return tuple(lives.values()), (unread(pack, error),)
    return tuple(lives.values()), ()


def _anchors(pack: RulePack, shelf: Shelf) -> Mapping[str, tuple[Citation, ...]]:
    """The facts by which rules are looked up, with what makes them matter."""
    info = pack.info
    guards = {info.code_fact: info.unknown_code, info.place_fact: info.unknown_place}
    return {name: guard.cites if guard else () for name, guard in guards.items() if name in shelf.guarded}


def unread(pack: RulePack, error: Exception) -> Finding:
    """Rules that could not be read are an open requirement, never nothing."""
    return Finding(
        rule=f"{pack.info.id}.unread",
        title="Rules that could not be read",
        version=date.min,
        effect=Effect.REQUIRES,
        verdict=Verdict.UNKNOWN,
        firm=Verdict.UNKNOWN,
        says="Some rules about this item could not be read, so what they require is not known.",
        cites=(Citation(source=pack.info.title, pinpoint="as a whole"),),
        step=failed(error),
        reason="unread",
    )


def resting_finding(live: Live, shelf: Shelf) -> Finding:
    """A rule's finding before anything is asked: unknown, with everything that does not depend on facts."""
    return _with_step(_kept(live, shelf).said, always())


def _kept(live: Live, shelf: Shelf) -> Kept:
    kept = shelf.kept.get(id(live.version))
    if kept is None or kept.text is not live.version:
        kept = shelf.kept[id(live.version)] = Kept(live.version, _asked_by(live.version), _said(live), {})
    return kept


def _finding(live: Live, facts: Facts, shelf: Shelf) -> Finding:
    """What one rule says; the same facts give the same finding, so the last few are kept with the day's rules."""
    kept = _kept(live, shelf)
    told = facts.told(kept.facts)
    found = kept.found.get(told) if told is not None else None
    if found is None:
        found = _with_step(kept.said, _step(live.version, facts, shelf))
        if told is not None:
            if len(kept.found) >= _KEPT:
                kept.found.clear()
            kept.found[told] = found
    return found


_KEPT = 64


def _asked_by(version: RuleVersion) -> tuple[str, ...]:
    return tuple(sorted({t.fact for t in leaves(version.when)}))


def _said(live: Live) -> Mapping[str, object]:
    """Everything of a finding but its verdict."""
    v = live.version
    finding = Finding(
        rule=live.id,
        title=live.title,
        version=v.from_,
        effect=v.effect,
        verdict=Verdict.UNKNOWN,
        firm=Verdict.UNKNOWN,
        says=v.says,
        cites=v.cites,
        step=always(),
        reason=v.reason,
        relief=v.relief,
        authorisation=v.authorisation,
        lifts=v.lifts,
        blocks=v.blocks,
        policy=v.policy,
        conditions=v.conditions,
    )
    return dict(finding.__dict__)


def _with_step(said: Mapping[str, object], step: Step) -> Finding:
    """A finding whose fixed parts were checked once."""
    return quickly(Finding, {**said, "verdict": step.verdict, "firm": step.firm, "step": step})


def _step(version: RuleVersion, facts: Facts, shelf: Shelf) -> Step:
    if version.when is None:
        return always()
    try:
        return evaluate(version.when, facts, shelf.tables)
    except Exception as error:
        return failed(error)


def _guards(pack: RulePack, shelf: Shelf, facts: Facts) -> Iterable[Finding]:
    """When the code or the place is unknown, the many rules that hang on it are one open requirement."""
    return (guard for guard, fact in open_guards(pack, shelf) if facts.value(fact) is None)


def open_guards(pack: RulePack, shelf: Shelf) -> Iterable[tuple[Finding, str]]:
    """The open requirements a pack sets in place of rules that hang on an unknown fact, each with that fact."""
    info = pack.info
    if info.unknown_code and info.code_fact in shelf.guarded:
        yield _guard(f"{info.id}.unknown_code", info.unknown_code, info.code_fact), info.code_fact
    if info.unknown_place and info.place_fact in shelf.guarded:
        yield _guard(f"{info.id}.unknown_place", info.unknown_place, info.place_fact), info.place_fact


def _guard(rule: str, guard: Guard, fact: str) -> Finding:
    open_ = Verdict.UNKNOWN
    return Finding(
        rule=rule,
        title=guard.title,
        version=date.min,
        effect=Effect.REQUIRES,
        verdict=open_,
        firm=open_,
        says=guard.says,
        cites=guard.cites,
        step=Step(verdict=open_, firm=open_, said=f"{fact} is known", fact=fact),
        reason="unclassified",
    )


def _reasons(field: Field, verdicts: Mapping[str, Verdict], outcome: Outcome) -> Iterable[str]:
    """The reasons that stand, or, where an exception answers, the reasons it lifts."""
    asked = [f for f in (*field.prohibits, *field.requires) if verdicts[f.rule] is Verdict.TRUE]
    if outcome is not Outcome.EXCEPTION_AVAILABLE:
        asked = [f for f in asked if standing(f, field, verdicts) is not Verdict.FALSE]
    return dict.fromkeys(f.reason or f.rule for f in asked)


def _omitted(omits: Iterable[Omission], facts: Facts, shelf: Shelf) -> Iterable[Omission]:
    """What the pack leaves out that could touch this very line and has not been reviewed by hand.

    What is left out of every answer alike (another agency's law) has no `when`: it is printed with each.
    """
    for omission in omits:
        if facts.flag(f"reviewed.{omission.id}"):
            continue
        if omission.when is not None and evaluate(omission.when, facts, shelf.tables).verdict is not Verdict.FALSE:
            yield omission


def _editions(pack: RulePack, as_of: date) -> Iterable[str]:
    info = pack.info
    if as_of < info.covers_from:
        yield f"Decided under the earliest edition held, of {info.covers_from}; the law of {as_of} may have differed."
    if as_of >= info.stale_after:
        yield f"The pack was last reviewed on {info.as_reviewed_on}; changes since then are not in it."


def _dormant(shelf: Shelf, known: Iterable[Facts]) -> Iterable[str]:
    """Texts printed but not applied on this day, where they would have spoken of a line."""
    for live in shelf.dormant:
        if any(_step(live.version, facts, shelf).firm is Verdict.TRUE for facts in known):
            yield f"{live.title}: {live.version.status.replace('_', ' ')} on this day ({live.version.cites[0]})."
