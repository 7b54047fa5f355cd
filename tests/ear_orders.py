"""Small made-up orders for tests of the EAR pack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from enduse.determine import determine
from enduse.model.determination import LineAnswer
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

DAY = date(2026, 8, 15)


def order(code: str | None = None, to: str | None = None, **more: Any) -> Transaction:
    """An order from the United States; `item`, `facts` and any transaction field may be given."""
    item = {"codes": {"us_ccl": code} if code else {}, **more.pop("item", {})}
    facts = [{"name": n, "value": Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v}
             for n, v in more.pop("facts", {}).items()]  # fmt: skip
    whole = {"exporter_country": "US", "destination": to, "lines": [{"item": item}], "facts": facts, **more}
    return Transaction.model_validate(whole)


def answer(transaction: Transaction, day: date = DAY) -> LineAnswer:
    """The EAR's answer to the first line."""
    return determine(transaction, open_pack("us_ear"), as_of=day).lines[0]


def outcome(transaction: Transaction, day: date = DAY) -> str:
    """The outcome alone."""
    return answer(transaction, day).outcome.value


def released(code: str | None, country: str, **more: Any) -> Transaction:
    """Technology released in the United States to a person of this country."""
    party = {"roles": ["recipient"], "nationalities": [country], **more.pop("party", {})}
    item = {"kind": "technology", **more.pop("item", {})}
    return order(code, "US", activity="deemed_export", parties=[party], item=item, **more)


def abroad(code: str | None, start: str, to: str, **item: Any) -> Transaction:
    """A re-export of a foreign-made item."""
    return order(code, to, activity="reexport", exporter_country=start, item={"origin": start, **item})
