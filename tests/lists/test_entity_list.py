"""Entity List texts become values: scope, exemptions, footnotes; and what is not understood says so."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from enduse.lists.us_csl.entity_list import policy_of, requirement_of
from enduse.lists.us_csl.parse import parse


@pytest.mark.parametrize(
    ("text", "footnotes"),
    [
        ("For all items subject to the EAR. (See §744.11 of the EAR).", ()),
        ("For all items subject to the EAR. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", (3,)),
        ("For all items subject to the EAR (See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)", (3,)),
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", (1, 2)),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR) 4", (4,)),
        ("For All Items Subject to the EAR (See §734.9(e), and 744.11 of the EAR)4.", (4,)),
        ("For all items subject to the EAR (See §§ 734.4(a)(9), 734.9(e)(3), and 744.11 of the EAR) 5", (5,)),
    ],
)
def test_footnotes_are_read_whether_printed_or_cited(text: str, footnotes: tuple[int, ...]):
    """The digits that bring in foreign-direct-product rules are told from section numbers."""
    read = requirement_of(text)
    assert read.scope == "all_items_subject_to_ear"
    assert read.footnotes == footnotes
    assert read.whole


def test_a_printed_misprint_of_a_section_is_read_as_the_section():
    """`744.2l(b)`, with the letter l, is 744.21(b)."""
    assert "744.21(b)" in requirement_of("For all items subject to the EAR (See §744.2l(b) of the EAR)").see


def test_food_and_medicine_are_an_exemption_and_codes_another():
    """A carve-out narrows the scope only by what it names."""
    read = requirement_of(
        "All items subject to the EAR except for food or medicine designated as EAR99, or ECCN 5A992.c and 5D992.c "
        "unless for Russian “government end users” and Russian state-owned enterprises (SoEs) to Russia. "
        "(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)"
    )
    assert [e.kind for e in read.exemptions] == ["food_or_medicine_ear99", "codes_unless"]
    assert read.exemptions[1].codes == ("5A992.c", "5D992.c")
    assert "unless" in read.exemptions[1].text
    assert read.whole


def test_an_exception_the_row_admits_is_kept_with_its_limits():
    """License Exception GOV may overcome a row's requirement, but only as the row says."""
    read = requirement_of(
        "For all items subject to the EAR. (See § 744.11 of the EAR). This license requirement may be overcome by "
        "License Exception GOV under § 740.11(b) when used by the U.S Geological Survey"
    )
    assert [e.code for e in read.exceptions] == ["GOV"]
    assert "Geological Survey" in read.exceptions[0].text
    assert read.exemptions == ()


def test_requirements_tied_to_projects_or_supplements_say_which():
    """Some rows reach only certain projects, or only listed items."""
    assert (
        requirement_of(
            "For all items subject to the EAR when used in projects specified in §746.5 of the EAR"
        ).only_projects
        == "746.5"
    )
    meu = requirement_of("For any item subject to the EAR listed in supplement no. 2 to part 744.")
    assert (meu.scope, meu.listed_in) == ("listed_items", "supplement no. 2 to part 744")
    both = requirement_of("For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR")
    assert (both.scope, both.listed_in) == ("ccl_and_listed_items", "supplement no. 7 to part 746")


@pytest.mark.parametrize(
    "text", ["", "As agreed by letter", "All items subject to the EAR except for goods painted blue"]
)
def test_what_is_not_understood_never_counts_as_whole(text: str):
    """Silence and unknown words narrow nothing: the value says it is not whole."""
    assert not requirement_of(text).whole


def test_review_policies_come_apart_into_limbs():
    """A policy may deny, presume denial and review case by case, each of different items."""
    read = policy_of(
        "Policy of denial for all items subject to the EAR apart from food and medicine designated as EAR99, which "
        "will be reviewed on a case-by-case basis. See §§ 746.8(b) and 744.21(e)."
    )
    assert read.tokens == ("denial", "case_by_case")
    assert read.clauses[1].of == "food and medicine designated as EAR99"
    assert read.see == ("746.8(b)", "744.21(e)")
    assert policy_of("Presumption of denial").tokens == ("presumption_of_denial",)
    assert policy_of("See §744.2(d) of the EAR.").tokens == ("see_provision",)
    assert policy_of(
        "Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items."
    ).tokens == (
        "case_by_case",
        "presumption_of_approval",
    )
    assert policy_of("Ask nicely").unread == "Ask nicely"


def test_less_than_one_in_a_hundred_official_rows_stay_prose(shared_lists: Path):
    """Over every row of three editions of the screening list and the list in the regulation itself."""
    texts: Counter[str] = Counter()
    policies: Counter[str] = Counter()
    for part, name in (
        ("consolidated.csv", "us-csl/consolidated_2022-04.csv.gz"),
        ("consolidated.csv", "us-csl/csl_2023-11_partial.csv.gz"),
        ("compact.json", "us-csl/csl_2026-07-31_derived.json.gz"),
    ):
        for party in parse({part: shared_lists / "lists" / name}):
            if party.source in {"EL", "MEU"}:
                texts[party.licence_requirement or ""] += 1
                policies[party.licence_policy or ""] += 1
    regulation = shared_lists / "regulations/us-lists/nsfreg_bis_entity_list_2026-07-09.json.gz"
    for entity in json.loads(gzip.decompress(regulation.read_bytes()))["entities"]:
        texts[entity["notes"] or ""] += 1
    unsure = sum(n for text, n in texts.items() if not requirement_of(text).whole)
    assert sum(texts.values()) > 9_000
    assert unsure / sum(texts.values()) < 0.01
    assert len([t for t in texts if not requirement_of(t).whole]) <= 10
    assert sum(n for t, n in policies.items() if policy_of(t).unread) <= 2
