"""How well the pages are read, as measured on articles that no rule was written for: shown beside the record that they made."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tocsin.records import Row

FOLDER = Path(__file__).parent
CHECKOUT = FOLDER.parents[2] / "benchmarks" / "accuracy" / "own.json"
WORDS = {
    "events.f1": "events found", "kind.f1": "kind of event", "status.macro_f1": "status (macro)", "actor.f1": "actor",
    "recipient.f1": "recipient", "time.f1": "day of event", "places.f1": "places found", "place of event.f1": "place of event",
    "figures.f1": "figures", "statements.f1": "statements", "who says so.f1": "who says so", "residue.f1": "page furniture",
}  # fmt: skip


class Accuracy(Row, frozen=True, kw_only=True):
    """F1 of one field on our own held-back articles."""

    field: str
    f1: float


@cache
def accuracy() -> tuple[Accuracy, ...]:
    """The held-back part of `benchmarks/accuracy/own.json`, which the wheel holds as `accuracy.json`; empty where neither is."""
    source = next((one for one in (FOLDER / "accuracy.json", CHECKOUT) if one.is_file()), None)
    figures = json.loads(source.read_text("utf-8")) if source else {}
    held_back = figures.get("heldback", {})
    return tuple(Accuracy(field=words, f1=held_back[name]) for name, words in WORDS.items() if name in held_back)
