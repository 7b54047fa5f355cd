"""Patterns in the fields: listings, shared contact points, new companies, codes, figures out of proportion."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from enduse.assess.passages import passages
from enduse.assess.signs import Sign
from enduse.assess.words import words_of
from enduse.model.party import Owner, Party
from enduse.model.transaction import Transaction
from enduse.rules.pack import Listings
from enduse.rules.tables import Tables

GOOD_LISTS = frozenset({"us_veu"})
"""Lists that speak for a party: validated end users (15 CFR 748.15)."""
_GOOD = re.compile(
    r"validated|trusted|authori[sz]ed economic|\bAEO\b|C-?TPAT|known (?:shipper|consignor)|accredited|certifi|"
    r"\btier \d|stock exchange|self-certified|white ?list",
    re.IGNORECASE,
)
"""Programmes that speak for a party, as users write them."""
_CLEAR = re.compile(
    r"^(?:no|none|not|nil|never|nothing|clear|unlisted|delisted|removed|negative)\b|no (?:hit|match)|not (?:on|listed)|"
    r"removed from|taken off|delisted",
    re.IGNORECASE,
)
"""What users write where no list has the party."""
_YEAR = timedelta(days=365)
_INVASION = date(2022, 2, 24)
_JUMP = 5
_SPLIT_DAYS = timedelta(days=60)


def read_structure(
    transaction: Transaction, tables: Tables, listings: Listings, history: Sequence[Transaction], as_of: date
) -> tuple[Sign, ...]:
    """Signs that stand in fields and in figures, not in words."""
    return (
        *_listed(transaction, listings),
        *_shared(transaction, listings),
        *_contact(transaction),
        *_codes(transaction, tables),
        *_formed(transaction, tables, as_of),
        *_norms(transaction),
        *_against_history(transaction, history, as_of),
    )


def _listed(transaction: Transaction, listings: Listings) -> Iterator[Sign]:
    for n, party in enumerate(transaction.parties, start=1):
        for tag in party.listed_on:
            if _CLEAR.search(tag):
                continue
            good = tag in GOOD_LISTS or _GOOD.search(tag)
            yield Sign("ok_listed_good" if good else "listed", f"party {n}: listed on", tag)
        for owner in _owners(party.owners):
            if owner.listed_on and not all(_CLEAR.search(tag) for tag in owner.listed_on):
                yield Sign("listed", f"party {n}: owner", f"{owner.name} ({', '.join(owner.listed_on)})", 0.8)
    for hit in listings.found:
        if hit.tag not in GOOD_LISTS:
            yield Sign("listed", "screening", f"{hit.tag}: {hit.said}", 1.0 if hit.certain else 0.5)


def _owners(owners: Iterable[Owner]) -> Iterator[Owner]:
    """Owners and their owners, as far as told."""
    for owner in owners:
        yield owner
        yield from _owners(owner.owners)


def _points(party: Party) -> Iterator[str]:
    """Contact points that two strangers do not share: street address, number, mail domain of one's own, website."""
    for address in party.addresses:
        text = address.text or " ".join(filter(None, (address.street, address.city, address.postcode)))
        if sum(c.isdigit() for c in text) and len(text) > 8:
            yield "address:" + re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
    for mark in party.identifiers:
        if mark.kind == "phone":
            yield "phone:" + re.sub(r"\D", "", mark.value)[-9:]
        elif mark.kind in {"email", "website"}:
            domain = re.sub(r"^(https?://)?(www\.)?", "", mark.value.lower().rpartition("@")[2]).split("/")[0]
            if domain not in FREE_MAIL:
                yield "domain:" + domain


FREE_MAIL = words_of(
    """
    gmail.com googlemail.com yahoo.com hotmail.com outlook.com live.com aol.com icloud.com gmx.de gmx.net web.de
    mail.ru yandex.ru bk.ru inbox.ru list.ru qq.com 163.com 126.com sina.com foxmail.com protonmail.com proton.me
    tutanota.com zoho.com rambler.ru mail.com yahoo.co.uk naver.com hanmail.net abv.bg seznam.cz
    """
)
"""Public mail providers: an address there belongs to nobody's company."""


