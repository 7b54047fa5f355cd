"""Every list reads its own samples into exactly the parties expected, and finds again which part each file is.

The expected parties are kept beside the samples; run with ENDUSE_ACCEPT=1 to write them anew, and review the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from enduse.lists.reading import Audit
from enduse.model.listing import ListedParty
from enduse.sources.catalogue import ListInfo, lists, reader_of


def sample_groups(info: ListInfo) -> dict[str, list[Path]]:
    """Samples by the file that says what they give: `expected.jsonl`, or `expected_<group>.jsonl`.

    A file `sample_<group>` or `sample_<group>_<part>` belongs to that group if there is one, else to the first.
    """
    files = sorted(p for p in info.folder.glob("sample*") if p.is_file())
    groups = sorted(p.stem.removeprefix("expected").lstrip("_") for p in info.folder.glob("expected*.jsonl"))
    found: dict[str, list[Path]] = {}
    for path in files:
        word = path.stem.removeprefix("sample").lstrip("_")
        group = next((g for g in groups if g and (word == g or word.startswith(f"{g}_"))), "")
        found.setdefault(group, []).append(path)
    return found


ALL = [(info, group) for info in lists() for group in (sample_groups(info) or [""])]


def parts(info: ListInfo, paths: list[Path]) -> dict[str, bytes]:
    named = {reader_of(info).recognise(p.name, p.read_bytes()): p.read_bytes() for p in paths}
    assert None not in named, f"{info.id} does not know its own sample"
    return {part: found for part, found in named.items() if part}


@pytest.mark.parametrize(("info", "group"), ALL, ids=lambda v: getattr(v, "id", v) or "main")
def test_a_sample_gives_exactly_the_expected_parties(info: ListInfo, group: str):
    """Sample in, expected parties out, and what is not understood is written down beside them."""
    audit = Audit()
    paths = sample_groups(info)[group]
    found = list(reader_of(info).parse(parts(info, paths), audit))
    lines = [party.model_dump_json(exclude_defaults=True) for party in found]
    lines += [f"# {unread}" for unread in audit.unread]
    expected = info.folder / f"expected{'_' + group if group else ''}.jsonl"
    if os.environ.get("ENDUSE_ACCEPT"):
        expected.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == expected.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("info", lists(), ids=lambda info: info.id)
def test_every_list_says_what_it_is(info: ListInfo):
    """A list has a publisher, an official address over HTTPS, sane bounds, and samples of ours."""
    assert info.folder.name == info.id
    assert info.publisher
    assert info.licence
    assert not info.address or info.address.startswith("https://")
    assert all(d.address.startswith("https://") for d in info.downloads)
    assert info.min_count < info.max_count
    assert list(info.folder.glob("sample*"))
    assert list(info.folder.glob("expected*.jsonl"))


@pytest.mark.parametrize("info", lists(), ids=lambda info: info.id)
def test_listed_parties_survive_json(info: ListInfo):
    """What is expected of a sample is itself a valid listed party, to the last field."""
    for path in info.folder.glob("expected*.jsonl"):
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert kept
        for line in kept:
            assert ListedParty.model_validate_json(line).model_dump_json(exclude_defaults=True) == line
