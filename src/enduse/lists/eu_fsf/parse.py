"""Reads the EU's FSF list: XML 1.1, or the semicolon CSV in its layouts 1.0 and 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.errors import ListError
from enduse.lists.dates import day_of
from enduse.lists.eu_fsf import tables, xml
from enduse.lists.reading import Audit, Files, head_of, root_attribute, root_tag
from enduse.model.listing import ListedParty

LIST = "eu_fsf"
_XML, _CSV = "fsf.xml", "fsf.csv"


def recognise(_name: str, head: bytes) -> str | None:
    """The XML by its root and its entities; the CSV by its columns, even where the header was mangled."""
    if root_tag(head) == "export" and b"fpi/fsd/export" in head:
        return _XML
    first = head.decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0]
    return _CSV if "Naal_wholename" in first or "NameAlias_WholeName" in first else None


def stated_on(files: Files) -> date | None:
    """The day of generation: in the XML's root, in the CSV's first column."""
    if _XML in files:
        return day_of(root_attribute(head_of(files[_XML], size=2_000), "generationDate"))
    return tables.generated_on(files, _CSV) if _CSV in files else None


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The persons and entities."""
    audit = audit if audit is not None else Audit()
    if _XML in files:
        return xml.parse_xml(files, _XML, list_id=LIST, audit=audit)
    if _CSV in files:
        return tables.parse_tables(files, _CSV, list_id=LIST, audit=audit)
    raise ListError("neither XML nor CSV is there", place=LIST, hint="give the file as the Commission publishes it")
