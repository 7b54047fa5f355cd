"""The lists of other publishers as they are really published: counts, facts, and the dirt they carry."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from enduse.lists.reading import Audit
from enduse.model.listing import ListedParty
from enduse.sources.catalogue import info_of, reader_of
from enduse.sources.diff import diff_parties
from enduse.sources.recognise import only_list

CASES = [
    # list, files, stated day, parties, things not understood at most
    ("un_sc", ["un/consolidated_2016-02-11.xml"], "2016-02-11", 239, 5),
    ("un_sc", ["un/consolidated_2018-10-29.xml.gz"], "2018-10-29", 1_093, 20),
    ("un_sc", ["un/consolidated_2020-11-24.xml.gz"], "2020-11-24", 1_018, 20),
    ("un_sc", ["un/consolidated_2025-04-19.xml.gz"], "2025-04-19", 877, 5),
    ("un_sc", ["un/consolidated_2026-02-27.xml.gz"], "2026-02-27", 1_003, 5),
    ("un_sc", ["un/consolidated_2026-08-01.xml.gz"], "2026-08-01", 1_011, 2),
    ("uk_ofsi", ["uk/conlist_2018-04-13.csv.gz"], "2018-04-13", 2_106, 130),
    ("uk_ofsi", ["uk/conlist_2020-04-27.csv.gz"], "2020-04-27", 2_114, 200),
    ("uk_sanctions", ["uk/uksl_2026-04_derived"], None, 6_046, 0),
    ("ch_seco", ["ch/seco_example_2024-01-17.xml"], "2024-01-17", 3, 0),
    ("ca_sema", ["ca/sema_2020-04.xml"], None, 1_369, 0),
    ("ca_sema", ["ca/sema_2025-05.xml.gz"], None, 4_759, 0),
    ("au_dfat", ["au/dfat_consolidated_2026-08.xlsx"], "2026-07-21", 3_846, 60),
    ("us_bis_dpl", ["us-bis/dpl_2019-06.txt"], None, 420, 2),
    ("us_bis_dpl", ["us-bis/dpl_2022-09.txt"], None, 465, 4),
    ("jp_meti", ["jp/meti_end_user_list_2025-09-29.json"], None, 835, 37),
    (
        "jp_meti_specified",
        [
            "jp/meti_russia_specified_2025-09-12.txt",
            "jp/meti_belarus_specified.txt",
            "jp/meti_third_country_specified_2025-09-12.txt",
        ],
        "2025-09-12",
        644,
        2,
    ),
    ("cn_mofcom", ["cn/mofcom_lists_2026-07.json"], None, 240, 0),
    ("eu_fsf", ["eu/fsf_1_1_sample_2020-04-15.xml"], "2020-04-15", 7, 0),
    ("eu_fsf", ["eu/fsf_csv_short_2023.csv"], "2018-07-04", 93, 1),
    ("ftm", ["eu/eu_fsf_ftm_2022-01-24.json.gz"], "2022-01-24", 2_379, 2),
    ("ftm", ["opensanctions/format_set_2024-03-09/targets.nested.json"], "2024-03-09", 10, 0),
    ("targets_simple", ["opensanctions/ua_war_sanctions_targets.simple_2026-03-13.csv.gz"], "2026-03-13", 5_600, 1),
    ("eu_journal", ["eu/journal_2026-08-21/consolidated"], None, 8_017, 260),
    (
        "us_bis_entity_list",
        ["../regulations/us-lists/nsfreg_bis_entity_list_2026-07-09.json.gz"],
        "2026-07-09",
        3_409,
        10,
    ),
    ("us_bis_meu", ["../regulations/us-lists/nsfreg_bis_meu_2026-07-09.json.gz"], "2026-07-09", 70, 0),
    ("us_dod_1260h", ["../regulations/us-lists/nsfreg_dow_1260h_2026-07-09.json.gz"], "2026-07-09", 80, 0),
    ("us_dod_1286", ["../regulations/us-lists/nsfreg_dow_1286_2026-07-09.json.gz"], "2026-07-09", 134, 0),
]


def read(shared: Path, *names: str) -> tuple[list[ListedParty], Audit]:
    info, parts = only_list([shared / "lists" / name for name in names], None)
    audit = Audit()
    return list(reader_of(info).parse(parts, audit)), audit


@pytest.mark.parametrize(("list_id", "names", "day", "parties", "unread"), CASES, ids=lambda v: str(v)[:40])
def test_a_published_file_reads_whole(
    shared_lists: Path, list_id: str, names: list[str], day: str | None, parties: int, unread: int
):
    """The right list, its stated day, every party, and next to nothing left over."""
    info, parts = only_list([shared_lists / "lists" / name for name in names], None)
    assert info.id == list_id
    assert reader_of(info).stated_on(parts) == (date.fromisoformat(day) if day else None)
    audit = Audit()
    found = list(reader_of(info).parse(parts, audit))
    assert len(found) == parties
    assert audit.count <= unread
    assert all(p.list == list_id and p.names[0].text.strip() for p in found)


def test_the_un_list_grew_between_february_and_august(shared_lists: Path):
    """A date pair of one publisher: what was added, removed and changed, with reference numbers as ids."""
    old, _ = read(shared_lists, "un/consolidated_2026-02-27.xml.gz")
    new, _ = read(shared_lists, "un/consolidated_2026-08-01.xml.gz")
    found = diff_parties(old, new)
    assert len(found.added) - len(found.removed) == len(new) - len(old)
    assert found.added
    assert found.changed
    assert all(change.fields for change in found.changed)


def test_the_denied_persons_list_changed_over_three_years(shared_lists: Path):
    """Orders end and begin; a person keeps an id as long as the order stays."""
    old, _ = read(shared_lists, "us-bis/dpl_2019-06.txt")
    new, audit = read(shared_lists, "us-bis/dpl_2022-09.txt")
    found = diff_parties(old, new)
    assert 50 < len(found.added) < 300
    assert len(new) - len(found.added) > 200
    assert {u.value for u in audit.unread} >= {"2922-09-01", "3017-08-22"}


def test_old_and_new_canadian_tags_give_the_same_parties(shared_lists: Path):
    """Syria's first schedule of 2020 is largely that of 2025, under other tags."""
    old, _ = read(shared_lists, "ca/sema_2020-04.xml")
    new, _ = read(shared_lists, "ca/sema_2025-05.xml.gz")
    same = {p.names[0].text.casefold() for p in old} & {p.names[0].text.casefold() for p in new}
    assert len(same) > 800
    assert sum(p.kind == "vessel" for p in new) == 109


