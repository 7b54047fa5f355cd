"""From a row of a table to a party: which column is which, and what is wrong with a cell that is not what it should be.

A row whose name cannot be read is refused. Any other cell that cannot be read is left out and reported, and the party
is screened without it: an unscreened party is the greater loss.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from enduse.errors import InputError
from enduse.lists.dates import day_of
from enduse.lists.identifiers import identifier
from enduse.lists.own.parse import COLUMNS as HEADINGS
from enduse.lists.places import place_of
from enduse.model.party import Address, Identifier, Party, PartyKind

NUMBERS = ("imo", "lei", "registration", "tax", "passport", "email", "website", "phone")
_PARTICULARS = ("name", "aliases", "former", "country", "nationality", "kind", "birth", "address", "city", "postcode")
MEANINGS = ("id", *_PARTICULARS, *NUMBERS)
"""What a column may hold; all but `name` may be absent."""

KINDS: Mapping[str, PartyKind] = {
    **{kind.value: kind for kind in PartyKind},
    "individual": PartyKind.PERSON,
    "natural person": PartyKind.PERSON,
    "company": PartyKind.ORGANISATION,
    "entity": PartyKind.ORGANISATION,
    "organization": PartyKind.ORGANISATION,
    "legal person": PartyKind.ORGANISATION,
    "ship": PartyKind.VESSEL,
    "": PartyKind.UNKNOWN,
}
LONGEST = 10_000
"""The longest cell that is taken for a name or an address; what is longer is no name."""

LEFT_OUT, NOT_SCREENED = "screened without it", "not screened"
Wrong = Callable[[str, str, str], None]
"""Called with the meaning, the value and the reason for each cell that cannot be read."""

_UNDECODED = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SEVERAL = re.compile(r"[;|]")


class Problem(NamedTuple):
    """What is wrong with one cell, and what was done about it."""

    field: str
    value: str
    why: str
    done: str


def columns_of(header: Sequence[str], given: Mapping[str, str], *, place: str) -> dict[str, str]:
    """Meaning to heading. `given` are the user's own; the rest is known by the usual headings.

    Raises `InputError` for a column that is not there (with the nearest that is), and for two of one meaning.
    """
    wrong = [meaning for meaning in given if meaning not in MEANINGS]
    if wrong:
        raise InputError(f"no column can mean {wrong[0]!r}", place=place, hint=f"one of: {', '.join(MEANINGS)}")
    for meaning, heading in given.items():
        if heading not in header:
            raise InputError(f"no column {heading!r} for {meaning}", place=place, hint=_nearest([heading], header))
    found = dict(given)
    for heading in header:
        meaning = _meanings().get(_plain(heading), "")
        if meaning not in MEANINGS or meaning in given or heading in given.values():
            continue
        if meaning in found:
            said = f"the columns {found[meaning]!r} and {heading!r} both mean {meaning}"
            raise InputError(said, place=place, hint=f"say which: --column {meaning}={heading!r}")
        found[meaning] = heading
    if "name" not in found:
        raise InputError("no column with the names", place=place, hint=_nearest(HEADINGS["name"], header))
    return found


def _nearest(wanted: Iterable[str], header: Sequence[str]) -> str:
    plain = {_plain(h): h for h in header}
    near = [plain[n] for w in wanted for n in difflib.get_close_matches(_plain(w), plain, 1, 0.6)]
    held = [h for h in header if {"name", "firm", "company"} & set(_plain(h).split())]
    found = f"the columns are: {', '.join(header[:20])}"
    return f"did you mean {(near or held)[0]!r}? {found}" if near or held else f"say --name-column; {found}"


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    return {word: meaning for meaning, words in HEADINGS.items() for word in words}


def _plain(heading: str) -> str:
    return " ".join(heading.replace("_", " ").casefold().split())


def read_row(cells: Mapping[str, object], columns: Mapping[str, str]) -> tuple[Party | None, tuple[Problem, ...]]:
    """The party of a row, if it can be screened, and what is wrong with the row."""
    problems: list[Problem] = []
    values: dict[str, str] = {}
    for meaning, heading in columns.items():
        said = text_of(cells.get(heading))
        wrong = _unreadable(said)
        if wrong:
            problems.append(Problem(heading, shown(said), wrong, NOT_SCREENED if meaning == "name" else LEFT_OUT))
        else:
            values[meaning] = said
    if any(p.done == NOT_SCREENED for p in problems):
        return None, tuple(problems)
    party, more = _party(values, columns)
    return party, (*problems, *more)


def party_of(values: Mapping[str, str]) -> Party:
    """One party from texts by meaning. Raises `InputError` for the first thing wrong."""
    party, problems = read_row(values, {meaning: meaning for meaning in values})
    if problems or party is None:
        first = problems[0]
        raise InputError(f"{first.why}: {first.value!r}" if first.value else first.why, place=first.field)
    return party


def text_of(value: object) -> str:
    """A cell as text: a list joined, a number as written, nothing as an empty text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="surrogateescape")
    match value:
        case None:
            return ""
        case list() | tuple():
            return "; ".join(text_of(v) for v in value if v is not None)
        case dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()


