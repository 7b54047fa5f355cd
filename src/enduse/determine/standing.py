"""What remains when exceptions and bars have spoken: the order of the law, in three values.

A requirement stands unless an exception aimed at it holds and nothing bars that exception. An exception whose own facts
are not all known does not lower a requirement: whoever relies on it must show it (15 CFR 740.1, 740.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from enduse.model.determination import Outcome
from enduse.model.finding import Finding
from enduse.model.law import Effect
from enduse.model.verdict import Verdict, all_of, any_of

TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
Verdicts = Mapping[str, Verdict]


class Field(NamedTuple):
    """The findings of one line by what they do, and which speak to which.

    Verdicts are looked up apart, so that "what if" is cheap. `lifted` names, for each rule, the exceptions aimed at it,
    and `shut`, for each exception, the bars aimed at it.
    """

    subject: tuple[Finding, ...]
    prohibits: tuple[Finding, ...]
    requires: tuple[Finding, ...]
    excuses: tuple[Finding, ...]
    bars: tuple[Finding, ...]
    unscoped: frozenset[str]
    lifted: Mapping[str, tuple[Finding, ...]]
    shut: Mapping[str, tuple[Finding, ...]]

    @classmethod
    def of(cls, findings: Iterable[Finding], unscoped: frozenset[str], *, aims: Aims | None = None) -> Field:
        """Sort findings by effect, in the order given; `aims` keeps who aims at whom for the same rules met again."""
        by: dict[Effect, list[Finding]] = {e: [] for e in Effect}
        at: dict[str, Finding] = {}
        for finding in findings:
            by[finding.effect].append(finding)
            at[finding.rule] = finding
        key = tuple(at)
        known = aims.get(key) if aims is not None else None
        if known is None:
            known = _aimed(by)
            if aims is not None:
                if len(aims) >= _AIMS:
                    aims.clear()
                aims[key] = known
        lifted, shut = ({rule: tuple([at[n] for n in names]) for rule, names in told.items()} for told in known)
        subject, prohibits, requires = by[Effect.SUBJECT], by[Effect.PROHIBITS], by[Effect.REQUIRES]
        kept = (tuple(subject), tuple(prohibits), tuple(requires), tuple(by[Effect.EXCUSES]), tuple(by[Effect.BARS]))
        return cls(*kept, unscoped, lifted, shut)


GROUNDS = frozenset({Effect.SUBJECT, Effect.PROHIBITS, Effect.REQUIRES})
"""What an exception can lift."""


def reaches(names: tuple[str, ...], targets: Iterable[Finding]) -> bool:
    """Does one of these names (of `lifts` or `blocks`) mean one of these findings?"""
    return any(t.effect is Effect.SUBJECT and "subject" in names for t in targets) or any(
        not names_of(t).isdisjoint(names) for t in targets
    )


def names_of(finding: Finding) -> frozenset[str]:
    """Every name by which a rule may aim at a finding: `*`, reason, authorisation, rule, its beginnings."""
    return _names_of(finding.rule, finding.reason, finding.authorisation)


@lru_cache(maxsize=1 << 14)
def _names_of(rule: str, reason: str | None, authorisation: str | None) -> frozenset[str]:
    parts = rule.split(".")
    beginnings = (".".join(parts[:n]) + "." for n in range(1, len(parts)))
    return frozenset(n for n in ("*", reason, authorisation, rule, *beginnings) if n)


Named = dict[str, tuple[str, ...]]
Aims = dict[tuple[str, ...], tuple[Named, Named]]
_AIMS = 512


def _aimed(by: Mapping[Effect, list[Finding]]) -> tuple[Named, Named]:
    """For each ground the exceptions aimed at it, for each exception the bars aimed at it, by rule."""
    scoping, lifting, blocking = _Aims(), _Aims(), _Aims()
    for excuse in by[Effect.EXCUSES]:
        scoping.add(excuse, _of_scope(excuse.lifts))
        lifting.add(excuse, _of_grounds(excuse.lifts))
    for bar in by[Effect.BARS]:
        blocking.add(bar, bar.blocks)
    lifted = {f.rule: scoping.at(f) for f in by[Effect.SUBJECT]}
    lifted |= {f.rule: lifting.at(f) for f in (*by[Effect.PROHIBITS], *by[Effect.REQUIRES])}
    return lifted, {e.rule: blocking.at(e) for e in by[Effect.EXCUSES]}


class _Aims:
    """Findings by the names they aim at (in `lifts` or `blocks`), so that each target finds its own at once."""

    def __init__(self) -> None:
        self._named: dict[str, list[Finding]] = {}
        self._place: dict[str, int] = {}

    def add(self, finding: Finding, names: tuple[str, ...]) -> None:
        """Take a finding in, under each name it aims at."""
        self._place[finding.rule] = len(self._place)
        for name in names:
            self._named.setdefault(name, []).append(finding)

    def at(self, target: Finding) -> tuple[str, ...]:
        """Those that mean this finding: by `*`, its reason, its authorisation, its rule or that rule's beginning."""
        found = {f.rule for n in names_of(target) if n in self._named for f in self._named[n]}
        return tuple(sorted(found, key=self._place.__getitem__))


