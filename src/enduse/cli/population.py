"""`enduse population` and `enduse rescreen`: your partners, kept, and screened again for what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from enduse.cli.common import Day, today
from enduse.shelf import home

if TYPE_CHECKING:
    from enduse.model.population import Change


@click.group()
def population() -> None:
    """Your partners, kept so that only what changed is screened again."""


@population.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key-column", help="Column of your own number of the partner.")
@click.option("--name-column", help="Column of the names, where its heading is not a usual one.")
@click.option("--country-column", help="Column of the countries.")
@click.option("--column", "more_columns", multiple=True, metavar="MEANING=HEADING", help="Any other column: birth=DOB.")
@click.option("--encoding", help="Encoding of the file (UTF-8, or as its first bytes say).")
@click.option("--replace", is_flag=True, help="Partners that are not in FILE leave the population.")
def import_(
    file: Path,
    key_column: str | None,
    name_column: str | None,
    country_column: str | None,
    more_columns: tuple[str, ...],
    encoding: str | None,
    replace: bool,
) -> int:
    """Take in the partners of FILE (.csv, .jsonl or .parquet); one that says the same as before keeps its screening."""
    from enduse.batch.members import take_in
    from enduse.cli.table import columns_of, progress
    from enduse.store.sqlite import open_store

    columns = columns_of(name_column, country_column, key_column, more_columns)
    with open_store(home()) as store:
        done = take_in(
            store, file, on=today(), columns=columns, encoding=encoding, replace=replace, tell=progress("importing")
        )
        count = store.count()
    i = done.imported
    click.echo(f"{i.new:,} new, {i.changed:,} changed, {i.same:,} as before, {i.left:,} left; {count:,} partners")
    if not done.keyed:
        click.echo("no column of keys: partners are known by all that is said of them (--key-column)", err=True)
    if done.refused:
        click.echo(f"{done.problems:,} cells or rows could not be read; reasons in {done.refused}", err=True)
    if done.unused:
        click.echo(f"columns not used: {', '.join(done.unused)}", err=True)
    return 2 if done.problems else 0


@population.command()
def status() -> int:
    """How many partners there are, how many wait to be screened again, and the hits that stand."""
    from collections import Counter

    from enduse.batch.answers import state_of
    from enduse.batch.rescreen import basis_of
    from enduse.store.sqlite import kept_store
    from enduse.watch import open_watch

    store, watch = kept_store(home()), open_watch(home())
    if store is None or not store.count():
        click.echo("no partner is kept; enduse population import FILE")
        return 2
    now = basis_of(watch) if watch else None
    bases = store.bases()
    waiting = sum(n for basis, n in bases.items() if basis is None or basis != now)
    states = Counter(state_of(f.hit) for f in store.all_found())
    click.echo(
        f"{store.count():,} partners: {waiting:,} wait to be screened, of which {bases.get(None, 0):,} new or changed"
    )
    click.echo("hits: " + (", ".join(f"{n:,} {s}" for s, n in sorted(states.items())) or "none"))
    if watch is None:
        click.echo("no list is loaded; enduse lists import FILE ...")
    elif waiting:
        click.echo("enduse rescreen brings them up to date")
    return 2 if waiting else 0


@population.command()
@click.option("--since", type=Day(), default=None, help="From this day on.")
@click.option("--out", type=click.Path(path_type=Path), help="Write them here (.csv or .jsonl).")
def changes(since: date | None, out: Path | None) -> int:
    """The log of hits that were new, changed or gone."""
    from enduse.store.sqlite import kept_store

    store = kept_store(home())
    found = store.changes(since=since) if store else iter(())
    if out is None:
        for change in found:
            click.echo(_line(change))
        return 0
    _write(found, out)
    return 0


@click.command()
@click.option(
    "--since", type=Day(), default=None, help="Ask again for all that changed after the editions of this day."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--as-of", type=Day(), default=None, help="Day the changes are logged under (today).")
@click.option("--show", type=click.IntRange(0), default=20, show_default=True, help="Most changes shown.")
def rescreen(since: date | None, jobs: int, as_of: date | None, show: int) -> int:
    """Screen the population again for what changed: on the lists, or in the partners.

    Stopped and run again, it goes on where it stopped. Exit code: 0 no new or changed hit, 2 hits to look at.
    """
    from enduse.batch.rescreen import rescreen as screen_again
    from enduse.cli.table import progress, say_lists
    from enduse.errors import StoreError
    from enduse.store.sqlite import kept_store

    store, day = kept_store(home()), as_of or today()
    if store is None or not store.count():
        raise StoreError("no partner is kept", hint="enduse population import FILE")
    before = sum(1 for _ in store.changes(since=day))
    done = screen_again(store, home=home(), as_of=day, since=since, jobs=jobs, tell=progress("rescreening"))
    click.echo(
        f"{done.partners:,} partners looked at, {done.in_full:,} asked in full "
        f"({done.entries:,} entries new or changed): {done.new:,} new hits, "
        f"{done.changed:,} changed, {done.gone:,} gone"
    )
    say_lists(day)
    for number, change in enumerate(store.changes(since=day)):
        if before <= number < before + show:
            click.echo(_line(change))
    if done.new + done.changed + done.gone > show:
        click.echo(f"... all of them: enduse population changes --since {day} --out FILE.csv")
    return 2 if done.new or done.changed else 0


def _line(change: Change) -> str:
    hit = change.hit
    entry = f"{hit.name} ({hit.list}{':' + hit.source if hit.source else ''} {hit.id}), {hit.probability:.0%}"
    judged = f"; {hit.judged}" if hit.judged else ""
    return f"{change.on} {change.kind:<7} {change.key} {change.party} ~ {entry}: {change.why}{judged}"


def _write(found: Iterable[Change], out: Path) -> None:
    from enduse.batch.frame import form_of
    from enduse.batch.parts import csv_text, whole
    from enduse.errors import InputError

    form = form_of(out)
    if form == "parquet":
        raise InputError("the log is written as .csv or .jsonl", place=out.name)
    if form == "jsonl":
        whole(out, "".join(c.model_dump_json() + "\n" for c in found).encode())
        return
    columns = ("on", "kind", "key", "party", "list", "source", "id", "name", "probability", "why", "judged")
    rows = (
        {
            **c.hit.model_dump(mode="json", exclude={"features"}),
            **c.model_dump(mode="json", exclude={"hit"}),
            "judged": str(c.hit.judged) if c.hit.judged else None,
        }
        for c in found
    )
    whole(out, (",".join(columns) + "\n" + csv_text(rows, columns)).encode())
