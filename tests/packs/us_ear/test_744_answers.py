"""Whole answers that turn on Part 744: who uses it and for what, beside what the list and the chart say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from enduse.determine import determine
from enduse.model.determination import Determination, Outcome
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)
FREE, NEEDED, BARRED = Outcome.NO_LICENCE_REQUIRED, Outcome.LICENCE_REQUIRED, Outcome.PROHIBITED
OPEN = Outcome.UNDETERMINED


def order(code: str, to: str, **more: Any) -> Transaction:
    """An order of US goods; `user` and `use` are words, `on` a list the buyer is stated to be on."""
    buyer = {"roles": ["end_user"], "country": more.pop("at", to)}
    if "user" in more:
        buyer["description"] = more.pop("user")
    if "on" in more:
        buyer |= {"name": "Zenda Works", "listed_on": [more.pop("on")]}
    item = {"description": "goods", "kind": "commodity", "origin": "US", "codes": {"us_ccl": code}}
    fields = {"exporter_country": "US", "destination": to, "parties": [buyer], "lines": [{"item": item}]}
    if "use" in more:
        fields["end_use"] = {"statement": more.pop("use")}
    return Transaction.model_validate(fields | more)


def answer(transaction: Transaction, day: date = DAY) -> Determination:
    """What the pack says."""
    return determine(transaction, open_pack("us_ear"), as_of=day)


@pytest.mark.parametrize(
    ("code", "to", "user", "outcome"),
    [
        ("3A991.a.1", "CN", "firm that also makes military items", NEEDED),
        ("3A991.a.1", "CN", "maker of kitchen goods", FREE),
        ("5A992.c", "CN", "military hospital", NEEDED),
        ("3A991.a.1", "NI", "ministry of defence", NEEDED),
        ("3A991.a.1", "TH", "ministry of defence", FREE),
        ("3A991.a.1", "VN", "ministry of defence", NEEDED),
        ("EAR99", "CN", "army unit", FREE),
        ("EAR99", "BY", "army unit", NEEDED),
        ("2A991", "CN", "army unit", OPEN),
        ("6A993.a", "TH", "army", NEEDED),
        ("6A993.a", "TH", "fire brigade", FREE),
        ("EAR99", "CN", "military intelligence directorate", NEEDED),
    ],
)
def test_military_users(code: str, to: str, user: str, outcome: Outcome):
    """Supplement No. 2 items in the named countries, everything in Russia and Belarus, cameras and chips elsewhere."""
    assert answer(order(code, to, user=user)).outcome is outcome


@pytest.mark.parametrize(
    ("code", "to", "use", "outcome"),
    [
        ("EAR99", "PK", "uranium enrichment plant", NEEDED),
        ("EAR99", "FR", "uranium enrichment plant", FREE),
        ("EAR99", "PK", "production of ballistic missiles", NEEDED),
        ("EAR99", "FR", "production of ballistic missiles", FREE),
        ("EAR99", "DE", "production of chemical weapons", NEEDED),
        ("3A991.p", "CN", "exascale supercomputer", NEEDED),
        ("3A991.p", "JP", "exascale supercomputer", FREE),
        ("EAR99", "CN", "logic chips at 7 nm", NEEDED),
        ("EAR99", "CN", "logic chips at 65 nm", FREE),
        ("2B999", "CN", "development of semiconductor manufacturing equipment", NEEDED),
        ("EAR99", "CN", "development of semiconductor manufacturing equipment", FREE),
        ("EAR99", "CN", "hospital", FREE),
    ],
)
def test_end_uses(code: str, to: str, use: str, outcome: Outcome):
    """What is known of the use asks for a licence where the section says so, and only there."""
    assert answer(order(code, to, use=use)).outcome is outcome


@pytest.mark.parametrize(
    ("code", "on", "outcome"),
    [
        ("EAR99", "us_csl:EL", NEEDED),
        ("EAR99", "us_csl:DPL", BARRED),
        ("EAR99", "us_csl:MEU", FREE),
        ("3A991.a.1", "us_csl:MEU", NEEDED),
        ("EAR99", "us_csl:UVL", FREE),
        ("EAR99", "us_csl:SDN", OPEN),
        ("EAR99", "us_csl:ISN", FREE),
    ],
)
def test_listed_buyers(code: str, on: str, outcome: Outcome):
    """Each list has its own effect; for a blocked buyer the programme must be known."""
    assert answer(order(code, "AE", on=on)).outcome is outcome


def test_an_unverified_buyer_asks_for_a_statement_and_shuts_the_exceptions():
    """The statement is a printed condition; an order that LVS would free needs a licence."""
    plain = answer(order("EAR99", "BR", on="us_csl:UVL"))
    assert "parties.unverified_statement" in {a.fact for a in plain.lines[0].assuming}
    refused = order("EAR99", "BR", on="us_csl:UVL", facts=[{"name": "parties.unverified_statement", "value": False}])
    assert answer(refused).outcome is NEEDED
    item = {"description": "valve", "kind": "commodity", "origin": "US", "codes": {"us_ccl": "2B350.g"}}
    small = [{"item": item, "value": {"amount": 1500, "currency": "USD"}}]
    assert answer(order("2B350.g", "BR", lines=small)).outcome is Outcome.EXCEPTION_AVAILABLE
    assert answer(order("2B350.g", "BR", lines=small, on="us_csl:UVL")).outcome is NEEDED


def test_a_half_owned_buyer_through_the_life_of_the_affiliates_rule():
    """Free before, needed while in force, free (a red flag) while stayed, and a question afterwards."""
    owner = {"name": "Zenda Works", "share": Decimal(50), "listed_on": ["us_csl:EL"]}
    buyer = {"roles": ["purchaser"], "name": "Strelsau Trading", "country": "AE", "owners": [owner]}
    owned = order("EAR99", "AE", parties=[buyer])
    found = [answer(owned, d).outcome for d in (date(2025, 9, 28), date(2025, 9, 29), date(2026, 8, 15))]
    assert found == [FREE, NEEDED, FREE]
    later = answer(owned, date(2026, 11, 10))
    assert later.outcome is OPEN
    assert next(q.fact for q in later.lines[0].missing) == "law.affiliates_rule_resumed"
    assert any(f.rule == "us.ear.744-11.owner_red_flag" and f.verdict == "true" for f in later.lines[0].findings)


def test_what_to_prepare_and_keep():
    """An order of listed goods to China: export information, the invoice's statement, records for five years."""
    findings = answer(order("5A992.c", "CN")).lines[0].findings
    told = {f.rule for f in findings if f.effect == "describes" and f.verdict == "true"}
    assert {"us.ear.758-1.eei", "us.ear.758-6.statement", "us.ear.762-6.retention"} <= told
    assert "us.ear.748-13.hong_kong" not in told
