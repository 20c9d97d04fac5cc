"""Polygons as people bring them: taken whole, or refused in words that say what is wrong and where."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("shapely")

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.alerts.geometry import Area
from tocsin.alerts.polygons import MOST_POINTS, extent, polygon_of, wrong_polygon
from tocsin.errors import RuleError

BOX = [[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 36.0], [36.0, 35.0]]
HOLE = [[36.4, 35.4], [36.6, 35.4], [36.6, 35.6], [36.4, 35.6], [36.4, 35.4]]
BESIDE = [[37.5, 35.0], [38.5, 35.0], [38.5, 36.0], [37.5, 36.0], [37.5, 35.0]]
OVERLAPPING = [[36.5, 35.0], [38.0, 35.0], [38.0, 36.0], [36.5, 36.0], [36.5, 35.0]]


def plain(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "a zone"}, "geometry": geometry}


def collection(*geometries: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature(one) for one in geometries]}


def holds(polygon: dict[str, Any], lat: float, lon: float) -> bool:
    return Area(polygon).holds(lat, lon, 1.0, exact=True) == "inside"


def read(value: Any) -> dict[str, Any]:
    return polygon_of(json.dumps(value), "zone.geojson")


@pytest.mark.parametrize(
    "value",
    [
        plain(BOX),
        feature(plain(BOX)),
        collection(plain(BOX)),
        {"type": "GeometryCollection", "geometries": [plain(BOX)]},
        {"type": "MultiPolygon", "coordinates": [[BOX]]},
    ],
)
def test_one_polygon_however_it_is_wrapped(value: dict[str, Any]) -> None:
    assert read(value) == plain(BOX)


def test_all_features_of_a_collection_are_the_zone() -> None:
    made = read(collection(plain(BOX), {"type": "MultiPolygon", "coordinates": [[BESIDE]]}))
    assert made == {"type": "MultiPolygon", "coordinates": [[BOX], [BESIDE]]}
    assert holds(made, 35.5, 36.5) and holds(made, 35.5, 38.0) and not holds(made, 35.5, 37.2)


def test_where_two_parts_overlap_both_hold() -> None:
    made = read(collection(plain(BOX), plain(OVERLAPPING)))
    assert all(holds(made, 35.5, lon) for lon in (36.2, 36.7, 37.8))


@pytest.mark.parametrize("ring", [BOX, BOX[::-1]], ids=["against the clock", "with the clock"])
@pytest.mark.parametrize("hole", [HOLE, HOLE[::-1]], ids=["hole against", "hole with"])
def test_which_way_round_rings_run_is_all_the_same(ring: list[Any], hole: list[Any]) -> None:
    made = read(plain(ring, hole))
    assert holds(made, 35.2, 36.2) and not holds(made, 35.5, 36.5)


BOW_TIE = [[36.0, 35.0], [37.0, 36.0], [37.0, 35.0], [36.0, 36.0], [36.0, 35.0]]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (plain(BOW_TIE), r"crosses itself or its hole at \(36.5, 35.5\)"),
        (plain(BOX, BESIDE), "hole lies outside"),
        (plain([[36, 35], [37, 35], [36, 35], [36, 35]]), "no area|crosses itself"),
        (plain(BOX[:-1]), r"does not close: it ends at \(36, 36\), not at its first point \(36, 35\)"),
        (plain(BOX[:2] + BOX[:1]), "fewer than four points"),
        (plain([[lat, lon] for lon, lat in ([114.0, 22.0], [115.0, 22.0], [115.0, 23.0], [114.0, 22.0])]), r"\(22, 114\).*are they swapped\?"),
        (plain([[lon * 111_000, lat * 111_000] for lon, lat in BOX]), "metres"),
        (plain([[float(at % 60), 0.001 * at] for at in range(MOST_POINTS + 2)]), "does not close|too many"),
        (plain([[36, "35"], [37, 35], [37, 36], [36, 35]]), "points of two numbers"), (plain([[True, 35], [37, 35], [37, 36], [True, 35]]), "points of two numbers"),
        (plain(), "no ring"), ({"type": "MultiPolygon", "coordinates": [[]]}, "no ring"), (plain(BOX, 7), "points of two numbers"),
        (collection(plain(BOX), {"type": "Point", "coordinates": [36, 35]}), "holds a Point"),
        (feature(None), "no GeoJSON geometry"), ({"type": "Topology"}, "no GeoJSON Polygon"), ([1], "no GeoJSON geometry"),
        ({**plain(BOX), "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}}, "EPSG::3857.*WGS 84"),
    ],
)  # fmt: skip
def test_what_is_no_zone_is_refused_in_words(value: Any, told: str) -> None:
    with pytest.raises(RuleError, match=f"zone.geojson: .*(?:{told})"):
        read(value)


def test_collections_within_collections_have_an_end() -> None:
    deep: Any = plain(BOX)
    for _ in range(30):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    with pytest.raises(RuleError, match="no GeoJSON geometry"):
        read(deep)
    with pytest.raises(RuleError, match="is no GeoJSON"):
        polygon_of("[" * 200_000, "zone.geojson")


def test_too_many_points() -> None:
    ring = [[36.0, 35.0], *([36.0 + at / 10_000, 36.0] for at in range(MOST_POINTS)), [37.0, 35.0], [36.0, 35.0]]
    with pytest.raises(RuleError, match="too many points, 5,003; at most 5,000"):
        read(plain(ring))


def test_wgs84_by_its_other_names_is_taken() -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        assert read({**plain(BOX), "crs": {"type": "name", "properties": {"name": name}}}) == plain(BOX)


ON = [[178.0, -18.0], [182.0, -18.0], [182.0, -16.0], [178.0, -16.0], [178.0, -18.0]]


@pytest.mark.parametrize("shift", [0.0, -360.0])
def test_a_ring_that_runs_on_over_the_date_line(shift: float) -> None:
    made = read(plain([[lon + shift, lat] for lon, lat in ON]))
    assert holds(made, -17.0, 179.5) and holds(made, -17.0, -178.5) and not holds(made, -17.0, 0.0)


def test_where_a_zone_lies_is_told() -> None:
    told = extent(plain(BOX))
    assert "in Syria" in told and "latitude 35.00 to 36.00, longitude 36.00 to 37.00" in told
    size = float(told.split()[1].replace(",", ""))
    assert size == pytest.approx(10_060, rel=0.01), "a square degree at 35.5 degrees north"
    assert "no country's land" in extent(plain([[lon - 60, lat] for lon, lat in BOX])), "the middle of an ocean"
    assert "in Fiji" in extent(plain(ON)), "on both sides of the date line"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-85, 85)), min_size=3, max_size=12))
def test_whatever_is_taken_can_be_judged(points: list[tuple[float, float]]) -> None:
    ring = [list(one) for one in [*points, points[0]]]
    polygon = plain(ring)
    if wrong_polygon(polygon) is None:
        assert Area(polygon).holds(0.0, 0.0, 10.0, exact=False) in (None, "inside", "possibly inside")
        assert extent(polygon).startswith("about ")
