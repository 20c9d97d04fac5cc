"""One shard from its captures to its parts: the unit of work of every engine.

What a page holds can stop no run: what the reader stumbles over is left out, named and counted. A shard's parts depend on its
captures, the code and the settings alone: not on who works on it, nor on what was worked on before.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from tocsin.archive import parts
from tocsin.archive.captures import Shard, captures
from tocsin.archive.funnel import Funnel
from tocsin.arrivals import document_of
from tocsin.claims import claims_of, outlet_of
from tocsin.errors import MissingError
from tocsin.ledger import DocumentVersion
from tocsin.pipeline import Page, Reader
from tocsin.records import Record
from tocsin.store.codec import reading_id

TOGETHER = 64  # pages that are parsed in one go; the pipeline cuts them further by length
MOST_PROBLEMS = 200  # of a shard that are named; all are counted


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a run's results depend on beside its inputs and the code."""

    gate: bool = True
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


def code_shard(shard: Shard, out: Path, settings: Settings, reader: Reader) -> Coded:
    """Codes a shard and writes its parts. Raises `OSError` where they cannot be written, `MissingError` without a model."""
    funnel = Funnel(gate=settings.gate)
    pages: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    tally: Counter[str] = Counter()
    for page, record in _records(funnel.pages(captures(shard)), reader, funnel.problems, tally):
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


def _records(
    pages: Iterable[Page], reader: Reader, problems: list[str], tally: Counter[str]
) -> Iterator[tuple[Page, Record]]:
    """The pages with their records; a page that the reader stumbles over is named, counted, and left out."""
    for group in _batched(pages, TOGETHER):
        try:
            yield from zip(group, list(reader.read(group)), strict=True)
            continue
        except MissingError:
            raise
        except Exception:  # one of the group: found by reading each alone
            pass
        for page in group:
            try:
                yield page, next(reader.read([page]))
            except Exception as problem:
                problems.append(f"{page.name}: the reader failed: {type(problem).__name__}: {problem}")
                tally["unread"] += 1


def _batched(pages: Iterable[Page], size: int) -> Iterator[tuple[Page, ...]]:
    flow = iter(pages)
    while group := tuple(itertools.islice(flow, size)):
        yield group
