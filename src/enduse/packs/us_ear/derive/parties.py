"""Facts of Part 744 that follow from who takes part: listings, footnotes, owners, headquarters, US persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from enduse.model.party import Owner, Party
from enduse.model.verdict import Verdict, all_of, any_of
from enduse.packs.us_ear.derive.entity_list import leaves_out, requirement_at
from enduse.packs.us_ear.derive.listings import asked_on, counted_hits, counts, fact_of, hits_on
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Fact, Facts, unknown
from enduse.rules.ownership import anyone, half, share_of
from enduse.rules.pack import Listed, Listings, Question
from enduse.rules.tables import Tables

ENTITY_LIST = ("us_csl:EL", "us_bis_entity_list")
DENIED = ("us_csl:DPL", "us_bis_dpl")
UNVERIFIED = ("us_csl:UVL", "us_bis_uvl")
MILITARY = ("us_csl:MEU", "us_bis_meu")
BLOCKED = ("us_csl:SDN", "us_ofac_sdn")
STATE = ("us_csl:ISN",)
AFFILIATES = frozenset((*ENTITY_LIST, *MILITARY, *BLOCKED))
"""The lists whose parties the affiliates rule carries over to what they own (90 FR 47201)."""

FOOTNOTES = (1, 3, 4, 5)


def derive(asked: Question) -> Mapping[str, Fact]:
    """Party facts and the two item facts they lean on; left out where nothing is known."""
    supplement = _in_supplement(asked.facts, asked.tables)
    known = {} if supplement is None else {"item.military_supplement": supplement}
    facts = asked.facts.with_(known)
    listed = asked.listings.with_stated(asked.transaction.parties)
    elsewhere = {
        "parties.denied": fact_of(hits_on(listed, DENIED), asked_on(listed, DENIED)),
        "parties.unverified": fact_of(counted_hits(listed, UNVERIFIED), asked_on(listed, UNVERIFIED)),
        "parties.military_end_user": fact_of(counted_hits(listed, MILITARY), asked_on(listed, MILITARY)),
        "parties.sdn": fact_of(counted_hits(listed, BLOCKED), asked_on(listed, BLOCKED)),
        "parties.sdn_programme": _programme(listed, asked.tables),
        "parties.state_sanctioned": fact_of(counted_hits(listed, STATE), asked_on(listed, STATE)),
        "parties.headquartered_d5": _headquartered(asked),
        "us_person.acts": _us_person(facts),
        **_entity_list(listed, facts),
        **_owned(asked, listed),
    }
    return {**known, **{name: fact for name, fact in elsewhere.items() if fact is not None}}


def _in_supplement(facts: Facts, tables: Tables) -> Fact | None:
    """Is the item in Supplement No. 2 to Part 744? Unknown where only part of its entry is."""
    code = facts.value("item.control")
    if not isinstance(code, str) or "military_supplement" not in tables.tables:
        return None
    return _supplement_2(code, tables)


@lru_cache(maxsize=4096)
def _supplement_2(code: str, tables: Tables) -> Fact:
    rows = list(tables.tables["military_supplement"].at(tables.day))
    under = [(code_under(code, r["code"]), r) for r in rows]
    if any(v is Verdict.TRUE and not r["part"] for v, r in under):
        return Fact(True, f"{code} is in Supplement No. 2 to Part 744")
    partly = [r for v, r in under if v is not Verdict.FALSE]
    if partly:
        return unknown(f"{code}: {partly[0]['part'] or partly[0]['code'] + ' only'} (Supplement No. 2 to Part 744)")
    return Fact(False, f"{code} is not in Supplement No. 2 to Part 744")


def _entity_list(listed: Listings, facts: Facts) -> dict[str, Fact | None]:
    hits = counted_hits(listed, ENTITY_LIST)
    day = asked_on(listed, ENTITY_LIST)
    found = {"parties.entity_list": fact_of(map(_with_terms, hits), day), "parties.entity_list_leaves_out": None}
    for number in FOOTNOTES:
        found[f"parties.entity_list_footnote_{number}"] = _footnote(number, hits, day)
    if hits:
        found["parties.entity_list_leaves_out"] = _left_out(hits, facts)
    return found


def _with_terms(hit: Listed) -> Listed:
    """The hit with the entry's own requirement and review policy in its evidence."""
    entry = hit.entry
    if entry is None:
        return hit
    terms = (
        f"requirement: {entry.licence_requirement or 'not printed'}; policy: {entry.licence_policy or 'not printed'}"
    )
    return hit._replace(said=f"{hit.said} ({terms})")


