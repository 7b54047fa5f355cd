"""The list's shorthand for paragraphs, read out in full.

"3A001.b.2 and b.3", "a.1 to a.3", "1B001 to 1B003", "5A001.b (except .b.5), .c" each become a pair of
code tuples: what is meant, and what is left out. Words that are not codes make the reader give up
(`None`), so that a scope is either understood whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from enduse.model.base import Value

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<code>(?:ECCNs?\s)?\d[A-E]\d{3}(?:\s?\.\s?(?:[a-z]|\d{1,2})(?![a-z]))*)
  | (?P<short>\.?\s?[a-z](?![a-z])(?:\.\s?(?:\d{1,2}|[a-z])(?![a-z]))*)(?![a-z0-9"'])
  | (?P<group>\d[A-E])(?![0-9A-Z])
  | (?P<to>to|through)(?![a-z])
  | (?P<open>\(except\s+(?:for\s+)?)
  | (?P<close>\))
  | (?P<join>,|;|and|or|\.)
    )""",
    re.X,
)


class Scope(Value):
    """Paragraphs meant and paragraphs left out; a code stands for all that lies under it."""

    includes: tuple[str, ...]
    excludes: tuple[str, ...] = ()


def read_codes(text: str, *, eccn: str, known: Collection[str]) -> Scope | None:
    """The codes a list of codes names, or None when the text is more than a list of codes."""
    text = re.sub(r"\s+\.(?=[a-z]\b)", " .", text.strip().rstrip("."))
    if parted := re.match(r"^(?P<whole>.+?),? except (?:for )?(?P<part>[^()]+)$", text):
        whole = read_codes(parted["whole"], eccn=eccn, known=known)
        base = whole.includes[-1][:5] if whole else eccn
        part = read_codes(parted["part"], eccn=base, known=known)
        if whole is None or part is None or whole.excludes:
            return None
        return Scope(includes=whole.includes, excludes=part.includes)
    return _walk(text, eccn, known)


def _walk(text: str, eccn: str, known: Collection[str]) -> Scope | None:
    found: dict[bool, list[str]] = {False: [], True: []}
    inside, ranging, place, base = False, False, 0, eccn
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.end() == place:
            return None if text[place:].strip() else _scope(found)
        place = match.end()
        kind = match.lastgroup
        if kind == "open":
            inside = True
        elif kind == "close":
            inside = False
        elif kind == "to":
            ranging = bool(found[inside])
            if not ranging:
                return None
        elif kind in {"code", "short", "group"}:
            code = _full(match[kind], base)
            base = code[:5] if len(code) >= 5 else base
            if ranging:
                found[inside].extend(_between(found[inside].pop(), code, known))
                ranging = False
            elif kind == "group":
                found[inside].extend(sorted(c for c in known if c.startswith(code) and "." not in c))
            else:
                found[inside].append(code)
    return _scope(found)


def _scope(found: dict[bool, list[str]]) -> Scope | None:
    if not found[False]:
        return None
    return Scope(includes=tuple(dict.fromkeys(found[False])), excludes=tuple(dict.fromkeys(found[True])))


def _full(token: str, base: str) -> str:
    token = re.sub(r"\s|ECCNs?", "", token)
    return token if re.match(r"\d[A-E]", token) else f"{base}.{token.lstrip('.')}"


def _between(first: str, last: str, known: Collection[str]) -> list[str]:
    """The codes from `first` to `last`, both included, that exist at that level."""
    level = first.count(".")
    same = [code for code in known if code.count(".") == level and _parent(code) == _parent(first)]
    low, high = code_key(first), code_key(last)
    between = [code for code in same if low <= code_key(code) <= high]
    return sorted({first, last, *between}, key=code_key)


def _parent(code: str) -> str:
    return code.rsplit(".", 1)[0] if "." in code else code[:2]


@lru_cache(maxsize=16384)
def code_key(code: str) -> tuple[tuple[int, str], ...]:
    """Sorts codes as the list prints them: a.2 before a.14, y before aa."""
    return tuple((int(part), "") if part.isdigit() else (len(part), part) for part in code.split("."))


def missing(codes: Iterable[str], known: Collection[str]) -> list[str]:
    """Codes that no paragraph or entry of the list carries."""
    return [code for code in codes if code not in known]
