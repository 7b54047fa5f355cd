"""Figures in texts: mains that do not suit the place, needs below what the item can do, values that disagree, size."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from enduse.assess.knowledge import TOLD
from enduse.assess.passages import Passage, passages
from enduse.assess.signs import Sign
from enduse.assess.words import words_of
from enduse.model.transaction import Transaction
from enduse.rules.tables import Tables

_MAINS = re.compile(r"\b(\d{3})(?:\s?[-/]\s?\d{3})?[\s-]?(?:v|vac|volts?)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"\b(USD|EUR|GBP|CHF|SEK|JPY|CNY|RUB|AED|TRY|INR|US\$|\$|€|£)\s?(\d[\d,.]*\d|\d)(\s?(?:million|m|thousand|k)\b)?"
)
_MEASURE = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?)\s?(K|GHz|MHz|kHz|nm|um|µm|mm|bar|mbar|kPa|MPa|kW|MW|W|kg|rpm|Mbit/s|Gbit/s|megapixels?|"
    r"teraflops|degrees|microns?|axis|axes|axle|tons?|tonnes?|per cent|%)(?![\w])"
)
_LEADING = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "sixteen": 16, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_COUNT = re.compile(r"(?<![\w.,-])(\d{1,3}(?:[, ]\d{3})+|\d+)\s+(?:spare\s+)?([a-z][a-z-]+s)\b", re.IGNORECASE)
_NOT_GOODS = words_of(
    """
    days months years weeks hours countries items kinds per cent percent beds shipments orders schools students
    units metres miles volts hertz parties companies patients transactions deliveries supplies staff people
    members hectares
    """
)


def read_figures(transaction: Transaction, tables: Tables) -> tuple[Sign, ...]:
    """Signs that come from comparing figures with each other or with the place of use."""
    texts = passages(transaction)
    told = [t for t in texts if t.kind in TOLD | {"use"}]
    return (
        *_mains(told, transaction, tables),
        *_measures(texts),
        *_values(texts, transaction),
        *_size(transaction),
        *_counts(told),
    )


def _mains(told: Iterable[Passage], transaction: Transaction, tables: Tables) -> Iterator[Sign]:
    """Mains of 100 to 130 or 200 to 250 volts against what the destination has (15 CFR 732 Supp. No. 3)."""
    place = transaction.destination
    if place is None or place in tables.members("@mains:both"):
        return
    low = place in tables.members("@mains:low")
    for text in told:
        for match in _MAINS.finditer(text.text):
            volts = int(match.group(1))
            if (90 < volts <= 130 or 200 <= volts <= 250) and (volts <= 130) != low:
                yield Sign("wrong_region", text.where, match.group())


def _measures(texts: Iterable[Passage]) -> Iterator[Sign]:
    """A figure told beside the order in the item's own unit, but not one of the item's."""
    own: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        if text.kind == "item":
            for number, unit in _MEASURE.findall(text.text):
                own[unit.lower()].append(float(number.replace(",", ".")))
            for low, unit in re.findall(r"(\d+(?:\.\d+)?) to \d+(?:\.\d+)?\s?(\w+)", text.text):
                own[unit.lower()].append(float(low))
    for text in texts:
        if text.kind in TOLD | {"use"}:
            for number, unit in _MEASURE.findall(text.text):
                asked, can = float(number.replace(",", ".")), own.get(unit.lower(), [])
                if can and all(not 0.67 <= asked / c <= 1.5 for c in can if c):
                    yield Sign(
                        "overcapable", text.where, f"{number} {unit}, the item: {', '.join(f'{c:g}' for c in can)}", 0.6
                    )


def _values(texts: Iterable[Passage], transaction: Transaction) -> Iterator[Sign]:
    """Amounts in one currency that differ twofold or more between papers and item or within one paper."""
    stated = [(r.value.currency, float(r.value.amount)) for r in transaction.lines if r.value]
    items = [a for t in texts if t.kind == "item" for a in _amounts(t.text)]
    for text in texts:
        if text.kind not in {"documents", "payment", "order", "packaging"}:
            continue
        here = _amounts(text.text)
        for currency, amount in here:
            others = [v for c, v in (*stated, *items, *here) if c == currency and v]
            if others and amount and max(others) / amount >= 2:
                yield Sign("undervalued", text.where, f"{currency} {amount:g} beside {max(others):g}")
        if len(here) > 1 and len({v for _, v in here}) == 1:
            yield Sign("ok_documents", text.where, text.text)


def _amounts(text: str) -> list[tuple[str, float]]:
    found = []
    for currency, number, scale in _MONEY.findall(text):
        factor = {"m": 1e6, "k": 1e3, "t": 1e3}.get(scale.strip()[:1].lower(), 1) if scale.strip() else 1
        found.append((currency, float(number.replace(",", "") or 0) * factor))
    return found


def _size(transaction: Transaction) -> Iterator[Sign]:
    for n, line in enumerate(transaction.lines, start=1):
        count = float(line.quantity.amount) if line.quantity else _leading(line.item.description or "")
        if count and count > 1:
            yield Sign("quantity_size", f"line {n}: quantity", f"{count:g}", min(1.0, math.log10(count) / 4))


def _leading(text: str) -> float | None:
    """The count that begins or ends a description: "Sixty cameras", "Cameras, two hundred", "over 500 units"."""
    first = re.match(r"\s*(?:over |nearly |about |more than )?([A-Za-z]+(?:[ -][A-Za-z]+)?|\d[\d,]*)\b", text)
    last = re.search(
        r",\s*(?:over |nearly |about |more than )?([A-Za-z]+(?: [A-Za-z]+)?|\d[\d,]*)"
        r"(?:\s+(?:units?|pieces|sets|off))?\s*$",
        text,
    )
    found = [n for m in (first, last) if m and (n := _number(m.group(1)))]
    return max(found, default=None)


def _number(words: str) -> float | None:
    if words[0].isdigit():
        return float(words.replace(",", ""))
    total = 0.0
    for word in re.split(r"[ -]", words.lower()):
        if word not in _LEADING and word not in _SCALE:
            break
        total = total * _SCALE[word] if word in _SCALE and total else total + _LEADING.get(word, _SCALE.get(word, 0))
    return total or None


_SCALE = {"dozen": 12, "hundred": 100, "thousand": 1000}


def _counts(told: Iterable[Passage]) -> Iterator[Sign]:
    """Counts of parts told in the order: "400 seals"."""
    for text in told:
        for number, noun in _COUNT.findall(text.text):
            count = float(re.sub(r"[, ]", "", number))
            if noun.lower() not in _NOT_GOODS and count >= 50:
                yield Sign("quantity_odd", text.where, f"{number} {noun}", min(1.0, math.log10(count) / 3))
