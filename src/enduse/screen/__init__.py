"""Who is it? A party against every listed party: any script, any order, explained and calibrated.

index = Index.build(parties)
hits = search(index, Query.of(party))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from math import log

from enduse.model.hit import Hit
from enduse.screen import explain, features, spread
from enduse.screen.evidence import Evidence, addresses_of, birth, country_numbers, identifiers_of
from enduse.screen.find import ranked
from enduse.screen.index import KIND_BITS, Index
from enduse.screen.query import Query

KEPT = 4096
"""Queries of a run whose answers are kept for the next of the same name."""

__all__ = ["Hit", "Index", "Query", "search", "search_many"]


def search(index: Index, query: Query, *, limit: int = 10, floor: float = 0.5) -> tuple[Hit, ...]:
    """The listed parties that `query` may be, likeliest first, none scored under `floor` (0 to 1).

    A query without any name, number or address finds nothing.
    """
    names = tuple(dict.fromkeys(n for n in (query.name, *query.aliases) if n))
    kinds = KIND_BITS[query.kind]
    evidence = _evidence(query)
    found = ranked(index, names, kinds, evidence, limit=limit, floor=_odds(floor))
    return tuple(explain.hit(index, one, names, kinds, evidence) for one in found)


def search_many(
    index: Index, queries: Iterable[Query], *, limit: int = 10, floor: float = 0.5, processes: int = 1
) -> Iterator[tuple[Hit, ...]]:
    """`search` for each query in turn; words looked up for one row are kept for the next, equal rows asked once.

    With more than one of `processes` the work is spread over forks that share the index, where the system can fork.
    """
    if processes > 1 and spread.can_fork():
        yield from spread.spread(partial(search, index, limit=limit, floor=floor), queries, processes)
        return
    seen: dict[str, tuple[Query, tuple[Hit, ...]]] = {}
    for query in queries:
        known = seen.get(query.name)
        if known is None or known[0] != query:
            if len(seen) >= KEPT:
                seen.clear()
            known = seen[query.name] = query, search(index, query, limit=limit, floor=floor)
        yield known[1]


def _evidence(query: Query) -> Evidence:
    places = [*query.nationalities, *(a.country for a in query.addresses if a.country)]
    if query.country:
        places.append(query.country)
    born = birth(query.birth_date.isoformat()) if query.birth_date else None
    return Evidence(
        country_numbers(places),
        (born,) if born else (),
        identifiers_of(query.identifiers),
        addresses_of(query.addresses),
    )


def _odds(score: float) -> float:
    if score <= 0.0:
        return -1e9
    return features.SOFT * log(score / (1 - score)) if score < 1.0 else 1e9
