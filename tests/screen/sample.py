"""A small list of our own invention: parties, a query's words, and both matchers."""

from __future__ import annotations

import random

import pytest

from enduse.model.listing import ListedName, ListedParty
from enduse.model.party import Address, Identifier, PartyKind
from enduse.screen import Index

PERSON, BODY, VESSEL = PartyKind.PERSON, PartyKind.ORGANISATION, PartyKind.VESSEL


def party(number: int, kind: PartyKind, *names: str | ListedName, **more: object) -> ListedParty:
    """A listed party; the first name is its primary one."""
    told = tuple(
        n if isinstance(n, ListedName) else ListedName(text=n, kind="primary" if i == 0 else "alias")
        for i, n in enumerate(names)
    )
    return ListedParty.model_validate({"list": "zz_list", "id": str(number), "kind": kind, "names": told, **more})


PARTIES = (
    party(
        1,
        PERSON,
        "OSTROVSKY, Leonid Maksimovich",
        "Леонид Максимович ОСТРОВСКИЙ",
        birth_dates=("1961-04-12",),
        nationalities=("RU",),
        programmes=("ZZ-1",),
    ),
    party(2, PERSON, "Khaled Abdulrahman AL-TARAZI", "Abu Samir", birth_dates=("1975",), nationalities=("SY",)),
    party(
        3,
        BODY,
        "Zavod Kvantpribor OOO",
        "Quantpribor Plant LLC",
        identifiers=(Identifier(kind="tax", value="7701234567"),),
        addresses=(Address(street="17 Lesnaya Street, Building 4", city="Zelenograd", country="RU"),),
    ),
    party(4, BODY, "Plant No. 5", nationalities=("RU",)),
    party(5, BODY, "Plant No. 7", nationalities=("RU",)),
    party(
        6,
        VESSEL,
        "GRETA STAR",
        ListedName(text="OLD GRETA", kind="former"),
        identifiers=(Identifier(kind="imo", value="9074729"),),
    ),
    party(7, BODY, "Ferrowerk Handels GmbH", ListedName(text="FW", kind="acronym", weak=True)),
    party(8, PERSON, "محمد سلمان الطرازي"),
    party(9, BODY, "北京星河量子技术有限公司", "Beijing Xinghe Quantum Technology Co., Ltd.", nationalities=("CN",)),
    party(10, PartyKind.UNKNOWN, "Meridian Aero Supplies FZE"),
    party(
        11,
        PartyKind.ADDRESS,
        "Unit 1804, Harbour Peak Tower, 55 Quayside Road, Kowloon",
        addresses=(Address(text="Unit 1804, Harbour Peak Tower, 55 Quayside Road, Kowloon", country="HK"),),
    ),
)


def built(monkeypatch: pytest.MonkeyPatch, how: str, parties: tuple[ListedParty, ...] = PARTIES) -> Index:
    """An index served by the matcher in Python, or by the one in C where it is installed."""
    if how == "python":
        monkeypatch.setenv("ENDUSE_PYTHON_MATCHER", "1")
    else:
        monkeypatch.delenv("ENDUSE_PYTHON_MATCHER", raising=False)
    index = Index.build(parties)
    if how == "c" and index.engine is None:
        pytest.skip("the accelerator is not installed here")
    return index


COMMON = ("general", "trading", "import", "export", "industrial", "group", "petrol", "marine", "supply", "service")


def alike(count: int, seed: int) -> tuple[str, ...]:
    """Names of bodies that share most of their words, in many spellings."""
    rng = random.Random(seed)
    own = ["".join(rng.choice("aeioubdgklmnrstvz") for _ in range(rng.randint(4, 9))) for _ in range(count // 4)]
    names = ([rng.choice(own), *rng.choices(COMMON, k=rng.randint(1, 5))] for _ in range(count))
    return tuple(" ".join(mistyped(word, rng) for word in name) for name in names)


def mistyped(word: str, rng: random.Random) -> str:
    """A word with one letter wrong, in three cases of ten."""
    at = rng.randrange(len(word))
    return word[:at] + rng.choice("aeiourst") + word[at + 1 :] if rng.random() < 0.3 else word
