"""The sanctions pack as a whole."""

from __future__ import annotations

from enduse.rules.files import read_pack
from enduse.shelf import OURS, pack_files

PACK = read_pack(pack_files(OURS / "us_ofac"))


def test_every_relief_is_aimed_at_something():
    """What an exemption or licence lifts is the reason or the id of a rule that is there."""
    reasons = {v.reason for r in PACK.rules for v in r.versions if v.reason} | {r.id for r in PACK.rules} | {"*"}
    lifted = {name for r in PACK.rules for v in r.versions for name in v.lifts}
    assert lifted <= reasons


def test_every_bar_shuts_something():
    """What a bar blocks is an authorisation that a rule of the pack gives."""
    given = {v.authorisation for r in PACK.rules for v in r.versions if v.authorisation}
    blocked = {name for r in PACK.rules for v in r.versions for name in v.blocks}
    assert blocked <= given
