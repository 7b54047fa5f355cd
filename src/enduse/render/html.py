"""A decision as one self-contained page that prints well: no script, no outside file, safe for any text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from enduse.model.assessment import Assessment
from enduse.model.determination import Decision, Determination, LineAnswer, OpenPoint, Outcome, ReliefState
from enduse.model.finding import Finding, Step
from enduse.model.law import Citation
from enduse.render.words import LANE, MARK, OUTCOME, TO_DO, advice, deciding, headline, jurisdiction, odds, subject

_STYLE = """
:root{--ink:#1a1a1a;--soft:#5b6470;--line:#d9dee4;--go:#1f7a3d;--wait:#9a6700;--stop:#b42318;--paper:#fff}
*{box-sizing:border-box}
body{margin:0;background:#f4f6f8;color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:2rem auto;background:var(--paper);padding:2rem 2.5rem;border:1px solid var(--line)}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:0}
h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
.banner{font-size:1.6rem;font-weight:700;margin:.25rem 0 1rem;padding:.6rem .9rem;border-left:.5rem solid}
.cleared{color:var(--go);background:#eaf6ee}
.open{color:var(--wait);background:#fdf6e3}
.stopped{color:var(--stop);background:#fdecea}
ul,ol{margin:.25rem 0;padding-left:1.4rem}
li{margin:.3rem 0}
.cite{color:var(--soft);font-size:.85rem}
details{margin:.2rem 0 .4rem}
summary{cursor:pointer;color:var(--soft);font-size:.85rem}
.trace{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
.trace ul{list-style:none;padding-left:1.1rem}
.yes{color:var(--go)}
.no{color:var(--soft)}
.unknown{color:var(--wait)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
td,th{text-align:left;border-bottom:1px solid var(--line);padding:.3rem .5rem;vertical-align:top}
footer{color:var(--soft);font-size:.85rem}
@media print{
body{background:none}
main{border:0;margin:0;max-width:none;padding:0}
details>*{display:block}
h2{break-after:avoid}
li,table{break-inside:avoid}
}
@media(max-width:40rem){main{margin:0;padding:1rem}}
"""


def decision_page(decision: Decision) -> str:
    """The page, as text."""
    name = escape(decision.transaction.id or "This transaction")
    day = f"{decision.as_of:%d %B %Y}".lstrip("0")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{name}: {escape(headline(decision))}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{name}, decided for {day}</h1><p>{escape(subject(decision.transaction))}</p>"
        f'<p class="banner {decision.clearance.value}">{escape(headline(decision))}</p>'
        f"{''.join(_determination(d) for d in decision.determinations)}"
        f"{_risk(decision.assessment)}{_todo(decision)}{_papers(decision)}{_basis(decision)}"
        "</main></body></html>\n"
    )


def _determination(determination: Determination) -> str:
    many = len(determination.lines) > 1
    body = "".join(_answer(a, many=many) for a in determination.lines)
    notes = _list(escape(n) for n in determination.notes)
    coverage = ""
    if any(a.outcome.permits for a in determination.lines) and determination.omits:
        coverage = (
            f'<p class="cite">Modelled: {escape("; ".join(determination.covers))}.<br>'
            f"Not modelled: {escape('; '.join(o.rstrip('.') for o in determination.omits))}.</p>"
        )
    return f"<section><h2>{escape(jurisdiction(determination))}</h2>{body}{notes}{coverage}</section>"


def _answer(answer: LineAnswer, *, many: bool) -> str:
    usable = dict.fromkeys(r.authorisation for r in answer.reliefs if r.state is ReliefState.AVAILABLE)
    named = f" ({', '.join(usable)})" if answer.outcome is Outcome.EXCEPTION_AVAILABLE else ""
    head = f"{f'Line {answer.line}: ' if many else ''}{OUTCOME[answer.outcome]}{named}"
    parts = [f"<h3>{escape(head)}{' on these facts' if answer.outcome.permits else ''}.</h3>"]
    parts.append(_list(_finding(f) for f in deciding(answer)))
    if named:
        for relief in answer.reliefs:
            if relief.state is ReliefState.AVAILABLE and relief.conditions:
                parts.append(f"<p>To use {escape(relief.authorisation)}:</p>{_list(map(escape, relief.conditions))}")
    if not answer.outcome.permits:
        open_ = [r for r in answer.reliefs if r.state is ReliefState.OPEN]
        if open_:
            parts.append("<p>An exception may still answer it, if:</p>")
            parts.append(
                _list(f"{escape(r.authorisation)}: {escape(' '.join(r.needs))} {_cites(r.cites[:2])}" for r in open_)
            )
    if answer.assuming:
        count = len(answer.assuming)
        parts.append(f"<p>It rests on {count} assumption{'' if count == 1 else 's'}, under “Confirm” below.</p>")
    return "".join(parts)


def _finding(finding: Finding) -> str:
    open_ = " (open)" if finding.verdict.value == "unknown" else ""
    policy = f" Review policy: {escape(finding.policy.rstrip('.'))}." if finding.policy else ""
    return (
        f"{escape(finding.says)}{open_} {_cites(finding.cites)}{policy}"
        f'<details><summary>why</summary><div class="trace"><ul>{_step(finding.step)}</ul></div></details>'
    )


def _step(step: Step) -> str:
    mark = MARK[step.verdict]
    told = escape(step.said) + (f" (is {escape(step.found)})" if step.found else "")
    told += " (assumed)" if step.fact and step.verdict is not step.firm else ""
    told += f" [{escape(step.evidence)}]" if step.evidence else ""
    inner = f"<ul>{''.join(map(_step, step.because))}</ul>" if step.because else ""
    return f'<li><b class="{mark if mark != "?" else "unknown"}">{mark}</b> {told}{inner}</li>'


def _risk(found: Assessment | None) -> str:
    if found is None:
        return ""
    rows = [
        f"<tr><td>{i.contribution:+.1f}</td><td>{escape(i.says)} {_cites(i.cites[:1])}</td>"
        f"<td>{escape('; '.join(f'{t.where}: “{t.words}”' for t in i.triggers[:3]))}</td></tr>"
        for i in (*found.indicators, *found.mitigating)
    ]
    table = f"<table><tr><th>Weight</th><th>Indicator</th><th>Shown by</th></tr>{''.join(rows)}</table>" if rows else ""
    return (
        "<section><h2>Risk of diversion (apart from what the law requires)</h2>"
        f"<h3>{escape(LANE[found.lane])}: {escape(found.because)}.</h3><p>{escape(odds(found))}</p>{table}</section>"
    )


def _todo(decision: Decision) -> str:
    if not decision.open_points:
        return ""
    rows = [_point(p) for p in decision.open_points if p.kind not in {"confirm", "review"}]
    for kind, head in (("confirm", "Confirm, each by somebody who can know it:"), ("review", "Check by hand:")):
        inner = [f"{escape(p.says)} {_cites(p.cites[:4])}" for p in decision.open_points if p.kind == kind]
        if inner:
            rows.append(f"<b>{head}</b>{_list(inner)}")
    return f"<section><h2>What to do next</h2><ol>{''.join(f'<li>{r}</li>' for r in rows)}</ol></section>"


def _point(point: OpenPoint) -> str:
    return f"<b>{escape(TO_DO.get(point.kind, point.kind))}</b> {escape(point.says)} {_cites(point.cites[:4])}"


def _papers(decision: Decision) -> str:
    rows = dict.fromkeys(
        f"<b>{escape(f.title)}</b>: {escape(f.says)} {_cites(f.cites)}{_list(map(escape, f.conditions))}"
        for d in decision.determinations
        for a in d.lines
        for f in advice(a)
    )
    return f"<section><h2>What to prepare and keep</h2>{_list(rows)}</section>" if rows else ""


def _basis(decision: Decision) -> str:
    rows = [("Rules", f"{d.pack} {d.pack_version}", d.pack_digest) for d in decision.determinations]
    rows += [("List", f"{s.title} of {s.as_of}, {s.parties:,} parties", s.digest) for s in decision.snapshots]
    rows.append(("Facts", decision.transaction.id or "this transaction", decision.transaction_digest))
    body = "".join(f"<tr><td>{escape(k)}</td><td>{escape(v)}</td><td>{escape(d[:16])}</td></tr>" for k, v, d in rows)
    return (
        "<section><h2>On what this rests</h2><table><tr><th>What</th><th>Which</th><th>Digest</th></tr>"
        f"{body}</table></section><footer><p>Enduse {escape(decision.enduse)}. "
        "This is not legal advice; the printed law governs.</p></footer>"
    )


def _list(items: Iterable[str]) -> str:
    rows = "".join(f"<li>{i}</li>" for i in items)
    return f"<ul>{rows}</ul>" if rows else ""


def _cites(cites: Iterable[Citation]) -> str:
    told = "; ".join(map(str, cites))
    return f'<span class="cite">[{escape(told)}]</span>' if told else ""
