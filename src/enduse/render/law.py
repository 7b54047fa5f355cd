"""Law shown as text: a rule with its dates and test, an entry with its controls, what changed between two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from enduse.model.law import AllOf, AnyOf, Not, Rule, RuleVersion, Test, When
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import code_under
from enduse.rules.pack import Live, RulePack

if TYPE_CHECKING:
    from enduse.rules.diff import LawDiff


def shown(pack: RulePack, what: str, day: date) -> str:
    """What the pack says of a code, a rule (or the rules whose id so begins), or everything; empty if of nothing."""
    lines = [*_rules(pack, what, day), *_code(pack, what, day)]
    return "\n".join(lines) + "\n" if lines else ""


def _rules(pack: RulePack, what: str, day: date) -> Iterator[str]:
    for rule in pack.rules:
        if not what or rule.id == what or rule.id.startswith((f"{what}.", f"{what}-")):
            yield from _rule(rule, day)


def _rule(rule: Rule, day: date) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}"
    for version in rule.versions:
        now = "*" if version.in_force(day) else " "
        until = f" to {version.to}" if version.to else " on"
        status = "" if version.status == "in_force" else f" ({version.status.replace('_', ' ')})"
        yield f" {now} from {version.from_}{until}{status}: {version.effect.value}"
        yield from _version(version)
    yield ""


def _version(version: RuleVersion) -> Iterator[str]:
    yield f"     {version.says}"
    yield f"     {'; '.join(str(c) + (f' ({c.published})' if c.published else '') for c in version.cites)}"
    if version.when is not None:
        yield from (f"     {line}" for line in when_lines(version.when))


def when_lines(when: When, depth: int = 0) -> Iterator[str]:
    """A test as indented lines."""
    pad = "  " * depth
    match when:
        case Test():
            operand = when.operand
            told = ", ".join(operand) if isinstance(operand, tuple) else operand
            yield f"{pad}{when.fact} {when.operator.replace('_', ' ')} {told}"
        case AllOf(all=parts) | AnyOf(any=parts):
            yield f"{pad}{'all of' if isinstance(when, AllOf) else 'any of'}"
            for part in parts:
                yield from when_lines(part, depth + 1)
        case Not(not_=part):
            yield f"{pad}not"
            yield from when_lines(part, depth + 1)


def _code(pack: RulePack, what: str, day: date) -> Iterator[str]:
    """What stands in table rows and rules about one control code."""
    if pack.module is None or not what or pack.module.check_code(what, pack.at(day).tables):
        return
    shelf = pack.at(day)
    yield f"{what} on {day}"
    families = [live for codes, live in shelf.by_family if _meets(what, codes)]
    found = [*pack.module.rules_for(what, shelf.tables), *shelf.by_code.get(what[:5], ()), *families]
    for live in found:
        if _speaks_of(live.version.when, what, pack.info.code_fact):
            yield from _live(live)


def _meets(code: str, targets: Iterable[str]) -> bool:
    return any(code_under(code, t) is not Verdict.FALSE for t in targets)


def _speaks_of(when: When | None, code: str, fact: str) -> bool:
    """Could this test hold for the code? Only what it demands of the code itself is looked at."""
    match when:
        case Test() if when.fact == fact and when.operator == "under":
            return _meets(code, when.operand if isinstance(when.operand, tuple) else (str(when.operand),))
        case AllOf(all=parts):
            return all(_speaks_of(p, code, fact) for p in parts)
        case AnyOf(any=parts):
            return any(_speaks_of(p, code, fact) for p in parts)
        case _:
            return True


def _live(live: Live) -> Iterator[str]:
    v = live.version
    yield f"  {live.id}  {live.title}: {v.effect.value} {v.reason or v.authorisation or ''}"
    yield from ("  " + line for line in _version(v))


def diff_text(found: LawDiff) -> str:
    """What changed between two days, as text."""
    return found.text()
