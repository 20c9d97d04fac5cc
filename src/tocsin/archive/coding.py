"""One shard from its captures to its parts: the unit of work of every engine.

What a page holds can stop no run: what the reader stumbles over is left out, named and counted. A shard's parts depend on its
captures, the code and the settings alone: not on who works on it, nor on what was worked on before.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tocsin.apart import ReaderLost
from tocsin.archive import parts
from tocsin.archive.captures import Capture, Shard, captures
from tocsin.archive.funnel import Funnel
from tocsin.archive.gate import Width
from tocsin.arrivals import document_of
from tocsin.claims import claims_of, outlet_of
from tocsin.errors import InputError, TocsinError
from tocsin.ledger import DocumentVersion
from tocsin.pipeline import Page
from tocsin.records import Record
from tocsin.store.codec import reading_id

TOGETHER = 64  # pages that are parsed in one go; the pipeline cuts them further by length
MOST_PROBLEMS = 200  # of a shard that are named; all are counted


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a run's results depend on beside its inputs and the code."""

    gate: Width = "any"
    model: str | None = None
    gazetteer: str | None = None


class Coded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a shard: its parts with their sha256, its counts by stage, and what went wrong."""

    shard: Shard
    parts: dict[str, str]
    counts: dict[str, int]
    problems: tuple[str, ...] = ()

    @property
    def sidecar(self) -> str:
        return f"{self.shard.name}.json"


class Reads(Protocol):
    """What a shard asks of a reader."""

    def read(self, pages: Iterable[Page]) -> Iterator[Record]: ...


class Watching(Protocol):
    """Who watches a worker: is told at which capture it is, and says which to leave out (and why), and where to stop."""

    left_out: dict[int, str]
    stop: int | None

    def at(self, number: int) -> None: ...

    def reading(self) -> AbstractContextManager[None]: ...


class Unwatched:
    """Nobody does."""

    def __init__(self) -> None:
        self.left_out: dict[int, str] = {}
        self.stop: int | None = None

    def at(self, number: int) -> None:
        pass

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext()


def code_shard(shard: Shard, out: Path, settings: Settings, reader: Reads, watching: Watching | None = None) -> Coded:
    """Codes a shard and writes its parts. Raises `OSError` where they cannot be written, `MissingError` without a model."""
    funnel, watching = Funnel(gate=settings.gate), watching or Unwatched()
    pages: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    tally: Counter[str] = Counter()
    found = funnel.pages(_told(captures(shard), shard, watching))
    for page, record in _records(found, reader, funnel.problems, tally, watching):
        version = version_of(record, page)
        claims = claims_of(record, version, reading_id(record.version))
        rows = list(parts.event_rows(record, claims))
        tally.update(events=len(rows), **{"with-events": int(bool(rows))})
        media = "text/html" if page.html is not None else "text/plain"
        pages.append(
            parts.page_row(record, outlet=version.outlet, digest=version.id.removeprefix("sha256:"), media_type=media)
        )
        events += rows
    names = {table: f"{table}/{shard.name}.parquet" for table in parts.TABLES}
    digests = {
        names[table]: parts.write(table, rows, out / names[table])
        for table, rows in (("pages", pages), ("events", events))
    }
    problems = [*funnel.problems[:MOST_PROBLEMS]]
    return Coded(
        shard=shard, parts=digests, counts=dict(sorted((funnel.counts + tally).items())), problems=tuple(problems)
    )


def version_of(record: Record, page: Page | None = None) -> DocumentVersion:
    """The version of a page as the desk would keep it, without a moment at which it was added: a run has no clock."""
    told = record.document
    return DocumentVersion(
        id=told.id, document=document_of(told.url) if told.url else told.id, url=told.url, ref=told.ref, title=told.title, publisher=told.publisher,
        outlet=outlet_of(told.url, told.publisher, told.ref), author=told.author, language=told.language,
        published=told.published, published_basis=told.published_basis, retrieved=told.retrieved,
        media_type="text/html" if page is not None and page.html is not None else "text/plain",
    )  # fmt: skip


def _told(found: Iterator[Capture | InputError], shard: Shard, watching: Watching) -> Iterator[Capture | InputError]:
    """The captures, each told of before it is looked at; one that is left out comes as its error."""
    for number in itertools.count():
        if number == watching.stop:
            yield InputError(shard.path, f"breaks off at capture {number}: {watching.left_out[number]}")
            return
        watching.at(number)
        one = next(found, None)
        if one is None:
            return
        if number in watching.left_out and isinstance(one, Capture):
            one = InputError(one.ref, f"left out: {watching.left_out[number]}")
        yield one


def _records(
    pages: Iterable[Page], reader: Reads, problems: list[str], tally: Counter[str], watching: Watching
) -> Iterator[tuple[Page, Record]]:
    """The pages with their records; a page that the reader stumbles over is named, counted, and left out."""
    for group in _batched(pages, TOGETHER):
        records = _read(group, reader, watching)
        if not isinstance(records, str):
            yield from zip(group, records, strict=True)
            continue
        for page in group:  # one of the group: found by reading each alone
            alone = _read([page], reader, watching)
            if isinstance(alone, str):
                problems.append(f"{page.name}: the reader failed: {alone}")
                tally["unread"] += 1
            else:
                yield page, alone[0]


def _read(pages: Sequence[Page], reader: Reads, watching: Watching) -> list[Record] | str:
    """The records, or what went wrong with one of the pages. Raises what concerns all pages, a missing model for one."""
    with watching.reading():
        try:
            return list(reader.read(pages))
        except ReaderLost as problem:
            return str(problem)
        except TocsinError:
            raise
        except Exception as problem:
            return str(problem) if isinstance(problem, RuntimeError) else f"{type(problem).__name__}: {problem}"


def _batched(pages: Iterable[Page], size: int) -> Iterator[tuple[Page, ...]]:
    flow = iter(pages)
    while group := tuple(itertools.islice(flow, size)):
        yield group
