"""Snapshots: what is imported is kept whole, found again, compared, and never replaced by half a list."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from enduse.errors import InputError, ListError, StoreError
from enduse.sources import snapshot as store
from enduse.sources.catalogue import info_of, lists
from enduse.sources.recognise import claims_on, parts_of, recognise

CSL = """_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,\
standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,\
vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,\
places_of_birth,source_information_url,ids
"""


def row(number: int, name: str, *, policy: str = "Presumption of denial") -> str:
    return (
        f"e{number},Entity List (EL) - Bureau of Industry and Security,,,,{name},,Strelsau,99 FR 1,2024-05-0{number},,,"
        f"For all items subject to the EAR (See §744.11 of the EAR),{policy},,,,,,,,,,,,,,,\n"
    )


def csl(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text(CSL + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_list_is_recognised_read_kept_and_loaded_again(tmp_path: Path, home: Path):
    """The first day on: import, current, load."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works"), row(2, "Strelsau Optics")])
    made = store.import_files([file], home=home, as_of=date(2024, 6, 1), min_count=1)
    assert (made.list, made.parties, made.as_of) == ("us_csl", 2, date(2024, 6, 1))
    [now] = store.current(home)
    assert now == made
    assert [p.names[0].text for p in store.load(now)] == ["Zenda Works", "Strelsau Optics"]
    assert [p.licence_policy for p in store.load(now)] == ["Presumption of denial"] * 2


def test_the_same_file_twice_is_one_snapshot_whatever_its_packing(tmp_path: Path, home: Path):
    """The digest is of the unpacked bytes."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works")])
    packed = tmp_path / "y.csv.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    one = store.import_files([file], home=home, as_of=date(2024, 6, 1), min_count=1)
    two = store.import_files([packed], home=home, as_of=date(2024, 6, 1), min_count=1)
    assert one.digest == two.digest
    assert len(store.history(home, "us_csl")) == 1


def test_an_older_edition_joins_history_without_becoming_current(tmp_path: Path, home: Path):
    """Yesterday's list can always be asked again, on yesterday's terms."""
    new = csl(tmp_path, "new.csv", [row(1, "Zenda Works"), row(2, "Strelsau Optics")])
    old = csl(tmp_path, "old.csv", [row(1, "Zenda Works")])
    store.import_files([new], home=home, as_of=date(2024, 7, 1), min_count=1)
    store.import_files([old], home=home, as_of=date(2024, 6, 1), min_count=1)
    assert [s.as_of for s in store.history(home, "us_csl")] == [date(2024, 6, 1), date(2024, 7, 1)]
    assert store.current(home)[0].as_of == date(2024, 7, 1)
    assert len(list(store.load_at("us_csl", date(2024, 6, 15), home=home))) == 1
    assert store.snapshot_at("us_csl", date(2024, 5, 1), home=home) is None
    with pytest.raises(StoreError, match="of 2024-05-01 or before"):
        store.load_at("us_csl", date(2024, 5, 1), home=home)


def test_differences_name_the_party_and_the_field(tmp_path: Path, home: Path):
    """One came, one went, one changed its review policy."""
    before = csl(tmp_path, "a.csv", [row(1, "Zenda Works"), row(2, "Strelsau Optics")])
    after = csl(tmp_path, "b.csv", [row(1, "Zenda Works", policy="Policy of denial"), row(3, "Hentzau Shipping")])
    one = store.import_files([before], home=home, as_of=date(2024, 6, 1), min_count=1)
    two = store.import_files([after], home=home, as_of=date(2024, 7, 1), min_count=1)
    found = store.diff(one, two)
    assert [p.names[0].text for p in found.added] == ["Hentzau Shipping"]
    assert [p.names[0].text for p in found.removed] == ["Strelsau Optics"]
    [change] = found.changed
    [field] = change.fields
    assert (field.field, field.before, field.after) == (
        "licence_policy",
        ("Presumption of denial",),
        ("Policy of denial",),
    )
    assert store.diff(one, one).empty


def test_too_few_parties_are_refused_and_nothing_is_kept(tmp_path: Path, home: Path):
    """Half a list is not a list."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works")])
    with pytest.raises(ListError, match="1 parties, where a whole edition has 12000"):
        store.import_files([file], home=home, as_of=date(2024, 6, 1))
    assert store.current(home) == ()
    assert list((home / "lists" / "us_csl").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x1a", "empty"),
        (b"<!DOCTYPE html><html><body>Moved</body></html>", "is not a list we can read"),
        (b"\x1f\x8b\x08\x00broken", "empty or cannot be unpacked"),
        (b"just words\n", "is not a list we can read"),
        (bytes(range(256)) * 8, "is not a list we can read"),
    ],
)
def test_what_is_not_a_list_is_refused_by_name(tmp_path: Path, home: Path, content: bytes, said: str):
    """Each kind of junk gets an error that names the file and says what to do."""
    file = tmp_path / "junk.xml"
    file.write_bytes(content)
    with pytest.raises(ListError, match=said) as raised:
        store.import_files([file], home=home)
    assert "junk.xml" in raised.value.place
    assert raised.value.hint


