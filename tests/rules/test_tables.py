"""Tables and readings: dated membership, and words that are unambiguous."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from enduse.errors import RuleError
from enduse.model.transaction import Transaction
from enduse.rules.facts import Fact
from enduse.rules.readings import Reading, read
from enduse.rules.tables import Table, Tables, read_csv

DAY = date(2025, 1, 1)
CSV = "group,place,from,to\nA,FR,,\nA,DE,2025-01-01,\nB,GB,,2025-01-01\n"


def test_a_row_counts_from_its_first_day_until_before_its_last() -> None:
    """Both ends of both rows."""
    table = read_csv("groups", CSV)
    assert table.members("A", date(2024, 12, 31)) == {"FR"}
    assert table.members("A", date(2025, 1, 1)) == {"FR", "DE"}
    assert table.members("B", date(2024, 12, 31)) == {"GB"}
    assert table.members("B", date(2025, 1, 1)) == frozenset()


def test_without_a_key_the_first_column_is_meant() -> None:
    """`@groups` names the groups that have members on the day."""
    assert Tables({"groups": read_csv("groups", CSV)}, DAY).members("@groups") == {"A"}


def test_keys_are_known_on_any_day() -> None:
    """A group that has ended is still no typing mistake."""
    assert read_csv("groups", CSV).keys() == {"A", "B"}


def test_cells_stay_text() -> None:
    """Namibia is not a missing value, and 5E002 is not five hundred."""
    table = read_csv("t", "code,place\n5E002,NA\n0E617,NO\n")
    assert [dict(r) for r in table.rows] == [{"code": "5E002", "place": "NA"}, {"code": "0E617", "place": "NO"}]


def test_rows_are_found_by_any_column() -> None:
    """On the day."""
    tables = Tables({"groups": read_csv("groups", CSV)}, DAY)
    assert [r["group"] for r in tables.rows("groups", "place", "FR")] == ["A"]
    assert tables.rows("groups", "place", "GB") == ()
    assert tables.rows("no_such", "place", "GB") == ()


def test_a_table_that_is_not_there_is_named() -> None:
    """With those that are."""
    with pytest.raises(RuleError, match="no table 'other'") as error:
        Tables({"groups": Table("groups", [])}, DAY).members("@other:A")
    assert error.value.hint == "tables here: groups"


def told(**fields: Any) -> Transaction:
    """A transaction with these texts."""
    item = {"description": fields.pop("item", None)}
    return Transaction.model_validate({"lines": [{"item": item}], **fields})


def reading(**more: Any) -> Reading:
    """A reading of `item.handmade` from the item's description."""
    return Reading.model_validate({"fact": "item.handmade", "where": ["item"], "words": ["hand-?made"], **more})


def test_words_are_read_whatever_their_case_and_stay_assumed() -> None:
    """With the place and the words as evidence."""
    found = read(told(item="A Handmade clock"), 1, [reading()])
    assert found == {"item.handmade": Fact(True, "read in item: “Handmade”", assumed=True)}


def test_words_count_only_whole() -> None:
    """`unhandmade` is another word."""
    assert read(told(item="unhandmade clock"), 1, [reading()]) == {}


def test_forbidden_words_silence_a_reading() -> None:
    """Not when it says "not"."""
    assert read(told(item="not handmade"), 1, [reading(never=["not"])]) == {}


def test_two_readings_that_disagree_give_nothing() -> None:
    """What is ambiguous stays unknown."""
    other = reading(value=False, words=["clock"])
    assert read(told(item="handmade clock"), 1, [reading(), other]) == {}


def test_a_text_without_the_words_can_say_no() -> None:
    """Where the reading says so, and only if there is a text at all."""
    assert read(told(item="A cast clock"), 1, [reading(otherwise=False)])["item.handmade"].value is False
    assert read(told(), 1, [reading(otherwise=False)]) == {}
    assert read(told(item="handmade"), 1, [reading(otherwise=False)])["item.handmade"].value is True


def test_a_reading_can_be_limited_to_activities() -> None:
    """The same word means nothing elsewhere."""
    limited = reading(activities=["deemed_export"])
    assert read(told(item="handmade"), 1, [limited]) == {}
    assert read(told(item="handmade", activity="deemed_export"), 1, [limited])


def test_parties_are_read_by_their_role() -> None:
    """What the end user is, the bank is not."""
    parties = [{"description": "public hospital", "roles": ["end_user"]}, {"description": "army", "roles": ["bank"]}]
    hospital = Reading(fact="end_user.hospital", where=("end_user",), words=("hospital",))
    army = Reading(fact="end_user.military", where=("end_user",), words=("army",))
    assert set(read(told(parties=parties), 1, [hospital, army])) == {"end_user.hospital"}
