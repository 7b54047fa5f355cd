"""Plausibility: does the item serve the use, the use belong to the user's trade, and is the use specific at all?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from enduse.assess.knowledge import Knowledge
from enduse.assess.passages import Passage, names_business, part_of, passages
from enduse.assess.signs import ALARM, EASE, Sign
from enduse.assess.words import Match, tokens, words_of
from enduse.model.assessment import Plausibility, Uses
from enduse.model.transaction import Transaction

GENERAL = frozenset({"research", "education", "lab"})
"""Sectors that use nearly every instrument; they clash with none, and say little."""
TRADE = frozenset({"logistics", "retail", "finance", "hospitality"})
"""Sectors that use few industrial goods themselves."""


class Compared(NamedTuple):
    """One comparison: its verdict, whose part it is about, and the share of the claimed trades that meet."""

    verdict: Plausibility
    part: str
    share: float


class Fit(NamedTuple):
    """What was compared: signs for the score, verdicts for the reader."""

    signs: tuple[Sign, ...]
    verdicts: tuple[Plausibility, ...]
    uses: tuple[Uses, ...]


def read_fit(transaction: Transaction, know: Knowledge) -> Fit:
    """Hold item, stated use and business against each other, as far as each is known."""
    texts = passages(transaction)
    families = tuple(dict.fromkeys(m.key for t in texts if t.kind == "item" for m in know.families.find(t.text)))
    item = _item_sectors([t for t in texts if t.kind == "item"], families, know)
    use = _sectors([t.text for t in texts if t.kind == "use"], know)
    trades = list(_trades(transaction, know))
    trade = frozenset().union(*(t for _, _, t in trades)) if trades else frozenset()
    told = _sectors([t.text for t in texts if t.kind == "order"], know)
    verdicts = tuple(
        v
        for v in (
            _compare("item and stated use", item, use, know),
            *(_compare(f"item and business of {who}", item, found, know, part) for who, part, found in trades),
            _compare("stated use and user's business", use, trade, know),
            _compare("item and what the order says", item, told - item, know) if told - item - GENERAL else None,
        )
        if v is not None
    )
    return Fit(
        (
            *_signs(verdicts, known=bool(families)),
            *_second(transaction, item | trade, know),
            *_specific(transaction, know),
            *_harm(families, know),
        ),
        tuple(v.verdict for v in verdicts),
        tuple(_uses(f, know) for f in families),
    )


def _trades(transaction: Transaction, know: Knowledge) -> Iterator[tuple[str, str, frozenset[str]]]:
    """What each party does, as its description and the words of its organisation's name say."""
    for n, party in enumerate(transaction.parties, start=1):
        part = part_of(party, transaction)
        texts = [t for t in (party.description, party.name if names_business(party) else None) if t]
        found = _sectors(texts, know)
        if part == "recipient" or (part == "agent" and found & TRADE):
            continue
        if found:
            yield f"party {n}", part, found


def _item_sectors(items: Iterable[Passage], families: Iterable[str], know: Knowledge) -> frozenset[str]:
    direct = _sectors((t.text for t in items), know)
    served = frozenset(u for f in families for u in know.family[f].uses)
    return served | (direct if served else direct - GENERAL)


def _sectors(texts: Iterable[str], know: Knowledge) -> frozenset[str]:
    return frozenset(m.key for t in texts for m in _whole(know.sectors.find(t)) if not m.denied)


def _whole(matches: Iterable[Match]) -> Iterator[Match]:
    """Matches that are not part of a longer one: a driving school is no school."""
    listed = tuple(matches)
    for m in listed:
        longer = (o for o in listed if o.last - o.first > m.last - m.first)
        if not any(o.first <= m.first and m.last <= o.last for o in longer):
            yield m


def _compare(
    what: str, left: frozenset[str], right: frozenset[str], know: Knowledge, part: str = "end"
) -> Compared | None:
    """Do two sets of sectors meet, directly or as neighbours? None where one is unknown."""
    if not left or not right:
        return None
    shared = left & right
    near = frozenset(r for r in right for s in left if r in know.near.get(s, ()))
    fits = bool(shared or near or right & GENERAL)
    says = f"shared: {', '.join(sorted(shared))}" if shared else "neighbouring trades" if fits else "nothing in common"
    share = len(shared) / len(right)
    verdict = Plausibility(compared=what, fits=fits, says=says, item=tuple(sorted(left)), claimed=tuple(sorted(right)))
    return Compared(verdict, part, share)


