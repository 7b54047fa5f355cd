"""Write docs/accuracy.md and docs/accuracy/determination.md: every figure regenerated, bad ones too.

    python benchmarks/accuracy.py [--shared ../shared]

Screening and risk have scripts of their own (screening_accuracy.py, risk.py), whose pages this one points to.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from enduse.desk import Desk
from enduse.evaluate.cases import Case, read_cases
from enduse.evaluate.determination import Report, evaluate_determinations
from enduse.evaluate.markdown import determination_tables
from enduse.model.determination import Determination
from enduse.shelf import open_pack

DOCS = Path(__file__).resolve().parents[1] / "docs"
PACKS = ("us_ear", "us_ofac")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with data/cases")
    cases = parser.parse_args().shared / "data" / "cases" / "determination.jsonl"
    report = measure(cases)
    (DOCS / "accuracy").mkdir(exist_ok=True)
    (DOCS / "accuracy" / "determination.md").write_text(_page(report), encoding="utf-8")
    print(f"agreement {report.agreement:.1%}, false clearances {report.false_clearances}")


def measure(cases: Path) -> Report:
    """Every case decided under the law of its day, or of the earliest edition held."""
    desk = Desk(tuple(open_pack(name) for name in PACKS))

    def decide(case: Case, day: date) -> Determination | None:
        return desk.determine(case.transaction, case.jurisdiction, as_of=day)

    earliest = {p.info.jurisdiction: p.info.covers_from for p in desk.packs}
    return evaluate_determinations(read_cases(cases), decide, earliest=earliest)


def _page(report: Report) -> str:
    return (
        "# Determinations against published cases\n\n"
        "Written by `python benchmarks/accuracy.py`; do not edit. The cases are published determinations (agency "
        "guidance, regulations, frequently asked questions, practitioners) that nobody on the project wrote; their "
        "free-text facts are read as far as the packs' readings go, else left unknown. Agreement is with the published "
        "outcome; a false clearance is a case that needed a licence or was prohibited, and which we permit; a false "
        "block is the reverse. For sanctions programmes prohibited and licence required count as one answer.\n\n"
        f"{determination_tables(report)}"
    )


if __name__ == "__main__":
    main()
