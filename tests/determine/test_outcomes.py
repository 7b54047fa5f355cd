"""The law's own order: scope, prohibitions, requirements, exceptions, bars; and what is said of each answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from enduse.determine import determine
from enduse.errors import InputError
from enduse.model.determination import LineAnswer, Outcome, ReliefState
from enduse.model.law import Rule
from enduse.model.transaction import Transaction
from enduse.rules.facts import Fact, unknown
from enduse.rules.pack import RulePack
from worlds import DAY, GUARD, answer, fact_type, flag, is_, known, rule, tiny

NOT_SUBJECT, NO_LICENCE = Outcome.NOT_SUBJECT, Outcome.NO_LICENCE_REQUIRED
EXCEPTION, OPEN = Outcome.EXCEPTION_AVAILABLE, Outcome.UNDETERMINED
LICENCE, PROHIBITED = Outcome.LICENCE_REQUIRED, Outcome.PROHIBITED

FACTS = (
    *(flag(f"{x}.plain") for x in "abcd"),
    flag("k.knows", "knowledge"),
    flag("l.listed", "list"),
    flag("c.done", "condition"),
    fact_type("n.value", "number"),
)
NEEDS = rule("r1", "requires", is_("a.plain"), reason="A")
EXCUSE = rule("x1", "excuses", is_("b.plain"), lifts=["A"], authorisation="X")
BAR = rule("b1", "bars", is_("c.plain"), blocks=["X"])


def outcome(*rules: Rule, **facts: object) -> Outcome:
    """The outcome of these rules on these facts."""
    return answer(tiny(rules, FACTS), known(**facts)).outcome


def asked(found: LineAnswer) -> list[str]:
    """The open questions, most decisive first."""
    return [q.fact for q in found.missing]


def relied_on(found: LineAnswer) -> set[str]:
    """The facts assumed."""
    return {a.fact for a in found.assuming}


class TestOrderOfTheLaw:
    """What stands, what is lifted, what takes the lifting away."""

    def test_a_requirement_stands_falls_or_is_open(self) -> None:
        """As its own facts say."""
        assert outcome(NEEDS, a__plain=True) is LICENCE
        assert outcome(NEEDS, a__plain=False) is NO_LICENCE
        assert outcome(NEEDS) is OPEN

    def test_an_exception_that_holds_lifts_what_it_is_aimed_at(self) -> None:
        """By reason, by rule, by family of rules, or everything."""
        for aim in ("A", "zz.r1", "zz.", "*"):
            excuse = rule("x1", "excuses", is_("b.plain"), lifts=[aim])
            assert outcome(NEEDS, excuse, a__plain=True, b__plain=True) is EXCEPTION, aim
        for aim in ("B", "zz.r2", "zz.r", "us."):
            excuse = rule("x1", "excuses", is_("b.plain"), lifts=[aim])
            assert outcome(NEEDS, excuse, a__plain=True, b__plain=True) is LICENCE, aim

    def test_an_exception_whose_facts_are_open_lifts_nothing(self) -> None:
        """Who relies on it must show it."""
        assert outcome(NEEDS, EXCUSE, a__plain=True) is LICENCE

    def test_every_requirement_must_be_lifted_on_its_own(self) -> None:
        """One exception for one of two reasons is not enough."""
        other = rule("r2", "requires", is_("a.plain"), reason="B")
        assert outcome(NEEDS, other, EXCUSE, a__plain=True, b__plain=True) is LICENCE

    def test_a_bar_takes_the_exception_away(self) -> None:
        """Surely, perhaps, or not at all."""
        assert outcome(NEEDS, EXCUSE, BAR, a__plain=True, b__plain=True, c__plain=True) is LICENCE
        assert outcome(NEEDS, EXCUSE, BAR, a__plain=True, b__plain=True) is OPEN
        assert outcome(NEEDS, EXCUSE, BAR, a__plain=True, b__plain=True, c__plain=False) is EXCEPTION

    def test_a_second_exception_helps_where_the_first_is_barred(self) -> None:
        """One way out is enough."""
        other = rule("x2", "excuses", is_("d.plain"), lifts=["A"], authorisation="Y")
        facts = {"a__plain": True, "b__plain": True, "c__plain": True, "d__plain": True}
        assert outcome(NEEDS, EXCUSE, BAR, other, **facts) is EXCEPTION

    def test_a_carve_out_means_that_no_licence_was_ever_required(self) -> None:
        """An exception is used; a carve-out is the limit of the rule itself."""
        carve = rule("x1", "excuses", is_("b.plain"), lifts=["A"], relief="carve_out")
        assert outcome(NEEDS, carve, a__plain=True, b__plain=True) is NO_LICENCE

    def test_an_exception_answers_a_requirement_that_may_hold(self) -> None:
        """Should it hold, the exception is what lets the transaction go."""
        assert outcome(NEEDS, EXCUSE, b__plain=True) is EXCEPTION
        assert outcome(NEEDS, EXCUSE, a__plain=False, b__plain=True) is NO_LICENCE

    def test_a_prohibition_outranks_a_requirement(self) -> None:
        """And can be lifted only by what is aimed at it."""
        forbids = rule("p1", "prohibits", is_("d.plain"))
        assert outcome(NEEDS, forbids, a__plain=True, d__plain=True) is PROHIBITED
        assert outcome(NEEDS, forbids, EXCUSE, a__plain=True, b__plain=True, d__plain=True) is PROHIBITED
        lifts = rule("x2", "excuses", is_("c.plain"), lifts=["zz.p1"])
        assert outcome(forbids, lifts, c__plain=True, d__plain=True) is EXCEPTION

    def test_what_is_not_subject_needs_nothing(self) -> None:
        """Unless a duty holds for everyone."""
        scope = rule("s1", "subject", is_("d.plain"))
        everyone = rule("r2", "requires", is_("a.plain"), unscoped=True)
        assert outcome(scope, NEEDS, a__plain=True, d__plain=False) is NOT_SUBJECT
        assert outcome(scope, NEEDS, a__plain=True, d__plain=True) is LICENCE
        assert outcome(scope, NEEDS, a__plain=True) is OPEN
        assert outcome(scope, NEEDS, a__plain=False) is NO_LICENCE
        assert outcome(scope, everyone, a__plain=True, d__plain=False) is LICENCE

    def test_scope_that_hangs_on_a_code_is_asked_whatever_the_code(self) -> None:
        """Had it not been looked up, the pack would seem to claim everything."""
        scope = rule("s1", "subject", {"fact": "item.control", "under": "6A002"})
        assert outcome(scope, NEEDS, a__plain=True, item__control="9A004") is NOT_SUBJECT

    def test_an_exclusion_takes_the_item_out_of_the_jurisdiction(self) -> None:
        """`lifts = ["subject"]` lifts scope, never a requirement."""
        scope = rule("s1", "subject", is_("d.plain"))
        out = rule("x1", "excuses", is_("b.plain"), lifts=["subject"], relief="exclusion")
        assert outcome(scope, out, NEEDS, a__plain=True, b__plain=True, d__plain=True) is NOT_SUBJECT
        assert outcome(out, NEEDS, a__plain=True, b__plain=True) is LICENCE

    def test_an_exception_to_a_duty_for_everyone_is_an_exception(self) -> None:
        """Not being subject does not make it needless."""
        scope = rule("s1", "subject", is_("d.plain"))
        everyone = rule("r2", "requires", is_("a.plain"), reason="A", unscoped=True)
        assert outcome(scope, everyone, EXCUSE, a__plain=True, b__plain=True, d__plain=False) is EXCEPTION


class TestAssumptions:
    """What nobody stated and the answer rests on."""

    def test_silence_about_knowledge_and_lists_is_assumed_and_printed(self) -> None:
        """Definite, but never silent."""
        knows, listed = rule("r1", "requires", is_("k.knows")), rule("p1", "prohibits", is_("l.listed"))
        found = answer(tiny([knows, listed], FACTS), known())
        assert found.outcome is NO_LICENCE
        assert [(a.fact, a.nature, a.says) for a in found.assuming] == [
            ("l.listed", "list", "assumed of l.listed"),
            ("k.knows", "knowledge", "assumed of k.knows"),
        ]

    def test_confirmed_they_are_printed_no_more(self) -> None:
        """And contradicted they decide."""
        pack = tiny([rule("r1", "requires", is_("k.knows"))], FACTS)
        assert answer(pack, known(k__knows=False)).assuming == ()
        assert answer(pack, known(k__knows=True)).outcome is LICENCE

    def test_an_assumption_inside_an_open_branch_is_printed(self) -> None:
        """Contradicted, it settles what the open fact would have."""
        pack = tiny([NEEDS, rule("p1", "prohibits", {"any": [is_("d.plain"), is_("l.listed")]})], FACTS)
        found = answer(pack, known(a__plain=True))
        assert found.outcome is LICENCE
        assert relied_on(found) == {"l.listed"}
        assert answer(pack, known(a__plain=True, l__listed=True)).outcome is PROHIBITED

    def test_an_assumption_behind_a_settled_fact_is_not_printed(self) -> None:
        """It could change nothing."""
        pack = tiny([rule("r1", "requires", {"all": [is_("a.plain"), is_("k.knows")]})], FACTS)
        assert relied_on(answer(pack, known(a__plain=False))) == set()
        assert relied_on(answer(pack, known(a__plain=True))) == {"k.knows"}

    def test_a_condition_to_be_met_makes_the_exception_available_and_is_printed(self) -> None:
        """Paperwork is assumed to be done; eligibility is not."""
        excuse = rule("x1", "excuses", {"all": [is_("b.plain"), is_("c.done")]}, lifts=["A"])
        found = answer(tiny([NEEDS, excuse], FACTS), known(a__plain=True, b__plain=True))
        assert (found.outcome, relied_on(found)) == (EXCEPTION, {"c.done"})

    def test_what_lifts_a_prohibition_is_printed_even_where_a_licence_is_needed_anyway(self) -> None:
        """Contradicted, it makes things worse."""
        forbids = rule("p1", "prohibits", is_("d.plain"))
        lifts = rule("x2", "excuses", {"all": [is_("b.plain"), is_("c.done")]}, lifts=["zz.p1"])
        pack = tiny([NEEDS, forbids, lifts], FACTS)
        found = answer(pack, known(a__plain=True, b__plain=True, d__plain=True))
        assert (found.outcome, relied_on(found)) == (LICENCE, {"c.done"})

    def test_a_code_that_was_only_read_is_itself_an_assumption(self) -> None:
        """The rules that were not looked up rest on it."""
        coded = rule("r1", "requires", {"fact": "item.control", "under": "6A002"})
        pack = tiny([coded], FACTS, control_list="zz_list", unknown_code=GUARD)
        read = {"item.control": Fact("6A003", "read in item", assumed=True)}
        assert relied_on(answer(pack, read)) == {"item.control"}


class TestQuestions:
    """What is missing, most decisive first, and only what could matter."""

    def test_a_settled_answer_asks_nothing(self) -> None:
        """Neither where it permits, nor where no answer could help."""
        assert asked(answer(tiny([NEEDS, EXCUSE], FACTS), known(a__plain=False))) == []
        assert asked(answer(tiny([NEEDS], FACTS), known(a__plain=True))) == []
        other = rule("r2", "requires", is_("d.plain"), reason="B")
        assert asked(answer(tiny([NEEDS, EXCUSE, other], FACTS), known(a__plain=True, d__plain=True))) == []

    def test_what_the_requirement_waits_for_comes_before_what_an_exception_needs(self) -> None:
        """Relief is asked about last, and marked so."""
        found = answer(tiny([NEEDS, EXCUSE], FACTS), known())
        assert [(q.fact, q.relief_only) for q in found.missing] == [("a.plain", False), ("b.plain", True)]

    def test_each_question_says_what_its_answers_lead_to(self) -> None:
        """And which rule makes it matter."""
        found = answer(tiny([NEEDS], FACTS), known()).missing[0]
        assert found.leads_to == (NO_LICENCE, LICENCE)
        assert (found.why, found.ask, found.decides) == ("Rule r1.", "a.plain?", 1)
        assert str(found.cites[0]) == "Trade Act 2020 s. 1"

    def test_one_fact_asked_either_way_is_one_question(self) -> None:
        """Yes in one rule, no in another: what each answer leads to counts both."""
        turned = rule("p1", "prohibits", is_("a.plain", False))
        found = answer(tiny([NEEDS, turned], FACTS), known()).missing
        assert [(q.fact, q.leads_to) for q in found] == [("a.plain", (LICENCE, PROHIBITED))]

    def test_a_branch_settled_by_its_neighbour_asks_nothing(self) -> None:
        """Both are needed and one is missing for good."""
        pack = tiny([rule("r1", "requires", {"all": [is_("a.plain"), is_("b.plain")]}), NEEDS], FACTS)
        assert asked(answer(pack, known(a__plain=False))) == []

    def test_an_open_bar_is_asked_about(self) -> None:
        """It decides whether the exception may be used."""
        found = answer(tiny([NEEDS, EXCUSE, BAR], FACTS), known(a__plain=True, b__plain=True))
        assert [(q.fact, q.leads_to) for q in found.missing] == [("c.plain", (EXCEPTION, LICENCE))]

    def test_a_worse_answer_still_open_is_asked_about(self) -> None:
        """A licence is needed; whether one could be had at all is another question."""
        found = answer(tiny([NEEDS, rule("p1", "prohibits", is_("d.plain"))], FACTS), known(a__plain=True))
        assert asked(found) == ["d.plain"]

    def test_an_exception_that_cannot_help_is_not_asked_about(self) -> None:
        """It is barred already."""
        assert asked(answer(tiny([NEEDS, EXCUSE, BAR], FACTS), known(a__plain=True, c__plain=True))) == []


class TestReliefs:
    """How each exception stands."""

    @pytest.mark.parametrize(
        ("facts", "state"),
        [
            ({"b__plain": True, "c__plain": False}, ReliefState.AVAILABLE),
            ({"b__plain": True}, ReliefState.OPEN),
            ({"c__plain": False}, ReliefState.OPEN),
            ({"b__plain": False}, ReliefState.FORECLOSED),
            ({"b__plain": True, "c__plain": True}, ReliefState.FORECLOSED),
        ],
    )
    def test_available_open_or_foreclosed(self, facts: dict[str, Any], state: ReliefState) -> None:
        """By its own facts and its bars."""
        found = answer(tiny([NEEDS, EXCUSE, BAR], FACTS), known(a__plain=True, **facts)).reliefs
        assert [(r.authorisation, r.state) for r in found] == [("X", state)]

    def test_what_shuts_it_off_is_said(self) -> None:
        """The bar in its own words, or the test that failed."""
        barred = answer(tiny([NEEDS, EXCUSE, BAR], FACTS), known(a__plain=True, b__plain=True, c__plain=True)).reliefs
        assert barred[0].because == "Rule b1."
        failing = answer(tiny([NEEDS, EXCUSE], FACTS), known(a__plain=True, b__plain=False)).reliefs
        assert failing[0].because == "b.plain is yes: no"

    def test_what_it_still_needs_is_said(self) -> None:
        """Its own open facts and those of its bars."""
        found = answer(tiny([NEEDS, EXCUSE, BAR], FACTS), known(a__plain=True)).reliefs
        assert found[0].needs == ("b.plain?", "c.plain?")

    def test_an_exception_from_nothing_is_not_listed(self) -> None:
        """Nothing stands that it could lift."""
        assert answer(tiny([NEEDS, EXCUSE], FACTS), known(a__plain=False, b__plain=True)).reliefs == ()


class Broken:
    """A pack's module whose arithmetic, or whose tables, fail."""

    def __init__(self, *, derives: bool = False, finds: bool = False) -> None:
        self.derives, self.finds = derives, finds

    def derive(self, asked: object) -> dict[str, Fact]:
        if self.derives:
            raise ZeroDivisionError("division by nothing")
        return {}

    def rules_for(self, code: str, tables: object) -> tuple[()]:
        if self.finds:
            raise KeyError("row")
        return ()

    def check_code(self, code: str, tables: object) -> None:
        return None