def _shared(transaction: Transaction, listings: Listings) -> Iterator[Sign]:
    """Edges of the graph of contact points between parties, and from a party to an entry of a list."""
    at: dict[str, set[str]] = defaultdict(set)
    for n, party in enumerate(transaction.parties, start=1):
        for point in _points(party):
            at[point].add(party.name or f"party {n}")
    for hit in listings.found:
        if hit.entry is None:
            continue
        listed = Party(name=hit.entry.names[0].text, addresses=hit.entry.addresses, identifiers=hit.entry.identifiers)
        for point in _points(listed):
            if point in at and at[point] != {listed.name}:
                at[point].add(f"{listed.name} (listed)")
    for point, who in at.items():
        if len(who) > 1:
            yield Sign(
                "shared_contact", point.partition(":")[0], f"{', '.join(sorted(who))}: {point.partition(':')[2]}"
            )


def _contact(transaction: Transaction) -> Iterator[Sign]:
    for n, party in enumerate(transaction.parties, start=1):
        mails = [i.value.lower().rpartition("@")[2] for i in party.identifiers if i.kind == "email"]
        if mails and all(d in FREE_MAIL for d in mails):
            yield Sign("freemail_field", f"party {n}: email", ", ".join(mails))
        for mark in party.identifiers:
            elsewhere = mark.country and party.country and mark.country[:2] != party.country[:2]
            if mark.kind in {"phone", "website", "email"} and elsewhere:
                yield Sign("contact_unmatched", f"party {n}: {mark.kind}", f"{mark.value} ({mark.country})")


def _codes(transaction: Transaction, tables: Tables) -> Iterator[Sign]:
    listed = tables.members("@high_priority:chpl")
    for n, line in enumerate(transaction.lines, start=1):
        code = (line.item.hs_code or "").replace(".", "")[:6]
        if code and any(h.startswith(code) for h in listed):
            yield Sign("high_priority", f"line {n}: HS code", code, 1.0 if len(code) == 6 else 0.6)


def _formed(transaction: Transaction, tables: Tables, as_of: date) -> Iterator[Sign]:
    sought = any(True for _ in _codes(transaction, tables))
    for n, party in enumerate(transaction.parties, start=1):
        formed = party.incorporated_on
        if formed and (as_of - formed < _YEAR or (sought and formed >= _INVASION)):
            yield Sign("formed_lately", f"party {n}: incorporated", formed.isoformat())


_NUMBERS: Mapping[str, int] = {
    "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "few": 4, "five": 5, "handful": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "dozen": 12, "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "fifteen": 15, "sixteen": 16, "eleven": 11,
    "hundred": 100, "hundreds": 300, "thousand": 1000, "thousands": 3000,
}  # fmt: skip
_NORM = re.compile(
    r"\b(?:normal(?:ly)?|usual(?:ly)?|typical(?:ly)?|general(?:ly)?|ordinar(?:y|ily)|keeps?|needs?|requires?|"
    r"uses?|consum\w+|fleet of|"
    r"has|have|holds?|stocks?|owns?|operates?|runs?|flies|capacity|enough|per year|"
    r"a year|yearly|annual(?:ly)?|average)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.,-])(\d{1,3}(?:[ ,]\d{3})+|\d+|" + "|".join(_NUMBERS) + r")(?![\w-]|[.,]\d)", re.IGNORECASE
)


def _norms(transaction: Transaction) -> Iterator[Sign]:
    """A quantity told beside what the user normally needs, or beside another count: many times over, or in line."""
    for text in passages(transaction):
        if text.kind not in {"order", "history", "other", "documents", "use"}:
            continue
        figures = list(_figures(text.text))
        figures = [(at, f) for at, f in figures if f and not _beside_the_point(text.text, at, f)]
        if len(figures) < 2:
            continue
        norm = _NORM.search(text.text)
        need = next((f for at, f in figures if norm and at > norm.start()), None)
        asked = [f for at, f in figures if norm and at < norm.start()]
        if need and asked:
            times = max(asked) / need
            if times > 2:
                yield Sign("above_norm", text.where, text.text, min(1.0, times / 6))
            else:
                yield Sign("ok_proportion", text.where, text.text)
        elif (apart := max(f for _, f in figures) / min(f for _, f in figures)) >= 4:
            yield Sign("above_norm", text.where, text.text, min(1.0, apart / 20))


