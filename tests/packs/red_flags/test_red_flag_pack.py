"""The red-flag pack: sound rules, an example either way for each, and every official flag covered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enduse.assess.knowledge import knowledge_of
from enduse.assess.passages import Passage
from enduse.assess.profile import standard
from enduse.assess.signs import read_signs
from enduse.model.law import Effect
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Fact, Facts
from enduse.rules.files import read_pack
from enduse.shelf import OURS, open_pack, pack_files

PACK = open_pack("red_flags")
WHOLE = read_pack(pack_files(OURS / "red_flags"))
KNOW = knowledge_of(PACK)
EXAMPLES = PACK.tables["examples"].rows


@pytest.mark.parametrize("rule", WHOLE.rules, ids=lambda r: r.id)
def test_each_rule_holds_and_fails_on_its_own_examples(rule) -> None:
    """A rule's examples prove its test, both ways."""
    assert {e.holds for e in rule.examples} == {True, False}
    for example in rule.examples:
        facts = Facts(WHOLE.types, {n: Fact(v, "example") for n, v in example.facts.items()})
        when = rule.versions[-1].when
        assert when is not None
        assert evaluate(when, facts, WHOLE.at(rule.versions[-1].from_).tables).verdict is Verdict.of(example.holds)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda r: f"{r['rule']}:{r['text'][:30]}")
def test_each_text_example_is_read_as_it_says(row) -> None:
    """The words of an example fire its rule, and ordinary words do not."""
    sign = row["rule"].rpartition(".")[2]
    read = {s.name for s in read_signs([Passage(row["field"], row["field"], row["text"])], KNOW)}
    assert (sign in read) is (row["fires"] == "yes")


def test_every_rule_read_from_words_has_an_example_either_way() -> None:
    """No phrase list without a text that fires it and one that does not."""
    told = {(r["rule"], r["fires"]) for r in EXAMPLES}
    lacking = [
        r.id
        for r in PACK.rules
        if r.id.rpartition(".")[2] in KNOW.read_from_words() and {(r.id, "yes"), (r.id, "no")} - told
    ]
    assert lacking == []


def test_every_weight_has_a_rule_a_reason_and_a_source() -> None:
    """Weights and rules match, alarming ones weigh more than nothing, reassuring ones less."""
    profile = standard()
    rules = {r.id: r.versions[-1].effect for r in PACK.rules if r.versions[-1].reason != "ask"}
    assert set(profile.weights) == set(rules)
    for rule, weight in profile.weights.items():
        assert (weight.weight > 0) is (rules[rule] is Effect.FLAGS)
        assert weight.reason
        assert weight.source


def test_every_official_flag_is_a_rule_or_a_question(shared: Path) -> None:
    """No flag of the catalogue is dropped, and the table names only rules that exist."""
    lines = (shared / "data/cases/redflags.jsonl").read_text("utf-8").splitlines()
    catalogue = {json.loads(line)["id"] for line in lines}
    rules = {r.id for r in PACK.rules}
    table = PACK.tables["official"].rows
    assert {r["flag"] for r in table} == catalogue
    assert {r["rule"] for r in table} <= rules


def test_the_high_priority_table_is_the_published_one(shared: Path) -> None:
    """Fifty codes in tiers, as published on 23 February 2024."""
    lines = (
        (shared / "data/regulations/derived/common_high_priority_list_2024-02-23.csv").read_text("utf-8").splitlines()
    )
    published = {tuple(line.split(",")[:2]) for line in lines[1:] if line[:6].isdigit()}
    assert {(r["hs6"], r["tier"]) for r in PACK.tables["high_priority"].rows} == published


def test_country_concern_comes_from_dated_cited_tables_only() -> None:
    """Each place of concern is cited; Hong Kong joined the arms list in December 2020."""
    assert all(r["cites"] for r in PACK.tables["concern"].rows)
    hong_kong = [r for r in PACK.tables["concern"].rows if r["list"] == "arms" and r["place"] == "HK"]
    assert [r["from"] for r in hong_kong] == ["2020-12-23"]
