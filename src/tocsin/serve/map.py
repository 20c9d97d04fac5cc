"""The map: where incidents are, each with how exactly its place is known."""

from __future__ import annotations

import gzip

from fastapi import APIRouter, Request

from tocsin.ledger import IncidentFilter, IncidentStatus, Precision
from tocsin.records import Row
from tocsin.serve.fresh import Fresh
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Wanted
from tocsin.serve.wire import Pages, encode, tag_of, tagged, wants_json

router = APIRouter(tags=["map"])
page = Pages(router)
MOST_POINTS = 20_000
LEAST_PACKED = 50_000  # bytes; less goes over the wire sooner than it is compressed


class Point(Row, frozen=True, kw_only=True):
    """An incident on the map. Where `precision` is not `exact`, it lies anywhere within `radius_km` of the coordinates.

    `edited` tells which cells a person set, who, and when.
    """

    id: str
    title: str
    kind: str
    status: IncidentStatus
    day_from: str | None = None
    day_to: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision = "unresolved"
    radius_km: float | None = None
    killed: int | None = None
    edited: str | None = None


class MapPage(Row, frozen=True, kw_only=True):
    """Incidents that have a place, newest first; `cut` where there are more than the map takes."""

    filter: IncidentFilter
    points: tuple[Point, ...] = ()
    cut: bool = False


points_kept = Fresh(seconds=5.0, entries=16)


@page("/map", "map.html", MapPage)
def map_page(request: Request, seat: Viewer, store: Ledger, wanted: Wanted) -> object:
    """Incidents on the map. The page asks for the points in a second request, the JSON twin."""
    if not wants_json(request):
        return MapPage(filter=wanted)
    key = (id(store), encode(wanted))
    body, packed, tag = points_kept.get(key, lambda: _points(store, wanted))
    return tagged(request, body, "application/json", tag=tag, packed=packed)


def _points(store: Ledger, wanted: IncidentFilter) -> tuple[bytes, bytes, str]:
    """The answer, the same compressed, once for all who ask, and its tag."""
    found = store.points(wanted, limit=MOST_POINTS)
    body = encode({"filter": wanted, "points": found, "cut": len(found) >= MOST_POINTS})
    return body, gzip.compress(body, 3, mtime=0) if len(body) > LEAST_PACKED else b"", tag_of(body)
