"""Which items a control row covers: paragraphs where the wording is a list, else a reading made by hand.

A hand-made reading (`readings/*.csv`) is keyed by the digest of the official wording. When the wording
changes, the digest no longer fits and the build stops at that row instead of applying an old reading.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from enduse.model.base import Value
from enduse.packs.us_ear.build.codes import read_codes
from enduse.packs.us_ear.build.text import plain


class Reach(Value):
    """Items a row covers: paragraph codes, codes of the items served, and a condition to be asked."""

    includes: tuple[str, ...]
    excludes: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    condition: str = ""
    question: str = ""


_KIND = r'(?:"?software"?|"?technology"?)'
_USE = (
    r'"?(?:development|production|use|operation|installation|maintenance|repair|overhaul|refurbishing|disposal)'
    r'"?,?"?'
)
_VERBS = rf"(?:,? ?(?:and |or |of )*(?:the )?{_USE})+"
_THINGS = r"(?:items|commodities|equipment|materials|commodities and software|systems|equipment, functions or features)"
_SERVES = re.compile(
    rf'^(?:the entire entry as applicable for )?{_KIND}?(?: (?:"?specially designed"?|"?required"?))?'
    rf"(?: for)?(?: (?:the )?{_VERBS} ?(?:of)?)?(?: for)? ?"
    rf"{_THINGS} (?:controlled|specified) (?:by|in|under) (?:ECCNs? )?(?P<codes>.+?)"
    r"(?: for (?P<reason>[A-Z]{2}) [Rr]easons)?$"
)
_ENTIRE = re.compile(r"^(?:the )?entire entry$")
_EXCEPT = re.compile(r"^(?:the )?entire entry,? except:? (?P<rest>.+)$")
_EXCEPT_SERVED = re.compile(
    rf"^entire entry,? except (?:for )?{_KIND} for (?:equipment controlled by )?(?P<codes>\d.+)$"
)
_WORDS = re.compile(
    r'^(?:items (?:controlled by|controlled in|in)|paragraphs?|"?software"? controlled by|those items in|the) '
)


def read_scope(text: str, *, eccn: str, known: Collection[str]) -> Reach | None:
    """The reach of a scope that is a plain list of codes; None when it says more than that."""
    text = plain(text)
    if _ENTIRE.match(text):
        return Reach(includes=(eccn,))
    if served := _EXCEPT_SERVED.match(text):
        codes = read_codes(served["codes"], eccn=eccn, known=known)
        return Reach(includes=(eccn,), serves=tuple(f"-{code}" for code in codes.includes)) if codes else None
    if excepted := _EXCEPT.match(text):
        codes = read_codes(excepted["rest"].removesuffix(" of this entry"), eccn=eccn, known=known)
        return Reach(includes=(eccn,), excludes=codes.includes) if codes else None
    if served := _SERVES.match(text):
        if eccn[1] in "ABC":
            return _listed(re.sub(r"^.*?controlled (?:by|in) ", "", text), eccn, known)
        return _served(served["codes"], served["reason"], eccn, known)
    return _listed(text, eccn, known)


def _listed(text: str, eccn: str, known: Collection[str]) -> Reach | None:
    text = re.sub(r" (?:of this entry|only)$", "", _WORDS.sub("", text))
    codes = read_codes(text, eccn=eccn, known=known)
    if codes is None or any(code[:5] != eccn for code in (*codes.includes, *codes.excludes)):
        return None
    return Reach(includes=codes.includes, excludes=codes.excludes)


def _served(text: str, reason: str | None, eccn: str, known: Collection[str]) -> Reach | None:
    codes = read_codes(text, eccn=eccn, known=known)
    if codes is None or any(code[:5] == eccn for code in codes.includes):
        return None
    tokens = (*codes.includes, *(f"-{code}" for code in codes.excludes))
    return Reach(includes=(eccn,), serves=(*tokens, f"reason:{reason}") if reason else tokens)
