"""GeoJSON (RFC 7946): a feature an incident; one without a place has a null geometry, never a country's middle."""

from __future__ import annotations

import json
from typing import IO, Any

from tocsin.export import each
from tocsin.export.tables import row_of
from tocsin.ledger import Incident, IncidentFilter
from tocsin.plain import visible
from tocsin.store.base import Reads


def features(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """Writes a FeatureCollection, one feature a line. Returns how many."""
    number = 0
    stream.write('{"type": "FeatureCollection", "features": [')
    for number, one in enumerate(each(store, wanted), 1):
        stream.write("\n" if number == 1 else ",\n")
        stream.write(json.dumps(feature(one), ensure_ascii=False, sort_keys=True))
    stream.write("\n]}\n")
    return number


def feature(one: Incident) -> dict[str, Any]:
    """An incident with all columns of the CSV as properties; `precision` and `radius_km` say how far the point can be trusted."""
    return {"type": "Feature", "id": one.id, "geometry": geometry(one), "properties": {
        name: visible(value) if isinstance(value, str) else value for name, value in row_of(one).items() if name not in ("lat", "lon")
    }}  # fmt: skip


def geometry(one: Incident) -> dict[str, Any] | None:
    """A point, longitude first; None where the place is unknown or only a country is known."""
    place = one.place
    if place is None or place.lat is None or place.lon is None or place.precision == "country":
        return None
    return {"type": "Point", "coordinates": [place.lon, place.lat]}
