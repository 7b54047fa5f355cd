"""The figures as tables for the docs, bad ones too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from enduse.evaluate.determination import Report


def determination_tables(report: Report) -> str:
    """Every figure of a determination report, and every disagreement, as Markdown."""
    return "\n".join(_tables(report)) + "\n"


def _tables(report: Report) -> Iterator[str]:
    outside = ", ".join(f"{k} {v}" for k, v in report.out_of_scope.items()) or "none"
    yield f"{report.n} cases, {report.in_scope} in scope; out of scope (jurisdiction not modelled): {outside}."
    yield ""
    yield "| | cases | agreed | agreement | false clearances | false blocks | undetermined | explained by later law |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    whole: Mapping[str, int | float] = {
        "n": report.in_scope,
        "agreed": report.agreed,
        "agreement": report.agreement,
        "false_clearances": report.false_clearances,
        "false_blocks": report.false_blocks,
        "undetermined": report.undetermined,
        "explained_by_later_law": sum(v.explained_by is not None for v in report.disagreements),
    }
    yield _row("all", whole)
    for name, figures in report.by_jurisdiction.items():
        yield _row(name, figures)
    yield _row("older than the pack", report.older_than_pack)
    for name, figures in report.by_kind.items():
        yield _row(name.replace("_", " "), figures)
    yield ""
    yield (
        f"{report.turned_by_later_law} case(s) older than the pack have an answer that a later amendment, named by the "
        "case, has turned from barred to permitted or back; they count as disagreements, not as errors of the engine."
    )
    yield ""
    a, r = report.authorisations, report.reasons
    yield f"Authorisations named by the cases we agree on: {a['stated']}, found available: {a['found']}. "
    yield f"Reasons for control named: {r['stated']}, all found: {r['found']}."
    yield ""
    yield "### By source"
    yield ""
    yield "| source | cases | agreed | agreement | false clearances | false blocks | undetermined | explained |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, figures in report.by_source.items():
        yield _row(name.replace("|", "/"), figures)
    yield ""
    yield "### Disagreements, one by one"
    yield ""
    for v in report.disagreements:
        kind = "**false clearance**, " if v.false_clearance else "false block, " if v.false_block else ""
        told = "; ".join(v.because[:4])
        later = f" Explained by a later amendment: {v.explained_by}" if v.explained_by else ""
        yield (
            f"- `{v.id}` ({v.jurisdiction}, decided as of {v.decided_as_of}): {kind}published "
            f"{v.expected.value}, ours {v.ours.value}. {told}.{later}"
        )


def _row(name: str, f: Mapping[str, int | float]) -> str:
    return (
        f"| {name} | {f['n']} | {f['agreed']} | {f['agreement']:.1%} | {f['false_clearances']} | {f['false_blocks']} "
        f"| {f['undetermined']} | {f['explained_by_later_law']} |"
    )
