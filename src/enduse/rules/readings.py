"""Free text read into facts, as far as it is unambiguous; every reading shows its words and stays an assumption.

A reading is data beside the rules: which fact, in which texts, which words, unless which others. What is read so is
never firm: the answer names it, and it is confirmed or contradicted like any assumption.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Literal

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
        return self


def read(transaction: Transaction, line: int, readings: Iterable[Reading]) -> dict[str, Fact]:
    """The facts that this line's texts state in so many words; two readings that disagree give nothing."""
    found: dict[str, Fact] = {}
    fallback: dict[str, Fact] = {}
    disputed: set[str] = set()
    for reading in readings:
        fact = _one(reading, transaction, line)
        if fact is None:
            continue
        kept = fallback if fact.evidence.startswith(_SILENT) else found
        if reading.fact in kept and kept[reading.fact].value != fact.value:
            disputed.add(reading.fact)
        kept.setdefault(reading.fact, fact)
    return {n: f for n, f in {**fallback, **found}.items() if n not in disputed}


_SILENT = "no such words in"


def _one(reading: Reading, transaction: Transaction, line: int) -> Fact | None:
    if reading.activities and transaction.activity.value not in reading.activities:
        return None
    seen = False
    for place, text in _texts(reading.where, transaction, line):
        seen = True
        match = _pattern(reading.words).search(text)
        if match and not (reading.never and _pattern(reading.never).search(text)):
            return Fact(_set(reading.value), f"read in {place}: “{match.group(0)}”", assumed=True)
    if seen and reading.otherwise is not None:
        return Fact(_set(reading.otherwise), f"{_SILENT} {', '.join(reading.where)}", assumed=True)
    return None


def _set(value: FactValue) -> FactValue | frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=4096)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{w})" for w in words) + r")(?!\w)", re.IGNORECASE)


def _texts(where: Iterable[Where], transaction: Transaction, line: int) -> Iterator[tuple[str, str]]:
    for name in where:
        for text in _in(name, transaction, line):
            yield name.replace("_", " "), text


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