def _left_out(hits: tuple[Listed, ...], facts: Facts) -> Fact:
    verdict = all_of(leaves_out(h, facts) for h in hits)
    if verdict is Verdict.UNKNOWN:
        return unknown("the entry's words do not settle whether it reaches this item")
    return Fact(verdict is Verdict.TRUE, "the licence requirement of the listed party's own entry")


def _footnote(number: int, hits: tuple[Listed, ...], day: str | None) -> Fact | None:
    carrying = [(h, requirement_at(h)) for h in hits]
    having = [h for h, wanted in carrying if wanted is not None and number in wanted.footnotes]
    if having:
        return fact_of(having, day)
    if any(wanted is None for _, wanted in carrying):
        return unknown("the listing is stated without its entry, so its footnotes are not known")
    return Fact(False, "no listed party's entry carries this footnote") if hits else fact_of((), day)


def _programme(listed: Listings, tables: Tables) -> Fact | None:
    """Is a party blocked under a programme of 744.8? A listing stated without its programme is unknown."""
    if "sdn_programmes" not in tables.tables:
        return None
    named = tables.members("@sdn_programmes")
    hits = counted_hits(listed, BLOCKED)
    within = [h for h in hits if h.entry is not None and set(h.entry.programmes) & named]
    if within:
        return fact_of(within, None)
    if any(h.entry is None for h in hits):
        return unknown("a party is stated to be blocked, but not under which programme")
    if hits:
        return Fact(False, "blocked, but under no programme named in 744.8")
    return fact_of((), asked_on(listed, BLOCKED))


def _us_person(facts: Facts) -> Fact | None:
    """Whoever sends from the United States is a US person (772.1); who sends from elsewhere may be one."""
    if facts.value("transaction.exporter_country") == "US":
        return Fact(True, "it leaves from the United States")
    return None


def _headquartered(asked: Question) -> Fact | None:
    """Seen from the parties' own countries and their owners': known only in favour of the rule, never against."""
    places = asked.tables.members("@country_groups:D:5") | {"MO"}
    for party in _counted(asked):
        if party.country in places:
            return Fact(True, f"{_name(party)} is in {party.country}", assumed=True)
        for owner in party.owners:
            if owner.country in places and (owner.controls or owner.share is None or owner.share >= 50):
                return Fact(True, f"{owner.name} of {owner.country} owns or controls {_name(party)}", assumed=True)
    return None


def _owned(asked: Question, listings: Listings) -> dict[str, Fact | None]:
    """The affiliates rule's facts, for the parties whose owners are stated."""
    parties = [p for p in _counted(asked) if p.owners]
    if not parties:
        return {}
    listed = _owner_test(listings)
    halves = [(p, share_of(p, listed)) for p in parties]
    verdicts = [half(share) for _, share in halves]
    said = "; ".join(f"{_name(p)}: {s.low} to {s.high} per cent held by listed parties" for p, s in halves)
    named = [o.name for p in parties for o in anyone(p.owners, listed)]
    owned = any_of(Verdict.UNKNOWN if v is None else Verdict.of(v) for v in verdicts)
    return {
        "parties.owned_by_listed": unknown(said)
        if owned is Verdict.UNKNOWN
        else Fact(owned is Verdict.TRUE, said, assumed=owned is Verdict.FALSE),
        "parties.owner_listed": Fact(bool(named), ", ".join(named) or "no listed owner is stated", assumed=not named),
    }


def _owner_test(listings: Listings) -> Callable[[Owner], bool | None]:
    """An owner is listed when it is stated to be, or when screening found that very name."""
    by_name: dict[str, list[bool]] = {}
    for hit in (*listings.found, *listings.behind):
        if hit.tag in AFFILIATES and hit.party.name:
            by_name.setdefault(hit.party.name.casefold(), []).append(hit.certain)

    def listed(owner: Owner) -> bool | None:
        if owner.listed_on and AFFILIATES & set(owner.listed_on):
            return True
        certain = by_name.get(owner.name.casefold())
        return None if certain and not any(certain) else bool(certain)

    return listed


def _counted(asked: Question) -> Iterator[Party]:
    yield from (p for p in asked.transaction.parties if counts(p))


def _name(party: Party) -> str:
    return party.name or party.description or "a party"
