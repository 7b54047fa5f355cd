"""What commands on tables of parties share: which column is which, how far it is, how it came out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import click

from enduse.batch.run import Counts, Progress, screen_file
from enduse.shelf import home
from enduse.watch import open_watch

EVERY = 0.5
"""Seconds between two tellings of how far it is on a terminal; twenty times as long in a log."""


def pairs(option: str, texts: Iterable[str], example: str) -> dict[str, str]:
    """`KEY=VALUE` texts as a mapping."""
    found = {}
    for text in texts:
        key, mark, value = text.partition("=")
        if not mark or not key or not value:
            raise click.UsageError(f"{option} {text!r}: write KEY=VALUE, for example {example}")
        found[key] = value
    return found


def columns_of(name: str | None, country: str | None, key: str | None, more: Iterable[str]) -> dict[str, str]:
    """The user's own headings by meaning."""
    short = {"name": name, "country": country, "id": key}
    return {**{k: v for k, v in short.items() if v}, **pairs("--column", more, "birth=DOB")}


def progress(what: str) -> Callable[[Progress], None]:
    """Tells on stderr how far it is: in one line on a terminal, now and then in a log."""
    live = sys.stderr.isatty()
    began, last, first = time.monotonic(), 0.0, -1

    def tell(p: Progress) -> None:
        nonlocal last, first
        if first < 0:
            first = p.rows
            if p.resumed:
                click.echo(f"{what}: going on after {p.resumed:,} rows done before", err=True)
        passed = time.monotonic() - began
        if p.rows == first or passed - last < (EVERY if live else 20 * EVERY):
            return
        last = passed
        rate = (p.rows - first) / passed
        left = f", {(p.about - p.rows) / rate:,.0f} s left" if rate and p.about > p.rows else ""
        click.echo(f"{what}: {p.rows:,} of about {p.about:,}, {rate:,.0f}/s{left}" + " " * 8, err=True, nl=not live)
        if live:
            click.echo("\r", err=True, nl=False)

    return tell


def screen_table(
    source: Path,
    out: Path,
    columns: dict[str, str],
    *,
    as_of: date,
    encoding: str | None,
    limit: int,
    floor: float,
    jobs: int,
) -> int:
    """Screen a file into a file, and say how it came out."""
    done = screen_file(
        source, out, home=home(), as_of=as_of, columns=columns, encoding=encoding,
        limit=limit, floor=floor, jobs=jobs, tell=progress("screening"),
    )  # fmt: skip
    counts = done.counts
    told = ", ".join(f"{n:,} {state}" for state, n in counts.states.items())
    click.echo(f"{counts.rows:,} rows: {told or 'none screened'}; answers in {done.out}")
    say_lists(as_of)
    if done.refused:
        broken = f"{counts.refused:,} rows not screened, {counts.incomplete:,} screened without a cell"
        click.echo(f"{broken}; reasons in {done.refused}", err=True)
    if done.unused:
        click.echo(f"columns not used: {', '.join(done.unused)}", err=True)
    return exit_code(counts)


def say_lists(as_of: date) -> None:
    """Against what: no answer is better than its lists are fresh."""
    watch = open_watch(home())
    for s in watch.snapshots if watch else ():
        old = "; older than its cadence allows, import a newer edition" if s.stale_on(as_of) else ""
        click.echo(f"against {s.title} of {s.as_of}, {s.parties:,} parties{old}", err=True)


def exit_code(counts: Counts) -> int:
    """1 where a party is listed, 2 where something is to be judged or was not screened, else 0."""
    if counts.states.get("listed"):
        return 1
    return 2 if counts.states.get("possible") or counts.refused else 0
