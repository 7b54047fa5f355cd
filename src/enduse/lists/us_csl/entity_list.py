"""Reads what an Entity List row demands (15 CFR 744.11, 744.16 and Supplement No. 4 to Part 744) into values.

The row's own words stay with the listed party; here they become a scope, exemptions and footnotes that rules can
ask about. What a text says beyond that is kept in `unread` and never counts as permission.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from enduse.model.base import Value

Scope = Literal[
    "all_items_subject_to_ear",
    "all_except_ear99",
    "all_except_codes",
    "ccl_items",
    "ccl_and_listed_items",
    "listed_codes",
    "listed_items",
    "prose",
]
"""What a licence is needed for. `listed_items`: those in the supplement named in `listed_in`;
`ccl_and_listed_items`: everything on the Commerce Control List and, of EAR99, what that supplement lists;
`all_except_codes` and `listed_codes`: see `codes`; `prose`: read the text."""

ExemptionKind = Literal[
    "food_or_medicine_ear99",
    "codes",
    "codes_unless",
    "ofac_general_license",
    "standards_work",
    "uav_technology_ear99",
    "prose",
]


class Exemption(Value):
    """Something the requirement leaves out, in the row's words, with the codes it names.

    `ofac_general_license`: items of transactions a Treasury general licence authorises; `standards_work`: EAR99 or
    anti-terrorism-only technology released in a standards organisation; `codes_unless`: codes left out on a condition
    that the text states (such as: unless for a government end user); `prose`: read the text.
    """

    kind: ExemptionKind
    text: str
    codes: tuple[str, ...] = ()


class AdmittedException(Value):
    """A licence exception the row itself says may overcome its requirement; `text` holds provision and limits."""

    code: str
    text: str


class EntityListRequirement(Value):
    """A licence requirement of the Entity List (or of the Military End-User List) as far as its text is understood.

    `footnotes` are those of Supplement No. 4 that extend foreign-direct-product rules (1, 4, 5: 734.9(e); 3:
    734.9(g)); the digit may be printed, or follow from the provision cited. `only_projects` names the provision
    whose projects the requirement is limited to. `exceptions` are the licence exceptions the row itself admits.
    `unread` is what no reading covers; `digest` identifies the text read.
    """

    scope: Scope
    codes: tuple[str, ...] = ()
    listed_in: str | None = None
    only_projects: str | None = None
    exemptions: tuple[Exemption, ...] = ()
    exceptions: tuple[AdmittedException, ...] = ()
    footnotes: tuple[int, ...] = ()
    see: tuple[str, ...] = ()
    worldwide: bool = False
    unread: str | None = None
    digest: str

    @property
    def whole(self) -> bool:
        """Was everything in the text understood?"""
        return self.scope != "prose" and self.unread is None and all(e.kind != "prose" for e in self.exemptions)


PolicyToken = Literal["denial", "presumption_of_denial", "case_by_case", "presumption_of_approval", "see_provision"]


class PolicyClause(Value):
    """One limb of a review policy and the items it is said of (in the row's words; absent means all)."""

    token: PolicyToken
    of: str | None = None
    codes: tuple[str, ...] = ()


class EntityListPolicy(Value):
    """A licence review policy: its clauses in order, and the provisions it refers to."""

    clauses: tuple[PolicyClause, ...] = ()
    see: tuple[str, ...] = ()
    unread: str | None = None
    digest: str

    @property
    def tokens(self) -> tuple[PolicyToken, ...]:
        """The clauses' tokens, in order, each once."""
        return tuple(dict.fromkeys(clause.token for clause in self.clauses))


_SECTION = re.compile(r"(?:part)?\s*[§?]*\s*(7[3-7]\d\.[\dl]+)((?:\s?\([0-9a-zA-Z]{1,4}\))*)([a-z]?\b)?")
_CODE = re.compile(r"\b[0-9][A-E][0-9]{3}(?:\.[a-z](?:\.\d+)?(?:\.[a-z])?)*\b|\bEAR ?99\b")
_SUPPLEMENT = re.compile(r"supplement\s+no\.?\s*(\d+)\s+to\s+part\s+(\d+)", re.IGNORECASE)

_HEAD_TEXTS: tuple[tuple[Scope, str], ...] = (
    (
        "ccl_and_listed_items",
        (
            r"^(?:for )?(?:all )?items on the (?:ccl|commerce control list) and (?:ear ?99 items )?listed in "
            r"supplement no\.? \d+ to part \d+(?: of the ear)?"
        ),
    ),
    (
        "listed_items",
        r"^(?:for )?(?:any|all) items? (?:subject to the ear )?listed in supplement no\.? \d+ to part \d+",
    ),
    (
        "all_except_ear99",
        (
            r"^(?:for )?all items subjects? to the ear (?:having a classification |that are classified )?"
            r"(?:other than|except(?: for)?(?: items (?:classified|designated) as)?|not designated as) ear ?99"
            r"(?! (?:items|food|tech|food))(?: items)?"
        ),
    ),
    (
        "listed_codes",
        (
            r"^(?:for )?(?:all )?items (?:classified (?:as|under)|controlled under|described in|under) "
            r"(?:eccns? )?(?:[0-9][A-E][0-9]{3}[.a-z0-9]*(?:, and |, or |,| and | or |, )?\s*)+"
        ),
    ),
    ("listed_codes", r"^(?:for )?eccns? (?:[0-9][A-E][0-9]{3}[.a-z0-9]*(?:, and |, or | and | or |, )?)+"),
    ("ccl_items", r"^(?:for )?all items (?:listed )?on the (?:ccl|commerce control list)(?: \([^)]*\))?"),
    (
        "ccl_items",
        r"^(?:for )?all items subject to the ear (?:listed|that are) on the (?:ccl|commerce control list)",
    ),
    ("all_items_subject_to_ear", r"^(?:for )?all items subjects? to the ear\b"),
)
_HEADS = tuple((scope, re.compile(pattern, re.IGNORECASE)) for scope, pattern in _HEAD_TEXTS)
_EXCEPT = r"[,;]?\s*(?:except\b(?: for)?|apart from|other than|excluding)\s*:?\s*"
_EXEMPTIONS_TEXTS: tuple[tuple[ExemptionKind, str], ...] = (
    (
        "standards_work",
        (
            r"technology subject to the ear that is designated as ear99, or controlled on the commerce control "
            r"list for anti-terrorism reasons only, when released to members of a .standards organization..*?"
            r"of a .standard.(?: \([^)]*\))?"
        ),
    ),
    (
        "uav_technology_ear99",
        (
            r"ear99-designated technology for the operation, maintenance, or repair of unmanned aerial "
            r"vehicles(?: \(uav\))? released to this entity by the operator of the uav"
        ),
    ),
    (
        "ofac_general_license",
        (
            r"items that are related to transactions that are authorized by the department of the treasury.s "
            r"office of foreign assets control pursuant to general license no\. \w+ of \w+ \d+, \d{4}"
            r"(?:\. russia does not include the .crimea region of ukraine,. as that term is defined in "
            r"section 8\(d\) of e\.o\. 13685)?"
        ),
    ),
    ("food_or_medicine_ear99", r"food (?:or|and) medicine (?:designated|classified) as ear ?99"),
)
_CODES_EXEMPTED = (
    r"(?:" + _EXCEPT + r"|,\s*or\s+)eccns? (?:[0-9][A-E][0-9]{3}[.a-z0-9]*(?:, and | and | or |, )?)+"
    r"\s*(?:unless for (?:russian|belarusian) .government end users. and (?:russian|belarusian) state-owned "
    r"enterprises \(soes\)(?: to (?:russia|belarus))?)?"
)
_EXEMPTIONS: tuple[tuple[ExemptionKind, re.Pattern[str]], ...] = (
    *((kind, re.compile(_EXCEPT + pattern, re.IGNORECASE)) for kind, pattern in _EXEMPTIONS_TEXTS),
    ("codes", re.compile(_CODES_EXEMPTED, re.IGNORECASE)),
)
_PROJECTS = re.compile(r"when used in projects specified in", re.IGNORECASE)
_ADMITTED = re.compile(
    r"this license requirement may be overcome by license exception (\w{3}) (under .*)$",
    re.IGNORECASE,
)
_WORLDWIDE = re.compile(
    (
        r"the license requirements under this entry also extend to any export, reexport and transfer \(in-country\) to "
        r"the entity wherever located worldwide"
    ),
    re.IGNORECASE,
)
_PRINTED_FOOTNOTE = re.compile(r"734\.9\s*\([eg]\)(?:\(\d\))?,?\s*([1-5])(?=[\s,)]|$)(?!\s*\()")
_LAST_FOOTNOTE = re.compile(r"(?:of the EAR|\))[.)]*\s*([1-5])\s*\.?\s*$", re.IGNORECASE)
_CITED_FOOTNOTES = {"734.9(g)": 3, "734.9(e)(1)": 1, "734.9(e)(2)": 4, "734.9(e)(3)": 5}
_CONNECTIVES = re.compile(
    (
        r"\b(?:see?|and|of|the|ear[1-5]?|this|part|also|under|with case-by-case basis for items listed on the ccl)\b"
        r"|[\s().,;:§?\[\]]+|(?<![\w.])[1-5](?![\w.])"
    ),
    re.IGNORECASE,
)


@lru_cache(maxsize=2_000)
def requirement_of(text: str) -> EntityListRequirement:
    """The requirement a row states. An empty text is read as `prose`: nothing may be concluded from silence."""
    said = _tidy(text)
    scope, rest = _head(said)
    listed, codes = _SUPPLEMENT.search(said), _codes_in(said[: len(said) - len(rest)])
    admitted, rest = _take(_ADMITTED, rest)
    exemptions, rest = _take_exemptions(rest)
    worldwide, rest = _take(_WORLDWIDE, rest)
    projects, rest = _take(_PROJECTS, rest)
    see = sections_in(said)
    unread = _left_over(_SECTION.sub(" ", rest)) if scope != "prose" else said or None
    return EntityListRequirement(
        scope=scope,
        codes=codes if scope in {"listed_codes", "all_except_codes"} else (),
        listed_in=f"supplement no. {listed[1]} to part {listed[2]}" if listed else None,
        only_projects=next((s for s in see if s.startswith("746.")), None) if projects else None,
        exemptions=exemptions,
        exceptions=tuple(AdmittedException(code=m[1].upper(), text=m[2].strip()) for m in admitted),
        footnotes=_footnotes(said, see),
        see=see,
        worldwide=bool(worldwide),
        unread=unread,
        digest=digest_of(text),
    )


def digest_of(text: str) -> str:
    """The SHA-256 of a text as published, for saying which wording was read."""
    return hashlib.sha256(text.encode()).hexdigest()


def sections_in(text: str) -> tuple[str, ...]:
    """The provisions of the EAR a text cites, in order (`744.2l(b)` is read as `744.21(b)`)."""
    return tuple(dict.fromkeys(_section(m) for m in _SECTION.finditer(text)))


def _section(found: re.Match[str]) -> str:
    return found[1].replace("l", "1") + re.sub(r"\s", "", found[2])


def _tidy(text: str) -> str:
    plain = text.replace("“", '"').replace("”", '"').replace("’", "'").replace("\u2011", "-")
    return re.sub(r"\s+", " ", plain).strip()


def _head(said: str) -> tuple[Scope, str]:
    for scope, pattern in _HEADS:
        if found := pattern.search(said):
            return scope, said[found.end() :]
    return "prose", said


def _codes_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m[0].replace(" ", "") for m in _CODE.finditer(text)))


