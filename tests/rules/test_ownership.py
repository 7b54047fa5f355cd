"""Sums of ownership: what counts, what does not, and what cannot be told."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from enduse.model.party import Owner, Party
from enduse.rules.ownership import anyone, half, held, share_of


def own(name: str, share: int | None, *owners: Owner) -> Owner:
    """An owner; a name that begins with X is listed, with ? may be."""
    return Owner(name=name, share=None if share is None else Decimal(share), owners=owners)


def listed(owner: Owner) -> bool | None:
    """Listed by name."""
    return None if owner.name.startswith("?") else owner.name.startswith("X")


def bounds(*owners: Owner) -> tuple[int, int]:
    """The share in whole per cent, low and high."""
    found = share_of(Party(name="A", owners=owners), listed)
    return int(found.low), int(found.high)


def test_half_of_half_blocks_level_by_level():
    """X holds 50 of B and B 50 of A: B is held, so its whole stake in A counts (not 25)."""
    assert bounds(own("B", 50, own("X", 50))) == (50, 50)


def test_stakes_through_held_owners_are_added():
    """B and C are each half X's and hold 25 of A each: together 50."""
    assert bounds(own("B", 25, own("X", 50)), own("C", 25, own("X", 50))) == (50, 50)


def test_stakes_through_owners_that_are_not_held_count_for_nothing():
    """X holds 25 of B and of C, which hold all of A: neither is held, so A is not either."""
    assert bounds(own("B", 50, own("X", 25)), own("C", 50, own("X", 25))) == (0, 0)


def test_direct_and_indirect_stakes_of_several_listed_owners_are_added():
    """X 25 directly, Y 25 through a company it half owns: 50 in all."""
    assert bounds(own("X1", 25), own("B", 25, own("X2", 50))) == (50, 50)


def test_control_without_shares_does_not_count():
    """A listed chief executive with a tenth of the shares leaves the party at 10."""
    chief = Owner(name="X", share=Decimal(10), controls=True)
    assert share_of(Party(owners=(chief,)), listed) == (10, 10)
    assert half(share_of(Party(owners=(chief,)), listed)) is False


def test_just_below_half_is_not_half():
    """49.99 per cent is not 50 per cent."""
    owner = Owner(name="X", share=Decimal("49.99"))
    assert half(share_of(Party(owners=(owner,)), listed)) is False
    assert half(share_of(Party(owners=(owner.model_copy(update={"share": Decimal(50)}),)), listed)) is True


def test_an_unknown_stake_counts_up_to_what_the_others_leave():
    """X holds an unknown share; a stranger holds 60: X can have 40 at most, so less than half."""
    assert bounds(own("X", None), own("Q", 60)) == (0, 40)
    assert half(share_of(Party(owners=(own("X", None), own("Q", 40))), listed)) is None


def test_an_owner_who_may_be_listed_leaves_it_open():
    """A possible hit on a majority owner cannot be told; with a sure 50 beside it it can."""
    assert bounds(own("?B", 60)) == (0, 60)
    assert held(own("?B", 60), listed) is None
    assert half(share_of(Party(owners=(own("?B", 50), own("X", 50))), listed)) is True


def test_listed_owners_are_found_at_any_level():
    """Owners' owners are named too."""
    party = Party(owners=(own("B", 30, own("C", 20, own("X", 1))), own("Q", 10)))
    assert [o.name for o in anyone(party.owners, listed)] == ["X"]


shares = st.none() | st.integers(0, 100)
trees = st.recursive(
    st.builds(own, st.sampled_from(["X", "?", "Q"]), shares),
    lambda below: st.builds(own, st.sampled_from(["X", "?", "Q"]), shares, below, below),
    max_leaves=8,
)


@given(st.lists(trees, max_size=4))
def test_bounds_are_bounds(owners: list[Owner]):
    """Low never exceeds high, both stay within 0 to 100, and settling every doubt stays within them."""
    party = Party(owners=tuple(owners))
    wide = share_of(party, listed)
    assert 0 <= wide.low <= wide.high <= 100
    for answer in (True, False):
        settled = share_of(party, lambda o, told=answer: told if listed(o) is None else listed(o))
        assert wide.low <= settled.low
        assert settled.high <= wide.high
