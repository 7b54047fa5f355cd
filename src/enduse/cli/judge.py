"""`enduse judge` and `enduse judgements`: say whether a hit is the listed party, and see what was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from enduse.cli.common import Day, today
from enduse.errors import InputError, ListError
from enduse.model.hit import Judged, Standing
from enduse.model.judgement import Judgement
from enduse.model.listing import ListedParty
from enduse.model.party import Party, PartyKind
from enduse.shelf import home


@click.command()
@click.argument("party_file", metavar="[PARTY.toml]", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="The party's name, when there is no PARTY.toml.")
@click.option("--country", help="Its country, ISO two letters.")
@click.option("--kind", type=click.Choice([k.value for k in PartyKind]), default="unknown", show_default=True)
@click.option("--born", type=Day(), default=None, help="Birth date, YYYY-MM-DD.")
@click.option("--list", "list_id", required=True, help="The list the entry stands on: us_csl.")
@click.option("--id", "entry_id", required=True, help="The publisher's id of the entry, as `enduse screen` shows it.")
@click.option("--source", help="The sub-list, where one list has the id twice: EL.")
@click.option("--true/--false", "verdict", required=True, default=None, help="It is the listed party, or it is not.")
@click.option("--why", required=True, help="The reason, in words that will convince an auditor.")
@click.option("--by", required=True, help="Who says so.")
@click.option("--until", type=Day(), default=None, help="Last day on which this holds.")
@click.option("--on", "said_on", type=Day(), default=None, help="Day it is said (today).")
def judge(
    party_file: Path | None,
    name: str | None,
    country: str | None,
    kind: str,
    born: date | None,
    list_id: str,
    entry_id: str,
    source: str | None,
    verdict: bool,
    why: str,
    by: str,
    until: date | None,
    said_on: date | None,
) -> int:
    """Judge whether a party (PARTY.toml, or --name) is the entry --id of --list.

    The judgement holds until its last day, and only while the party and the entry stay as they are now.
    """
    from enduse.store.sqlite import open_store

    party = _party(party_file, name, country, kind, born)
    day = said_on or today()
    if until is not None and until < day:
        raise InputError(f"--until {until} is before {day}", hint="a judgement must hold on the day it is made")
    if not why.strip() or not by.strip():
        raise InputError("a judgement needs a reason and a name", hint='--why "..." --by "..."')
    entry = _entry(list_id, entry_id, source)
    judgement = Judgement.of(party, entry, verdict=verdict, why=why, by=by, on=day, until=until)
    with open_store(home()) as store:
        store.add(judgement)
    click.echo(_line(judgement, judgement.stands(party, entry, as_of=day)))
    return 0


@click.command()
@click.option("--open", "only_open", is_flag=True, help="Only those that no longer hold, and why.")
@click.option("--as-of", type=Day(), default=None, help="Day to look from (today).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def judgements(only_open: bool, as_of: date | None, form: str) -> int:
    """The judgements made, and whether they still hold against the lists loaded.

    Exit code: 0 all hold, 2 at least one is open again.
    """
    from enduse.store.sqlite import kept_store

    kept = kept_store(home())
    every = kept.all() if kept else ()
    shown = [(j, s) for j, s in _standing(every, as_of or today()) if not only_open or s.reopened]
    for judgement, judged in shown:
        row = {**judgement.model_dump(mode="json"), "standing": judged.standing.value, "reopened": judged.reopened}
        click.echo(_json(row) if form == "json" else _line(judgement, judged))
    if form == "text":
        click.echo(f"{len(shown)} judgement(s)" + (" open again" if only_open else f" of {len(every)} made"))
    return 2 if any(judged.reopened for _, judged in shown) else 0


def _standing(every: Iterable[Judgement], as_of: date) -> Iterator[tuple[Judgement, Judged]]:
    """The last word on each pair, and how it stands; what came before it is history."""
    from enduse.watch import open_watch

    watch = open_watch(home())
    last = {(j.party_digest, j.list, j.id, j.source): j for j in every if j.on <= as_of}
    for j in last.values():
        found = watch.entries(j.list, j.id) if watch else ()
        entry = next((e for e in found if e.source == j.source), None)
        if entry is None:
            loaded = watch is not None and any(s.list == j.list for s in watch.snapshots)
            why = "the entry is no longer on the list" if loaded else f"{j.list} is not loaded"
            stands = j.stands(j.party, j.entry, as_of=as_of)
            yield j, stands.model_copy(update={"standing": Standing.REOPENED, "reopened": why})
        else:
            yield j, j.stands(j.party, entry, as_of=as_of)


def _party(file: Path | None, name: str | None, country: str | None, kind: str, born: date | None) -> Party:
    from enduse.intake import read_party

    if (file is None) == (name is None):
        raise click.UsageError("give either a PARTY.toml or --name")
    if file is not None:
        return read_party(file)
    from enduse.batch.rows import party_of

    return party_of({"name": name or "", "country": country or "", "kind": kind, "birth": str(born) if born else ""})


def _entry(list_id: str, entry_id: str, source: str | None) -> ListedParty:
    import difflib

    from enduse.watch import open_watch

    watch = open_watch(home())
    if watch is None:
        raise ListError("no list is loaded", hint="enduse lists import FILE ... or enduse lists sync")
    loaded = [s.list for s in watch.snapshots]
    if list_id not in loaded:
        near = difflib.get_close_matches(list_id, loaded, 1)
        raise InputError(f"no list {list_id!r} is loaded", hint=f"loaded: {', '.join(near or loaded)}")
    found = [e for e in watch.entries(list_id, entry_id) if source in {None, e.source}]
    if not found:
        raise InputError(f"no entry {entry_id!r} on {list_id}", hint="`enduse screen NAME` shows the ids of its hits")
    if len(found) > 1:
        parts = ", ".join(e.source or "(none)" for e in found)
        raise InputError(f"{entry_id!r} stands on {list_id} more than once", hint=f"--source one of: {parts}")
    return found[0]


def _line(j: Judgement, judged: Judged) -> str:
    entry = f"{j.entry.names[0].text if j.entry.names else j.id} ({j.list}{':' + j.source if j.source else ''} {j.id})"
    return f"{j.party.name or 'a party without a name'} is {'' if j.verdict else 'not '}{entry}: {judged}"


def _json(row: dict[str, object]) -> str:
    import json

    return json.dumps(row, ensure_ascii=False)