def _take(pattern: re.Pattern[str], text: str) -> tuple[tuple[re.Match[str], ...], str]:
    """What a pattern finds, and the text without it."""
    return tuple(pattern.finditer(text)), pattern.sub(" ", text)


def _take_exemptions(text: str) -> tuple[tuple[Exemption, ...], str]:
    """The exemptions in order; a carve-out no pattern knows is `prose`, and takes the rest of the text with it."""
    found: list[Exemption] = []
    for kind, pattern in _EXEMPTIONS:
        taken, text = _take(pattern, text)
        found += [_exemption(kind, match[0]) for match in taken]
    if start := re.search(_EXCEPT, text, re.IGNORECASE):
        found.append(_exemption("prose", text[start.start() :]))
        text = text[: start.start()]
    return tuple(found), text


def _exemption(kind: ExemptionKind, text: str) -> Exemption:
    said = re.sub("^" + _EXCEPT + r"|^,\s*or\s+", "", text, flags=re.IGNORECASE).strip(" .,;")
    if kind == "codes" and "unless" in said:
        kind = "codes_unless"
    return Exemption(kind=kind, text=said, codes=_codes_in(said))


def _footnotes(said: str, see: tuple[str, ...]) -> tuple[int, ...]:
    printed = {int(m[1]) for m in _PRINTED_FOOTNOTE.finditer(said)}
    printed |= {int(m[1]) for m in _LAST_FOOTNOTE.finditer(said)}
    return tuple(sorted(printed | {n for cited, n in _CITED_FOOTNOTES.items() if cited in see}))


