"""Conditions of control rows that follow from stated figures: a barrel's length, a drone's range, a frame rate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from enduse.packs.us_ear.conditions import fact_of
from enduse.rules.facts import Fact
from enduse.rules.pack import Question

_BARREL = {"barrel_length_in": Decimal("2.54"), "barrel_length_cm": Decimal(1), "barrel_length_mm": Decimal("0.1")}
_18_INCHES = Decimal("45.72")
_24_INCHES = Decimal("60.96")
_UAV_RANGE_KM = Decimal(300)
_CAMERA_HZ = Decimal(60)
_CAMERA_ELEMENTS = Decimal(111_000)
_PRESS_MPA = Decimal(69)


_IN_WORDS: Mapping[str, re.Pattern[str]] = {
    "barrel_length_in": re.compile(r"(?i)\b(\d+(?:\.\d+)?)[- ]?(?:inch(?:es)?|in\.?|\")[- ](?:long )?barrel"),
    "range_km": re.compile(
        r"(?i)\b(?:maximum |max\.? )?range (?:of |up to |below |under )?(\d+(?:\.\d+)?) ?(?:km|kilomet)"
    ),
}
"""Figures that descriptions state."""

_SPECIAL: Mapping[str, re.Pattern[str]] = {
    "fingerprint_computer": re.compile(r"(?i)finger-?print|biometric|\bAFIS\b|police"),
    "fingerprint_computer_served": re.compile(r"(?i)finger-?print|biometric|\bAFIS\b|police"),
    "police_model_viewer": re.compile(r"(?i)police|law[- ]enforcement|viewer"),
}
"""Conditions that ask for a special make of the item, with the words that could point to it."""


def derive(asked: Question) -> Iterator[tuple[str, Fact]]:
    """What the item's own figures settle, and the special makes that nothing in the order points to."""
    item = asked.transaction.lines[asked.line - 1].item
    said = {n: Decimal(f[1]) for n, words in _IN_WORDS.items() if (f := words.search(item.description or ""))}
    figures = {**said, **{name: value for name, value in item.parameters.items() if isinstance(value, Decimal)}}
    for condition, holds, figure in (*_shotgun(figures), *_drone(figures), *_camera(figures), *_press(figures)):
        yield fact_of(condition), Fact(holds, f"item.parameters.{figure}", assumed=figure not in item.parameters)
    told = " ".join(filter(None, (item.description, asked.transaction.end_use.statement)))
    for condition, words in _SPECIAL.items():
        if told and not words.search(told):
            yield fact_of(condition), Fact(False, "nothing in the description or end use points to it", assumed=True)


Found = Iterator[tuple[str, bool, str]]


def _shotgun(figures: Mapping[str, Decimal]) -> Found:
    for name, factor in _BARREL.items():
        if name in figures:
            length = figures[name] * factor
            yield "shotgun_barrel_under_18_in", length < _18_INCHES, name
            yield "shotgun_barrel_under_24_in", length < _24_INCHES, name
            yield "shotgun_barrel_under_24_in_or_component", length < _24_INCHES, name
            yield "shotgun_barrel_24_in_or_more", length >= _24_INCHES, name
            if length < _24_INCHES:
                yield "shotgun_barrel_24_in_or_more_for_police", False, name
            return


def _drone(figures: Mapping[str, Decimal]) -> Found:
    for name in ("range_km", "max_range_km", "maximum_range_km"):
        if name in figures:
            yield "uav_300_km_or_9A120", figures[name] >= _UAV_RANGE_KM, name
            return


def _camera(figures: Mapping[str, Decimal]) -> Found:
    """A fast or large array is caught at once; a slow, small one only when embedding is ruled out as well."""
    rate, elements = figures.get("frame_rate_hz"), figures.get("elements", figures.get("array_elements"))
    fast = rate is not None and rate > _CAMERA_HZ
    large = elements is not None and elements > _CAMERA_ELEMENTS
    if fast or large:
        figure = "frame_rate_hz" if fast else "elements"
        yield "camera_fast_large_or_embedded", True, figure
        yield "camera_slow_small_not_embedded", False, figure


def _press(figures: Mapping[str, Decimal]) -> Found:
    for name in ("max_working_pressure_mpa", "working_pressure_mpa"):
        if name in figures:
            yield "press_69_mpa_or_more", figures[name] >= _PRESS_MPA, name
            return
