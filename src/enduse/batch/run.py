"""A file of parties screened in pieces. What is done is kept beside the output, so that a rerun goes on from there.

OUT.parts/task.json        what is being done: the file's digest, the lists', how it is read
          00000003.csv     the answers of the third piece, in their final form
          00000003.refused what was wrong with its rows
          00000003.json    its counts; written last, so that a piece is done when this is there
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from enduse.batch.answers import STATES, Answer, answers, strictest_state
from enduse.batch.frame import Row, form_of, open_frame, print_of
from enduse.batch.parts import REFUSED, check_form, csv_text, join, whole, write_part
from enduse.batch.rows import NOT_SCREENED, Problem, columns_of, read_row, text_of
from enduse.batch.work import shared_out
from enduse.desk import Desk
from enduse.errors import InputError, ListError, StoreError
from enduse.model.base import Value
from enduse.model.determination import Screening
from enduse.model.party import Party
from enduse.store.sqlite import kept_store
from enduse.watch import LoadedLists, open_watch

PIECE = 1_000
"""Rows of a piece: what is lost at most when it is stopped, and what one process holds at a time."""


class Task(Value):
    """What to screen, against what, and how to write it; two tasks that are equal have the same answers."""

    source: str
    digest: str
    out: str
    columns: tuple[tuple[str, str], ...]
    encoding: str | None
    lists: tuple[tuple[str, str], ...]
    engine: str
    as_of: date
    limit: int
    floor: float
    home: str


class Piece(NamedTuple):
    """Some rows of the file, by number of the piece."""

    task: Task
    number: int
    rows: tuple[Row, ...]


class Counts(Value):
    """How the rows of a piece, or of the whole, came out."""

    rows: int = 0
    refused: int = 0
    incomplete: int = 0
    states: Mapping[str, int] = {}

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        states = Counter(self.states) + Counter(other.states)
        return Counts(
            rows=self.rows + other.rows,
            refused=self.refused + other.refused,
            incomplete=self.incomplete + other.incomplete,
            states={s: states[s] for s in STATES if states[s]},
        )


class Progress(Value):
    """How far it is; `about` is the number of rows as far as it can be told before the end."""

    rows: int
    about: int
    resumed: int = 0


class Report(Value):
    """What came of it, and where it lies."""

    counts: Counts
    out: Path
    refused: Path | None
    resumed: int
    unused: tuple[str, ...]


def screen_file(
    source: Path,
    out: Path,
    *,
    home: Path,
    as_of: date,
    columns: Mapping[str, str],
    encoding: str | None = None,
    limit: int = 10,
    floor: float = 0.5,
    jobs: int = 2,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Screen every party of `source` against the lists in `home`; the answers are in `out` when this returns.

    Raises `InputError` for what is wrong with the file as a whole; single rows are reported in `OUT.refused.csv`.
    """
    form = check_form(out)
    if source.resolve() == out.resolve():
        raise InputError("would be written over itself", place=str(out), hint="give another --out")
    frame = open_frame(source, encoding=encoding)
    meant = columns_of(frame.header, columns, place=source.name)
    about = print_of(source)
    task = _task(source, about.digest, out, meant, encoding, home, as_of=as_of, limit=limit, floor=floor)
    folder = out.with_name(out.name + ".parts")
    task = _begin(folder, task)
    rows_done = resumed = sum_of(folder).rows
    tell(Progress(rows=rows_done, about=about.rows, resumed=resumed))
    for counts in shared_out(screen_piece, _pieces(frame.rows, task, folder), jobs=jobs):
        rows_done += counts.rows
        tell(Progress(rows=rows_done, about=max(about.rows, rows_done), resumed=resumed))
    total = sum_of(folder)
    if total.rows == 0:
        shutil.rmtree(folder)
        raise InputError("has no rows under its header", place=source.name)
    refused = _join(folder, out, form, total)
    shutil.rmtree(folder)
    unused = tuple(h for h in frame.header if h not in meant.values())
    return Report(counts=total, out=out, refused=refused, resumed=resumed, unused=unused)


def _task(
    source: Path,
    digest: str,
    out: Path,
    columns: Mapping[str, str],
    encoding: str | None,
    home: Path,
    *,
    as_of: date,
    limit: int,
    floor: float,
) -> Task:
    watch = open_watch(home)
    if watch is None:
        raise ListError("no list is loaded", hint="enduse lists import FILE ... or enduse lists sync")
    _ = watch.index  # made here once, so that the processes only read it
    return Task(
        source=str(source),
        digest=digest,
        out=str(out),
        columns=tuple(columns.items()),
        encoding=encoding,
        lists=editions(watch),
        engine=watch.engine,
        as_of=as_of,
        limit=limit,
        floor=floor,
        home=str(home),
    )


