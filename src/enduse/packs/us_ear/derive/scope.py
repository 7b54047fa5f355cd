"""Where the item counts as going, to whom, and to which family of entries it belongs (15 CFR 734.13, 738.3, 774)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from enduse.model.party import Party, Role
from enduse.model.place import country_of
from enduse.model.transaction import Activity, Transaction
from enduse.model.verdict import Verdict
from enduse.packs.us_ear.derive import parameters
from enduse.packs.us_ear.derive.everyday import everyday
from enduse.packs.us_ear.whichever import full, reasons_of
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Fact, unknown
from enduse.rules.pack import Question
from enduse.rules.tables import Tables

DEEMED = frozenset({Activity.DEEMED_EXPORT, Activity.DEEMED_REEXPORT})
_SERIES_600 = re.compile(r"^\d[A-E]6\d\d")
_SERIES_9X515 = re.compile(r"^9[A-E]515")
_LOW = re.compile(r"^\d[A-E]99\d")


def derive(asked: Question) -> Mapping[str, Fact]:
    """Destination, recipient, family of the code, reasons for control."""
    found: dict[str, Fact] = {}
    activity = asked.transaction.activity
    found["ear.deemed"] = Fact(activity in DEEMED, "activity")
    found.update(_destination(asked))
    found.update(_code(asked))
    found["item.uncoded"] = Fact("item.control" not in found, "item.control")
    found.update(_serves(asked))
    found.update(_moved_from(asked))
    found.update(parameters.derive(asked))
    return found


def _destination(asked: Question) -> Iterator[tuple[str, Fact]]:
    fact = _recipient_country(asked) if asked.transaction.activity in DEEMED else _stated_destination(asked)
    if fact is None:
        return
    yield "ear.destination", fact
    if isinstance(fact.value, str):
        yield "ear.chart_place", fact._replace(value=country_of(fact.value))


def _stated_destination(asked: Question) -> Fact | None:
    place = asked.transaction.destination
    if place is None:
        return None
    region = _occupied(asked.transaction) if place == "UA" else None
    return region or _on_the_chart(place, "destination", asked.tables)


_REGIONS = (
    (re.compile(r"\b(?:Crimea|Krym|Sevastopol|Simferopol|Kerch|Yalta|Feodosi[ay]a)\b", re.IGNORECASE), "UA-43"),
    (re.compile(r"\b(?:Donetsk|Donets'k|DNR|DPR|Makiivka|Horlivka)\b", re.IGNORECASE), "UA-14"),
    (re.compile(r"\b(?:Luhansk|Lugansk|LNR|LPR|Alchevsk)\b", re.IGNORECASE), "UA-09"),
)


def _occupied(transaction: Transaction) -> Fact | None:
    """Ukraine as destination with an address in an occupied region: the address decides (746.6)."""
    for party in transaction.parties:
        parts = [party.description, *(t for a in party.addresses for t in (a.text, a.city, a.region, a.street))]
        text = " ".join(filter(None, parts))
        for words, region in _REGIONS:
            if found := words.search(text):
                return Fact(region, f"address of a party: “{found[0]}”", assumed=True)
    return None


def _on_the_chart(place: str, evidence: str, tables: Tables) -> Fact:
    """A territory takes the row of the country it belongs to (738.3(b)); a place on no row is unknown."""
    if place in tables.members("@us_territories:US") or tables.rows("country_chart_places", "place", country_of(place)):
        return Fact(place, evidence)
    owner = tables.rows("territories", "place", place)
    if owner:
        return Fact(owner[0]["country"], f"{evidence}: {place} belongs to {owner[0]['country']}")
    return unknown(f"{place} has no row in the Country Chart")


def _recipient_country(asked: Question) -> Fact | None:
    """The recipient's most recent citizenship or permanent residence; unknown when it cannot be told which is later."""
    told = asked.facts.get("recipient.most_recent_country")
    if told is not None and isinstance(told.value, str):
        return told
    party = _recipient(asked.transaction)
    later = _later_country(party, asked.tables) if party else None
    if later is not None:
        return later
    if asked.facts.flag("recipient.later_country"):
        return unknown("the recipient has since become a citizen or resident of another country")
    if party is None:
        return _abroad(asked)
    places = {p for p in (party.permanent_residence, *party.nationalities) if p and p != "US"}
    places = places or {p for p in (party.country,) if p and p != "US"}
    if len(places) == 1:
        return _on_the_chart(places.pop(), "the recipient's citizenship or residence", asked.tables)
    return unknown("the recipient's citizenships and residence differ") if places else _abroad(asked)


