"""What the words of two names say together: small decision trees over what was counted, added up.

Each tree asks a few questions of what `compared.py` counted; where it ends, it adds to the log-odds that the two are
the same party. The trees are fitted (`benchmarks/screening_accuracy.py --fit`) so that more that meets never counts
against, and more that differs never for. All numbers are integers (log-odds in millionths), so that no sum depends on
where it is made.

`tables/trees.csv` has one tree a row, written from its root on: `kept<=812:-1250` is a question and what is expected
before it is answered, followed by the part for yes and the part for no; a number alone is an end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from enduse.screen import tables
from enduse.screen.compared import Compared

COUNTED = (
    ("kept", +1, "words_met", "information of the words that met, less what differences of spelling lost"),
    ("lost_share", -1, "spelling", "share of the information that met lost to differences of spelling, in thousandths"),
    ("ours", -1, "words_ours_alone", "information of our words that met nothing"),
    ("ours_share", -1, "words_ours_alone", "their share of our name, in thousandths"),
    ("theirs", -1, "words_theirs_alone", "information of the listed words that met nothing"),
    ("theirs_share", -1, "words_theirs_alone", "their share of the listed name, in thousandths"),
    ("best", +1, "words_met", "information of the most telling word that met"),
    ("pairs", +1, "words_met", "plain words that met plain words"),
    ("exact", +1, "spelling", "of them, those that met in spelling, sound or family"),
    ("plain_ours", -1, "words_ours_alone", "plain words of ours that met nothing"),
    ("plain_theirs", -1, "words_theirs_alone", "plain words of theirs that met nothing"),
    ("mistaken", -1, "spelling", "information of words that met only nearly though ours is a word of its own"),
    ("initials", -1, "initials", "initials that met whole words"),
    ("legal_same", +1, "legal_form_same", "legal form of the same class"),
    ("legal_differs", -1, "legal_form_differs", "legal forms of different classes"),
    ("number_missing", -1, "number_missing", "one name has a number, the other none"),
    ("whole", +1, "whole_name", "every word met, none spelt otherwise"),
    ("all_ours", 0, "length", "information of all our words"),
    ("all_theirs", 0, "length", "information of all the listed words"),
    ("words_ours", 0, "length", "our words"),
    ("words_theirs", 0, "length", "the listed words"),
)
"""What the trees ask about: name, whether more of it speaks for (+1) or against (-1), told under what, meaning."""
MOST_ENDS = 8
_ALL = np.uint8(255)
_FIRST = np.array([(n & -n).bit_length() - 1 if n else 0 for n in range(256)], np.intp)
"""The first end that is left, by the bits of those left."""
UNIT = 1_000_000
"""Log-odds of one, in the unit of the trees."""


class Forest(NamedTuple):
    """Trees one after the other, each from its root on: a node's yes follows it, its no is at `no`."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    """Which of `COUNTED` is asked about; -1 at an end."""
    most: NDArray[np.int32]
    """The most for which the answer is yes."""
    no: NDArray[np.int32]
    value: NDArray[np.int32]
    """What is added at an end; elsewhere what is expected there."""
    asked: NDArray[np.intp]
    """The same questions for all trees at once (question, tree): what is asked about, up to what the answer is yes,"""
    limit: NDArray[np.int32]
    without_yes: NDArray[np.uint8]
    """and the ends left, as bits, where it is no."""
    ends: NDArray[np.int64]
    """What each end of each tree adds (tree, end)."""
    tree: NDArray[np.intp]


def counted(c: Compared) -> tuple[int, ...]:
    """What the trees ask about, in the order of `COUNTED`."""
    kept = c.met - c.lost
    return (
        kept,
        c.lost * 1000 // c.met if c.met else 1000,
        c.ours,
        c.ours * 1000 // (kept + c.ours) if c.ours else 0,
        c.theirs,
        c.theirs * 1000 // (kept + c.theirs) if c.theirs else 0,
        c.best,
        c.pairs,
        c.exact,
        c.plain_ours,
        c.plain_theirs,
        c.mistaken,
        c.initials,
        int(c.legal == 1),
        int(c.legal == 3),
        int(c.numbers == 1),
        int(not (c.ours or c.theirs or c.lost)),
        c.all_ours,
        c.all_theirs,
        c.words_ours,
        c.words_theirs,
    )


@cache
def forests() -> tuple[Forest, Forest]:
    """The fitted trees, for bodies and for persons."""
    rows = tables.rows("trees")
    return planted([r[1] for r in rows if r[0] == "body"]), planted([r[1] for r in rows if r[0] == "person"])


