"""Names in short: acronyms both ways, names a field cut, words in other languages, ships' letters."""

from __future__ import annotations

import os
from math import log

import pytest

from enduse.errors import StoreError
from enduse.model.party import PartyKind
from enduse.screen import Hit, Index, Query, search, search_many
from enduse.screen.acronym import acronyms
from enduse.screen.spread import can_fork, spread
from enduse.screen.text import BODY, CRAFT, NUMBER, PERSON, fold, sound
from screen.sample import PARTIES, built, party

BODY_KIND, SHIP = PartyKind.ORGANISATION, PartyKind.VESSEL
INDEX = Index.build(
    (
        *PARTIES,
        party(50, BODY_KIND, "National Kestrel Paper Production Bureau of Ruritania", nationalities=("RS",)),
        party(51, BODY_KIND, "TKPVX", nationalities=("RS",)),
        party(52, BODY_KIND, "Zubrovka Institute of Precision Instruments", nationalities=("RU",)),
    )
)


def first(name: str, kind: PartyKind = BODY_KIND, country: str | None = None) -> Hit | None:
    found = search(INDEX, Query(name=name, kind=kind, country=country), floor=0.05)
    return found[0] if found else None


def told(hit: Hit) -> set[str]:
    return {f.name for f in hit.features}


def test_initials_find_the_name_they_stand_for() -> None:
    """A query of initials meets the long listed name, says so, and needs the country to be likely."""
    alone, there = first("NKPPBR"), first("NKPPBR", country="RS")
    assert alone is not None
    assert there is not None
    assert (alone.id, "acronym" in told(alone)) == ("50", True)
    assert alone.matched_name.startswith("National Kestrel")
    assert alone.score < 0.5 < there.score


def test_a_long_name_finds_its_listed_initials() -> None:
    """A query in full meets a listed name that is its initials, and the steps add up to the score."""
    hit = first("Trans Kestrel Power Ventures Xyl", country="RS")
    assert hit is not None
    assert (hit.id, "acronym" in told(hit)) == ("51", True)
    odds = sum(f.contribution for f in hit.features)
    assert hit.score == pytest.approx(1 / (1 + 2.718281828459045 ** (-odds / 2)), abs=1e-6)


def test_initials_must_be_exact_and_long_enough() -> None:
    """One letter off is another acronym, and three letters are anyone's."""
    for name in ("NKPPBS", "NKP", "KPB"):
        hit = first(name, country="RS")
        assert hit is None or "acronym" not in told(hit), name
    assert acronyms("Red Fox Trading", fold("Red Fox Trading", BODY)) == ()


def test_a_name_cut_within_a_word_finds_the_whole() -> None:
    """A field of 37 characters ends within a word of the listed name; ending with another word is no cut."""
    hit = first("National Kestrel Paper Production Bur")
    assert hit is not None
    assert (hit.id, "cut_short" in told(hit)) == ("50", True)
    assert hit.score > 0.5
    other = first("National Kestrel Paper Production Bus")
    assert other is None or "cut_short" not in told(other)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Natsionalny zavod tochnykh priborov", "National Factory Precision Instruments"),
        ("AO Tsifrovye tekhnologii", "JSC Digital Technologies"),
        ("Institut prikladnoi fiziki", "Institute of Applied Physics"),
        ("Sudoremontnyi zavod Neptun", "Neptun Ship Repair Plant"),
        ("CRI Zvezda", "Central Scientific Research Institute Zvezda"),
    ],
)
@pytest.mark.parametrize("how", ["c", "python"])
def test_words_of_trade_in_other_languages_are_one_word(
    monkeypatch: pytest.MonkeyPatch, how: str, ours: str, theirs: str
) -> None:
    """Spelling, inflection and language of common words do not keep two names apart, whichever is listed."""
    for asked, listed in ((ours, theirs), (theirs, ours)):
        index = built(monkeypatch, how, (*PARTIES, party(60, BODY_KIND, listed)))
        found = search(index, Query(name=asked, kind=BODY_KIND), floor=0.15)
        assert [h.id for h in found[:1]] == ["60"]


def test_letters_before_a_ship_are_no_words() -> None:
    """`M/V`, `m.v.` and `MV` say that it is a ship."""
    assert {fold(n, CRAFT).words for n in ("M/V Greta Star", "m.v. Greta Star", "MV GRETA STAR")} == {("greta", "star")}