def _left_over(text: str) -> str | None:
    rest = _CONNECTIVES.sub(" ", text).strip()
    return rest if re.search(r"\w{2,}", rest) else None


_TOKENS_TEXTS: tuple[tuple[PolicyToken, str], ...] = (
    ("presumption_of_denial", r"presumption\s+(?:of|for)\s+denial"),
    ("denial", r"(?:general )?policy\s+of\s+denial"),
    ("case_by_case", r"cas[ea][- ]by[- ]case(?:\s+(?:review|basis))?"),
    ("presumption_of_approval", r"presumption\s+of\s+approval"),
)
_TOKENS = tuple((token, re.compile(pattern, re.IGNORECASE)) for token, pattern in _TOKENS_TEXTS)
_REVIEWED = re.compile(r"apart from (.+?),? which will be reviewed on a cas[ea][- ]by[- ]case basis", re.IGNORECASE)
_BREAK = re.compile(
    (
        r";\s*(?:and\s+)?(?=cas[ea][- ]by|presum|(?:general )?policy)|(?<!U\.S)\.\s+(?=[A-Z])"
        r"|(?<=denial) (?=(?:See|Case)\b)|(?= except case-by-case)"
    ),
    re.IGNORECASE,
)
_REFERRAL = re.compile(r"^(?:see\b|the license (?:application|review))", re.IGNORECASE)


