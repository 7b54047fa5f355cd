"""The matcher in Python and numpy: from a folded name to the listed names most like it, with what was compared.

`_fast.c` does the same in C; both give the same numbers (a property test holds them equal). All quantities are
integers: likeness in thousandths, information in hundredths of a nat.
"""

from __future__ import annotations

from collections.abc import Collection
from math import inf
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from enduse.screen import features, vocabulary
from enduse.screen.compared import Compared
from enduse.screen.index import Index, Ints, joins
from enduse.screen.text import (
    BODY,
    CRAFT,
    GENERIC,
    INITIAL,
    NUMBER,
    PARTICLE,
    PERSON,
    PLAIN,
    TITLE,
    Name,
    legal_form,
    skeleton,
)
from enduse.screen.vocabulary import (
    BY_CONSONANTS,
    BY_SOUND,
    BY_SPELLING,
    EXACT,
    MOST_NEAR,
    NEAR,
    SAME_FAMILY,
    SAME_SKELETON,
    SAME_WORD,
)

COMPARED = 48
"""Names compared word by word for one query."""
COARSE = 400
"""Share (of 1000) of the information that must meet before a name is compared word by word."""
POSTS = 40_000
"""Entries of posting lists read for one query; the commonest words come last and are left out beyond it."""
LOST_ALL = 90_000
"""Information is lost with the square of unlikeness; all of it at a likeness of 0.7."""
FEW = 24
"""Words compared one by one; more are compared all at once."""
JOINED = 20
"""What likeness loses when two words meet one."""
INITIAL_FOR_WORD = 800
INITIAL_TELLS = 120


class Near(NamedTuple):
    """The words of a list near one word, best first, and the names they occur in with the best likeness of each."""

    likeness: dict[int, int]
    names: Ints
    values: Ints
    length: int


_NONE = np.empty(0, np.int32)
_NOTHING = Near({}, _NONE, _NONE, 0)
KEPT_NEAR = 4096


def near(index: Index, word: str, *, abjad: bool, person: bool, joined: bool = False) -> Near:
    """The words of the index near `word`. A `joined` word must sound the same."""
    key = (word, abjad, person, joined)
    found = index._near.get(key)
    if found is None:
        if len(index._near) >= KEPT_NEAR:
            index._near.clear()
        found = index._near[key] = _near(index, word, abjad, person, joined)
    return found


def _filed(codes: Ints, words: Ints, wanted: set[int]) -> set[int]:
    """The words filed under any of the codes."""
    if not len(codes):
        return set()
    keys = np.fromiter(wanted, dtype=np.uint32, count=len(wanted))
    keys.sort()
    low = codes.searchsorted(keys)
    low = low[codes[np.minimum(low, len(codes) - 1)] == keys]
    high = codes.searchsorted(codes[low], "right")
    found: set[int] = set()
    for i, j in zip(low.tolist(), high.tolist(), strict=True):
        found.update(words[i:j].tolist())
    return found


def _near(index: Index, word: str, abjad: bool, person: bool, joined: bool) -> Near:
    found = _spelt(index, word, joined)
    if not joined:
        _add_families(index, word, person, found)
        if abjad or index.has_abjad:
            _add_bones(index, word, abjad, found)
    if not found:
        return _NOTHING
    best = sorted(found.items(), key=lambda p: (-p[1], p[0]))[:MOST_NEAR]
    posts, at = index.arrays["posts"], index.arrays["post_at"]
    numbers = np.fromiter((w for w, _ in reversed(best)), np.int64, len(best))
    lists = [posts[i:j] for i, j in zip(at[numbers].tolist(), at[numbers + 1].tolist(), strict=True)]
    names = np.concatenate(lists)
    values = np.repeat(np.array([v for _, v in reversed(best)], dtype=np.int32), [len(p) for p in lists])
    length = len(names)
    if len(best) > 1 and length:  # a name with two near words keeps the likeness of the better, written last
        order = np.argsort(names, kind="stable")
        names, values = names[order], values[order]
        last = np.append(names[1:] != names[:-1], True)
        names, values = names[last], values[last]
    return Near(dict(best), names, values, length)


def _spelt(index: Index, word: str, joined: bool) -> dict[int, int]:
    key = vocabulary.key_of(word)
    exact = index.word_id.get(word)
    if word.isdigit() or len(word) < 2:
        return {} if exact is None else {exact: EXACT}
    numbers: Collection[int]
    if joined:
        numbers = index.sounding(key)
    else:
        wanted = vocabulary.filed(word, key, True)
        numbers = _filed(index.arrays["code"], index.arrays["code_word"], wanted)
    if not numbers:
        return {} if exact is None else {exact: EXACT}
    return _likened(index, word, key, skeleton(word), numbers)


