"""Whether a place that is known to some kilometres lies in a polygon: inside, possibly inside, or not.

Polygons are GeoJSON on WGS 84, longitude first; their edges are straight in longitude and latitude, as RFC 7946 (3.1.1) says. A
circle is drawn by the direct formula on a sphere of the Earth's mean radius, which differs from the ellipsoid by at most 0.6 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec

from tocsin.errors import MissingError

EARTH_KM = 6371.0088
CORNERS = 72  # of a circle: the polygon of so many corners lies within 0.1 % of it
Where = str  # `inside` or `possibly inside`


class Area:
    """A polygon made ready. Raises `MissingError` where shapely is not installed."""

    def __init__(self, polygon: dict[str, Any]) -> None:
        self._whole, self._tested = _ready(msgspec.json.encode(polygon))
        self._south, self._north = (float(self._whole.bounds[at]) for at in (1, 3))

    def holds(self, lat: float, lon: float, radius_km: float | None, *, exact: bool) -> Where | None:
        """Where a circle lies: wholly `inside`, `possibly inside` where it meets the polygon, None where it does not.

        An exact place counts by its point: its radius is the town's own. A place that is not exact and whose radius is not known is
        never `inside`, and `possibly inside` where its point is.
        """
        from shapely.geometry import Point

        lon = (lon + 180.0) % 360.0 - 180.0
        point = Point(lon, lat)
        if exact or not radius_km:
            held = self._tested.covers(point)
            return None if not held else "inside" if exact else "possibly inside"
        if self._far(lat, lon, radius_km):
            return None
        circle = _circle(lat, lon, radius_km)
        if circle is None:  # it holds a pole, where longitudes end: it is too wide to settle anything
            return "possibly inside"
        if self._tested.covers(circle):
            return "inside"
        return "possibly inside" if self._tested.intersects(circle) else None

    def _far(self, lat: float, lon: float, radius_km: float) -> bool:
        """Whether the latitudes of the circle and the polygon do not meet: most places, without drawing anything."""
        reach = math.degrees(radius_km / EARTH_KM)
        return not (self._south - reach <= lat <= self._north + reach)


def _circle(lat: float, lon: float, radius_km: float) -> Any:
    """The circle of points at a distance, longitudes unwrapped about its middle; None where it reaches a pole."""
    from shapely.geometry import Polygon

    angle, high = radius_km / EARTH_KM, math.radians(lat)
    if abs(high) + angle >= math.pi / 2:
        return None
    ring = []
    for number in range(CORNERS):
        bearing = 2 * math.pi * number / CORNERS
        there = math.asin(math.sin(high) * math.cos(angle) + math.cos(high) * math.sin(angle) * math.cos(bearing))
        east = math.atan2(
            math.sin(bearing) * math.sin(angle) * math.cos(high), math.cos(angle) - math.sin(high) * math.sin(there)
        )
        ring.append((lon + math.degrees(east), math.degrees(there)))
    return Polygon(ring)


@lru_cache(maxsize=256)
def _ready(polygon: bytes) -> tuple[Any, Any]:
    """The polygon thrice, once round the world to either side, as one shape: a seam at the date line is none."""
    one = whole_of(msgspec.json.decode(polygon))
    from shapely import union_all
    from shapely.affinity import translate
    from shapely.prepared import prep

    whole = union_all([translate(one, shift) for shift in (-360.0, 0.0, 360.0)])
    return whole, prep(whole)


def whole_of(polygon: dict[str, Any]) -> Any:
    """All parts as one shape: where two of them overlap, both hold. Raises `MissingError` where shapely is not installed."""
    parts = parts_of(polygon)
    from shapely import union_all
    from shapely.validation import make_valid

    return union_all([make_valid(part) for part in parts])


def parts_of(polygon: dict[str, Any]) -> list[Any]:
    """Each part with its holes as a shape, longitudes unwrapped. Raises `MissingError` where shapely is not installed."""
    try:
        from shapely.geometry import Polygon
    except ImportError as problem:
        raise MissingError("zones need shapely: pip install 'tocsin[watch]'") from problem
    parts = polygon["coordinates"] if polygon["type"] == "MultiPolygon" else [polygon["coordinates"]]
    made = (_part(rings) for rings in parts)
    return [Polygon(rings[0], rings[1:]) for rings in made if rings]


def _part(rings: Sequence[Any]) -> list[list[tuple[float, float]]]:
    """The outline and its holes, each hole brought to the side of the world on which the outline is."""
    made = [_ring(ring) for ring in rings]
    middle = sum(point[0] for point in made[0]) / len(made[0]) if made else 0.0
    return [made[0], *(_beside(hole, middle) for hole in made[1:])] if made else []


def _beside(ring: list[tuple[float, float]], middle: float) -> list[tuple[float, float]]:
    shift = 360.0 * round((middle - sum(point[0] for point in ring) / len(ring)) / 360.0)
    return [(lon + shift, lat) for lon, lat in ring]


def _ring(ring: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """The ring with longitudes that do not leap: from 179 to -179 is two degrees, not 358. A ring round a pole stays as it is."""
    plain = [(float(point[0]), float(point[1])) for point in ring]
    made = plain[:1]
    for (before, _), (lon, lat) in pairwise(plain):
        step = lon - before
        if 180.0 < abs(step) < 360.0:
            step -= math.copysign(360.0, step)
        made.append((made[-1][0] + step, lat))
    return made if made and abs(made[0][0] - made[-1][0]) < 1e-9 else plain
