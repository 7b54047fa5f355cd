"""From a small list of our own to tables: rows, notes, dates, errors and comparison of editions."""

import csv
import json
from datetime import date

import pytest

from enduse.errors import ListError, RuleError
from enduse.packs.us_ear.build import build_files, build_tables, compare_editions, read_tables, supersede
from enduse.packs.us_ear.build.chart import group_rows
from enduse.packs.us_ear.build.crossrefs import is_cas
from enduse.packs.us_ear.build.edition import read_edition

HEAD = '<?xml version="1.0" encoding="UTF-8"?><DIV9><HEAD>List</HEAD>'
CHART_COLUMNS = [
    "CB 1",
    "CB 2",
    "CB 3",
    "NP 1",
    "NP 2",
    "NS 1",
    "NS 2",
    "MT 1",
    "RS 1",
    "RS 2",
    "FC 1",
    "CC 1",
    "CC 2",
    "CC 3",
    "AT 1",
    "AT 2",
]


def entry(eccn, *, rows, reasons="NS, AT", exceptions="", sta="", items="", notes="", heading="Special gear"):
    """One entry in the layout of the official XML."""
    table = "".join("<TR>" + "".join(f"<TD>{cell}</TD>" for cell in row) + "</TR>" for row in rows)
    return (
        f"<FP-2><B>{eccn} {heading}.</B></FP-2>"
        f'<FP-1><E T="04">License Requirements</E></FP-1><FP-1><I>Reason for Control:</I> {reasons}</FP-1>'
        f"<DIV><TABLE><THEAD><TR><TH>Control(s)</TH></TR></THEAD><TBODY>{table}</TBODY></TABLE></DIV>{notes}"
        f'<FP-1><E T="05">List Based License Exceptions (See Part 740)</E></FP-1>{exceptions}'
        + (f'<FP-1><E T="04">Special Conditions for STA</E></FP-1><FP-1><I>STA:</I> {sta}</FP-1>' if sta else "")
        + f'<FP-1><E T="04">List of Items Controlled</E></FP-1>'
        f"<FP-1><I>Related Controls:</I> See USML Category XI(c) for other gear.</FP-1><FP><I>Items:</I> </FP>{items}"
    )


PLAIN = [("NS applies to entire entry", "NS Column 2"), ("AT applies to entire entry", "AT Column 1")]
THREE = (
    HEAD
    + entry("1A003", rows=PLAIN, exceptions="<FP-1><I>LVS:</I> $200</FP-1><FP-1><I>GBS:</I> N/A</FP-1>")
    + entry("1A231", reasons="NP, AT", rows=[
        ("NP applies to entire entry<br></br>AT applies to entire entry", "NP Column 1<br></br>AT Column 1")])
    + entry("8C001", rows=[
        ("NS applies to 8C001.a.1 to a.3", "NS Column 1."),
        ("RS applies to 8C001.y", "China, Russia, or Venezuela (see § 742.6(a)(7))."),
        ("AT applies to entire entry AT Column 1.",),
        ("RS applies to 8C001.z.1.b", ("To or within destinations specified in Country Groups D:1, D:4, and D:5 of "
         "supplement no. 1 to part 740 of the EAR. See § 742.6(a)(6)(iii)(B) of the EAR."))],
        sta="License Exception STA may not be used to ship any item in 8C001.a to any of the destinations listed in "
            "Country Group A:6 (See Supplement No. 1 to part 740 of the EAR).",
        items="<P>a. Foam, as follows:</P><P>a.1. One.</P><P>a.2. Two (CAS 50-00-0).</P><P>a.3. Three.</P>"
              "<NOTE><P>a. Not an item.</P></NOTE><P>b. through x. [Reserved]</P><P>y. Small.</P>"
              "<P>z.1.a Dense.</P>")
    + "</DIV9>"
).encode()  # fmt: skip


