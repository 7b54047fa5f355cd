"""The committed tables against the official files and the developers' independent parses of them."""

import csv
import gzip
import json
from pathlib import Path

import pytest

import enduse.packs.us_ear as pack
from enduse.packs.us_ear.build import build_tables, read_tables

TABLES = Path(pack.__file__).with_name("tables")
KNOWN_DIFFERENCES = {
    "0D001",  # the derived file counts the reference to the ITAR as a control
    "0E001",
    "1D018",  # MT printed without a column: there is only one
}


def rows(name):
    with (TABLES / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def law(shared):
    return shared / "data" / "regulations"


@pytest.fixture(scope="module")
def derived(law):
    entries = json.loads((law / "derived" / "eccn_controls.json").read_text(encoding="utf-8"))
    return {eccn: entry for eccn, entry in entries.items() if eccn != "_meta"}


def test_the_committed_tables_are_what_the_official_files_give(law):
    """Rebuilding from the official files gives every committed table to the byte."""
    ear = law / "us-ear"
    texts = build_tables(
        gzip.decompress((ear / "ccl_supp1_part774_ecfr_2026-06.xml.gz").read_bytes()),
        (ear / "country_chart_2026-07-23.json").read_bytes(),
        (ear / "country_groups_2026-07-23.json").read_bytes(),
        [gzip.decompress((ear / "ccl_controls_and_chart_2026-08-07.json.gz").read_bytes())],
    )
    committed = read_tables(TABLES)
    assert {name for name, text in texts.items() if committed.get(name) != text} == set()


def test_every_entry_and_pointer(derived):
    """All 638 entries are there, and those without controls are marked."""
    mine = {row["eccn"]: row["pointer"] == "yes" for row in rows("ccl_entries.csv")}
    assert len(mine) == 638
    assert mine.keys() == derived.keys()
    wrong = {eccn for eccn, entry in derived.items() if entry["pointer_only"] != mine[eccn]}
    assert wrong == {"0D001", "0E001"}


def test_every_reason_and_column(derived):
    """Each pair of reason and chart column of the independent parse is a row here, and no other is."""
    mine: dict[str, set[tuple[str, str]]] = {}
    for row in rows("ccl_controls.csv"):
        if not row["to"]:
            mine.setdefault(row["eccn"], set()).add((row["reason"], row["chart_column"]))
    wrong = {eccn for eccn, entry in derived.items() if _pairs(entry) != mine.get(eccn, set())}
    assert wrong == KNOWN_DIFFERENCES


def _pairs(entry):
    return {
        (reason, next((column for column in control["columns"] if column[:2] == reason), ""))
        for control in entry["controls"]
        for reason in control["reasons"] or ["RIS"]
    }


def test_plain_limits(derived):
    """Where the independent parse gives LVS as one plain sum, the table gives the same sum."""
    plain = {
        eccn: entry["list_based_exceptions"]["LVS"].strip("$. ").replace(",", "")
        for eccn, entry in derived.items()
        if entry["list_based_exceptions"].get("LVS", "").strip("$. ").replace(",", "").isdigit()
    }
    mine: dict[str, set[str]] = {}
    for row in rows("ccl_exceptions.csv"):
        if row["exception"] == "LVS" and row["available"] == "yes":
            mine.setdefault(row["eccn"], set()).add(row["limit_usd"])
    assert len(plain) > 60
    assert {eccn for eccn, limit in plain.items() if mine.get(eccn) != {limit}} == set()


def test_named_exceptions(derived):
    """Every exception an entry names has rows here, and the reverse, but for two labels the parse missed."""
    theirs = {
        (eccn, part)
        for eccn, entry in derived.items()
        for name in {**entry["list_based_exceptions"], **entry["other_exceptions_named"]}
        for part in name.split("/")
    }
    mine = {(row["eccn"], row["exception"]) for row in rows("ccl_exceptions.csv")}
    assert theirs - mine == set()
    assert mine - theirs == {("2E018", "TSR"), ("6A203", "LVS"), ("6A203", "GBS")}


def test_sta_entries(derived):
    """Every entry with STA conditions has STA rows."""
    assert {row["eccn"] for row in rows("ccl_sta.csv")} == {
        eccn for eccn, entry in derived.items() if entry.get("sta_conditions")
    }


def test_paragraphs(law):
    """Every paragraph of the independent parse is known, but for ranges printed as reserved."""
    with gzip.open(law / "derived" / "ccl_paragraphs.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [item for item in map(json.loads, lines) if item["kind"] == "item"]
    mine = {row["code"] for row in rows("ccl_paragraphs.csv")}
    absent = [item for item in items if item["ref"] not in mine]
    assert all("[Reserved]" in item["text"] or "[RESERVED]" in item["text"] for item in absent), absent
    assert len(mine) > 4400


@pytest.mark.parametrize(("table", "key", "extra"), [
    ("country_chart", "column", {"HK", "KY"}),
    ("country_groups", "group", {"HK", "KY", "LI"}),
])  # fmt: skip
def test_chart_and_groups(law, table, key, extra):
    """Every mark of the independent parse stands here, and the only others are of places that follow another."""
    with (law / "derived" / f"{table}.csv").open(encoding="utf-8") as lines:
        theirs = {(name, row["iso2"]) for row in csv.DictReader(lines) for name, mark in row.items() if mark == "X"}
    mine = {
        (row[key], row["place"])
        for row in rows(f"{table}.csv")
        if not row["to"] and not row[key].startswith(("CWC:", "UN:"))
    }
    assert theirs - mine == set()
    assert {place for _, place in mine - theirs} <= extra


def test_places_and_referrals():
    """200 printed rows and two that follow; the four embargoed rows refer elsewhere."""
    places = rows("country_chart_places.csv")
    assert len(places) == 202
    assert {row["place"] for row in places if row["referral"]} == {"CU", "IR", "KP", "SY"}


def test_every_code_is_known():
    """Codes in the tables exist on the list; what an entry still names though it is gone is listed here."""
    known = {row["code"] for row in rows("ccl_paragraphs.csv")} | {row["eccn"] for row in rows("ccl_entries.csv")}
    gone = {"3A004", "3B003", "3C007", "3C008", "3C009", "1C012", "3A611.d"}
    for table in ("ccl_controls.csv", "ccl_exceptions.csv", "ccl_sta.csv", "ccl_notes.csv", "chart_referrals.csv"):
        for row in rows(table):
            cells = f"{row['includes']} {row.get('excludes', '')} {row.get('serves', '')}".split()
            codes = {code.lstrip("-") for code in cells if ":" not in code}
            assert codes - known - gone == set(), (table, row)


def test_words_are_the_closed_vocabulary():
    """Requirements are five words, one row is a judgement, and a condition never lacks its question."""
    controls = rows("ccl_controls.csv")
    assert {row["requirement"] for row in controls} == {
        "chart", "destinations", "listed_party", "short_supply", "judgement",
    }  # fmt: skip
    assert [row["eccn"] for row in controls if row["requirement"] == "judgement"] == ["4A001"]
    for table in ("ccl_controls.csv", "ccl_exceptions.csv", "ccl_sta.csv", "ccl_notes.csv"):
        assert all(bool(row["condition"]) == bool(row["question"]) for row in rows(table))


def test_excluded_paragraphs_lie_within():
    """What a row leaves out is part of what it covers."""
    for table in ("ccl_controls.csv", "ccl_exceptions.csv", "ccl_sta.csv"):
        for row in rows(table):
            for code in row["excludes"].split():
                assert any(f"{code}.".startswith(f"{above}.") for above in row["includes"].split()), (table, row)


def test_titles_are_short_and_ours(derived):
    """A title has at most eight words, and beyond a plain noun phrase it is not taken from the printed heading."""
    for row in rows("ccl_entries.csv"):
        assert 0 < len(row["title"].split()) <= 8, row
        heading = derived[row["eccn"]]["heading"].replace("“", "").replace("”", "").lower()
        assert len(row["title"].split()) <= 4 or row["title"].lower() not in heading, row
