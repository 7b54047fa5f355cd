"""What changed between two days, and whose answers change with it."""

from __future__ import annotations

from datetime import date

from enduse.determine.changes import answers_changed
from enduse.model.determination import Outcome
from enduse.model.transaction import Transaction
from enduse.rules.diff import law_diff
from enduse.rules.pack import RulePack
from worlds import flag, is_, rule, tiny

A = flag("a.plain")


def order(destination: str, **facts: bool) -> Transaction:
    """An image intensifier from Ruritania."""
    said = [{"name": n.replace("__", "."), "value": v} for n, v in facts.items()]
    lines = [{"item": {"codes": {"zz_list": "6A002.a"}}}]
    return Transaction.model_validate(
        {"id": destination, "exporter_country": "ZZ", "destination": destination, "lines": lines, "facts": said}
    )


def test_an_amended_rule_is_shown_with_both_texts(ruritania: RulePack) -> None:
    """The night-vision rule of June 2024."""
    found = law_diff(ruritania, date(2024, 5, 31), date(2024, 6, 1))
    assert [(c.kind, c.rule, c.on) for c in found.rules] == [("changed", "zz.4-2", date(2024, 6, 1))]
    assert found.rows == ()
    assert "- Image intensifiers need a licence to the Duchies.\n" in found.text()
    assert "Gazette 2024/17" in found.text()


def test_rows_begin_and_end(ruritania: RulePack) -> None:
    """Hentzau joined in June 2022, Zenda left in January 2023."""
    found = law_diff(ruritania, date(2022, 1, 1), date(2023, 1, 1))
    assert [(c.kind, c.row["place"], c.on) for c in found.rows] == [
        ("begun", "HE", date(2022, 6, 1)),
        ("ended", "ZE", date(2023, 1, 1)),
    ]


def test_between_two_equal_days_nothing_changed(ruritania: RulePack) -> None:
    """And it is said."""
    found = law_diff(ruritania, date(2025, 1, 1), date(2025, 12, 31))
    assert (found.rules, found.rows) == ((), ())
    assert found.text() == "zz_ruritania: 2025-01-01 to 2025-12-31\nnothing changed\n"


def test_rules_begin_end_and_are_suspended() -> None:
    """A suspension ends what is in force, though the text is still printed."""
    ended = rule("r1", "requires", is_("a.plain"), to=date(2025, 3, 1))
    begun = rule("r2", "requires", is_("a.plain"), **{"from": date(2025, 2, 1)})
    text = ended.versions[0].model_copy(update={"to": date(2025, 2, 15)})
    stayed = text.model_copy(update={"from_": date(2025, 2, 15), "to": None, "status": "stayed"})
    suspended = ended.model_copy(update={"id": "zz.r3", "versions": (text, stayed)})
    found = law_diff(tiny([ended, begun, suspended], [A]), date(2025, 1, 1), date(2025, 6, 1))
    assert [(c.kind, c.rule, c.on) for c in found.rules] == [
        ("begun", "zz.r2", date(2025, 2, 1)),
        ("ended", "zz.r3", date(2025, 2, 15)),
        ("ended", "zz.r1", date(2025, 3, 1)),
    ]


def test_a_text_printed_again_unchanged_has_not_changed() -> None:
    """Only its citation is newer."""
    one = rule("r1", "requires", is_("a.plain"), to=date(2025, 3, 1))
    again = one.versions[0].model_copy(update={"from_": date(2025, 3, 1), "to": None})
    same = one.model_copy(update={"versions": (*one.versions, again)})
    assert law_diff(tiny([same], [A]), date(2025, 1, 1), date(2025, 6, 1)).rules == ()


def test_answers_that_change_are_named_with_both_outcomes(ruritania: RulePack) -> None:
    """Zenda needs no licence any more, Glottenberg still does."""
    orders = [order("ZE", end_use__military=False), order("GL", end_use__military=False)]
    found = list(answers_changed(orders, ruritania, date(2022, 12, 31), date(2023, 1, 1)))
    assert [(c.transaction, c.line, c.before, c.after) for c in found] == [
        ("ZE", 1, Outcome.LICENCE_REQUIRED, Outcome.NO_LICENCE_REQUIRED)
    ]
    assert (found[0].reasons_before, found[0].reasons_after) == (("RS",), ())