@pytest.fixture(scope="module")
def chart():
    """A chart of 190 places that are real, each marked NS 2 only, and Iran by referral."""
    with (read_places()).open(encoding="utf-8") as lines:
        names = [row["printed"] for row in csv.DictReader(lines)]
    countries = {name: {"marks": ["NS 2"], "footnotes": [10] if name == "Australia" else []} for name in names}
    embargoed = {"Iran": {"pointer": "See part 746 of the EAR.", "footnotes": []}}
    for name in ("Iran", "Cuba"):
        countries.pop(name)
    return json.dumps({"columns": CHART_COLUMNS, "countries": countries, "embargoed": embargoed}).encode()


def read_places():
    """The builder's own table of printed names."""
    from pathlib import Path

    from enduse.packs.us_ear import build

    return Path(build.__file__).with_name("readings") / "places.csv"


GROUPS = json.dumps({"groups": {"A:5": ["United Arab Emirates", "Canada"], "D:5": ["China (PRC)"]}}).encode()


def built(chart, source=THREE, amendments=()):
    """The tables as lists of rows."""
    texts = build_tables(source, chart, GROUPS, amendments, floor=3)
    return {name: list(csv.DictReader(text.splitlines())) for name, text in texts.items()}


def test_merged_and_misplaced_cells_come_apart(chart):
    """Two controls in one row are two rows; a column printed in the scope cell is still a column."""
    rows = [(r["eccn"], r["reason"], r["chart_column"], r["includes"]) for r in built(chart)["ccl_controls.csv"]]
    assert ("1A231", "NP", "NP1", "1A231") in rows
    assert ("1A231", "AT", "AT1", "1A231") in rows
    assert ("8C001", "AT", "AT1", "8C001") in rows
    assert ("8C001", "NS", "NS1", "8C001.a.1 8C001.a.2 8C001.a.3") in rows


def test_paragraphs_exist_where_printed_implied_or_named(chart):
    """Items count, notes and reserved ranges do not, and a code only a row names is marked so."""
    codes = {r["code"]: r["printed"] for r in built(chart)["ccl_paragraphs.csv"] if r["eccn"] == "8C001"}
    assert codes == {
        "8C001.a": "item", "8C001.a.1": "item", "8C001.a.2": "item", "8C001.a.3": "item", "8C001.y": "item",
        "8C001.z": "implied", "8C001.z.1": "implied", "8C001.z.1.a": "item", "8C001.z.1.b": "row",
    }  # fmt: skip


def test_exceptions_sta_and_cross_references(chart):
    """Limits, STA bars, registry numbers and munitions categories each reach their table."""
    tables = built(chart)
    lvs = next(r for r in tables["ccl_exceptions.csv"] if r["exception"] == "LVS")
    assert (lvs["eccn"], lvs["available"], lvs["limit_usd"]) == ("1A003", "yes", "200")
    assert [(r["includes"], r["barred_groups"]) for r in tables["ccl_sta.csv"]] == [("8C001.a", "A:6")]
    assert [(r["cas"], r["code"]) for r in tables["ccl_cas.csv"]] == [("50-00-0", "8C001.a.2")]
    assert {r["usml_category"] for r in tables["usml_crossrefs.csv"]} == {"XI(c)"}


def test_no_official_heading_in_the_tables(chart):
    """Titles are ours: the printed heading is nowhere."""
    texts = build_tables(THREE, chart, GROUPS, floor=3)
    assert not any("Special gear" in text for text in texts.values())


def amended(edition="2026-08-07", **rows):
    """A file of amended control rows."""
    return json.dumps({"SOURCE_EDITION": edition, "ECCNS": {eccn: {"c": said} for eccn, said in rows.items()}}).encode()


