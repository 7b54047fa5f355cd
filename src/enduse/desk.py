"""The desk: the use cases, wired to packs and lists. It only connects rooms; what a room knows stays in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from enduse import __version__
from enduse.assess import Profile, assess
from enduse.determine import determine
from enduse.determine.answer import UNASKED
from enduse.determine.clearance import Watched, clear
from enduse.model.assessment import Assessment, Lane
from enduse.model.determination import Decision, Determination, OpenPoint, Screening, strictest
from enduse.model.hit import Feature, Hit
from enduse.model.judgement import Judgement, newest, party_digest
from enduse.model.listing import ListedParty, Snapshot
from enduse.model.party import Party, PartyKind, Role
from enduse.model.transaction import Activity, Transaction
from enduse.refusals import every_owner, refuse
from enduse.rules.pack import Listed, Listings, RulePack
from enduse.screen.text import words_of

CERTAIN, CERTAIN_BY_NAME = 0.9, 0.95
"""Probabilities from which a hit is taken for the listed party until someone judges it (`certain`): the first where a
particular beside the name agrees, the second by name alone. Never where country, birth date or a number given but once
differs, unless an identifier is the same: namesakes are not among the ordinary names the probabilities were fitted on.

Measured on the lists of 2026-07-31 (500 entries of each, 12,000 ordinary names): of exact names asked with their
country 91 per cent are certain on the SDN list, 98 on the Entity List, 97 among denied persons (by name alone 83, 82
and 83); of ordinary names 0.02 per cent.
"""
AGREES = frozenset({"country_agrees", "birth_date_agrees", "identifier_agrees", "address_agrees"})
DIFFERS = frozenset({"country_differs", "birth_differs", "vessel_number_differs", "register_number_differs"})

POSSIBLE = 0.3
"""A hit at or above this probability is an open question; below it, it is shown but asks nothing.

Low, because a question costs a minute and a miss a violation. The words of a listed name themselves always ask
(`named`), else listed names of common words ("Star", "Makin Institute") would ask nothing. Of ordinary names 0.36 per
cent ask a question so (0.27 asked with their country).
"""

MOST_HITS = 30
"""Hits looked at for one party of a transaction: one name can stand on every list."""


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

    def search(self, party: Party, *, limit: int = 10, floor: float = 0.5) -> tuple[Hit, ...]:
        """The entries this party may be, best first, none scored under `floor`."""
        ...

    def search_many(
        self, parties: Iterable[Party], *, limit: int = 10, floor: float = 0.5, processes: int = 1
    ) -> Iterator[tuple[Hit, ...]]:
        """`search` for each party in turn, over this many processes."""
        ...

    def entry(self, hit: Hit) -> ListedParty | None:
        """The list's own entry behind a hit."""
        ...


class Judgements(Protocol):
    """What people have said of hits, ready to be asked; never altered."""

    def on(self, entry: tuple[str, str, str | None]) -> tuple[Judgement, ...]:
        """The judgements on one entry (list, id, sub-list), in the order they were made."""
        ...

    def about(self, party_digest: str) -> tuple[Judgement, ...]:
        """The judgements on exactly this party, in the order they were made."""
        ...


class Screened(NamedTuple):
    """A party of the transaction, or an owner of one, with what screening gave."""

    party: Party
    screening: Screening
    owner: bool = False


