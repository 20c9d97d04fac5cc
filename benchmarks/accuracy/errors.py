#!/usr/bin/env python3
"""Write errors/TASK.jsonl, to read: text, gold, got, rule of each wrong answer in the records that run.py saved.

    errors.py [TASK ...] [--bench DIR] [--records DIR]

Run run.py first. The folder is not committed, since the texts are not ours. What was learnt from reading goes, in our own
words and without a sentence of the sets, into benchmarks/ERRORS.md. Lines are in a shuffled order with a fixed seed, so
that the first sixty are a fair sample.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]


def main() -> int:
    options = arguments()
    scorer = options.bench / "score.py"
    if not scorer.exists():
        print(f"no development sets at {options.bench}; see benchmarks/README.md")
        return 0
    bench = loaded(scorer)
    for task in options.tasks or list(TASKS):
        saved = options.records / f"{task}.records.jsonl"
        if not saved.exists():
            print(f"{task}: no {saved}; run benchmarks/accuracy/run.py {task} first", file=sys.stderr)
            continue
        found = errors(bench, task, saved)
        random.Random(13).shuffle(found)
        with (options.records / f"{task}.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(one) + "\n" for one in found)
        print(f"{task}: {len(found)} wrong rows in {options.records / f'{task}.jsonl'}")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"of {', '.join(TASKS)}")
    parser.add_argument(
        "--bench", type=Path, default=Path(os.environ.get("TOCSIN_BENCH", ROOT.parent / "shared" / "bench"))
    )
    parser.add_argument("--records", type=Path, default=ROOT / "errors")
    return parser.parse_args()


def loaded(scorer: Path) -> Any:
    """The development sets' own scorer, so that an error here is one that it counts."""
    spec = importlib.util.spec_from_file_location("bench_score", scorer)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def errors(bench: Any, task: str, saved: Path) -> list[Row]:
    """One row for each text whose answer is not the gold's."""
    rows = bench.load_rows(task, saved_data(bench), None)
    with saved.open(encoding="utf-8") as stream:
        records = {one["document"]["ref"]: one for one in map(json.loads, stream)}
    found = []
    for row in rows:
        record = records.get(row["id"], {})
        gold, got = TASKS[task](bench, row, record)
        if gold != got:
            found.append({"id": row["id"], "gold": gold, "got": got, "text": row["text"], "events": brief(record)})
    return found


def saved_data(bench: Any) -> Path:
    return Path(bench.__file__).parent / "data"


def brief(record: Row) -> list[Row]:
    """Each event with its words, kind, confidence, status and the rule that made it."""
    return [
        {"words": one["trigger"]["text"], "type": one["event_type"], "kind": one["kind"], "rule": one["rule"],
         "status": one["status"], "confidence": one["confidence"]}
        for one in record.get("events", [])
    ]  # fmt: skip


def event_type(bench: Any, row: Row, record: Row) -> tuple[Any, Any]:
    return row["gold"]["class"], bench.read_event_type(row, record)


def classes(bench: Any, row: Row, record: Row) -> tuple[Any, Any]:
    return sorted(row["gold"]["classes"]), sorted(bench.read_classes(row, record))


def acled(bench: Any, row: Row, record: Row) -> tuple[Any, Any]:
    return row["gold"]["label"], bench.read_acled(row, record)


def actors(bench: Any, row: Row, record: Row) -> tuple[Any, Any]:
    """Mentions as text; those that the scorer takes for alike are shown as the gold has them."""
    text, answer = row["text"], bench.read_actors(row, record)
    gold = {role: [text[slice(*one)] for one in row["gold"][role]] for role in ("source", "target")}
    got = {
        role: [
            next((one for one in gold[role] if bench.alike(one, text[slice(*at)])), text[slice(*at)])
            for at in answer[role]
        ]
        for role in gold
    }
    return {role: sorted(gold[role]) for role in gold}, {role: sorted(got[role]) for role in got}


def violence(bench: Any, row: Row, record: Row) -> tuple[Any, Any]:
    by_police, _ = bench.read_violence(row, record)
    return bool(set(row["gold"]["labels"]) & set(bench.POLICE_LABELS)), bool(by_police)


def templates(bench: Any, row: Row, record: Row) -> tuple[Any, Any]:
    """Templates without their empty roles; an answer's mention that the gold has is shown as the gold's first."""
    gold = bench.gold_templates(row)
    known = {role: {m: entity[0] for one in gold for entity in one[role] for m in entity} for role in bench.ROLES}
    return [shown(bench, one, known) for one in gold], [
        shown(bench, one, known) for one in bench.read_muc4(row, record)
    ]


def shown(bench: Any, template: Row, known: dict[str, dict[str, str]]) -> Row:
    roles = {role: sorted({known[role].get(entity[0], entity[0]) for entity in template[role]}) for role in bench.ROLES}
    return {"type": template["incident_type"], **{role: fills for role, fills in roles.items() if fills}}


TASKS: dict[str, Callable[[Any, Row, Row], tuple[Any, Any]]] = {
    "cameo200": classes, "actors": actors, "muc4": templates, "recall-noise": violence, "acled-type": acled,
    "event-type": event_type,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
