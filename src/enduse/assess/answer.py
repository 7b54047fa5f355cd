"""The assessment of one transaction: signs are read, rules asked, findings weighed, a lane named."""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from enduse.assess.ages import read_ages
from enduse.assess.figures import read_figures
from enduse.assess.fit import Fit, read_fit
from enduse.assess.geography import read_places
from enduse.assess.knowledge import Keyed, knowledge_of
from enduse.assess.lanes import lane_of
from enduse.assess.passages import Passage, passages
from enduse.assess.profile import Profile, probability
from enduse.assess.signs import Sign, read_names, read_signs, tempered
from enduse.assess.structure import read_structure
from enduse.assess.weigh import weigh
from enduse.assess.who import read_who
from enduse.assess.wording import read_wording
from enduse.model.assessment import Assessment, Indicator, Lane, RiskQuestion, Trigger
from enduse.model.law import AllOf, AnyOf, Effect, Not, Test, When
from enduse.model.transaction import Transaction
from enduse.model.verdict import Verdict
from enduse.rules.evaluate import evaluate
from enduse.rules.facts import Fact, Facts, flatten, stated
from enduse.rules.pack import Listings, Live, RulePack, Shelf
from enduse.rules.tables import Tables

_MOST = 20.0


def assess(
    transaction: Transaction,
    *,
    pack: RulePack,
    profile: Profile,
    as_of: date,
    listings: Listings = Listings(),
    history: Sequence[Transaction] | None = None,
    base_rate: float | None = None,
) -> Assessment:
    """The risk of this transaction on that day, with every indicator, question and figure that made it.

    `history` is the user's own past trade (for outliers and splitting); `base_rate` overrides the profile's.
    """
    know, shelf = knowledge_of(pack), pack.at(as_of)
    texts, fit = passages(transaction), read_fit(transaction, know)
    signs = (
        *read_signs(texts, know),
        *read_names(transaction, know),
        *read_places(transaction, know, shelf.tables),
        *fit.signs,
        *read_figures(transaction, shelf.tables),
        *read_who(transaction, know, shelf.tables),
        *read_wording(texts, know),
        *read_ages(texts, as_of),
        *read_structure(transaction, shelf.tables, listings, history or (), as_of),
    )
    military = _military(transaction) and transaction.destination not in shelf.tables.members("@concern:arms")
    signs = tuple(tempered(signs, know, military=military))
    facts, asked = _facts(transaction, pack, signs), _asked(Keyed(pack), as_of)
    found = list(_indicators(asked, shelf, facts, signs, profile))
    weighed = weigh(found, profile)
    ratio = profile.log_odds(weighed.score)
    rate = base_rate if base_rate is not None else profile.base_rate
    why = _out_of_depth(texts, transaction, found, profile)
    flagged, routine = open_flag(found, profile), _routine(transaction, fit, profile, shelf.tables)
    lane, because = _lane(weighed.score, profile, flagged=flagged, routine=routine, why=why)
    sampled = lane is Lane.FAST and drawn(transaction, profile.routine.sample_rate)
    if sampled:
        lane, because = Lane.REVIEW, f"drawn by lot from the fast lane ({profile.routine.sample_rate:.0%})"
    return Assessment(
        as_of=as_of,
        pack=pack.info.id,
        pack_digest=pack.digest,
        profile=profile.id,
        profile_digest=profile.digest,
        indicators=tuple(i for i in weighed.indicators if i.weight > 0),
        mitigating=tuple(i for i in weighed.indicators if i.weight <= 0),
        plausibility=fit.verdicts,
        uses=fit.uses,
        questions=tuple(_questions(asked, facts, pack)),
        score=weighed.score,
        likelihood_ratio=_ratio(ratio),
        base_rate=rate,
        probability=probability(ratio, rate),
        lane=lane,
        because=because,
        open_flag=flagged,
        routine=routine,
        sampled=sampled,
        abstained=why is not None,
        why_abstained=why,
    )


def _facts(transaction: Transaction, pack: RulePack, signs: Iterable[Sign]) -> Facts:
    known = {**flatten(transaction, 1, control_list=pack.info.control_list), **stated(transaction, 1, pack.types)}
    read = {f"sign.{s.name}": Fact(True, f"read in {s.where}: “{s.words}”", assumed=True) for s in signs}
    return Facts(pack.types, {**read, **known})


_MILITARY_CODE = re.compile(r"^(?:[0-9][A-E]6\d\d|[IVX]+(?:\(|$)|ML\d)")


