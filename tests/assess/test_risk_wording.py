"""The floor beneath the phrases: single words, forms of speech, ages and sizes, each graded and shown."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enduse.assess import standard
from enduse.assess.ages import read_ages
from enduse.assess.knowledge import knowledge_of
from enduse.assess.passages import Passage, names_a_body
from enduse.assess.weigh import weigh
from enduse.assess.wording import read_wording
from enduse.model.assessment import Indicator
from enduse.model.law import Citation
from risk_orders import PACK, judged, order

KNOW = knowledge_of(PACK)
ROWS = PACK.tables["valence"].rows
WORDS = {(w, r["side"]) for r in ROWS for w in r["words"].split(" | ")}


def tone(text: str, kind: str = "documents") -> float:
    """Alarm less reassurance of one text."""
    side = {"words_alarm": 1, "words_ease": -1}
    return sum(side[s.name] * s.strength for s in read_wording([Passage(kind, kind, text)], KNOW))


def test_each_group_of_words_has_a_side_a_grade_a_reason_and_a_day() -> None:
    """The table can be read and dated group by group."""
    for row in ROWS:
        assert row["side"] in {"alarm", "ease"}
        assert row["grade"] in {"1", "2", "3"}
        assert row["reason"]
        assert date.fromisoformat(row["compiled"])
    assert len({w for w, _ in WORDS}) > 5000


def test_no_word_of_the_table_names_a_place_a_nation_or_a_faith() -> None:
    """Countries enter through cited tables; religion never does."""
    faith = {
        "church",
        "mosque",
        "temple",
        "synagogue",
        "imam",
        "rabbi",
        "priest",
        "monk",
        "muslim",
        "christian",
        "jewish",
    }
    phrases = {w for r in PACK.tables["words"].rows if not r["sign"].startswith("ok_") for w in r["words"].split(" | ")}
    assert not phrases & faith
    nations = {"russian", "iranian", "chinese", "korean", "arab", "persian", "syrian", "turkish", "indian", "german"}
    assert not {w for w, _ in WORDS} & (faith | nations)
    single = {w for r in PACK.tables["gazetteer"].rows for w in r["words"].split(" | ")}
    assert not {w for w, _ in WORDS} & (single - {"split"})


@pytest.mark.parametrize(
    ("calm", "alarming", "kind"),
    [
        ("stamped and countersigned", "stamp forged", "documents"),
        ("list attached", "list withheld", "use"),
        ("audited by the ministry", "unaudited", "documents"),
        ("tractors in service", "no tractors in service", "history"),
        ("from the dean's budget", "from a man in a bar", "payment"),
        ("to the hall, crane booked", "handed to a stranger", "routing"),
        ("glass works", "a firm to be named", "end"),
        ("answers every question", "asks how to avoid a licence", "communications"),
    ],
)
def test_words_forms_and_denials_tell_sides_apart(calm: str, alarming: str, kind: str) -> None:
    """Ordinary words of either side, none of them a known phrase, pull to their own side."""
    assert tone(alarming, kind) > tone(calm, kind)


def test_a_word_kin_to_one_of_the_table_counts_a_little_and_says_so() -> None:
    """ "Vanishing" is not in the table, its kin are."""
    (sign,) = read_wording([Passage("history", "history", "vanishing")], KNOW)
    assert sign.name == "words_alarm"
    assert "kin to" in sign.words


def test_repeating_a_text_in_more_words_of_no_side_moves_nothing() -> None:
    """Length is never read."""
    assert tone("stamp forged") == tone(
        "stamp forged whatsoever betwixt hither thither yonder".replace("whatsoever ", "")
    )


@given(st.integers(1950, 2023), st.integers(1, 40))
def test_older_reassures_at_least_as_much(year: int, more: int) -> None:
    """A firm founded earlier never counts for less."""

    def of(founded: int) -> float:
        text = Passage("end", "end", f"mill founded in {founded}")
        side = {"newcomer": -1, "ok_established": 1}
        return sum(side[s.name] * s.strength for s in read_ages([text], date(2025, 1, 1)))

    assert of(year - more) >= of(year)


def test_months_alarm_and_years_reassure() -> None:
    """ "Four months old" is a newcomer, "eleven years old" an established firm."""
    young, old = (
        [s.name for s in read_ages([Passage("end", "end", f"maker, {age} old")], date(2025, 1, 1))]
        for age in ("four months", "eleven years")
    )
    assert (young, old) == (["newcomer"], ["ok_established"])


@pytest.mark.parametrize("said", ["none of the screened lists", "not on any list", "delisted 2021", "AEO certificate"])
def test_a_party_stated_to_be_on_no_list_or_a_good_one_is_not_listed(said: str) -> None:
    """What users write in the field of listings may speak for a party."""
    found = judged(order(parties=({"roles": ("end_user",), "description": "dairy", "listed_on": (said,)},)))
    assert "red.ownership.listed" not in {i.rule for i in found.indicators}


def test_an_owners_name_is_read_only_where_it_is_a_body() -> None:
    """Persons who own are never read by name."""
    assert names_a_body("Bright Ocean Nominees")
    assert names_a_body("relatives abroad")
    assert not names_a_body("Omid Rezaei")
    assert not names_a_body("Maria van der Berg")


def test_reassurance_beyond_its_limit_still_moves_the_score() -> None:
    """Two orders are never tied only because both are well documented."""
    profile, cite = standard(), (Citation(source="test", pinpoint="1"),)
    good = sorted(r for r in profile.weights if profile.weight(r) < 0)

    def of(rules: list[str]) -> float:
        found = [
            Indicator(
                rule=r, group=r, title="t", says="s", cites=cite, triggers=(), strength=1.0,
                weight=profile.weight(r), contribution=profile.weight(r),
            )
            for r in rules
        ]  # fmt: skip
        return weigh(found, profile).score

    scores = [of(good[:n]) for n in range(1, len(good))]
    assert scores == sorted(scores, reverse=True)
    assert len({round(s, 9) for s in scores}) == len(scores)
    assert min(scores) >= -profile.limit_reassuring


def test_capability_quantity_and_price_are_graded() -> None:
    """More speed, more pieces or an odder price never lowers the score, and each shows its figure."""

    def of(item: str, amount: str = "30000") -> float:
        line = ({"item": {"description": item}, "value": {"amount": amount, "currency": "EUR"}},)
        return judged(order(lines=line)).score

    assert of("Centrifuge, 100,000 rpm") > of("Centrifuge, 5,000 rpm")
    assert of("Dryer, 30 units") > of("Dryer, 2 units")
    assert of("Dryer", "40") > of("Dryer")
    assert not math.isclose(of("Plasma source, 3 kJ"), of("Plasma source, 300 kJ"))
