"""Rehearsal: pairs of an honest order and its evasive twin, made from the pack's own tables, for tests and training.

The twin differs in one to three facts, each of which shows an official red flag; the table `rehearsal.csv` says how.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from enduse.model.item import Item, ItemKind
from enduse.model.party import Party, Role
from enduse.model.transaction import Circumstances, EndUse, Line, Transaction
from enduse.rules.pack import RulePack

Row = Mapping[str, str]
_EXPORTERS = ("DE", "US", "GB", "JP", "FR", "NL", "CH", "SE", "KR", "IT")
_TOLD = ("payment", "packaging", "routing", "documents", "communications", "history")


class Rehearsed(NamedTuple):
    """One pair, and the flags that the twin shows."""

    honest: Transaction
    evasive: Transaction
    flags: tuple[str, ...]


def pairs(seed: int, n: int, *, pack: RulePack) -> Iterator[Rehearsed]:
    """`n` pairs; the same seed gives the same pairs."""
    draw = random.Random(seed)
    for _ in range(n):
        yield _pair(draw, pack)


def _pair(draw: random.Random, pack: RulePack) -> Rehearsed:
    order = draw.choice(list(pack.tables["ordinary"].rows))
    told = {field: text for field in _TOLD if (text := _manner(draw, field, pack)) is not None}
    origin = draw.choice(_EXPORTERS)
    place = draw.choice([p for p in order["places"].split() if p != origin])
    changes = draw.sample(list(pack.tables["rehearsal"].rows), draw.choice((1, 1, 2, 3)))
    honest = _transaction(order, told, origin, place, {})
    evasive = _transaction(order, told, origin, place, {c["field"]: c["text"] for c in changes})
    return Rehearsed(honest, evasive, tuple(c["flag"] for c in changes))


def _manner(draw: random.Random, field: str, pack: RulePack) -> str | None:
    texts = [r["text"] for r in pack.tables["manners"].rows if r["field"] == field]
    return draw.choice(texts) or None


def _transaction(order: Row, told: Mapping[str, str], origin: str, place: str, said: Mapping[str, str]) -> Transaction:
    circumstances = {**told, "order": order["order"]}
    circumstances |= {f: t for f, t in said.items() if f in {*_TOLD, "order"}}
    other = (said["other"],) if "other" in said else ()
    user = Party(roles=(Role.END_USER,), description=said.get("end", order["user"]), country=place)
    return Transaction(
        exporter_country=origin,
        destination=place,
        lines=(Line(item=Item(description=said.get("item", order["item"]), kind=ItemKind.COMMODITY)),),
        parties=(user,),
        end_use=EndUse(statement=said.get("use", order["use"])),
        circumstances=Circumstances.model_validate({**circumstances, "other": other}),
    )
