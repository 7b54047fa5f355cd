"""`enduse screen`: who on the loaded lists may a party be?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from enduse.cli.common import Day, open_desk, today
from enduse.errors import InputError, ListError
from enduse.model.determination import Screening
from enduse.model.party import Party, PartyKind


@click.command()
@click.argument("name", required=False)
@click.option("--country", help="Country, ISO two letters.")
@click.option("--kind", type=click.Choice([k.value for k in PartyKind]), default="unknown", show_default=True)
@click.option("--born", type=Day(), default=None, help="Birth date, YYYY-MM-DD.")
@click.option("--id", "identifiers", multiple=True, metavar="KIND=VALUE", help="An identifier: imo=9123456.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
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
    form: str,
    stream: Path | None,
) -> int:
    """Screen NAME against every list loaded, best match first, with the reasons.

    Exit code: 0 nothing alike, 1 at least one likely match, 2 possible matches to judge.
    """
    if stream is not None:
        from enduse.screen.stream import serve

        serve(stream, sys.stdin, sys.stdout)
        return 0
    party = _party(name, country, kind, born, identifiers)
    desk = open_desk(())
    if desk.watch is None:
        raise ListError("no list is loaded", hint="enduse lists import FILE ... or enduse lists sync")
    found = desk.screen(party, as_of=today())
    found = found.model_copy(update={"hits": found.hits[:limit]})
    stale = [s.title for s in desk.watch.snapshots if s.stale_on(today())]
    click.echo(found.model_dump_json(indent=2) if form == "json" else "\n".join(_text(found, stale)))
    return _exit(found)


def _party(name: str | None, country: str | None, kind: str, born: date | None, identifiers: Iterable[str]) -> Party:
    if not name and not identifiers:
        raise click.UsageError("give a NAME or an --id")
    pairs = []
    for text in identifiers:
        key, mark, value = text.partition("=")
        if not mark or not value:
            raise click.UsageError(f"--id {text!r}: write KIND=VALUE, for example imo=9123456")
        pairs.append({"kind": key, "value": value})
    try:
        return Party.model_validate(
            {"name": name, "country": country, "kind": kind, "birth_date": born, "identifiers": tuple(pairs)}
        )
    except ValueError as error:
        raise InputError(f"--country {country!r} is not an ISO code of two letters", hint="for example CN") from error


def _text(found: Screening, stale: Iterable[str]) -> Iterator[str]:
    yield f"{found.party}: {len(found.hits)} possible match(es) on {', '.join(found.asked)}"
    for hit in found.hits:
        where = f"{hit.list}{':' + hit.source if hit.source else ''}"
        yield f"\n{hit.probability:>5.0%}  {hit.name}   {where} {hit.id}   score {hit.score:.2f}"
        if hit.programmes:
            yield f"       programmes: {', '.join(hit.programmes)}"
        for feature in hit.features:
            yield f"       {feature.contribution:+.2f}  {feature.name}: {feature.said}"
    for title in stale:
        yield f"\nnote: {title} is older than its cadence allows; import a newer edition"


def _exit(found: Screening) -> int:
    from enduse.desk import CERTAIN, POSSIBLE

    best = max((h.probability for h in found.hits), default=0.0)
    return 1 if best >= CERTAIN else 2 if best >= POSSIBLE else 0
