"""Reads the non-SDN lists in any of OFAC's forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from enduse.lists.ofac import forms
from enduse.lists.reading import Audit, Files
from enduse.model.listing import ListedParty

_FORMS = forms.Forms(list="us_ofac_consolidated", prefix="cons", source="CONS")


def recognise(name: str, head: bytes) -> str | None:
    """The part a file plays. Both OFAC lists use the same forms: this one needs `cons` in the name."""
    return forms.recognise(_FORMS, head) if "cons" in name.lower() else None


def stated_on(files: Files) -> date | None:
    """The date of issue in the XML forms; the CSV set has none."""
    return forms.stated_on(_FORMS, files)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The parties, from the best form given: Advanced XML, then plain XML, then CSV."""
    return forms.parse(_FORMS, files, audit if audit is not None else Audit())
