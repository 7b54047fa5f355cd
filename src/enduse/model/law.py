"""Law as data: citations, tests, dated rule versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StringConstraints,
    Tag,
    model_validator,
)

from enduse.model.base import Value

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_as_number(value: object) -> object:
    if isinstance(value, str | bool):
        msg = "text is not a number (5E002 would read as 500)"
        raise ValueError(msg)
    return value


def _written_as_date(value: object) -> object:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return date.fromisoformat(value)
    if not isinstance(value, date):
        msg = "not a date"
        raise ValueError(msg)
    return value


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_written_as_number),
    PlainSerializer(_json_number, return_type=int | float, when_used="json"),
]
"""A figure written as a figure: text never turns into one, and it stays one in JSON."""
Day = Annotated[date, BeforeValidator(_written_as_date)]
"""A date, also in the form JSON writes it (`2026-01-31`)."""
Scalar = Annotated[StrictBool | Number | Day | str, Field(union_mode="left_to_right")]
FactValue = Annotated[StrictBool | Number | Day | str | tuple[str, ...], Field(union_mode="left_to_right")]
OPERATORS = ("is", "in", "under", "at_least", "above", "at_most", "below")


class Citation(Value):
    """Where it stands: the source, the pinpoint in it, and where it was published."""

    source: str
    pinpoint: str
    published: str | None = None

    def __str__(self) -> str:
        return f"{self.source} {self.pinpoint}"


class Test(Value):
    """One question put to one fact: exactly one operator.

    `is` equals; `in` is a member of a list or of a table (`@table:key`); `under` is a code at or below one of these;
    the other four compare numbers, money or dates.
    """

    __test__ = False  # a test of law; pytest need not collect it

    fact: str
    is_: Annotated[Scalar | None, Field(alias="is")] = None
    in_: Annotated[str | tuple[str, ...] | None, Field(alias="in")] = None
    under: str | tuple[str, ...] | None = None
    at_least: Decimal | date | None = None
    above: Decimal | date | None = None
    at_most: Decimal | date | None = None
    below: Decimal | date | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Test:
        if len(self._asked()) != 1:
            msg = f"a test of {self.fact!r} needs exactly one of {', '.join(OPERATORS)}"
            raise ValueError(msg)
        return self

    def _asked(self) -> list[tuple[str, object]]:
        given = [(n, getattr(self, n + "_" if n in {"is", "in"} else n)) for n in OPERATORS]
        return [(n, v) for n, v in given if v is not None]

    @cached_property
    def operator(self) -> str:
        """The one operator of this test."""
        return self._asked()[0][0]

    @cached_property
    def operand(self) -> Scalar | tuple[str, ...]:
        """What the fact is held against."""
        return self._asked()[0][1]  # type: ignore[return-value]


class AllOf(Value):
    """True when every part is."""

    all: Annotated[tuple[When, ...], Field(min_length=1)]


class AnyOf(Value):
    """True when at least one part is."""

    any: Annotated[tuple[When, ...], Field(min_length=1)]


class Not(Value):
    """True when its part is false."""

    not_: Annotated[When, Field(alias="not")]


def _which(value: object) -> str:
    """Which of the four a test is, told by its key, so that a mistake in it is the only complaint."""
    keys = value if isinstance(value, Mapping) else type(value).model_fields if isinstance(value, Value) else ()
    return next((k for k, own in (("all", "all"), ("any", "any"), ("not", "not_")) if k in keys or own in keys), "test")


When = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Test, Tag("test")],
    Discriminator(_which),
]

for _part in (AllOf, AnyOf, Not):
    _part.model_rebuild()


class Effect(StrEnum):
    """What a rule does when it holds, in the order the law asks.

    SUBJECT brings within the jurisdiction; PROHIBITS bars outright; REQUIRES a licence; EXCUSES lifts one of those
    (what it lifts stands in `lifts`); BARS takes an excuse away (`blocks`); FLAGS and DESCRIBES inform.
    """

    SUBJECT = "subject"
    PROHIBITS = "prohibits"
    REQUIRES = "requires"
    EXCUSES = "excuses"
    BARS = "bars"
    FLAGS = "flags"
    DESCRIBES = "describes"


Relief = Literal["exception", "general_licence", "carve_out", "exclusion"]
Status = Literal["in_force", "suspended", "stayed", "not_enforced"]


class RuleVersion(Value):
    """One text of a provision, in force over `[from, to)`.

    `reason` names a requirement (`NS`, `MT`, `744.21`), or is `licence` on a rule that describes what is only of use
    where one is needed. `lifts` and `blocks` name what an excuse lifts and a bar takes away: a reason, a rule id or its
    beginning up to a dot, an authorisation, or `*`. `conditions` are what must be done or kept to use an excuse;
    `policy` is how an application would be reviewed; `unscoped` marks a duty that holds even for what is not subject to
    the jurisdiction (US-person activities, 15 CFR 744.6).
    """

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    status: Status = "in_force"
    review_from: date | None = None
    effect: Effect
    reason: str | None = None
    relief: Relief | None = None
    authorisation: str | None = None
    lifts: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    policy: str | None = None
    conditions: tuple[str, ...] = ()
    unscoped: bool = False
    when: When | None = None
    says: str
    cites: Annotated[tuple[Citation, ...], Field(min_length=1)]

    def in_force(self, day: date) -> bool:
        """Was this text law on `day`? The last day is excluded, as gazettes count."""
        return self.status == "in_force" and self.from_ <= day and (self.to is None or day < self.to)

    @model_validator(mode="after")
    def _complete(self) -> RuleVersion:
        if self.to is not None and self.to <= self.from_:
            msg = f"ends on {self.to}, before it begins on {self.from_}"
            raise ValueError(msg)
        if self.effect is Effect.REQUIRES and not self.reason:
            msg = "a rule that requires a licence must give its `reason`"
            raise ValueError(msg)
        if self.effect is Effect.EXCUSES and not (self.lifts and self.authorisation and self.relief):
            msg = "a rule that excuses must say what it `lifts`, its `authorisation` and its `relief`"
            raise ValueError(msg)
        if self.effect is Effect.BARS and not self.blocks:
            msg = "a rule that bars must say what it `blocks`"
            raise ValueError(msg)
        return self


RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_()-]+)+$")]


class Example(Value):
    """Facts under which a rule holds, or does not: the rule's own test, beside the law."""

    holds: bool
    facts: Mapping[str, FactValue]
    as_of: date | None = None
    note: str | None = None


