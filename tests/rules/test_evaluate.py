"""Evaluation in sentences: three values, seven operators, every kind of knowledge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from enduse.model.finding import Step
from enduse.model.law import AllOf, AnyOf, FactType, Not, Test
from enduse.model.verdict import Verdict, all_of, any_of
from enduse.rules.evaluate import always, code_under, evaluate, failed, made
from enduse.rules.facts import CORE, Fact, Facts, Range, unknown
from enduse.rules.tables import Table, Tables
from worlds import DAY, fact_type, flag, is_

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
TYPES = {
    **CORE,
    **{
        t.name: t
        for t in (
            flag("a.plain"),
            flag("b.plain"),
            flag("k.knows", "knowledge"),
            flag("l.listed", "list"),
            flag("c.done", "condition"),
            fact_type("n.value", "number"),
            fact_type("d.day", "date"),
            fact_type("t.word", "text"),
            fact_type("t.words", "texts"),
            fact_type("p.place", "place"),
            fact_type("p.places", "places"),
            fact_type("c.codes", "codes"),
        )
    },
}
GROUPS = Table(
    "groups",
    [
        {"group": "D", "place": "CN", "from": "", "to": ""},
        {"group": "D", "place": "ZE", "from": "", "to": "2023-01-01"},
        {"group": "D", "place": "HE", "from": "2022-06-01", "to": ""},
        {"group": "E", "place": "UA", "from": "", "to": ""},
        {"group": "F", "place": "UA-43", "from": "", "to": ""},
    ],
)


def ask(test: dict[str, Any], *, day: date = DAY, **facts: Any) -> tuple[Verdict, Verdict]:
    """The verdict of one test with assumptions, and without."""
    known = {n.replace("__", "."): v if isinstance(v, Fact) else Fact(v, "told") for n, v in facts.items()}
    tables = Tables({"groups": GROUPS}, day, GROUPS.territories())
    step = evaluate(Test.model_validate(test), Facts(TYPES, known), tables)
    return step.verdict, step.firm


def firmly(test: dict[str, Any], **facts: Any) -> Verdict:
    """The verdict where nothing is assumed."""
    verdict, firm = ask(test, **facts)
    assert verdict is firm
    return verdict


def assumed(value: Any) -> Fact:
    """A fact read from words."""
    return Fact(value, "read", assumed=True)


@pytest.mark.parametrize(("one", "two"), list(product((T, F, U), repeat=2)))
def test_and_or_not_are_kleenes(one: Verdict, two: Verdict) -> None:
    """One FALSE settles an "and", one TRUE an "or"; what is not known stays so; not turns one into the other."""
    rank = {F: 0, U: 1, T: 2}
    assert rank[all_of((one, two))] == min(rank[one], rank[two])
    assert rank[any_of((one, two))] == max(rank[one], rank[two])
    assert any_of((~one, ~two)) is ~all_of((one, two))


def test_all_of_nothing_holds_and_any_of_nothing_does_not() -> None:
    """The neutral elements."""
    assert (all_of(()), any_of(())) == (T, F)


@pytest.mark.parametrize(
    ("test", "value", "verdict"),
    [
        ({"is": True}, True, T),
        ({"is": True}, False, F),
        ({"is": False}, False, T),
        ({"is": False}, True, F),
    ],
)
def test_a_flag_is_what_it_is(test: dict[str, Any], value: bool, verdict: Verdict) -> None:
    """Yes and no, asked either way."""
    assert firmly({"fact": "a.plain", **test}, a__plain=value) is verdict


@pytest.mark.parametrize("operator", ["is", "in", "under", "at_least", "above", "at_most", "below"])
def test_what_is_not_known_stays_unknown_under_every_operator(operator: str) -> None:
    """No operator turns silence, or a known gap, into an answer."""
    test = {"fact": "n.value", operator: Decimal(5) if operator not in {"in", "under"} else "x"}
    assert firmly(test) is U
    assert firmly(test, n__value=unknown("the sheet is torn")) is U


@pytest.mark.parametrize(
    ("operator", "at", "beyond", "short"),
    [("at_least", T, T, F), ("above", F, T, F), ("at_most", T, F, T), ("below", F, F, T), ("is", T, F, F)],
)
def test_bounds_are_exact(operator: str, at: Verdict, beyond: Verdict, short: Verdict) -> None:
    """At the bound, just above it, just below it."""
    test = {"fact": "n.value", operator: Decimal("500")}
    found = [firmly(test, n__value=Decimal(v)) for v in ("500.00", "500.01", "499.99")]
    assert found == [at, beyond, short]


@pytest.mark.parametrize(
    ("operator", "below", "around", "above"),
    [("at_least", F, U, T), ("above", F, U, T), ("at_most", T, U, F), ("below", T, U, F), ("is", F, U, F)],
)
def test_a_number_known_within_bounds_answers_when_both_bounds_agree(
    operator: str, below: Verdict, around: Verdict, above: Verdict
) -> None:
    """Between 1 and 2 is surely under 5; between 4 and 6 is not known."""
    test = {"fact": "n.value", operator: Decimal(5)}
    ranges = [Range(Decimal(a), Decimal(b)) for a, b in ((1, 2), (4, 6), (7, 9))]
    assert [firmly(test, n__value=r) for r in ranges] == [below, around, above]


def test_a_number_pinned_down_to_one_value_is_known() -> None:
    """Between 5 and 5 is 5."""
    assert firmly({"fact": "n.value", "is": Decimal(5)}, n__value=Range(Decimal(5), Decimal(5))) is T


def test_dates_compare_as_dates() -> None:
    """The day itself is "at least"."""
    test = {"fact": "d.day", "at_least": date(2024, 6, 1)}
    assert firmly(test, d__day=date(2024, 6, 1)) is T
    assert firmly(test, d__day=date(2024, 5, 31)) is F


def test_things_that_cannot_be_compared_are_unknown() -> None:
    """A word against a bound, a date against a number: nobody knows, nothing breaks."""
    assert firmly({"fact": "n.value", "above": Decimal(1)}, n__value="many") is U
    assert firmly({"fact": "n.value", "above": Decimal(1)}, n__value=date(2024, 1, 1)) is U
    assert firmly({"fact": "n.value", "above": Decimal(1)}, n__value=True) is U


@pytest.mark.parametrize(
    ("code", "target", "verdict"),
    [
        ("3A001.a.7", "3A001.a", T),
        ("3A001", "3A001", T),
        ("3A001", "3A001.a", U),
        ("3A001.b", "3A001.a", F),
        ("3A001.ab", "3A001.a", F),
        ("3A0011", "3A001", F),
        ("9A610.x", "9A6*", T),
        ("9A004", "9A6*", F),
        ("9A", "9A6*", U),
        ("EAR99", "3A001", F),
    ],
)
def test_a_code_is_under_an_entry_and_its_own_paragraphs(code: str, target: str, verdict: Verdict) -> None:
    """A code that stops short of the paragraph may or may not be meant."""
    assert code_under(code, target) is verdict
    assert firmly({"fact": "item.control", "under": target}, item__control=code) is verdict


def test_one_of_several_targets_is_enough() -> None:
    """Under any of them."""
    test = {"fact": "item.control", "under": ("3A001.a", "3A002")}
    assert [firmly(test, item__control=c) for c in ("3A002.b", "3A001", "5A001")] == [T, U, F]


def test_of_several_codes_one_is_enough_and_a_possible_one_leaves_it_open() -> None:
    """A set of codes, some of them only perhaps."""
    test = {"fact": "c.codes", "under": "3A001"}
    assert firmly(test, c__codes=frozenset({"5A001", "3A001.a"})) is T
    assert firmly(test, c__codes=frozenset({"5A001"})) is F
    assert firmly(test, c__codes=Fact(frozenset({"5A001"}), "x", possible=frozenset({"3A001.a"}))) is U
    assert firmly(test, c__codes=frozenset()) is F


def test_membership_is_asked_of_lists_and_of_tables() -> None:
    """`@table:key` is looked up on the day."""
    assert firmly({"fact": "t.word", "in": ("x", "y")}, t__word="y") is T
    assert firmly({"fact": "t.word", "in": "z"}, t__word="y") is F
    assert firmly({"fact": "p.place", "in": ("@groups:D", "FR")}, p__place="CN") is T
    assert firmly({"fact": "p.place", "in": ("@groups:D", "FR")}, p__place="FR") is T


@pytest.mark.parametrize(
    ("day", "place", "verdict"),
    [
        (date(2022, 12, 31), "ZE", T),
        (date(2023, 1, 1), "ZE", F),
        (date(2022, 5, 31), "HE", F),
        (date(2022, 6, 1), "HE", T),
    ],
)
def test_past_days_see_past_tables(day: date, place: str, verdict: Verdict) -> None:
    """Zenda left the group in 2023, Hentzau joined in June 2022; the last day is excluded."""
    assert ask({"fact": "p.place", "in": "@groups:D"}, day=day, p__place=place)[0] is verdict


def test_sets_meet_when_any_member_does_and_possible_members_leave_it_open() -> None:
    """Countries of the parties, one of them unsure."""
    test = {"fact": "t.words", "in": ("x",)}
    assert firmly(test, t__words=frozenset({"x", "y"})) is T
    assert firmly(test, t__words=frozenset({"y"})) is F
    assert firmly(test, t__words=Fact(frozenset({"y"}), "e", possible=frozenset({"x"}))) is U
    assert firmly({"fact": "t.words", "is": "x"}, t__words=frozenset({"x"})) is T


def test_a_part_of_a_country_is_in_the_countrys_groups() -> None:
    """Guangdong is in China, whatever form the address takes."""
    assert firmly({"fact": "p.place", "in": "@groups:D"}, p__place="CN-44") is T
    assert firmly({"fact": "p.place", "is": "CN"}, p__place="CN-44") is T
    assert firmly({"fact": "p.places", "in": "@groups:D"}, p__places=frozenset({"FR", "CN-44"})) is T


def test_a_part_with_law_of_its_own_is_not_taken_for_its_country() -> None:
    """Crimea is on a list of its own; whether the groups of Ukraine mean it too is not said."""
    assert firmly({"fact": "p.place", "in": "@groups:F"}, p__place="UA-43") is T
    assert firmly({"fact": "p.place", "in": "@groups:E"}, p__place="UA-43") is U
    assert firmly({"fact": "p.place", "in": "@groups:F"}, p__place="UA") is F
    assert firmly({"fact": "p.place", "in": "@groups:E"}, p__place="UA-32") is T


def test_possible_places_leave_it_open() -> None:
    """Perhaps through China."""
    assert (
        firmly({"fact": "p.places", "in": "@groups:D"}, p__places=Fact(frozenset(), "e", possible=frozenset({"CN"})))
        is U
    )


def test_silence_is_assumed_where_the_law_asks_for_knowledge_lists_or_conditions() -> None:
    """Nothing known, not listed, will be done: each only assumed."""
    assert ask(is_("k.knows")) == (F, U)
    assert ask(is_("l.listed")) == (F, U)
    assert ask(is_("c.done")) == (T, U)
    assert ask(is_("a.plain")) == (U, U)


def test_an_explicit_gap_is_no_silence() -> None:
    """A party that may be the listed one: then nothing is assumed."""
    assert ask(is_("l.listed"), l__listed=unknown("a hit nobody judged")) == (U, U)


def test_what_was_read_from_words_is_not_firm() -> None:
    """A reading counts, and is printed as an assumption."""
    assert ask(is_("a.plain"), a__plain=assumed(True)) == (T, U)
    assert ask(is_("a.plain"), a__plain=assumed(False)) == (F, U)


def test_every_step_is_kept_even_where_the_first_one_settles_it() -> None:
    """Officers want all reasons, not the first."""
    when = AllOf.model_validate({"all": [is_("a.plain"), {"not": {"any": [is_("b.plain"), is_("k.knows")]}}]})
    step = evaluate(when, Facts(TYPES, {"a.plain": Fact(False, "told")}), Tables({}, DAY))
    assert (step.verdict, step.firm) == (F, F)
    assert [s.said for s in step.because] == ["a.plain is yes", "not"]
    inner = step.because[1].because[0]
    assert [(s.fact, s.verdict, s.firm) for s in inner.because] == [("b.plain", U, U), ("k.knows", F, U)]


def test_a_step_shows_what_was_asked_found_and_where_it_comes_from() -> None:
    """In words a clerk reads."""
    step = evaluate(
        Test.model_validate({"fact": "n.value", "at_most": 500}),
        Facts(TYPES, {"n.value": Fact(Decimal(400), "order")}),
        Tables({}, DAY),
    )
    assert (step.said, step.found, step.evidence) == ("n.value at most 500", "400", "order")


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        (Fact(Range(Decimal(1), Decimal(2)), "e"), "between 1 and 2"),
        (Fact(frozenset({"b", "a"}), "e"), "a, b"),
        (Fact(frozenset(), "e", possible=frozenset({"c"})), "none; possibly c"),
        (Fact(True, "e"), "yes"),
    ],
)
def test_what_was_found_is_shown_in_words(fact: Fact, shown: str) -> None:
    """Ranges, sets, maybes, flags."""
    step = evaluate(
        Test.model_validate({"fact": "t.word", "in": ("a",)}), Facts(TYPES, {"t.word": fact}), Tables({}, DAY)
    )
    assert step.found == shown


def test_a_quickly_made_step_is_a_step() -> None:
    """Equal to one whose parts were checked, in value, hash and JSON."""
    leaf = made(T, U, "x is yes", fact="a.plain", found="yes", evidence="told")
    slow = Step(verdict=T, firm=U, said="x is yes", fact="a.plain", found="yes", evidence="told")
    assert leaf == slow
    assert hash(leaf) == hash(slow)
    assert (
        made(T, U, "all of", because=(leaf,)).model_dump_json()
        == Step(verdict=T, firm=U, said="all of", because=(slow,)).model_dump_json()
    )


def test_a_rule_without_a_test_always_holds_and_a_broken_one_is_unknown() -> None:
    """A broken rule blocks a permission; it never vanishes."""
    assert (always().verdict, always().firm) == (T, T)
    assert failed(ValueError("no table")).verdict is U


def test_a_test_has_exactly_one_operator() -> None:
    """Two questions in one are refused."""
    with pytest.raises(ValueError, match="exactly one of"):
        Test.model_validate({"fact": "n.value", "above": 1, "below": 2})
    with pytest.raises(ValueError, match="exactly one of"):
        Test.model_validate({"fact": "n.value"})


def test_parts_cannot_be_empty() -> None:
    """An "all of" nothing would always hold."""
    for kind in (AllOf, AnyOf):
        with pytest.raises(ValueError, match="at least 1"):
            kind.model_validate({kind.__name__[:3].lower(): []})
    assert Not.model_validate({"not": is_("a.plain")}).not_ == Test.model_validate(is_("a.plain"))


def test_unknown_operators_are_refused() -> None:
    """Seven operators, no eighth."""
    with pytest.raises(ValueError, match="like"):
        Test.model_validate({"fact": "t.word", "like": "x"})


def test_fact_types_that_assume_must_say_what() -> None:
    """An assumption without words cannot be printed."""
    with pytest.raises(ValueError, match="assumed"):
        FactType(name="k.knows", nature="knowledge", question="Known?")