def _signs(compared: Iterable[Compared], *, known: bool) -> Iterator[Sign]:
    """A misfit is told only where the item's family, and so its users, are known."""
    for verdict, part, share in compared:
        name, claimed = verdict.compared, ", ".join(verdict.claimed)
        if not verdict.fits and not known:
            continue
        if name.endswith("order says"):
            if not verdict.fits:
                yield Sign("misfit_business", name, claimed, 0.6)
        elif name == "item and stated use" and not verdict.fits:
            yield Sign("misfit_use", name, claimed)
        elif not verdict.fits:
            yield Sign("misfit_business", name, claimed, ALARM[part])
        else:
            yield Sign("ok_fit", name, verdict.says, EASE[part] * (0.4 + 0.6 * share if share else 0.3))


def _second(transaction: Transaction, known: frozenset[str], know: Knowledge) -> Iterator[Sign]:
    """A second purpose beside one that item or trade bear out, itself borne out by neither ("paintings and hulls")."""
    parts = [p for p in _JOINED.split(transaction.end_use.statement or "") if _content(p, know)]
    if len(parts) < 2 or not known:
        return
    fits = {p: _compare("part", known, _sectors([p], know), know) for p in parts}
    if not any(f and f.verdict.fits for f in fits.values()):
        return
    for part, fit in fits.items():
        if fit is None or not fit.verdict.fits:
            yield Sign("use_second", "end use", part.strip(), 0.5 if fit is None else 1.0)


_JOINED = re.compile(r"\band\b|\bor\b|[,;/+]", re.IGNORECASE)
_PLAIN = words_of(
    """
    use used using user end company customer client buyer firm consignee named shown stated the a an of in for to
    and or by at on with its his her their own other general commercial industrial civil civilian domestic local
    private personal business industry purpose application need market region country product project equipment
    good item european american asian based party work operation activity service supply supplied delivery
    delivered sale resale trade trading only per is are be from within into as new various different several
    similar third any all some not no none unknown technology technical abroad elsewhere overseas
    study commodity part material thing
    hardware consumption integration output production
    """
)


def _content(text: str, know: Knowledge) -> list[str]:
    """Words of a text that say something: not the plain words of every order, not names of places."""
    placed = {w for m in know.places.find(text) for w in range(m.first, m.last + 1)}
    return [t.word for n, t in enumerate(tokens(text)) if n not in placed and t.word not in _PLAIN]


def _specific(transaction: Transaction, know: Knowledge) -> Iterator[Sign]:
    """How much a statement, and a party's description, says beyond the plain words."""
    statement = transaction.end_use.statement
    if not statement:
        yield Sign("use_absent", "end use", "nothing stated", 0.5)
    else:
        content = _content(statement, know)
        if not content:
            yield Sign("use_vague", "end use", statement)
        else:
            yield Sign("ok_specific_use", "end use", " ".join(content), 0.75)
    for n, party in enumerate(transaction.parties, start=1):
        yield from _party(n, part_of(party, transaction), party.description, know)


def _party(number: int, part: str, description: str | None, know: Knowledge) -> Iterator[Sign]:
    if part in {"seller", "recipient", "agent"} or description is None:
        return
    where = f"party {number} ({part})"
    marks = {m.key for m in know.signs_in(description, part)}
    trading = marks & {"trader", "reseller", "intermediary", "forwarder_party", "maildrop", "shell", "individual"}
    head = _HEAD.split(description, maxsplit=1)[0]
    content = [w for w in _content(head or description, know) if w not in _GENERIC_PARTY]
    if trading:
        return
    if not content:
        yield Sign("generic_party", where, description, ALARM[part])
    elif (found := _sectors([description], know)) and found <= TRADE | {"home", "service", "mail"}:
        yield Sign("ok_operator", where, description, 0.2 * EASE[part])
    elif found or marks & {"ok_public", "ok_utility", "ok_maker"}:
        yield Sign("ok_operator", where, description, EASE[part])
    else:
        yield Sign("ok_operator", where, description, 0.5 * EASE[part])


_HEAD = re.compile(
    r"[,;(]|\b(?:for|with|without|near|behind|from|to|who|that|which|named|said|run|acting|registered|receiving|using|"
    r"calling|serving|buying|shown|opened|set up|formed|founded|told|owned|hosted|led|based|known|met|seen)\b"
)
"""Where a description leaves off what a party is and begins to tell its circumstances."""
_GENERIC_PARTY = words_of(
    """
    office house shop store unit man men woman member network partnership outfit concern agency bureau room string
    contact somebody body brother name associate affiliate relation establishment young old new
    organisation entity enterprise group recipient importer exporter purchaser receiver addressee permit small
    large limited registered foreign two three four five many individual person account access portal invoice
    address
    """
)


def _harm(families: Iterable[str], know: Knowledge) -> Iterator[Sign]:
    for name in families:
        family = know.family[name]
        if family.harms:
            yield Sign("dual_use", "item", f"{name}: {', '.join(family.harms)}", 0.5 + 0.25 * min(2, len(family.harms)))


def _uses(name: str, know: Knowledge) -> Uses:
    family = know.family[name]
    return Uses(family=name, entries=family.entries, benign=family.uses, harmful=family.harms)