class Rule(Value):
    """A provision through time, with the examples that prove it."""

    id: RuleId
    title: str
    versions: Annotated[tuple[RuleVersion, ...], Field(min_length=1)]
    examples: tuple[Example, ...] = ()

    def at(self, day: date) -> RuleVersion | None:
        """The text in force on `day`, if any."""
        return next((v for v in self.versions if v.in_force(day)), None)


Nature = Literal["transaction", "knowledge", "list", "condition"]
FactKind = Literal["flag", "text", "code", "place", "number", "date", "texts", "places", "codes"]


class FactType(Value):
    """What a rule may ask about: name, type, and what silence means.

    `nature` decides silence: a fact of the `transaction` is unknown; `knowledge` counts as nothing known, a `list` fact
    as not listed, a `condition` as going to be met, each as a printed assumption. `question` is what to ask;
    `assumed` is the assumption in words. A `derived` fact follows from others; `field` is then the transaction's own
    field that would supply it (`destination`, `line.value`, `line.item.origin`), if one field does.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
    kind: FactKind = "flag"
    nature: Nature = "transaction"
    question: str
    assumed: str | None = None
    why: str | None = None
    values: tuple[str, ...] = ()
    derived: bool = False
    field: str | None = None

    @model_validator(mode="after")
    def _assumption_in_words(self) -> FactType:
        if self.nature != "transaction" and (self.kind != "flag" or not self.assumed):
            msg = f"{self.name}: a {self.nature} fact must be a flag and say in `assumed` what is assumed"
            raise ValueError(msg)
        return self


class Omission(Value):
    """What a pack knowingly leaves out; `when` says which transactions it could touch (absent: any)."""

    id: str
    says: str
    cites: tuple[Citation, ...] = ()
    when: When | None = None


class Guard(Value):
    """What a pack says when the one fact that most of its rules hang on (code, place) is not known."""

    title: str
    says: str
    cites: Annotated[tuple[Citation, ...], Field(min_length=1)]


class PackInfo(Value):
    """A pack's own statement of what it is, what it covers and what it leaves out."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    kind: Literal["law", "indicators", "fiction"] = "law"
    jurisdiction: str
    title: str
    version: str
    publisher: str
    text_licence: str
    as_reviewed_on: date
    stale_after: date
    covers_from: date
    control_list: str | None = None
    code_fact: str = "item.control"
    place_fact: str = "transaction.destination"
    unknown_code: Guard | None = None
    unknown_place: Guard | None = None
    covers: tuple[str, ...] = ()
    omits: tuple[Omission, ...] = ()
    needs_lists: Mapping[str, str] = Field(default_factory=dict)
