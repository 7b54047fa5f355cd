"""One edition of the Commerce Control List, read from the XML the eCFR serves.

The reader is strict: an entry that does not start, a cut file or a list that is far too short is a
`ListError`, never a shorter list.
"""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from enduse.errors import ListError
from enduse.model.base import Value
from enduse.packs.us_ear.build.text import flat, lines, plain, squeeze

_HEADING = re.compile(r"^(\d[A-E]\d{3})\b\.?\s*(.*)$", re.S)
_LABEL = re.compile(r"^(LVS|GBS|TSR|APP|IEC|AIA|ACM|LPP|HBM|ACE|ENC|NAC/ACA|NAC|ACA|CIV|STA)\s*:?\s*:\s*(.*)$", re.S)
_ITEM = re.compile(r"^([a-z](?:\.(?:\d{1,2}|[a-z]{1,2}))*)\.?\s*\.\s+\S")
_DEEP = re.compile(r"^([a-z](?:\.(?:\d{1,2}|[a-z]))+)\s(?!(?:to|through|and|or)\b)")
_REASONS = "NS|RS|MT|NP|CB|CC|FC|AT|UN|SS|SL|CW|EI|SI"
_SINGLE = re.compile(
    rf"^(?P<reasons>(?:{_REASONS})(?:(?:,| and|, and) (?:{_REASONS}))*)\s+appl(?:y|ies)\b\s*(?:to\b)?\s*(?P<rest>.*)$",
    re.S,
)
_RUSSIA = re.compile(r"^(Russian industry sector sanctions?) appl(?:y|ies) to (?P<rest>.*)$", re.S)
_PREFIX = re.compile(r"^(?:Control\(s\)|Controls|Country Chart)[:.]?\s*")
_SENTENCE = re.compile(r"(?:\. (?=A license is|The Commerce|For licensing)| and (?=a license is required))")


class RawRow(Value):
    """A control row as printed: reason tokens, the scope, and what the second column says."""

    reasons: tuple[str, ...]
    scope: str
    cell: str


class Item(Value):
    """A paragraph of the list of items: its full code and its text."""

    code: str
    text: str


class Entry(Value):
    """One ECCN as printed."""

    eccn: str
    heading: str
    reasons: tuple[str, ...]
    rows: tuple[RawRow, ...]
    exceptions: tuple[tuple[str, str], ...]
    sta: tuple[str, ...]
    notes: tuple[str, ...]
    items: tuple[Item, ...]
    text: str


def read_edition(source: bytes, *, floor: int = 500) -> dict[str, Entry]:
    """Every entry of the list by ECCN, in printed order; at least `floor` of them."""
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError as fault:
        raise ListError(
            f"the control list is not well-formed XML: {fault}",
            place="Supplement No. 1 to Part 774",
            hint="the file is cut or is not the eCFR XML; fetch it again",
        ) from fault
    entries: dict[str, Entry] = {}
    for block in _blocks(list(root)):
        entry = _entry(block)
        if entry.eccn in entries:
            raise ListError(f"{entry.eccn} is printed twice", place=entry.eccn, hint="check the official file")
        entries[entry.eccn] = entry
    if len(entries) < floor:
        raise ListError(
            f"only {len(entries)} entries found, at least {floor} expected",
            place="Supplement No. 1 to Part 774",
            hint="the file is cut or its layout changed; fetch it again, then check the reader",
        )
    return entries


def heading_of(element: Element) -> str:
    """The entry heading this element is, or an empty string."""
    if not element.tag.startswith("FP") or not len(element) or element[0].tag != "B":
        return ""
    text = flat(element)
    return text if _HEADING.match(text) else ""


def _blocks(children: list[Element]) -> list[list[Element]]:
    starts = [place for place, child in enumerate(children) if heading_of(child)]
    return [_own(children[start:end]) for start, end in pairwise([*starts, len(children)])]


def _own(block: list[Element]) -> list[Element]:
    """The entry without what follows it: headings of groups and categories, the EAR99 line, annexes."""
    ends = [place for place, element in enumerate(block) if place and _is_foreign(element)]
    return block[: ends[0]] if ends else block


def _is_foreign(element: Element) -> bool:
    text = flat(element)
    if element.tag in {"HD1", "HD3"}:
        return not text.startswith("List ")
    return element.tag.startswith("FP") and text.startswith("EAR99 Items")


def _entry(block: list[Element]) -> Entry:
    match = _HEADING.match(heading_of(block[0]))
    assert match
    eccn, heading = match[1], squeeze(match[2])
    parts = _Parts(eccn)
    for element in block[1:]:
        parts.take(element)
    return Entry(
        eccn=eccn,
        heading=heading,
        reasons=parts.reasons,
        rows=tuple(parts.rows),
        exceptions=tuple((label, "\n".join(text)) for label, text in parts.exceptions),
        sta=tuple(parts.sta),
        notes=tuple(parts.notes),
        items=tuple(parts.items),
        text="\n".join(flat(element) for element in block),
    )


