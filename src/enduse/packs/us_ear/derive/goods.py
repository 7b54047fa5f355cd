"""What kind of goods they are, how they travel and what they cost, where Parts 734, 736 and 746 ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from enduse.model.item import ItemKind
from enduse.model.verdict import Verdict, any_of
from enduse.packs.us_ear.needs import needs_licence
from enduse.rules.facts import Fact, Range, unknown
from enduse.rules.pack import Question

_TRANSIT_8 = frozenset(
    {"AM", "AZ", "BY", "KH", "CU", "GE", "KZ", "KG", "LA", "MN", "KP", "RU", "TJ", "TM", "UA", "UZ", "VN"}
)


def derive(asked: Question) -> Mapping[str, Fact]:
    """Countries passed through, tariff code of medicines, price of a unit, loaded software, relief for Iran, agency."""
    found: dict[str, Fact] = {}
    for part in (_transit, _medicine, _price, _gift, _loaded, _iran_relief, _agency):
        found.update(part(asked))
    return found


def _transit(asked: Question) -> Iterator[tuple[str, Fact]]:
    """Countries of 736.2(b)(8) passed through to which the item itself would need a licence."""
    code = asked.facts.value("item.control")
    through = [p for p in asked.transaction.route.transit if p in _TRANSIT_8]
    if not isinstance(code, str) or not through:
        return
    verdicts = {p: needs_licence(code, p, asked.tables) for p in through}
    barred = [p for p, verdict in verdicts.items() if verdict is Verdict.TRUE]
    if barred:
        yield "route.unladen_in_barred", Fact(True, f"route.transit: {', '.join(barred)}")
    elif Verdict.UNKNOWN in verdicts.values():
        yield "route.unladen_in_barred", unknown(f"whether {code} may pass through {', '.join(through)} is open")


def _medicine(asked: Question) -> Iterator[tuple[str, Fact]]:
    """Medicines stand in chapter 30 of the tariff and on no supplement to Part 746."""
    if asked.facts.flag("item.medicine"):
        yield "item.supplement_6_part746", Fact(False, "a medicine", assumed=True)
        yield "item.hs6", Fact("300490", "medicines stand in chapter 30 of the tariff", assumed=True)


def _price(asked: Question) -> Iterator[tuple[str, Fact]]:
    """What one unit costs, as far as the line says; a line without a quantity bounds it from above."""
    row = asked.transaction.lines[asked.line - 1]
    if row.value is None or row.value.currency != "USD":
        return
    count = row.quantity.amount if row.quantity else None
    price = row.value.amount / count if count else Range(Decimal(0), row.value.amount)
    yield "item.unit_wholesale_price", Fact(price, "the line's value and quantity", assumed=True)


_GIFT_LIMIT = Decimal(800)
"""US dollars at retail (740.12(a)(2)(vi))."""


def _gift(asked: Question) -> Iterator[tuple[str, Fact]]:
    """Whether a gift parcel of this value keeps within the limit; a value in another currency leaves it open."""
    total = asked.facts.value("transaction.total_value")
    if not isinstance(total, Decimal):
        return
    if asked.facts.value("transaction.currency") == "USD":
        yield "exception.gft.within_limit", Fact(total <= _GIFT_LIMIT, f"the order is worth USD {total}")
    else:
        yield "exception.gft.within_limit", unknown("the value is not stated in US dollars")


def _loaded(asked: Question) -> Iterator[tuple[str, Fact]]:
    """Software of its own entry loaded on a commodity that leaves the United States keeps its own control."""
    item, place = asked.transaction.lines[asked.line - 1].item, _place(asked)
    codes = [p.codes.get("us_ccl", "") for p in item.components]
    software = [c for c in codes if c[1:2] == "D"]
    if place is None or not software or item.kind is not ItemKind.COMMODITY:
        return
    verdict = any_of(needs_licence(c, place, asked.tables) for c in software)
    if verdict is not Verdict.UNKNOWN:
        yield "content.loaded_software", Fact(verdict is Verdict.TRUE, f"loaded with {', '.join(software)}")


def _iran_relief(asked: Question) -> Iterator[tuple[str, Fact]]:
    """EAR99 food, farm goods, medicine and medical devices have OFAC's general licence (31 CFR 560.530)."""
    kinds = ("item.food", "item.agricultural", "item.medicine", "item.medical_device")
    if _place(asked) == "IR" and asked.facts.value("item.control") == "EAR99":
        named = next((k for k in kinds if asked.facts.flag(k)), None)
        if named is not None:
            yield "iran.ofac_authorised", Fact(True, f"31 CFR 560.530 covers it ({named})", assumed=True)


def _agency(asked: Question) -> Iterator[tuple[str, Fact]]:
    """An item with a munitions-list code and none of the commerce list is the State Department's."""
    codes = asked.transaction.lines[asked.line - 1].item.codes
    if codes.get("us_usml") and not codes.get("us_ccl"):
        yield "item.other_agency", Fact(True, f"item.codes.us_usml: {codes['us_usml']}")


def _place(asked: Question) -> str | None:
    place = asked.facts.value("ear.destination")
    return place if isinstance(place, str) else None