def _begin(folder: Path, task: Task) -> Task:
    """Make ready to work. Where the same task was begun, on whatever day, it is that one that goes on."""
    note = folder / "task.json"
    try:
        begun = Task.model_validate_json(note.read_bytes()) if note.is_file() else None
        if begun is not None and begun.model_copy(update={"as_of": task.as_of}) == task:
            return begun
        if begun is None and folder.exists() and any(folder.iterdir()):
            raise StoreError("is in the way and not ours", place=str(folder), hint="move it, or give another --out")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        whole(note, task.model_dump_json().encode())
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror}", place=str(folder)) from error
    except ValueError:
        shutil.rmtree(folder)
        return _begin(folder, task)
    return task


def sum_of(folder: Path) -> Counts:
    """The counts of the pieces done so far."""
    total = Counts()
    for note in sorted(folder.glob("[0-9]*.json")):
        total = total.plus(Counts.model_validate_json(note.read_bytes()))
    return total


def _pieces(rows: Iterator[Row], task: Task, folder: Path) -> Iterator[Piece]:
    number = 0
    while some := tuple(islice(rows, PIECE)):
        number += 1
        if not (folder / f"{number:08}.json").is_file():
            yield Piece(task, number, some)


def _join(folder: Path, out: Path, form: str, total: Counts) -> Path | None:
    join(sorted(folder.glob(f"[0-9]*.{form}")), out, form)
    refused = out.with_suffix(".refused.csv")
    if not (total.refused or total.incomplete):
        refused.unlink(missing_ok=True)
        return None
    join(sorted(folder.glob("[0-9]*.refused")), refused, "csv", REFUSED)
    return refused


# ── in each process ───────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def desk_of(home: str, lists: tuple[tuple[str, str], ...]) -> Desk:
    """The lists and judgements of a data folder, opened once a process. Raises when they changed since."""
    watch = open_watch(Path(home))
    if watch is None or editions(watch) != lists:
        raise StoreError("a list was replaced while it was asked", place=home, hint="run it again")
    return Desk((), watch, kept_store(Path(home)))


def editions(watch: LoadedLists) -> tuple[tuple[str, str], ...]:
    """Each list loaded, with the digest of its edition."""
    return tuple(sorted((s.list, s.digest) for s in watch.snapshots))


def screen_piece(piece: Piece) -> Counts:
    """Screen the rows of a piece and keep the answers; gives how they came out."""
    task, columns = piece.task, dict(piece.task.columns)
    folder, form = Path(task.out + ".parts"), form_of(Path(task.out))
    problems: list[Answer] = []
    named: list[tuple[int, str, Party]] = []
    refused: set[int] = set()
    for row in piece.rows:
        broken = (Problem("(row)", "", row.error, NOT_SCREENED),) if row.error else ()
        party, more = (None, ()) if row.error else read_row(row.cells, columns)
        problems += [{"row": row.number, **p._asdict()} for p in (*broken, *more)]
        if party is None:
            refused.add(row.number)
        else:
            named.append((row.number, text_of(row.cells.get(columns.get("id", ""))), party))
    out: list[Answer] = []
    states: Counter[str] = Counter()
    for (number, key, _), screening in zip(named, _screened(task, [p for _, _, p in named]), strict=True):
        if isinstance(screening, str):
            refused.add(number)
            problems.append({"row": number, "field": "(row)", "value": "", "why": screening, "done": NOT_SCREENED})
            continue
        states[strictest_state(screening)] += 1
        out += answers(number, key, screening)
    incomplete = {p["row"] for p in problems} - refused
    counts = Counts(rows=len(piece.rows), refused=len(refused), incomplete=len(incomplete), states=states)
    name = f"{piece.number:08}"
    write_part(folder / f"{name}.{form}", out, form)
    if problems:
        whole(folder / f"{name}.refused", csv_text(sorted(problems, key=_row), REFUSED).encode())
    whole(folder / f"{name}.json", json.dumps(counts.model_dump(mode="json")).encode())
    return counts


def _row(problem: Answer) -> int:
    return int(problem["row"] or 0)


def _screened(task: Task, parties: list[Party]) -> list[Screening | str]:
    """Each party's screening; where the matcher fails on one party, what it said, and the others all the same."""
    desk = desk_of(task.home, task.lists)
    try:
        return [*desk.screen_many(parties, as_of=task.as_of, limit=task.limit, floor=task.floor)]
    except Exception as error:
        if len(parties) == 1:
            return [f"the matcher failed: {type(error).__name__}: {error}"]
        return [one for party in parties for one in _screened(task, [party])]