def shown(text: str) -> str:
    """A value as it may stand in a report: printable and short."""
    plain = "".join(c if c.isprintable() else f"\\x{ord(c) & 0xFF:02x}" for c in text[:80])
    return plain + ("…" if len(text) > 80 else "")


def _unreadable(text: str) -> str | None:
    undecoded = _UNDECODED.search(text)
    if undecoded:
        byte = ord(undecoded[0]) & 0xFF
        return f"not in the encoding of the file (byte 0x{byte:02x}); save it as UTF-8, or say --encoding cp1252"
    if _CONTROL.search(text, 0, LONGEST + 1):
        return "holds bytes that are no text"
    if len(text) > LONGEST:
        return f"{len(text):,} characters long; {LONGEST:,} is the most a cell may have"
    return None


def _party(values: Mapping[str, str], columns: Mapping[str, str]) -> tuple[Party | None, list[Problem]]:
    problems: list[Problem] = []

    def wrong(meaning: str, value: str, why: str) -> None:
        problems.append(Problem(columns[meaning], shown(value), why, LEFT_OUT))

    numbers = tuple(_numbers(values))
    if not values.get("name") and not numbers:
        return None, [Problem(columns.get("name", "name"), "", "no name and no number to screen by", NOT_SCREENED)]
    countries = tuple(_places("country", values, wrong))
    text = ", ".join(values[n] for n in ("address", "city", "postcode") if values.get(n))
    address = Address(text=text, city=values.get("city") or None, country=countries[0] if countries else None)
    elsewhere = [Address(country=code) for code in countries[1:]]
    kind = KINDS.get(values.get("kind", "").casefold())
    if kind is None:
        near = difflib.get_close_matches(values["kind"].casefold(), [k for k in KINDS if k], 1)
        wrong("kind", values["kind"], f"no kind of party; {near[0]!r}?" if near else "no kind of party")
    party = Party(
        name=values.get("name") or None,
        kind=kind or PartyKind.UNKNOWN,
        country=countries[0] if countries else None,
        nationalities=tuple(_places("nationality", values, wrong)),
        birth_date=_day("birth", values, wrong),
        aliases=tuple(_several(values.get("aliases", ""))) + tuple(_several(values.get("former", ""))),
        identifiers=numbers,
        addresses=(*([address] if text else []), *elsewhere),
    )
    return party, problems


def _several(text: str) -> Iterator[str]:
    if text:
        yield from dict.fromkeys(part.strip() for part in _SEVERAL.split(text) if part.strip())


def _numbers(values: Mapping[str, str]) -> Iterator[Identifier]:
    for name in NUMBERS:
        for value in _several(values.get(name, "")):
            yield identifier(name.upper() if name in {"imo", "lei"} else name, value)


def _places(meaning: str, values: Mapping[str, str], wrong: Wrong) -> Iterator[str]:
    for said in _several(values.get(meaning, "")):
        code = place(said)
        if code:
            yield code
        else:
            near = nearest_country(said)
            wrong(meaning, said, f"no country we know; did you mean {near}?" if near else "no country we know")


@lru_cache(maxsize=10_000)
def place(said: str) -> str | None:
    """The code of a country or territory by code (`UA-43` too) or name."""
    head, mark, tail = said.strip().upper().partition("-")
    if mark and len(head) == 2 and 1 <= len(tail) <= 3 and tail.isalnum() and place_of(head):
        return f"{head}-{tail}"
    return place_of(said)


@lru_cache(maxsize=1_000)
def nearest_country(said: str) -> str | None:
    """The nearest country name to something that is none, with its code."""
    near = difflib.get_close_matches(said.casefold(), _country_names(), 1, 0.75)
    return f"{near[0].title()} ({place_of(near[0])})" if near else None


@lru_cache(maxsize=1)
def _country_names() -> tuple[str, ...]:
    rows = files("enduse.lists").joinpath("places.csv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(name.casefold() for row in rows for name in row.partition(",")[2].split(";"))


def _day(meaning: str, values: Mapping[str, str], wrong: Wrong) -> date | None:
    said = values.get(meaning, "")
    day = day_of(said[:10] if re.match(r"\d{4}-\d\d-\d\d[T ]", said) else said)
    if said and day is None:
        wrong(meaning, said, "not a day; write it as 1970-08-15")
    return day
