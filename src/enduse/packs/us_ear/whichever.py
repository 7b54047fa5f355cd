"""What holds whichever paragraph or served commodity is meant.

A code that stops short ("3A001"), or technology that does not say what it is for, leaves single rows open; yet where
every paragraph, and every commodity it can be for, needs a licence at the destination, one is needed. Such a rule steps
aside as soon as the missing detail is stated: the rows themselves then decide. What serves advanced computing alone
(742.6(a)(6)) is presumed not to be meant: it has rows, and relief, of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from enduse.model.law import AllOf, AnyOf, Citation, Effect, RuleVersion, Test, When
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import code_under
from enduse.rules.pack import Live
from enduse.rules.tables import Row, Tables

Meant = tuple[str, str]
"""A full code and the code of what it serves, if anything."""

_CITES = (Citation(source="15 CFR", pinpoint="738.4(a)"),)


def whichever_rules(code: str, rows: Sequence[Row], tables: Tables, *, places: Callable[[Row], When]) -> Iterator[Live]:
    """A requirement that covers everything the code can still mean, and what sets it aside; nothing for a full code."""
    meant = _meant(code, rows, tables)
    if len(meant) < 2:
        return
    covers = {frozenset(n for n, row in enumerate(rows) if _covers(row, m, tables)) for m in meant}
    always = frozenset.intersection(*covers)  # rows that decide by themselves
    covers = {cover - always for cover in covers}
    least = [c for c in covers if not any(other < c for other in covers)]
    if not all(least):
        return
    ways = [_any([places(rows[n]) for n in sorted(cover)]) for cover in sorted(least, key=sorted)]
    rule = f"us.ear.ccl.{code}.whichever"
    here = Test.model_validate({"fact": "item.control", "under": code})
    yield _live(
        rule,
        f"{code}: a licence whichever paragraph or purpose is meant",
        Effect.REQUIRES,
        AllOf(all=(here, *ways)),
        reason=_common(rows, covers),
        says=f"Every item that {code} can still mean here needs a licence to this destination.",
    )
    yield _live(
        f"{rule}.named",
        f"{code}: the paragraph and purpose are stated",
        Effect.EXCUSES,
        AllOf(all=(here, *_stated(code, rows, tables))),
        lifts=(rule,),
        says="Once the paragraph and what the item serves are stated, the rows of the entry decide by themselves.",
    )


def full(code: str, tables: Tables) -> bool:
    """Does the list print nothing below this code?"""
    return not tables.rows("ccl_paragraphs", "parent", code)


def _stated(code: str, rows: Iterable[Row], tables: Tables) -> Iterator[When]:
    if not full(code, tables):
        yield Test.model_validate({"fact": "item.code_is_full", "is": True})
    if any(row["serves"] for row in rows):
        yield Test.model_validate({"fact": "item.serves_stated", "is": True})


def _meant(code: str, rows: Sequence[Row], tables: Tables) -> list[Meant]:
    own = _leaves(code, tables)
    speaking = [row for row in rows if row["serves"] and not row["basis"].startswith("742.6(a)(6)")]
    served = sorted({leaf for row in speaking for leaf in _served(row, tables)})
    if speaking and not served:
        return []
    return [(c, s) for c in own for s in served or [""]]


def _served(row: Row, tables: Tables) -> list[str]:
    """What a row says the software or technology can be for, full codes, without what it leaves out.

    A paragraph that no row of its own entry controls is another agency's (ITAR, NRC), and so is technology for it.
    """
    tokens = row["serves"].split()
    barred = [t[1:] for t in tokens if t.startswith("-")]
    named = [t for t in tokens if not t.startswith(("-", "reason:", "usml:"))]
    found = (leaf for t in named for leaf in _leaves(t, tables) if not _under(leaf, barred))
    return [leaf for leaf in found if any(reasons_of(leaf, tables))]


def _leaves(code: str, tables: Tables) -> list[str]:
    below = [r["code"] for r in tables.rows("ccl_paragraphs", "parent", code) if not r["reserved"]]
    return [leaf for c in below for leaf in _leaves(c, tables)] or [code]


def _covers(row: Row, meant: Meant, tables: Tables) -> bool:
    code, serves = meant
    if not _under(code, row["includes"].split()) or _under(code, row["excludes"].split(), maybe=True):
        return False
    tokens = row["serves"].split()
    wanted = [t for t in tokens if not t.startswith(("-", "reason:"))]
    barred = [t[1:] for t in tokens if t.startswith("-")]
    reasons = {t.removeprefix("reason:") for t in tokens if t.startswith("reason:")}
    if (wanted and not _under(serves, wanted)) or _under(serves, barred, maybe=True):
        return False
    return not reasons or bool(reasons & reasons_of(serves, tables)[0])


def reasons_of(code: str, tables: Tables) -> tuple[frozenset[str], frozenset[str]]:
    """The reasons for which this code is surely controlled, and those that its paragraph or a condition may add."""
    sure: set[str] = set()
    maybe: set[str] = set()
    for row in tables.rows("ccl_controls", "eccn", code[:5]):
        reach = [code_under(code, c) for c in row["includes"].split()]
        out = [code_under(code, c) for c in row["excludes"].split()]
        if Verdict.TRUE in out or all(v is Verdict.FALSE for v in reach):
            continue
        certain = Verdict.TRUE in reach and Verdict.UNKNOWN not in out and not row["condition"] and not row["serves"]
        (sure if certain else maybe).add(row["reason"])
    return frozenset(sure), frozenset(maybe - sure)


def _under(code: str, targets: Sequence[str], *, maybe: bool = False) -> bool:
    """Is the code at or below one of these codes, or, with `maybe`, could it turn out to be?"""
    if not _beginnings(code).isdisjoint(targets):
        return True
    return maybe and any(t.startswith(code + ".") for t in targets)


@lru_cache(maxsize=16384)
def _beginnings(code: str) -> frozenset[str]:
    """The code and every paragraph it lies under."""
    parts = code.split(".")
    return frozenset(".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _common(rows: Sequence[Row], covers: Iterable[frozenset[int]]) -> str:
    counted = Counter(rows[n]["reason"] for cover in covers for n in cover if rows[n]["reason"] != "AT")
    return counted.most_common(1)[0][0] if counted else "AT"


def _any(tests: list[When]) -> When:
    return tests[0] if len(tests) == 1 else AnyOf(any=tuple(tests))


def _live(
    rule: str,
    title: str,
    effect: Effect,
    when: When,
    *,
    says: str,
    reason: str | None = None,
    lifts: tuple[str, ...] = (),
) -> Live:
    version = RuleVersion(
        **{"from": date(2025, 1, 1)},
        effect=effect,
        reason=reason,
        relief="carve_out" if lifts else None,
        authorisation="the stated paragraph" if lifts else None,
        lifts=lifts,
        when=when,
        says=says,
        cites=_CITES,
    )
    return Live(rule, title, version)