_LATER = re.compile(
    r"(?:permanent(?:ly)? residen(?:t|ce|cy)(?: status)?|citizen(?:ship)?|naturali[sz]ed) (?:of|in) "
    r"(?:the )?([A-Z][\w .'-]*)"
)
_ADJECTIVE = re.compile(
    r"\b(American|Australian|Austrian|Belgian|Brazilian|British|Canadian|Danish|Dutch|Finnish|French|German|Irish|Israeli|"
    r"Italian|Japanese|Korean|Mexican|Norwegian|Polish|Portuguese|Singaporean|Spanish|Swedish|Swiss|Turkish|UK) "
    r"(permanent residen(?:t|ce)|citizen(?:ship)?|passport)"
)
_PEOPLES = {
    "American": "US",
    "Australian": "AU",
    "Austrian": "AT",
    "Belgian": "BE",
    "Brazilian": "BR",
    "British": "GB",
    "Canadian": "CA",
    "Danish": "DK",
    "Dutch": "NL",
    "Finnish": "FI",
    "French": "FR",
    "German": "DE",
    "Irish": "IE",
    "Israeli": "IL",
    "Italian": "IT",
    "Japanese": "JP",
    "Korean": "KR",
    "Mexican": "MX",
    "Norwegian": "NO",
    "Polish": "PL",
    "Portuguese": "PT",
    "Singaporean": "SG",
    "Spanish": "ES",
    "Swedish": "SE",
    "Swiss": "CH",
    "Turkish": "TR",
    "UK": "GB",
}
_BORN = re.compile(r"\b(?:national|citizen(?:ship)? of .* who|born|who (?:is|has|became)|now|since|later|dual)\b")
_ALIASES = {
    "UK": "GB",
    "Great Britain": "GB",
    "England": "GB",
    "South Korea": "KR",
    "North Korea": "KP",
    "Russia": "RU",
}


def _later_country(party: Party, tables: Tables) -> Fact | None:
    """A country of later citizenship or residence that the description names, beside that of birth."""
    said = party.description or ""
    if re.search(
        r"\bdual\b| and [A-Z]|\b(?:former|formerly|applied|applicant|applying|pending|not|spouse|married)\b", said
    ):
        return None
    if words := _ADJECTIVE.search(said):
        later = words[2].startswith("permanent") or bool(_BORN.search(said))
        return Fact(_PEOPLES[words[1]], f"read in recipient: “{words[0]}”", assumed=True) if later else None
    named = _LATER.findall(said)
    if not named or not (_BORN.search(said) or re.search(r"\bpermanent(?:ly)? residen", said)):
        return None
    place = _named(named[-1], tables)
    return Fact(place, f"read in recipient: “{named[-1].strip()}”", assumed=True) if place else None


def _named(text: str, tables: Tables) -> str | None:
    names = {**_ALIASES, **{r["name"]: r["place"] for r in tables.tables["country_chart_places"].at(tables.day)}}
    return next((place for name, place in names.items() if text.strip(" .").startswith(name)), None)


def _abroad(asked: Question) -> Fact | None:
    """The destination stated for a deemed export, when it is not the country of release itself."""
    place = asked.transaction.destination
    here = asked.transaction.exporter_country or "US"
    return None if place is None or place == here else _on_the_chart(place, "destination", asked.tables)


def _recipient(transaction: Transaction) -> Party | None:
    found = transaction.by_role(Role.RECIPIENT) or transaction.by_role(Role.END_USER)
    return found[0] if found else None


