"""Measures the risk assessment and writes docs/accuracy/risk.md with its curves: `python benchmarks/risk.py --write`.

Needs the developers' shared data (`ENDUSE_SHARED`, or `../shared` beside the repository). Every figure in the document
comes from here; nothing is typed in by hand but what each set is.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from enduse.assess import assess, standard
from enduse.assess.feedback import calibration, fitted
from enduse.assess.knowledge import knowledge_of
from enduse.assess.lanes import Held, curve, fast_limit, held, hold_limit, interval, price
from enduse.assess.rehearse import pairs as rehearsed
from enduse.assess.words import tokens
from enduse.evaluate.cases import transaction_of
from enduse.evaluate.risk import evaluate_risk
from enduse.model.transaction import Transaction
from enduse.shelf import open_pack

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ENDUSE_SHARED", ROOT.parent / "shared")) / "data" / "cases"
DAY = date(2025, 1, 1)
PACK, PROFILE = open_pack("red_flags"), standard()
OWN = [json.loads(line) for line in (ROOT / "benchmarks/risk_own_pairs.jsonl").read_text("utf-8").splitlines()]
RATES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2)
FIRST_SIGHT = """| At first sight, before anything was changed because of it | Number | Ranked right |
| --- | --- | --- |
| developers' pairs kept aside, after work on the other 46 only | 27 | 17 (63 %) |
| the last 8 of these, after widening because of the other 19 | 8 | 5 (63 %) |
| own list of 270 terse signs, counted when noticed as a new alarm of 0.3 nats or more | 270 | 200 (74 %) |
| own list of 140 more | 140 | 105 (75 %) |
| own pairs in the manner of enforcement cases (`e1`) | 30 | 28 (93 %) |
| own pairs in the manner of public procurement, humanitarian trade and general authorisations (`b1`) | 30 | 22 (73 %) |
| the same, after widening (`b2`) | 30 | 24 (80 %) |
| the same, after widening (`b3`, meant to be devious) | 40 | 29 (72 %) |
| the same, after widening (`b4`) | 30 | 24 (80 %) |
| the same, after widening (`b5`) | 30 | 26 (87 %) |
| blind pairs, batch a | 100 | 87 (87 %), 6 ties |
| blind pairs, batch b | 100 | 82 (82 %), 11 ties |
| blind pairs, batch c, by the assessment as it was before the word table | 100 | 76 (76 %), 14 ties |
| the same batch c, after the first round of widening because of a and b | 100 | 85 (85 %), 7 ties |
| blind pairs, batch d, by the assessment as it was before the word table | 100 | 77 (77 %), 11 ties |
| **the same batch d, head figures alone, after all work was done** | 100 | **89 (89 %), 1 tie** |"""
BLIND = """| Blind batch | Ranked right | Ties | Honest held | Evasive released | Held | Caught at one in ten | Brier |
| --- | --- | --- | --- | --- | --- | --- | --- |
| a (in view since its first sight) | 97 % | 1 | 0 % | 1 % | 30 % | 75 % | 0.128 |
| b (in view since its first sight) | 96 % | 0 | 2 % | 1 % | 37 % | 70 % | 0.146 |
| c (head figures only, looked at several times) | 90 % | 4 | 5 % | 0 % | 23 % | 37 % | 0.192 |
| d (head figures only, at the end) | 89 % | 1 | 4 % | 0 % | 29 % | 39 % | 0.202 |"""


def read(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (SHARED / f"{name}.jsonl").read_text("utf-8").splitlines()]


def outcomes(told: Sequence[dict[str, object]]) -> list[Held]:
    judge = lambda inputs: assess(transaction_of(inputs), pack=PACK, profile=PROFILE, as_of=DAY)  # noqa: E731
    found = []
    for pair in told:
        found += [held(judge(pair["honest"]), diverted=False), held(judge(pair["evasive"]), diverted=True)]
    return found


def rehearsal(seed: int, n: int) -> list[Held]:
    found = []
    for pair in rehearsed(seed, n, pack=PACK):
        for transaction, bad in ((pair.honest, False), (pair.evasive, True)):
            found.append(held(assess(transaction, pack=PACK, profile=PROFILE, as_of=DAY), diverted=bad))
    return found


def splits(found: Sequence[Held], rate: float, *, times: int = 300) -> tuple[float, float, float]:
    """Mean misses and needless holds on the half that set no threshold, over repeated splits, and how often over."""
    bad, good = [o for o in found if o.diverted], [o for o in found if not o.diverted]
    draw, missed, needless, over = random.Random(1), [], [], 0
    for _ in range(times):
        draw.shuffle(bad), draw.shuffle(good)
        seen = bad[::2] + good[::2]
        cost = price(bad[1::2] + good[1::2], fast_limit(seen, rate), hold_limit(seen, rate))
        missed.append(cost.missed.share), needless.append(cost.needless.share)
        over += cost.missed.share > rate
    return statistics.mean(missed), statistics.mean(needless), over / times


def svg(title: str, x: str, y: str, lines: Sequence[tuple[str, str, Sequence[tuple[float, float]]]]) -> str:
    """A small line chart: shares from 0 to 1 on both sides."""
    at = lambda p: f"{60 + 300 * p[0]:.1f},{250 - 220 * p[1]:.1f}"  # noqa: E731
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" font-family="sans-serif" font-size="11">',
        f'<rect width="400" height="300" fill="white"/><text x="60" y="18" font-weight="bold">{title}</text>',
        '<path d="M60 30V250H360" fill="none" stroke="#444"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{60 + 300 * tick:.0f}" y="265" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="54" y="{254 - 220 * tick:.0f}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="210" y="285" text-anchor="middle">{x}</text>')
    parts.append(f'<text x="14" y="140" text-anchor="middle" transform="rotate(-90 14 140)">{y}</text>')
    for n, (name, colour, points) in enumerate(lines):
        drawn = " ".join(at(p) for p in points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="230" y="{48 + 15 * n}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def timing(told: Sequence[dict[str, object]]) -> tuple[float, float, float]:
    """Milliseconds of processor time for an assessment over every twin: median and 95 %, and 95 % of a first pass.

    Every text is read anew; in the first pass of a process each phrase is also parsed when it is first met.
    """
    orders = [transaction_of(p[s]) for p in told for s in ("honest", "evasive")]
    first, again = ([_spent(order) for order in orders] for _ in range(2))
    return statistics.median(again), statistics.quantiles(again, n=20)[-1], statistics.quantiles(first, n=20)[-1]


def _spent(order: Transaction) -> float:
    know = knowledge_of(PACK)
    for lexicon in (know.signs, know.places, know.sectors, know.families, know.valence):
        lexicon.find.cache_clear()
    tokens.cache_clear()
    begun = time.process_time()
    assess(order, pack=PACK, profile=PROFILE, as_of=DAY)
    return (time.process_time() - begun) * 1e3


def percent(value: object) -> str:
    return f"{100 * float(value):.1f} %" if isinstance(value, int | float) and not math.isnan(value) else "–"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    cells = [list(head), ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(c) for c in row) + " |" for row in cells)


def document(found: dict, own_found: dict, real: list[Held], own: list[Held], times: tuple) -> str:
    hard, soft = found["hard"], found["not_hard"]
    rows = [
        (name, *(percent(part[key]) for part in (found, hard, soft)))
        for name, key in (
            ("ranked right (evasive strictly above honest)", "ranked_right"),
            ("honest held", "honest_held"),
            ("evasive released", "evasive_released"),
            ("evasive held", "evasive_held"),
            ("honest released at once", "honest_fast"),
            ("sent to review, of all", "reviewed"),
            ("evasive caught if one honest in ten is looked at", "held_at_10pct_review"),
        )
    ]
    median, slow, first = times
    bends = curve(real, needless_rate=0.05, rates=RATES)
    kept = [(rate, *splits(real, rate), *splits(own, rate)) for rate in (0.05, 0.1, 0.2)]
    confusions = "\n".join(confusion(c) for c in found["confusions"]) or "None."
    groups = found["indicators_by_group"]
    stated = PROFILE.lanes
    return f"""# Accuracy of the risk assessment

