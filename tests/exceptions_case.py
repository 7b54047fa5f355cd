"""One order line as the tests of licence exceptions write it, and how each exception stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from enduse.determine.answer import determine
from enduse.model.determination import LineAnswer, Outcome
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

DAY = date(2026, 9, 1)
PREFIX = "us.ear.740."


def order(code: str | None, destination: str, **more: Any) -> Transaction:
    """One line to a commercial end user for a civil use, from the United States unless told otherwise."""
    item: dict[str, object] = {"description": more.pop("item", "goods"), "kind": more.pop("kind", "commodity")}
    item |= {"codes": {"us_ccl": code}} if code else {}
    item |= {n: more.pop(n) for n in ("serves", "origin") if n in more}
    line: dict[str, object] = {"item": item}
    if "usd" in more:
        line["value"] = {"amount": Decimal(more.pop("usd")), "currency": "USD"}
    facts: Mapping[str, object] = more.pop("facts", {})
    return Transaction.model_validate(
        {
            "activity": more.pop("activity", "export"),
            "exporter_country": more.pop("exporter", "US"),
            "destination": destination,
            "lines": [line],
            "parties": [
                {"roles": ["exporter"], "description": more.pop("sender", "manufacturer"), "country": "US"},
                {
                    "roles": ["end_user"],
                    "description": more.pop("user", "commercial company"),
                    "country": destination[:2],
                },
            ],
            "end_use": {"statement": more.pop("use", "civil")},
            "circumstances": {"other": [more.pop("told")]} if "told" in more else {},
            "facts": [{"name": n, "value": v} for n, v in facts.items()],
            **more,
        }
    )


def answer(transaction: Transaction, day: date = DAY) -> LineAnswer:
    """What the pack says of the one line."""
    return determine(transaction, open_pack("us_ear"), as_of=day).lines[0]


def outcome(transaction: Transaction, day: date = DAY) -> Outcome:
    """The outcome of the one line."""
    return answer(transaction, day).outcome


def standing(transaction: Transaction, day: date = DAY) -> dict[str, str]:
    """How each exception of Part 740 stands, by the end of its rule's id (`9.a1`)."""
    reliefs = answer(transaction, day).reliefs
    return {r.rule.removeprefix(PREFIX): r.state.value for r in reliefs if r.rule.startswith(PREFIX)}


def available(transaction: Transaction, day: date = DAY) -> set[str]:
    """The exceptions of Part 740 that can be used."""
    return {rule for rule, state in standing(transaction, day).items() if state == "available"}