def test_a_file_of_another_list_is_refused_when_the_list_is_named(tmp_path: Path, home: Path):
    """Saying which list it is does not make it so."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works")])
    with pytest.raises(ListError, match="does not look like United Nations"):
        store.import_files([file], home=home, list_id="un_sc")
    with pytest.raises(ListError, match="no list 'zz'"):
        store.import_files([file], home=home, list_id="zz")


def test_a_changed_format_names_the_missing_column(tmp_path: Path, home: Path):
    """A required column gone is an error, not an empty field."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works")])
    file.write_text(file.read_text(encoding="utf-8").replace("alt_names", "other_names"), encoding="utf-8")
    with pytest.raises(ListError, match="the format has changed: no column alt_names"):
        store.import_files([file], home=home, as_of=date(2024, 6, 1), min_count=1)


def test_a_day_is_stated_given_named_or_the_newest_listing(tmp_path: Path, home: Path):
    """Never today: a list whose day no one knows may only look older than it is."""
    plain = csl(tmp_path, "x.csv", [row(1, "A"), row(3, "B")])
    assert store.import_files([plain], home=home, min_count=1).as_of == date(2024, 5, 3)
    named = csl(tmp_path, "x_2024-05-09.csv", [row(1, "A"), row(4, "B")])
    assert store.import_files([named], home=home, min_count=1).as_of == date(2024, 5, 9)
    given = csl(tmp_path, "y_2024-05-09.csv", [row(1, "A"), row(5, "B")])
    assert store.import_files([given], home=home, as_of=date(2024, 6, 2), min_count=1).as_of == date(2024, 6, 2)


def test_a_table_said_to_be_the_users_own_needs_no_other_sign(tmp_path: Path):
    """A CSV with columns nobody knows is no list by itself; named `own` it is one."""
    table = tmp_path / "officials.csv"
    table.write_text("Rank,Name,Colour\n1,Rupert Hentzau,red\n", encoding="utf-8")
    with pytest.raises(ListError, match="not a list we can read") as raised:
        recognise([table])
    assert "--list own" in raised.value.hint
    assert parts_of(info_of("own"), [table]) == {"own.csv": table}
    with pytest.raises(ListError, match="does not look like"):
        parts_of(info_of("un_sc"), [table])