Written by `benchmarks/risk.py --write`; profile `{PROFILE.id}`, pack `{PACK.info.version}`
(`{PACK.digest[:12]}`). Sets: the developers' {found["pairs"]} matched pairs, {found["swaps"]} swaps,
{found["enforcement"]} enforcement and {found["benign"]} benign cases.

## Matched pairs

{table(("", "all", "hard", "others"), rows)}

Pairs: {found["pairs"]} ({hard["pairs"]} hard). Ties: {found["ties"]}. Intervals (95 %, Wilson): honest held
{bounds(found["honest_held_interval"])}, evasive released {bounds(found["evasive_released_interval"])}. Area under the
curve over all twins {found["auc"]}, Brier score at even odds {found["brier"]} (0.25 is a coin).
Leakage baseline of the same pairs, by their authors: bag of words ranks 69 % right, word pairs 74 %, form alone 68 %.

**These figures are optimistic.** The developers' pairs were in view while phrases were collected. What the assessment
did on material at first sight is the fairer guess at new pairs:

{FIRST_SIGHT}

The blind batches were written by another engineer who never saw the assessment, its phrases or its figures; they are
not shipped, so their rows are typed in from `enduse evaluate risk`. Batches a and b were then read and worked on; c and
d were never read, only their head figures were. How the present profile does on all four:

