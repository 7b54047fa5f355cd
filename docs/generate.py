"""Write the generated part of the docs: schemas, facts, lists, coverage. `--check` fails when any is not fresh."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from enduse.cli import BROKEN, MISUSE, UNREADABLE, exit_code
from enduse.errors import EnduseError, error_types
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
    yield "reference/errors.md", _errors()
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
    """Every fact by pack and subject, with a table of contents."""
    books = {"Every jurisdiction": CORE}
    books |= {f"{name}: {p.info.title}": _own(p) for name, p in packs.items()}
    parts = [_FACTS, "| pack | facts | asked | assumed when silent | derived |\n| --- | ---: | ---: | ---: | ---: |\n"]
    for title, types in books.items():
        derived = sum(t.derived for t in types.values())
        asked = sum(t.nature == "transaction" and not t.derived for t in types.values())
        link = f"[{title}](#{_anchor(title)})"
        parts.append(f"| {link} | {len(types)} | {asked} | {len(types) - asked - derived} | {derived} |\n")
    return "".join([*parts, *(_fact_tables(title, types) for title, types in books.items() if types)])


_FACTS = """# Facts rules may ask about

A fact is stated in an order under `facts`, read from its free text, or derived. Silence means something by its nature:
a `transaction` fact is unknown and becomes a question; `knowledge` counts as nothing known, a `list` fact as not
listed, a `condition` as going to be met, each printed as an assumption.

"""


def _own(pack: RulePack) -> Mapping[str, FactType]:
    return {n: t for n, t in pack.types.items() if n not in CORE}


def _anchor(title: str) -> str:
    """The anchor that a reader of Markdown makes of a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _fact_tables(title: str, types: Mapping[str, FactType]) -> str:
    groups: dict[str, list[FactType]] = {}
    for name in sorted(types):
        groups.setdefault(_subject(name), []).append(types[name])
    alone = [t for found in groups.values() if len(found) < 3 for t in found]
    several = {subject: found for subject, found in groups.items() if len(found) >= 3}
    parts = [f"\n## {title}\n"]
    parts += [_fact_table(f"`{subject}`", found) for subject, found in several.items()]
    return "".join([*parts, _fact_table("Others" if several else "All", alone) if alone else ""])


def _subject(name: str) -> str:
    """What a fact is about: its first word, for an exception its second too."""
    words = name.split(".")
    return ".".join(words[: 2 if words[0] == "exception" and len(words) > 2 else 1])


def _fact_table(heading: str, types: Iterable[FactType]) -> str:
    rows = "".join(f"| `{t.name}` | {t.kind} | {_silence(t)} | {_cell(t.question)} |\n" for t in types)
    return f"\n### {heading}\n\n| fact | kind | if not stated | question |\n| --- | --- | --- | --- |\n{rows}"


def _silence(kind: FactType) -> str:
    if kind.derived:
        return "derived"
    return "asked" if kind.nature == "transaction" else f"{kind.nature}: {_cell(kind.assumed or '')}"


def _cell(text: str) -> str:
    return text.replace("|", "/")


def _errors() -> str:
    head = """# Errors and exit codes

Every error says where (file, row, field), what is wrong, and what to do. "Unknown", "prohibited" and "no match" are
answers, never errors.

| error | code | exit code | when |
| --- | --- | ---: | --- |
"""
    rows = "".join(f"| `{e.__name__}` | `{e.code}` | {exit_code(e)} | {_first(e)} |\n" for e in error_types())
    return head + rows + _EXITS


def _first(error: type[EnduseError]) -> str:
    return (error.__doc__ or "").splitlines()[0]


_EXITS = f"""
| exit code | from | means |
| ---: | --- | --- |
| 0 | `decide` | cleared |
| 1 | `decide` | stopped: a licence is needed, or it is prohibited |
| 2 | `decide` | open: something is unknown, unconfirmed or unscreened |
| 0, 1, 2 | `screen` | nothing alike; a likely match; possible matches to judge, or rows not screened |
| 0, 2 | `rescreen` | no new or changed hit; hits to look at |
| 1 | `law lint`, `evaluate determination` | there are complaints; a case was cleared that should not have been |
| 2 | `lists status`, `population status`, `judgements` | something is stale, waiting or reopened |
| {MISUSE} | every command | the command line is wrong |
| {UNREADABLE} | every command | something the user gave, or a record, cannot be read |
| {BROKEN} | every command | a rule pack or a party list cannot be trusted |
"""


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