def _likened(index: Index, word: str, key: str, bone: str, numbers: Collection[int]) -> dict[int, int]:
    """The words of the index that are near `word`, with their likeness.

    Each of the three distances takes its share from likeness; the shares are those a logistic fit gave them when it
    told the spellings of listed aliases from chance neighbours.
    """
    if len(numbers) > FEW:
        return _many_likened(index, word, key, bone, numbers)
    words, keys, bones, distance = index.words, index.keys, index.bones, OSA.distance
    length, heard_length, bone_length = len(word), len(key) or 1, len(bone) or 1
    found = {}
    for number in numbers:
        other = words[number]
        spelt = distance(word, other)
        if not spelt:
            found[number] = EXACT
            continue
        value = EXACT - BY_SPELLING * spelt // max(len(other), length)
        if value < NEAR:
            continue
        other = keys[number]
        value -= BY_SOUND * distance(key, other) // max(len(other), heard_length)
        if value < NEAR:
            continue
        other = bones[number]
        value -= BY_CONSONANTS * distance(bone, other) // max(len(other), bone_length)
        if value >= NEAR:
            found[number] = value
    return found


def _many_likened(index: Index, word: str, key: str, bone: str, numbers: Collection[int]) -> dict[int, int]:
    """The same for many words at once."""
    left = np.fromiter(numbers, np.int64)
    value = np.full(len(left), EXACT)
    found: dict[int, int] = {}
    for ours, theirs, share in (
        (word, index.words, BY_SPELLING),
        (key, index.keys, BY_SOUND),
        (bone, index.bones, BY_CONSONANTS),
    ):
        others = [theirs[n] for n in left.tolist()]
        apart = cdist([ours], others, scorer=OSA.distance, dtype=np.int32)[0]
        longest = np.maximum(np.fromiter(map(len, others), np.int64, len(others)), len(ours) or 1)
        if theirs is index.words:
            found = dict.fromkeys(left[apart == 0].tolist(), EXACT)
        value = value - share * apart // longest
        near_enough = value >= NEAR
        left, value = left[near_enough], value[near_enough]
    return dict(zip(left.tolist(), value.tolist(), strict=True)) | found


def _add_families(index: Index, word: str, person: bool, found: dict[int, int]) -> None:
    for other in index.akin(word, person):
        if found.get(other, 0) < SAME_FAMILY:
            found[other] = SAME_FAMILY


def _add_bones(index: Index, word: str, abjad: bool, found: dict[int, int]) -> None:
    bones = skeleton(word)
    if len(bones) < 2:
        return
    arrays = index.arrays
    code = vocabulary.code(bones)
    for other in _filed(arrays["bone"], arrays["bone_word"], {code}):
        if arrays["word_abjad"][other] == abjad:
            continue
        value = SAME_SKELETON if len(bones) > 2 else SAME_SKELETON - 60
        if found.get(other, 0) < value and index.bones[other] == bones:
            found[other] = value


class Query(NamedTuple):
    """A folded name ready to be matched: its words and what each tells."""

    name: Name
    tells: tuple[int, ...]
    known: tuple[bool, ...]
    kinds: int
    abjad: bool


