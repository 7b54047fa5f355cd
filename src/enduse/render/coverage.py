"""The coverage page of a pack, in Markdown: section by section where it lists its sections, and rule by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from enduse.model.law import Effect
from enduse.rules.coverage import Covered, Treatment, rules_from_rows
from enduse.rules.pack import RulePack

_SHOWN = 5


def coverage_page(pack: RulePack, covered: Sequence[Covered] = ()) -> str:
    """What a pack models, what it asks, and what it leaves out; counts first."""
    info = pack.info
    texts = sum(len(r.versions) for r in pack.rules)
    lines = [f"# {info.title}: coverage", "", f"Version {info.version}, reviewed {info.as_reviewed_on}; law from "]
    lines[-1] += f"{info.covers_from} on. {len(pack.rules)} rules ({texts} dated texts), {len(pack.tables)} tables."
    if covered:
        lines += ["", *_legend(covered), "", *_counts(covered), *_categories(pack), *_parts(covered, pack)]
    else:
        lines += ["", "Covers:", "", *(f"- {c}" for c in info.covers)]
    lines += ["", "## Left out, and said so", ""]
    lines += [f"- {o.says}{_where(o.when is None)}" for o in info.omits] or ["- Nothing known."]
    return "\n".join([*lines, "", "## Rule by rule", "", *_rules(pack)]) + "\n"


def _where(always: bool) -> str:
    return " Printed with every answer that permits." if always else " Printed where an order could touch it."


_MEANS = {
    Treatment.MODELLED: "rules or rows of tables decide, from the order's own facts",
    Treatment.QUESTION: "every rule turns on a named question that somebody must answer",
    Treatment.CARRIED: "no rule cites it: tables, facts or the rules named carry it",
    Treatment.DESCRIBED: "what to prepare, report or keep is told; it decides nothing",
    Treatment.OMITTED: "decides no order, for the reason given",
    Treatment.LEFT_OUT: "could touch an order; answers that permit say so, and stay open until somebody checked",
    Treatment.RELIEF_LEFT_OUT: "could only relieve: without it the answer errs towards a licence",
    Treatment.RESERVED: "no text",
}


def _legend(covered: Sequence[Covered]) -> Iterator[str]:
    used = Counter(c.treatment for c in covered)
    yield f"{len(covered)} sections and supplements:"
    yield ""
    for treatment in Treatment:
        if used[treatment]:
            yield f"- **{treatment}** ({used[treatment]}): {_MEANS[treatment]}."


def _counts(covered: Sequence[Covered]) -> Iterator[str]:
    used = [t for t in Treatment if any(c.treatment is t for c in covered)]
    yield f"| part | sections | {' | '.join(used)} | rules | rules from rows |"
    yield "| --- |" + " ---: |" * (len(used) + 3)
    for part, sections in _by_part(covered).items():
        counted = Counter(c.treatment for c in sections)
        cells = " | ".join(str(counted[t] or "") for t in used)
        rules = len({r for c in sections if c.treatment is not Treatment.OMITTED for r in c.rules})
        rows = sum(c.from_rows for c in sections)
        yield f"| {part} | {len(sections)} | {cells} | {rules or ''} | {rows or ''} |"


def _by_part(covered: Iterable[Covered]) -> dict[str, list[Covered]]:
    parts: defaultdict[str, list[Covered]] = defaultdict(list)
    for c in covered:
        parts[c.section.part].append(c)
    return parts


def _categories(pack: RulePack) -> Iterator[str]:
    """The rules that stand in the rows of a control list, by the category its codes begin with."""
    made = rules_from_rows(pack)
    if not any(made.values()):
        return
    yield from ("", "## Rules from the rows of the control list", "")
    yield "| category | entries | entries with rules | rules | that require a licence | that relieve | that inform |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for category in sorted({code[0] for code in made}):
        entries = {code: lives for code, lives in made.items() if code[0] == category}
        lives = [live.version.effect for found in entries.values() for live in found]
        requires, relieves = lives.count(Effect.REQUIRES), lives.count(Effect.EXCUSES)
        busy = sum(1 for found in entries.values() if found)
        rest = len(lives) - requires - relieves
        yield f"| {category} | {len(entries)} | {busy} | {len(lives)} | {requires} | {relieves} | {rest} |"


def _parts(covered: Sequence[Covered], pack: RulePack) -> Iterator[str]:
    for part, sections in _by_part(covered).items():
        yield from ("", f"## {part}", "", "| section | about | status | stands in | asks | remarks |")
        yield "| --- | --- | --- | --- | --- | --- |"
        yield from (_row(c, pack) for c in sections)


def _row(c: Covered, pack: RulePack) -> str:
    s = c.section
    return f"| {s.section} | {s.title} | {c.treatment} | {_stands(c, pack)} | {_asks(c)} | {s.says} |"


def _stands(c: Covered, pack: RulePack) -> str:
    """The rules by id (without the part all of a pack share), and how many rows."""
    shared = f"{pack.info.id.replace('_', '.')}."
    said = [f"{len(c.rules)} rules: " * (len(c.rules) > 1) + ", ".join(f"`{r.removeprefix(shared)}`" for r in c.rules)]
    said += [f"{c.from_rows} rules from rows"] * bool(c.from_rows)
    said += [", ".join(f"{n} rows of {t}" for t, n in sorted(c.rows.items()))] if c.rows else []
    said += [", ".join(f"`{n}`" for n in c.section.by if n not in c.asks)]
    return "; ".join(part for part in said if part)


def _asks(c: Covered) -> str:
    shown = ", ".join(f"`{a}`" for a in c.asks[:_SHOWN])
    return shown + f" and {len(c.asks) - _SHOWN} more" * (len(c.asks) > _SHOWN)


def _rules(pack: RulePack) -> Iterator[str]:
    yield "| rule | title | effect | in force | cites |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in sorted(pack.rules, key=lambda r: r.id):
        for v in rule.versions:
            when = f"{v.from_} to {v.to or 'open'}" + ("" if v.status == "in_force" else f" ({v.status})")
            yield f"| {rule.id} | {rule.title} | {v.effect.value} | {when} | {v.cites[0]} |"
