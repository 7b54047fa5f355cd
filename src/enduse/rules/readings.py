"""Free text read into facts, as far as it is unambiguous; every reading shows its words and stays an assumption.

A reading is data beside the rules: which fact, in which texts, which words, unless which others. What is read so is
never firm: the answer names it, and it is confirmed or contradicted like any assumption.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from enduse.model.base import Value
from enduse.model.law import FactValue
from enduse.model.party import Party, Role
from enduse.model.transaction import Transaction
from enduse.rules.facts import Fact

Where = Literal[
    "item",
    "components",
    "end_use",
    "circumstances",
    "exporter",
    "end_user",
    "recipient",
    "intermediary",
    "parties",
]

_ROLES: Mapping[str, frozenset[Role]] = {
    "exporter": frozenset({Role.EXPORTER, Role.SELLER, Role.MANUFACTURER}),
    "end_user": frozenset({Role.END_USER, Role.ULTIMATE_CONSIGNEE, Role.CONSIGNEE, Role.PURCHASER}),
    "recipient": frozenset({Role.RECIPIENT}),
    "intermediary": frozenset({Role.INTERMEDIATE_CONSIGNEE, Role.FORWARDER, Role.BROKER, Role.AGENT, Role.CARRIER}),
    "parties": frozenset(Role),
}


class Reading(Value):
    """One way a fact is read from words.

    `words` are regular expressions, any of which reads the fact as `value`, case aside and at word boundaries, in the
    texts of `where`; `never` are expressions that forbid it. `otherwise`, if given, is the value when the texts are
    there and none of `words` is found (a description that names no medicine is read as not medicine).
    """

    fact: str
    value: FactValue = True
    where: Annotated[tuple[Where, ...], Field(min_length=1)]
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    never: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    otherwise: FactValue | None = None

    @model_validator(mode="after")
    def _expressions_compile(self) -> Reading:
        for text in (*self.words, *self.never):
            try:
                re.compile(text)
            except re.error as error:
                msg = f"{self.fact}: {text!r} is not a regular expression: {error}"
                raise ValueError(msg) from error
        _ = self.stems  # worked out once, and kept with the compiled pack
        return self

    @cached_property
    def stems(self) -> tuple[str, ...] | None:
        """Letters one of which must occur before any of `words` can match; None where that cannot be told.

        Most readings have nothing to say of most texts; this tells so without compiling an expression.
        """
        found = [stems_of(w) for w in self.words]
        return None if any(f is None for f in found) else tuple({s for f in found for s in f or ()})


_ATOM = re.compile(
    r"""(?P<literal>(?:[A-Za-z0-9 ,;&/'’\-]|\\[-.,/&'])+)   # letters that must stand there
      | (?P<group>\(\?:)                                  # a group
      | \[(?:\\.|[^\]])*\] | \\. | .                       # a class, an escape, anything else
    """,
    re.VERBOSE,
)
_TIMES = re.compile(r"[?*+]\??|\{[0-9,]*\}\??")
_SHORTEST = 3


def stems_of(expression: str) -> tuple[str, ...] | None:
    """Letters, in lower case, one of which every match of an expression must contain; None where that is unclear."""
    parts = _alternatives(expression)
    if len(parts) > 1:
        found = [stems_of(p) for p in parts]
        return None if any(f is None for f in found) else tuple(s for f in found for s in f or ())
    needed = [n for n in _needed(expression) if min(map(len, n)) >= _SHORTEST]
    return max(needed, key=lambda n: min(map(len, n)), default=None)


def _needed(expression: str) -> Iterator[tuple[str, ...]]:
    """What the parts of an expression without bars must contain, each part for itself."""
    at = 0
    while at < len(expression):
        atom = _ATOM.match(expression, at)
        if atom is None:
            return
        end = at + _closing(expression[at:]) + 1 if atom["group"] else atom.end()
        if end <= at:
            return
        times = _TIMES.match(expression, end)
        lacking = times is not None and times[0].startswith(("?", "*", "{0", "{,"))
        if atom["literal"]:
            text = re.sub(r"\\(.)", r"\1", atom["literal"]).lower()
            yield (text[:-1] if lacking else text,)
        elif atom["group"] and not lacking:
            inner = stems_of(expression[at + 3 : end - 1])
            if inner:
                yield inner
        at = times.end() if times else end


def _alternatives(expression: str) -> list[str]:
    """The parts between bars that stand in no bracket."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(expression):
        letter = expression[at]
        if letter == "\\":
            at += 1
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "|" and depth == 0:
            parts.append(expression[start:at])
            start = at + 1
        at += 1
    return [*parts, expression[start:]]


