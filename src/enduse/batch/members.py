"""The user's partners from a file into the store: each under its key, every broken row reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from enduse.batch.answers import Answer
from enduse.batch.frame import open_frame, print_of
from enduse.batch.parts import REFUSED, csv_text, whole
from enduse.batch.rows import NOT_SCREENED, Problem, columns_of, read_row, shown, text_of
from enduse.batch.run import Progress
from enduse.errors import InputError
from enduse.model.judgement import party_digest
from enduse.model.population import Imported, Member
from enduse.store.protocol import Population


class Taken(NamedTuple):
    """What an import took in, and where the broken rows stand."""

    imported: Imported
    problems: int
    refused: Path | None
    keyed: bool
    unused: tuple[str, ...]


def take_in(
    store: Population,
    source: Path,
    *,
    on: date,
    columns: Mapping[str, str],
    encoding: str | None = None,
    replace: bool = False,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Taken:
    """Put every partner of a file into the population; with `replace`, those not in it leave.

    Partners are known by the column of keys; without one, by all that is said of them.
    """
    frame = open_frame(source, encoding=encoding)
    meant = columns_of(frame.header, columns, place=source.name)
    problems: list[Answer] = []
    seen: dict[str, None] = {}
    about = print_of(source).rows

    def members() -> Iterator[Member]:
        for count, row in enumerate(frame.rows, 1):
            if count % 5_000 == 0:
                tell(Progress(rows=count, about=max(about, count)))
            broken = (Problem("(row)", "", row.error, NOT_SCREENED),) if row.error else ()
            party, more = (None, ()) if row.error else read_row(row.cells, meant)
            problems.extend({"row": row.number, **p._asdict()} for p in (*broken, *more))
            if party is None:
                continue
            key = text_of(row.cells.get(meant["id"])) if "id" in meant else party_digest(party)[:20]
            if key and key not in seen:
                seen[key] = None
                yield Member(key=key, party=party)
            elif "id" in meant:
                why = "the same key once more" if key else "no key"
                problems.append({"row": row.number, **Problem(meant["id"], shown(key), why, "left out")._asdict()})

    imported = store.put(members(), on=on)
    if not seen:
        raise InputError("holds no partner that can be screened", place=source.name)
    if replace:
        imported = imported.model_copy(update={"left": store.keep_only(seen, on=on)})
    refused = source.with_suffix(".refused.csv") if problems else None
    if refused:
        whole(refused, (",".join(REFUSED) + "\n" + csv_text(problems, REFUSED)).encode())
    unused = tuple(h for h in frame.header if h not in meant.values())
    return Taken(imported, len(problems), refused, "id" in meant, unused)
