#!/usr/bin/env python3
"""Measure Tocsin on the development sets, hold it to its floors, write RESULTS.md.

    run.py [TASK ...] [--bench DIR] [--tocsin CMD]      measure, compare with baseline.json; exit 1 below a floor
    run.py --pin [TASK ...]                             raise the floors to what was measured; never lowers one
    run.py --pin --lower "why"                          may lower a floor, and writes the reason beside it

The development sets are not part of this repository: their owners' licences differ and several state none. Where the
folder is missing the command says so and exits 0, so that a clone without them can still run `make bench`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASELINE, RESULTS = HERE / "baseline.json", ROOT / "benchmarks" / "RESULTS.md"
FLOORS = {  # the figures that are held, per task; a path may lead into one of the sets
    "event-type": ("accuracy", "macro_f1", "coverage"),
    "cameo200": ("f1",),
    "actors": ("source_lenient_f1", "target_lenient_f1"),
    "acled-type": ("weighted_f1_25",),
    "muc4": ("f1",),
    "killed": ("exact",),
    "factuality": ("mae", "pearson"),
    "recall-noise": ("f1", "precision", "recall"),
    "toponyms": ("sets.lgl.exact_f1", "sets.trnews.exact_f1", "sets.geowebnews.exact_f1"),
    "resolution": ("sets.lgl.acc161_answered", "sets.trnews.acc161_answered", "sets.geowebnews.acc161_answered"),
    "times": ("sets.timebank.value_f1", "sets.aquaint.value_f1", "sets.meantime.value_f1", "sets.wikiwars.value_f1"),
    "quotes": ("pair_f1", "direct_pair_f1", "indirect_pair_f1"),
    "clean": ("body_f1", "title_exact", "date"),
    "residue": ("f1", "content_lines_lost"),
    "duplicates": ("bcubed_f1",),
    "seed-page": ("recall", "forbidden"),
}
LOWER_IS_BETTER = {"mae", "forbidden", "content_lines_lost"}
ANCHORS = {
    "event-type accuracy": "PETRARCH2 .35; zero-shot roberta-large .835", "event-type macro_f1": "PETRARCH2 .44; roberta-large .821",
    "event-type coverage": "PETRARCH2 .55", "cameo200 f1": "PETRARCH2 .23; one human .59", "actors source_lenient_f1": "subject heuristic .78",
    "actors target_lenient_f1": "object heuristic .60", "acled-type weighted_f1_25": "best of the shared task .839", "muc4 f1": "best of 1992 .543; GTT .502",
    "killed exact": "first number near a death word .74", "factuality mae": "always certain .705", "factuality pearson": "ridge .649 (held out)",
    "quotes pair_f1": "CRF .582; dependency rules .526", "clean body_f1": "trafilatura .964", "residue f1": ".486", "times value_f1": "HeidelTime .78",
    "duplicates bcubed_f1": "plain MinHash at its best threshold .975",
}  # fmt: skip
SLACK = 0.0005  # rounding of the printed figures


def main() -> int:
    options = arguments()
    scorer = options.bench / "score.py"
    if not scorer.exists():
        print(
            f"no development sets at {options.bench}: they are not public as a whole; see benchmarks/README.md for how each is obtained"
        )
        return 0
    tasks = options.tasks or list(FLOORS)
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = dict(zip(tasks, pool.map(lambda task: measure(scorer, task, options), tasks), strict=True))
    figures = {task: {name: at(outcome, name) for name in FLOORS[task]} for task, outcome in outcomes.items()}
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    dropped = below(figures, known)
    report(figures, known)
    if options.pin:
        pin(figures, known, dropped, options.lower)
        return 0
    for line in dropped:
        print(f"below the floor: {line}", file=sys.stderr)
    return 1 if dropped else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"of {', '.join(FLOORS)}")
    parser.add_argument(
        "--bench", type=Path, default=Path(os.environ.get("TOCSIN_BENCH", ROOT.parent / "shared" / "bench"))
    )
    parser.add_argument("--tocsin", default=str(Path(sys.executable).with_name("tocsin")))
    parser.add_argument(
        "--records", type=Path, default=ROOT / "errors", help="keep each run's records here, to read errors"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", metavar="WHY")
    return parser.parse_args()


def measure(scorer: Path, task: str, options: argparse.Namespace) -> dict[str, Any]:
    """The scorer's figures for a task; its records are kept for reading errors."""
    options.records.mkdir(exist_ok=True)
    call = [
        sys.executable,
        str(scorer),
        task,
        "--tocsin",
        options.tocsin,
        "--save",
        str(options.records / f"{task}.records.jsonl"),
    ]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(call)} ended with status {done.returncode}: {done.stderr.strip()[-500:]}")
    outcome: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    bad = outcome.get("bad_records")
    print(
        f"{task:12} "
        + "  ".join(f"{name} {at(outcome, name)}" for name in FLOORS[task])
        + (f"  BAD {bad}" if bad else ""),
        flush=True,
    )
    return outcome