class TestFailingClosed:
    """What cannot be known or computed never passes for a no."""

    def coded(self, **more: Any) -> RulePack:
        by_code = rule("r1", "requires", {"fact": "item.control", "under": "6A002"}, reason="A")
        by_place = rule("r2", "requires", {"fact": "transaction.destination", "in": ["GL"]}, reason="B")
        return tiny([by_code, by_place], FACTS, control_list="zz_list", unknown_code=GUARD, unknown_place=GUARD, **more)

    @pytest.mark.parametrize(
        "gap", [{}, {"item.control": unknown("two codes")}, {"transaction.destination": unknown("?")}]
    )
    def test_an_unknown_code_or_place_is_an_open_requirement(self, gap: dict[str, Fact]) -> None:
        """Not stated, or known to be unknown: the same."""
        known_ = {"item.control": Fact("6A003", "x"), "transaction.destination": Fact("FR", "x")}
        assert answer(self.coded(), known_).outcome is NO_LICENCE
        state = {**known_, **gap} if gap else {}
        assert answer(self.coded(), state).outcome is OPEN

    def test_without_a_guard_the_rules_themselves_are_asked(self) -> None:
        """A pack that says nothing of unknown places still must not lose its rules about them."""
        by_place = rule("r2", "requires", {"fact": "transaction.destination", "in": ["GL"]})
        assert answer(tiny([by_place], FACTS), known()).outcome is OPEN

    def test_a_bar_that_hangs_on_an_unknown_code_keeps_the_exception_open(self) -> None:
        """An exception that lifts everything does not lift the question whether it may be used."""
        anything = rule("x1", "excuses", is_("b.plain"), lifts=["*"], authorisation="X")
        bar = rule("b1", "bars", {"fact": "item.control", "under": "6A002"}, blocks=["X"])
        pack = tiny([NEEDS, anything, bar], FACTS, control_list="zz_list", unknown_code=GUARD)
        assert answer(pack, known(a__plain=True, b__plain=True)).outcome is OPEN

    def test_a_short_code_of_another_list_still_meets_its_paragraphs(self) -> None:
        """ML10 may be ML10.a, though both are shorter than an ECCN."""
        coded = rule("r1", "requires", {"fact": "item.control", "under": "ML10.a"})
        pack = tiny([coded], FACTS, control_list="ml", unknown_code=GUARD)
        assert answer(pack, known(item__control="ML10")).outcome is OPEN
        assert answer(pack, known(item__control="ML10.a.1")).outcome is LICENCE
        assert answer(pack, known(item__control="ML1")).outcome is NO_LICENCE

    def test_a_rule_that_breaks_is_an_open_requirement(self) -> None:
        """With the error in its step."""
        broken = rule("r1", "requires", {"fact": "transaction.destination", "in": "@no_such:table"})
        found = answer(tiny([broken], FACTS, place_fact="p.other"), known(transaction__destination="FR"))
        assert found.outcome is OPEN
        assert "no table 'no_such'" in found.findings[0].step.said

    def test_derivations_that_break_leave_lists_and_sums_unknown(self) -> None:
        """Not "not listed"."""
        listed = rule("p1", "prohibits", is_("l.listed"))
        pack = tiny([listed], FACTS, module=Broken(derives=True))
        order = Transaction.model_validate({"lines": [{"item": {}}]})
        assert determine(order, pack, as_of=DAY).outcome is OPEN
        assert determine(order, tiny([listed], FACTS), as_of=DAY).outcome is NO_LICENCE

    def test_rules_that_cannot_be_read_from_tables_are_an_open_requirement(self) -> None:
        """The others are still asked."""
        found = answer(
            self.coded(module=Broken(finds=True)), known(item__control="6A003", transaction__destination="GL")
        )
        assert found.outcome is LICENCE
        assert "zz_tiny.unread" in {f.rule for f in found.findings}
        assert (
            answer(
                self.coded(module=Broken(finds=True)), known(item__control="6A003", transaction__destination="FR")
            ).outcome
            is OPEN
        )


