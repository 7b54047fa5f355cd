"""Figures in texts: mains that do not suit the place, needs below what the item can do, values that disagree, size."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from enduse.assess.knowledge import TOLD
from enduse.assess.passages import Passage, passages
from enduse.assess.signs import Sign
from enduse.assess.words import words_of
from enduse.model.transaction import Transaction
from enduse.rules.tables import Tables

_FREQUENCY = re.compile(r"\b(50|60)\s?(?:Hz|hertz|cycles?)\b", re.IGNORECASE)
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
        *_capability(texts),
        *_price(transaction),
        *_counts(told),
        *_told_sizes(told),
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
        for match in _FREQUENCY.finditer(text.text):
            if (match.group(1) == "60") is not low:
                yield Sign("wrong_region", text.where, match.group(), 0.8)


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


_WORDS_OF_MONEY = re.compile(r"\b(\d[\d,]*)\s?(euros?|dollars?|pounds|francs|EUR|USD|GBP|CHF)\b", re.IGNORECASE)
_MONEY_NAMED: Mapping[str, str] = {
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "pounds": "GBP",
    "francs": "CHF",
}


def _amounts(text: str) -> list[tuple[str, float]]:
    found = [
        (_MONEY_NAMED.get(name.lower(), name.upper()), float(number.replace(",", "") or 0))
        for number, name in _WORDS_OF_MONEY.findall(text)
    ]
    for currency, number, scale in _MONEY.findall(text):
        factor = {"m": 1e6, "k": 1e3, "t": 1e3}.get(scale.strip()[:1].lower(), 1) if scale.strip() else 1
        found.append((currency, float(number.replace(",", "") or 0) * factor))
    return found


_SCALES: Mapping[str, tuple[float, float]] = {
    "rpm": (1e3, 2e5), "kj": (0.1, 1e4), "j": (0.1, 1e4), "kw": (0.5, 1e4), "mw": (0.1, 1e3), "w": (1, 1e5),
    "bar": (1, 5e3), "mpa": (0.1, 1e3), "kv": (1, 1e3), "ghz": (0.5, 300), "mhz": (1, 3e3), "litres": (1, 1e5),
    "l": (1, 1e5), "m3": (0.1, 1e3), "kg": (0.5, 1e5), "t": (0.1, 1e3), "tonnes": (0.1, 1e3), "tons": (0.1, 1e3),
    "km": (1, 1e3), "m": (1, 1e4), "axes": (1, 9), "axis": (1, 9), "tb": (1, 1e4), "gb": (1, 1e4), "cores": (1, 1e6),
    "kelvin": (0.01, 3e3), "degrees": (50, 3e3), "cc": (10, 2e3), "hp": (1, 1e4), "knots": (3, 80),
    "teraflops": (1, 1e5),
    "gbit": (0.1, 1e3), "mbit": (1, 1e5), "kn": (1, 1e5), "g": (1, 1e5), "megapixels": (0.3, 200), "fps": (9, 1e6),
    "square": (0.1, 1e3), "cubic": (0.1, 1e3), "channels": (1, 1e4), "units": (1, 1e4), "sets": (1, 1e4),
    "hz": (9, 1e9), "khz": (1, 1e6), "thz": (0.1, 100), "pixels": (1e4, 1e8), "bit": (4, 64), "bits": (4, 64),
    "db": (1, 200),
    "kva": (1, 1e4), "nm³": (1, 1e4), "kt": (0.1, 1e3), "lb": (1, 1e5), "inch": (0.5, 1e3), "inches": (0.5, 1e3),
    "mm": (1, 1e5), "cm": (1, 1e4), "c": (50, 3e3), "k": (4, 3e3), "gs/s": (0.1, 200), "ms/s": (1, 5e3),
    "gbq": (0.1, 1e6),
    "mbq": (0.1, 1e6), "kbq": (0.1, 1e6), "ci": (0.001, 1e4), "ml": (1, 1e5), "per cent": (50, 100), "%": (50, 100),
    "hours": (1, 100), "amps": (1, 1e5), "a": (1, 1e5), "tesla": (0.1, 30), "mev": (0.1, 1e3), "kev": (1, 1e3),
}  # fmt: skip
_FINE: Mapping[str, tuple[float, float]] = {
    "nm": (5e3, 1), "um": (1e3, 0.05), "µm": (1e3, 0.05), "micron": (1e3, 0.05), "microns": (1e3, 0.05),
    "mbar": (1e3, 1e-8), "ppm": (1e4, 0.01), "ppb": (1e4, 0.01), "mk": (1e4, 1), "arcsec": (1e3, 0.1),
}  # fmt: skip
_UNITS = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)[\s-]?("
    + "|".join(sorted((*_SCALES, *_FINE), key=len, reverse=True))
    + r")(?![\w])",
    re.IGNORECASE,
)


def _capability(texts: Iterable[Passage]) -> Iterator[Sign]:
    """How much an item can do by its own figures, on a logarithmic scale per unit: it raises the stakes a little."""
    for text in texts:
        if text.kind == "item":
            for number, unit in _UNITS.findall(text.text):
                value, name = float(number.replace(",", "")), unit.lower()
                low, high = _SCALES.get(name) or _FINE[name]
                if value > 0:
                    share = math.log(value / low) / math.log(high / low)
                    if share > 0:
                        yield Sign("capability", text.where, f"{number} {unit}", min(1.0, share))


def _price(transaction: Transaction) -> Iterator[Sign]:
    """How far a unit price lies from what equipment of trade usually costs (some 3,000 to 300,000 a piece).

    A weak, graded figure without a price list: far below, value may be understated; far above, more is at stake.
    """
    for n, line in enumerate(transaction.lines, start=1):
        if line.value and line.value.amount > 0:
            count = float(line.quantity.amount) if line.quantity else _leading(line.item.description or "") or 1.0
            unit = float(line.value.amount) / max(count, 1.0)
            away = abs(math.log10(unit / 3e4))
            yield Sign("price_odd", f"line {n}: unit price", f"{unit:,.0f} {line.value.currency}", min(1.0, away / 4))
        if line.value and line.value.currency == "USD" and 0.95 * _FILING <= line.value.amount < _FILING:
            yield Sign("split", f"line {n}: value", f"USD {line.value.amount:g}, just under the filing limit", 0.2)


_FILING = 2_500
"""Dollars a tariff line, below which no export filing is due (15 CFR 30.37(a))."""


def _size(transaction: Transaction) -> Iterator[Sign]:
    for n, line in enumerate(transaction.lines, start=1):
        count = float(line.quantity.amount) if line.quantity else _leading(line.item.description or "")
        if count and count > 1:
            yield Sign("quantity_size", f"line {n}: quantity", f"{count:g}", min(1.0, math.log10(count) / 4))


def _told_sizes(told: Iterable[Passage]) -> Iterator[Sign]:
    """The largest count an order or its use tells, far weaker than a stated quantity."""
    for text in told:
        if text.kind in {"order", "history", "other", "use"}:
            counts = [float(n.replace(",", "")) for n in _PLAIN_COUNT.findall(text.text)]
            counts += [n for w in re.findall(r"[a-z]+", text.text.lower()) if (n := _LEADING.get(w) or _SCALE.get(w))]
            largest = max((c for c in counts if not 1900 <= c <= 2100), default=0.0)
            if largest > 1:
                yield Sign("quantity_size", text.where, f"{largest:g}", min(0.4, math.log10(largest) / 8))


_PLAIN_COUNT = re.compile(r"(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?![\w/-])|(?<![\w.,/-])\d{1,6}(?![\w/-]|[.,]\d)")


def _leading(text: str) -> float | None:
    """The count that begins or ends a description: "Sixty cameras", "Cameras, two hundred", "over 500 units"."""
    count = re.search(r"\b(\d[\d,]*)\s+(?:units?|sets?|pieces|pcs|off|craft|tubes|drums|rolls|spools)\b", text)
    first = re.match(r"\s*(?:over |nearly |about |more than )?([A-Za-z]+(?:[ -][A-Za-z]+)?|\d[\d,]*)\b", text)
    last = re.search(
        r",\s*(?:over |nearly |about |more than )?([A-Za-z]+(?: [A-Za-z]+)?|\d[\d,]*)"
        r"(?:\s+(?:units?|pieces|sets|off))?\s*$",
        text,
    )
    found = [n for m in (first, last, count) if m and (n := _number(m.group(1)))]
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