def _military(transaction: Transaction) -> bool:
    """Is an item on a munitions list, or of the 600 series (15 CFR 772.1), by its own claimed code?"""
    codes = [c for line in transaction.lines for c in line.item.codes.items()]
    return any("usml" in scheme or _MILITARY_CODE.match(code) for scheme, code in codes)


class Asked(NamedTuple):
    """A pack's rules of one day with the facts each asks about: found by fact, and those that are questions."""

    by_fact: Mapping[str, tuple[tuple[Live, tuple[str, ...]], ...]]
    questions: tuple[tuple[Live, tuple[str, ...]], ...]


@lru_cache(maxsize=32)
def _asked(keyed: Keyed, day: date) -> Asked:
    by_fact: dict[str, list[tuple[Live, tuple[str, ...]]]] = defaultdict(list)
    questions = []
    for rule in keyed.pack.rules:
        version = rule.at(day)
        if version is None:
            continue
        live = Live(rule.id, rule.title, version)
        names = _facts_asked(live.version.when)
        for name in dict.fromkeys(names):
            by_fact[name].append((live, names))
        if live.version.effect is Effect.FLAGS and live.version.reason == "ask":
            questions.append((live, names))
    return Asked({k: tuple(v) for k, v in by_fact.items()}, tuple(questions))


def _facts_asked(when: When | None) -> tuple[str, ...]:
    """The facts a test asks about, left to right."""
    match when:
        case Test():
            return (when.fact,)
        case AllOf(all=parts) | AnyOf(any=parts):
            return tuple(f for p in parts for f in _facts_asked(p))
        case Not(not_=part):
            return _facts_asked(part)
        case _:
            return ()


def _indicators(
    asked: Asked, shelf: Shelf, facts: Facts, signs: Iterable[Sign], profile: Profile
) -> Iterator[Indicator]:
    """The rules that hold, each with what made it hold; rules that ask about nothing known cannot."""
    by_fact: dict[str, list[Sign]] = defaultdict(list)
    for sign in signs:
        by_fact[f"sign.{sign.name}"].append(sign)
    known = facts.known()
    lives = {live.id: (live, names) for name in known for live, names in asked.by_fact.get(name, ())}
    for live, names in lives.values():
        when = live.version.when
        if when is not None and evaluate(when, facts, shelf.tables).verdict is Verdict.TRUE:
            yield _indicator(live, [s for n in names for s in by_fact.get(n, ())], known, names, profile)


def _indicator(
    live: Live, seen: Sequence[Sign], known: Mapping[str, Fact], names: Iterable[str], profile: Profile
) -> Indicator:
    told = [Trigger(where=s.where, words=s.words) for s in seen]
    told += [Trigger(where=known[n].evidence, words=str(known[n].value)) for n in names if n in known and not seen]
    strength, weight = _strength(seen), profile.weight(live.id)
    return Indicator(
        rule=live.id,
        group=live.version.reason or "other",
        title=live.title,
        says=live.version.says,
        cites=live.version.cites,
        triggers=tuple(dict.fromkeys(told)),
        strength=strength,
        weight=weight,
        contribution=weight * strength,
    )


def _strength(seen: Sequence[Sign]) -> float:
    """The strongest sighting, and a little more for each further one: two words say more than one."""
    ordered = sorted(seen, key=lambda s: -s.strength)
    if not ordered:
        return 1.0
    if ordered[0].name.startswith("words_"):
        total = sum(s.strength for s in ordered)
        return total / (total + 1)
    if ordered[0].name.startswith("ok_"):
        firsts = {s.where: s for s in reversed(ordered)}  # in one text a second reassuring word adds nothing
        ordered = sorted(firsts.values(), key=lambda s: -s.strength)
    rest = 1.0
    for sign in ordered[1:]:
        rest *= 1 - 0.25 * sign.strength
    return ordered[0].strength * (0.75 + 0.25 * (1 - rest)) if len(ordered) > 1 else 0.75 * ordered[0].strength


def _questions(asked: Asked, facts: Facts, pack: RulePack) -> Iterator[RiskQuestion]:
    """What official flags ask that no field shows: rules over facts that nobody stated."""
    for live, names in asked.questions:
        open_ = [n for n in names if facts.get(n) is None]
        if open_:
            yield RiskQuestion(rule=live.id, ask=pack.types[open_[0]].question, cites=live.version.cites)


