"""`enduse evaluate`: our answers held against published ones, errors counted in both directions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from enduse.cli.common import Day, open_desk, packs_option
from enduse.evaluate.determination import Report, evaluate_determinations


@click.group()
def evaluate() -> None:
    """Measure how right the answers are, on published cases."""


@evaluate.command()
@click.argument("cases", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@packs_option
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option(
    "--lists",
    "lists_home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Screen against the lists kept here.",
)
def determination(
    cases: Path, pack_names: tuple[str, ...], folders: tuple[Path, ...], form: str, lists_home: Path | None
) -> int:
    """Determinations against CASES, a JSON-lines file of published determinations."""
    from enduse.desk import Desk
    from enduse.evaluate.cases import Case, read_cases
    from enduse.model.determination import Determination

    desk = open_desk(pack_names, folders, lists=False)
    if lists_home is not None:
        from enduse.watch import open_watch

        desk = Desk(desk.packs, open_watch(lists_home))

    def decide(case: Case, day: date) -> Determination | None:
        return desk.determine(case.transaction, case.jurisdiction, as_of=day)

    earliest = {p.info.jurisdiction: p.info.covers_from for p in desk.packs}
    report = evaluate_determinations(read_cases(cases), decide, earliest=earliest)
    match form:
        case "json":
            click.echo(report.model_dump_json(indent=2))
        case "markdown":
            from enduse.evaluate.markdown import determination_tables

            click.echo(determination_tables(report), nl=False)
        case _:
            click.echo(_text(report))
    return 0 if report.false_clearances == 0 else 1


_RECORDS = click.Path(path_type=Path, exists=True, dir_okay=False)


@evaluate.command()
@click.option("--pairs", required=True, type=_RECORDS, help="Matched pairs: honest and evasive twin.")
@click.option("--swaps", type=_RECORDS, help="Pairs in which only what the law is blind for changes.")
@click.option("--enforcement", type=_RECORDS, help="Published enforcement cases.")
@click.option("--benign", type=_RECORDS, help="Published honest trade.")
@click.option("--as-of", type=Day(), default=None, help="Day whose tables apply.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def risk(
    pairs: Path, swaps: Path | None, enforcement: Path | None, benign: Path | None, as_of: date | None, form: str
) -> int:
    """The risk assessment against matched pairs, swaps and published cases; only `inputs` are read."""
    from enduse.evaluate.risk import AS_OF, evaluate_risk

    read = [_records(p) if p else [] for p in (pairs, swaps, enforcement, benign)]
    found = evaluate_risk(*read, as_of=as_of or AS_OF)
    if form == "json":
        import json

        click.echo(json.dumps(found, indent=2, ensure_ascii=False, default=str))
    else:
        for name, value in found.items():
            if isinstance(value, int | float | str):
                click.echo(f"{name.replace('_', ' ')}: {value}")
        for name in ("hard", "not_hard"):
            click.echo(f"{name.replace('_', ' ')}: {found[name]}")
        confusions = found["confusions"]
        for row in confusions if isinstance(confusions, list) else ():
            click.echo(f"  {row}")
    return 0


def _records(path: Path) -> list[dict[str, object]]:
    """The records of a JSON-lines file. Raises `InputError` naming the line that cannot be read."""
    from enduse.formats import records_of

    return [record for _, record in records_of(path)]


def _text(report: Report) -> str:
    outside = ", ".join(f"{k} {v}" for k, v in report.out_of_scope.items())
    older, papers, reasons = report.older_than_pack, report.authorisations, report.reasons
    groups = (("jurisdiction", report.by_jurisdiction), ("kind", report.by_kind))
    lines = [f"{report.n} cases, {report.in_scope} in scope" + (f"; out of scope: {outside}" if outside else "")]
    lines.append(
        f"agreement {report.agreement:.1%} ({report.agreed}); false clearances {report.false_clearances}; "
        f"false blocks {report.false_blocks}; undetermined {report.undetermined}"
    )
    for title, figures in groups:
        for name, f in figures.items():
            wrong = f"{f['false_clearances']} false clearances, {f['false_blocks']} false blocks"
            lines.append(f"  {title} {name}: {f['agreed']}/{f['n']} = {f['agreement']:.1%}, {wrong}")
    lines.append(f"  older than the pack, decided under its earliest edition: {older['agreed']}/{older['n']}")
    lines.append(
        f"authorisations named {papers['stated']}, found {papers['found']}; "
        f"reasons named {reasons['stated']}, found {reasons['found']}\n"
    )
    for v in report.disagreements:
        mark = "FALSE CLEARANCE " if v.false_clearance else "false block " if v.false_block else ""
        lines.append(f"{v.id} [{v.decided_as_of}]: {mark}published {v.expected.value}, ours {v.ours.value}")
        lines += [f"    {b}" for b in v.because[:6]]
        if v.explained_by:
            lines.append(f"    explained by a later amendment: {v.explained_by}")
    return "\n".join(lines)