def test_an_amended_row_closes_and_opens_on_its_day(chart):
    """The Emirates were named on 23 July 2026: the old row ends that day and the new one begins."""
    rows = [
        ["NS applies to 8C001.a.1 to a.3", "NS Column 1.", "NS1"],
        ["RS applies to 8C001.y", "China, Russia, or Venezuela (see § 742.6(a)(7)).", None],
        ["AT applies to entire entry", "AT Column 1.", "AT1"],
        ["RS applies to 8C001.z.1.b", ("To or within the United Arab Emirates or destinations specified in Country "
         "Groups D:1, D:4, and D:5 of supplement no. 1 to part 740 of the EAR."), None],
    ]  # fmt: skip
    found = built(chart, amendments=[amended(**{"8C001": rows})])["ccl_controls.csv"]
    dated = {r["places"]: (r["from"], r["to"]) for r in found if r["places"].endswith("D:5")}
    assert dated == {"D:1 D:4 D:5": ("", "2026-07-23"), "AE D:1 D:4 D:5": ("2026-07-23", "")}
    assert sum(bool(r["from"] or r["to"]) for r in found) == 2


def test_a_difference_of_unknown_day_takes_the_editions_day(chart):
    """Where no source gives the day, the first edition that shows the row does, and the citation says so."""
    rows = [["NS applies to entire entry", "NS Column 1", "NS1"], ["AT applies to entire entry", "AT Column 1", "AT1"]]
    found = built(chart, amendments=[amended(**{"1A003": rows})])["ccl_controls.csv"]
    new = next(r for r in found if r["eccn"] == "1A003" and r["chart_column"] == "NS1")
    assert new["from"] == "2026-08-07"
    assert "edition of 2026-08-07" in new["cites"]


def test_chart_follows_and_footnotes(chart):
    """Hong Kong carries China's marks, and a footnote that requires is written out for its place."""
    tables = built(chart)
    marks = {(r["column"], r["place"]) for r in tables["country_chart.csv"] if not r["to"]}
    assert ("NS2", "HK") in marks
    assert ("NS2", "IR") not in marks
    places = {r["place"]: r for r in tables["country_chart_places.csv"]}
    assert places["IR"]["referral"] == "see:746"
    assert places["HK"]["follows"] == "CN"
    assert any(r["place"] == "AU" and r["includes"] == "0A501" for r in tables["chart_referrals.csv"])


def test_groups_keep_the_emirates_dates():
    """The Emirates joined A:5 and left D:4 on one day, whatever edition the file is."""
    rows = {(r["group"], r["place"]): (r["from"], r["to"]) for r in group_rows(GROUPS)}
    assert rows["A:5", "AE"] == ("2026-07-23", "")
    assert rows["D:4", "AE"] == ("", "2026-07-23")
    assert rows["D:5", "HK"] == ("", "")
    assert rows["A:5", "CA"] == ("", "")


def test_the_same_bytes_give_the_same_tables(chart):
    """A build can be repeated to the byte."""
    assert build_tables(THREE, chart, GROUPS, floor=3) == build_tables(THREE, chart, GROUPS, floor=3)


def test_a_cut_file_is_refused(chart):
    """A file that ends in the middle is not read as a shorter list."""
    with pytest.raises(ListError, match="not well-formed"):
        build_tables(THREE[:-40], chart, GROUPS, floor=3)


def test_a_list_far_too_short_is_refused(chart):
    """Well-formed XML with too few entries is not a control list."""
    with pytest.raises(ListError, match="only 3 entries"):
        build_tables(THREE, chart, GROUPS)


def test_a_new_wording_stops_the_build(chart):
    """A scope nobody has read names its ECCN and says where to add the reading."""
    source = THREE.replace(b"NS applies to 8C001.a.1 to a.3", b"NS applies to foam that floats on Mondays")
    with pytest.raises(RuleError, match=r"8C001: NS row") as caught:
        build_tables(source, chart, GROUPS, floor=3)
    assert "readings/controls.csv" in caught.value.hint