def _code(asked: Question) -> Iterator[tuple[str, Fact]]:
    fact = asked.facts.get("item.control") or _code_by_cas(asked)
    fact = fact or everyday(asked.transaction.lines[asked.line - 1].item)
    if fact is None or not isinstance(fact.value, str):
        return
    code = fact.value
    yield "item.control", fact
    named = _named_by_cas(asked)
    if named and all(code_under(code, n) is code_under(n, code) is Verdict.FALSE for n in named):
        yield "item.cas_named_elsewhere", Fact(True, f"the CAS number stands in {', '.join(sorted(named))}")
    elif not named and not code.startswith(("1C", "EAR99")):
        yield "item.cas_named_elsewhere", Fact(False, f"no CAS number is stated, and {code} is no entry of materials")
    yield "item.series", fact._replace(value=frozenset(series_of(code)))
    sure, maybe = reasons_of(code, asked.tables)
    yield "item.reasons", fact._replace(value=sure, possible=maybe)
    yield "item.encryption_software", Fact(code.startswith("5D002"), fact.evidence)
    if _advanced(code):
        yield "item.advanced_computing", Fact(True, f"{code} is such an entry")
    yield "item.paragraph_stated", fact._replace(value="." in code)
    if full(code, asked.tables):
        yield "item.code_is_full", Fact(True, f"the list prints nothing below {code}")


def _named_by_cas(asked: Question) -> frozenset[str]:
    """The paragraphs of the list that name the item's CAS number."""
    cas = asked.facts.value("item.cas")
    return (
        frozenset(r["code"] for r in asked.tables.rows("ccl_cas", "cas", cas)) if isinstance(cas, str) else frozenset()
    )


def _code_by_cas(asked: Question) -> Fact | None:
    """The one paragraph that names the item's CAS number, for an item that nobody has classified."""
    named = _named_by_cas(asked)
    return (
        Fact(next(iter(named)), f"names CAS {asked.facts.value('item.cas')}", assumed=True) if len(named) == 1 else None
    )


def series_of(code: str) -> Iterator[str]:
    """The families an entry belongs to, which many provisions name instead of single codes."""
    if code == "EAR99":
        yield "EAR99"
        return
    yield "CCL"
    if _SERIES_600.match(code):
        yield "600"
    if _SERIES_9X515.match(code):
        yield "9x515"
    if _LOW.match(code):
        yield "99x"
    if (_SERIES_600.match(code) or _SERIES_9X515.match(code)) and code[5:7] == ".y":
        yield ".y"
    if re.match(r"^\d[A-E]5(?:0[0-9])$", code[:5]) and code[0] == "0":
        yield "0x5zz"


def _advanced(code: str) -> bool:
    return code[:5] in {"3A090", "4A090", "4D090"} or bool(re.match(r"^[345][AD]\d{3}\.z", code))


def _serves(asked: Question) -> Iterator[tuple[str, Fact]]:
    fact = asked.facts.get("item.serves") or _served_in_words(asked)
    if fact is None or not isinstance(fact.value, str):
        return
    sure, maybe = reasons_of(fact.value, asked.tables)
    yield "item.serves", fact
    yield "item.serves_reasons", fact._replace(value=sure, possible=maybe)
    yield "item.serves_stated", Fact(True, fact.evidence, assumed=fact.assumed)


_CODE = re.compile(r"\b\d[ABC]\d{3}(?:\.[a-z0-9]{1,2})*\b")


def _served_in_words(asked: Question) -> Fact | None:
    """The one commodity entry that the description of software or technology names."""
    own = asked.facts.value("item.control")
    if not isinstance(own, str) or len(own) < 2 or own[1] not in "DE":
        return None
    named = set(_CODE.findall(asked.transaction.lines[asked.line - 1].item.description or ""))
    return Fact(named.pop(), "named in the description", assumed=True) if len(named) == 1 else None


def _moved_from(asked: Question) -> Iterator[tuple[str, Fact]]:
    place = asked.transaction.exporter_country
    if place is not None:
        partner = place in asked.tables.members("@supplement_3_part746:all")
        yield "move.from_supplement_3", Fact(partner, "exporter_country")