def test_an_act_delists_between_two_consolidations(shared_lists: Path):
    """The EU act on support of Russia's war by Iran lost entries between two days of August 2026."""
    old, _ = read(shared_lists, "eu/journal_2026-08-17_older/32023R1529.csv")
    new, _ = read(shared_lists, "eu/journal_2026-08-21/consolidated/32023R1529.csv")
    gone = {p.names[0].text for p in old} - {p.names[0].text for p in new}
    assert (len(old), len(new)) == (53, 49)
    assert len(gone) == 4


def test_british_names_keep_order_scripts_and_birth_dates(shared_lists: Path):
    """The primary name stands first; a zero day or month is not known; the misparsed columns are left aside."""
    found, _ = read(shared_lists, "uk/conlist_2020-04-27.csv.gz")
    assert sum(p.names[0].kind == "primary" for p in found) > 2_000
    assert all("00/" not in d for p in found for d in p.birth_dates)
    derived, _ = read(shared_lists, "uk/uksl_2026-04_derived")
    person = next(p for p in derived if p.id == "AQD0126")
    assert "1951-06-19" in person.birth_dates
    assert "1982-06-10" not in person.birth_dates


def test_canadian_australian_and_ukrainian_vessels_have_imo_numbers(shared_lists: Path):
    """The number that names a ship is read from every list that states it."""
    for name, least in (
        ("ca/sema_2025-05.xml.gz", 109),
        ("au/dfat_consolidated_2026-08.xlsx", 261),
        ("opensanctions/ua_war_sanctions_targets.simple_2026-03-13.csv.gz", 1_300),
    ):
        found, _ = read(shared_lists, name)
        ships = [p for p in found if any(i.kind == "imo" and len(i.value) == 7 for i in p.identifiers)]
        assert len(ships) >= least, name


def test_japanese_notices_give_both_scripts_and_aliases(shared_lists: Path):
    """English name first, Japanese as a spelling, aliases apart, an address with its country."""
    found, _ = read(shared_lists, "jp/meti_russia_specified_2025-09-12.txt")
    assert [p.id for p in found] == [f"russia-{n}" for n in range(1, 562)]
    agency = next(p for p in found if p.id == "russia-6")
    assert agency.names[0].text == "Federal Security Service (FSB)"
    assert "Federalnaya Sluzhba Bezopasnosti" in {n.text for n in agency.names}
    assert any(n.script == "Jpan" for n in agency.names)
    assert Counter(a.country for p in found for a in p.addresses)["RU"] > 550


def test_a_delta_adds_and_its_deletions_are_left_aside_by_name(shared_lists: Path):
    """A change file gives what was added or modified; deletions are counted."""
    found, audit = read(shared_lists, "opensanctions/yente_fixtures/t2__20240527194702-wnk__entities.delta.json")
    assert {p.id for p in found} == {"NK-2T3S8Hu29ktYnKSTgQp2wL", "NK-2sJaJRaPJcWUfMbHjTtWcL"}
    found, audit = read(shared_lists, "opensanctions/yente_fixtures/t2__20240528074703-npf__entities.delta.json")
    assert found == []
    assert audit.ignored["(deleted in a delta)"] == 1


@pytest.mark.parametrize("list_id", ["eu_journal", "ftm", "targets_simple", "own"])
def test_files_under_others_terms_are_never_fetched_or_passed_on(list_id: str):
    """What may not be redistributed has no download address and says so."""
    info = info_of(list_id)
    assert not info.redistributable
    assert info.downloads == ()
