"""Many queries over several processes, which share one index: each is a fork of this one, and reads its memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")

PIECE = 256
"""Queries given to a process at once."""
BLOCK = 20_000
"""Queries held at a time; the processes are started anew for each block, since they find it in memory they share."""
SELDOM = (50_000, 20, 100)
"""When the garbage collector looks, where much is made and hardly any of it in circles."""

_work: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []


def can_fork() -> bool:
    """Can this system start a process that shares the memory of this one?"""
    return "fork" in get_all_start_methods()


def _answer(first: int) -> list[Any]:
    ask, asked = _work[0]
    return [ask(one) for one in asked[first : first + PIECE]]


def spread(ask: Callable[[A], B], asked: Iterable[A], processes: int) -> Iterator[B]:
    """`ask` of each, in order, by this many processes; reads a block ahead of what is taken."""
    rest = iter(asked)
    while block := tuple(islice(rest, BLOCK)):
        _work[:] = [(ask, block)]
        gc.freeze()  # what is here now stays where it is: the processes do not copy it to count it
        try:
            with get_context("fork").Pool(processes, gc.set_threshold, SELDOM) as pool:
                for answers in pool.imap(_answer, range(0, len(block), PIECE)):
                    yield from answers
        finally:
            gc.unfreeze()
            _work.clear()
