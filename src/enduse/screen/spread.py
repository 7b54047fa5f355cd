"""Many queries over several processes, which share one index: each is a fork of this one, and reads its memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")

PIECE = 256
"""Queries given to a process at once."""
AHEAD = 4
"""Pieces given out for each process before the first answer is waited for."""

_ask: list[Callable[[Any], Any]] = []


def can_fork() -> bool:
    """Can this system start a process that shares the memory of this one?"""
    return "fork" in get_all_start_methods()


def _begin(ask: Callable[[Any], Any]) -> None:
    _ask[:] = [ask]


def _answer(piece: list[Any]) -> list[Any]:
    return [_ask[0](one) for one in piece]


def spread(ask: Callable[[A], B], asked: Iterable[A], processes: int) -> Iterator[B]:
    """`ask` of each, in order, by this many processes; reads only a little ahead of what is taken."""
    pieces = iter(asked)
    with get_context("fork").Pool(processes, _begin, (ask,)) as pool:
        waiting: deque[Any] = deque()
        while True:
            while len(waiting) < AHEAD * processes and (piece := list(islice(pieces, PIECE))):
                waiting.append(pool.apply_async(_answer, (piece,)))
            if not waiting:
                return
            yield from waiting.popleft().get()
