"""Screening files, judging hits and keeping partners, as a user meets it at the shell."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from enduse.cli import main

LISTED = """id,name,kind,country
1,Rupert Hentzau,person,DE
2,Zenda Precision Optics Works,organisation,RU
3,Strelsau Marine Engineering Bureau,organisation,CN
"""
NO_LONGER = LISTED.replace("DE", "AT").replace("3,Strelsau Marine Engineering Bureau,organisation,CN\n", "")
PARTNERS = "no,company,country\nC1,Rupert Hentzau,DE\nC2,Brothers Grimm Bakery,Atlantis\nC3,,FR\n"
WORD = ("--list", "own", "--id", "1", "--false", "--why", "the baker of that name", "--by", "A. Clerk")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run `enduse` in a data folder of its own; give exit code, output and errors."""
    monkeypatch.setenv("ENDUSE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def enduse(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["enduse", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    (tmp_path / "listed.csv").write_text(LISTED, encoding="utf-8")
    (tmp_path / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    return enduse


@pytest.fixture
def loaded(run):
    """With the list imported."""
    run("lists", "import", "listed.csv", "--list", "own", "--as-of", "2026-01-01")
    return run


def test_a_file_is_screened_into_a_file(loaded, tmp_path: Path) -> None:
    """Answers and refused rows beside each other; the summary says how it came out."""
    code, out, errors = loaded(
        "screen", "--in", "partners.csv", "--out", "out.csv", "--key-column", "no", "--jobs", "1"
    )
    assert "3 rows:" in out
    assert "1 rows not screened, 1 screened without a cell" in errors
    assert "against Your own list of 2026-01-01, 3 parties" in errors
    with (tmp_path / "out.csv").open(encoding="utf-8") as stream:
        states = {r["key"]: r["state"] for r in csv.DictReader(stream)}
    assert states["C1"] in {"listed", "possible"}
    assert states["C2"] == "none"
    assert code == {"listed": 1, "possible": 2}[states["C1"]]
    assert "Atlantis" in (tmp_path / "out.refused.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "telling"),
    [
        (("screen", ""), 64, "the NAME is empty"),
        (("screen", "   "), 64, "the NAME is empty"),
        (("screen", "Rupert", "--country", "Germny"), 65, "did you mean Germany (DE)"),
        (("screen", "Rupert", "--id", "imo"), 64, "imo=9123456"),
        (("screen", "Ru\x01pert"), 65, "no text"),
        (("screen", "--in", "partners.csv"), 64, "--out"),
        (("screen", "--in", "none.csv", "--out", "o.csv"), 65, "no such file"),
        (("screen", "--in", "partners.csv", "--out", "o.xls"), 65, "cannot tell what .xls is"),
        (("screen", "--in", "partners.csv", "--out", "o.csv", "--name-column", "compny"), 65, "mean 'company'"),
        (("screen", "--in", "partners.csv", "--out", "o.csv", "--encoding", "utf-9"), 65, "no encoding"),
        (("judge", "--name", "R", *WORD[:1], "onw", *WORD[2:]), 65, "loaded: own"),
        (("judge", "--name", "R", *WORD[:3], "77", *WORD[4:]), 65, "no entry '77'"),
        (("judge", *WORD), 64, "either a PARTY.toml or --name"),
        (("judge", "--name", "R", *WORD, "--until", "2020-01-01"), 65, "is before"),
        (("rescreen",), 65, "no partner is kept"),
        (("population", "import", "none.csv"), 65, "no such file"),
    ],
)
def test_misuse_is_told_in_one_clear_message(loaded, arguments: tuple[str, ...], code: int, telling: str) -> None:
    """What is wrong and what to do, never a traceback."""
    done, _, errors = loaded(*arguments)
    assert telling in errors
    assert done == code
    assert "Traceback" not in errors


def test_a_very_long_name_is_answered(loaded) -> None:
    """Ten thousand letters are a strange name, no reason to fall over."""
    code, _, errors = loaded("screen", "Rupert Hentzau " * 660)
    assert code in {0, 1, 2}, errors


def test_a_judged_hit_is_no_longer_open(loaded) -> None:
    """The hit is shown with the judgement, and asks nothing more."""
    before, _, _ = loaded("screen", "Rupert Hentzau", "--country", "DE")
    code, out, _ = loaded("judge", "--name", "Rupert Hentzau", "--country", "DE", *WORD)
    assert (code, "is not Rupert Hentzau (own 1): judged false by A. Clerk" in out) == (0, True)
    after, told, _ = loaded("screen", "Rupert Hentzau", "--country", "DE")
    assert before in {1, 2}
    assert after == 0
    assert "the baker of that name" in told


def test_a_party_is_judged_from_its_file(loaded, tmp_path: Path) -> None:
    """With all its particulars, by which the judgement then holds."""
    (tmp_path / "party.toml").write_text('name = "Rupert Hentzau"\ncountry = "DE"\nbirth_date = 1970-01-01\n')
    code, out, errors = loaded("judge", "party.toml", *WORD[:4], "--true", *WORD[5:])
    assert code == 0, errors
    assert "Rupert Hentzau is Rupert Hentzau (own 1)" in out
    (tmp_path / "party.toml").write_text('nome = "Rupert Hentzau"\n')
    code, _, errors = loaded("judge", "party.toml", *WORD)
    assert (code, "nome" in errors) == (65, True)


def test_judgements_are_open_again_when_the_entry_changes(loaded, tmp_path: Path) -> None:
    """With the field that changed; a judgement that has run out says so."""
    loaded("judge", "--name", "Rupert Hentzau", *WORD, "--on", "2026-01-02", "--until", "2026-12-31")
    assert loaded("judgements", "--open", "--as-of", "2026-06-01")[:2] == (0, "0 judgement(s) open again\n")
    code, out, _ = loaded("judgements", "--open", "--as-of", "2027-01-01")
    assert (code, "it held until 2026-12-31" in out) == (2, True)
    (tmp_path / "listed.csv").write_text(NO_LONGER, encoding="utf-8")
    loaded("lists", "import", "listed.csv", "--list", "own", "--as-of", "2026-02-01")
    code, out, _ = loaded("judgements", "--as-of", "2026-06-01")
    assert (code, "the list entry changed: addresses" in out) == (2, True)


def test_partners_are_kept_and_screened_again_for_what_changed(loaded, tmp_path: Path) -> None:
    """Import, screen, a new edition, and only the difference is told."""
    assert loaded("population", "status")[0] == 2
    code, out, errors = loaded("population", "import", "partners.csv", "--key-column", "no")
    assert (code, out) == (2, "2 new, 0 changed, 0 as before, 0 left; 2 partners\n"), errors
    code, out, errors = loaded("rescreen", "--jobs", "1", "--as-of", "2026-01-02")
    assert code == 2, errors
    assert "2 partners looked at, 2 asked in full" in out
    assert "new     C1 Rupert Hentzau ~ Rupert Hentzau (own 1)" in out
    code, out, _ = loaded("rescreen", "--jobs", "1", "--as-of", "2026-01-02")
    assert (code, out.startswith("0 partners looked at")) == (0, True)
    (tmp_path / "listed.csv").write_text(LISTED.replace("1,Rupert Hentzau,person,DE\n", ""), encoding="utf-8")
    loaded("lists", "import", "listed.csv", "--list", "own", "--as-of", "2026-02-01")
    assert "2 wait" in loaded("population", "status")[1]
    code, out, _ = loaded("rescreen", "--jobs", "1", "--as-of", "2026-02-02")
    assert (code, "gone    C1" in out) == (0, True)
    assert loaded("population", "status")[0] == 0
    loaded("population", "changes", "--out", "log.csv")
    with (tmp_path / "log.csv").open(encoding="utf-8") as stream:
        assert [(r["kind"], r["key"]) for r in csv.DictReader(stream)] == [("new", "C1"), ("gone", "C1")]


def test_a_list_of_a_day_to_come_is_refused(run) -> None:
    """`lists status` would call it fresh until that day."""
    code, _, errors = run("lists", "import", "listed.csv", "--list", "own", "--as-of", "2999-01-01")
    assert code
    assert "2999-01-01 has not come" in errors
    assert "own" not in run("lists", "status")[1]
