"""The command line as a user meets it, in Ruritania: answers, exit codes, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ORDER = """
id = "R-1"
exporter_country = "ZZ"
destination = "FR"
[[parties]]
name = "Rassendyll & Sons"
roles = ["end_user"]
country = "FR"
[[lines]]
item.kind = "commodity"
item.codes.zz_list = "{code}"
"""


@pytest.fixture
def run(tmp_path: Path):
    """Run `enduse` in a data folder of its own; give exit code, output and errors."""

    def enduse(*arguments: str, answers: str = "") -> tuple[int, str, str]:
        env = {**os.environ, "ENDUSE_HOME": str(tmp_path / "home"), "COLUMNS": "88"}
        command = [sys.executable, "-m", "enduse", *arguments]
        done = subprocess.run(
            command, env=env, cwd=tmp_path, input=answers, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return enduse


def order(folder: Path, code: str, more: str = "") -> str:
    (folder / "order.toml").write_text(ORDER.format(code=code) + more, encoding="utf-8")
    return "order.toml"


PACK = ("--pack", "zz_ruritania", "--as-of", "2026-01-01")


def test_an_ordinary_order_gets_an_outcome_and_stays_open(run, tmp_path: Path) -> None:
    """No licence on these facts; but two assumptions are unconfirmed, so it is not cleared: exit code 2."""
    code, out, _ = run("decide", order(tmp_path, "1A001"), *PACK)
    assert code == 2
    assert "No licence is required on these facts." in out
    assert "no party is on the King's Black List" in out
    assert "Not modelled" in out


def test_confirmed_facts_clear(run, tmp_path: Path) -> None:
    """Everything it rested on has been said: exit code 0."""
    said = "".join(
        f'[[facts]]\nname = "{name}"\nvalue = false\nby = "clerk"\n'
        for name in ("parties.on_black_list", "exporter.knows_diversion")
    )
    said += '[[facts]]\nname = "reviewed.forest_produce"\nvalue = true\n'
    code, out, _ = run("decide", order(tmp_path, "1A001", said), *PACK)
    assert (code, "MAY GO" in out) == (0, True), out


def test_a_licence_stops(run, tmp_path: Path) -> None:
    """Military use of an image intensifier: exit code 1, with the provision."""
    said = '[[facts]]\nname = "end_use.military"\nvalue = true\n'
    code, out, _ = run("decide", order(tmp_path, "6A002.a", said), *PACK)
    assert code == 1
    assert "Trade Act 2020 s. 4(2)" in out


def test_an_open_question_is_asked(run, tmp_path: Path) -> None:
    """Unknown use: it cannot be said yet, and the question that settles it is printed."""
    code, out, _ = run("decide", order(tmp_path, "6A002.a"), *PACK)
    assert code == 2
    assert "Will the item be used by an army or for weapons?" in out


def test_the_same_inputs_give_the_same_bytes(run, tmp_path: Path) -> None:
    """A decision is a pure function of facts, rules and lists at a date."""
    name = order(tmp_path, "6A002.a")
    first, second = (run("decide", name, *PACK, "--format", "json")[1] for _ in range(2))
    assert first == second
    assert json.loads(first)["outcome"] == "undetermined"


def test_a_saved_decision_is_explained(run, tmp_path: Path) -> None:
    """JSON out, every step of the trace back, the same exit code."""
    run("decide", order(tmp_path, "6A002.a"), *PACK, "--format", "json", "-o", "d.json")
    code, out, _ = run("explain", "d.json")
    assert code == 2
    assert "item.control under 6A002 (is 6A002.a)" in out


def test_the_page_is_whole_and_safe(run, tmp_path: Path) -> None:
    """One file, nothing fetched, no markup from an order's text."""
    name = order(tmp_path, "6A002.a", '[end_use]\nstatement = "x"\n')
    text = (tmp_path / name).read_text().replace("Rassendyll & Sons", "<script>alert(1)</script>")
    (tmp_path / name).write_text(text)
    _, page, _ = run("decide", name, *PACK, "--format", "html")
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_an_interview_settles_it_and_keeps_the_answers(run, tmp_path: Path) -> None:
    """The answer to the decisive question stands in the order afterwards, with who said so."""
    name = order(tmp_path, "6A002.a", "# a remark that must survive\n")
    code, out, asked = run("decide", name, *PACK, "--interview", "--by", "A. Clerk", answers="no\nstop\n")
    kept = (tmp_path / name).read_text()
    assert "no leads to: no licence is required" in asked
    assert "No licence is required" in out
    assert code == 2
    assert 'name = "end_use.military"' in kept
    assert 'by = "A. Clerk"' in kept
    assert "# a remark that must survive" in kept


@pytest.mark.parametrize(
    ("arguments", "code", "telling"),
    [
        (("decide", "none.toml"), 65, "no such file"),
        (("decide", "order.toml", "--as-of", "2026-02-30"), 64, "not a day that exists"),
        (("decide", "order.toml", "--pack", "zz_ruritanja"), 70, "zz_ruritania"),
        (("frobnicate",), 64, "No such command"),
        (("law", "show", "zz_ruritania", "zz.99"), 65, "nothing in zz_ruritania"),
        (("explain", "order.toml"), 65, "not a decision"),
    ],
)
def test_misuse_is_told_apart_from_answers(
    run, tmp_path: Path, arguments: tuple[str, ...], code: int, telling: str
) -> None:
    """64 and above, one clear message, no traceback."""
    order(tmp_path, "6A002.a")
    done, _, errors = run(*arguments)
    assert done == code
    assert telling in errors
    assert "Traceback" not in errors


def test_an_unknown_fact_is_refused_with_the_nearest(run, tmp_path: Path) -> None:
    """A statement nobody asks about would be silently lost."""
    said = '[[facts]]\nname = "end_use.millitary"\nvalue = true\n'
    code, _, errors = run("decide", order(tmp_path, "6A002.a", said), *PACK)
    assert code == 65
    assert "did you mean 'end_use.military'" in errors


def test_good_orders_of_a_book_are_decided_and_bad_ones_reported(run, tmp_path: Path) -> None:
    """The refused rows stand in a file of their own, with place and reason."""
    (tmp_path / "b.csv").write_text("order,exporter_country,destination,description\nA,ZZ,FR,lamp\nB,ZZ,France,lamp\n")
    code, out, errors = run("decide", "b.csv", *PACK)
    assert code == 2
    assert "A " in out
    assert "1 order(s) could not be read" in errors
    refused = (tmp_path / "b.refused.csv").read_text()
    assert "b.csv:3" in refused
    assert "destination" in refused


def test_law_is_shown_as_of_a_day(run) -> None:
    """Both versions stand there; the star is on the one in force."""
    _, out, _ = run("law", "show", "zz_ruritania", "zz.4-2", "--as-of", "2023-01-01")
    assert " * from 2020-01-01 to 2024-06-01: requires" in out
    assert "   from 2024-06-01 on: requires" in out


def test_screening_without_a_list_says_so(run) -> None:
    """No list loaded is never "no match"."""
    code, _, errors = run("screen", "Rudolf Rassendyll")
    assert code == 70
    assert "no list is loaded" in errors
