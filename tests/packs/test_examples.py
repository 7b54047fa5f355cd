"""Every rule of every pack is proved beside the law: an example where it holds and one where it does not."""

from __future__ import annotations

import pytest

from enduse.rules.examples import proves, verdict_of
from enduse.shelf import pack_ids, read_folder


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_rule_has_an_example_that_holds_and_one_that_does_not(pack_id: str) -> None:
    """A rule nobody has seen hold, or fail, is not proved."""
    bare = [r.id for r in read_folder(pack_id).rules if {e.holds for e in r.examples} != {True, False}]
    assert not bare


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_example_comes_out_as_it_says(pack_id: str) -> None:
    """TRUE where it holds, FALSE (not unknown) where it does not."""
    pack = read_folder(pack_id)
    wrong = [
        f"{rule.id}, example {number}: {verdict_of(pack, rule, example)}, should be {example.holds}"
        for rule in pack.rules
        for number, example in enumerate(rule.examples, start=1)
        if not proves(pack, rule, example)
    ]
    assert not wrong


@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_fact_an_example_states_is_declared(pack_id: str) -> None:
    """An example about a fact that does not exist proves nothing."""
    pack = read_folder(pack_id)
    strange = [f"{r.id}: {n}" for r in pack.rules for e in r.examples for n in e.facts if n not in pack.types]
    assert not strange
