"""Signs: what the texts and fields of a transaction give away, each with the words that did it and how strongly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from enduse.assess.knowledge import PARTS, Knowledge
from enduse.assess.passages import Passage, names_business, part_of
from enduse.assess.words import NEGATIONS, Match, tokens, uncontained, words_of
from enduse.model.party import Party
from enduse.model.transaction import Transaction


class Sign(NamedTuple):
    """One sign seen once: its name, where, the words or value, and a strength from 0 to 1."""

    name: str
    where: str
    words: str
    strength: float = 1.0


ALARM: Mapping[str, float] = {"end": 1.0, "buyer": 0.85, "middle": 0.75, "agent": 0.4, "seller": 0.3, "recipient": 0.5}
"""How much it matters that a party in this part is, say, a trader: who is to use the goods should not be one."""
EASE: Mapping[str, float] = {"end": 1.0, "buyer": 0.7, "middle": 0.6, "agent": 0.35, "seller": 0.25, "recipient": 0.7}
"""How much it reassures that a party in this part is, say, a hospital."""
_NATURAL: Mapping[str, frozenset[str]] = {
    "forwarder_party": frozenset({"agent"}),
    "intermediary": frozenset({"agent"}),
    "reseller": frozenset({"seller"}),
}
"""Parts that are in nobody's way: a forwarder who forwards."""


def read_signs(texts: Iterable[Passage], know: Knowledge) -> tuple[Sign, ...]:
    """The signs that stand in words; a reassuring one that is denied ("no licence held") is the sign `lacking`."""
    return tuple(s for t in texts for s in _of(t, know))


def _of(text: Passage, know: Knowledge) -> Iterator[Sign]:
    found = know.signs_in(text.text, text.kind)
    if text.kind != "item":
        yield from _denials(text, found)
    for match in uncontained(found, know.polarity):
        side = know.polarity.get(match.key, 0)
        if text.kind in _NATURAL.get(match.key, frozenset()):
            continue
        if not match.denied:
            yield Sign(match.key, text.where, match.said, _strength(text.kind, side, match))
        elif side < 0 and match.key != "tone_good":
            yield Sign("lacking", text.where, f"no {match.said}")


_BODY = words_of(
    """
    ltd limited llc inc corp corporation company co gmbh ag sa srl bv nv fze fzco fzc fzllc pte plc kk oy ab as sarl
    trading group establishment est logistics enterprise enterprises industries technologies holding holdings
    """
)
_NAMED = frozenset(
    {"trader", "reseller", "forwarder_party", "maildrop", "freezone", "residential", "shell", "route_odd"}
)
_FORM_HOME: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("fze", "fzco", "fzc", "fzllc", "dmcc"), frozenset({"AE"})),
    **dict.fromkeys(("ooo", "zao", "oao", "pao"), frozenset({"RU", "BY", "KZ", "KG", "UZ", "AM"})),
    "gmbh": frozenset({"DE", "AT", "CH", "LI", "LU"}),
    "sarl": frozenset({"FR", "LU", "CH", "MA", "TN", "DZ", "LB", "MC", "SN", "CI", "CM", "MG", "TG", "BJ", "ML"}),
    "srl": frozenset({"IT", "RO", "MD", "AR", "BE", "BO", "PY", "PE", "UY", "DO", "CR"}),
    "oy": frozenset({"FI"}),
    "kk": frozenset({"JP"}),
    "sdnbhd": frozenset({"MY", "BN"}),
    "fzcollc": frozenset({"AE"}),
}
"""Where a legal form is at home, for forms that are at home in few places."""


def _form_elsewhere(party: Party, number: int) -> Iterator[Sign]:
    """A legal form that the party's own country does not know ("FZE" in Denmark)."""
    ending = (party.name or "").lower().replace(".", "").replace("-", "").split()
    home = _FORM_HOME.get(ending[-1]) if ending else None
    if home and party.country and party.country[:2] not in home:
        yield Sign("contact_unmatched", f"party {number}: name", f"{ending[-1].upper()} in {party.country}", 0.6)


def read_names(transaction: Transaction, know: Knowledge) -> Iterator[Sign]:
    """What an organisation's own name says of its trade ("General Trading FZE"); a person's name is never read."""
    for n, party in enumerate(transaction.parties, start=1):
        words = {t.word for t in tokens(party.name or "")}
        part = part_of(party, transaction)
        plain = any(w.islower() and len(w) > 4 for w in re.findall(r"[^\W\d_]+", party.name or ""))
        if not (words & _BODY or plain) or not names_business(party) or part in {"seller", "agent"}:
            continue
        yield from _form_elsewhere(party, n)
        for match in know.signs_in(str(party.name), part):
            if match.key in _NAMED:
                yield Sign(match.key, f"party {n}: name", match.said, 0.4 * ALARM[part])