def _out_of_depth(
    texts: Sequence[Passage], transaction: Transaction, found: Sequence[Indicator], profile: Profile
) -> str | None:
    """Why no lane can be named with confidence: too little is said, or the words are not ours to read."""
    told = [t for t in texts if t.kind != "item"]
    if not told or (not transaction.parties and not transaction.end_use.statement):
        return "nothing is said of user, use or circumstances"
    letters = [c for t in texts for c in t.text if c.isalpha()]
    if letters and sum(c.isascii() for c in letters) < 0.6 * len(letters):
        return "the texts are in a script this profile does not read"
    if len(found) < profile.out_of_depth and len(told) > 3:
        return "much is said, and hardly a word of it is understood"
    return None


_WORDS = 2.5
"""How many times what another indicator needs the single words must reach to stand as an open flag."""


def open_flag(found: Iterable[Indicator], profile: Profile) -> bool:
    """Does a red flag stand that asks for an answer (15 CFR Part 732, Supplement No. 3: resolve it before going on)?

    Standing features of an order (its size, a hub on the way, an item of two uses) are none by themselves; single
    alarming words are one only where there are several.
    """
    return any(
        i.weight * i.strength >= profile.lanes.open_flag_from * (_WORDS if i.group == "wording" else 1)
        and i.rule.rpartition(".")[2] not in profile.lanes.standing
        for i in found
    )


def _lane(score: float, profile: Profile, *, flagged: bool, routine: bool, why: str | None) -> tuple[Lane, str]:
    limits = profile.lanes
    if score >= limits.hold_from:
        return Lane.HOLD, f"score {score:.2f} reaches {limits.hold_from:.2f}"
    if why is not None:
        return Lane.REVIEW, f"abstained: {why}"
    if flagged:
        return Lane.REVIEW, f"score {score:.2f}, and a red flag stands open"
    if routine:
        return Lane.FAST, "routine trade of low value, by rule"
    lane = lane_of(score, flagged=flagged, fast_below=limits.fast_below, hold_from=limits.hold_from)
    side = "below" if lane is Lane.FAST else "not below"
    return lane, f"score {score:.2f} is {side} {limits.fast_below:.2f}"


def _routine(transaction: Transaction, fit: Fit, profile: Profile, tables: Tables) -> bool:
    """Low value, no controlled code, no harmful use known, no place of concern."""
    rule = profile.routine
    values = [row.value for row in transaction.lines]
    known = [v for v in values if v is not None and v.currency in rule.currencies]
    codes = {c for row in transaction.lines for c in row.item.codes.values()}
    places = {transaction.destination, *(p.country for p in transaction.parties)}
    return (
        len(known) == len(values)
        and sum(v.amount for v in known) <= Decimal(str(rule.value_up_to))
        and codes <= set(rule.codes)
        and not any(u.harmful for u in fit.uses)
        and not places & (tables.members("@concern:embargo") | tables.members("@concern:arms"))
    )


def drawn(transaction: Transaction, rate: float) -> bool:
    """Is this fast order drawn for review? By its own id, so that anyone can repeat the draw; never by names."""
    if not transaction.id:
        return False
    number = int.from_bytes(hashlib.sha256(f"sample:{transaction.id}".encode()).digest()[:8])
    return number < rate * 2**64


def reweighed(assessment: Assessment, profile: Profile, *, base_rate: float | None = None) -> Assessment:
    """The same findings under another profile: what it would have said of this past order."""
    found = [
        i.model_copy(update={"weight": profile.weight(i.rule)})
        for i in (*assessment.indicators, *assessment.mitigating)
    ]
    weighed = weigh(found, profile)
    ratio = profile.log_odds(weighed.score)
    rate = base_rate if base_rate is not None else profile.base_rate
    flagged = open_flag(found, profile)
    lane, because = _lane(
        weighed.score, profile, flagged=flagged, routine=assessment.routine, why=assessment.why_abstained
    )
    return assessment.model_copy(
        update={
            "profile": profile.id,
            "profile_digest": profile.digest,
            "indicators": tuple(i for i in weighed.indicators if i.weight > 0),
            "mitigating": tuple(i for i in weighed.indicators if i.weight <= 0),
            "score": weighed.score,
            "likelihood_ratio": _ratio(ratio),
            "base_rate": rate,
            "probability": probability(ratio, rate),
            "open_flag": flagged,
            "sampled": False,
            "lane": lane,
            "because": because,
        }
    )


def _ratio(log_ratio: float) -> float:
    return math.exp(max(-_MOST, min(_MOST, log_ratio)))
