"""`enduse screen`: who on the loaded lists may a party be?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from enduse.cli.common import Day, screening_desk, today
from enduse.model.determination import Screening
from enduse.model.party import Identifier, Party, PartyKind


@click.command()
@click.argument("name", required=False)
@click.option("--country", help="Country, ISO two letters.")
@click.option("--kind", type=click.Choice([k.value for k in PartyKind]), default="unknown", show_default=True)
@click.option("--born", type=Day(), default=None, help="Birth date, YYYY-MM-DD.")
@click.option("--id", "identifiers", multiple=True, metavar="KIND=VALUE", help="An identifier: imo=9123456.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Most hits of one party.")
@click.option("--floor", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Least score of a hit.")
@click.option("--as-of", type=Day(), default=None, help="Day whose judgements apply, YYYY-MM-DD (today).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--in", "source", type=click.Path(path_type=Path), help="Screen every row of a CSV, JSON lines or Parquet file."
)
@click.option("--out", type=click.Path(path_type=Path), help="Where the answers go: .csv, .jsonl or .parquet.")
@click.option("--name-column", help="Column of the names, where its heading is not a usual one.")
@click.option("--country-column", help="Column of the countries.")
@click.option("--key-column", help="Column of your own number of the party.")
@click.option("--column", "more_columns", multiple=True, metavar="MEANING=HEADING", help="Any other column: birth=DOB.")
@click.option("--encoding", help="Encoding of the file (UTF-8, or as its first bytes say).")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option(
    "--stream",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Screen against this JSON-lines list; queries in, hits out.",
)
def screen(
    name: str | None,
    country: str | None,
    kind: str,
    born: date | None,
    identifiers: tuple[str, ...],
    limit: int,
    floor: float,
    as_of: date | None,
    form: str,
    source: Path | None,
    out: Path | None,
    name_column: str | None,
    country_column: str | None,
    key_column: str | None,
    more_columns: tuple[str, ...],
    encoding: str | None,
    jobs: int,
    stream: Path | None,
) -> int:
    """Screen NAME, or every row of a file (--in, --out), against every list loaded, with the reasons.

    A file is screened in pieces; stopped and run again, it goes on where it stopped. Rows that cannot be read stand in
    OUT.refused.csv with row, field and reason.

    Exit code: 0 nothing alike, 1 at least one likely match, 2 possible matches to judge, or rows not screened.
    """
    if stream is not None:
        from enduse.screen.stream import serve

        serve(stream, sys.stdin, sys.stdout)
        return 0
    if source is not None or out is not None:
        if source is None or out is None or name:
            raise click.UsageError("a file is screened with --in FILE --out FILE, and without a NAME")
        from enduse.cli.table import columns_of, screen_table

        columns = columns_of(name_column, country_column, key_column, more_columns)
        return screen_table(
            source, out, columns, as_of=as_of or today(), encoding=encoding, limit=limit, floor=floor, jobs=jobs
        )
    party = _party(name, country, kind, born, identifiers)
    desk = screening_desk()
    found = desk.screen(party, as_of=as_of or today(), limit=limit, floor=floor)
    stale = [s.title for s in desk.watch.snapshots if s.stale_on(today())] if desk.watch else []
    click.echo(found.model_dump_json(indent=2) if form == "json" else "\n".join(_text(found, stale)))
    return _exit(found)


def _party(name: str | None, country: str | None, kind: str, born: date | None, identifiers: tuple[str, ...]) -> Party:
    from enduse.batch.rows import party_of
    from enduse.cli.table import pairs

    if not (name or "").strip() and not identifiers:
        raise click.UsageError("give a NAME or an --id" if name is None else "the NAME is empty")
    said = {"name": name or "", "country": country or "", "kind": kind, "birth": str(born) if born else ""}
    party = party_of(said) if name else party_of({**said, "name": "without a name"})
    numbers = tuple(Identifier(kind=k, value=v) for k, v in pairs("--id", identifiers, "imo=9123456").items())
    return party.model_copy(update={"name": name, "identifiers": numbers})


def _text(found: Screening, stale: Iterable[str]) -> Iterator[str]:
    yield f"{found.party}: {len(found.hits)} possible match(es) on {', '.join(found.asked)}"
    for hit in found.hits:
        where = f"{hit.list}{':' + hit.source if hit.source else ''}"
        yield f"\n{hit.probability:>5.0%}  {hit.name}   {where} {hit.id}   score {hit.score:.2f}"
        if hit.judged:
            yield f"       {hit.judged}"
        if hit.programmes:
            yield f"       programmes: {', '.join(hit.programmes)}"
        for feature in hit.features:
            yield f"       {feature.contribution:+.2f}  {feature.name}: {feature.said}"
    for title in stale:
        yield f"\nnote: {title} is older than its cadence allows; import a newer edition"


def _exit(found: Screening) -> int:
    from enduse.batch.answers import strictest_state

    return {"listed": 1, "possible": 2}.get(strictest_state(found), 0)