def test_a_row_that_is_no_control_stops_the_build(chart):
    """A table row without a reason for control is never dropped."""
    source = THREE.replace(b"RS applies to 8C001.y", b"Everybody may have 8C001.y")
    with pytest.raises(ListError, match="8C001: control row not understood"):
        build_tables(source, chart, GROUPS, floor=3)


def test_a_note_never_read_stops_the_build(chart):
    """A licence requirement note may change everything, so an unknown one is an error."""
    note = "<NOTE><HED>License Requirement Note:</HED><P>A license is required on Tuesdays.</P></NOTE>"
    source = (HEAD + entry("1A003", rows=PLAIN, notes=note) + "</DIV9>").encode()
    with pytest.raises(RuleError, match="1A003: a note not read before"):
        build_tables(source, chart, GROUPS, floor=1)


def test_an_entry_printed_twice_is_refused():
    """Two entries of one code would overwrite one another."""
    with pytest.raises(ListError, match="1A003 is printed twice"):
        read_edition((HEAD + entry("1A003", rows=PLAIN) * 2 + "</DIV9>").encode(), floor=1)


@pytest.mark.parametrize("source", [b"", b"[]", b'{"SOURCE_EDITION": "soon", "ECCNS": {}}', b'{"ECCNS": {}}'])
def test_a_wrong_amendment_is_refused(chart, source):
    """An amendments file of another shape says what it should be."""
    with pytest.raises(ListError, match="not a file of amended control rows"):
        build_tables(THREE, chart, GROUPS, [source], floor=3)


@pytest.mark.parametrize("wrong", [b"nonsense", b"{}", b'{"columns": ["NS 1"], "countries": {}, "embargoed": {}}'])
def test_a_wrong_chart_is_refused(wrong):
    """A chart without its sixteen columns is not the chart."""
    with pytest.raises(ListError):
        build_tables(THREE, wrong, GROUPS, floor=3)


def test_an_unknown_destination_is_refused():
    """A printed name without an ISO code is reported by name."""
    with pytest.raises(ListError, match="Ruritania"):
        group_rows(json.dumps({"groups": {"A:1": ["Ruritania"]}}).encode())


def test_a_vanished_entry_forbids_publication(chart):
    """An entry that is gone is a loss; one that changed is only a change."""
    old = build_tables(THREE, chart, GROUPS, floor=3)
    without = THREE.replace(THREE[THREE.index(b"<FP-2><B>1A231") : THREE.index(b"<FP-2><B>8C001")], b"")
    changes = compare_editions(old, build_tables(without, chart, GROUPS, floor=2))
    assert [(c.table, c.key) for c in changes if c.loss] == [("ccl_entries.csv", "1A231")]
    assert any(c.table == "ccl_controls.csv" and c.kind == "removed" and not c.loss for c in changes)


def test_a_changed_limit_and_a_reworded_entry_are_told_apart(chart):
    """A new LVS limit shows both figures; other words alone are `reworded`."""
    old = build_tables(THREE, chart, GROUPS, floor=3)
    new = build_tables(THREE.replace(b"$200", b"$300"), chart, GROUPS, floor=3)
    changes = {(c.table, c.kind): c for c in compare_editions(old, new)}
    changed = changes["ccl_exceptions.csv", "changed"]
    assert (changed.before, changed.after) == ("limit_usd=200", "limit_usd=300")
    assert ("ccl_entries.csv", "reworded") in changes
    assert compare_editions(old, old) == ()


def test_a_vanished_table_forbids_publication(chart):
    """A build that lacks a table is never published."""
    old = build_tables(THREE, chart, GROUPS, floor=3)
    new = {name: text for name, text in old.items() if name != "ccl_sta.csv"}
    assert [c.key for c in compare_editions(old, new) if c.loss] == ["ccl_sta.csv"]


def superseding(old, source, chart):
    """The tables after a newer edition of 1 October 2026."""
    new = build_tables(source, chart, GROUPS, floor=2)
    return supersede(old, new, day=date(2026, 10, 1), cites="91 FR 1")


