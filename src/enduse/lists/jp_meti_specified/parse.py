"""Reads the text of Japan's notices: numbered entries, Japanese name, English name, aliases, address (所在地)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from enduse.lists.dates import day_of
from enduse.lists.places import place_at_end
from enduse.lists.reading import Audit, Files, split, text_of
from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, PartyKind

LIST = "jp_meti_specified"
_PARTS = {"russia.txt": "ロシア連邦の団体", "belarus.txt": "ベラルーシ共和国の団体", "third.txt": "以外の国の団体"}
_JAPANESE = r"[\u3040-\u30ff\u4e00-\u9fff]"
_ADDRESS = re.compile(r"所\s*在\s*地\s*[：:]")
_ALSO = re.compile(r",?\s*a\.\s?k\.\s?a\.,?\s*(?:the following[\w\s-]*alias(?:es)?:?)?", re.IGNORECASE)
_BRACKETS = re.compile(r"[（(]\s*別称、?(.+?)[）)]", re.DOTALL)
_DAY = re.compile(r"最終更新日\s*[：:]\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_SINCE = re.compile(r"指定日\s*[：:]\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def recognise(_name: str, head: bytes) -> str | None:
    """Which of the three notices a text is, by its title."""
    text = re.sub(r"\s", "", head[:4_000].decode("utf-8", errors="replace").partition("指定日")[0])
    if "禁止措置" not in text:
        return None
    third = "third.txt" if _PARTS["third.txt"] in text else None
    return third or next((part for part, mark in _PARTS.items() if mark in text), None)


def stated_on(files: Files) -> date | None:
    """The newest day of last change among the notices."""
    texts = (unicodedata.normalize("NFKC", text_of(files[p], file=p, audit=Audit())) for p in files)
    days = [day_of("-".join(m.groups())) for text in texts if (m := _DAY.search(text))]
    return max((day for day in days if day), default=None)


def parse(files: Files, audit: Audit | None = None) -> Iterator[ListedParty]:
    """The entities of each notice given."""
    audit = audit if audit is not None else Audit()
    for part in sorted(files):
        text = unicodedata.normalize("NFKC", text_of(files[part], file=part, audit=audit))
        since = _SINCE.search(text)
        day = day_of("-".join(since.groups())) if since else None
        for number, entry in _entries(text):
            audit.rows += 1
            if party := _party(part, number, entry, audit):
                yield party.model_copy(update={"other": (("notice of", day.isoformat() if day else ""),)})


def _entries(text: str) -> Iterator[tuple[int, str]]:
    """Numbered entries: the next number counts only where Japanese follows it on its line."""
    number, start = 1, _next(text, 1, 0)
    while start is not None:
        end = _next(text, number + 1, start + 1)
        yield number, text[start : end if end is not None else len(text)]
        number, start = number + 1, end


def _next(text: str, number: int, after: int) -> int | None:
    found = re.compile(rf"(?:(?<=\n)|(?<=[.;)a-zA-Z]))\s*{number}(?=\s+\S*?[^\n]*?{_JAPANESE})").search(text, after)
    return found.start() if found else None


def _party(part: str, number: int, entry: str, audit: Audit) -> ListedParty | None:
    body, *address = _ADDRESS.split(entry, maxsplit=1)
    lines = [line.strip() for line in re.sub(rf"^\s*{number}\s+", "", body).splitlines() if line.strip()]
    japanese, english = _halves(lines)
    if not english:
        audit.report(part, number, "(entry)", body.strip(), "an entry without an English name")
        english = japanese
    if not address:
        audit.report(part, number, "所在地", body.strip(), "an entry without an address")
    name, aliases = _named(english)
    own = _BRACKETS.sub("", japanese).strip()
    names = [ListedName(text=name or own)]
    names += [ListedName(text=alias, kind="alias") for alias in aliases]
    names += [ListedName(text=own, kind="spelling", script="Jpan")] if own and name else []
    return ListedParty(
        list=LIST,
        id=f"{part.removesuffix('.txt')}-{number}",
        source=part.removesuffix(".txt"),
        kind=PartyKind.ORGANISATION,
        names=tuple(dict.fromkeys(names)),
        addresses=tuple(_addresses(address[0])) if address else (),
    )


def _halves(lines: list[str]) -> tuple[str, str]:
    """The Japanese lines at the head, and what follows in Latin script; `別称` opens a block of aliases."""
    opened = [part for line in lines for part in _apart(line)]
    cut = next((i for i, line in enumerate(opened) if i and _latin(line)), len(opened))
    also = next((i for i in range(cut, len(opened)) if opened[i].startswith("別称")), len(opened))
    latin, aliases = opened[cut:also], _flowing(opened[also:]).partition(":")[2]
    return "".join(opened[:cut]), "\n".join(latin) + (f"\n-{aliases}" if aliases else "")


def _flowing(lines: list[str]) -> str:
    """Lines as one text; where Japanese is broken over two lines nothing comes between."""
    return re.sub(rf"(?<={_JAPANESE}) \n (?={_JAPANESE}|[・])", "", " \n ".join(lines)).replace(" \n ", " ")


def _apart(line: str) -> list[str]:
    """A line in which the English name follows the Japanese one without a break, as two."""
    if not re.search(_JAPANESE, line):
        return [line]
    found = re.fullmatch(rf"(.*(?:{_JAPANESE}[」ー]*|[)）]))\s*([A-Z][A-Za-z]+[ -~–—]*)", line)
    return [found[1], found[2]] if found and len(found[2]) > 5 else [line]


def _latin(line: str) -> bool:
    """Is a line mostly in Latin script?"""
    japanese = len(re.findall(_JAPANESE, line))
    return bool(re.match(r"[A-Za-z0-9\"“(]|別称", line)) and (japanese * 2 < len(line) or line.startswith("別称"))


def _named(english: str) -> tuple[str, list[str]]:
    head, *listed = re.split(r"\n\s*[-—]|(?<=[;:.])\s*[-—](?=[A-Z])|(?<=and)\s*[-—]", english)
    name, *inline = _ALSO.split(" ".join(head.split()), maxsplit=1)
    written = [" ".join(alias.split()) for alias in (*inline, *listed)]
    parts = [re.sub(r"(?:;\s*and|;|\band)$", "", alias).strip(" .:;") for alias in written]
    return name.strip(" ,"), [p for part in parts for p in split(part) if p]


def _addresses(text: str) -> Iterator[Address]:
    for said in re.split(r";\s*and\s+|;\s+", " ".join(text.split())):
        if plain := said.strip(" ."):
            yield Address(text=plain, country=place_at_end(plain))
