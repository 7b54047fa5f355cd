"""The sanctions pack's own arithmetic: places touched, blocked parties and owners, US persons, US content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from enduse.lists.places import place_at_end
from enduse.model.party import Owner, Party, Role
from enduse.model.transaction import Activity, Transaction
from enduse.model.verdict import Verdict, any_of
from enduse.rules.facts import Fact, Facts, unknown
from enduse.rules.ownership import HALF, anyone, half, share_of
from enduse.rules.pack import Listed, Listings, Live, Question
from enduse.rules.tables import Tables

BLOCKED = frozenset({"us_ofac_sdn", "us_csl:SDN"})
_BOTH = ("us_csl", "us_ofac_consolidated")
EVADERS = frozenset(f"{name}:FSE" for name in _BOTH)
NOT_BLOCKED = frozenset(f"{name}:{s}" for name in _BOTH for s in ("SSI", "MBS", "CMIC", "CAP", "PLC", "CONS"))
ONLY_IRAN = frozenset({"IRAN"})
"""The tag of persons blocked solely as Government of Iran or an Iranian bank (EO 13599)."""

OWN_SIDE = frozenset({Role.EXPORTER, Role.SELLER})
WITHOUT_PLACE = frozenset({Activity.DEALING, Activity.EMPLOYMENT, Activity.FACILITATION, Activity.BROKERING})
"""Activities that may have no destination at all: the other side's country is then all there is."""

CONNECTED: Mapping[str, str] = {
    "connected.iran": "IR",
    "connected.cuba": "CU",
    "connected.north_korea": "KP",
    "connected.syria": "SY",
    "connected.occupied_ukraine": "UA-43",
}
_AMERICAN = re.compile(r"\b(?:US|U\.S\.|United States|American)(?= |$|-)")
DE_MINIMIS = Decimal(10)
"""Per cent of a foreign product's value from which US goods keep it bound (31 CFR 560.205(b)(2), 560.420)."""


def derive(asked: Question) -> Mapping[str, Fact]:
    """Every derived fact of the line; a fact that cannot be told is left out."""
    code = _code(asked)
    facts = asked.facts.with_(code)
    listed = asked.listings.with_stated(asked.transaction.parties)
    found = {
        **code,
        "sanctions.place": _places(asked.transaction, asked.line, facts),
        "us_person.acts": _us_person(asked.transaction),
        "us_person.owns_actor": _us_owned(asked.transaction),
        "reexport.us_goods": _us_goods(asked, facts),
        "gift.within_limit": _small_gift(asked),
        "parties.blocked": _listing(_blocking(listed), _asked(listed, BLOCKED)),
        "parties.government_of_iran": _listing(_only_iran(listed), None),
        "parties.evader": _listing(_hits(listed, EVADERS), _asked(listed, EVADERS)),
        "parties.non_sdn_listed": _listing(_hits(listed, NOT_BLOCKED), None),
        **_owned(asked.transaction, listed),
    }
    return {name: fact for name, fact in found.items() if fact is not None}


def rules_for(code: str, tables: Tables) -> Iterable[Live]:  # noqa: ARG001 - the shape every pack offers
    """No rule of sanctions law stands in a control list's rows."""
    return ()


def check_code(code: str, tables: Tables) -> str | None:  # noqa: ARG001 - the shape every pack offers
    """Sanctions law has no control list, so no code is wrong."""
    return None


def _code(asked: Question) -> dict[str, Fact]:
    code = asked.transaction.lines[asked.line - 1].item.codes.get("us_ccl")
    if code is None:
        return _uncoded(asked)
    evidence = f"line {asked.line}, item.codes.us_ccl"
    plain = Fact(code == "EAR99", evidence)
    return {
        "item.eccn": Fact(code, evidence),
        "item.ear99": plain,
        "item.needed_export_licence": plain._replace(value=not plain.value),
        **({"item.multilateral_control": plain._replace(value=False)} if plain.value else {}),
    }


_LISTED_MEDICINE = re.compile(r"(?i)vaccin|toxin|toxoid|botulinum|immuno|test kit|diagnostic")
"""Medicines that have an entry of their own on the Commerce Control List (1C991)."""


