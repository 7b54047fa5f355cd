"""`enduse law`: the law in the packs: shown, checked, built from official files, compared over time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from enduse.cli.common import Day, as_of_option, packs_option, today
from enduse.errors import InputError
from enduse.shelf import open_pack, pack_ids

if TYPE_CHECKING:
    from enduse.rules.pack import RulePack


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def law() -> None:
    """Show, check, build and compare rule packs."""


@law.command("list")
@packs_option
def list_(pack_names: tuple[str, ...], folders: tuple[Path, ...]) -> int:
    """Every pack found, with version, digest and how many rules."""
    for name in pack_names or pack_ids(folders):
        pack = open_pack(name, folders)
        info = pack.info
        click.echo(
            f"{info.id:<16} {info.version:<10} {len(pack.rules):>5} rules, {len(pack.tables)} tables, "
            f"reviewed {info.as_reviewed_on}, digest {pack.digest[:16]}  {info.title}"
        )
    return 0


@law.command()
@click.argument("pack_name")
@click.argument("what", required=False)
@as_of_option
@packs_option
@click.option("--text", "official", is_flag=True, help="Show the official text kept by `law sync` beside it.")
def show(
    pack_name: str,
    what: str | None,
    as_of: date | None,
    pack_names: tuple[str, ...],
    folders: tuple[Path, ...],
    official: bool,
) -> int:
    """Show what PACK says on a day.

    WHAT is a control code (3A001.a.7), a rule id or its beginning, or nothing: then everything.
    """
    del pack_names
    from enduse.render.law import shown

    pack = open_pack(pack_name, folders)
    text = shown(pack, what or "", as_of or today())
    if not text:
        raise InputError(f"nothing in {pack_name} is called {what!r}", hint="give a control code or a rule id")
    click.echo(text, nl=False)
    if official and what:
        click.echo(_kept_text(pack_name, what, as_of or today()))
    return 0


def _kept_text(pack_name: str, code: str, day: date) -> str:
    """The official text of an entry, from the newest file kept that is of `day` or before."""
    import gzip

    from enduse.packs.us_ear.build.edition import read_edition
    from enduse.shelf import updates

    files = sorted(updates(pack_name).parent.glob("ccl-*.xml.gz"))
    fitting = [f for f in files if f.name[4:14] <= day.isoformat()] or files
    if not fitting:
        return "No official text is kept: enduse law sync us_ear --ccl FILE --as-of DAY"
    entry = read_edition(gzip.decompress(fitting[-1].read_bytes())).get(code[:5])
    return f"\nOfficial text, edition of {fitting[-1].name[4:14]}:\n{entry.text if entry else 'no such entry'}"


@law.command()
@packs_option
def lint(pack_names: tuple[str, ...], folders: tuple[Path, ...]) -> int:
    """Check packs: uncited, untested, contradicting rules, unknown facts, absent tables, expired suspensions."""
    from enduse.rules.lint import lint as complaints_of
    from enduse.shelf import read_folder

    count = 0
    for name in pack_names or pack_ids(folders):
        for complaint in complaints_of(read_folder(name, folders)):
            count += 1
            click.echo(
                f"{complaint.place}: {complaint.code}: {complaint.rule}: {complaint.says}\n  hint: {complaint.hint}"
            )
    click.echo(f"{count} complaint(s)")
    return 1 if count else 0


@law.command()
@click.argument("pack_name", type=click.Choice(["us_ear"]))
@click.option("--ccl", required=True, type=_FILE, help="Official XML of 15 CFR Part 774, Supplement No. 1.")
@click.option("--chart", required=True, type=_FILE, help="Commerce Country Chart (JSON).")
@click.option("--groups", required=True, type=_FILE, help="Country Groups (JSON).")
@click.option("--amended", multiple=True, type=_FILE, help="Control rows of another edition (JSON); may repeat.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the tables.")
def build(pack_name: str, ccl: Path, chart: Path, groups: Path, amended: tuple[Path, ...], out: Path) -> int:
    """Build the tables of PACK from the official files; the same files give the same bytes."""
    from enduse.packs.us_ear.build.files import build_files

    for path in build_files(ccl, chart, groups, amended, out):
        click.echo(f"{pack_name}: wrote {path.name}")
    return 0


@law.command()
@click.argument("pack_name", type=click.Choice(["us_ear"]))
@click.option(
    "--ccl", required=True, help="Newer official XML of 15 CFR Part 774, Supplement No. 1: a file or an address."
)
@click.option("--as-of", "day", required=True, type=Day(), help="Day from which this edition is in force.")
@click.option("--dry-run", is_flag=True, help="Only report what would change.")
def sync(pack_name: str, ccl: str, day: date, dry_run: bool) -> int:
    """Read a newer official list into PACK: rebuild the tables, report what changed, publish them for this user.

    Nothing is published when an entry vanished or a row no longer parses. The official text is kept beside them.
    """
    from enduse.packs.us_ear.build.files import read_tables
    from enduse.packs.us_ear.build.sync import read_newer
    from enduse.shelf import OURS, updates

    kept = updates(pack_name)
    current = {**read_tables(OURS / pack_name / "tables"), **(read_tables(kept) if kept.is_dir() else {})}
    raw = _official(ccl)
    edition = read_newer(raw, current, day=day)
    for c in edition.changes:
        told = f": {c.before} -> {c.after}" if c.kind == "changed" else ""
        click.echo(f"{c.table.removesuffix('.csv')} {c.kind} {c.key}{told}")
    click.echo(f"{len(edition.changes)} change(s) from {day}")
    if not dry_run:
        _publish(edition.tables, raw, day, kept)
        click.echo(f"published; the official text is kept in {kept.parent}")
    return 0


def _official(place: str) -> bytes:
    """The bytes of an official file or address, unpacked."""
    from enduse.packs.us_ear.build.files import read_bytes

    if not place.startswith("https://"):
        return read_bytes(Path(place))
    import tempfile

    from enduse.sources.fetch import fetch

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / place.rsplit("/", 1)[-1]
        fetch(place, to=path)
        return read_bytes(path)


def _publish(tables: Mapping[str, str], raw: bytes, day: date, folder: Path) -> None:
    """Write the tables whole or not at all, and keep the official text beside them."""
    import gzip
    import shutil
    import tempfile

    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    for name, text in tables.items():
        (aside / name).write_text(text, encoding="utf-8", newline="\n")
    (folder.parent / f"ccl-{day}.xml.gz").write_bytes(gzip.compress(raw, mtime=0))
    old = folder.with_name(".old-tables")
    shutil.rmtree(old, ignore_errors=True)
    if folder.is_dir():
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


@law.command()
@click.argument("pack_name")
@click.option("--from", "before", required=True, type=Day(), help="Earlier day.")
@click.option("--to", "after", required=True, type=Day(), help="Later day.")
@click.argument("transactions", nargs=-1, type=click.Path(path_type=Path, exists=True))
@packs_option
def diff(
    pack_name: str,
    before: date,
    after: date,
    transactions: tuple[Path, ...],
    pack_names: tuple[str, ...],
    folders: tuple[Path, ...],
) -> int:
    """What changed in PACK between two days and, given TRANSACTIONS, which of their answers change."""
    del pack_names
    from enduse.render.law import diff_text
    from enduse.rules.diff import law_diff

    pack = open_pack(pack_name, folders)
    click.echo(diff_text(law_diff(pack, before, after)), nl=False)
    if transactions:
        _answers(transactions, pack, before, after)
    return 0


def _answers(paths: tuple[Path, ...], pack: RulePack, before: date, after: date) -> None:
    """Which of these transactions get another answer on the later day."""
    from enduse.determine import determine
    from enduse.intake import read_order_book, read_transaction

    changed = 0
    for path in paths:
        book = path.suffix.lower() == ".csv"
        asked = [r.transaction for r in read_order_book(path)] if book else [read_transaction(path)]
        for transaction in filter(None, asked):
            old, new = (determine(transaction, pack, as_of=day).outcome for day in (before, after))
            if old is not new:
                changed += 1
                click.echo(f"{path.name} {transaction.id or ''}: {old.value} -> {new.value}")
    click.echo(f"{changed} answer(s) change")
