"""The day an order is planned for is not the day it was decided for."""

from __future__ import annotations

from datetime import date

import pytest

from enduse.desk import Desk
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

ORDER = {"exporter_country": "ZZ", "destination": "FR", "lines": ({"item": {"codes": {"zz_list": "1A001"}}},)}


@pytest.mark.parametrize(("on", "waits"), [(None, False), (date(2026, 1, 1), False), (date(2031, 1, 1), True)])
def test_an_order_for_a_later_day_waits_for_that_day(on: date | None, waits: bool) -> None:
    """Law and lists may have changed by then; the answer says for which day it is."""
    order = Transaction.model_validate({**ORDER, "on": on})
    decision = Desk((open_pack("zz_ruritania"),)).decide(order, as_of=date(2026, 1, 1))
    assert any("2031-01-01" in p.says for p in decision.open_points) is waits
