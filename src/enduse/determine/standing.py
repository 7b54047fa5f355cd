"""What remains when exceptions and bars have spoken: the order of the law, in three values.

A requirement stands unless an exception aimed at it holds and nothing bars that exception. An exception whose own facts
are not all known does not lower a requirement: whoever relies on it must show it (15 CFR 740.1, 740.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from enduse.model.determination import Outcome
from enduse.model.finding import Finding
from enduse.model.law import Effect
from enduse.model.verdict import Verdict, all_of, any_of

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
Verdicts = Mapping[str, Verdict]


class Field(NamedTuple):
    """The findings of one line by what they do; verdicts are looked up apart, so that "what if" is cheap."""

    subject: tuple[Finding, ...]
    prohibits: tuple[Finding, ...]
    requires: tuple[Finding, ...]
    excuses: tuple[Finding, ...]
    bars: tuple[Finding, ...]
    unscoped: frozenset[str]

    @classmethod
    def of(cls, findings: Iterable[Finding], unscoped: frozenset[str]) -> Field:
        """Sort findings by effect, in the order given."""
        kept = tuple(findings)
        by = {e: tuple(f for f in kept if f.effect is e) for e in Effect}
        return cls(
            by[Effect.SUBJECT],
            by[Effect.PROHIBITS],
            by[Effect.REQUIRES],
            by[Effect.EXCUSES],
            by[Effect.BARS],
            unscoped,
        )


def aimed(names: Iterable[str], finding: Finding) -> bool:
    """Does one of these names (of `lifts` or `blocks`) mean this finding?"""
    own = {n for n in (finding.reason, finding.authorisation) if n}
    return any(
        n == "*" or n in own or n == finding.rule or (n.endswith(".") and finding.rule.startswith(n)) for n in names
    )


def barred(excuse: Finding, field: Field, verdicts: Verdicts) -> Verdict:
    """Is this exception taken away by a bar?"""
    return any_of(verdicts[b.rule] for b in field.bars if aimed(b.blocks, excuse))


def lifters(finding: Finding, field: Field) -> tuple[Finding, ...]:
    """The exceptions aimed at this requirement, prohibition or ground of jurisdiction."""
    return tuple(e for e in field.excuses if aimed(_names(e, finding), finding))


def _names(excuse: Finding, finding: Finding) -> tuple[str, ...]:
    if finding.effect is Effect.SUBJECT:
        return tuple("*" if n == "subject" else n for n in excuse.lifts if n == "subject" or "." in n)
    return tuple(n for n in excuse.lifts if n != "subject")


def standing(finding: Finding, field: Field, verdicts: Verdicts) -> Verdict:
    """Does this finding stand after exceptions? Unknown where an exception holds but a bar to it is open."""
    excused = FALSE
    for excuse in lifters(finding, field):
        if verdicts[excuse.rule] is TRUE:
            excused = any_of((excused, ~barred(excuse, field, verdicts)))
    return all_of((verdicts[finding.rule], ~excused))


def outcome_of(field: Field, verdicts: Verdicts) -> Outcome:
    """The outcome on these verdicts."""
    scope = any_of(standing(s, field, verdicts) for s in field.subject) if field.subject else TRUE
    within = [f for f in (*field.prohibits, *field.requires) if scope is not FALSE or f.rule in field.unscoped]
    stands = {f.rule: _scoped(standing(f, field, verdicts), scope, f.rule in field.unscoped) for f in within}
    if any(stands[p.rule] is TRUE for p in field.prohibits if p.rule in stands):
        return Outcome.PROHIBITED
    if any(stands[r.rule] is TRUE for r in field.requires if r.rule in stands):
        return Outcome.LICENCE_REQUIRED
    if any(v is UNKNOWN for v in stands.values()):
        return Outcome.UNDETERMINED
    if scope is FALSE:
        return Outcome.NOT_SUBJECT
    excepted = any(_by_exception(f, field, verdicts) for f in within if verdicts[f.rule] is TRUE)
    return Outcome.EXCEPTION_AVAILABLE if excepted else Outcome.NO_LICENCE_REQUIRED


def _scoped(verdict: Verdict, scope: Verdict, unscoped: bool) -> Verdict:
    return verdict if unscoped else all_of((verdict, scope))


def _by_exception(finding: Finding, field: Field, verdicts: Verdicts) -> bool:
    """Is it lifted only by an exception or general licence (a carve-out means no licence was ever required)?"""
    working = [e for e in lifters(finding, field) if verdicts[e.rule] is TRUE and barred(e, field, verdicts) is FALSE]
    return bool(working) and all(e.relief in {"exception", "general_licence"} for e in working)
