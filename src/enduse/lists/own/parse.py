"""Reads a user's own CSV: a column `name`, and any of the others, under the names people give them.

A cell that cannot be what its column says is reported with row and column; the row is kept as far as it goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from enduse.errors import ListError
from enduse.lists.dates import birth_date_of, day_of
from enduse.lists.identifiers import identifier
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, records, refuse_markup, split, text_of
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

LIST, PART = "own", "own.csv"
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "party", "party name", "full name", "company", "company name", "entity", "entity name"),
    "aliases": (
        "aliases",
        "alias",
        "aka",
        "a.k.a.",
        "also known as",
        "other names",
        "alt names",
        "alternative names",
    ),
    "former": ("former names", "former name", "fka", "previous names", "previous name"),
    "country": ("country", "countries", "country code"),
    "kind": ("kind", "type", "party type"),
    "id": ("id", "number", "reference", "ref", "key"),
    "address": ("address", "addresses"),
    "city": ("city", "town"),
    "postcode": ("postcode", "zip", "zip code", "postal code"),
    "birth": ("birth date", "date of birth", "dob", "born"),
    "nationality": ("nationality", "nationalities", "citizenship"),
    "programme": ("programme", "programmes", "program", "programs", "list", "source", "reason"),
    "since": ("listed on", "since", "date", "start date", "effective date", "from"),
    "until": ("expires on", "until", "end date", "to"),
    "remarks": ("remarks", "remark", "notes", "note", "comment", "comments"),
    "imo": ("imo", "imo number"),
    "lei": ("lei",),
    "registration": ("registration", "registration number", "company number"),
    "tax": ("tax", "tax number", "vat", "vat number", "inn"),
    "passport": ("passport", "passport number"),
    "email": ("email", "e-mail"),
    "website": ("website", "web", "url"),
    "phone": ("phone", "telephone"),
}
_NUMBERS = ("imo", "lei", "registration", "tax", "passport", "email", "website", "phone")
_KINDS = {
    "person": PartyKind.PERSON,
    "individual": PartyKind.PERSON,
    "organisation": PartyKind.ORGANISATION,
    "organization": PartyKind.ORGANISATION,
    "company": PartyKind.ORGANISATION,
    "entity": PartyKind.ORGANISATION,
    "vessel": PartyKind.VESSEL,
    "ship": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
    "address": PartyKind.ADDRESS,
    "unknown": PartyKind.UNKNOWN,
    "": PartyKind.UNKNOWN,
}
_ONE_WILL_DO = frozenset({"kind", "id", "programme", "since", "until", "remarks"})
"""What a second column of is left out, and reported: nothing is screened by it."""
_HINT = "name one column `name`; other columns may be: " + ", ".join(list(COLUMNS)[1:])


def recognise(_name: str, head: bytes) -> str | None:
    """A file is taken for a user's own list when every one of its columns has a meaning here."""
    first = next(iter(head[:5_000].decode("utf-8-sig", errors="replace").splitlines()), "")
    cells = {c.strip().strip('"').replace("_", " ").casefold() for c in first.split(_delimiter(first))}
    return PART if "name" in cells and cells <= {w for words in COLUMNS.values() for w in words} else None


