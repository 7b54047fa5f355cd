"""Official text made comparable: one spelling of quotes and spaces, and a digest that stands for it."""

from __future__ import annotations

import hashlib
import re
from xml.etree.ElementTree import Element

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "–": "-", "—": "-"})


def flat(element: Element) -> str:
    """All text of an element on one line; a line break in the source is a space."""
    return squeeze("".join(_pieces(element)))


def lines(element: Element) -> list[str]:
    """The text of a table cell, one string per printed line (the source breaks lines with `br`)."""
    return [line for line in (squeeze(part) for part in "".join(_pieces(element)).split("\f")) if line]


def _pieces(element: Element) -> list[str]:
    pieces = [element.text or ""]
    for child in element:
        pieces.append("\f" if child.tag == "br" else "".join(_pieces(child)))
        pieces.append(child.tail or "")
    return pieces


def squeeze(text: str) -> str:
    """Runs of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


def plain(text: str) -> str:
    """The spelling in which official texts are compared: straight quotes, single spaces, no full stop."""
    return re.sub(r"\s+", " ", text.translate(_STRAIGHT)).strip().rstrip(".").strip()


def digest(text: str) -> str:
    """Twelve hex digits that stand for an official text, so that it need not be kept here."""
    return hashlib.sha256(plain(text).lower().encode()).hexdigest()[:12]