@lru_cache(maxsize=4096)
def _of_scope(names: tuple[str, ...]) -> tuple[str, ...]:
    """What an exception says of jurisdiction itself: all of it (`subject`), or a ground named by its rule."""
    return tuple("*" if n == "subject" else n for n in names if n == "subject" or "." in n)


@lru_cache(maxsize=4096)
def _of_grounds(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(n for n in names if n != "subject")


def barred(excuse: Finding, field: Field, verdicts: Verdicts) -> Verdict:
    """Is this exception taken away by a bar?"""
    return any_of(verdicts[b.rule] for b in field.shut[excuse.rule])


def standing(finding: Finding, field: Field, verdicts: Verdicts) -> Verdict:
    """Does this finding stand after exceptions? Unknown where an exception holds but a bar to it is open."""
    verdict = verdicts[finding.rule]
    if verdict is FALSE:
        return FALSE
    excused = FALSE
    for excuse in field.lifted[finding.rule]:
        if verdicts[excuse.rule] is TRUE:
            excused = any_of((excused, ~barred(excuse, field, verdicts)))
    return all_of((verdict, ~excused))


def scope(field: Field, verdicts: Verdicts) -> Verdict:
    """Is the line within the jurisdiction? A pack without rules of scope claims everything."""
    return any_of(standing(s, field, verdicts) for s in field.subject) if field.subject else TRUE


def grounds(field: Field, within: Verdict) -> tuple[Finding, ...]:
    """Prohibitions and requirements that may speak: all of them within scope, else those that need none."""
    found = (*field.prohibits, *field.requires)
    return found if within is not FALSE else tuple(f for f in found if f.rule in field.unscoped)


def outcome_of(field: Field, verdicts: Verdicts) -> Outcome:
    """The outcome on these verdicts."""
    within = scope(field, verdicts)
    asked = grounds(field, within)
    stands = {f.rule: _scoped(standing(f, field, verdicts), within, f.rule in field.unscoped) for f in asked}
    if any(stands[f.rule] is TRUE and f.effect is Effect.PROHIBITS for f in asked):
        return Outcome.PROHIBITED
    if any(v is TRUE for v in stands.values()):
        return Outcome.LICENCE_REQUIRED
    if any(v is UNKNOWN for v in stands.values()):
        return Outcome.UNDETERMINED
    if any(_by_exception(f, field, verdicts) for f in asked if verdicts[f.rule] is not FALSE):
        return Outcome.EXCEPTION_AVAILABLE
    return Outcome.NOT_SUBJECT if within is FALSE else Outcome.NO_LICENCE_REQUIRED


def _scoped(verdict: Verdict, within: Verdict, unscoped: bool) -> Verdict:
    return verdict if unscoped else all_of((verdict, within))


def _by_exception(finding: Finding, field: Field, verdicts: Verdicts) -> bool:
    """Is it lifted only by an exception or general licence (a carve-out means no licence was ever required)?

    Asked of requirements that may hold as well: should they, the exception is what lets the transaction go.
    """
    aimed_at = field.lifted[finding.rule]
    working = [e for e in aimed_at if verdicts[e.rule] is TRUE and barred(e, field, verdicts) is FALSE]
    return bool(working) and all(e.relief in {"exception", "general_licence"} for e in working)
