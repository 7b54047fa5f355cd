"""Many queries over several processes, which share one index: each is a fork of this one, and reads its memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

from enduse.errors import StoreError

A = TypeVar("A")
B = TypeVar("B")

PIECE = 256
"""Queries given to a process at once."""
BLOCK = 20_000
"""Queries held at a time; the processes are started anew for each block, since they find it in memory they share."""
SELDOM = (50_000, 20, 100)
"""When the garbage collector looks, where much is made and hardly any of it in circles."""

_work: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []
"""In a process of the pool: what is asked, and of what."""


@contextmanager
def told_of_an_end(hint: str) -> Iterator[None]:
    """A pool one of whose processes was ended from outside is a `StoreError`, with what to do."""
    try:
        yield
    except BrokenProcessPool as error:
        raise StoreError("a process was ended from outside", hint=hint) from error


def can_fork() -> bool:
    """Can this system start a process that shares the memory of this one?"""
    return "fork" in get_all_start_methods()


def _begin(ask: Callable[[Any], Any], asked: Sequence[Any]) -> None:
    gc.freeze()  # what was there before stays where it is, shared: it is not copied to be counted
    gc.set_threshold(*SELDOM)
    _work[:] = [(ask, asked)]


def _answer(first: int) -> list[Any]:
    ask, asked = _work[0]
    return [ask(one) for one in asked[first : first + PIECE]]


def spread(ask: Callable[[A], B], asked: Iterable[A], processes: int) -> Iterator[B]:
    """`ask` of each, in order, by this many processes; reads a block ahead of what is taken.

    Raises `StoreError` when a process is ended from outside.
    """
    rest = iter(asked)
    while block := tuple(islice(rest, BLOCK)):
        with ProcessPoolExecutor(processes, get_context("fork"), _begin, (ask, block)) as pool:
            try:
                with told_of_an_end("run it again, with fewer processes"):
                    for answers in pool.map(_answer, range(0, len(block), PIECE)):
                        yield from answers
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