def _uncoded(asked: Question) -> dict[str, Fact]:
    """Food, farm produce and medicine that nobody has classified stand on no entry, the listed exceptions apart."""
    if _LISTED_MEDICINE.search(asked.transaction.lines[asked.line - 1].item.description or ""):
        return {}
    for kind in ("agricultural", "medicine"):
        if asked.facts.flag(f"item.{kind}") and asked.facts.flag(f"item.{kind}_excluded") is False:
            return {"item.ear99": Fact(True, f"{kind} goods without a code", assumed=True)}
    return {}


def _places(transaction: Transaction, line: int, facts: Facts) -> Fact | None:
    """Where it goes, where the other side is, where the goods are from, and what is known of the way on."""
    touched = {name for name, _ in _touched(transaction, line, facts)}
    read = {place for fact, place in CONNECTED.items() if facts.flag(fact)}
    if transaction.destination is None and transaction.activity not in WITHOUT_PLACE and not (touched or read):
        return None
    if transaction.destination is None and transaction.activity not in WITHOUT_PLACE and not _embargoed(touched | read):
        return None
    said = "; ".join(f"{place} ({why})" for place, why in _touched(transaction, line, facts))
    known = f"{said}; known to be meant for {', '.join(sorted(read))}" if read else said
    near = dict(_written(transaction))
    maybe = frozenset(near.keys() - touched - read)
    known += "".join(f"; perhaps {place} ({near[place]})" for place in sorted(maybe))
    sure = frozenset(touched | read)
    return Fact(sure, known or "no country is stated", assumed=bool(read) or not touched, possible=maybe)


def _embargoed(places: Iterable[str]) -> bool:
    return bool({*places} & {*CONNECTED.values(), "UA-40", "UA-14", "UA-09"})


def _touched(transaction: Transaction, line: int, facts: Facts) -> Iterator[tuple[str, str]]:
    if transaction.destination:
        yield transaction.destination, "destination"
    if transaction.exporter_country:
        yield transaction.exporter_country, "where it comes from"
    origin = transaction.lines[line - 1].item.origin
    if origin:
        yield origin, "origin"
    yield from ((place, "transit") for place in transaction.route.transit if place != "US")
    elsewhere = facts.flag("person.resident_elsewhere") is True
    for party in transaction.parties:
        own = set(party.roles) & OWN_SIDE
        spared = elsewhere and (Role.RECIPIENT in party.roles or transaction.activity is Activity.EMPLOYMENT)
        if not own and not spared:
            yield from ((p, _name(party)) for p in dict.fromkeys((party.country, *party.nationalities)) if p)


def _written(transaction: Transaction) -> Iterator[tuple[str, str]]:
    """Places that may be touched: where a port is said to be, and where the other side has an address."""
    route = transaction.route
    for port in filter(None, (route.port_of_loading, route.port_of_unlading)):
        if place := place_at_end(port):
            yield place, f"port: {port}"
    for party in transaction.parties:
        if not set(party.roles) & OWN_SIDE:
            yield from ((a.country, f"an address of {_name(party)}") for a in party.addresses if a.country)


def _us_person(transaction: Transaction) -> Fact | None:
    """Whoever sends from the United States is a US person; where nobody says who acts, one is taken to."""
    if transaction.exporter_country == "US":
        return Fact(True, "it leaves from, or is done in, the United States")
    if transaction.activity is Activity.IMPORT and transaction.destination == "US":
        return Fact(True, "it is brought into the United States")
    inside = [p for p in transaction.parties if p.country == "US"]
    if inside:
        return Fact(True, f"{_name(inside[0])} is in the United States")
    if transaction.exporter_country is None:
        return Fact(True, "nobody says who acts, so it is taken to be a US person", assumed=True)
    return None


def _us_owned(transaction: Transaction) -> Fact | None:
    """Is a foreign firm on the sending side owned at half or more, or controlled, by a US person (31 CFR 560.215)?"""
    sending = [p for p in transaction.parties if set(p.roles) & OWN_SIDE or p.country == transaction.exporter_country]
    for party in sending:
        for owner in party.owners:
            ours = owner.country == "US" or _AMERICAN.search(owner.name)
            if ours and (owner.controls or (owner.share is not None and owner.share >= HALF)):
                return Fact(True, f"{owner.name} owns or controls {_name(party)}")
    return None


