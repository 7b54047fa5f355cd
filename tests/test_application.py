"""What a decision knows fills an application; what it does not know is named, never made up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from enduse.application import applications
from enduse.desk import Desk
from enduse.intake import read_transaction
from enduse.model.determination import Decision
from enduse.shelf import open_pack

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def decided(name: str) -> Decision:
    return Desk((open_pack("us_ear"),)).decide(read_transaction(EXAMPLES / name), as_of=date(2026, 8, 15))


def test_a_licence_needed_becomes_the_data_of_an_application() -> None:
    """Destination, parties, item with code, amount, value, the reasons and how it would be reviewed."""
    (found,) = applications(decided("2-valves-to-thailand.toml"))
    (item,) = found.items
    assert (found.jurisdiction, found.country_of_ultimate_destination) == ("US-EAR", "TH")
    assert (item.code, item.quantity, item.total_value, item.currency) == ("2B350.g", 6, Decimal(18600), "USD")
    assert item.reasons == ("CB",)
    assert any("738.4(a)" in p for p in item.provisions)
    assert found.specific_end_use == "Replacement of valves in a caustic soda unit"


def test_what_is_missing_is_named() -> None:
    """No address is stated in the example: the application says so for each party that needs one."""
    (found,) = applications(decided("2-valves-to-thailand.toml"))
    assert "end user Siam Basic Chemicals Co., Ltd.: address" in found.missing
    assert not any("code" in m for m in found.missing)


def test_where_no_licence_is_needed_there_is_nothing_to_apply_for() -> None:
    """An exception or a free item makes no application."""
    assert applications(decided("3-router-to-kenya.toml")) == ()
