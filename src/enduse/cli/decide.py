"""`enduse decide` and `enduse explain`: from an order to an answer, and from an answer to its reasons."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.termui import progressbar
from pydantic import ValidationError

from enduse.cli.common import as_of_option, open_desk, packs_option, sheet, today, write_whole
from enduse.errors import InputError
from enduse.model.determination import Clearance, Decision

if TYPE_CHECKING:
    from enduse.desk import Desk
    from enduse.intake import Row

EXIT = {Clearance.CLEARED: 0, Clearance.STOPPED: 1, Clearance.OPEN: 2}


@click.command()
@click.argument("order", type=click.Path(path_type=Path))
@as_of_option
@packs_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--trace", is_flag=True, help="Show every step of every finding, and why each exception is shut.")
@click.option("--no-lists", is_flag=True, help="Do not ask any list (nothing can then be cleared).")
@click.option(
    "--base-rate",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of your trade that is diverted.",
)
@click.option("--interview", is_flag=True, help="Ask the open questions one at a time and keep the answers in ORDER.")
@click.option("--by", default="", help="Who answers the interview (asked when not given).")
@click.option("--application", type=click.Path(path_type=Path), help="Write the data of a licence application here.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write here instead of to the terminal.")
def decide(
    order: Path,
    as_of: date | None,
    pack_names: tuple[str, ...],
    folders: tuple[Path, ...],
    form: str,
    trace: bool,
    no_lists: bool,
    base_rate: float | None,
    interview: bool,
    by: str,
    application: Path | None,
    output: Path | None,
) -> int:
    """Decide ORDER, a .toml, .json or .yaml transaction, or a .csv of many lines.

    Without --as-of the law of today applies, or of the day the order is planned for, if that is later.

    Exit code: 0 cleared, 1 stopped (licence needed or prohibited), 2 open, 64 and above misuse.
    """
    from enduse.intake import read_transaction

    desk = open_desk(pack_names, folders, lists=not no_lists, base_rate=base_rate)
    if order.suffix.lower() == ".csv":
        return _book(order, desk, as_of or today(), form=form, output=output)
    transaction = read_transaction(order)
    day = as_of or max(transaction.on or today(), today())
    if interview:
        from enduse.cli.interview import ask

        transaction = ask(transaction, desk, order, as_of=day, by=by)
    try:
        decision = desk.decide(transaction, as_of=day)
    except InputError as error:
        raise error.within(order.name) from error
    _write(_rendered(decision, form, trace=trace), output)
    if application is not None:
        _apply(decision, application)
    return EXIT[decision.clearance]


@click.command()
@click.argument("decision", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
def explain(decision: Path, form: str) -> int:
    """Explain DECISION, a decision saved as JSON, with every step of its trace."""
    try:
        found = Decision.model_validate_json(decision.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", place=str(decision)) from error
    except (ValidationError, RecursionError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": "nested too deeply"}
        raise InputError(
            f"not a decision: {'.'.join(map(str, first['loc']))}: {first['msg']}",
            place=decision.name,
            hint="save one with `enduse decide ORDER --format json -o DECISION.json`",
        ) from error
    _write(_rendered(found, form, trace=True), None)
    return EXIT[found.clearance]


def _rendered(decision: Decision, form: str, *, trace: bool) -> str:
    match form:
        case "json":
            return decision.model_dump_json(indent=2) + "\n"
        case "html":
            from enduse.render.html import decision_page

            return decision_page(decision)
        case _:
            from enduse.render.text import decision_text

            return decision_text(decision, sheet(trace=trace))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    write_whole(output, text)


def _apply(decision: Decision, path: Path) -> None:
    """Write the data of the applications that the decision asks for, and say what is missing for them."""
    from enduse.application import applications

    found = applications(decision)
    if not found:
        click.echo("no licence is required, so there is nothing to apply for", err=True)
        return
    _write("[\n" + ",\n".join(a.model_dump_json(indent=1) for a in found) + "\n]\n", path)
    for a in found:
        for missing in a.missing:
            click.echo(f"{a.jurisdiction}: still missing: {missing}", err=True)


def _book(path: Path, desk: Desk, day: date, *, form: str, output: Path | None) -> int:
    """Decide an order book: good orders are answered, bad ones go with their reason to a file beside it."""
    from enduse.intake import read_order_book

    answers: list[Decision] = []
    refused: list[Row] = []
    with progressbar(list(read_order_book(path)), label="deciding", file=sys.stderr) as rows:
        for row in rows:
            try:
                if row.error is not None or row.transaction is None:
                    raise row.error or InputError("not read", place=row.place)
                answers.append(desk.decide(row.transaction, as_of=day))
            except InputError as error:
                refused.append(row._replace(error=error if row.error else error.within(row.place)))
    _write(_book_text(answers, form), output)
    if refused:
        _refusals(path, refused)
    worst = [EXIT[a.clearance] for a in answers]
    return (
        65 if refused and not answers else max(worst, key=lambda c: (c == 1, c == 2), default=0) or 65 * bool(refused)
    )


def _book_text(answers: list[Decision], form: str) -> str:
    if form == "json":
        return "".join(a.model_dump_json() + "\n" for a in answers)
    from enduse.render.words import OUTCOME

    rows = [
        f"{a.transaction.id or '':<20} {a.clearance.value:<8} {OUTCOME[a.outcome]}"
        + (f" ({len(a.open_points)} open)" if a.open_points else "")
        for a in answers
    ]
    count = {c.value: sum(a.clearance is c for a in answers) for c in Clearance}
    return "\n".join([*rows, "", ", ".join(f"{n} {c}" for c, n in count.items())]) + "\n"


def _refusals(path: Path, refused: list[Row]) -> None:
    bad = path.with_name(f"{path.stem}.refused.csv")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["place", "what is wrong", "row"])
    for row in refused:
        writer.writerow([row.place, str(row.error), json.dumps(row.raw or {}, ensure_ascii=False)])
    write_whole(bad, out.getvalue())
    click.echo(f"{len(refused)} order(s) could not be read; see {bad}", err=True)
