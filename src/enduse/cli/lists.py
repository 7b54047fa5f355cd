"""`enduse lists`: the party lists this user has, where they come from, how old they are, what changed."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from enduse.cli.common import Day, today
from enduse.errors import InputError, ListError
from enduse.model.listing import Snapshot
from enduse.shelf import home
from enduse.sources import snapshot as store
from enduse.sources.catalogue import lists as catalogue
from enduse.sources.fetch import Progress


@click.group()
def lists() -> None:
    """Import, download, compare and check the official party lists."""


@lists.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--list", "list_id", help="Which list it is (recognised by content when not given).")
@click.option("--as-of", type=Day(), default=None, help="Day of the edition, where the file does not say.")
def import_(paths: tuple[Path, ...], list_id: str | None, as_of: date | None) -> int:
    """Import list files from PATHS: files of one list, or of several, or folders of them."""
    if as_of and as_of > today():
        raise InputError(f"{as_of} has not come yet", place="--as-of", hint="give the day of the edition")
    if list_id:
        done: tuple[Snapshot | ListError, ...] = (store.import_files(paths, home=home(), as_of=as_of, list_id=list_id),)
    else:
        done = store.import_each(paths, home=home(), as_of=as_of)
    for kept in done:
        if isinstance(kept, ListError):
            click.echo(f"not imported: {kept}", err=True)
            continue
        unread = store.audit_of(kept, home=home()).unread_count
        told = f", {unread} fields not understood (enduse lists audit {kept.list})" if unread else ""
        click.echo(f"{kept.list}: {kept.parties:,} parties of {kept.as_of}{told}")
    return 70 if any(isinstance(k, ListError) for k in done) else 0


@lists.command()
@click.argument("list_ids", nargs=-1)
@click.option("--mirror", help="Ask this address instead of the publishers: MIRROR/<list>/<part>.")
def sync(list_ids: tuple[str, ...], mirror: str | None) -> int:
    """Download LIST_IDS (default: every list that offers a download) from their publishers, check and keep them.

    A bad download never replaces a good list. Exit code 70 when a list was refused or could not be had.
    """
    from enduse.sources.sync import sync as synchronise

    wanted = list_ids or tuple(i.id for i in catalogue() if i.downloads)
    now = datetime.now().astimezone()
    reports = synchronise(wanted, home=home(), now=now, base_url=mirror, progress=_shown)
    click.echo("", err=True)
    for report in reports:
        changes = f" (+{report.added} -{report.removed} ~{report.changed})" if report.outcome == "updated" else ""
        click.echo(f"{report.list}: {report.outcome}{changes}: {report.said}")
    return 70 if any(r.outcome in {"refused", "failed"} for r in reports) else 0


def _shown(progress: Progress) -> None:
    """How far a download is, on one line of the terminal."""
    if sys.stderr.isatty():
        whole = f" of {progress.total / 1e6:.1f}" if progress.total else ""
        name = progress.address.rsplit("/", 1)[-1]
        click.echo(f"\r{name}: {progress.received / 1e6:.1f}{whole} MB (try {progress.attempt})   ", err=True, nl=False)


@lists.command()
@click.argument("list_id")
def audit(list_id: str) -> int:
    """What was not understood when the newest edition of LIST_ID was read."""
    kept = store.history(home(), list_id)
    if not kept:
        raise InputError(f"no edition of {list_id} is kept", hint="enduse lists import FILE ...")
    for line in store.audit_of(kept[-1], home=home()).summary(most=100) or ("everything was understood",):
        click.echo(line)
    return 0


@lists.command("catalogue")
def catalogue_() -> int:
    """The lists Enduse can read, with publisher, cadence and licence."""
    for info in catalogue():
        click.echo(f"{info.id:<24} {info.title}  ({info.publisher}; {info.cadence}; {info.licence})")
    return 0


@lists.command()
@click.option("--as-of", type=Day(), default=None)
def status(as_of: date | None) -> int:
    """Every list loaded: its day, its age against its cadence, how many parties, what was not understood."""
    found = store.status(home(), as_of or today())
    if not found:
        click.echo("no list is loaded; enduse lists import FILE ...")
        return 2
    for s in found:
        state = "STALE" if s.stale else "fresh"
        click.echo(
            f"{s.list:<24} {state}  of {s.as_of}, {s.age_days} days old (allowed {s.stale_after_days}), "
            f"{s.parties:,} parties, {s.snapshots} snapshot(s), {s.unread} fields not understood"
        )
    return 2 if any(s.stale for s in found) else 0


@lists.command()
@click.argument("list_id")
@click.argument("before", type=Day(), required=False)
@click.argument("after", type=Day(), required=False)
def diff(list_id: str, before: date | None, after: date | None) -> int:
    """What changed in LIST_ID between the editions of two days (by default the last two)."""
    kept = store.history(home(), list_id)
    if len(kept) < 2:
        raise InputError(f"{len(kept)} edition(s) of {list_id} kept; two are needed", hint="import another edition")
    old = next((s for s in kept if s.as_of == before), None) if before else kept[-2]
    new = next((s for s in kept if s.as_of == after), None) if after else kept[-1]
    if old is None or new is None:
        days = ", ".join(s.as_of.isoformat() for s in kept)
        raise InputError("no edition of that day is kept", hint=f"days kept: {days}")
    found = store.diff(old, new, home=home())
    click.echo(f"{list_id}: {old.as_of} to {new.as_of}")
    for mark, parties in (("+", found.added), ("-", found.removed)):
        for party in parties:
            click.echo(f"{mark} {party.id} {party.names[0].text if party.names else ''}")
    for change in found.changed:
        fields = ", ".join(f.field for f in change.fields)
        click.echo(f"~ {change.after.id} {change.after.names[0].text if change.after.names else ''}: {fields}")
    click.echo(f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed")
    return 0