def _closing(expression: str) -> int:
    """Where the bracket that opens an expression closes, or -1."""
    depth, at = 0, 0
    while at < len(expression):
        letter = expression[at]
        if letter == "\\":
            at += 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1


def read(transaction: Transaction, line: int, readings: Iterable[Reading]) -> dict[str, Fact]:
    """The facts that this line's texts state in so many words; two readings that disagree give nothing."""
    found: dict[str, Fact] = {}
    fallback: dict[str, Fact] = {}
    disputed: set[str] = set()
    texts = _Texts(transaction, line)
    if not texts.at(_EVERYWHERE).parts:
        return {}
    for reading in readings:
        if reading.activities and transaction.activity.value not in reading.activities:
            continue
        fact = _one(reading, texts)
        if fact is None:
            continue
        kept = fallback if fact.evidence.startswith(_SILENT) else found
        if reading.fact in kept and kept[reading.fact].value != fact.value:
            disputed.add(reading.fact)
        kept.setdefault(reading.fact, fact)
    return {n: f for n, f in {**fallback, **found}.items() if n not in disputed}


_SILENT = "no such words in"
_EVERYWHERE: tuple[Where, ...] = ("item", "components", "end_use", "circumstances", "parties")


def _one(reading: Reading, texts: _Texts) -> Fact | None:
    told = texts.at(reading.where)
    if reading.stems is None or any(stem in told.lower for stem in reading.stems):
        for place, text in told.parts:
            match = _pattern(reading.words).search(text)
            if match and not (reading.never and _pattern(reading.never).search(text)):
                return Fact(_set(reading.value), f"read in {place}: “{match.group(0)}”", assumed=True)
    if told.parts and reading.otherwise is not None:
        return Fact(_set(reading.otherwise), f"{_SILENT} {', '.join(reading.where)}", assumed=True)
    return None


def _set(value: FactValue) -> FactValue | frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=4096)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{w})" for w in words) + r")(?!\w)", re.IGNORECASE)


class _Told(NamedTuple):
    parts: tuple[tuple[str, str], ...]
    lower: str


class _Texts:
    """A line's texts by where they stand, gathered once."""

    def __init__(self, transaction: Transaction, line: int) -> None:
        self._transaction, self._line = transaction, line
        self._kept: dict[tuple[Where, ...], _Told] = {}

    def at(self, where: tuple[Where, ...]) -> _Told:
        if where not in self._kept:
            parts = tuple((n.replace("_", " "), t) for n in where for t in _in(n, self._transaction, self._line))
            self._kept[where] = _Told(parts, "\n".join(t for _, t in parts).lower())
        return self._kept[where]


def _in(name: Where, transaction: Transaction, line: int) -> Iterator[str]:
    item = transaction.lines[line - 1].item
    match name:
        case "item":
            yield from filter(None, (item.description,))
        case "components":
            yield from (c.description for c in item.components)
        case "end_use":
            yield from filter(None, (transaction.end_use.statement,))
        case "circumstances":
            told = transaction.circumstances
            yield from (
                t
                for t in (
                    told.payment,
                    told.packaging,
                    told.routing,
                    told.documents,
                    told.communications,
                    told.order,
                    told.history,
                    *told.other,
                )
                if t
            )
        case _:
            yield from _descriptions(transaction.parties, _ROLES[name])


def _descriptions(parties: Iterable[Party], roles: frozenset[Role]) -> Iterator[str]:
    yield from (p.description for p in parties if p.description and (set(p.roles) & roles or len(roles) == len(Role)))
