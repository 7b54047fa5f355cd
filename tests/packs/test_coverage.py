"""Coverage: every section of a pack's law has something that stands for it, or a reason why nothing does."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest

from enduse.errors import RuleError
from enduse.model.law import Citation
from enduse.render.coverage import coverage_page
from enduse.rules import coverage
from enduse.rules.coverage import Covered, Treatment, cover, read_sections, section_of, unlisted
from enduse.rules.pack import RulePack
from enduse.shelf import OURS, pack_ids, pack_sections, read_folder

LISTED = [name for name in pack_ids() if (OURS / name / coverage.NAME).is_file()]
HEAD = "part,section,title,status,by,says\n"


@lru_cache
def sections(name: str) -> tuple[Covered, ...]:
    return pack_sections(read_folder(name))


@pytest.mark.parametrize("name", LISTED)
def test_every_section_a_rule_cites_is_listed(name: str) -> None:
    """No rule, and no row of a table, cites what the coverage page does not show."""
    pack = read_folder(name)
    assert unlisted(pack, read_sections((OURS / name / coverage.NAME).read_bytes(), pack)) == ()


@pytest.mark.parametrize("name", LISTED)
def test_every_section_is_cited_or_explained(name: str) -> None:
    """What no rule stands for says in words, or by name, why."""
    found = sections(name)
    bare = [c.section.section for c in found if not (c.rules or c.from_rows or c.rows or c.section.says)]
    assert found
    assert bare == []


def test_the_parts_that_decide_leave_nothing_out_without_a_reason() -> None:
    """Parts 734 to 746: what is omitted or reserved gives its reason, and nothing is left out unsaid."""
    numbered = [(c, re.search(r"\b7\d\d\b", c.section.section)) for c in sections("us_ear")]
    inside = [c for c, number in numbered if number and 734 <= int(number[0]) <= 746]
    silent = [c for c in inside if c.treatment in coverage.SILENT]
    assert len(inside) > 140
    assert all(c.section.says for c in silent)
    assert {c.treatment for c in silent} <= {Treatment.OMITTED, Treatment.RESERVED}


def test_sections_run_without_a_gap() -> None:
    """Within each Part listed section by section, the numbers run from 1 without a hole."""
    numbers: dict[int, set[int]] = {}
    for c in sections("us_ear"):
        if m := re.fullmatch(r"15 CFR (7\d\d)\.(\d+)", c.section.section):
            numbers.setdefault(int(m[1]), set()).add(int(m[2]))
    holes = {part: set(range(1, max(found) + 1)) - found for part, found in numbers.items()}
    assert {part: hole for part, hole in holes.items() if hole} == {750: {5}}  # 750.5 is reserved


@pytest.mark.parametrize("digest", ["ear_provisions_digest", "part740_digest"])
def test_the_digests_find_their_provisions(digest: str, shared: Path) -> None:
    """What requires, prohibits, bars or excuses in the digests is modelled, asked, in data or described."""
    provisions = json.loads((shared / f"data/regulations/us-ear/{digest}.json").read_text(encoding="utf-8"))
    found = {c.section.section: c for c in sections("us_ear")}
    acting = [p for p in provisions if p["effect"] not in {"defines", "flags"}]
    missing = []
    for provision in acting:
        section = _of_digest(provision["cite"])
        if section not in found or found[section].treatment in coverage.SILENT:
            missing.append(provision["cite"])
    assert len(acting) > 100
    assert missing == []


def _of_digest(cite: str) -> str:
    if m := re.match(r"Supps?\. No\. (\d+) to Part (\d+)", cite):
        return f"15 CFR Part {m[2]} Supp. No. {m[1]}"
    return section_of(Citation(source="15 CFR", pinpoint=cite.removeprefix("15 CFR ")))


@pytest.mark.parametrize(
    ("source", "pinpoint", "section"),
    [
        ("15 CFR", "734.4(a)(1)", "15 CFR 734.4"),
        ("15 CFR", "Part 734 Supp. No. 2(b)", "15 CFR Part 734 Supp. No. 2"),
        ("15 CFR", "Part 740, Supplement No. 8", "15 CFR Part 740 Supp. No. 8"),
        ("15 CFR", "754", "15 CFR Part 754"),
        ("31 CFR", "Part 589 General Licenses 4 and 18", "31 CFR Part 589"),
        ("31 CFR", "Part 589 589.205", "31 CFR 589.205"),
        ("50 USC", "1705(a)", "50 USC 1705"),
        ("EO 14071", "sec. 1(a)(ii)", "EO 14071"),
        ("Trade Act 2020", "s. 4(2)", "Trade Act 2020 s. 4(2)"),
    ],
)
def test_a_citation_points_into_one_section(source: str, pinpoint: str, section: str) -> None:
    """Paragraphs fall away; supplements and orders are sections of their own."""
    assert section_of(Citation(source=source, pinpoint=pinpoint)) == section


def _all(pack: RulePack, more: str = "") -> tuple[Covered, ...]:
    cited = "".join(f"Act,{s},About it,,,\n" for s in unlisted(pack, ()))
    return cover(pack, read_sections(f"{HEAD}{cited}{more}".encode(), pack))


def test_what_cites_a_section_says_how_it_is_treated(ruritania: RulePack) -> None:
    """Rules that compare make it modelled; a rule that only asks a person makes it a judgement point."""
    found = {c.section.section: c for c in _all(ruritania)}
    assert found["Trade Act 2020 s. 4(2)"].treatment is Treatment.MODELLED
    assert found["Trade Act 2020 s. 4(2)"].rules == ("zz.4-2",)
    assert found["Trade Act 2020 s. 5(2)"].treatment is Treatment.QUESTION
    assert found["Trade Act 2020 s. 5(2)"].asks == ("exporter.knows_diversion",)
    assert "| Trade Act 2020 s. 4(2) | About it | modelled |" in coverage_page(ruritania, tuple(found.values()))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Act,Trade Act 2020 s. 9,Unknown,,,", "no rule cites it"),
        ("Act,Trade Act 2020 s. 9,Forests,not modelled,,", "no omission says so"),
        ("Act,Trade Act 2020 s. 9,Forests,not modelled,forest_produse,", "did you mean 'forest_produce'"),
        ("Act,Trade Act 2020 s. 9,Forests,nonsense,,", "no status 'nonsense'"),
        ("Act,Trade Act 2020 s. 4(2),Again,,,", "listed twice"),
    ],
)
def test_a_list_that_does_not_hold_is_refused(row: str, said: str, ruritania: RulePack) -> None:
    """A section without a reason, an omission nobody prints, a slip of the pen."""
    with pytest.raises(RuleError, match=re.escape(said)):
        _all(ruritania, row + "\n")


def test_what_a_rule_cites_cannot_be_called_omitted(ruritania: RulePack) -> None:
    """The list may not contradict the rules."""
    raw = f"{HEAD}Act,Trade Act 2020 s. 4(2),Tubes,omitted,,Not ours.\n".encode()
    with pytest.raises(RuleError, match=r"zz\.4-2 cites it"):
        cover(ruritania, read_sections(raw, ruritania))
