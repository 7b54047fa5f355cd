"""Write the generated part of the docs: schemas, facts, lists, coverage. `--check` fails when any is not fresh."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from enduse.intake import COLUMNS, read_transaction
from enduse.model.determination import Decision
from enduse.model.law import FactType
from enduse.model.transaction import Transaction
from enduse.render.coverage import coverage_page
from enduse.rules.facts import CORE
from enduse.rules.pack import RulePack
from enduse.shelf import pack_ids, pack_sections, read_folder
from enduse.sources.catalogue import lists

DOCS = Path(__file__).parent


def pages() -> Iterator[tuple[str, str]]:
    """Every generated file by its name under docs/, with its text."""
    yield "reference/transaction.schema.json", _schema(Transaction)
    yield "reference/decision.schema.json", _schema(Decision)
    yield "reference/transaction.example.json", _example()
    yield "reference/order-book.md", _columns()
    yield "reference/lists.md", _lists()
    packs = {name: read_folder(name) for name in pack_ids()}
    yield "reference/facts.md", _facts(packs)
    for name, pack in packs.items():
        yield f"coverage/{name}.md", coverage_page(pack, pack_sections(pack))


def _schema(model: type[BaseModel]) -> str:
    return json.dumps(model.model_json_schema(by_alias=True), indent=1, ensure_ascii=False) + "\n"


def _example() -> str:
    order = read_transaction(DOCS.parent / "examples" / "1-fpga-to-brazil.toml")
    return order.model_dump_json(indent=2, exclude_defaults=True) + "\n"


def _columns() -> str:
    rows = "".join(f"| `{name}` | {told} |\n" for name, told in COLUMNS.items())
    head = "# Columns of an order book\n\nA CSV in UTF-8, one line an item.\n\n| column | meaning |\n| --- | --- |\n"
    return head + rows


def _lists() -> str:
    head = "# Party lists Enduse can read\n\n| id | title | publisher | cadence | stale after | licence |\n"
    rows = "".join(
        f"| `{i.id}` | {i.title} | {i.publisher} | {i.cadence} | {i.stale_after_days} days | {i.licence} |\n"
        for i in lists()
    )
    return f"{head}| --- | --- | --- | --- | --- | --- |\n{rows}"


def _facts(packs: Mapping[str, RulePack]) -> str:
    parts = ["# Facts rules may ask about\n\nSilence: a `transaction` fact is unknown; a `knowledge` fact counts as "]
    parts.append(
        "nothing known, a `list` fact as not listed, a `condition` as to be met, each as a printed assumption.\n"
    )
    parts.append(_fact_table("Every jurisdiction", CORE))
    for name, pack in packs.items():
        own = {n: t for n, t in pack.types.items() if n not in CORE}
        if own:
            parts.append(_fact_table(f"{name}", own))
    return "".join(parts)


def _fact_table(title: str, types: Mapping[str, FactType]) -> str:
    rows = "".join(
        f"| `{t.name}` | {t.kind} | {t.nature}{', derived' if t.derived else ''} | {t.question.replace('|', '/')} |\n"
        for _, t in sorted(types.items())
    )
    return f"\n## {title}\n\n| fact | kind | nature | question |\n| --- | --- | --- | --- |\n{rows}"


def main() -> int:
    """Write, or with --check compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    check = parser.parse_args().check
    stale = []
    for name, text in pages():
        path = DOCS / name
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        print(f"not fresh: {', '.join(stale)}; run `make docs`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
