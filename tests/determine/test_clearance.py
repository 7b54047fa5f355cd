"""Only the clearance may say go, and only when nothing rests on silence."""

from __future__ import annotations

from datetime import date

import pytest

from enduse.determine.clearance import Watched, clear
from enduse.model.determination import (
    Assumption,
    Clearance,
    Determination,
    LineAnswer,
    OpenPoint,
    Outcome,
    Question,
    Screening,
)
from enduse.model.hit import Hit
from enduse.model.law import Omission


def says(outcome: Outcome, **more: object) -> Determination:
    answer = LineAnswer.model_validate({"line": 1, "outcome": outcome, **more})
    return Determination(
        jurisdiction="ZZ",
        pack="p",
        pack_version="1",
        pack_digest="",
        as_of=date(2026, 1, 1),
        outcome=outcome,
        lines=(answer,),
    )


HIT = Hit(list="l", id="1", name="N", matched_name="N", query_name="N", score=0.9, probability=0.9)
FREE = says(Outcome.NO_LICENCE_REQUIRED)


def test_nothing_open_is_cleared() -> None:
    """A definite permission, every list asked, nobody alike."""
    assert clear([FREE], Watched()) == (Clearance.CLEARED, ())


@pytest.mark.parametrize("outcome", [Outcome.LICENCE_REQUIRED, Outcome.PROHIBITED])
def test_one_stop_stops(outcome: Outcome) -> None:
    """Whatever another jurisdiction permits."""
    assert clear([FREE, says(outcome)], Watched())[0] is Clearance.STOPPED


@pytest.mark.parametrize(
    ("determination", "watched", "kind"),
    [
        (
            says(Outcome.NO_LICENCE_REQUIRED, assuming=(Assumption(fact="a.b", says="x", nature="knowledge"),)),
            Watched(),
            "confirm",
        ),
        (says(Outcome.UNDETERMINED, missing=(Question(fact="a.b", ask="?"),)), Watched(), "answer"),
        (says(Outcome.NO_LICENCE_REQUIRED, omitted=(Omission(id="o", says="x"),)), Watched(), "review"),
        (FREE, Watched(unasked={"l": "not loaded"}), "screen"),
        (FREE, Watched(unnamed=("party 1",)), "screen"),
        (FREE, Watched(screenings=(Screening(party="P", asked=("l",), hits=(HIT,)),)), "judge"),
    ],
)
def test_whatever_is_silent_keeps_it_open(determination: Determination, watched: Watched, kind: str) -> None:
    """An assumption, a question, something not modelled, an unasked list, a nameless party, an unjudged hit."""
    clearance, points = clear([determination], watched)
    assert clearance is Clearance.OPEN
    assert [p.kind for p in points] == [kind]


def test_risk_can_hold_or_ask_but_never_clear() -> None:
    """A hold stops what the law permits; no assessment opens what it stops."""
    assert clear([FREE], Watched(), held=True)[0] is Clearance.STOPPED
    assert clear([FREE], Watched(), risk=(OpenPoint(kind="risk", says="x"),))[0] is Clearance.OPEN
    assert clear([says(Outcome.LICENCE_REQUIRED)], Watched(), risk=())[0] is Clearance.STOPPED


def test_no_jurisdiction_asked_is_no_permission() -> None:
    """An empty desk clears nothing."""
    assert clear([], Watched())[0] is Clearance.OPEN


def test_a_thing_to_do_is_said_once() -> None:
    """The same assumption in two jurisdictions is one line for the clerk."""
    assumed = says(Outcome.NO_LICENCE_REQUIRED, assuming=(Assumption(fact="a.b", says="x", nature="knowledge"),))
    assert len(clear([assumed, assumed], Watched())[1]) == 1
