"""Work shared out to processes: some pieces ahead, answers as they come, nothing piled up."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from enduse.screen.spread import SELDOM, told_of_an_end

Piece = TypeVar("Piece")
Done = TypeVar("Done")


@contextmanager
def _seldom_collected() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def shared_out(task: Callable[[Piece], Done], pieces: Iterable[Piece], *, jobs: int) -> Iterator[Done]:
    """`task` of every piece, in whatever order they are done; in this process when `jobs` is 1.

    At most three pieces a process are under way, so that memory is bounded however many there are. `task` must be a
    function of a module, and pieces and answers must pickle.
    """
    if jobs == 1:
        with _seldom_collected():
            yield from map(task, pieces)
        return
    rest = iter(pieces)
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), gc.set_threshold, SELDOM)
    try:
        with told_of_an_end("run it again: it goes on where it stopped"):
            under_way: set[Future[Done]] = set()
            for piece in rest:
                under_way.add(pool.submit(task, piece))
                if len(under_way) >= 3 * jobs:
                    done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                    yield from (d.result() for d in done)
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (d.result() for d in done)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
