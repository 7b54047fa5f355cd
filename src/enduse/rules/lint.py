"""What is wrong with a pack though it can be read: untested, contradicting, unanswerable, out of date.

`lint` looks at a pack read from its files, examples included (`enduse.shelf.read_folder`), and asks no clock: whatever
ended before the day the pack was reviewed is out of date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from enduse.model.base import Value
from enduse.model.law import Effect, FactType, Rule, RuleVersion, When
from enduse.rules.examples import verdict_of
from enduse.rules.facts import CORE
from enduse.rules.pack import Live, RulePack, leaves


class Complaint(Value):
    """One thing to mend: a stable code, the rule or fact, where it stands, what is wrong, what to do."""

    code: str
    rule: str
    place: str
    says: str
    hint: str


def lint(pack: RulePack) -> tuple[Complaint, ...]:
    """Everything to mend in a pack, rule by rule; nothing when it is sound."""
    checks = (_uncited, _untested, _failing, _self_aimed, _twice_in_force, _gaps, _expired, _to_review)
    by_rule = [c for rule in pack.rules for check in checks for c in check(rule, pack)]
    return (*by_rule, *_aimless(pack), *_same_text(pack), *_facts(pack), *_questions(pack), *_omissions(pack))


def _say(code: str, rule: str, pack: RulePack, says: str, hint: str, *, among: str = "rules") -> Complaint:
    return Complaint(code=code, rule=rule, place=f"{pack.info.id}/{among}", says=says, hint=hint)


def _uncited(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    for version in rule.versions:
        if any(not c.source or not c.pinpoint for c in version.cites):
            yield _say("uncited", rule.id, pack, f"the text of {version.from_} has an empty citation", "name the place")


def _untested(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    always = all(v.when is None for v in rule.versions)
    for holds in (True, False):
        if not any(e.holds is holds for e in rule.examples) and not (always and not holds):
            wanted = "holds" if holds else "does not hold"
            yield _say("untested", rule.id, pack, f"no example where it {wanted}", "add one under [[rules.examples]]")


def _failing(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    for number, example in enumerate(rule.examples, start=1):
        strange = sorted(n for n in example.facts if n not in pack.types)
        if strange:
            said = f"example {number} states {strange[0]}, which is no fact"
            yield _say("unknown_fact", rule.id, pack, said, "declare it in facts.toml")
        found = verdict_of(pack, rule, example).value
        if found != str(example.holds).lower():
            said = f"example {number} should be {str(example.holds).lower()} and is {found}"
            yield _say("example_fails", rule.id, pack, said, "mend the rule, or state the missing fact")


def _aimless(pack: RulePack) -> Iterator[Complaint]:
    """Names in `lifts` and `blocks` that nothing in the pack answers to (of a pack with `law.py`: nor any table)."""
    names, rules = _aims(pack)
    for rule in pack.rules:
        for name in dict.fromkeys(n for v in rule.versions for n in (*v.lifts, *v.blocks)):
            family = name.endswith(".") and (pack.module is not None or any(r.startswith(name) for r in rules))
            if name not in names and name not in _GENERAL and not family:
                said = f"{name!r} is no reason, authorisation or rule of this pack"
                yield _say("aims_at_nothing", rule.id, pack, said, "mend the name, or drop it")


_GENERAL = {"*", "subject", "unclassified"}
"""Everything, the jurisdiction itself, and the open question of an unstated code or place."""


def _aims(pack: RulePack) -> tuple[frozenset[str], tuple[str, ...]]:
    texts = [v for r in pack.rules for v in r.versions]
    named = {n for v in texts for n in (v.reason, v.authorisation) if n}
    tabled = {t for table in pack.tables.values() for row in table.rows for cell in row.values() for t in cell.split()}
    return frozenset(named | {r.id for r in pack.rules} | (tabled if pack.module else set())), tuple(
        r.id for r in pack.rules
    )


def _self_aimed(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    """A text that takes itself away contradicts itself."""
    for version in rule.versions:
        own = {rule.id, version.reason, version.authorisation}
        for name in (*version.lifts, *version.blocks):
            if name in own or (name.endswith(".") and rule.id.startswith(name) and version.effect is Effect.BARS):
                said = f"the text of {version.from_} aims at itself ({name})"
                yield _say("contradicting", rule.id, pack, said, "say which other rule is meant")
        if version.effect is Effect.REQUIRES and version.lifts:
            said = f"the text of {version.from_} requires and lifts {', '.join(version.lifts)}"
            yield _say("contradicting", rule.id, pack, said, "write the relief as a rule of its own")


def _twice_in_force(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    texts = sorted(rule.versions, key=lambda v: v.from_)
    for earlier, later in pairwise(texts):
        if earlier.to is None or later.from_ < earlier.to:
            said = f"the text of {earlier.from_} is still printed when that of {later.from_} begins"
            yield _say("two_versions", rule.id, pack, said, f"end the earlier one: to = {later.from_}")


def _gaps(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    texts = sorted(rule.versions, key=lambda v: v.from_)
    for earlier, later in pairwise(texts):
        if earlier.to is not None and earlier.to < later.from_:
            said = f"no text from {earlier.to} to {later.from_ - timedelta(days=1)}"
            yield _say("version_gap", rule.id, pack, said, "join the texts, or make the later one a rule of its own")


def _expired(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    """A suspension that ran out, with nothing said about what follows."""
    reviewed = pack.info.as_reviewed_on
    for version in rule.versions:
        ended = version.to if version.status != "in_force" else None
        if ended is not None and ended <= reviewed and not _followed(rule, ended):
            said = f"{version.status.replace('_', ' ')} until {ended}, and no text follows"
            yield _say("expired_suspension", rule.id, pack, said, "add the version in force since then")


def _followed(rule: Rule, ended: date) -> bool:
    return any(v.from_ >= ended for v in rule.versions)


def _to_review(rule: Rule, pack: RulePack) -> Iterator[Complaint]:
    for version in rule.versions:
        if version.review_from is not None and version.review_from <= pack.info.as_reviewed_on:
            said = f"the text of {version.from_} was to be looked at again from {version.review_from}"
            yield _say("review_due", rule.id, pack, said, "check it against the source and move review_from")


def _same_text(pack: RulePack) -> Iterator[Complaint]:
    """Two rules of one text on one day are one rule, or one of them is wrong."""
    seen: dict[tuple[object, ...], tuple[str, RuleVersion]] = {}
    for rule in pack.rules:
        for version in rule.versions:
            key = (version.effect, version.reason, version.authorisation, version.lifts, version.blocks, version.says)
            other, text = seen.setdefault((*key, version.when), (rule.id, version))
            if other != rule.id and _overlap(text, version):
                yield _say("same_text", rule.id, pack, f"says the same as {other}", "keep one of them")


def _overlap(one: RuleVersion, two: RuleVersion) -> bool:
    first, second = sorted((one, two), key=lambda v: v.from_)
    return first.to is None or second.from_ < first.to


def _facts(pack: RulePack) -> Iterator[Complaint]:
    """Facts nobody asks about, and facts asked about that nobody can supply."""
    asked = _asked_about(pack)
    for kind in pack.types.values():
        if not _declared(kind):
            continue
        if kind.name not in asked and pack.module is None:
            yield _say("unasked_fact", kind.name, pack, "no rule asks about it", "drop it, or ask it", among="facts")
        if kind.derived and pack.module is None:
            said = "is to be derived, but this pack has no law.py"
            yield _say("unsupplied_fact", kind.name, pack, said, "let it be stated: drop `derived`", among="facts")


def _declared(kind: FactType) -> bool:
    """Written in the pack itself, not given to every pack or made from its omissions."""
    return kind.name not in CORE and not kind.name.startswith("reviewed.")


def _asked_about(pack: RulePack) -> frozenset[str]:
    whens: list[When | None] = [v.when for r in pack.rules for v in r.versions]
    whens += [o.when for o in pack.info.omits]
    return frozenset(t.fact for w in whens for t in leaves(w)) | {pack.info.code_fact, pack.info.place_fact}


def _questions(pack: RulePack) -> Iterator[Complaint]:
    twice: dict[str, list[str]] = defaultdict(list)
    for kind in pack.types.values():
        if not _declared(kind):
            continue
        if "?" not in kind.question:
            said = f"asks {kind.question!r}"
            yield _say("not_a_question", kind.name, pack, said, "put it as a question", among="facts")
        if not kind.derived:
            twice[kind.question].append(kind.name)
    for names in twice.values():
        if len(names) > 1:
            said = f"asks the same as {names[0]}"
            yield _say("same_question", names[1], pack, said, "ask what sets them apart", among="facts")


def _omissions(pack: RulePack) -> Iterator[Complaint]:
    for omission in pack.info.omits:
        strange = sorted({t.fact for t in leaves(omission.when)} - set(pack.types))
        if strange:
            said = f"the omission {omission.id} asks about {strange[0]}, which is no fact"
            yield _say("unknown_fact", omission.id, pack, said, "declare it in facts.toml", among="pack.toml")


def unasked(pack: RulePack, lives: Iterable[Live]) -> tuple[FactType, ...]:
    """Facts that neither the pack's own rules nor these, read from its tables, ask about."""
    asked = _asked_about(pack) | {t.fact for live in lives for t in leaves(live.version.when)}
    return tuple(k for k in pack.types.values() if k.name not in asked and _declared(k))
