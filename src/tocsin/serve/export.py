"""Files to take away: the incidents of a filter in every format that `tocsin export` writes."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath
from fastapi.responses import Response, StreamingResponse

from tocsin.export import BINARY, counted, formats
from tocsin.ledger import IncidentFilter
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Wanted
from tocsin.serve.wire import problems

router = APIRouter(tags=["incidents"])
Format = Literal["csv", "claims", "geojson", "evidence", "hxl", "acled", "ucdp", "parquet", "geoparquet"]
MEDIA = {".csv": "text/csv; charset=utf-8", ".geojson": "application/geo+json", ".jsonl": "application/x-ndjson"}
OTHERWISE = "application/octet-stream"
IN_MEMORY, PIECE = 4_000_000, 65_536  # bytes
_one_at_a_time = threading.Semaphore(2)  # writing a whole ledger takes a thread for long: readers keep the others
FILE = {"description": "The file", "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in (*MEDIA.values(), OTHERWISE)}}  # fmt: skip


@router.get(
    "/export/{format}",
    responses={200: FILE, **problems(400, 401, 403, 413, 422, 429, 503)},
    response_class=StreamingResponse,
)
def export(
    seat: Viewer,
    store: Ledger,
    wanted: Wanted,
    format: Annotated[Format, InPath()],
    every: Annotated[bool, Query(alias="all", description="every status, where none is asked for")] = False,
) -> Response:
    """The incidents of a filter as a file. Without a status in it only what happened, is reported or is contested."""
    if not _one_at_a_time.acquire(blocking=False):
        raise HTTPException(429, "Others are taking files just now; try again in a moment.", {"retry-after": "10"})
    try:
        file = _written(store, format, counted(wanted, everything=every))
    finally:
        _one_at_a_time.release()
    suffix = formats()[format][1]
    name = "incidents" if format in ("csv", "geojson", "parquet") else format
    headers = {"content-disposition": f'attachment; filename="{name}{suffix}"', "cache-control": "no-store"}
    return StreamingResponse(_pieces(file), media_type=MEDIA.get(suffix, OTHERWISE), headers=headers)


def _written(store: Any, format: str, wanted: IncidentFilter) -> IO[bytes]:
    """The whole file, on disk where it is large: an answer that breaks off half-way would look like a whole one."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        write = formats()[format][0]
        if format in BINARY:
            write(store, wanted, file)
        else:
            text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="")
            write(store, wanted, text)
            text.detach()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
