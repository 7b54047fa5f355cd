"""Small orders of our own for the tests of the assessment."""

from __future__ import annotations

from datetime import date

from enduse.assess import Profile, assess, standard
from enduse.model.assessment import Assessment
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

PACK = open_pack("red_flags")
DAY = date(2025, 1, 1)


def order(**changes: object) -> Transaction:
    """An honest order of a network analyser by a Swedish university; keyword arguments replace its fields."""
    fields: dict[str, object] = {
        "exporter_country": "DE",
        "destination": "SE",
        "lines": ({"item": {"description": "Vector network analyser"}},),
        "parties": (
            {"name": "Uppsala University", "roles": ("end_user",), "description": "university", "country": "SE"},
        ),
        "end_use": {"statement": "antenna research"},
        "circumstances": {"payment": "university account, 30 days", "order": "one unit with training"},
        **changes,
    }
    return Transaction.model_validate(fields)


def judged(transaction: Transaction, profile: Profile | None = None, **more: object) -> Assessment:
    """The assessment under the standard profile on the day of the tests."""
    return assess(transaction, pack=PACK, profile=profile or standard(), as_of=DAY, **more)  # type: ignore[arg-type]


def rules(assessment: Assessment) -> set[str]:
    """The short names of all rules that hold."""
    return {i.rule.rpartition(".")[2] for i in (*assessment.indicators, *assessment.mitigating)}