def test_age_is_measured_against_the_lists_own_cadence(tmp_path: Path, home: Path):
    """Fresh on the seventh day, stale on the eighth; a confirmation by the publisher makes it fresh again."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works")])
    made = store.import_files([file], home=home, as_of=date(2024, 6, 1), min_count=1)
    assert [s.stale for s in store.status(home, date(2024, 6, 8))] == [False]
    [late] = store.status(home, date(2024, 6, 9))
    assert (late.stale, late.age_days, late.parties, late.snapshots) == (True, 8, 1, 1)
    store.confirm(made, date(2024, 6, 7), home=home)
    assert [s.stale for s in store.status(home, date(2024, 6, 9))] == [False]
    assert store.current(home)[0].as_of == date(2024, 6, 7)
    assert len(list(store.load(store.current(home)[0]))) == 1


def test_what_was_not_understood_is_kept_beside_the_list(tmp_path: Path, home: Path):
    """The audit can be asked later, by file, row and field."""
    bad = row(1, "Zenda Works").replace("2024-05-01", "2922-05-01")
    made = store.import_files([csl(tmp_path, "x.csv", [bad])], home=home, as_of=date(2024, 6, 1), min_count=1)
    report = store.audit_of(made)
    assert report.unread_count == 1
    assert (report.unread[0].row, report.unread[0].field, report.unread[0].value) == ("2", "start_date", "2922-05-01")
    assert "start_date" in report.summary()[0]
    assert report.coverage["licence_requirement"] == 1.0


def test_the_parsed_form_is_made_again_when_the_parser_has_changed(tmp_path: Path, home: Path):
    """A missing parsed form costs a reading, never the list."""
    made = store.import_files(
        [csl(tmp_path, "x.csv", [row(1, "Zenda Works")])], home=home, as_of=date(2024, 6, 1), min_count=1
    )
    [parsed] = home.glob("lists/us_csl/*/parties-*.jsonl")
    parsed.rename(parsed.with_name("parties-0ld.jsonl"))
    assert [p.names[0].text for p in store.load(made)] == ["Zenda Works"]
    assert parsed.is_file()


def test_a_snapshot_by_value_is_found_by_its_digest(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    """A snapshot read from a stored decision loads from the home it was kept in."""
    from enduse.model.listing import Snapshot

    made = store.import_files(
        [csl(tmp_path, "x.csv", [row(1, "Zenda Works")])], home=home, as_of=date(2024, 6, 1), min_count=1
    )
    plain = Snapshot.model_validate_json(made.model_dump_json())
    monkeypatch.setenv("ENDUSE_HOME", str(home))
    assert len(list(store.load(plain))) == 1
    with pytest.raises(StoreError, match="is kept"):
        list(store.load(plain.model_copy(update={"digest": "0" * 64}), home=home))


def test_an_id_used_twice_hides_no_one(tmp_path: Path, home: Path):
    """Two parties under one id are both kept, the second marked and reported."""
    un = "<CONSOLIDATED_LIST dateGenerated='2026-01-02'><ENTITIES>" + "".join(
        f"<ENTITY><REFERENCE_NUMBER>Z.1</REFERENCE_NUMBER><FIRST_NAME>{n}</FIRST_NAME></ENTITY>" for n in ("A", "B")
    )
    file = tmp_path / "un_2026-01-02.xml"
    file.write_text(un + "</ENTITIES></CONSOLIDATED_LIST>", encoding="utf-8")
    made = store.import_files([file], home=home, min_count=1)
    assert [p.id for p in store.load(made)] == ["Z.1", "Z.1~2"]
    assert [u.why for u in store.audit_of(made).unread] == ["an id used before"]


def test_lists_of_a_users_folder_are_found_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A private list is a folder like any other; it may not take an id of ours."""
    folder = tmp_path / "mine" / "zz_guests"
    folder.mkdir(parents=True)
    toml = (
        'id = "zz_guests"\ntitle = "Guests"\npublisher = "me"\njurisdiction = ""\naddress = ""\nformat = "lines"\n'
        'cadence = "never"\nlicence = "mine"\nstale_after_days = 9\nmin_count = 1\nmax_count = 9\n'
    )
    (folder / "list.toml").write_text(toml, encoding="utf-8")
    (folder / "parse.py").write_text(
        "from enduse.lists.reading import bytes_of\n"
        "from enduse.model.listing import ListedName, ListedParty\n"
        "def recognise(name, head): return 'g' if head.startswith(b'GUESTS') else None\n"
        "def stated_on(files): return None\n"
        "def parse(files, audit=None):\n"
        "    for n in bytes_of(files['g'], file='g').decode().split()[1:]:\n"
        "        yield ListedParty(list='zz_guests', id=n, names=(ListedName(text=n),))\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("ENDUSE_LISTS", str(tmp_path / "mine"))
    assert info_of("zz_guests").title == "Guests"
    file = tmp_path / "guests.txt"
    file.write_text("GUESTS Rupert Michael\n", encoding="utf-8")
    made = store.import_files([file], home=tmp_path / "home", as_of=date(2026, 1, 1))
    assert [p.id for p in store.load(made)] == ["Rupert", "Michael"]
    (folder / "list.toml").write_text(toml.replace("zz_guests", "un_sc"), encoding="utf-8")
    with pytest.raises(ListError, match="is taken by"):
        lists()
    (folder / "list.toml").write_text("id = 5", encoding="utf-8")
    with pytest.raises(ListError, match=r"list\.toml"):
        lists()


def test_files_of_several_lists_are_told_apart(tmp_path: Path):
    """A folder of downloads is sorted by what the files say."""
    csl(tmp_path, "a.csv", [row(1, "Zenda Works")])
    (tmp_path / "b.xml").write_text("<CONSOLIDATED_LIST dateGenerated='2026-01-02'/>", encoding="utf-8")
    assert set(recognise([tmp_path])) == {"us_csl", "un_sc"}
    with pytest.raises(ListError, match="several lists"):
        store.import_files([tmp_path], home=tmp_path / "home")
    with pytest.raises(ListError, match="no such file"):
        recognise([tmp_path / "nothing"])


def test_every_shared_file_is_claimed_by_one_list_at_most(shared_lists: Path):
    """No published file is mistaken for another list's, or (our own table aside) claimed twice."""
    claimed: dict[str, set[str]] = {}
    for path in sorted((shared_lists / "lists").rglob("*")):
        if path.is_file() and path.suffix != ".md":
            claims = claims_on(path)
            assert len(claims) <= 1, (path.name, claims)
            for list_id in claims:
                claimed.setdefault(list_id, set()).add(path.name)
    assert "consolidated_2022-04.csv.gz" in claimed["us_csl"]
    assert "sdn_advanced_2025-11-19.xml.bz2" in claimed["us_ofac_sdn"]
    assert "cons_prim.csv" in claimed["us_ofac_consolidated"]
    assert len(claimed) >= 15


def test_the_whole_screening_list_loads(shared_lists: Path, tmp_path: Path):
    """25,921 parties from the parsed form."""
    file = shared_lists / "lists/us-csl/csl_2026-07-31_derived.json.gz"
    made = store.import_files([file], home=tmp_path)
    assert (made.as_of, made.parties) == (date(2026, 7, 31), 25_921)
    assert sum(1 for _ in store.load(made)) == 25_921


def test_misuse_is_an_error_of_ours(tmp_path: Path):
    """Errors share one base, so that edges can map them once."""
    assert issubclass(ListError, InputError.__mro__[1])
    with pytest.raises(ListError, match="no list file"):
        store.import_files([], home=tmp_path)


def test_a_folder_of_lists_is_imported_list_by_list(tmp_path: Path, home: Path):
    """What cannot be imported is an answer of its own and stops nothing."""
    un = "".join(
        f"<ENTITY><REFERENCE_NUMBER>Z.{n}</REFERENCE_NUMBER><FIRST_NAME>A{n}</FIRST_NAME></ENTITY>" for n in range(600)
    )
    (tmp_path / "un.xml").write_text(
        f'<CONSOLIDATED_LIST dateGenerated="2026-01-02"><ENTITIES>{un}</ENTITIES></CONSOLIDATED_LIST>', encoding="utf-8"
    )
    csl(tmp_path, "csl.csv", [row(1, "Zenda Works")])
    done = {str(getattr(d, "list", type(d).__name__)): d for d in store.import_each([tmp_path], home=home)}
    assert set(done) == {"un_sc", "ListError"}
    assert [s.list for s in store.current(home)] == ["un_sc"]


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b.splitlines(keepends=True)[0], lambda _: b""]
)
def test_a_parsed_list_cut_short_is_made_again(tmp_path: Path, home: Path, damage: Callable[[bytes], bytes]):
    """Half a list read as whole would clear the other half."""
    file = csl(tmp_path, "x.csv", [row(1, "Zenda Works"), row(2, "Strelsau Optics")])
    made = store.import_files([file], home=home, as_of=date(2024, 6, 1), min_count=1)
    [parsed] = home.glob("lists/us_csl/*/parties-*.jsonl")
    parsed.write_bytes(damage(parsed.read_bytes()))
    assert len(list(store.load(made))) == 2


def test_a_broken_note_of_confirmation_is_named(tmp_path: Path, home: Path):
    """With the file and what to do."""
    made = store.import_files([csl(tmp_path, "x.csv", [row(1, "Z")])], home=home, as_of=date(2024, 6, 1), min_count=1)
    store.confirm(made, date(2024, 6, 2), home=home)
    (home / "lists" / "us_csl" / "confirmed.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="confirmed"):
        store.current(home)
