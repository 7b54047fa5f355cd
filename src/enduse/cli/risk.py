"""`enduse risk` and `enduse rehearse`: outcomes that teach the weights, monitors, prices, training pairs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click
from pydantic import ValidationError

from enduse.assess import feedback
from enduse.assess.lanes import curve
from enduse.cli.common import Day, open_risk, today
from enduse.errors import InputError
from enduse.model.determination import Decision
from enduse.shelf import home
from enduse.sources.snapshot import write_whole


def _outcomes() -> Path:
    return home() / "risk" / "outcomes.jsonl"


@click.group()
def risk() -> None:
    """Record how orders ended, and see whether the profile of weights still fits."""


@risk.command()
@click.argument("decision", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("ended", type=click.Choice([e.value for e in feedback.Ended]))
@click.option("--by", required=True, help="Who records it.")
@click.option("--on", "day", type=Day(), default=None, help="Day it became known (today).")
@click.option("--note", help="Why, or from which source.")
def record(decision: Path, ended: str, by: str, day: date | None, note: str | None) -> int:
    """Record how the order of DECISION (saved as JSON) ENDED; nothing recorded is ever changed."""
    try:
        found = Decision.model_validate_json(decision.read_bytes())
    except ValidationError as error:
        raise InputError(f"not a decision: {error.errors()[0]['msg']}", place=decision.name) from error
    if found.assessment is None:
        raise InputError("this decision carries no assessment", place=decision.name, hint="decide it again")
    path = _outcomes()
    path.parent.mkdir(parents=True, exist_ok=True)
    outcome = feedback.OrderOutcome(
        order=found.transaction.id or found.transaction_digest[:16],
        assessment=found.assessment,
        ended=feedback.Ended(ended),
        on=day or today(),
        by=by,
        note=note,
    )
    feedback.record(path, outcome)
    click.echo(f"recorded: {outcome.order} {ended}")
    return 0


@risk.command()
@click.option("--base-rate", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Your own base rate.")
def monitor(base_rate: float | None) -> int:
    """Is the profile stale? Drift of scores, and stated against observed, over the outcomes recorded."""
    outcomes = list(feedback.recorded(_outcomes()))
    known = feedback.known(outcomes)
    profile = open_risk().profile
    half = len(outcomes) // 2
    scores = [o.assessment.score for o in outcomes]
    moved = feedback.drift(scores[:half], scores[half:])
    click.echo(f"{len(outcomes)} outcomes, {len(known)} of known truth; profile {profile.id} of {profile.from_}")
    click.echo(f"drift of scores, older half to newer: {moved.psi} ({moved.says})")
    for bin_ in feedback.calibration(known, profile, base_rate=base_rate or profile.base_rate) if known else ():
        true = bin_.came_true
        click.echo(
            f"stated {bin_.stated:.1%}: came true {true.share:.1%} ({true.low:.1%} to {true.high:.1%}) of {bin_.of}"
        )
    return 0


@risk.command()
@click.option(
    "--needless", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Honest orders held at most."
)
def price(needless: float) -> int:
    """What each acceptable miss rate would cost: orders reviewed, diversions missed, honest orders held."""
    known = feedback.known(feedback.recorded(_outcomes()))
    click.echo("miss rate  fast below  hold from  reviewed  missed (95 %)  needlessly held (95 %)")
    rates = (0.01, 0.02, 0.05, 0.1, 0.2)
    for rate, p in zip(rates, curve(known, needless_rate=needless, rates=rates), strict=True):
        missed = f"{p.missed.share:.1%} ({p.missed.low:.1%}-{p.missed.high:.1%})"
        held = f"{p.needless.share:.1%} ({p.needless.low:.1%}-{p.needless.high:.1%})"
        click.echo(
            f"{rate:>9.0%}  {p.fast_below:>10.2f}  {p.hold_from:>9.2f}  {p.reviewed.share:>8.1%}  {missed}  {held}"
        )
    return 0


@risk.command()
@click.option("--version", "name", required=True, help="Name of the new version.")
@click.option("--on", "day", type=Day(), default=None)
def recalibrate(name: str, day: date | None) -> int:
    """What the weights become in the light of the outcomes, and which past orders would have gone another way."""
    outcomes = list(feedback.recorded(_outcomes()))
    old = open_risk().profile
    new = feedback.recalibrated(old, outcomes, on=day or today(), version=name)
    for rule, weight in new.weights.items():
        if weight.weight != old.weight(rule):
            click.echo(f"{rule}: {old.weight(rule):+.2f} -> {weight.weight:+.2f}")
    past = [(o.order, o.assessment) for o in outcomes]
    for moved in feedback.difference(past, new):
        click.echo(f"{moved.order}: {moved.was.value} -> {moved.would_be.value}")
    path = home() / "risk" / f"profile-{name}.json"
    path.write_text(new.model_dump_json(indent=2, by_alias=True), encoding="utf-8")
    click.echo(f"kept as {path.name}; put it in force with: enduse risk adopt {name}")
    return 0


@risk.command()
@click.argument("name")
def adopt(name: str) -> int:
    """Put the profile version NAME in force; the one before stays beside it."""
    path = home() / "risk" / f"profile-{name}.json"
    if not path.is_file():
        raise InputError(f"no version {name!r} is kept", hint="make one: enduse risk recalibrate --version NAME")
    write_whole(home() / "risk" / "profile.json", path.read_text(encoding="utf-8"))
    click.echo(f"in force: {name}")
    return 0


@click.group()
def rehearse() -> None:
    """Practise: pairs of honest and evasive orders with known answers."""


@rehearse.command()
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("-n", "count", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write JSON lines here.")
def pairs(seed: int, count: int, output: Path | None) -> int:
    """Make pairs from the indicators: the same seed gives the same pairs."""
    from enduse.assess.rehearse import pairs as made

    lines = [
        json.dumps(
            {
                "honest": p.honest.model_dump(mode="json", exclude_defaults=True),
                "evasive": p.evasive.model_dump(mode="json", exclude_defaults=True),
                "flags": p.flags,
            },
            ensure_ascii=False,
        )
        for p in made(seed, count, pack=open_risk().pack)
    ]
    text = "\n".join(lines) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    return 0
