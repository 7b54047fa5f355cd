"""OFAC's CSV set: the primary file, addresses, aliases, and the overflow of long remarks.

No header (some carriers add one), `-0-` for nothing, a 0x1A byte at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from enduse.errors import ListError
from enduse.lists.ofac.programmes import source_of
from enduse.lists.ofac.remarks import remarks_of
from enduse.lists.places import place_of
from enduse.lists.reading import Audit, Files, joined, plain_rows
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind

WIDTHS = {"primary": 12, "add": 6, "alt": 5, "comments": 2}
_KINDS = {
    "individual": PartyKind.PERSON,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
    "entity": PartyKind.ORGANISATION,
}
_ALIASES: dict[str, Literal["alias", "former"]] = {"aka": "alias", "fka": "former", "nka": "alias"}


def table_kind(head: bytes) -> str | None:
    """Which of the four tables a headless file is, by the width of its first rows and its leading number."""
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff")
    first = text.split("\n", 1)[0].strip()
    if first.lower().startswith("ent_num,"):
        width = first.count(",") + 1
        return next((kind for kind, w in WIDTHS.items() if w == width), None)
    try:
        rows = [row for _, row in plain_rows(text.rsplit("\n", 1)[0].encode(), file="", audit=Audit())][:20]
    except ListError:
        return None
    if not rows or not all(row[0].strip().isdigit() for row in rows[:5]):
        return None
    widths = {len(row) for row in rows[:-1] or rows}
    return next((kind for kind, width in WIDTHS.items() if widths == {width}), None)


def parse_tables(files: Files, *, list_id: str, prefix: str, source: str, audit: Audit) -> Iterator[ListedParty]:
    """The parties of a CSV set whose parts are named `<prefix>_primary`, `_add`, `_alt` and `_comments`."""
    if f"{prefix}_primary" not in files:
        hint = "give the primary file (sdn.csv or cons_prim.csv) together with its add, alt and comments files"
        raise ListError("the primary file is missing", place=list_id, hint=hint)
    addresses = _grouped(files, f"{prefix}_add", 6, audit)
    aliases = _grouped(files, f"{prefix}_alt", 5, audit)
    comments = _grouped(files, f"{prefix}_comments", 2, audit)
    file = f"{prefix}_primary"
    for line, row in _rows(files, file, 12, audit):
        number = row[0]
        yield _party(
            row,
            comments=[cells[1] for _, cells in comments.pop(number, ())],
            addresses=[cells for _, cells in addresses.pop(number, ())],
            aliases=aliases.pop(number, []),
            place=(list_id, source, file, line),
            audit=audit,
        )
    for part, left in (("add", addresses), ("alt", aliases), ("comments", comments)):
        for number, rows in left.items():
            audit.report(f"{prefix}_{part}", rows[0][0], "ent_num", number, "no such party in the primary file")


def _rows(files: Files, part: str, width: int, audit: Audit) -> Iterator[tuple[int, list[str]]]:
    """Rows of one table with `-0-` emptied; the header some carriers add is passed over."""
    if part not in files:
        return
    for line, cells in plain_rows(files[part], file=part, audit=audit):
        row = ["" if (said := cell.strip("\x1a \r\n")) == "-0-" else said for cell in cells]
        if row[0].lower() == "ent_num":
            continue
        if len(row) != width or not row[0].isdigit():
            audit.report(part, line, "(row)", "; ".join(row), f"not a row of {width} cells with a number")
            if len(row) < 2 or not row[0].isdigit():
                continue
            row = (row + [""] * width)[:width]
        yield line, row


def _grouped(files: Files, part: str, width: int, audit: Audit) -> dict[str, list[tuple[int, list[str]]]]:
    grouped: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    for line, row in _rows(files, part, width, audit):
        grouped[row[0]].append((line, row))
    return grouped


def _party(
    row: list[str],
    *,
    comments: list[str],
    addresses: list[list[str]],
    aliases: list[tuple[int, list[str]]],
    place: tuple[str, str, str, int],
    audit: Audit,
) -> ListedParty:
    list_id, source, file, line = place
    number, name, kind, programmes, title, call_sign, vessel, tonnage, grt, flag, owner, remarks = row
    whole = "".join([remarks, *comments])
    read = remarks_of(whole)
    party_kind = _KINDS.get(kind.lower() or "entity")
    if party_kind is None:
        audit.report(file, line, "SDN_Type", kind, "a type we do not know")
    codes_listed = tuple(p.strip("[] ") for p in programmes.split("] [") if p.strip("[] "))
    codes = [code] if (code := place_of(flag)) else []
    other = [("title", title), ("vessel_type", vessel), ("tonnage", tonnage), ("gross_registered_tonnage", grt)]
    other += [("vessel_flag", flag), ("vessel_owner", owner)]
    signs = (Identifier(kind="call_sign", value=call_sign),) if call_sign else ()
    person = party_kind is PartyKind.PERSON
    names = [named(name, "primary", person=person), *_aliases(aliases, person=person, part=file, audit=audit)]
    return ListedParty(
        list=list_id,
        id=number,
        source=source if source != "CONS" else source_of(codes_listed),
        kind=party_kind or PartyKind.UNKNOWN,
        names=tuple(dict.fromkeys((*names, *read.names))),
        identifiers=(*signs, *read.identifiers),
        addresses=tuple(a for cells in addresses if (a := _address(cells, part=file, audit=audit))),
        birth_dates=read.birth_dates,
        birth_places=read.birth_places,
        nationalities=tuple(dict.fromkeys((*codes, *read.nationalities))),
        programmes=codes_listed,
        links=read.links,
        remarks=whole or None,
        other=(*((n, v) for n, v in other if v), *read.other),
    )


def named(text: str, kind: Literal["primary", "alias", "former"], *, person: bool) -> ListedName:
    """A name, with family and given part where a person's is written `FAMILY, Given`."""
    last, comma, first = text.partition(", ")
    parts = (("last", last), ("first", first)) if person and comma and first else ()
    return ListedName(text=text, kind=kind, parts=parts)


def _aliases(rows: list[tuple[int, list[str]]], *, person: bool, part: str, audit: Audit) -> Iterator[ListedName]:
    for line, (_, _, kind, name, remarks) in rows:
        if not name or kind not in _ALIASES:
            audit.report(part.replace("primary", "alt"), line, "alt_type", kind or name, "not an alias we know")
        if remarks:
            audit.report(part.replace("primary", "alt"), line, "alt_remarks", remarks, "a remark no one reads")
        if name:
            yield named(name, _ALIASES.get(kind, "alias"), person=person)


def _address(row: list[str], *, part: str, audit: Audit) -> Address | None:
    """An address row; a country we do not know stays in the text."""
    _, _, street, city, country, remarks = row
    code = place_of(country)
    if country and code is None and country.lower() != "undetermined":
        audit.report(part.replace("primary", "add"), row[1], "Country", country, "a country we do not know")
    text = joined((street, city, country, f"({remarks})" if remarks else None))
    return Address(text=text, street=street or None, city=city or None, country=code) if text else None