@lru_cache(maxsize=2_000)
def policy_of(text: str) -> EntityListPolicy:
    """The review policy a row states, limb by limb; a mere referral ("see 744.2(d)") is `see_provision`."""
    said = _tidy(text)
    limbs: list[PolicyClause] = []
    unread: list[str] = []
    for part in _BREAK.split(said):
        clauses = tuple(_clauses(part.strip(" .,")))
        limbs += clauses
        if not clauses and part.strip(" .,") and not _REFERRAL.match(part.strip()):
            unread.append(part.strip())
    see = sections_in(said)
    if not limbs and see and not unread:
        limbs = [PolicyClause(token="see_provision")]
    return EntityListPolicy(clauses=tuple(limbs), see=see, unread="; ".join(unread) or None, digest=digest_of(text))


def _clauses(part: str) -> Iterator[PolicyClause]:
    reviewed = _REVIEWED.search(part)
    plain = _REVIEWED.sub("", part)
    for token, pattern in _TOKENS:
        if found := pattern.search(plain):
            yield _clause(token, plain[found.end() :])
            break
    if reviewed:
        yield _clause("case_by_case", reviewed[1])


def _clause(token: PolicyToken, after: str) -> PolicyClause:
    items = re.sub(r"^\s*(?:review|basis)?\s*(?:for|of)?\s*", "", after).strip(" .,")
    items = re.sub(r",?\s*See §.*$", "", items)
    return PolicyClause(token=token, of=items or None, codes=_codes_in(items))
