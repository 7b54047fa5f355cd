"""The evaluation reads inputs alone, counts both errors, and the targets of the developers' pairs are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enduse.evaluate.risk import evaluate_risk

HONEST = {
    "items": [{"description": "Vacuum pumps", "kind": "commodity"}],
    "activity": "export",
    "exporter_country": "DE",
    "ultimate_destination": "BR",
    "parties": [{"role": "end_user", "type": "coffee factory", "country": "BR"}],
    "stated_end_use": "freeze drying of coffee",
    "circumstances": {"payment": "letter of credit", "order": "two pumps with commissioning"},
}
EVASIVE = {
    **HONEST,
    "parties": [{"role": "end_user", "type": "trading company", "country": "BR"}],
    "stated_end_use": "industrial use",
    "circumstances": {"payment": "cash from an exchange house", "order": "two pumps, no commissioning wanted"},
}


def test_pairs_and_swaps_are_counted() -> None:
    """One pair ranked right, one swap that moves nothing."""
    found = evaluate_risk([{"id": "p", "honest": HONEST, "evasive": EVASIVE}], [{"a": HONEST, "b": HONEST}])
    assert (found["pairs"], found["ranked_right"], found["swaps"], found["lane_moves"]) == (1, 1.0, 1, 0)
    assert found["honest_held"] == 0
    assert found["evasive_released"] == 0


def test_a_twin_the_wrong_way_round_is_a_confusion() -> None:
    """Exchanged twins are ranked wrong and told one by one."""
    found = evaluate_risk([{"id": "p", "honest": EVASIVE, "evasive": HONEST}])
    assert found["ranked_right"] == 0
    assert [c["id"] for c in found["confusions"]] == ["p"]


def test_nothing_but_inputs_is_read() -> None:
    """Ids, notes and expected answers change no figure."""
    plain = evaluate_risk([{"honest": HONEST, "evasive": EVASIVE}])
    loud = evaluate_risk([{"id": "evil", "notes": "diversion", "flags": ["x"], "honest": HONEST, "evasive": EVASIVE}])
    assert plain["brier"] == loud["brier"]
    assert plain["auc"] == loud["auc"]


@pytest.fixture(scope="module")
def figures(shared: Path) -> dict[str, object]:
    """The figures on the published sets."""

    def read(name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in (shared / f"data/cases/{name}.jsonl").read_text("utf-8").splitlines()]

    return evaluate_risk(read("pairs"), read("swaps"), read("enforcement"), read("benign"))


def test_the_targets_are_kept_on_the_developers_pairs(figures) -> None:
    """Ranked right at least 95 %, honest held at most 10 %, evasive released at most 5 %, no lane moves on swaps."""
    assert figures["ranked_right"] >= 0.95
    assert figures["honest_held"] <= 0.10
    assert figures["evasive_released"] <= 0.05
    assert figures["lane_moves"] == 0


def test_no_single_group_carries_the_result(figures) -> None:
    """Whichever group of indicators is taken away, style alone is still beaten by far."""
    assert min(figures["without_group"].values()) > 0.8


def test_published_cases(figures) -> None:
    """Enforcement cases are held or asked about; benign ones are hardly ever held."""
    assert figures["enforcement_held_or_asked"] >= 0.95
    assert figures["benign_needlessly_held"] <= 0.05
    assert figures["benign_suspicious_needlessly_held"] <= 0.1
