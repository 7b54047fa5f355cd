"""Services, gifts and senders in the many words of general licences, and words that only look like them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from enduse.determine import determine
from enduse.model.determination import Outcome
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)
BARRED, LICENSED = Outcome.PROHIBITED, Outcome.EXCEPTION_AVAILABLE


def _outcome(what: str, activity: str = "service", **line: Any) -> Outcome:
    """What the pack says of a service or an EAR99 gift from the United States to Iran."""
    service = activity == "service"
    item = {"description": what, "kind": "service" if service else "commodity"}
    item |= {} if service else {"codes": {"us_ccl": "EAR99"}}
    fields = {"activity": activity, "exporter_country": "US", "destination": "IR", "lines": [{"item": item, **line}]}
    return determine(Transaction.model_validate(fields), open_pack("us_ofac"), as_of=DAY).outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Legal advice to an Iranian company on compliance with US law", LICENSED),
        ("Legal services for a person in Iran about the requirements of US sanctions", LICENSED),
        ("Legal defence of an Iranian firm before a US court", LICENSED),
        ("Legal structuring of an Iranian oil investment by a US lawyer", BARRED),
        ("Business advice to an Iranian company", BARRED),
    ],
)
def test_legal_services(words: str, outcome: Outcome) -> None:
    """Advice on US law and representation are licensed; structuring a deal is not."""
    assert _outcome(words) is outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Training of teachers by a US non-governmental organisation in Iran", LICENSED),
        ("Health education by a US charity", LICENSED),
        ("Computers given by a US charity", BARRED),
        ("Training for the government by a US charity", BARRED),
        ("Training of teachers by a company", BARRED),
    ],
)
def test_non_governmental_organisations(words: str, outcome: Outcome) -> None:
    """Services of a US charity are licensed; goods, the government, and firms are not."""
    assert _outcome(words) is outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Gift of clothing worth less than 100 dollars", LICENSED),
        ("Gift parcel of toys, value of USD 80", LICENSED),
        ("Gift of clothing worth 150 dollars", BARRED),
        ("Gift of clothing worth more than 100 dollars", BARRED),
        ("Gift of clothing", BARRED),
    ],
)
def test_small_gifts(words: str, outcome: Outcome) -> None:
    """A gift is licensed when it is said to be worth no more than 100 dollars."""
    assert _outcome(words, "export") is outcome


def test_a_stated_value_stands_before_words() -> None:
    """The line's own value decides, in dollars."""
    assert _outcome("Gift of clothing", "export", value={"amount": "100", "currency": "USD"}) is LICENSED
    assert _outcome("Gift of clothing", "export", value={"amount": "101", "currency": "USD"}) is BARRED
    assert _outcome("Gift of clothing", "export", value={"amount": "100", "currency": "EUR"}) is BARRED


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Rice", LICENSED),
        ("Insulin", LICENSED),
        ("Fertiliser", BARRED),
        ("Morphine", BARRED),
        ("Vaccines", BARRED),
        ("Pump", BARRED),
    ],
)
def test_food_and_medicine_without_a_code(words: str, outcome: Outcome) -> None:
    """Food and medicine are taken to be EAR99, and the answer says so; what the licence leaves out is not."""
    item = {"description": words, "kind": "commodity"}
    fields = {"activity": "export", "exporter_country": "US", "destination": "IR", "lines": [{"item": item}]}
    got = determine(Transaction.model_validate(fields), open_pack("us_ofac"), as_of=DAY)
    assert got.outcome is outcome
    if outcome is LICENSED:
        assert "item.ear99" in {a.fact for a in got.lines[0].assuming}