def _us_goods(asked: Question, facts: Facts) -> Fact | None:
    """Is a re-exported item bound as US goods (31 CFR 560.205, 560.420)?"""
    item = asked.transaction.lines[asked.line - 1].item
    if facts.flag("item.substantially_transformed") is True:
        read = facts.get("item.substantially_transformed")
        return Fact(False, "substantially transformed abroad", assumed=read.assumed if read else False)
    needed = facts.flag("item.needed_export_licence")
    if item.origin == "US":
        return None if needed is None else Fact(needed, "US origin, and " + _licensed(needed))
    share = item.us_controlled_content
    if share is not None:
        return Fact(share >= DE_MINIMIS, f"{share} per cent of the value is US goods that needed an export licence")
    if item.us_content is not None and item.us_content < DE_MINIMIS:
        return Fact(False, f"only {item.us_content} per cent of the value is US content")
    return None


GIFT_LIMIT = Decimal(100)
"""US dollars (31 CFR 560.506)."""


def _small_gift(asked: Question) -> Fact | None:
    value = asked.transaction.lines[asked.line - 1].value
    if value is None:
        return None
    if value.currency != "USD":
        return Fact(False, "the value is not stated in US dollars", assumed=True)
    return Fact(value.amount <= GIFT_LIMIT, f"the line is worth USD {value.amount}")


def _licensed(needed: bool) -> str:
    return "it needed an export licence" if needed else "it needed no export licence apart from the embargo"


def _hits(listings: Listings, tags: Iterable[str]) -> tuple[Listed, ...]:
    wanted = frozenset(tags)
    return tuple(h for h in listings.found if h.tag in wanted or h.tag.partition(":")[0] in wanted)


def _blocking(listings: Listings) -> tuple[Listed, ...]:
    return tuple(h for h in _hits(listings, BLOCKED) if _programmes(h) != ONLY_IRAN)


def _only_iran(listings: Listings) -> tuple[Listed, ...]:
    return tuple(h for h in _hits(listings, BLOCKED) if _programmes(h) == ONLY_IRAN)


def _programmes(hit: Listed) -> frozenset[str]:
    return frozenset(hit.entry.programmes) if hit.entry else frozenset()


def _asked(listings: Listings, tags: Iterable[str]) -> str | None:
    for tag in sorted(tags):
        day = listings.asked.get(tag) or listings.asked.get(tag.partition(":")[0])
        if day:
            return f"{tag} of {day}"
    return None


def _listing(hits: tuple[Listed, ...], asked: str | None) -> Fact | None:
    certain = [h.said for h in hits if h.certain]
    if certain:
        return Fact(True, "; ".join(certain))
    if hits:
        return unknown("; ".join(h.said for h in hits))
    return Fact(False, f"not on {asked}") if asked else None


def _owned(transaction: Transaction, listings: Listings) -> dict[str, Fact]:
    """The 50 per cent rule over every party whose owners are stated (OFAC guidance of 13 August 2014)."""
    parties = [p for p in transaction.parties if p.owners]
    if not parties:
        return {}
    blocked = _owner_test(listings)
    shares = [(p, share_of(p, blocked)) for p in parties]
    said = "; ".join(f"{_name(p)}: {s.low} to {s.high} per cent held by blocked persons" for p, s in shares)
    verdict = any_of(_verdict(half(s)) for _, s in shares)
    behind = [o.name for p in parties for o in anyone(p.owners, blocked)]
    sure = Fact(verdict is Verdict.TRUE, said, assumed=verdict is Verdict.FALSE)
    return {
        "parties.owned_by_blocked": unknown(said) if verdict is Verdict.UNKNOWN else sure,
        "parties.blocked_behind": Fact(bool(behind), ", ".join(behind) or "no owner is stated to be blocked"),
    }


def _verdict(flag: bool | None) -> Verdict:
    return Verdict.UNKNOWN if flag is None else Verdict.of(flag)


def _owner_test(listings: Listings) -> Callable[[Owner], bool | None]:
    """An owner is blocked when it is stated to be, or when screening found that very name."""
    by_name: dict[str, list[bool]] = {}
    for hit in (*listings.found, *listings.behind):
        if hit.tag in BLOCKED and hit.party.name:
            by_name.setdefault(hit.party.name.casefold(), []).append(hit.certain)

    def blocked(owner: Owner) -> bool | None:
        if BLOCKED & set(owner.listed_on or ()):
            return True
        certain = by_name.get(owner.name.casefold())
        return None if certain and not any(certain) else bool(certain)

    return blocked


def _name(party: Party) -> str:
    return party.name or party.description or (party.roles[0].value.replace("_", " ") if party.roles else "a party")