_ASIDE = re.compile(
    r"\s*(?:k?v|vac|volts?|k?hz|mhz|ghz|k?w|mw|bar|mbar|nm|mm|cm|km|kg|rpm|k?j|axis|axes|degrees?|a|amps?|"
    r"days?|months?|weeks?|years?|hours?|per cent|%|countries|(?:st|nd|rd|th)\b|one\b|exact|(?-i:[A-Z]{3})\b)",
    re.IGNORECASE,
)


def _beside_the_point(text: str, at: int, figure: int) -> bool:
    """Years, durations, percentages, money, numbers of papers, and "one" as a pronoun are no counts of goods."""
    before = text[max(0, at - 12) : at].lower()
    after = text[at + len(str(figure)) if text[at].isdigit() else at + len(re.match(r"\w+", text[at:]).group()) :]  # type: ignore[union-attr]
    return (
        (1900 <= figure <= 2100)
        or bool(
            re.search(
                r"(?:usd|eur|gbp|chf|[$€£]|no\.?|number|tender|notice|contract|entry in a list of|worth)\s*$", before
            )
        )
        or bool(_ASIDE.match(after))
        or (figure == 1 and bool(re.search(r"\b(?:for|in|of|each)\s*$", before)) and bool(re.match(r"\s*[a-z]", after)))
    )


def _figures(text: str) -> Iterator[tuple[int, int]]:
    """Counts in a text with their place; "two hundred" is one of them."""
    waiting: tuple[int, int, int] | None = None
    for match in _FIGURE.finditer(text):
        value = _figure(match.group(1))
        if waiting and not text[waiting[2] : match.start()].strip() and value >= 100:
            waiting = (waiting[0], waiting[1] * value, match.end())
            continue
        if waiting:
            yield waiting[:2]
        waiting = (match.start(), value, match.end())
    if waiting:
        yield waiting[:2]


def _figure(word: str) -> int:
    return (
        _NUMBERS.get(word.lower()) or int(re.sub(r"[ ,]", "", word)) if not word.isalpha() else _NUMBERS[word.lower()]
    )


def _against_history(transaction: Transaction, history: Sequence[Transaction], as_of: date) -> Iterator[Sign]:
    """Quantity and unit price against the same buyer's past orders of the same item; small orders in quick sequence."""
    buyers = {p.name for p in transaction.parties if p.name}
    past = [t for t in history if buyers & {p.name for p in t.parties if p.name}]
    for line in transaction.lines:
        same = [row for t in past for row in t.lines if row.item.description == line.item.description]
        yield from _jump("quantity", _amounts([line], "quantity"), _amounts(same, "quantity"))
        yield from _jump("unit price", _prices([line]), _prices(same))
    recent = [t for t in past if t.on and timedelta(0) <= as_of - t.on <= _SPLIT_DAYS]
    if len(recent) >= 2:
        totals = [v for t in (*recent, transaction) if (v := _total(t)) is not None]
        if len(totals) > 2 and max(totals) < min(totals) * Decimal("1.25"):
            yield Sign("splitting", "orders of the last 60 days", f"{len(totals)} orders of about {min(totals)}")


def _amounts(rows: Iterable[object], field: str) -> list[Decimal]:
    return [found.amount for r in rows if (found := getattr(r, field)) is not None]


def _prices(rows: Iterable[object]) -> list[Decimal]:
    return [
        r.value.amount / r.quantity.amount  # type: ignore[attr-defined]
        for r in rows
        if r.value and r.quantity and r.quantity.amount  # type: ignore[attr-defined]
    ]


def _jump(what: str, now: list[Decimal], before: list[Decimal]) -> Iterator[Sign]:
    if not now or len(before) < 3:
        return
    usual = median(before)
    if usual and max(now) > _JUMP * usual:
        yield Sign("quantity_jump", what, f"{max(now):g}, usually {usual:g}", min(1.0, float(max(now) / usual) / 10))


def _total(transaction: Transaction) -> Decimal | None:
    values = [row.value.amount for row in transaction.lines if row.value]
    return sum(values, Decimal(0)) if values else None
