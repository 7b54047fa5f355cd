"""The US lists as they are really published: counts, a few facts, the dirt they carry, and how fast they read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from enduse.errors import ListError
from enduse.lists.reading import Audit
from enduse.lists.us_csl import parse as csl
from enduse.lists.us_ofac_consolidated import parse as cons
from enduse.lists.us_ofac_sdn import parse as sdn
from enduse.model.listing import ListedParty
from enduse.sources.diff import diff_parties


def test_the_screening_list_of_2022_reads_whole(shared_lists: Path):
    """14,160 entries of thirteen lists; three impossible days are left out and reported."""
    audit = Audit()
    found = list(csl.parse({"consolidated.csv": shared_lists / "lists/us-csl/consolidated_2022-04.csv.gz"}, audit))
    assert len(found) == 14_160
    assert Counter(p.source for p in found)["EL"] == 2_001
    assert {u.value for u in audit.unread} == {"0097-06-30", "0017-05-26"}
    assert audit.count == 3
    assert sum(not p.licence_requirement for p in found if p.source == "EL") <= 2
    assert sum(i.kind == "imo" for p in found for i in p.identifiers) > 400
    assert len({p.id for p in found}) == len(found)


def test_the_screening_list_of_2026_reads_whole(shared_lists: Path):
    """25,921 entries in the compact form, every one with its list."""
    file = shared_lists / "lists/us-csl/csl_2026-07-31_derived.json.gz"
    found = list(csl.parse({"compact.json": file}))
    assert len(found) == 25_921
    assert Counter(p.source for p in found).most_common(2) == [("SDN", 19_181), ("EL", 3_420)]
    assert len({p.id for p in found}) == len(found)
    assert str(csl.stated_on({"compact.json": file})) == "2026-07-31"


def test_a_truncated_row_is_kept_and_reported(shared_lists: Path):
    """The partial file of 2023 repeats its header and ends within a row."""
    audit = Audit()
    found = list(csl.parse({"consolidated.csv": shared_lists / "lists/us-csl/csl_2023-11_partial.csv.gz"}, audit))
    assert len(found) == 4_227
    assert [u.row for u in audit.unread] == ["2", "4233"]
    assert found[-1].names[0].text == "BERMUDEZ SUAZA, Pedro Antonio"


@pytest.fixture(scope="module")
def november(shared_lists: Path) -> tuple[list[ListedParty], Audit]:
    """The SDN list of 2025-11-19, and what was left over."""
    audit = Audit()
    file = shared_lists / "lists/us-ofac/sdn_advanced_2025-11-19.xml.bz2"
    found = list(sdn.parse({"sdn_advanced.xml": file}, audit))
    return found, audit


def test_the_advanced_xml_keeps_scripts_weak_names_documents_and_ties(
    november: tuple[list[ListedParty], Audit],
):
    """18,367 parties, nothing left over."""
    found, audit = november
    assert (len(found), audit.count) == (18_367, 0)
    scripts = Counter(n.script for p in found for n in p.names)
    assert scripts["Cyrl"] > 3_000
    assert scripts["Arab"] > 50
    assert sum(n.weak for p in found for n in p.names) > 4_000
    assert sum(len(p.identifiers) for p in found) > 24_000
    assert sum(len(p.links) for p in found) == 8_194
    assert all(p.listed_on and p.programmes for p in found)
    bank = next(p for p in found if p.id == "17016")
    assert "Газпромбанк Акционерное общество" in {n.text for n in bank.names}
    assert ("list", "SSI") in bank.other


def test_two_weeks_of_designations_are_exactly_the_difference(
    shared_lists: Path, november: tuple[list[ListedParty], Audit]
):
    """From 2025-11-04 to 2025-11-19: 103 more parties."""
    file = shared_lists / "lists/us-ofac/sdn_advanced_2025-11-04.xml.bz2"
    found = diff_parties(sdn.parse({"sdn_advanced.xml": file}), november[0])
    assert len(found.added) - len(found.removed) == 103
    assert all(change.fields for change in found.changed)


@pytest.mark.parametrize(
    ("before", "after", "more"), [("2024-05-01", "2024-05-02", 7), ("2024-04-26", "2024-05-01", 298)]
)
def test_daily_csv_editions_differ_by_what_was_designated(shared_lists: Path, before: str, after: str, more: int):
    """The CSV series of spring 2024, day against day."""
    folder = shared_lists / "lists/us-ofac/sdn_csv"
    old = list(sdn.parse({"sdn_primary": folder / f"sdn_{before}.csv.gz"}))
    new = list(sdn.parse({"sdn_primary": folder / f"sdn_{after}.csv.gz"}))
    found = diff_parties(old, new)
    assert len(found.added) - len(found.removed) == more


def test_a_matching_csv_set_joins_addresses_aliases_and_comments(shared_lists: Path):
    """The four files of 2019; comments of a later day have parties this edition does not know, and that is said."""
    folder = shared_lists / "lists/us-ofac/sdn_csv_2019-01"
    audit = Audit()
    files = {
        "sdn_primary": "sdn.csv.gz",
        "sdn_add": "add.csv",
        "sdn_alt": "alt.csv",
        "sdn_comments": "sdn_comments.csv",
    }
    found = list(sdn.parse({part: folder / name for part, name in files.items()}, audit))
    assert len(found) == 7_379
    assert sum(len(p.names) for p in found) > 7_379 + 9_682
    assert {u.field for u in audit.unread} == {"Country", "ent_num"}


def test_addresses_without_their_primary_file_are_refused(shared_lists: Path):
    """The set of 2026 lacks sdn.csv: an error that says which file to add."""
    with pytest.raises(ListError, match=r"primary file is missing"):
        list(sdn.parse({"sdn_add": shared_lists / "lists/us-ofac/sdn_csv_2026-08/add.csv.gz"}))


def test_the_non_sdn_lists_read_alike_from_xml_and_csv(shared_lists: Path):
    """Old and new namespace, and CSV, give the same kind of party with its sub-list."""
    folder = shared_lists / "lists/us-ofac"
    old = list(cons.parse({"consolidated.xml": folder / "consolidated_2020-03-17.xml"}))
    new = list(cons.parse({"consolidated.xml": folder / "consolidated_2025-03-28.xml"}))
    assert (len(old), len(new)) == (375, 443)
    assert Counter(p.source for p in new)["SSI"] == 282
    assert str(cons.stated_on({"consolidated.xml": folder / "consolidated_2025-03-28.xml"})) == "2025-03-28"
    files = {f"cons_{n}": folder / f"cons_csv_2025-12/cons_{f}.csv" for n, f in _PARTS}
    csv = {p.id: p for p in cons.parse(files)}
    same = [p for p in new if p.id in csv and p.source == csv[p.id].source]
    assert len(same) > 430


_PARTS = (("primary", "prim"), ("add", "add"), ("alt", "alt"), ("comments", "comments"))


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("Zenda Institute, a.k.a., Strelsau Works.", {"Zenda Institute", "Strelsau Works"}),
        ("Zenda Institute (a.k.a., Academy (AZ)'s 9th)", {"Zenda Institute", "Academy (AZ)'s 9th"}),
        ("Zenda Co.; and any successor, sub-unit, or subsidiary thereof", {"Zenda Co"}),
        ("Zenda Co.", set()),
    ],
)
def test_names_that_stand_inside_a_name_are_aliases_too(name: str, also: set[str]):
    """The name stays as published; what it holds can be met by itself."""
    found = csl._names(name, ())
    assert found[0].text == name
    assert {n.text for n in found[1:]} == also
