"""What screening gave, as rows of a table: one for each hit, one for a party without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from enduse.desk import certain, counts
from enduse.model.determination import Screening
from enduse.model.hit import Hit

COLUMNS: Mapping[str, Literal["text", "whole", "number"]] = {
    "row": "whole",
    "key": "text",
    "name": "text",
    "state": "text",
    "rank": "whole",
    "list": "text",
    "source": "text",
    "entry": "text",
    "listed_name": "text",
    "matched_name": "text",
    "score": "number",
    "probability": "number",
    "programmes": "text",
    "judged": "text",
    "because": "text",
}
"""The columns of an answer. `row` is the line (CSV, JSON lines) or row (Parquet) of the party in the file screened."""

STATES = ("listed", "possible", "alike", "dismissed", "none")
"""Strictest first: at or above the certain mark or judged true; to be judged; below the mark; judged false; no hit."""

Answer = dict[str, str | int | float | None]


def state_of(hit: Hit) -> str:
    """How a hit stands."""
    if hit.dismissed:
        return "dismissed"
    if hit.confirmed or (hit.judged is None and certain(hit)):
        return "listed"
    return "possible" if counts(hit) else "alike"


def strictest_state(screening: Screening) -> str:
    """How a party stands: the strictest of its hits."""
    return min((state_of(h) for h in screening.hits), key=STATES.index, default="none")


def answers(row: int, key: str, screening: Screening) -> Iterator[Answer]:
    """The rows of one party."""
    head: Answer = {**dict.fromkeys(COLUMNS), "row": row, "key": key or None, "name": screening.party}
    if not screening.hits:
        yield {**head, "state": "none"}
    for rank, hit in enumerate(screening.hits, 1):
        yield {
            **head,
            "state": state_of(hit),
            "rank": rank,
            "list": hit.list,
            "source": hit.source,
            "entry": hit.id,
            "listed_name": hit.name,
            "matched_name": hit.matched_name,
            "score": round(hit.score, 4),
            "probability": round(hit.probability, 4),
            "programmes": "; ".join(hit.programmes) or None,
            "judged": str(hit.judged) if hit.judged else None,
            "because": _because(hit),
        }


def _because(hit: Hit) -> str:
    told = sorted((f for f in hit.features if f.name != "start"), key=lambda f: -abs(f.contribution))
    return "; ".join(f"{f.name} {f.contribution:+.2f}" for f in told)
