"""The desk: what people judged of hits, and owners that are screened with their parties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from enduse.desk import Desk, certain, counts, mentioned
from enduse.model.determination import Outcome, Screening
from enduse.model.hit import Feature, Hit, Standing
from enduse.model.judgement import Judgement
from enduse.model.listing import ListedName, ListedParty, Snapshot
from enduse.model.party import Owner, Party, Role
from enduse.model.transaction import Transaction
from enduse.rules.pack import Listings, RulePack
from enduse.shelf import open_pack

DAY, LATER = date(2026, 1, 10), date(2026, 6, 1)
BLACK = ListedParty(
    list="us_ofac_sdn", id="7", names=(ListedName(text="BLACK MICHAEL"),), programmes=("RURITANIA",), listed_on=DAY
)
MICHAEL = Party(name="Michael Black", country="FR", roles=(Role.END_USER,))


class Lists:
    """One list with one entry; who has a name in `alike` may be it."""

    def __init__(self, entry: ListedParty = BLACK, **alike: float) -> None:
        self.one = entry
        self.alike = alike

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        return (
            Snapshot(
                list="us_ofac_sdn", title="T", publisher="P", as_of=DAY, digest="d", parties=1, stale_after_days=99
            ),
        )

    @property
    def parts(self) -> dict[str, str]:
        return {"us_ofac_sdn": DAY.isoformat()}

    def search(self, party: Party, *, limit: int = 10, floor: float = 0.5) -> tuple[Hit, ...]:
        sure = self.alike.get(next(iter((party.name or "").split()), ""))
        if sure is None:
            return ()
        seen = {"list": "us_ofac_sdn", "id": "7", "name": "BLACK MICHAEL", "matched_name": "BLACK MICHAEL"}
        return (Hit.model_validate({**seen, "query_name": party.name, "score": sure, "probability": sure}),)

    def search_many(
        self, parties: Iterable[Party], *, limit: int = 10, floor: float = 0.5, processes: int = 1
    ) -> Iterator[tuple[Hit, ...]]:
        assert processes == 1
        return map(partial(self.search, limit=limit, floor=floor), parties)

    def entry(self, hit: Hit) -> ListedParty | None:
        return self.one if hit.id == self.one.id else None


class Words:
    """Judgements in a tuple."""

    def __init__(self, *said: Judgement) -> None:
        self.said = said

    def on(self, entry: tuple[str, str, str | None]) -> tuple[Judgement, ...]:
        return tuple(j for j in self.said if (j.list, j.id, j.source) == entry)

    def about(self, party_digest: str) -> tuple[Judgement, ...]:
        return tuple(j for j in self.said if j.party_digest == party_digest)


def word(verdict: bool, until: date | None = None) -> Judgement:
    return Judgement.of(MICHAEL, BLACK, verdict=verdict, why="seen his papers", by="A. Clerk", on=DAY, until=until)


def screened(*said: Judgement, party: Party = MICHAEL, entry: ListedParty = BLACK, on: date = DAY) -> Hit:
    found: Screening = Desk((), Lists(entry, Michael=0.8), Words(*said)).screen(party, as_of=on)
    return found.hits[0]


def test_a_hit_judged_false_is_shown_as_judged() -> None:
    """With who said so, when and why; it is no open question."""
    hit = screened(word(False))
    assert hit.dismissed
    assert str(hit.judged) == "judged false by A. Clerk on 2026-01-10: seen his papers"


def test_a_judgement_holds_through_its_last_day() -> None:
    """And not a day longer; then it says that it ran out."""
    assert screened(word(False, until=LATER), on=LATER).dismissed
    after = screened(word(False, until=LATER), on=date(2026, 6, 2))
    assert after.judged is not None
    assert after.judged.standing is Standing.REOPENED
    assert after.judged.reopened == "it held until 2026-06-01"


def test_another_role_does_not_reopen() -> None:
    """The same man is the same man as consignee."""
    assert screened(word(False), party=MICHAEL.model_copy(update={"roles": (Role.CONSIGNEE,)})).dismissed


@pytest.mark.parametrize(
    ("party", "entry", "telling"),
    [
        (MICHAEL.model_copy(update={"country": "DE"}), BLACK, "the party changed: country"),
        (MICHAEL, BLACK.model_copy(update={"birth_dates": ("1850",)}), "the list entry changed: birth_dates"),
        (MICHAEL.model_copy(update={"birth_date": DAY}), BLACK.model_copy(update={"remarks": "x"}), "birth_date; the"),
    ],
)
def test_a_change_on_either_side_reopens_and_says_what_changed(party: Party, entry: ListedParty, telling: str) -> None:
    """What was judged is not what is there now."""
    judged = screened(word(False), party=party, entry=entry).judged
    assert judged is not None
    assert judged.standing is Standing.REOPENED
    assert telling in (judged.reopened or "")


def test_the_order_within_a_field_reopens_nothing() -> None:
    """A publisher that shuffles its programmes has said nothing new."""
    two = BLACK.model_copy(update={"programmes": ("A", "B")})
    said = Judgement.of(MICHAEL, two, verdict=False, why="seen", by="A. Clerk", on=DAY)
    assert screened(said, entry=BLACK.model_copy(update={"programmes": ("B", "A")})).dismissed


def test_the_last_word_counts_and_only_what_was_said_by_then() -> None:
    """A later judgement takes the place of an earlier one, from its day on."""
    later = word(True).model_copy(update={"on": LATER})
    assert screened(word(False), later, on=LATER).confirmed
    assert screened(word(False), later, on=DAY).dismissed


def test_a_judgement_on_a_namesake_says_nothing() -> None:
    """Another name, another man."""
    assert screened(word(False), party=Party(name="Michael Brown")).judged is None


def test_what_a_person_saw_and_the_matcher_does_not_is_a_hit() -> None:
    """Someone knows that this is the listed man under another name."""
    found = Desk((), Lists(), Words(word(True))).screen(MICHAEL, as_of=DAY)
    assert [(h.id, h.confirmed, h.probability) for h in found.hits] == [("7", True, 1.0)]


# ── in decisions ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def ofac() -> RulePack:
    return open_pack("us_ofac")


def order(*parties: Party) -> Transaction:
    return Transaction.model_validate(
        {
            "id": "R-1",
            "exporter_country": "US",
            "destination": "FR",
            "parties": parties,
            "lines": ({"item": {"description": "lamp", "kind": "commodity"}},),
        }
    )


def points(desk: Desk, transaction: Transaction) -> list[str]:
    return [p.says for p in desk.decide(transaction, as_of=DAY).open_points if "Michael" in p.says]


def test_an_open_hit_asks_and_a_judged_one_does_not(ofac: RulePack) -> None:
    """A hit judged false is neither open nor listed."""
    lists = Lists(Michael=0.8)
    assert any("may be BLACK MICHAEL" in p for p in points(Desk((ofac,), lists), order(MICHAEL)))
    assert not points(Desk((ofac,), lists, Words(word(False))), order(MICHAEL))


def test_a_hit_judged_true_is_certain(ofac: RulePack) -> None:
    """The law follows from it: blocked."""
    open_ = Desk((ofac,), Lists(Michael=0.8)).decide(order(MICHAEL), as_of=DAY)
    certain = Desk((ofac,), Lists(Michael=0.8), Words(word(True))).decide(order(MICHAEL), as_of=DAY)
    assert open_.outcome != "prohibited"
    assert certain.outcome == "prohibited"


def test_a_party_known_to_be_listed_is_never_cleared_for_want_of_a_rule() -> None:
    """No pack speaks of this list: then a person must say what follows."""
    (told,) = points(Desk((), Lists(Michael=0.8), Words(word(True))), order(MICHAEL))
    assert told.startswith("what follows from Michael Black being BLACK MICHAEL (us_ofac_sdn 7), judged true by A.")


def firm(*owners: Owner) -> Party:
    return Party(name="Zenda Works", country="FR", roles=(Role.END_USER,), owners=owners)


def held(name: str, share: int | None, *owners: Owner) -> Owner:
    return Owner(name=name, share=None if share is None else Decimal(share), owners=owners)


def outcome(ofac: RulePack, party: Party, sure: float) -> str:
    return Desk((ofac,), Lists(Michael=sure)).decide(order(party), as_of=DAY).outcome.value


def test_owners_are_screened_and_their_shares_added(ofac: RulePack) -> None:
    """Half held by a blocked person is blocked; 49 per cent is not."""
    assert outcome(ofac, firm(held("Michael", 50)), 1.0) == "prohibited"
    assert outcome(ofac, firm(held("Michael", 49)), 1.0) != "prohibited"


def test_owners_of_owners_count(ofac: RulePack) -> None:
    """A holding that a blocked person owns by half counts with all its stake."""
    assert outcome(ofac, firm(held("Castle Holding", 60, held("Michael", 50))), 1.0) == "prohibited"
    assert outcome(ofac, firm(held("Castle Holding", 60, held("Michael", 40))), 1.0) != "prohibited"


def test_an_owner_who_may_be_listed_leaves_it_open(ofac: RulePack) -> None:
    """Neither blocked nor free until someone judges the hit."""
    decision = Desk((ofac,), Lists(Michael=0.8)).decide(order(firm(held("Michael", 50))), as_of=DAY)
    says = " ".join(p.says for p in decision.open_points)
    assert decision.outcome == "undetermined"
    assert "Michael, owner of Zenda Works, may be BLACK MICHAEL" in says


def test_a_listed_owner_is_no_listed_party(ofac: RulePack) -> None:
    """A small stake of a blocked person does not make the firm a blocked person itself."""
    listings = Desk((ofac,), Lists(Michael=1.0))
    transaction = order(firm(held("Michael", 10)))
    found: Listings = listings._listings(transaction, tuple(listings._screened(transaction, DAY)), DAY)
    assert not found.found
    assert [h.party.name for h in found.behind] == ["Michael"]


FILLED = {"destination": "DE", "exporter_country": "US", "lines": [{"item": {"codes": {"us_ccl": "EAR99"}}}]}
GOOD = {"name": "Bavaria Versicherung", "roles": ["end_user"], "country": "DE"}


def open_of(on: date = DAY, **more: object) -> set[tuple[str, str]]:
    order = Transaction.model_validate({**FILLED, "parties": [GOOD], **more})
    decision = Desk((open_pack("us_ofac"),), Lists(Michael=0.99)).decide(order, as_of=on)
    return {(p.kind, p.says) for p in decision.open_points}


@pytest.mark.parametrize(
    "name",
    [None, "  ", "-", "...", "?", "TBD", "n/a", "To be advised", "as per invoice", "unknown", "1", "X", "END USER"],
)
def test_a_name_to_come_is_no_name(name: str | None) -> None:
    """Nobody was screened where only a placeholder stands, however it is written."""
    told = open_of(parties=[{**GOOD, "name": name, "identifiers": [{"kind": "email", "value": "a@b.example"}]}])
    assert ("screen", "party 1 (end user), which has no name yet") in told


@pytest.mark.parametrize("roles", [["exporter"], ["forwarder"], ["bank", "seller"]])
def test_somebody_must_receive_an_export(roles: list[str]) -> None:
    """An order that names only those who send and carry has not been screened."""
    assert ("screen", "the consignee and the end user: no party is stated yet") in open_of(
        parties=[{**GOOD, "roles": roles}]
    )


def test_the_carrier_of_the_route_is_screened() -> None:
    """It takes part, though it stands in no list of parties."""
    order = Transaction.model_validate({**FILLED, "parties": [GOOD], "route": {"carrier": "Michael Black Lines"}})
    decision = Desk((open_pack("us_ofac"),), Lists(Michael=0.99)).decide(order, as_of=DAY)
    assert [s.party for s in decision.screenings] == ["Bavaria Versicherung", "Michael Black Lines"]
    assert decision.outcome is Outcome.PROHIBITED


def test_a_stated_listing_that_no_pack_speaks_of_must_be_looked_at() -> None:
    """Our packs hold no rule of another country's list; that is no clearance."""
    told = open_of(parties=[{**GOOD, "listed_on": ["eu_fsf"]}])
    assert ("review", "what follows from Bavaria Versicherung being stated to be on eu_fsf") in told