def test_a_rough_h_may_be_written_x() -> None:
    """`Xalil` sounds like `Khalil`; a pinyin `Xu` keeps its own sound."""
    assert sound("xalil") == sound("khalil")
    assert sound("xu") != sound("khu")
    assert fold("Xu", PERSON).words == ("xu",)


def test_processes_give_the_same_answers() -> None:
    """Two processes answer as one does, in the order of the queries."""
    names = ("Ostrovsky Leonid", "TKPVX", "Ferrowerk", "nobody at all", "GRETA STAR") * 150
    asked = [Query(name=n) for n in names]
    assert list(search_many(INDEX, asked, processes=2)) == list(search_many(INDEX, asked))


@pytest.mark.parametrize(("ours", "theirs"), [("Rim Pearl V", "Rim Pearl VI"), ("Kestrel XIV", "Kestrel XVI")])
def test_roman_numbers_tell_apart(ours: str, theirs: str) -> None:
    """One letter at the end of a company or ship is a number, as are numbers beyond twelve."""
    for kind, bits in ((BODY_KIND, BODY), (SHIP, CRAFT)):
        index = Index.build((*PARTIES, party(60, kind, theirs)))
        assert [fold(n, bits).classes[-1] for n in (ours, theirs)] == [NUMBER, NUMBER]
        same, other = (search(index, Query(name=n, kind=kind), floor=0.0)[0] for n in (theirs, ours))
        assert "number_differs" in told(other)
        assert other.score < 0.5 < same.score


GROUPED = tuple(
    party(60 + n, BODY_KIND, name, nationalities=(country,))
    for n, (name, country) in enumerate(
        (
            ("Wielopole Optics Works", "PL"),
            ("Wielopole Shipping Agency", "PL"),
            ("LLC Wielopole Steel Foundry", "PL"),
            ("Wielopole Harbour Authority", "CZ"),
            ("Ostrava Glass Wielopole", "PL"),
        )
    )
)


@pytest.mark.parametrize("how", ["python", "c"])
def test_the_bare_name_of_a_group_asks_after_its_members(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three listed bodies of one country begin with the word: a party of that country so named may be any of them."""
    index = built(monkeypatch, how, GROUPED)

    def favoured(name: str, country: str | None, kind: PartyKind = BODY_KIND) -> set[str]:
        found = search(index, Query(name=name, kind=kind, country=country), floor=0.01)
        return {h.id for h in found if "group_name" in told(h)}

    assert favoured("Wielopole", "PL") == {"60", "61", "62"}
    assert {h.id for h in search(index, Query(name="Wielopole", kind=BODY_KIND, country="PL"))} >= {"60", "61", "62"}
    assert favoured("WIELOPOLE Ltd.", "PL", PartyKind.UNKNOWN) == {"60", "61", "62"}
    assert favoured("Wielopole Bakery", "PL") == set()
    assert favoured("Wielopole", "CZ") == set()
    assert favoured("Wielopole", None) == set()
    assert favoured("Wielopole", "PL", PartyKind.PERSON) == set()
    (hit, *_) = search(index, Query(name="Wielopole", kind=BODY_KIND, country="PL"), floor=0.01)
    plain = search(index, Query(name="Wielopole", kind=BODY_KIND, country="CZ"), floor=0.001)
    assert hit.probability > max(h.probability for h in plain if h.id != "63")
    assert sum(f.contribution for f in hit.features) == pytest.approx(2 * log(hit.score / (1 - hit.score)), abs=1e-6)


def _falls(number: int) -> int:
    if number == 300:
        os._exit(9)
    return number


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
def test_a_process_that_dies_is_told_of() -> None:
    """Nobody waits for ever, and no answer is made up."""
    with pytest.raises(StoreError, match="ended from outside"):
        list(spread(_falls, range(1000), 2))


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork")
def test_two_at_once_get_each_their_own_answers() -> None:
    """Answers are taken from two runs in turn; what was asked of one is not answered to the other."""
    first, second = spread(str, range(600), 2), spread(float, range(600), 2)
    assert list(zip(first, second, strict=True)) == [(str(n), float(n)) for n in range(600)]
