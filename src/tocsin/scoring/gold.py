"""Reading gold and predicted records, from anybody's program: whatever is missing or of a wrong type reads as absent.

A gold row may carry offsets (`start`, `end`), the words (`text` or `words`), or both. Words win where both are given and
disagree: pages are cleaned anew with every version, and offsets of HTML pages move. Words that occur several times are
the occurrence nearest to `start`, or any of them where no `start` is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.errors import InputError, UsageError

Span = tuple[int, int]
Row = dict[str, Any]
PAGES = (".txt", ".html", ".htm")
MOST_OCCURRENCES = 200  # of one row's words in a page: enough for any page, a bound for hostile ones


@dataclass(slots=True)
class Loaded:
    """Records by the names that they may be asked for, and what could not be read, each with its reason."""

    records: dict[str, Row] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def rows(value: Any) -> list[Row]:
    """The objects of a list; anything else is no row."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(record: Row) -> str:
    document = record.get("document")
    text = document.get("text") if isinstance(document, dict) else None
    return text if isinstance(text, str) else ""


def words(row: Row) -> str:
    """The words a row quotes, without outer space."""
    said = row.get("text", row.get("words"))
    return said.strip() if isinstance(said, str) else ""


def span(row: Any) -> Span | None:
    """The offsets of a row as they stand."""
    if not isinstance(row, dict):
        return None
    start, end = row.get("start"), row.get("end")
    return (start, end) if type(start) is int and type(end) is int and 0 <= start < end else None


def spans(row: Any, text: str) -> tuple[Span, ...]:
    """Where a gold row may stand in the text: one span, or every occurrence of words that came without offsets."""
    row = {"text": row} if isinstance(row, str) else row
    if not isinstance(row, dict):
        return ()
    given, said = span(row), words(row)
    if given and (not said or text[slice(*given)].strip() == said):
        return (given,)
    found = tuple(_occurrences(said, text))
    if given and found:
        return (min(found, key=lambda one: abs(one[0] - given[0])),)
    return found


def _occurrences(said: str, text: str) -> Iterator[Span]:
    start = text.find(said) if said else -1
    for _ in range(MOST_OCCURRENCES):
        if start < 0:
            return
        yield start, start + len(said)
        start = text.find(said, start + 1)


def load(source: Path) -> Loaded:
    """The records of a JSON or JSON Lines file, or of every such file of a folder, in order of name.

    A record is known by `document.ref`, `document.id`, its own `id`, and by its file's stem where it is alone in the
    file. Raises `UsageError` where `source` is not there.
    """
    if not source.exists():
        raise UsageError(f"{source}: there is no such file or folder")
    loaded = Loaded()
    for path in _files(source):
        try:
            _load_file(path, loaded)
        except (InputError, OSError, RecursionError) as problem:
            loaded.broken.append(f"{path.name}: {problem}")
    return loaded


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    return sorted(path for path in source.rglob("*") if path.suffix in (".json", ".jsonl") and path.is_file())


def _load_file(path: Path, loaded: Loaded) -> None:
    content = path.read_bytes().decode("utf-8", errors="replace")
    whole = _parsed(content)
    if isinstance(whole, dict):
        _add(whole, path.stem, path, loaded)
        return
    if isinstance(whole, list):
        for number, one in enumerate(whole, 1):
            _add(one, None, path, loaded, number)
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            _add(_parsed(line), None, path, loaded, number)


def _parsed(content: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _add(record: Any, stem: str | None, path: Path, loaded: Loaded, number: int = 1) -> None:
    place = f"{path.name}:{number}"
    if not isinstance(record, dict):
        loaded.broken.append(f"{place}: not a JSON object")
        return
    alone = stem if stem and path.suffix == ".json" else None  # a file of its own: its name is the page's
    found = [alone] if alone else names(record) or ([stem] if stem else [])
    if not found:
        loaded.broken.append(f"{place}: no document.ref, document.id or id to match it by")
    elif found[0] in loaded.records:
        loaded.broken.append(f"{place}: {found[0]} came before; the first is kept")
    else:
        loaded.records[found[0]] = record


def names(record: Row) -> list[str]:
    """Every name a record can be matched by: ref, its file's stem, document id, own id."""
    document = record.get("document") if isinstance(record.get("document"), dict) else {}
    assert isinstance(document, dict)
    ref = document.get("ref")
    given = [ref, Path(ref).stem if isinstance(ref, str) and Path(ref).suffix in PAGES else None]
    given += [document.get("id"), record.get("id")]
    return [one for one in given if isinstance(one, str) and one]


def matched(gold: dict[str, Row], predicted: dict[str, Row]) -> tuple[dict[str, Row | None], list[str]]:
    """The predicted record of each gold one, and the predictions that no gold record asked for.

    One gold record and one prediction belong together whatever they are called.
    """
    known: dict[str, str] = {}
    for name, record in predicted.items():
        for one in (name, *names(record)):
            known.setdefault(one, name)
    answers: dict[str, Row | None] = {}
    for name, record in gold.items():
        partner = next((known[one] for one in (name, *names(record)) if one in known), None)
        answers[name] = predicted[partner] if partner is not None else None
    if len(gold) == len(predicted) == 1:
        answers = dict.fromkeys(gold, next(iter(predicted.values())))
    used = {id(one) for one in answers.values() if one is not None}
    return answers, [name for name, record in predicted.items() if id(record) not in used]
