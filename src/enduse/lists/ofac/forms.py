"""One OFAC list in any of its forms, told apart by their first bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.errors import ListError
from enduse.lists.ofac import advanced, legacy, tables
from enduse.lists.reading import Audit, Files, root_tag
from enduse.model.base import Value
from enduse.model.listing import ListedParty


class Forms(Value):
    """Which list: its id, the prefix of its parts' names, and the code of its (only) sub-list."""

    list: str
    prefix: str
    source: str

    @property
    def advanced(self) -> str:
        """The name of the Advanced XML part."""
        return f"{self.prefix}_advanced.xml"

    @property
    def plain(self) -> str:
        """The name of the plain XML part."""
        return "sdn.xml" if self.prefix == "sdn" else "consolidated.xml"


def recognise(forms: Forms, head: bytes) -> str | None:
    """The part a file plays in this list, if it is in one of OFAC's forms."""
    match root_tag(head):
        case "Sanctions" if b"DateOfIssue" in head:
            return forms.advanced
        case "sdnList":
            return forms.plain
        case None if (kind := tables.table_kind(head)) is not None:
            return f"{forms.prefix}_{kind}"
    return None


def stated_on(forms: Forms, files: Files) -> date | None:
    """The day the XML forms state."""
    if forms.advanced in files:
        return advanced.issued_on(files, forms.advanced)
    return legacy.issued_on(files, forms.plain) if forms.plain in files else None


def parse(forms: Forms, files: Files, audit: Audit) -> Iterator[ListedParty]:
    """The parties from the fullest form given."""
    if not files:
        raise ListError("no file was given", place=forms.list, hint="give one of the forms OFAC publishes")
    if forms.advanced in files:
        part, source = forms.advanced, forms.source
        return advanced.parse_advanced(files, part, list_id=forms.list, source=source, audit=audit)
    if forms.plain in files:
        known = forms.source if forms.prefix == "sdn" else None
        return legacy.parse_legacy(files, forms.plain, list_id=forms.list, source=known, audit=audit)
    return tables.parse_tables(files, list_id=forms.list, prefix=forms.prefix, source=forms.source, audit=audit)