class Risk(NamedTuple):
    """What an assessment works from: indicators, profile of weights, the user's own base rate and past trade."""

    pack: RulePack
    profile: Profile
    base_rate: float | None = None
    history: tuple[Transaction, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Packs and lists, ready for work. `watch` is absent when no list is loaded: then nothing can be cleared."""

    packs: tuple[RulePack, ...]
    watch: Watch | None = None
    judgements: Judgements | None = None
    risk: Risk | None = None

    def screen(self, party: Party, *, as_of: date, limit: int = 10, floor: float = 0.5) -> Screening:
        """Who on the loaded lists may this party be, and what was judged of that as it stands on `as_of`?"""
        return next(self.screen_many((party,), as_of=as_of, limit=limit, floor=floor))

    def screen_many(
        self, parties: Iterable[Party], *, as_of: date, limit: int = 10, floor: float = 0.5, processes: int = 1
    ) -> Iterator[Screening]:
        """`screen` for each party in turn, with the work shared between them, over this many processes."""
        asked = tuple(s.list for s in self.watch.snapshots) if self.watch else ()
        some = tuple(parties)
        told = [p for p in some if p.name or p.identifiers or p.addresses]
        if self.watch is None:
            hits: Iterator[tuple[Hit, ...]] = iter(())
        else:
            hits = self.watch.search_many(told, limit=limit, floor=floor, processes=processes)
        for party in some:
            if self.watch is None or not (party.name or party.identifiers or party.addresses):
                yield Screening(party=party.name or "unnamed party", asked=())
            else:
                found = self._judged(party, next(hits), as_of)
                yield Screening(party=party.name or "unnamed party", asked=asked, hits=found)

    def decide(self, transaction: Transaction, *, as_of: date) -> Decision:
        """The whole answer for one transaction on one day. Raises `InputError` for what does not exist."""
        refuse(transaction, self.packs, as_of=as_of)
        screened = tuple(self._screened(transaction, as_of))
        listings = self._listings(transaction, screened, as_of)
        found = tuple(determine(transaction, pack, as_of=as_of, listings=listings) for pack in self.packs)
        assessment = self.assess(transaction, as_of=as_of, listings=listings)
        watched = self._watched(transaction, screened, as_of)
        held = assessment is not None and assessment.lane is Lane.HOLD
        clearance, points = clear(
            found, watched, risk=(*_later(transaction, as_of), *_risk_points(assessment)), held=held
        )
        return Decision(
            enduse=__version__,
            transaction=transaction,
            transaction_digest=digest(transaction),
            as_of=as_of,
            outcome=strictest(tuple(d.outcome for d in found)),
            clearance=clearance,
            determinations=found,
            screenings=tuple(s.screening for s in screened),
            snapshots=self.watch.snapshots if self.watch else (),
            open_points=points,
            assessment=assessment,
        )

    def assess(self, transaction: Transaction, *, as_of: date, listings: Listings = UNASKED) -> Assessment | None:
        """How risky the transaction is, apart from what the law says; None at a desk without indicators."""
        if self.risk is None:
            return None
        return assess(
            transaction,
            pack=self.risk.pack,
            profile=self.risk.profile,
            as_of=as_of,
            listings=listings,
            history=self.risk.history,
            base_rate=self.risk.base_rate,
        )

    def determine(self, transaction: Transaction, jurisdiction: str, *, as_of: date) -> Determination | None:
        """One jurisdiction's determination, or None when no pack here speaks for it."""
        pack = next((p for p in self.packs if p.info.jurisdiction == jurisdiction), None)
        if pack is None:
            return None
        listings = self._listings(transaction, tuple(self._screened(transaction, as_of)), as_of)
        return determine(transaction, pack, as_of=as_of, listings=listings)

    def _screened(self, transaction: Transaction, as_of: date) -> Iterator[Screened]:
        """Every named party, its owners at every level (no parties, but shares may count), and whom texts name."""
        for party in (*transaction.parties, *_carriers(transaction)):
            if party.name or party.identifiers:
                yield Screened(party, self.screen(party, as_of=as_of, limit=MOST_HITS))
            of = party.name or party.description or "a party"
            for owner in dict.fromkeys(every_owner(party.owners)):
                if self.watch is not None:
                    person = Party(name=owner.name, country=owner.country)
                    found = self.screen(person, as_of=as_of, limit=MOST_HITS)
                    yield Screened(person, found.model_copy(update={"party": f"{owner.name}, owner of {of},"}), True)
        for name in mentioned(transaction) if self.watch is not None else ():
            found = self.screen(Party(name=name), as_of=as_of)
            if any(counts(h) for h in found.hits):
                told = found.model_copy(update={"party": f"{name}, named in a text,"})
                yield Screened(Party(name=name), told, True)

    def _judged(self, party: Party, hits: tuple[Hit, ...], as_of: date) -> tuple[Hit, ...]:
        """The hits with what was judged of them, and those that only a person saw."""
        if self.judgements is None:
            return hits
        told = tuple(self._with_judgement(party, hit, self.judgements, as_of) for hit in hits)
        met = {(h.list, h.id, h.source) for h in hits}
        words = {(j.list, j.id, j.source): j for j in self.judgements.about(party_digest(party))}
        seen = (_seen(party, j) for key, j in words.items() if key not in met and j.verdict)
        more = (self._with_judgement(party, hit, self.judgements, as_of) for hit in seen)
        return (*(h.model_copy(update={"probability": 1.0}) if h.confirmed else h for h in more if h.judged), *told)

    def _with_judgement(self, party: Party, hit: Hit, judgements: Judgements, as_of: date) -> Hit:
        said = judgements.on((hit.list, hit.id, hit.source))
        entry = self.watch.entry(hit) if said and self.watch else None
        judged = newest(said, party, entry, as_of=as_of) if entry else None
        return hit.model_copy(update={"judged": judged}) if judged else hit

    def _listings(self, transaction: Transaction, screened: tuple[Screened, ...], as_of: date) -> Listings:
        found = [*_stated(transaction)]
        behind: list[Listed] = []
        for one in screened:
            (behind if one.owner else found).extend(self._listed(one.party, h) for h in one.screening.hits if counts(h))
        unfit = {s.list for s in self.watch.snapshots if _unfit(s, as_of)} if self.watch else set()
        parts = self.watch.parts if self.watch and not any(True for _ in _unnamed(transaction)) else {}
        asked = {t: day for t, day in parts.items() if t.split(":")[0] not in unfit}
        return Listings(tuple(found), asked, tuple(behind))

    def _listed(self, party: Party, hit: Hit) -> Listed:
        entry = self.watch.entry(hit) if self.watch else None
        tag = f"{hit.list}:{hit.source}" if hit.source else hit.list
        said = f"{party.name} matches {hit.name} ({tag} {hit.id}), probability {hit.probability:.0%}"
        said += f"; {hit.judged}" if hit.judged else ""
        return Listed(party, tag, hit.confirmed or certain(hit), said, entry)

    def _state_of(self, part: str, as_of: date) -> str | None:
        """Why a list, or `list:SOURCE` part of one, cannot be relied on, or None when it can."""
        if self.watch is None or part not in self.watch.parts:
            return "not loaded"
        snapshot = next(s for s in self.watch.snapshots if s.list == part.partition(":")[0])
        return _unfit(snapshot, as_of)

    def _watched(self, transaction: Transaction, screened: tuple[Screened, ...], as_of: date) -> Watched:
        unasked: dict[str, str] = {}
        for pack in self.packs:
            for part in pack.info.needs_lists:
                state = self._state_of(part, as_of)
                if state:
                    unasked[part] = state
        spoken = {part for pack in self.packs for part in pack.info.needs_lists}
        open_hits = tuple(
            s.screening.model_copy(update={"hits": tuple(h for h in s.screening.hits if _asks(h, spoken))})
            for s in screened
        )
        beside = (*_beside(transaction, spoken), *_other_codes(transaction, self.packs))
        return Watched(open_hits, unasked, tuple(_unnamed(transaction)), beside)


def counts(hit: Hit) -> bool:
    """Does this hit stand for a listed party, surely or possibly? Not one judged to be another."""
    return not hit.dismissed and (hit.judged is not None or hit.probability >= POSSIBLE or named(hit))


def certain(hit: Hit) -> bool:
    """Is it so likely the listed party that it is taken for it?"""
    told = {f.name for f in hit.features}
    if told & DIFFERS and "identifier_agrees" not in told:
        return False
    return hit.probability >= (CERTAIN if told & AGREES else CERTAIN_BY_NAME)


def named(hit: Hit) -> bool:
    """Is it the very words of a listed name, with nothing but place against it? However common they are, that asks."""
    return any(f.name == "word_for_word" for f in hit.features)


def _unfit(snapshot: Snapshot, as_of: date) -> str | None:
    """Why an edition says nothing of that day: too old, or (beyond a difference of clocks) of a later day."""
    if snapshot.stale_on(as_of):
        return f"the edition loaded is of {snapshot.as_of}, too old"
    if (snapshot.as_of - as_of).days > 1:
        return f"the edition loaded is of {snapshot.as_of}, later than the day decided on"
    return None


def _asks(hit: Hit, spoken: set[str]) -> bool:
    """Is there still something to do? What is judged to be listed asks nothing more of lists that packs speak of."""
    tag = f"{hit.list}:{hit.source}" if hit.source else hit.list
    return counts(hit) and not (hit.confirmed and spoken & {tag, hit.list})


def _seen(party: Party, judgement: Judgement) -> Hit:
    """The hit a person saw where the matcher sees none."""
    name = judgement.entry.names[0].text if judgement.entry.names else judgement.id
    return Hit(
        list=judgement.list,
        id=judgement.id,
        source=judgement.source,
        kind=judgement.entry.kind,
        name=name,
        matched_name=name,
        query_name=party.name or "",
        score=1.0,
        probability=POSSIBLE,
        programmes=judgement.entry.programmes,
        features=(Feature(name="judged", said="a person says so; the matcher does not see it"),),
    )


def _stated(transaction: Transaction) -> Iterator[Listed]:
    """Listings the user states are taken at their word."""
    for party in transaction.parties:
        for tag in party.listed_on:
            yield Listed(party, tag, True, f"{party.name or party.description or 'a party'} is stated to be on {tag}")


def _beside(transaction: Transaction, spoken: set[str]) -> Iterator[str]:
    """What is stated of lists that no pack here speaks of."""
    for party in transaction.parties:
        for tag in party.listed_on:
            if tag not in spoken:
                yield f"what follows from {party.name or party.description or 'a party'} being stated to be on {tag}"


def _other_codes(transaction: Transaction, packs: tuple[RulePack, ...]) -> Iterator[str]:
    """Codes stated on control lists that no pack here reads (another country's, or a misspelt list)."""
    read = {p.info.control_list for p in packs}
    for number, line in enumerate(transaction.lines, start=1):
        for control_list in sorted(line.item.codes.keys() - read):
            code = line.item.codes[control_list]
            yield f"what follows from line {number} being {code} on {control_list}, a list that no pack here reads"


_TIED = re.compile(
    r"\b(?:(?:subsidiary|affiliate|branch|division|arm|unit|agent|representative|distributor|supplier|part|member) of"
    r"|(?:owned|controlled|run|managed|operated) by|on behalf of|for (?:the )?account of"
    r"|(?:sale|resale|sold|delivery|delivered|supply|supplied|shipment|shipped|transfer|export|re-?export) (?:on )?to)"
    r" (?:the )?((?:[A-Z0-9][\w&'’-]*(?:\.(?=\w))?[ ,]{0,2}(?:of |and |for )?)+)"
)


def mentioned(transaction: Transaction) -> tuple[str, ...]:
    """Whom descriptions and the statement of use tie to the order: owners, principals, buyers further on."""
    texts = [*(p.description for p in transaction.parties), transaction.end_use.statement]
    found = (m[1].strip(" ,") for text in texts if text for m in _TIED.finditer(text))
    return tuple(dict.fromkeys(found))


def _carriers(transaction: Transaction) -> tuple[Party, ...]:
    """The carrier that the route names, where it is not already a party."""
    name = transaction.route.carrier
    known = {p.name.casefold() for p in transaction.parties if p.name}
    return () if not name or name.casefold() in known else (Party(name=name, roles=(Role.CARRIER,)),)


_TO_COME = frozenset(
    words_of(text)
    for text in (
        *("TBD", "TBA", "TBC", "to be determined", "to be advised", "to be confirmed", "to be announced", "to order"),
        *("N/A", "NA", "none", "null", "not known", "not available", "unknown", "unnamed", "undisclosed", "various"),
        *("same", "same as above", "as above", "see above", "see invoice", "as per invoice"),
        *("customer", "consignee", "ultimate consignee", "end user", "end customer", "buyer"),
    )
)
"""What is written where a name is to come."""

_RECEIVED = frozenset(
    {Activity.EXPORT, Activity.REEXPORT, Activity.TRANSFER, Activity.DEEMED_EXPORT, Activity.DEEMED_REEXPORT}
)
_RECEIVES = frozenset({Role.CONSIGNEE, Role.ULTIMATE_CONSIGNEE, Role.END_USER, Role.RECIPIENT, Role.OTHER})


def _has_name(party: Party) -> bool:
    """Does it say who this is? A ship or aircraft may go by its number; anyone else needs a name of letters."""
    if party.identifiers and party.kind in {PartyKind.VESSEL, PartyKind.AIRCRAFT}:
        return True
    words = words_of(party.name or "")
    return words not in _TO_COME and len("".join(words)) > 1 and not "".join(words).isdigit()


def _unnamed(transaction: Transaction) -> Iterator[str]:
    for number, party in enumerate(transaction.parties, start=1):
        if not _has_name(party):
            roles = ", ".join(r.value.replace("_", " ") for r in party.roles)
            yield f"party {number}" + (f" ({roles})" if roles else "") + ", which has no name yet"
    received = any(not p.roles or set(p.roles) & _RECEIVES for p in transaction.parties)
    if not transaction.parties or (transaction.activity in _RECEIVED and not received):
        yield "the consignee and the end user: no party is stated yet"


def _later(transaction: Transaction, as_of: date) -> Iterator[OpenPoint]:
    """An order planned for a later day than it was decided for waits for the law and the lists of that day."""
    if transaction.on is not None and transaction.on > as_of:
        says = f"the law and the lists of {transaction.on}, the day planned: this answer is for {as_of}"
        yield OpenPoint(kind="review", says=says)


def _risk_points(assessment: Assessment | None) -> Iterator[OpenPoint]:
    """What an assessment leaves to be done: a hold names its indicators, a review asks; the fast lane asks nothing."""
    if assessment is None or assessment.lane is Lane.FAST:
        return
    why = "; ".join(i.says.rstrip(".") for i in assessment.indicators[:3]) or assessment.because
    yield OpenPoint(kind="risk", says=f"the risk ({assessment.lane.value}): {why}")
    for question in assessment.questions[:3]:
        yield OpenPoint(kind="risk", says=question.ask, cites=question.cites)


def digest(transaction: Transaction) -> str:
    """SHA-256 of a transaction's exact JSON: the same facts, the same digest."""
    return hashlib.sha256(transaction.model_dump_json().encode()).hexdigest()