def test_a_code_on_a_list_that_no_pack_reads_must_be_looked_at() -> None:
    """A munitions code beside EAR99, or a control list misspelt, is not passed over."""
    told = open_of(lines=[{"item": {"codes": {"us_ccl": "EAR99", "us_usml": "XI(a)"}}}])
    assert ("review", "what follows from line 1 being XI(a) on us_usml, a list that no pack here reads") in told


def test_a_list_of_a_later_day_says_nothing_of_an_earlier_one() -> None:
    """Who stood on it then may have been taken off since; a day's difference of clocks is no matter."""
    assert not any(kind == "screen" for kind, _ in open_of(date(2026, 1, 9)))
    assert any("later than the day decided on" in says for _, says in open_of(date(2026, 1, 1)))


def test_the_law_of_an_earlier_day_must_be_looked_at() -> None:
    """Under the earliest edition held, an answer is not sure to be that of the day."""
    assert any(kind == "review" and "earliest edition" in says for kind, says in open_of(date(2020, 1, 1)))


def test_the_words_of_a_listed_name_ask_however_common_they_are() -> None:
    """A low probability does not hide an entry that has this very name."""
    hit = Lists(Michael=0.1).search(MICHAEL)[0]
    assert not counts(hit)
    assert counts(hit.model_copy(update={"features": (Feature(name="word_for_word", said=""),)}))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("subsidiary of Zenda Oil Company", ("Zenda Oil Company",)),
        ("wholly owned by the Ministry of Defence of Ruritania", ("Ministry of Defence of Ruritania",)),
        ("For onward sale to Strelsau Optics", ("Strelsau Optics",)),
        ("part of our own network, supplied to hospitals", ()),
    ],
)
def test_whom_texts_tie_to_the_order_is_screened(text: str, names: tuple[str, ...]) -> None:
    """Owners, principals and buyers further on that stand in words only."""
    order = Transaction.model_validate({**FILLED, "parties": [{**GOOD, "description": text}]})
    assert mentioned(order) == names


def test_a_listed_name_in_a_text_is_a_question_not_an_answer() -> None:
    """It stops nothing by itself; somebody must look."""
    told = open_of(parties=[{**GOOD, "description": "an affiliate of Michael Black"}])
    assert [kind for kind, says in told if "named in a text" in says] == ["judge"]
    assert not any("named in a text" in says for _, says in open_of())


@pytest.mark.parametrize(
    ("sure", "told", "is_certain"),
    [
        (0.92, (), False),
        (0.96, (), True),
        (0.92, ("country_agrees",), True),
        (0.88, ("country_agrees", "birth_date_agrees"), False),
        (0.99, ("country_differs",), False),
        (0.99, ("country_agrees", "birth_differs"), False),
        (0.99, ("identifier_agrees", "country_differs"), True),
    ],
)
def test_a_name_alone_needs_more_to_be_certain(sure: float, told: tuple[str, ...], is_certain: bool) -> None:
    """A particular that agrees lowers the mark; one that differs leaves the question to a person."""
    features = tuple(Feature(name=name, said="") for name in told)
    hit = screened().model_copy(update={"probability": sure, "judged": None, "features": features})
    assert certain(hit) is is_certain
