"""What does not exist is refused with the field and the nearest that does: silence would permit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from enduse.errors import InputError
from enduse.model.transaction import Transaction
from enduse.refusals import refuse
from enduse.shelf import open_pack

DAY = date(2026, 8, 3)


def order(**more: object) -> Transaction:
    line = {"item": {"codes": {"us_ccl": "EAR99"}}}
    return Transaction.model_validate({"destination": "DE", "lines": [line], **more})


def said(party: Mapping[str, object]) -> dict[str, object]:
    return {"parties": [{"name": "Zenda Works", **party}]}


@pytest.mark.parametrize(
    ("more", "field", "hint"),
    [
        (said({"listed_on": ["EL"]}), "parties.1.listed_on", "us_csl:EL"),
        (said({"listed_on": ["us_csl"]}), "parties.1.listed_on", "us_csl:"),
        (said({"listed_on": ["Entity List"]}), "parties.1.listed_on", "enduse lists status"),
        (said({"owners": [{"name": "X", "listed_on": ["SDN"]}]}), "parties.1.owners.listed_on", "us_csl:SDN"),
        ({"destination": "UK"}, "destination", "did you mean GB?"),
        ({"destination": "XX"}, "destination", "leave it out"),
        (said({"country": "SU"}), "parties.1.country", "leave it out"),
        ({"route": {"transit": ["ZZ"]}}, "route.transit", "leave it out"),
        ({"lines": [{"item": {"codes": {"us_ccl": "3a001.A.7"}}}]}, "lines.1.item.codes.us_ccl", "3A001.a.7"),
        ({"lines": [{"item": {"codes": {"us_ccl": "EAR 99"}}}]}, "lines.1.item.codes.us_ccl", "EAR99"),
        ({"facts": [{"name": "end_use.misile_wmd", "value": True}]}, "facts.1", "end_use.missile_wmd"),
    ],
)
def test_what_is_not_there_is_refused(more: dict[str, object], field: str, hint: str) -> None:
    """A list, place, code or fact that nobody knows would be none at all; the refusal says where and what instead."""
    with pytest.raises(InputError) as refused:
        refuse(order(**more), (open_pack("us_ear"),), as_of=DAY)
    assert refused.value.place == field
    assert hint in refused.value.hint


@pytest.mark.parametrize("place", ["GB", "XK", "HM", "UA-43", "PR"])
def test_places_that_are_there_pass(place: str) -> None:
    """Countries, territories, and parts of a country with law of their own."""
    refuse(order(destination=place, **said({"listed_on": ["us_csl:EL", "eu_fsf"]})), (open_pack("us_ear"),), as_of=DAY)
