"""How much of the law its examples prove: rules put wrong on purpose, and which of them nobody noticed.

    python benchmarks/mutation.py [--pack us_ear ...] [--rules N] [--seed 0] [--survivors]

Without `--rules` every mutant of every rule is tried; with it, one random mutant of each of N rules.
"""

from __future__ import annotations

import argparse

from enduse.rules.mutate import survey
from enduse.shelf import pack_ids, read_folder


def main() -> None:
    """Try and print."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--pack", nargs="*", default=list(pack_ids()))
    told.add_argument("--rules", type=int)
    told.add_argument("--seed", type=int, default=0)
    told.add_argument("--survivors", action="store_true")
    asked = told.parse_args()
    for name in asked.pack:
        found = survey(read_folder(name), rules=asked.rules, seed=asked.seed)
        print(f"{name}: {found.share_noticed:.1%} of {found.tried} mutants noticed")
        for mutant in found.survivors if asked.survivors else ():
            print(f"  {mutant.rule.id}: {mutant.change}")


if __name__ == "__main__":
    main()
