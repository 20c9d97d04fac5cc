"""A still map as SVG: countries, incidents with the radius within which they lie, marks by status. No tile server, no script."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from tocsin import basemap
from tocsin.ledger import Incident
from tocsin.plain import visible

WIDTH, HEIGHT = 720.0, 420.0
LEAST_DEGREES = 1.2  # of latitude shown, however close the incidents lie
MARGIN = 0.15  # of the extent, on each side
KM_PER_DEGREE = 111.2  # of latitude
DEFAULT_RADIUS_KM = {"exact": 2.0, "admin": 40.0, "area": 40.0}
COLOURS = {"happened": "#a4262c", "reported": "#a4262c", "contested": "#7a5a00"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the world is shown: degrees of longitude and latitude, and points to a degree of either."""

    west: float
    south: float
    east: float
    north: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Equirectangular, true at the middle latitude."""
        return (
            (lon - self.west) / (self.east - self.west) * WIDTH,
            (self.north - lat) / (self.north - self.south) * HEIGHT,
        )

    @property
    def per_km(self) -> float:
        return HEIGHT / ((self.north - self.south) * KM_PER_DEGREE)


def drawn(incidents: Iterable[Incident]) -> list[Incident]:
    """Those that can be put on a map: located finer than a country."""
    return [
        one
        for one in incidents
        if one.place and one.place.lat is not None and one.place.lon is not None and one.place.precision != "country"
    ]


def svg(incidents: Iterable[Incident]) -> str:
    """The map of some incidents; '' where none has a place that can be drawn."""
    rows = drawn(incidents)
    if not rows:
        return ""
    frame = frame_of([(one.place.lon or 0.0, one.place.lat or 0.0) for one in rows if one.place])
    marks = "".join(_mark(one, frame) for one in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="Map of {len(rows)} incidents">'
        f'<rect width="100%" height="100%" fill="#dbe6ec"/>{_land(frame)}{marks}{_labels(rows, frame)}{_scale(frame)}</svg>'
    )


def frame_of(points: list[tuple[float, float]]) -> Frame:
    """A frame about the points with the proportions of the picture."""
    lons, lats = [one[0] for one in points], [one[1] for one in points]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    shrink = max(0.2, math.cos(math.radians(lat)))
    tall = max(LEAST_DEGREES, max(lats) - min(lats), (max(lons) - min(lons)) * shrink * HEIGHT / WIDTH) * (
        1 + 2 * MARGIN
    )
    wide = tall * WIDTH / HEIGHT / shrink
    return Frame(lon - wide / 2, lat - tall / 2, lon + wide / 2, lat + tall / 2)


def _land(frame: Frame) -> str:
    parts = []
    for _, ring in basemap.country_rings():
        lons, lats = [one[0] for one in ring], [one[1] for one in ring]
        if max(lons) < frame.west or min(lons) > frame.east or max(lats) < frame.south or min(lats) > frame.north:
            continue
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (frame.at(*one) for one in ring))
        parts.append(f'<polygon points="{points}" fill="#f6f3ec" stroke="#8a8f94" stroke-width=".8"/>')
    return "".join(parts)


def _mark(one: Incident, frame: Frame) -> str:
    """A disc of the radius within which it lies, and for an exact place a dot; a vague one has no dot."""
    place = one.place
    if place is None or place.lat is None or place.lon is None:
        return ""
    x, y = frame.at(place.lon, place.lat)
    colour = COLOURS.get(one.status, "#555")
    radius = max(4.0, (place.radius_km or DEFAULT_RADIUS_KM.get(place.precision, 40.0)) * frame.per_km)
    title = f"<title>{escape(visible(one.title))}</title>"
    wide = (
        radius > HEIGHT / 4
    )  # a river's or region's ring is only an outline: filled it would colour the whole picture
    area = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{"none" if wide else colour}" fill-opacity=".14" stroke="{colour}" stroke-dasharray="3 2" stroke-width=".8"/>'
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{colour if one.status == "happened" else "#fff"}" stroke="{colour}" stroke-width="1.4"/>'
    return f"<g>{title}{area}{dot if place.precision == 'exact' else ''}</g>"


def _labels(rows: list[Incident], frame: Frame) -> str:
    """The names of exact places, each once, left out where one would lie on another."""
    taken: list[tuple[float, float]] = []
    parts = []
    for place in sorted(
        {one.place for one in rows if one.place and one.place.precision == "exact"},
        key=lambda one: (one.name, one.lat or 0.0),
    ):
        x, y = frame.at(place.lon or 0.0, place.lat or 0.0)
        if any(abs(x - ox) < 90 and abs(y - oy) < 12 for ox, oy in taken):
            continue
        taken.append((x, y))
        parts.append(
            f'<text x="{x + 6:.1f}" y="{y - 5:.1f}" font-size="11" font-family="sans-serif" fill="#222">{escape(visible(place.called or place.name))}</text>'
        )
    return "".join(parts)


def _scale(frame: Frame) -> str:
    length = next((km for km in (5, 10, 20, 50, 100, 200, 500, 1000) if km * frame.per_km > 60), 2000)
    wide = length * frame.per_km
    return (
        f'<g transform="translate(12 {HEIGHT - 14:.0f})"><line x2="{wide:.1f}" stroke="#222" stroke-width="2"/>'
        f'<text y="-4" font-size="10" font-family="sans-serif" fill="#222">{length} km</text></g>'
    )
