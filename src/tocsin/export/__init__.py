"""Incidents in the formats of the field: each writer streams what a filter asks for, the same bytes for the same ledger.

Without a status in the filter only what happened, or is reported to have, is counted and written: what was threatened, denied or
long past is asked for by name. `docs/exports.md` says what each column holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

import msgspec

from tocsin.ledger import Incident, IncidentFilter
from tocsin.store.base import Reads

COUNTED = ("happened", "reported", "contested")
SLICE = 500  # incidents fetched at a time
Writer = Callable[[Reads, IncidentFilter, IO[Any]], int]


def counted(wanted: IncidentFilter, *, everything: bool = False) -> IncidentFilter:
    """The filter with the statuses that count, where it names none and everything is not asked for."""
    return wanted if wanted.status or everything else msgspec.structs.replace(wanted, status=COUNTED)


def each(store: Reads, wanted: IncidentFilter) -> Iterator[Incident]:
    """The incidents that a filter asks for, by day and id, a slice at a time; people's rejects are left out."""
    offset: int | None = 0
    while offset is not None:
        page = store.incidents(wanted, limit=SLICE, offset=offset, order="day")
        yield from (one for one in page.rows if one.review != "rejected" or "rejected" in wanted.review)
        offset = page.next


def formats() -> dict[str, tuple[Writer, str]]:
    """The formats by name: the writer and the suffix of a file's name. Writers of `parquet` and `geoparquet` want binary streams."""
    from tocsin.export import acled, columnar, evidence, geojson, tables, ucdp

    return {
        "csv": (tables.incidents, ".csv"), "claims": (tables.claims, ".csv"), "hxl": (tables.hxl, ".csv"),
        "geojson": (geojson.features, ".geojson"), "evidence": (evidence.lines, ".jsonl"),
        "acled": (acled.events, ".csv"), "ucdp": (ucdp.events, ".csv"),
        "parquet": (columnar.parquet, ".parquet"), "geoparquet": (columnar.geoparquet, ".parquet"),
    }  # fmt: skip


PARTIAL = frozenset({"acled", "ucdp"})  # these have no place for every incident, and leave some out
BINARY = frozenset({"parquet", "geoparquet"})
