"""How well the pages are read, as measured on articles that no rule was written for: shown beside the record that they made."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from tocsin.records import Row

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
    """From `accuracy.json`, which is the held-back part of `benchmarks/accuracy/own.json`; a test compares the two."""
    figures = json.loads((files("tocsin.serve") / "accuracy.json").read_text("utf-8"))
    return tuple(Accuracy(field=words, f1=figures[name]) for name, words in WORDS.items() if name in figures)