def planted(texts: Sequence[str]) -> Forest:
    """Trees as they are written in the table. Raises `ValueError` for a text that is no tree."""
    roots: list[int] = []
    nodes: list[tuple[int, int, int]] = []
    no: list[int] = []
    for text in texts:
        roots.append(len(nodes))
        waiting: list[int] = []  # questions whose no has not begun: an end is followed by the no of the last of them
        ended = False
        for part in text.split():
            if ended:
                raise ValueError(f"no tree, it goes on after its last end: {text!r}")
            nodes.append(_node(part, text))
            no.append(0)
            if nodes[-1][0] >= 0:
                waiting.append(len(nodes) - 1)
            elif waiting:
                no[waiting.pop()] = len(nodes)
            else:
                ended = True
        if not ended:
            raise ValueError(f"no tree, it stops before its last end: {text!r}")
    feature, most, value = np.array(nodes, dtype=np.int32).reshape(-1, 3).T.copy()
    parts = (np.array(roots, dtype=np.int32), feature, most, np.array(no, dtype=np.int32), value)
    return Forest(*parts, *_at_once(*(part.tolist() for part in parts)))


def _at_once(
    roots: list[int], feature: list[int], most: list[int], no: list[int], value: list[int]
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64], NDArray[np.intp]]:
    """The trees laid out so that all questions are answered at once; what is not asked is always answered yes."""
    shape = MOST_ENDS - 1, len(roots)
    asked, limit = np.zeros(shape, np.intp), np.full(shape, np.iinfo(np.int32).max, np.int32)
    without_yes, ends = np.full(shape, _ALL, np.uint8), np.zeros((len(roots), MOST_ENDS), np.int64)
    for tree, (root, after) in enumerate(zip(roots, [*roots[1:], len(feature)], strict=True)):
        place = {at: n for n, at in enumerate(at for at in range(root, after) if feature[at] < 0)}
        if len(place) > MOST_ENDS:
            raise ValueError(f"no tree, it has more than {MOST_ENDS} ends")
        ends[tree, list(place.values())] = [value[at] for at in place]
        for n, at in enumerate(at for at in range(root, after) if feature[at] >= 0):
            asked[n, tree], limit[n, tree] = feature[at], most[at]
            without_yes[n, tree] = 255 - sum(1 << end for x, end in place.items() if at < x < no[at])
    return asked, limit, without_yes, ends, np.arange(len(roots))


_NUMBERS = {name: number for number, (name, _, _, _) in enumerate(COUNTED)}
_QUESTION = re.compile(r"(\w+)<=(-?\d+):(-?\d+)|(-?\d+)")


def _node(part: str, text: str) -> tuple[int, int, int]:
    found = _QUESTION.fullmatch(part)
    if not found or (found[1] and found[1] not in _NUMBERS):
        raise ValueError(f"no tree, {part!r} is neither a question nor an end: {text!r}")
    return (-1, 0, int(found[4])) if found[4] else (_NUMBERS[found[1]], int(found[2]), int(found[3]))


def told(forest: Forest, rows: Sequence[tuple[int, ...]]) -> list[int]:
    """What the trees of a forest add up to, for each row of `counted`.

    All questions of all trees are answered at once; each answered no takes the ends of its yes away, and the first end
    that is left is where the walk would have come to (Lucchese et al., QuickScorer, SIGIR 2015).
    """
    if not rows:
        return []
    yes = np.array(rows, dtype=np.int32)[:, forest.asked] <= forest.limit
    left = np.bitwise_and.reduce(np.where(yes, _ALL, forest.without_yes), axis=1)
    total: list[int] = forest.ends[forest.tree, _FIRST[left]].sum(axis=1).tolist()
    return total


def shares(forest: Forest, row: tuple[int, ...]) -> tuple[int, list[int]]:
    """What a sum of trees comes from: what is expected before anything is asked, and what the answers to each question

    of `COUNTED` changed."""
    asked, node = np.array(row, dtype=np.int32), forest.roots
    start = int(forest.value[node].sum(dtype=np.int64))
    by_question = np.zeros(len(COUNTED))
    while True:
        feature = forest.feature[node]
        going = feature >= 0
        node, feature = node[going], feature[going]
        if not len(node):
            break
        after = np.where(asked[feature] <= forest.most[node], node + 1, forest.no[node])
        by_question += np.bincount(feature, forest.value[after] - forest.value[node], len(COUNTED))
        node = after
    return start, [int(share) for share in by_question.tolist()]


def by_group(changed: Sequence[int]) -> dict[str, int]:
    """The changes of all questions, added up by what they are told under."""
    found: dict[str, int] = {}
    for (_, _, group, _), share in zip(COUNTED, changed, strict=True):
        found[group] = found.get(group, 0) + share
    return found
