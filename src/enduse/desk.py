"""The desk: the use cases, wired to packs and lists. It only connects rooms; what a room knows stays in it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Protocol

from enduse.determine import determine
from enduse.determine.clearance import Watched, clear
from enduse.errors import InputError
from enduse.model.determination import Decision, Determination, Screening, strictest
from enduse.model.hit import Hit
from enduse.model.listing import ListedParty, Snapshot
from enduse.model.party import Party
from enduse.model.transaction import Transaction
from enduse.rules.pack import Listed, Listings, RulePack
from enduse.rules.tables import Tables

CERTAIN = 0.97
"""A hit at or above this probability is taken for the listed party until someone judges it."""

POSSIBLE = 0.5
"""A hit at or above this probability is an open question; below it, it is shown but asks nothing."""


class Watch(Protocol):
    """Lists ready to be asked."""

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """The snapshots that can be asked."""
        ...

    @property
    def parts(self) -> Mapping[str, str]:
        """Every list, and `list:SOURCE` part of one, with its snapshot's day."""
        ...

    def search(self, party: Party) -> tuple[Hit, ...]:
        """The entries this party may be, best first."""
        ...

    def entry(self, hit: Hit) -> ListedParty | None:
        """The list's own entry behind a hit."""
        ...


@dataclass(frozen=True)
class Desk:
    """Packs and lists, ready for work. `watch` is absent when no list is loaded: then nothing can be cleared."""

    packs: tuple[RulePack, ...]
    watch: Watch | None = None

    def screen(self, party: Party) -> Screening:
        """Who on the loaded lists may this party be?"""
        if self.watch is None or not (party.name or party.identifiers or party.addresses):
            return Screening(party=party.name or "unnamed party", asked=())
        asked = tuple(s.list for s in self.watch.snapshots)
        return Screening(party=party.name or "unnamed party", asked=asked, hits=self.watch.search(party))

    def decide(self, transaction: Transaction, *, as_of: date) -> Decision:
        """The whole answer for one transaction on one day. Raises `InputError` for a code that does not exist."""
        self._refuse_wrong_codes(transaction, as_of)
        self._refuse_strange_facts(transaction)
        screenings = tuple(self.screen(p) for p in transaction.parties if p.name or p.identifiers)
        listings = self._listings(transaction, screenings, as_of)
        found = tuple(determine(transaction, pack, as_of=as_of, listings=listings) for pack in self.packs)
        clearance, points = clear(found, self._watched(transaction, screenings, as_of))
        return Decision(
            enduse=version("enduse"),
            transaction=transaction,
            transaction_digest=digest(transaction),
            as_of=as_of,
            outcome=strictest(tuple(d.outcome for d in found)),
            clearance=clearance,
            determinations=found,
            screenings=screenings,
            snapshots=self.watch.snapshots if self.watch else (),
            open_points=points,
        )

    def determine(self, transaction: Transaction, jurisdiction: str, *, as_of: date) -> Determination | None:
        """One jurisdiction's determination, or None when no pack here speaks for it."""
        pack = next((p for p in self.packs if p.info.jurisdiction == jurisdiction), None)
        if pack is None:
            return None
        screenings = tuple(self.screen(p) for p in transaction.parties if p.name or p.identifiers)
        return determine(transaction, pack, as_of=as_of, listings=self._listings(transaction, screenings, as_of))

    def _refuse_wrong_codes(self, transaction: Transaction, as_of: date) -> None:
        for pack in self.packs:
            for number, line in enumerate(transaction.lines, start=1):
                code = line.item.codes.get(pack.info.control_list or "")
                wrong = pack.module.check_code(code, Tables(pack.tables, as_of)) if code and pack.module else None
                if wrong:
                    raise InputError(wrong, place=f"lines.{number}.item.codes.{pack.info.control_list}")

    def _refuse_strange_facts(self, transaction: Transaction) -> None:
        known = {name for pack in self.packs for name in pack.types}
        for number, said in enumerate(transaction.facts, start=1):
            if said.name not in known:
                near = difflib.get_close_matches(said.name, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else "see docs/reference/facts.md"
                raise InputError(f"no pack here asks about {said.name!r}", place=f"facts.{number}", hint=hint)

    def _listings(self, transaction: Transaction, screenings: tuple[Screening, ...], as_of: date) -> Listings:
        named = [p for p in transaction.parties if p.name or p.identifiers]
        found = [*_stated(transaction)]
        for party, screening in zip(named, screenings, strict=True):
            found += [self._listed(party, hit) for hit in screening.hits if hit.probability >= POSSIBLE]
        stale = {s.list for s in self.watch.snapshots if s.stale_on(as_of)} if self.watch else set()
        parts = self.watch.parts if self.watch and not any(True for _ in _unnamed(transaction)) else {}
        return Listings(tuple(found), {t: day for t, day in parts.items() if t.split(":")[0] not in stale})

    def _listed(self, party: Party, hit: Hit) -> Listed:
        entry = self.watch.entry(hit) if self.watch else None
        tag = f"{hit.list}:{hit.source}" if hit.source else hit.list
        said = f"{party.name} matches {hit.name} ({tag} {hit.id}), probability {hit.probability:.0%}"
        return Listed(party, tag, hit.probability >= CERTAIN, said, entry)

    def _state_of(self, part: str, as_of: date) -> str | None:
        """Why a list, or `list:SOURCE` part of one, cannot be relied on, or None when it can."""
        if self.watch is None or part not in self.watch.parts:
            return "not loaded"
        snapshot = next(s for s in self.watch.snapshots if s.list == part.partition(":")[0])
        return f"the edition loaded is of {snapshot.as_of}, too old" if snapshot.stale_on(as_of) else None

    def _watched(self, transaction: Transaction, screenings: tuple[Screening, ...], as_of: date) -> Watched:
        unasked: dict[str, str] = {}
        for pack in self.packs:
            for part in pack.info.needs_lists:
                state = self._state_of(part, as_of)
                if state:
                    unasked[part] = state
        open_hits = tuple(
            s.model_copy(update={"hits": tuple(h for h in s.hits if h.probability >= POSSIBLE)}) for s in screenings
        )
        return Watched(open_hits, unasked, tuple(_unnamed(transaction)))


def _stated(transaction: Transaction) -> Iterator[Listed]:
    """Listings the user states are taken at their word."""
    for party in transaction.parties:
        for tag in party.listed_on:
            yield Listed(party, tag, True, f"{party.name or party.description or 'a party'} is stated to be on {tag}")


def _unnamed(transaction: Transaction) -> Iterator[str]:
    for number, party in enumerate(transaction.parties, start=1):
        if not (party.name or party.identifiers):
            roles = ", ".join(r.value.replace("_", " ") for r in party.roles)
            yield f"party {number}" + (f" ({roles})" if roles else "") + ", which has no name yet"
    if not transaction.parties:
        yield "the consignee and the end user: no party is stated yet"


def digest(transaction: Transaction) -> str:
    """SHA-256 of a transaction's exact JSON: the same facts, the same digest."""
    return hashlib.sha256(transaction.model_dump_json().encode()).hexdigest()
