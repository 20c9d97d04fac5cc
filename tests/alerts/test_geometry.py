"""Where a place lies to a polygon: inside, possibly inside, or not."""

from __future__ import annotations

import math
from typing import Any

import pytest

pytest.importorskip("shapely")

from alert_shelf import SQUARE
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.alerts.geometry import EARTH_KM, Area

DATE_LINE = {"type": "MultiPolygon", "coordinates": [
    [[[178.0, -18.0], [180.0, -18.0], [180.0, -16.0], [178.0, -16.0], [178.0, -18.0]]],
    [[[-180.0, -18.0], [-178.0, -18.0], [-178.0, -16.0], [-180.0, -16.0], [-180.0, -18.0]]],
]}  # fmt: skip
ACROSS = {"type": "Polygon", "coordinates": [[[178.0, -18.0], [-178.0, -18.0], [-178.0, -16.0], [178.0, -16.0], [178.0, -18.0]]]}  # fmt: skip
HOLED = {"type": "Polygon", "coordinates": [
    [[178.0, -18.0], [-178.0, -18.0], [-178.0, -16.0], [178.0, -16.0], [178.0, -18.0]],
    [[179.5, -17.5], [-179.5, -17.5], [-179.5, -16.5], [179.5, -16.5], [179.5, -17.5]],
]}  # fmt: skip
WORLD = {"type": "Polygon", "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]]}


@pytest.mark.parametrize(
    ("lat", "lon", "radius", "exact", "where"),
    [
        (35.0, 41.0, 3.0, True, "inside"),
        (35.0, 39.99, 3.0, True, None),  # a town beside the line is beside it, however wide it is
        (35.0, 41.0, 50.0, False, "inside"),
        (35.0, 41.0, 150.0, False, "possibly inside"),  # its province is wider than the zone
        (35.0, 40.1, 20.0, False, "possibly inside"),
        (35.0, 39.9, 20.0, False, "possibly inside"),  # the middle lies outside, part of the province inside
        (35.0, 39.0, 20.0, False, None),
        (35.0, 41.0, None, False, "possibly inside"),  # known roughly, nobody knows how roughly: never inside
        (35.0, 41.0, 0.0, False, "possibly inside"),
        (35.0, 39.0, None, False, None),
    ],
)
def test_a_place_and_a_square(lat: float, lon: float, radius: float | None, exact: bool, where: str | None) -> None:
    assert Area(SQUARE).holds(lat, lon, radius, exact=exact) == where


@pytest.mark.parametrize("polygon", [DATE_LINE, ACROSS])
@pytest.mark.parametrize(
    ("lat", "lon", "radius", "exact", "where"),
    [
        (-17.0, 179.9, 60.0, False, "inside"),  # over the date line: the seam is no border
        (-17.0, -179.9, 60.0, False, "inside"),
        (-17.0, 180.0, 5.0, True, "inside"),
        (-17.0, -180.0, 5.0, True, "inside"),
        (-17.0, -177.9, 60.0, False, "possibly inside"),
        (-17.0, 0.0, 5.0, True, None),  # the polygon is four degrees wide, not 356
        (-17.0, 170.0, 100.0, False, None),
    ],
)
def test_the_date_line(polygon: dict[str, Any], lat: float, lon: float, radius: float, exact: bool, where: str | None) -> None:  # fmt: skip
    assert Area(polygon).holds(lat, lon, radius, exact=exact) == where


def test_a_hole_over_the_date_line() -> None:
    area = Area(HOLED)
    assert area.holds(-17.0, 179.9, 1.0, exact=True) is None
    assert area.holds(-17.0, -179.9, 1.0, exact=True) is None
    assert area.holds(-17.0, 178.5, 1.0, exact=True) == "inside"


def test_the_whole_world_and_the_pole() -> None:
    assert Area(WORLD).holds(12.0, 170.0, 100.0, exact=False) == "inside"
    assert Area(SQUARE).holds(89.9, 0.0, 100.0, exact=False) is None
    assert Area(WORLD).holds(89.9, 0.0, 100.0, exact=False) == "possibly inside"


@settings(max_examples=80, deadline=None)
@given(st.floats(-75, 75), st.floats(-180, 180), st.floats(1, 400), st.floats(0, 360), st.floats(0.0, 2.0))
def test_the_circle_is_the_one_on_the_globe(lat: float, lon: float, radius: float, bearing: float, part: float) -> None:
    """A small square at a distance is met if that is well within the radius, and not if it is well beyond."""
    angle, high, turn = part * radius / EARTH_KM, math.radians(lat), math.radians(bearing)
    there = math.asin(math.sin(high) * math.cos(angle) + math.cos(high) * math.sin(angle) * math.cos(turn))
    east = math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(high), math.cos(angle) - math.sin(high) * math.sin(there)
    )
    x, y, half = (lon + math.degrees(east) + 540) % 360 - 180, math.degrees(there), 1e-4
    if abs(x) > 179.9:
        return
    ring = [
        [x - half, y - half],
        [x + half, y - half],
        [x + half, y + half],
        [x - half, y + half],
        [x - half, y - half],
    ]
    found = Area({"type": "Polygon", "coordinates": [ring]}).holds(lat, lon, radius, exact=False)
    if part < 0.98:
        assert found == "possibly inside"
    elif part > 1.05:
        assert found is None
