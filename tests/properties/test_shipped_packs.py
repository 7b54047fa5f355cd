"""The promises of the engine hold for the law we ship."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

import promises
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enduse.rules.pack import RulePack, leaves
from enduse.shelf import open_pack
from worlds import DAY, values_of

Promise = Callable[..., None]
TRIED = (
    promises.further_facts_never_flip,
    promises.stricter_only_by_what_was_printed,
    promises.confirmed_stays,
    promises.index_finds_all_that_matters,
    promises.order_never_matters,
)
LATER = date(2026, 8, 15)


@lru_cache
def world(pack_id: str, day: date) -> tuple[RulePack, Mapping[str, list[object]]]:
    """A pack and values around everything it asks, codes and places from its own tables among them."""
    pack = open_pack(pack_id)
    values = values_of(pack, day)
    if pack.module is not None:
        codes = ["3A001.a.7", "3A001", "5A992.c", "EAR99", "9A610.x", "1C351.a", "6A003.b.4.b", "0A501.a", "3A090.a"]
        values[pack.info.code_fact] = list(codes)
        values[pack.info.place_fact] = ["CN", "GB", "RU", "IR", "CA", "HK", "IN", "UA-43", "DE"]
        for code in codes:
            for live in pack.module.rules_for(code, pack.at(day).tables):
                for test in leaves(live.version.when):
                    values.setdefault(test.fact, _samples(pack, test.fact))
    return pack, {n: v for n, v in values.items() if v}


def _samples(pack: RulePack, name: str) -> list[object]:
    kind = pack.types[name].kind
    if kind == "flag":
        return [True, False]
    return {"place": ["CN", "GB", "RU", "DE"], "code": ["3A001", "9A610"], "text": ["commodity"]}.get(kind, [])  # type: ignore[return-value]


@pytest.mark.parametrize("promise", TRIED, ids=lambda p: p.__name__)
@settings(max_examples=60)
@given(data=st.data())
def test_ruritania_keeps(promise: Promise, data: st.DataObject) -> None:
    """The template pack, on a day between its amendments."""
    pack, values = world("zz_ruritania", DAY)
    promise(pack, values, data, DAY)


@pytest.mark.parametrize("promise", TRIED, ids=lambda p: p.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_the_export_administration_regulations_keep(promise: Promise, data: st.DataObject) -> None:
    """The whole pack, its table rules too, on facts drawn from what it asks."""
    pack, values = world("us_ear", LATER)
    promise(pack, values, data, LATER)
