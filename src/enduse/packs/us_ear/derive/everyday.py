"""Everyday goods that the Commerce Control List names nowhere: what nobody has classified is then EAR99 (734.3(c)).

Only a description made up of such words alone counts ("blankets and children's clothing", "canned food"); one word
more ("food processing line", "heavy water", "military clothing") and nothing is presumed.
"""

from __future__ import annotations

import re

from enduse.model.item import Item, ItemKind
from enduse.rules.facts import Fact

_PAIRS = re.compile(
    r"\b(vegetable|cooking|olive|sunflower|palm|soybean|soya) oil\b|\b(bottled|mineral|drinking) water\b"
)
_GOODS = frozenset(
    """
    food foods foodstuffs groceries wheat flour corn maize rice barley oats soy soya soybeans beans lentils peas grain
    cereal cereals milk cheese butter eggs poultry chicken beef pork meat fish seafood fruit fruits vegetables potatoes
    onions tomatoes sugar salt honey coffee tea chocolate candy sweets biscuits bread pasta noodles nuts spices juice
    beer wine formula clothing clothes coats jackets shirts trousers dresses socks shoes footwear sandals blankets
    quilts bedding sheets pillows mattresses towels toys dolls furniture chairs desks beds shelves curtains carpets
    books textbooks magazines newspapers stationery paper notebooks pencils soap shampoo toothpaste toothbrushes
    toiletries diapers nappies kitchenware crockery cutlery dishes flowers umbrellas handbags
    medicine medicines aspirin ibuprofen paracetamol insulin antibiotics painkillers vitamins antimalarials
    plainoil plainwater
    """.split()  # noqa: SIM905 - words read better in lines than quoted one by one
)
_BESIDE = frozenset(
    """
    a an the of and or for with in to from as by at sent shipped some various assorted ordinary simple basic usual
    bulk canned tinned dried fresh frozen packaged packed powdered powder meal baby infant child children children's
    kids men's women's winter summer warm used new secondhand donated donation donations gift gifts parcel parcels
    package packages box boxes family relatives friends relative friend personal office household school private
    individual individuals people person own consumption agricultural commodity commodities goods items item supplies
    humanitarian relief aid prescription tablets tablet capsules pills essential generic wooden cotton wool leather
    """.split()  # noqa: SIM905 - words read better in lines than quoted one by one
)


def everyday(item: Item) -> Fact | None:
    """EAR99, as an assumption, for a commodity described by everyday words alone; None for anything else."""
    said = (item.description or "").lower()
    if item.kind is not ItemKind.COMMODITY or item.codes or item.components:
        return None
    words = re.findall(r"[a-z]+(?:'s)?", _PAIRS.sub(lambda m: "plainoil" if m[1] else "plainwater", said))
    named = [w for w in words if w in _GOODS or f"{w}s" in _GOODS]
    if re.search(r"\d", said) or not named or not set(words) <= {*named} | _BESIDE:
        return None
    return Fact("EAR99", f"everyday goods, which no entry of the list names: “{item.description}”", assumed=True)
