"""From the labels publishers put on numbers to the kinds of `Identifier`."""

from __future__ import annotations

import re
from functools import lru_cache

from enduse.lists.places import place_of
from enduse.model.party import Identifier

_KINDS: tuple[tuple[str, str], ...] = (
    (r"\bimo\b|vessel registration identification", "imo"),
    (r"\bmmsi\b|maritime mobile", "mmsi"),
    (r"call sign", "call_sign"),
    (r"tail number", "tail_number"),
    (r"mode s|icao", "icao24"),
    (r"\blei\b|legal entity (number|identifier)", "lei"),
    (r"d-?u-?n-?s", "duns"),
    (r"\bcage\b", "cage"),
    (r"\buei\b", "uei"),
    (r"passport", "passport"),
    (r"swift|\bbic\b", "bic"),
    (r"\bisin\b", "isin"),
    (r"e-?mail", "email"),
    (r"website|\burl\b|web site", "website"),
    (r"phone|telephone|\bfax\b|mobile", "phone"),
    (r"v\.?a\.?t\.?\b", "vat"),
    (r"eori", "eori"),
    (
        (
            r"\btax\b|\binn\b|tin\b|fiscal|fein|r\.?f\.?c\b|\bnit\b|\bruc\b|\brif\b|c\.?u\.?i\.?t|c\.?i\.?f\b"
            r"|\bunp\b|\bnuit\b"
        ),
        "tax",
    ),
    (
        (
            r"national (foreign )?id|cedula|personal (id|number|identification)|identity card|id card|\bssn\b"
            r"|c\.?u\.?r\.?p|d\.?n\.?i\b"
            r"|identification number|birth certificate|driver|electoral|residency|n\.?i\.?e\b|national no"
            r"|national identification|credencial|cartilla|numero de identidad|travel document|military"
        ),
        "national_id",
    ),
    (
        (
            r"registration|registry|registered|company number|commercial|c\.?r\.? (no|#)|uscc|unified social|gazette"
            r"|matricula|folio|trade licen[cs]e|incorporation|enterprise number|chamber|ogrn|business|charity"
            r"|public registration|registration id|\bbik\b|organi[sz]ation code"
        ),
        "registration",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _KINDS)
_IMO = re.compile(r"(?:IMO)?\s*(\d{7})", re.IGNORECASE)


@lru_cache(maxsize=5_000)
def kind_of(label: str) -> str:
    """The identifier kind a publisher's label means; `other` when it is none of ours."""
    return next((kind for pattern, kind in _COMPILED if pattern.search(label)), "other")


def identifier(label: str, value: str, country: str | None = None, *, note: str | None = None) -> Identifier:
    """An identifier with the publisher's own label kept in its note.

    A vessel registration that is an IMO number is kept as the bare seven digits; any other is a registration.
    """
    kind, text = kind_of(label), value.strip()
    if kind == "imo":
        imo = _IMO.fullmatch(text)
        kind, text = ("imo", imo[1]) if imo else ("registration", text)
    said = f"{label.rstrip(': -')}; {note}" if note else label.rstrip(": -")
    return Identifier(kind=kind, value=text, country=place_of(country), note=said)