class _Parts:
    """The sections of one entry, filled in printed order."""

    def __init__(self, eccn: str) -> None:
        self.eccn = eccn
        self.section = "heading"
        self.reasons: tuple[str, ...] = ()
        self.rows: list[RawRow] = []
        self.exceptions: list[tuple[str, list[str]]] = []
        self.sta: list[str] = []
        self.notes: list[str] = []
        self.items: list[Item] = []
        self._codes: set[str] = set()

    def take(self, element: Element) -> None:
        text = flat(element)
        if not text:
            return
        section = _section(text, element)
        if section:
            self.section = section
        if self.section == "items" or text.startswith("Items:"):
            self.section = "items"
            text = re.sub(r"^(?:Items:|List of Items Controlled\b)\s*", "", text)
        if self.section in {"heading", "licence"}:
            self._licence(element, text)
        elif self.section == "exceptions":
            self._exception(element, text)
        elif self.section == "sta" and not section and not text.startswith("Related "):
            where = self.notes if element.tag == "NOTE" else self.sta
            where.append(re.sub(r"^STA:\s*", "", text))
        elif self.section == "items":
            self._item(element, text)

    def _licence(self, element: Element, text: str) -> None:
        if element.tag == "DIV":
            for line in element.iter("TR"):
                self._table_row([cell for cell in line if cell.tag == "TD"])
        elif re.match(r"^Reasons? for Control", text):
            self.section = "licence"
            self.reasons = tuple(re.findall(rf"\b(?:{_REASONS})\b", text.split(":", 1)[-1]))
            if len(text) > 60:
                self.notes.append(text)
        elif _LABEL.match(text):
            self._exception(element, text)
        elif element.tag != "NOTE" and (row := read_row(_PREFIX.sub("", text), "")):
            self.rows.append(row)
        elif not re.match(r"^(License Requirements|Control\(s\)|Country Chart)\b.{0,60}$", text) or "Note" in text:
            self.notes.append(text)

    def _table_row(self, cells: list[Element]) -> None:
        texts = [lines(cell) for cell in cells]
        texts = [text for text in texts if text]
        scope = " ".join(texts[0]) if texts else ""
        cell = " ".join(line for text in texts[1:] for line in text)
        if not scope and not cell:
            return
        if scope.startswith(("Note ", "Note:")):
            self.notes.append(scope)
            return
        pairs = split_merged(scope, cell)
        for left, right in pairs:
            row = read_row(left, right)
            if row is None:
                raise ListError(
                    f"control row not understood: {plain(left)[:80]!r}",
                    place=self.eccn,
                    hint="the row's wording is new; teach `edition.py` to read it, then build again",
                )
            self.rows.append(row)

    def _exception(self, element: Element, text: str) -> None:
        if match := _LABEL.match(text):
            if match[1] == "STA":
                self.sta.append(match[2])
            else:
                self.exceptions.append((match[1], [match[2]]))
        elif element.tag in {"P", "FP", "FP-1", "FP-2"} and self.exceptions and not _aside(text):
            self.exceptions[-1][1].append(text)
        elif not text.startswith("List Based"):
            self.notes.append(text)

    def _item(self, element: Element, text: str) -> None:
        if element.tag not in {"P", "FP", "FP-1", "FP-2"}:
            return
        for code in _item_codes(text):
            full = f"{self.eccn}.{code}"
            if full not in self._codes:
                self._codes.add(full)
                self.items.append(Item(code=full, text=text))


def split_merged(scope: str, cell: str) -> list[tuple[str, str]]:
    """Two controls printed in one row come apart; a column printed in the scope's cell moves out of it."""
    if not cell and (merged := re.match(rf"^(.*?)\s((?:{_REASONS}) Column \d)\.?$", scope)):
        return [(merged[1], merged[2])]
    scopes = re.split(rf"\s(?=(?:{_REASONS}) appl(?:y|ies) to )", scope)
    cells = re.split(rf"\s(?=(?:{_REASONS}) Column \d)", cell)
    return list(zip(scopes, cells, strict=True)) if len(scopes) == len(cells) > 1 else [(scope, cell)]


def _section(text: str, element: Element) -> str:
    if element.tag in {"NOTE", "DIV"}:
        return ""
    if re.match(r"^List of Items Controlled", text):
        return "items"
    if re.match(r"^(?:List Based License Exceptions|License Exceptions$)", text):
        return "exceptions"
    if re.match(r"^Special Conditions for (?:License Exception |Strategic Trade Authorization \()?STA", text):
        return "sta"
    if re.match(r"^License Requirements?$", text):
        return "licence"
    return ""


def _aside(text: str) -> bool:
    return bool(re.match(r"^\(?(?:Note|License Exceptions? Note|See (?:Part|§)|Reporting|Special Reporting)", text))


def _item_codes(text: str) -> list[str]:
    if re.match(r"^\.?[a-z]\.? (?:through|to|and) \.?[a-z]\.?\s*\[Reserved\]", text):
        return []
    match = _ITEM.match(text.lstrip(".")) or _DEEP.match(text)
    return [match[1]] if match else []


def read_row(scope: str, cell: str) -> RawRow | None:
    """A control row from the scope cell and the cell beside it; None when it is not one."""
    if russia := _RUSSIA.match(scope):
        return RawRow(reasons=("RIS",), scope=russia["rest"], cell=cell)
    match = _SINGLE.match(scope)
    if not match:
        return None
    reasons = tuple(re.findall(_REASONS, match["reasons"]))
    scope = match["rest"] or "entire entry"
    if not cell:  # the demand follows the scope in the same sentence or the next
        scope, _, cell = _SENTENCE.sub("\f", scope, count=1).partition("\f")
    return RawRow(reasons=reasons, scope=scope, cell=cell or scope)
