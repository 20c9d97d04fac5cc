"""A run into a project's ledger: what was coded once need not be read again.

The ledger archives what a run kept of a page: its cleaned text. The raw bytes stay in the crawl, under the sha256 that the run
names; a page that the desk fetched itself has them in its own archive.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from tocsin.archive import parts
from tocsin.archive.merging import page_parts, pages
from tocsin.arrivals import Arrival
from tocsin.pipeline import Page
from tocsin.records import Record


def loads(run: Path) -> Iterator[tuple[Arrival, Record]]:
    """The pages of a finished run as arrivals with their records. Raises `UsageError` where the run is none or not finished.

    Their bytes are the text, so that the archive of the ledger holds what the records' spans count in; the record's document
    is renamed to the digest of those bytes, `ref` keeps the name that the page had in the crawl.
    """
    for row in pages(page_parts(run)):
        record = parts.record_of(row)
        text = record.document.text
        raw = text.encode("utf-8", "replace")
        told = record.document
        page = Page(
            name=row["ref"] or row["page"], text=text, ref=told.ref, url=told.url, title=told.title,
            published=told.published, retrieved=told.retrieved,
        )  # fmt: skip
        yield Arrival(page, raw, "text/plain"), _renamed(record, raw)


def _renamed(record: Record, raw: bytes) -> Record:
    import hashlib

    document = msgspec.structs.replace(record.document, id=f"sha256:{hashlib.sha256(raw).hexdigest()}", raw_map=())
    return msgspec.structs.replace(record, document=document)
