"""Polygons as people bring them: GeoJSON of files and drawings, refused in words that say what is wrong and where.

RFC 7946: WGS 84, longitude first, rings closed. Which way round a ring runs does not matter here. Longitudes may run on over the
date line, to 360 either way; how a ring that leaps there is understood stands in `geometry`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from tocsin.alerts.geometry import parts_of, whole_of
from tocsin.errors import RuleError

MOST_POINTS, LARGEST = 5_000, 500_000
DEEPEST = 5  # collections within collections
_WGS84 = re.compile(r"CRS:?:?84|EPSG:?:?(?:[\d.]*:)?4326", re.I)
_CROSSES = re.compile(r"^(Self-intersection|Hole lies outside shell|Holes are nested|Nested shells)")
_KM_A_DEGREE = 111.195  # of a great circle on a sphere of the Earth's mean radius


def polygon_of(text: str, source: str) -> dict[str, Any]:
    """The polygons of a GeoJSON text as one geometry: itself, of a Feature, or all of a collection. Raises `RuleError`."""
    if len(text) > LARGEST:
        raise RuleError(f"{source}: is larger than {LARGEST:,} characters")
    try:
        found = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as problem:
        raise RuleError(f"{source}: is no GeoJSON: {problem}") from problem
    try:
        parts = list(_parts(found, 0))
    except ValueError as problem:
        raise RuleError(f"{source}: {problem}") from problem
    many = len(parts) != 1
    made = {"type": "MultiPolygon" if many else "Polygon", "coordinates": parts if many else parts[0]}
    wrong = wrong_polygon(made)
    if wrong is not None:
        raise RuleError(f"{source}: {wrong}")
    return made


def _parts(value: Any, depth: int) -> Iterator[Any]:
    """The coordinates of each polygon. Raises `ValueError` for what is none: a zone that is only half of its file would be worse."""
    if not isinstance(value, dict) or depth > DEEPEST:
        raise ValueError("is no GeoJSON geometry")
    _check_crs(value)
    kind = value.get("type")
    inner = {"FeatureCollection": value.get("features"), "GeometryCollection": value.get("geometries"), "Feature": [value.get("geometry")]}.get(str(kind))  # fmt: skip
    if isinstance(inner, list) and inner:
        for one in inner:
            yield from _parts(one, depth + 1)
    elif kind == "Polygon":
        yield value.get("coordinates")
    elif kind == "MultiPolygon" and isinstance(value.get("coordinates"), list):
        yield from value["coordinates"]
    elif kind in ("Point", "MultiPoint", "LineString", "MultiLineString"):
        raise ValueError(f"holds a {kind}; a zone is of Polygons and MultiPolygons only")
    else:
        raise ValueError("is no GeoJSON Polygon or MultiPolygon, nor a Feature or collection of them")


def _check_crs(value: dict[str, Any]) -> None:
    crs = value.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if isinstance(name, str) and not _WGS84.search(name):
        raise ValueError(f"is in {name[:80]!r}; GeoJSON is in WGS 84: convert it, `ogr2ogr -t_srs EPSG:4326` for one")


def wrong_polygon(polygon: dict[str, Any]) -> str | None:
    """What is wrong with a geometry, in words; None for a good one."""
    if polygon.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(polygon.get("coordinates"), list):
        return "the polygon is no GeoJSON Polygon or MultiPolygon"
    parts = [polygon["coordinates"]] if polygon["type"] == "Polygon" else polygon["coordinates"]
    if not parts or not all(isinstance(part, list) and part for part in parts):
        return "the polygon has no ring"
    number = 0
    for ring in (ring for part in parts for ring in part):
        wrong = _wrong_ring(ring)
        if wrong is not None:
            return wrong
        number += len(ring)
    if number > MOST_POINTS:
        return f"the polygon has too many points, {number:,}; at most {MOST_POINTS:,}: simplify it"
    return _wrong_shape(polygon)


def _wrong_ring(ring: Any) -> str | None:
    if not isinstance(ring, list) or not all(_is_point(point) for point in ring):
        return "the polygon's coordinates are not lists of points of two numbers"
    for at, point in enumerate(ring, 1):
        wrong = _wrong_point(float(point[0]), float(point[1]), at)
        if wrong is not None:
            return wrong
    if len(ring) < 4:
        return "a ring of the polygon has fewer than four points: three corners, and the first again"
    if ring[0][:2] != ring[-1][:2]:
        return (
            f"a ring of the polygon does not close: it ends at {_at(ring[-1])}, not at its first point {_at(ring[0])}"
        )
    return None


def _is_point(point: Any) -> bool:
    return isinstance(point, list) and len(point) >= 2 and all(type(one) in (int, float) and abs(one) < 1e300 for one in point[:2])  # fmt: skip


def _wrong_point(lon: float, lat: float, at: int) -> str | None:
    if math.isfinite(lon) and math.isfinite(lat) and -360 <= lon <= 360 and -90 <= lat <= 90:
        return None
    told = f"point {at} of the polygon, {_at((lon, lat))}, is not longitude and latitude in degrees"
    if abs(lat) <= 180 and abs(lon) <= 90:
        return f"{told}; longitude comes first: are they swapped?"
    return f"{told}; are these metres of a map's grid?" if max(abs(lon), abs(lat)) > 1000 else told


def _at(point: Sequence[float]) -> str:
    return f"({point[0]:.9g}, {point[1]:.9g})"


def _wrong_shape(polygon: dict[str, Any]) -> str | None:
    """Edges that cross and holes outside: of these nobody knows what is meant. A ring that only touches itself is fine."""
    from shapely.validation import explain_validity

    for part in parts_of(polygon):
        told = explain_validity(part)
        if _CROSSES.match(told):
            what, _, where = told.partition("[")
            at = ", ".join(where.rstrip("]").split()) if where else "?"
            return f"the polygon crosses itself or its hole at ({at}): {what.strip().lower()}; give its points in order along its edge"
        if part.area == 0.0:
            return "the polygon has no area"
    return None


def extent(polygon: dict[str, Any]) -> str:
    """Where a polygon lies, in words: its size, its edges, and the countries that it meets. One whose longitude and latitude were
    swapped is known by it."""
    whole = whole_of(polygon)
    west, south, east, north = whole.bounds
    area = whole.area * _KM_A_DEGREE**2 * math.cos(math.radians(whole.centroid.y))
    met = _countries(whole)
    where = ", ".join(met[:6]) + (f" and {len(met) - 6} more" if len(met) > 6 else "") if met else "no country's land"
    return f"about {area:,.0f} km², latitude {south:.2f} to {north:.2f}, longitude {west:.2f} to {east:.2f}, in {where}"


def _countries(whole: Any) -> list[str]:
    """The countries that a shape meets, the largest share first."""
    from shapely.affinity import translate

    met: dict[str, float] = {}
    for shift in (-360.0, 0.0, 360.0):
        moved = translate(whole, shift)
        for name, land in _land():
            if land.intersects(moved):
                met[name] = met.get(name, 0.0) + land.intersection(moved).area
    return sorted(met, key=lambda name: (-met[name], name))


@cache
def _land() -> tuple[tuple[str, Any], ...]:
    from shapely.geometry import Polygon
    from shapely.validation import make_valid

    from tocsin.basemap import country_rings

    return tuple((name, make_valid(Polygon(ring))) for name, ring in country_rings() if len(ring) >= 4)