{BLIND}

A fair guess for new pairs of this kind is therefore 85 to 93 % ranked right (d: 89 %, 95 % interval
{bounds(_wilson(89, 100))}), short of the 95 % aimed at, with some 5 % of honest twins held and hardly an evasive one
released; most evasive ones go to review. The price of few needless holds is that few are held outright.

The own pairs ({len(OWN)}, `benchmarks/risk_own_pairs.jsonl`, all fictional) are now ranked right in
{percent(own_found["ranked_right"])}, with {percent(own_found["honest_held"])} of honest ones held and
{percent(own_found["evasive_released"])} of evasive ones released; they too have been in view since.

Phrases met in pairs entered the lists only as members of wider families; those that stood in one pair alone were taken
out again, some thirty before the blind batches and nearly 300 after (a fell from 99 to 97 %, b from 97 to 96 %, c did
not move); ordinary words of trade stayed. Words of nations, languages and faiths are kept out of the word table, and
faiths out of all phrases that alarm; a test sees to it.
The first gains came from comparisons (who pays, where it goes, which figures disagree, what fits what), those on blind
pairs from a floor beneath the phrases (`tables/valence.csv`: single words and short phrases of either side, own
compilation; who is named and who is not; ages, sizes, prices and what an item can do, graded). On the developers' and
own pairs, which were not read for it, that floor alone ranked 79 % right. A meaning layer
with static word vectors (`wordllama`) was tried as a further sign: it
tells alarming from reassuring phrases of unseen signs apart in 68 % of cases, and added no pair ranked right when half
of all phrases were withheld (94.2 % without, 93.8 % with it), so it is not part of the score.

## Swaps

{found["swaps"]} swaps of a person's name or of nationalities treated alike: {found["lane_moves"]} lane moves,
{
        found["score_moves"]
    } score moves. Persons' names are never read; a recipient's country in a release to a person is left
to the law; countries enter through `tables/concern.csv` (dated, cited) alone.

## What remains without a group

{table(("group taken away", "ranked right"), [(g, percent(v)) for g, v in sorted(found["without_group"].items())])}

## Published cases

{
        table(
            ("", "share"),
            [
                ("enforcement: held", percent(found["enforcement_held"])),
                ("enforcement: held or asked about", percent(found["enforcement_held_or_asked"])),
                ("benign: needlessly held", percent(found["benign_needlessly_held"])),
                ("benign: released at once", percent(found["benign_fast"])),
                (
                    f"benign with two or more suspicious features ({found['benign_suspicious']}): needlessly held",
                    percent(found["benign_suspicious_needlessly_held"]),
                ),
                ("enforcement caught if one benign in ten is looked at", percent(found["real_held_at_10pct_review"])),
                ("area under the curve", found["real_auc"]),
            ],
        )
    }

A bag of words reaches 0.996 on these two sets by style alone, so the last line proves nothing; no weight was set on
them.