def candidates(index: Index, query: Query, near_words: list[Near], near_joins: list[tuple[int, Near]]) -> list[int]:
    """The names worth comparing word by word, best first, by the share of information that meets."""
    lists: list[tuple[Ints, Ints]] = []
    read = 0
    order = sorted(range(len(near_words)), key=lambda i: (near_words[i].length, i))
    only_small = all(c in (PARTICLE, TITLE) for c in query.name.classes)
    for i in order:
        n = near_words[i]
        if not n.length or (query.name.classes[i] in (PARTICLE, TITLE) and not only_small):
            continue
        if read and read + n.length > POSTS:
            break
        read += n.length
        lists.append((n.names, query.tells[i] * n.values // 1000))
    joined = [(n.names, (query.tells[i] + query.tells[i + 1]) * n.values // 1000) for i, n in near_joins if n.length]
    if not lists and not joined:
        return []
    room = index.room
    for names, values in lists:
        room[names] += values
    for names, values in joined:
        room[names] = np.maximum(room[names], values)
    touched = [names for names, _ in (*lists, *joined)]
    found = touched[0] if len(touched) == 1 else np.concatenate(touched)
    arrays = index.arrays
    share = room[found] * 1000 // ((3 * sum(query.tells) + 2 * arrays["name_tells"][found]) // 5 + 1)
    room[found] = 0
    kept = np.nonzero(share >= COARSE)[0]
    found, share = found[kept], share[kept]
    if query.kinds != PERSON | BODY | CRAFT:
        fits = (arrays["name_kind"][found] & query.kinds) != 0
        found, share = found[fits], share[fits]
    best: list[tuple[int, int]] = sorted(set(zip((-share).tolist(), found.tolist(), strict=True)))
    return [name for _, name in best[:COMPARED]]


def compare(
    index: Index, query: Query, near_words: list[Near], near_joins: list[tuple[int, Near]], name: int
) -> tuple[Compared, list[tuple[int, int, int]]]:
    """Lay a listed name's words beside the query's, one to one, the likest first."""
    start, end = index.token_at[name], index.token_at[name + 1]
    theirs, tells_theirs, class_theirs, join_theirs = index.tokens_of(start, end)
    ours, class_ours = query.name.words, query.name.classes
    pairs: list[tuple[int, int, int]] = []
    for i, n in enumerate(near_words):
        like = n.likeness
        ci = class_ours[i]
        for j, word in enumerate(theirs):
            value = like.get(word, 0)
            if value:
                pairs.append((-value, 1 << i, 1 << j))
            elif (
                (ci == INITIAL) != (class_theirs[j] == INITIAL)
                and ci in (INITIAL, PLAIN)
                and class_theirs[j] in (INITIAL, PLAIN)
                and index.words[word][0] == ours[i][0]
            ):
                pairs.append((-INITIAL_FOR_WORD, 1 << i, 1 << j))
            if join_theirs[j] >= 0:
                value = like.get(join_theirs[j], 0)
                if value >= 860:
                    pairs.append((JOINED - value, 1 << i, 3 << j))
    for i, n in near_joins:
        for j, word in enumerate(theirs):
            value = n.likeness.get(word, 0)
            if value:
                pairs.append((JOINED - value, 3 << i, 1 << j))
    pairs.sort()
    return _settle(index, query, pairs, tells_theirs, class_theirs, name)


def _settle(
    index: Index,
    query: Query,
    pairs: list[tuple[int, int, int]],
    tells_theirs: list[int],
    class_theirs: list[int],
    name: int,
) -> tuple[Compared, list[tuple[int, int, int]]]:
    tells_ours, class_ours = query.tells, query.name.classes
    used_ours = used_theirs = met = lost = plain = best = exact = initials = mistaken = 0
    taken: list[tuple[int, int, int]] = []
    for value, a, b in pairs:
        if used_ours & a or used_theirs & b:
            continue
        used_ours |= a
        used_theirs |= b
        i, j = (a & -a).bit_length() - 1, (b & -b).bit_length() - 1
        mine, thine = tells_ours[i], tells_theirs[j]
        if a != 1 << i:
            mine += tells_ours[i + 1]
        if b != 1 << j:
            thine += tells_theirs[j + 1]
        told = min(mine, thine)
        gone = min(told, told * (EXACT + value) * (EXACT + value) // LOST_ALL)
        met += told
        lost += gone
        if class_ours[i] == PLAIN and class_theirs[j] == PLAIN:
            plain += 1
            exact += value <= -SAME_WORD
            if value > -SAME_WORD and query.known[i]:
                mistaken += told
        if class_ours[i] == INITIAL or class_theirs[j] == INITIAL:
            initials += 1
        best = max(best, told - gone)
        taken.append((a, b, -value))
    ours = left = plain_ours = numbers_ours = 0
    for i, c in enumerate(class_ours):
        if not used_ours >> i & 1:
            ours += tells_ours[i]
            plain_ours += c == PLAIN
            numbers_ours += c == NUMBER
    plain_theirs = numbers_theirs = 0
    for j, c in enumerate(class_theirs):
        if not used_theirs >> j & 1:
            left += tells_theirs[j]
            plain_theirs += c == PLAIN
            numbers_theirs += c == NUMBER
    numbers = 2 if numbers_ours and numbers_theirs else 1 if numbers_ours or numbers_theirs else 0
    mine, thine = query.name.legal, index.legal[name]
    legal = 0 if not (mine or thine) else 2 if not (mine and thine) else 1 if mine & thine else 3
    return (
        Compared(
            name,
            met,
            lost,
            ours,
            left,
            sum(tells_ours),
            sum(tells_theirs),
            plain,
            best,
            plain_ours,
            plain_theirs,
            numbers,
            legal,
            exact,
            mistaken,
            initials,
            len(class_ours),
            len(class_theirs),
        ),
        taken,
    )


def unglued(index: Index, name: Name, kinds: int) -> Name:
    """A name whose legal form was written onto a word, the two apart again ("Yachtssarl"); a person's as it is."""
    if kinds == PERSON:
        return name
    for i, (word, cls) in enumerate(zip(name.words, name.classes, strict=True)):
        if cls != PLAIN or len(word) < 7 or word in index.word_id:
            continue
        for cut in (*range(max(4, len(word) - 5), len(word) - 1), *range(2, min(5, len(word) - 3))):
            head, tail = word[:cut], word[cut:]
            rest, form = (head, tail) if len(head) > len(tail) else (tail, head)
            bit = legal_form(form)
            if bit and rest in index.word_id:
                return name._replace(
                    words=(*name.words[:i], rest, *name.words[i + 1 :]),
                    raw=(*name.raw[:i], rest, *name.raw[i + 1 :]),
                    legal=name.legal | bit,
                )
    return name


def prepare(index: Index, name: Name, kinds: int) -> Query:
    """A folded name with what each of its words tells in this index."""
    person, name = kinds == PERSON, unglued(index, name, kinds)
    asked = [index.asked(w, c, person) for w, c in zip(name.words, name.classes, strict=True)]
    return Query(name, tuple(a[4] for a in asked), tuple(bool(a[6]) for a in asked), kinds, name.abjad)


def odds(
    index: Index, name: Name, kinds: int, *, least: float = -inf, said: int = 0, head: int = 0
) -> tuple[list[tuple[float, int]], list[int]]:
    """The listed names most like a folded name: log-odds by name alone, and the number of the name.

    Those of `least` log-odds or more, and those of the very words that have the number `said` (`text.said` gives it).
    With them, of all names that were compared, the numbers of those that begin as `head` (`text.head` gives it).
    """
    if not name.words:
        return [], []
    if index.engine is not None:
        asked = _for_engine(index, unglued(index, name, kinds), kinds)
        answer: tuple[list[tuple[float, int]], list[int]] = index.engine.match(asked, least, said, head)
        return answer
    kind_of = index.kind
    compared = match(index, prepare(index, name, kinds))
    persons = [kinds == PERSON or kind_of[c.name] == PERSON for c in compared]
    found = [(o, c.name) for o, c in zip(features.log_odds(compared, persons), compared, strict=True)]
    heads, told = index.arrays["name_head"], index.said
    alike = [n for _, n in found if heads[n] == head] if head else []
    return [f for f in found if f[0] >= least or told[f[1]] == said], alike


def compared_by_engine(index: Index, name: Name, kinds: int) -> list[tuple[float, Compared]]:
    """What the accelerator compares, in full; for the test that holds both implementations equal."""
    if index.engine is None:
        return []
    found = index.engine.compared(_for_engine(index, unglued(index, name, kinds), kinds))
    return [(value, Compared(*numbers)) for value, numbers in found]


def _for_engine(index: Index, name: Name, kinds: int) -> tuple[list[Any], tuple[str, ...], int, int, int]:
    person = kinds == PERSON
    asked = [index.asked(w, c, person) for w, c in zip(name.words, name.classes, strict=True)]
    return asked, name.raw, name.legal, kinds, int(name.abjad)


def laid(index: Index, query: Query, name: int) -> tuple[Compared, list[tuple[int, int, int]]]:
    """One comparison, with the words that met: masks of ours and theirs, and likeness."""
    if index.engine is None:
        return compare(index, query, *_looked_up(index, query), name)
    numbers, met = index.engine.laid(_for_engine(index, query.name, query.kinds), name)
    return Compared(*numbers), met


def _looked_up(index: Index, query: Query) -> tuple[list[Near], list[tuple[int, Near]]]:
    person = query.kinds == PERSON
    near_words = [near(index, w, abjad=query.abjad, person=person) for w in query.name.words]
    joined = [(i, near(index, w, abjad=query.abjad, person=person, joined=True)) for i, w in joins(query.name)]
    near_joins = [(i, n) for i, n in joined if n.length]
    return near_words, near_joins


def match(index: Index, query: Query) -> list[Compared]:
    """The listed names most like the query, each with what was compared."""
    if not query.name.words:
        return []
    near_words, near_joins = _looked_up(index, query)
    return [
        compare(index, query, near_words, near_joins, name)[0]
        for name in candidates(index, query, near_words, near_joins)
    ]


__all__ = ["GENERIC", "Compared", "Query", "compare", "match", "near", "prepare"]
