"""`enduse decide --interview`: one question at a time; every answer is kept in the order file at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from enduse.cli.common import today
from enduse.desk import Desk
from enduse.errors import InputError
from enduse.interview import Asked, Reply, answer, confirm_all, consequences, to_ask
from enduse.model.transaction import Transaction
from enduse.render.words import OUTCOME, TO_DO

_HELP = "Enter leaves a question open; 'all' confirms what is assumed of knowledge and duties; 'stop' ends.\n"


def ask(transaction: Transaction, desk: Desk, path: Path, *, as_of: date, by: str) -> Transaction:
    """Ask until nothing is left to ask or the user stops; gives the transaction with the answers in it."""
    reply = Reply(by or click.prompt("Who answers", err=True), today())
    click.echo(_HELP, err=True)
    skipped: list[str] = []
    while True:
        decision = desk.decide(transaction, as_of=as_of)
        found = to_ask(decision, desk, skipped=skipped)
        if found is None:
            return transaction
        asked = consequences(transaction, *found, desk, as_of=as_of)
        text = _put(asked)
        if text == "stop":
            return transaction
        if text == "all":
            transaction = confirm_all(transaction, decision, desk, reply)
            keep(transaction, path)
            continue
        if not text:
            skipped.append(str(asked.point.fact))
            continue
        try:
            transaction = answer(transaction, asked.kind, text, line=asked.point.line, reply=reply)
        except InputError as error:
            click.echo(f"  {error}\n", err=True)
            continue
        keep(transaction, path)


def _put(asked: Asked) -> str:
    """Show one question with why it matters and where it leads; give the raw answer."""
    click.echo(f"{TO_DO.get(asked.point.kind, asked.point.kind).rstrip(':')}: {asked.kind.question}", err=True)
    if asked.point.kind == "confirm":
        click.echo(f"  assumed: {asked.point.says}", err=True)
    if asked.point.cites:
        click.echo(f"  it matters because of {'; '.join(str(c) for c in asked.point.cites[:4])}", err=True)
    for said, outcome in asked.leads.items():
        click.echo(f"  {said} leads to: {OUTCOME[outcome].lower()}", err=True)
    answered: str = click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
    return answered.strip()


def keep(transaction: Transaction, path: Path) -> None:
    """Write the answers into the order file, whole or not at all; the rest of a TOML file keeps its comments."""
    content = transaction.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    match path.suffix.lower():
        case ".toml":
            text = _toml(path.read_text(encoding="utf-8"), content)
        case ".json":
            text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        case _:
            import yaml

            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    half = path.with_name(path.name + ".part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _toml(before: str, content: dict[str, object]) -> str:
    import tomlkit

    document = tomlkit.parse(before)
    plain = document.unwrap()
    for key, value in content.items():
        if key == "facts" and isinstance(value, list):
            document["facts"] = _tables(value)
        elif key == "lines" and isinstance(value, list):
            _lines(document["lines"], value)
        elif key not in plain:
            document[key] = value
    return tomlkit.dumps(document)


def _tables(rows: list[dict[str, object]]) -> object:
    import tomlkit

    tables = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        for name, value in row.items():
            table[name] = value
        tables.append(table)
    return tables


def _lines(kept: list[dict[str, dict[str, object]]], lines: list[dict[str, dict[str, object]]]) -> None:
    """Fill fields of a line that were empty; what was there stays as it was written."""
    for table, line in zip(kept, lines, strict=True):
        for name, value in line.items():
            if name not in table:
                table[name] = value
            elif name == "item":
                for field, told in value.items():
                    if field not in table["item"]:
                        table["item"][field] = told