class TestTransactions:
    """From the transaction's fields and statements to facts."""

    def order(self, **more: Any) -> Transaction:
        base = {"exporter_country": "ZZ", "destination": "GL", "lines": [{"item": {"codes": {"zz_list": "6A002.a"}}}]}
        return Transaction.model_validate({**base, **more})

    def test_past_decisions_use_past_law_and_past_tables(self, ruritania: RulePack) -> None:
        """Zenda left the group in 2023; military use anywhere counts only from June 2024."""
        zenda = self.order(destination="ZE", facts=[{"name": "end_use.military", "value": False}])
        assert determine(zenda, ruritania, as_of=date(2022, 12, 31)).outcome is LICENCE
        assert determine(zenda, ruritania, as_of=date(2023, 1, 1)).outcome is NO_LICENCE
        army = self.order(destination="FR", facts=[{"name": "end_use.military", "value": True}])
        assert determine(army, ruritania, as_of=date(2024, 5, 31)).outcome is NO_LICENCE
        assert determine(army, ruritania, as_of=date(2024, 6, 1)).outcome is LICENCE

    def test_the_strictest_line_makes_the_outcome(self, ruritania: RulePack) -> None:
        """Each line has its own answer."""
        lines = [{"item": {"codes": {"zz_list": c}}} for c in ("6A003", "6A002.a")]
        found = determine(self.order(lines=lines), ruritania, as_of=DAY)
        assert [a.outcome for a in found.lines] == [NO_LICENCE, LICENCE]
        assert found.outcome is LICENCE

    def test_a_statement_can_be_limited_to_one_line(self, ruritania: RulePack) -> None:
        """Counted from 1."""
        lines = [{"item": {"codes": {"zz_list": "6A002.a"}}}] * 2
        said = [{"name": "value.crowns", "value": 400, "line": 2}]
        found = determine(self.order(lines=lines, facts=said), ruritania, as_of=DAY)
        assert [a.outcome for a in found.lines] == [LICENCE, EXCEPTION]

    def test_two_statements_of_one_fact_that_differ_are_refused(self, ruritania: RulePack) -> None:
        """Somebody is wrong."""
        said = [{"name": "value.crowns", "value": v} for v in (400, 401)]
        with pytest.raises(InputError, match="stated twice"):
            determine(self.order(facts=said), ruritania, as_of=DAY)

    @pytest.mark.parametrize(
        ("name", "value"), [("value.crowns", "many"), ("value.crowns", True), ("item.handmade", 1)]
    )
    def test_a_statement_of_the_wrong_kind_is_refused(self, ruritania: RulePack, name: str, value: object) -> None:
        """With the fact's own question as hint."""
        with pytest.raises(InputError, match=name):
            determine(self.order(facts=[{"name": name, "value": value}]), ruritania, as_of=DAY)

    def test_figures_written_as_text_are_figures_and_one_is_not_yes(self, ruritania: RulePack) -> None:
        """As CSV and JSON bring them."""
        for value in (1, "1", Decimal(1)):
            said = [{"name": "value.crowns", "value": value}]
            assert determine(self.order(facts=said), ruritania, as_of=DAY).outcome is EXCEPTION

    def test_a_stayed_rule_is_noted_and_not_applied(self, ruritania: RulePack) -> None:
        """The edict on handmade goods."""
        said = [{"name": "item.handmade", "value": True}]
        found = determine(
            self.order(destination="FR", lines=[{"item": {"codes": {"zz_list": "1A001"}}}], facts=said),
            ruritania,
            as_of=DAY,
        )
        assert found.outcome is NO_LICENCE
        assert any("stayed on this day" in n for n in found.notes)

    def test_days_outside_the_pack_are_noted(self, ruritania: RulePack) -> None:
        """Before its first edition and after it went stale."""
        assert any("earliest edition" in n for n in determine(self.order(), ruritania, as_of=date(2019, 1, 1)).notes)
        assert any("last reviewed" in n for n in determine(self.order(), ruritania, as_of=date(2100, 1, 1)).notes)

    def test_what_is_left_out_is_named_where_it_could_matter(self, ruritania: RulePack) -> None:
        """Forest produce by its tariff code; not where the code says otherwise."""

        def omitted(**item: str) -> tuple[str, ...]:
            lines = [{"item": {"codes": {"zz_list": "1A001"}, **item}}]
            found = determine(self.order(lines=lines), ruritania, as_of=DAY)
            return tuple(o.id for o in found.lines[0].omitted)

        assert omitted() == ("forest_produce",)
        assert omitted(hs_code="4401.10") == ("forest_produce",)
        assert omitted(hs_code="8471.30") == ()