def at(outcome: dict[str, Any], path: str) -> float | None:
    """The figure that a dotted path leads to; None where a set is not there."""
    value: Any = outcome
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def worse(name: str, value: float, floor: float) -> bool:
    return value > floor + SLACK if name.rsplit(".")[-1] in LOWER_IS_BETTER else value < floor - SLACK


def below(figures: dict[str, dict[str, float | None]], known: dict[str, Any]) -> list[str]:
    """Each figure that is worse than its floor, or has gone missing."""
    found = []
    for task, measured in figures.items():
        for name, value in measured.items():
            floor = known.get(task, {}).get(name)
            if floor is not None and (value is None or worse(name, value, floor)):
                found.append(f"{task} {name}: {value} (floor {floor})")
    return found


def moves(name: str, value: float, floor: float, why: str | None) -> bool:
    """Whether a floor is to be moved: up, or down with a reason; what rounding may have lost leaves it where it is."""
    sign = -1 if name.rsplit(".")[-1] in LOWER_IS_BETTER else 1
    return sign * value > sign * floor or bool(why and worse(name, value, floor))


def pin(
    figures: dict[str, dict[str, float | None]], known: dict[str, Any], dropped: list[str], why: str | None
) -> None:
    """Writes the floors; refuses to lower one unless a reason is given, which is kept."""
    if dropped and not why:
        sys.exit("not pinned, these would be lowered (give --lower WHY):\n  " + "\n  ".join(dropped))
    for task, measured in figures.items():
        floors = known.setdefault(task, {})
        for name, value in measured.items():
            if value is not None and (name not in floors or moves(name, value, floors[name], why)):
                floors[name] = value
    if dropped and why:
        known.setdefault("lowered", []).append({"date": str(datetime.date.today()), "why": why, "figures": dropped})
    BASELINE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    print(f"pinned {BASELINE}")


def report(figures: dict[str, dict[str, float | None]], known: dict[str, Any]) -> None:
    """RESULTS.md: the figures measured now, and the floors of the tasks that were not run."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    lines = [
        "# Accuracy on the development sets", "",
        f"Measured {datetime.date.today()} at commit {commit or '?'} (and what was uncommitted then) with",
        "`python benchmarks/accuracy/run.py`. Development figures: errors were read, no model was fitted on these texts.",
        "Lower is better for mae, forbidden and content_lines_lost. A task that was not run then shows its floor.", "",
        "| task | figure | Tocsin | floor | anchor |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for task in FLOORS:
        for name in FLOORS[task]:
            value = figures.get(task, {}).get(name, known.get(task, {}).get(name))
            lines.append(
                f"| {task} | {name.removeprefix('sets.')} | {value} | {known.get(task, {}).get(name, '-')} | {ANCHORS.get(f'{task} {name}', '')} |"
            )
    RESULTS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
