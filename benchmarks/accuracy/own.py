#!/usr/bin/env python3
"""The gate over our own pages: tests/articles/dev and tests/articles/heldback, each scored apart by `tocsin score`.

    own.py                              measure both halves, compare with own.json; exit 1 below a floor
    own.py --errors DIR                 also write DIR/own-dev.jsonl and DIR/own-heldback.jsonl, to read
    own.py --pin                        raise the floors to what was measured; never lowers one
    own.py --pin --lower "why"          may lower a floor, and keeps the reason in own.json

A page is NAME.txt or NAME.html with its gold beside it, NAME.json. The half held back was written without looking at the
rules: read its figures, not its errors.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from tocsin.scoring import load, read_pages, score, write_errors
from tocsin.scoring.report import print_scores

HERE = Path(__file__).resolve().parent
ARTICLES, FLOORS = HERE.parents[1] / "tests" / "articles", HERE / "own.json"
HALVES = ("dev", "heldback")
SLACK = 0.0005  # rounding
Figures = dict[str, float]


def main() -> int:
    options = arguments()
    known = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    measured = {half: figures for half in HALVES if (figures := measure(options.articles / half, half, options.errors))}
    dropped = [line for half in HALVES for line in below(half, known.get(half, {}), measured.get(half, {}))]
    if options.pin:
        return pin(known, measured, dropped, options.lower)
    for line in dropped:
        print(f"below the floor: {line}", file=sys.stderr)
    return 1 if dropped else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    parser.add_argument("--errors", type=Path, metavar="DIR")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", metavar="WHY")
    return parser.parse_args()


def measure(folder: Path, half: str, errors: Path | None) -> Figures:
    """The figures of one half that can be held, printed as a table; none where it has no pages."""
    if not any(folder.glob("*.json")):
        print(f"{half}: no pages in {folder}")
        return {}
    gold = load(folder)
    outcome = score(gold, read_pages(gold, folder))
    print(f"\n== {half}")
    print_scores(outcome, Console(highlight=False, markup=False, width=130))
    if errors:
        errors.mkdir(parents=True, exist_ok=True)
        write_errors(outcome["errors"], errors / f"own-{half}.jsonl")
    return held(outcome)


def held(outcome: dict[str, Any]) -> Figures:
    """F1 of each field that was scored, macro-F1 of status, and forbidden outputs, where more is worse."""
    figures = {f"{name}.f1": one["f1"] for name, one in outcome["fields"].items() if one["f1"] is not None}
    if outcome["status"]["n"]:
        figures["status.macro_f1"] = outcome["status"]["macro_f1"]
    return figures | {"forbidden.n": outcome["forbidden"]["n"]}


def worse(name: str, value: float, floor: float) -> bool:
    return value > floor if name == "forbidden.n" else value < floor - SLACK


def below(half: str, floors: Figures, measured: Figures) -> list[str]:
    """Each figure that is worse than its floor, or has gone missing."""
    return [
        f"{half} {name}: {measured.get(name)} (floor {floor})"
        for name, floor in floors.items()
        if name not in measured or worse(name, measured[name], floor)
    ]


def moves(name: str, value: float, floor: float, why: str | None) -> bool:
    """Whether a floor is to be moved: up, or down with a reason; what rounding may have lost leaves it where it is."""
    better = value < floor if name == "forbidden.n" else value > floor
    return better or bool(why and worse(name, value, floor))


def pin(known: dict[str, Any], measured: dict[str, Figures], dropped: list[str], why: str | None) -> int:
    if dropped and not why:
        print("not pinned, these would be lowered (give --lower WHY):\n  " + "\n  ".join(dropped), file=sys.stderr)
        return 1
    for half, figures in measured.items():
        floors = known.setdefault(half, {})
        floors |= {n: v for n, v in figures.items() if n not in floors or moves(n, v, floors[n], why)}
    if dropped:
        known.setdefault("lowered", []).append({"date": str(datetime.date.today()), "why": why, "figures": dropped})
    FLOORS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"pinned {FLOORS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
