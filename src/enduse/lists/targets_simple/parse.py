"""Reads `targets.simple.csv`: one row for each target, cells joined by semicolons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.lists.dates import day_of
from enduse.lists.ftm.schemas import kind_of_schema, number_of
from enduse.lists.reading import Audit, Files, countries, head_of, joined, split, table
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier

LIST, PART = "targets_simple", "targets.simple.csv"
_USED = (
    "id",
    "schema",
    "name",
    "aliases",
    "birth_date",
    "countries",
    "addresses",
    "identifiers",
    "sanctions",
    "phones",
    "emails",
    "program_ids",
    "dataset",
)
_IGNORED = ("first_seen", "last_seen", "last_change")


def recognise(_name: str, head: bytes) -> str | None:
    """The table by its first columns."""
    first = head.decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0].replace('"', "")
    return PART if first.startswith("id,schema,name,aliases,birth_date,countries") else None


def stated_on(files: Files) -> date | None:
    """The day the first targets were last seen."""
    lines = head_of(files[PART], size=20_000).decode("utf-8", errors="replace").splitlines()
    days = [day for line in lines[1:] for cell in line.rsplit(",", 3)[1:] if (day := day_of(cell.strip('"')))]
    return max(days, default=None)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The targets."""
    audit = audit if audit is not None else Audit()
    rows = table(files[PART], file=PART, audit=audit, used=_USED, ignored=_IGNORED, required=_USED[:6])
    for line, row in rows:
        if not row.get("name") and not row.get("aliases"):
            audit.report(PART, line, "name", joined(row.values()), "a target without a name")
            continue
        yield _party(row, line, audit)


def _party(row: dict[str, str], line: int, audit: Audit) -> ListedParty:
    kind = kind_of_schema(row["schema"])
    if kind is None:
        audit.report(PART, line, "schema", row["schema"], "a schema we do not know")
    codes = countries(split(row["countries"]), file=PART, row=line, field="countries", audit=audit)
    first, *more = (row["name"], *split(row["aliases"])) if row["name"] else split(row["aliases"])
    others = [ListedName(text=alias, kind="alias") for alias in dict.fromkeys(more) if alias != first]
    contacts = [Identifier(kind="phone", value=one) for one in split(row.get("phones"))]
    contacts += [Identifier(kind="email", value=one) for one in split(row.get("emails"))]
    return ListedParty.model_validate(
        {
            "list": LIST,
            "id": row["id"],
            "source": row.get("dataset") or None,
            "kind": kind or "unknown",
            "names": (ListedName(text=first), *others),
            "identifiers": (*(number_of(one) for one in split(row.get("identifiers"))), *contacts),
            "addresses": tuple(Address(text=one) for one in split(row.get("addresses"))),
            "birth_dates": split(row.get("birth_date")),
            "nationalities": codes,
            "programmes": split(row.get("program_ids")),
            "remarks": row.get("sanctions", "").strip('"') or None,
        }
    )
