# ruff: noqa: E501
"""The figures of `screening_accuracy.py` as Markdown, JSON and a drawn reliability curve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HEAD = """# How well screening finds, and how often it is wrong

Written by `python benchmarks/screening_accuracy.py`; do not edit. Weights and calibration were fitted on builds with
seeds of their own (`--fit`); the open query set and the build with the last seed were only measured.

R is the share of true queries found, at the score where the stated share of ordinary names has a hit.
"""


def write(told: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "screening.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "screening.svg").write_text(_drawn(told["reliability"]), encoding="utf-8")
    (folder / "screening.md").write_text(_text(told), encoding="utf-8")


def _text(told: dict[str, Any]) -> str:
    parts = [HEAD]
    for label, ways in told.items():
        if isinstance(ways, dict) and "name only" in ways:
            parts.append(_swept(label, ways))
    parts.append(_reliability(told))
    limits = ", ".join(f"{k}: {v}" for k, v in told["limits"].items())
    parts.append(
        "## Development pairs\n\nLimits are scores at which 0.1 % and 1 % of the ordinary names below (name only) have a "
        f"hit, and 0.5 ({limits}). Pairs of which the data say that no name can decide them are left out, except among "
        "hard negatives.\n"
    )
    for label, rows in told.items():
        if isinstance(rows, dict) and rows and all(isinstance(v, dict) and "n" in v for v in rows.values()):
            parts.append(_groups(label, rows))
    parts.append(_whole(told["whole records of two lists"]))
    return "\n".join(parts)


def _swept(label: str, ways: dict[str, Any]) -> str:
    lines = [f"## {label[0].upper()}{label[1:]}\n", "| | R at 0.1 % | R at 1 % | R at 5 % |", "|---|---|---|---|"]
    for way, found in ways.items():
        lines.append(
            f"| {way} | "
            + " | ".join(f"{found[r]['recall']:.3f} ({found[r]['score']:.3f})" for r in ("0.1%", "1.0%", "5.0%"))
            + " |"
        )
    kinds = ways["with country"]["1.0%"]["by_kind"]
    lines += [
        "\nBy kind of query (with country, and by name only):\n",
        "| kind | 0.1 % | 1 % | name only 0.1 % | name only 1 % |",
        "|---|---|---|---|---|",
    ]
    for kind in kinds:
        cells = [ways[w][r]["by_kind"][kind] for w in ("with country", "name only") for r in ("0.1%", "1.0%")]
        lines.append(f"| {kind} | " + " | ".join(f"{c:.2f}" for c in cells) + " |")
    return "\n".join(lines) + "\n"


def _reliability(told: dict[str, Any]) -> str:
    lines = [
        "## Calibration\n",
        f"Base rate assumed: {told['base_rate']:.3f} (one listed party among eleven queries).\n",
        "A hit's probability is that the listed party is the one asked for.\n",
        "![Reliability](screening.svg)\n",
        "| set | stated | right | hits |",
        "|---|---|---|---|",
    ]
    for label, rows in told["reliability"].items():
        lines += [f"| {label} | {r['stated']:.3f} | {r['right']:.3f} | {r['hits']} |" for r in rows]
    return "\n".join(lines) + "\n"


def _groups(label: str, rows: dict[str, Any]) -> str:
    columns = [c for c in next(iter(rows.values())) if c != "n"]
    lines = [
        f"### {label[0].upper()}{label[1:]}\n",
        "| group | n | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 2) + "|",
    ]
    lines += [f"| {g} | {r['n']} | " + " | ".join(f"{r[c]:.4f}" for c in columns) + " |" for g, r in rows.items()]
    return "\n".join(lines) + "\n"


def _whole(told: dict[str, Any]) -> str:
    columns = list(next(iter(told.values()))["all"])
    lines = [
        "### Whole records of two lists: what each particular adds\n",
        "| evidence | kind | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 2) + "|",
    ]
    for label, kinds in told.items():
        lines += [f"| {label} | {kind} | " + " | ".join(str(r[c]) for c in columns) + " |" for kind, r in kinds.items()]
    return "\n".join(lines) + "\n"


def _drawn(sets: dict[str, list[dict[str, float]]]) -> str:
    side, edge = 320, 40

    def at(p: float, q: float) -> str:
        return f"{edge + p * side:.1f},{edge + (1 - q) * side:.1f}"

    colours = ("#1f5fa8", "#b5442e", "#3d7a3d")
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side + 2 * edge}" height="{side + 2 * edge}" font-family="sans-serif" font-size="12">',
        f'<rect x="{edge}" y="{edge}" width="{side}" height="{side}" fill="none" stroke="#888"/>',
        f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#bbb" stroke-dasharray="4" fill="none"/>',
        f'<text x="{edge + side / 2}" y="{side + 2 * edge - 8}" text-anchor="middle">stated probability</text>',
        f'<text x="14" y="{edge + side / 2}" text-anchor="middle" transform="rotate(-90 14 {edge + side / 2})">share right</text>',
    ]
    for i, (label, rows) in enumerate(sets.items()):
        drawn.append(
            f'<polyline points="{" ".join(at(r["stated"], r["right"]) for r in rows)}" fill="none" stroke="{colours[i]}" stroke-width="2"/>'
        )
        drawn.append(f'<text x="{edge + 10}" y="{edge + 18 + 16 * i}" fill="{colours[i]}">{label}</text>')
    return "\n".join([*drawn, "</svg>"]) + "\n"
