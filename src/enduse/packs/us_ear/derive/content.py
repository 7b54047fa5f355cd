"""US content of foreign-made items (15 CFR 734.3(a)(3), 734.4, Supplement No. 2 to Part 734) and direct products.

The share is what the order states, or is computed from the bill of materials: a US-origin part counts in full when it
would itself need a licence to the destination, else not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from enduse.model.item import Component, Item, ItemKind
from enduse.model.verdict import Verdict
from enduse.packs.us_ear.needs import controlled_content
from enduse.rules.evaluate import code_under
from enduse.rules.facts import Fact, Range
from enduse.rules.pack import Question
from enduse.rules.tables import Tables

_US = "@us_territories:US"
_NONE, _ALL = Decimal(0), Decimal(100)
_ENCRYPTION = ("5A002", "5A004", "5B002", "5D002")
_HOT_SECTION = (
    *("9E003.a.1", "9E003.a.2", "9E003.a.3", "9E003.a.4", "9E003.a.5", "9E003.a.6", "9E003.a.8"),
    *("9E003.h", "9E003.i", "9E003.l"),
)
SME_LIST = (
    *("3B001.a.4", "3B001.c", "3B001.d", "3B001.f.1", "3B001.f.5", "3B001.f.6"),
    *("3B001.k", "3B001.l", "3B001.m", "3B001.n", "3B001.p.2", "3B001.p.4", "3B001.r", "3B002.c"),
)
_MUNITIONS = re.compile(r"^(\d[A-E]6\d\d|9[A-E]515)")
_US_ORIGIN = re.compile(
    r"(?<![\w-])(?:US|U\.S\.|American)[- ](?:origin|made)"
    r"(?! (?:\S+ )?(?:content|parts?|components?|technology|software|chips?|ic))"
    r"|\bmade in the (?:US|USA|United States)\b"
)
_FOREIGN_MADE = re.compile(
    r"\b(?:foreign|[A-Z][a-z]+)[- ](?:made|produced|manufactured)\b|\bmade in (?!the U)[A-Z][a-z]+"
)


_ELECTRONIC = re.compile(
    r"(?i)electronic|circuit|semiconductor|\bchips?\b|processor|memory|wafer|\bgpus?\b|comput|server|telecom|radio|radar|"
    r"sensor|camera|laser|navigat|avionic|drone|unmanned|aircraft|engine|satellite|robot|controller|software|technology|"
    r"instrument|5g|\bit\b|phone|network|encrypt"
)
"""What the Iran, Russia and Entity List rules on direct products are about (734.9(e) to (j))."""


def derive(asked: Question) -> Mapping[str, Fact]:
    """Foreign make, controlled share, zero-threshold content, direct-product inputs."""
    found: dict[str, Fact] = {}
    found.update(_foreign_made(asked))
    found.update(_kind(asked))
    found.update(_inputs(asked))
    found.update(_share(asked))
    found.update(_zero_threshold(asked))
    return found


def _foreign_made(asked: Question) -> Iterator[tuple[str, Fact]]:
    """An item leaving the United States is subject wherever it was made; abroad, its origin decides."""
    home = asked.tables.members(_US)
    item, start = asked.transaction.lines[asked.line - 1].item, asked.transaction.exporter_country
    said = item.description or ""
    if start in home:
        yield "content.foreign_made", Fact(False, "leaves the United States")
    elif item.origin is not None:
        yield "content.foreign_made", Fact(item.origin not in home, "item.origin")
    elif words := _US_ORIGIN.search(said):
        yield "item.origin", Fact("US", f"read in item: “{words[0]}”", assumed=True)
        yield "content.foreign_made", Fact(False, f"read in item: “{words[0]}”", assumed=True)
    elif words := _FOREIGN_MADE.search(said):
        yield "content.foreign_made", Fact(True, f"read in item: “{words[0]}”", assumed=True)


def _kind(asked: Question) -> Iterator[tuple[str, Fact]]:
    """The product group letter of the code says what the item is (738.2(d))."""
    code = asked.facts.value("item.control")
    if isinstance(code, str) and re.match(r"^\d[A-E]\d{3}", code) and asked.facts.value("item.kind") is None:
        kind = {"D": ItemKind.SOFTWARE, "E": ItemKind.TECHNOLOGY}.get(code[1], ItemKind.COMMODITY)
        if kind is ItemKind.COMMODITY and asked.facts.flag("ear.deemed"):
            return  # a release may go under the code of the commodity it is about
        yield "item.kind", Fact(kind.value, f"product group {code[1]} of {code}")


def _inputs(asked: Question) -> Iterator[tuple[str, Fact]]:
    """Where the item is stated not to be made with US technology, no direct-product rule reaches it."""
    by_code = ("assured", "spacecraft", "munitions", "advanced", "chip_tool")
    if asked.facts.flag("item.us_technology") is False:
        yield from ((f"fdp.{n}_input", Fact(False, "item.us_technology")) for n in (*by_code, "electronics", "any"))
    elif asked.facts.value("item.control") is None and asked.facts.value("item.us_technology") is None:
        said = "no code is known that such a rule would reach"
        yield from ((f"fdp.{n}_input", Fact(False, said, assumed=True)) for n in by_code)
        item = asked.transaction.lines[asked.line - 1].item
        if item.us_content == 0 and item.hs_code is None and not _ELECTRONIC.search(item.description or ""):
            said = "no US content, no electronics, and nothing that points to US technology"
            yield from ((f"fdp.{n}_input", Fact(False, said, assumed=True)) for n in ("electronics", "any"))


def _place(asked: Question) -> str | None:
    place = asked.facts.value("ear.destination")
    return place if isinstance(place, str) else None


def _share(asked: Question) -> Iterator[tuple[str, Fact]]:
    item, place = asked.transaction.lines[asked.line - 1].item, _place(asked)
    if item.us_controlled_content is not None:
        yield "content.controlled_share", Fact(item.us_controlled_content, "item.us_controlled_content")
    elif asked.facts.flag("content.all_uncontrolled"):
        yield "content.controlled_share", Fact(_NONE, "all US content could go there without a licence", assumed=True)
    elif item.components and place is not None:
        low, high = _sum(item, place, asked)
        value = low if low == high else Range(low, high)
        yield "content.controlled_share", Fact(value, "the bill of materials", assumed=True)
    elif item.us_content is not None:
        value = _NONE if item.us_content == 0 else Range(_NONE, item.us_content)
        yield "content.controlled_share", Fact(value, "item.us_content")


def _sum(item: Item, place: str, asked: Question) -> tuple[Decimal, Decimal]:
    """The least and the greatest share that the parts leave possible."""
    whole = asked.transaction.lines[asked.line - 1].value
    total = whole.amount if whole else None
    low = high = _NONE
    for part, us in _parts(item.components, asked):
        share = _part_share(part, total)
        verdict = Verdict.FALSE if us is False else _counts(part, place, asked)
        sure = verdict is Verdict.TRUE and us is True
        low += share if sure and share is not None else _NONE
        high += _NONE if verdict is Verdict.FALSE else _ALL if share is None else share
    return min(low, _ALL), min(high, _ALL)


def _parts(parts: Iterable[Component], asked: Question) -> Iterator[tuple[Component, bool | None]]:
    """The parts that matter, and whether each is of US origin; a foreign assembly is opened up."""
    home = asked.tables.members(_US)
    told = asked.facts.flag("content.us_origin_parts")
    for part in parts:
        us = told if part.origin is None else part.origin in home
        if us is not True and part.components:
            yield from _parts(part.components, asked)
        else:
            yield part, us


def _part_share(part: Component, total: Decimal | None) -> Decimal | None:
    if part.share is not None:
        return Decimal(part.share)
    return part.value.amount / total * 100 if part.value and total else None


def _counts(part: Component, place: str, asked: Question) -> Verdict:
    code = part.codes.get("us_ccl")
    if code is None:
        return Verdict.UNKNOWN
    partner = asked.facts.flag("move.from_supplement_3") is True
    return controlled_content(code, place, asked.tables, partner=partner)


def _zero_threshold(asked: Question) -> Iterator[tuple[str, Fact]]:
    """Content for which no share is small enough (734.4(a)); said only where parts are listed."""
    item, place = asked.transaction.lines[asked.line - 1].item, _place(asked)
    if not item.components or place is None:
        return
    codes = [p.codes.get("us_ccl") for p, us in _parts(item.components, asked) if us is not False]
    own = asked.facts.value("item.control")
    caught = [c for c in codes if c and _no_level(c, place, item.kind, asked.tables)]
    if isinstance(own, str) and _chip_tool(own, codes, place, asked.tables):
        caught.append(own)
    if caught:
        yield "content.zero_threshold", Fact(True, f"contains {', '.join(caught)}")
    elif None not in codes:
        yield "content.zero_threshold", Fact(False, "no listed part is of such a kind")
    if any(c and c[:5] in _ENCRYPTION for c in codes):
        yield "content.encryption", Fact(True, "a part is an encryption item")


def _no_level(code: str, place: str, kind: ItemKind | None, tables: Tables) -> bool:
    if _MUNITIONS.match(code):
        barred = _in(place, tables, "E:1", "E:2") or place in {"BY", "CN", "HK", "RU"}
        return barred if code[5:7] == ".y" else _in(place, tables, "D:5")
    if kind is ItemKind.TECHNOLOGY:
        return code.startswith("5E002") or any(code_under(code, c) is Verdict.TRUE for c in _HOT_SECTION)
    return code.startswith("0A919") and _in(place, tables, "D:5")


def _chip_tool(own: str, codes: Iterable[str | None], place: str, tables: Tables) -> bool:
    """A chip-making tool with any US-origin circuit of Categories 3 to 5, to Macau or D:5 (734.4(a)(8))."""
    listed = any(code_under(own, c) is Verdict.TRUE for c in SME_LIST)
    circuit = any(c and c[:2] in {"3A", "4A", "5A"} for c in codes)
    return listed and circuit and (place == "MO" or _in(place, tables, "D:5"))


def _in(place: str, tables: Tables, *groups: str) -> bool:
    return any(place in tables.members(f"@country_groups:{g}") for g in groups)
