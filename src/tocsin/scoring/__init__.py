"""Measuring records against a gold set, field by field: `tocsin score`.

Works on any program's records in the form of RECORD.md. What counts as right is said in `tocsin.scoring.fields`, how
gold is written in `tocsin.scoring.gold`, and how intervals are taken in `tocsin.scoring.tally`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tocsin.errors import InputError, UsageError
from tocsin.pipeline import Page as InputPage
from tocsin.pipeline import Reader
from tocsin.read import RawDocument, read_files
from tocsin.records import to_json
from tocsin.scoring.fields import FIELDS, SECTIONS, Comparison, Page
from tocsin.scoring.gold import Loaded, Row, load, matched, text_of

__all__ = ["FIELDS", "below_floors", "load", "read_pages", "score", "write_errors"]


def score(gold: Loaded, predicted: Loaded) -> dict[str, Any]:
    """The figures of every field, and under `errors` each miss and false alarm.

    A gold record without a prediction is scored against an empty one and named under `missing`; a predicted line that
    cannot be read is named under `broken`. Raises `UsageError` where the gold set is empty or itself broken, since
    figures over half a gold set would not be noticed.
    """
    if gold.broken:
        raise UsageError(f"gold that cannot be read: {'; '.join(gold.broken[:3])}")
    if not gold.records:
        raise UsageError("no gold records: give a .json or .jsonl file, or a folder of them")
    answers, unasked = matched(gold.records, predicted.records)
    comparison = Comparison()
    for name, record in gold.records.items():
        comparison.page(Page(name, record, answers[name]))
    return {
        "documents": len(gold.records),
        "fields": {name: comparison.tallies[name].figures() for name in FIELDS},
        "status": comparison.status.figures(),
        "forbidden": {"n": len(comparison.forbidden), "rows": comparison.forbidden},
        "missing": [name for name, one in answers.items() if one is None],
        "unasked": unasked,
        "broken": predicted.broken,
        "not_scored": sorted({name for one in gold.records.values() for name in one if name in _UNSCORED}),
        "partial": sorted({str(name) for one in gold.records.values() for name in _partial(one)}),
        "errors": comparison.errors,
    }


def _partial(gold: Row) -> list[Any]:
    """The sections whose extra answers are not counted; precision there is an upper bound."""
    named = gold.get("partial")
    return named if isinstance(named, list) else []


_UNSCORED = frozenset(("actors", "announcements", "control", "zones", "issues", "probes")) - set(SECTIONS)


def read_pages(gold: Loaded, pages: Path, published: str | None = None) -> Loaded:
    """The records of the pages of a gold set, read now: NAME.txt or NAME.html of the folder, or the gold's own text.

    A gold record's publication date is handed to the reader where its basis is `given` or the page is plain text.
    """
    found = {Path(one.name).stem: one for one in read_files([str(pages)]) if isinstance(one, RawDocument)}
    inputs = [page for name, one in gold.records.items() if (page := _input(name, one, found.get(name), published))]
    loaded = Loaded()
    for record in Reader().read(inputs):
        loaded.records[record.document.ref or record.document.id] = json.loads(to_json(record))
    return loaded


def _input(name: str, gold: Row, raw: RawDocument | None, published: str | None) -> InputPage | None:
    document = gold["document"] if isinstance(gold.get("document"), dict) else {}
    stated = document.get("published", gold.get("published"))
    date = stated if isinstance(stated, str) else published
    if raw is None:
        text = text_of(gold)
        return InputPage(name=name, ref=name, text=text, published=date) if text else None
    if not raw.is_html:
        return InputPage(name=name, ref=name, text=raw.text, published=date)
    given = date if document.get("published_basis") == "given" else published
    return InputPage(name=name, ref=name, html=raw.text, url=document.get("url"), published=given)


def below_floors(outcome: dict[str, Any], floors: Path) -> list[str]:
    """Each figure that is below its floor, or was not measured. A floors file is `{"kind.f1": 0.8, …}`.

    A figure is `FIELD.precision|recall|f1`, `status.macro_f1|accuracy`, or `forbidden.n`, where more is worse. Raises
    `UsageError` where the file or a figure's name is wrong.
    """
    try:
        wanted = json.loads(floors.read_text(encoding="utf-8"))
        pairs = [(str(name), float(value)) for name, value in wanted.items()]
    except (OSError, ValueError, TypeError, AttributeError) as problem:
        raise UsageError(f"--floors {floors}: not a JSON object of figures and numbers: {problem}") from problem
    return [line for name, floor in pairs if (line := _below(outcome, name, floor))]


def _below(outcome: dict[str, Any], name: str, floor: float) -> str | None:
    field, _, figure = name.rpartition(".")
    if not math.isfinite(floor):
        raise UsageError(f"the floor of {name} is not a number")
    held = outcome["fields"].get(field) or (outcome[field] if field in ("status", "forbidden") else None)
    if held is None or figure not in held or isinstance(held[figure], (list, dict)):
        raise UsageError(f"no figure {name!r}; there are FIELD.precision, .recall and .f1 of {', '.join(FIELDS)}, "
                         "status.macro_f1, status.accuracy and forbidden.n")  # fmt: skip
    value = held[figure]
    bad = value is None or (value > floor if name == "forbidden.n" else value < floor)
    return f"{name} is {'not measured' if value is None else value}, the floor is {floor:g}" if bad else None


def write_errors(errors: list[Row], to: Path) -> None:
    """One JSON object a line: document, field, error, words with their offsets, gold, got, rule, the text around."""
    try:
        with to.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(_lines(errors))
    except OSError as problem:
        raise InputError(str(to), f"cannot be written: {problem.strerror}") from problem


def _lines(errors: list[Row]) -> Iterator[str]:
    for one in errors:
        yield json.dumps(one, ensure_ascii=True) + "\n"