def test_a_newer_edition_ends_and_begins_rows(chart):
    """A changed limit ends the old row and begins the new one that day; what is repeated keeps its date."""
    old = build_tables(THREE, chart, GROUPS, floor=3)
    tables = superseding(old, THREE.replace(b"$200", b"$300"), chart)
    rows = list(csv.DictReader(tables["ccl_exceptions.csv"].splitlines()))
    assert {(r["limit_usd"], r["from"], r["to"]) for r in rows if r["exception"] == "LVS"} == {
        ("200", "", "2026-10-01"),
        ("300", "2026-10-01", ""),
    }
    assert all("91 FR 1" in r["cites"] for r in rows if r["exception"] == "LVS")
    assert {(r["from"], r["to"]) for r in rows if r["exception"] != "LVS"} == {("", "")}


def test_the_same_edition_twice_changes_nothing(chart):
    """Superseding by the edition we have adds no dates, and history is not lost by doing it again."""
    old = build_tables(THREE, chart, GROUPS, floor=3)
    once = superseding(old, THREE.replace(b"$200", b"$300"), chart)
    twice = supersede(once, build_tables(THREE.replace(b"$200", b"$300"), chart, GROUPS, floor=3),
                      day=date(2026, 11, 1), cites="91 FR 2")  # fmt: skip
    assert twice == once
    assert "91 FR" not in superseding(old, THREE, chart)["ccl_controls.csv"]


def test_an_edition_that_lost_an_entry_is_not_published(chart):
    """The refusal names what is gone."""
    old = build_tables(THREE, chart, GROUPS, floor=3)
    without = THREE.replace(THREE[THREE.index(b"<FP-2><B>1A231") : THREE.index(b"<FP-2><B>8C001")], b"")
    with pytest.raises(RuleError, match="1A231"):
        superseding(old, without, chart)


def test_without_a_chart_only_the_list_is_built():
    """The list can be rebuilt alone; no empty chart is made of nothing."""
    names = set(build_tables(THREE, None, None, floor=3))
    assert "ccl_controls.csv" in names
    assert not any(name.startswith(("country", "chart")) for name in names)


def test_nothing_is_written_when_anything_is_wrong(chart, tmp_path):
    """The edge writes all tables or none."""
    for name, content in (("ccl.xml", THREE), ("chart.json", chart), ("groups.json", GROUPS)):
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "out"
    with pytest.raises(ListError):
        build_files(tmp_path / "ccl.xml", tmp_path / "chart.json", tmp_path / "groups.json", [], out)
    assert not out.exists()
    assert read_tables(tmp_path) == {}
    with pytest.raises(ListError, match="cannot be read"):
        build_files(tmp_path / "absent.xml", tmp_path / "chart.json", tmp_path / "groups.json", [], out)


def test_tables_made_elsewhere_are_no_loss(chart, tmp_path):
    """The folder holds tables of other makers: they are not compared, so a sync never calls them lost."""
    texts = build_tables(THREE, chart, GROUPS, floor=3)
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\n")
    (tmp_path / "hts_part746.csv").write_text("code\n1\n", encoding="utf-8")
    assert read_tables(tmp_path) == texts


def test_registry_numbers_are_checked():
    """A page range or a date that looks like a registry number fails its check digit."""
    assert is_cas("67-56-1")
    assert not is_cas("67-56-2")


def test_what_follows_an_entry_is_not_part_of_it(chart):
    """A category heading, an annex and the EAR99 line between entries add nothing to the entry before them."""
    extra = b"<FP-2><B>EAR99 Items</B></FP-2><HD1>Annex to Category 1</HD1><P>a. HMX;</P><P>13. RDX.</P>"
    place = THREE.index(b"<FP-2><B>8C001")
    source = THREE[:place] + extra + THREE[place:]
    assert build_tables(source, chart, GROUPS, floor=3) == build_tables(THREE, chart, GROUPS, floor=3)