Groups of indicators against the red flags that readers saw in the enforcement cases (their sentences read into groups
by the pack's own phrases, so a rough measure):

{
        table(
            ("group", "precision", "recall", "expected"),
            [(g, percent(v["precision"]), percent(v["recall"]), v["expected"]) for g, v in groups.items()],
        )
    }

## Lanes and their price

Hold from {stated.hold_from:g}; fast below {stated.fast_below:g} and only where no red flag stands open; else review.
{stated.found}

Price of an accepted miss rate on the pairs (needless holds accepted: 5 %), by conformal risk control:

{
        table(
            ("accepted miss rate", "fast below", "reviewed", "missed (95 %)", "honest held (95 %)"),
            [
                (percent(r), f"{b.fast_below:.2f}", percent(b.reviewed.share), span(b.missed), span(b.needless))
                for r, b in zip(RATES, bends, strict=True)
            ],
        )
    }

![Price of the fast lane](risk-price.svg)

The promise over repeated splits (thresholds from one half, cost on the other, 300 times). It is a promise about the
mean; single splits may lie above it:

{
        table(
            ("rate", "pairs: missed", "pairs: honest held", "rehearsed: missed", "rehearsed: honest held"),
            [(percent(r), percent(m), percent(h), percent(m2), percent(h2)) for r, m, h, _, m2, h2, _ in kept],
        )
    }

## Calibration

Scale {PROFILE.scale:g}, shift {PROFILE.shift:g} ({PROFILE.calibrated_on}). The pairs are half evasive by construction;
real trade is not: the base rate is stated with each order (standard {PROFILE.base_rate:g}).

![Reliability](risk-reliability.svg)

{
        table(
            ("stated", "came true (95 %)", "of"),
            [(percent(b.stated), span(b.came_true), b.of) for b in calibration(real, PROFILE, base_rate=0.5, bins=6)],
        )
    }

## Time

An assessment takes {median:.1f} ms of processor time (median; 95 % below {slow:.1f} ms) on the machine that wrote
this, every text read anew; 95 % below {first:.1f} ms in the first pass of a process, while phrases are still parsed.

## Confusions, one by one

{confusions}
"""


def _wilson(hits: int, n: int) -> tuple[float, float]:
    found = interval(hits, n)
    return found.low, found.high


def bounds(pair: object) -> str:
    low, high = pair  # type: ignore[misc]
    return f"{percent(low)} to {percent(high)}"


def span(found) -> str:
    return f"{percent(found.share)} ({percent(found.low)} to {percent(found.high)})"


def confusion(told: dict) -> str:
    sides = "; ".join(
        f"{who} {told[who]['score']:+.2f} {told[who]['lane']} "
        f"({', '.join(told[who]['indicators'][:4]) or 'no indicator'})"
        for who in ("honest", "evasive")
    )
    return f"- `{told['id']}`{' (hard)' if told['hard'] else ''}: {sides}"


def main(write: Callable[[str], None]) -> None:
    told = read("pairs")
    times = timing(told)
    found = evaluate_risk(told, read("swaps"), read("enforcement"), read("benign"))
    real, own = outcomes(told), rehearsal(11, 200)
    scale, shift = fitted(real)
    print(f"pairs: fitted scale {scale}, shift {shift}")
    print(f"limits at 5 %: fast below {fast_limit(real, 0.05)}, hold from {hold_limit(real, 0.05)}")
    print(f"rehearsed: {sum(o.flagged for o in own if not o.diverted) / 200:.1%} of honest orders flagged")
    own_found = evaluate_risk(OWN)
    text = document(found, own_found, real, own, times)
    write(text)
    bins = calibration(real, PROFILE, base_rate=0.5, bins=6)
    place = ROOT / "docs" / "accuracy"
    bends = curve(real, needless_rate=0.05, rates=RATES)
    price_lines = [
        ("reviewed", "#1f6f8b", [(r, b.reviewed.share) for r, b in zip(RATES, bends, strict=True)]),
        ("missed", "#b23a48", [(r, b.missed.share) for r, b in zip(RATES, bends, strict=True)]),
        ("honest held", "#6a994e", [(r, b.needless.share) for r, b in zip(RATES, bends, strict=True)]),
    ]
    reliability = [
        ("observed", "#1f6f8b", [(b.stated, b.came_true.share) for b in bins]),
        ("ideal", "#999", [(0.0, 0.0), (1.0, 1.0)]),
    ]
    if place.is_dir() and write is not print:
        (place / "risk-price.svg").write_text(svg("Price of the fast lane", "accepted miss rate", "share", price_lines))
        (place / "risk-reliability.svg").write_text(svg("Reliability", "stated probability", "share", reliability))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true", help="write docs/accuracy/risk.md and its curves")
    path = ROOT / "docs" / "accuracy" / "risk.md"
    main((lambda text: path.write_text(text, encoding="utf-8") and None) if asked.parse_args().write else print)