_TROUBLE = words_of(
    """
    debt arrear complaint damage defect delay change deviation difference discrepancy objection concern doubt
    problem loss theft military weapon army resale reexport export middleman intermediary agent broker trader
    forwarder cash hurry rush alteration interruption violation breach conviction penalty sanction secrecy secret
    hidden third stop detour transshipment
    """
)


def _denials(text: Passage, matches: Iterable[Match]) -> Iterator[Sign]:
    """What a text says is not there, where no phrase has read it: trouble denied reassures, anything else alarms."""
    words = tokens(text.text)
    read = {n for m in matches for n in range(m.first, m.last + 1) if not m.key.startswith("tone_")}
    for at, token in enumerate(words):
        if token.word in NEGATIONS and at not in read and at + 1 < len(words):
            after = {w.word for w in words[at + 1 : at + 4]}
            said = text.text[token.start : words[min(at + 3, len(words) - 1)].end]
            yield Sign("ok_denial" if after & _TROUBLE else "denial", text.where, said)


_SILENT = frozenset(
    {"generic_party", "use_vague", "use_absent", "dual_use", "tone_bad", "quantity_size", "hub", "words_alarm"}
)
_NATURE = frozenset({"mil_use", "wmd_use", "covert_use"})
"""Signs that, in an item's description, tell what it is and not what it is for."""
_DEALING = frozenset({"trader", "reseller", "intermediary", "forwarder_party"})
_DETAIL = frozenset({"ok_operator", "ok_specific_use", "ok_fit", "ok_maker"})


def tempered(signs: Iterable[Sign], know: Knowledge, *, military: bool = False) -> Iterator[Sign]:
    """Signs in the light of each other.

    Detail reassures only where nothing in the same text alarms ("flat" is detail too); a vague word in a statement that
    is otherwise specific says less; a hub as
    destination matters only for goods that diverters seek; a military user of a `military` item is the natural one.
    """
    listed = tuple(signs)
    alarmed = {s.where for s in listed if know.polarity.get(s.name, 0) > 0 and s.name not in _SILENT}
    strangers = {s.where.rpartition(" of ")[2] for s in listed if s.name == "misfit_business"}
    dealers = {s.where.partition(" (")[0] for s in listed if s.name in _DEALING}
    misfit_use = any(s.name == "misfit_use" for s in listed)
    described = {s.where for s in listed if s.name == "ok_operator"}
    sought = any(s.name in {"dual_use", "high_priority", "coded"} for s in listed)
    silent = any(s.name == "use_absent" for s in listed)
    specific = any(s.name == "ok_specific_use" and s.strength > _SOME for s in listed)
    borne_out = any(s.name == "ok_fit" and "use" in s.where for s in listed)
    operator = any(s.name in {"ok_operator", "ok_public", "ok_utility", "ok_maker"} for s in listed)
    for sign in listed:
        if sign.name == "hub" and sign.where == "destination" and not sought:
            continue
        if sign.name == "mil_use" and military:
            yield sign._replace(strength=0.25 * sign.strength)
        elif sign.name == "ok_specific_use" and not (borne_out or operator):
            yield sign._replace(name="use_unborne")
        elif sign.name == "ok_specific_use" and not borne_out:
            yield sign._replace(strength=0.5 * sign.strength)
        elif sign.name == "ok_operator" and sign.where.partition(" (")[0] in strangers:
            yield sign._replace(strength=0.25 * sign.strength)
        elif sign.name == "ok_fit" and sign.where.rpartition(" of ")[2] in dealers:
            yield sign._replace(strength=0.2 * sign.strength)
        elif sign.name == "ok_operator" and sign.where in alarmed:
            yield sign._replace(name="generic_party", strength=0.8 * sign.strength)
        elif sign.name in _DETAIL and (sign.where in alarmed or (sign.name == "ok_specific_use" and misfit_use)):
            yield sign._replace(strength=0.25 * sign.strength)
        elif (sign.name == "use_vague" and silent) or (sign.name == "generic_party" and sign.where in described):
            continue
        elif sign.name == "use_vague" and specific:
            yield sign._replace(strength=0.2 * sign.strength)
        else:
            yield sign


_SOME = 0.5


def _strength(kind: str, side: int, match: Match) -> float:
    if kind == "item" and match.key in _NATURE:
        return 0.3
    if match.key.startswith("tone_") or kind not in PARTS:
        return 1.0
    return (ALARM if side > 0 else EASE)[kind]