def stated_on(_files: Files) -> date | None:
    """A user's file does not say of which day it is."""
    return None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The parties; ids given twice get a mark, missing ids a digest of the row."""
    audit = audit if audit is not None else Audit()
    text = text_of(files[PART], file=PART, audit=audit)
    refuse_markup(text, file=PART)
    rows = records(text, file=PART, audit=audit, delimiter=_delimiter(text), most_lines=50)
    header = next(rows, (0, []))[1]
    at = columns_of(header, audit)
    seen: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        audit.rows += 1
        if len(cells) > len(header):
            audit.report(PART, line, "(row)", cells[len(header) :], "more cells than columns")
        row = {ours: cells[i].strip() for ours, i in at.items() if i < len(cells)}
        if not row.get("name"):
            audit.report(PART, line, header[at["name"]], "; ".join(cells), "no name: the row is left out")
            continue
        party = _party(row, line, audit)
        seen[party.id] = seen.get(party.id, 0) + 1
        if (times := seen[party.id]) > 1:
            audit.report(PART, line, "id", party.id, "the same id once more")
            party = party.model_copy(update={"id": f"{party.id}~{times}"})
        yield party


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=first.count)


def columns_of(header: list[str], audit: Audit) -> dict[str, int]:
    """Which column is which. A column with no meaning here is reported; no column of names is an error, and so are two

    columns of one meaning where the second would be missed."""
    words = {word: ours for ours, known in COLUMNS.items() for word in known}
    at: dict[str, int] = {}
    for i, said in enumerate(header):
        plain = said.strip().replace("_", " ").casefold()
        ours = words.get(plain)
        if ours is None:
            audit.report(PART, 1, said, "", "a column without a meaning here: left out")
        elif ours in at and ours in _ONE_WILL_DO:
            audit.report(PART, 1, said, "", f"means {ours}, as {header[at[ours]]!r} before it: left out")
        elif ours in at:
            both = f"{header[at[ours]]!r} and {said!r}"
            raise ListError(f"the columns {both} both mean {ours}", place=f"{PART}:1", hint="rename one of them")
        else:
            at[ours] = i
    if "name" not in at:
        found = ", ".join(cell.strip() for cell in header)
        raise ListError(f"no column `name` (found: {found})", place=f"{PART}:1", hint=_HINT)
    return at


def _party(row: dict[str, str], line: int, audit: Audit) -> ListedParty:
    kind = _KINDS.get(row.get("kind", "").casefold())
    if kind is None:
        audit.report(PART, line, "kind", row["kind"], f"not one of {', '.join(k for k in _KINDS if k)}")
    countries = tuple(_places(row, "country", line, audit))
    text = ", ".join(row[n] for n in ("address", "city", "postcode") if row.get(n))
    place = Address(
        text=text or None,
        city=row.get("city") or None,
        postcode=row.get("postcode") or None,
        country=next(iter(countries), None),
    )
    others = [Address(country=code) for code in countries[1:]]
    return ListedParty(
        list=LIST,
        id=row.get("id") or hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:16],
        kind=kind or PartyKind.UNKNOWN,
        names=tuple(_names(row)),
        identifiers=tuple(_numbers(row)),
        addresses=(place, *others) if text or countries else (),
        birth_dates=tuple(birth_date_of(one) for one in split(row.get("birth"))),
        nationalities=tuple(_places(row, "nationality", line, audit)),
        programmes=split(row.get("programme")),
        listed_on=_day(row, "since", line, audit),
        expires_on=_day(row, "until", line, audit),
        remarks=row.get("remarks") or None,
    )


def _names(row: dict[str, str]) -> Iterator[ListedName]:
    yield ListedName(text=row["name"])
    for column, kind in (("aliases", "alias"), ("former", "former")):
        for text in split(row.get(column, "").replace("|", ";")):
            yield ListedName.model_validate({"text": text, "kind": kind})


def _numbers(row: dict[str, str]) -> Iterator[Identifier]:
    for name in _NUMBERS:
        for value in split(row.get(name)):
            yield identifier(name.upper() if name in {"imo", "lei"} else name, value)


def _places(row: dict[str, str], name: str, line: int, audit: Audit) -> Iterator[str]:
    for said in split(row.get(name, "").replace("|", ";")):
        if code := place_of(said):
            yield code
        else:
            audit.report(PART, line, name, said, "a country we do not know: write its name or two-letter code")


def _day(row: dict[str, str], name: str, line: int, audit: Audit) -> date | None:
    said = row.get(name, "")
    day = day_of(said)
    if said and day is None:
        audit.report(PART, line, name, said, "not a day: write it as 2026-08-15")
    return day
