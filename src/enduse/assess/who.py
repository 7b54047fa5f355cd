"""Who pays, who receives, and from where they call: names in the texts held against the parties of the transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from enduse.assess.knowledge import TOLD, Knowledge
from enduse.assess.passages import Passage, part_of, passages
from enduse.assess.signs import Sign
from enduse.assess.structure import FREE_MAIL
from enduse.assess.words import tokens, words_of
from enduse.model.transaction import Transaction
from enduse.rules.tables import Tables

_PAID_BY = re.compile(
    r"\b(?:paid|pays|settled|funded|financed|covered|met|remitted|sponsored|prepaid|invoiced|billed|"
    r"charged|wired|underwritten)"
    r"(?: in \w+)?(?: half)? (?:by|from|to|through|via|out of|with)\s+([^,;.]{2,60})"
    r"|\b(?:transfers?|wires?|money|funds|deposits?|payments?|cheques?|card|remittance|sum) "
    r"(?:from|by|of|through|via)\s+([^,;.]{2,60})",
    re.IGNORECASE,
)
_PAYS = re.compile(
    r"([^,;.]{2,60}?)\s+(?:pays?|paid|settles|settled|covers|funds|wires|wired|remits|remitted|foots|"
    r"finances|sponsors)\b",
    re.IGNORECASE,
)
_SENT_TO = re.compile(
    r"\b(?:ship|shipped|ships|shipping|deliver|delivered|delivers|delivery|send|sent|sends|forward|forwarded|"
    r"consign|consigned|"
    r"drop|dropped|hand|handed|goes|go|take|taken|bring|brought|fly|flown|"
    r"collect|collected|fetch|fetched|unload|unloaded|store|stored|leave|left)"
    r"(?: over| on| off| up)? (?:to|at|in|into|by|with|from)\s+([^,;.]{2,60})",
    re.IGNORECASE,
)
_OWN = words_of(
    """
    buyer purchaser customer user consignee own its their his her same local group company site plant work factory
    campus ward yard premise door house recipient operator end manufacturer maker seller supplier exporter budget
    grant project programme ministry treasury government international national public
    """
)
_MEANS = words_of(
    """
    letter transfer card instalment invoice bank cheque cash credit delivery account advance collection order day
    acceptance receipt milestone stage full term due time schedule request sea air road rail truck courier post
    flight ship vessel container crate box carton seal installation installed factory commissioning
    airport port station terminal nearest quay maker tracked
    direct price quote normal usual
    """
)
_CALL = re.compile(r"\+\s?(\d{1,3})(?=[\s\d(-]|\b)")
_DOMAIN = re.compile(r"(?:@|\bwww\.|\b)([\w-]+(?:\.[\w-]+)*\.([a-z]{2,}))\b", re.IGNORECASE)


def read_who(transaction: Transaction, know: Knowledge, tables: Tables) -> tuple[Sign, ...]:
    """Payers and receivers that are none of the parties; telephone codes and domains of places nobody is at home in."""
    ours = _ours(transaction)
    texts = passages(transaction)
    told = [t for t in texts if t.kind in TOLD]
    return (*_payers(told, ours, know), *_receivers(told, ours, know), *_calls(texts, transaction, tables))


def _ours(transaction: Transaction) -> frozenset[str]:
    """The words that mean our own side: what the buyer's side is called and does, and where it is."""
    texts = [
        text
        for p in transaction.parties
        if part_of(p, transaction) in {"end", "buyer", "recipient"}
        for text in (p.name, p.description)
        if text
    ]
    words = frozenset(t.word for text in texts for t in tokens(text)) - _LIGHT
    return words | _OWN


_LIGHT = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "in",
        "and",
        "to",
        "by",
        "on",
        "at",
        "from",
        "trading",
        "trade",
        "company",
        "private",
        "with",
        "individual",
    ]
)


def _payers(told: Iterable[Passage], ours: frozenset[str], know: Knowledge) -> Iterator[Sign]:
    for text in told:
        if text.kind not in {"payment", "documents", "order", "other"}:
            continue
        for pattern in (_PAID_BY, _PAYS):
            for match in pattern.finditer(text.text):
                said = next(g for g in match.groups() if g)
                who = [t.word for t in tokens(said)][-6 if pattern is _PAYS else None :]
                content = [w for w in who if w not in _LIGHT]
                if not content or set(content[:2]) & _MEANS or any(w.isdigit() for w in content[:1]):
                    continue
                placed = sum(m.last - m.first + 1 for m in know.places.find(said))
                if not set(content) & ours and placed < len(content):
                    yield Sign("payer_differs", text.where, match.group().strip(), 0.8)


_ONWARD = re.compile(r"\bto (?:a|an|the|some) ([^,;.]{2,40})", re.IGNORECASE)


def _receivers(told: Iterable[Passage], ours: frozenset[str], know: Knowledge) -> Iterator[Sign]:
    for text in told:
        onward = _ONWARD.finditer(text.text) if text.kind == "routing" else iter(())
        for match in (*_SENT_TO.finditer(text.text), *onward):
            content = [t.word for t in tokens(match.group(1)) if t.word not in _LIGHT][:5]
            if not content or set(content[:2]) & _MEANS or any(w.isdigit() for w in content[:1]):
                continue
            if not set(content) & ours and not know.places.find(match.group(1)):
                yield Sign("deliver_elsewhere", text.where, match.group().strip(), 0.7)


def _calls(told: Iterable[Passage], transaction: Transaction, tables: Tables) -> Iterator[Sign]:
    home = {p[:2] for p in (transaction.destination, *(q.country for q in transaction.parties)) if p}
    embargo = tables.members("@concern:embargo")
    for text in told:
        if text.kind == "item":
            continue
        for place, said in _marks(text.text, tables):
            if place not in home:
                yield Sign("embargo_link" if place in embargo else "contactelsewhere", text.where, said)
        for match in _DOMAIN.finditer(text.text):
            if match.group(1).lower() in FREE_MAIL:
                yield Sign("personalmail", text.where, match.group())


def _marks(text: str, tables: Tables) -> Iterator[tuple[str, str]]:
    codes = {r["code"]: r["place"] for r in tables.tables["dial"].rows} if "dial" in tables.tables else {}
    for match in _CALL.finditer(text):
        found = next((codes[match.group(1)[:n]] for n in (3, 2, 1) if match.group(1)[:n] in codes), None)
        if found:
            yield found, match.group()
    known = frozenset(codes.values())
    for match in _DOMAIN.finditer(text):
        ending = match.group(2).upper()
        place = "GB" if ending == "UK" else ending
        if place in known:
            yield place, match.group()
