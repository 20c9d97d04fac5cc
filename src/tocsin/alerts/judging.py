"""What a rule finds in the incidents of a ledger on a day: the same incidents give the same findings, in whatever order.

A finding has a key, by which it is the same finding later on: of a zone or red line a claim of the incident, whichever was the
first when it was found, and it is the same finding while that claim is in the incident; of a threshold or a
build-up the day on which it began. So later reports and reprints update an alert and never repeat it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from tocsin.alerts.rules import BUILD_UP, Rule
from tocsin.codebook import codebook
from tocsin.errors import MissingError
from tocsin.ledger import Claim, Incident, Locus
from tocsin.merge.follow_up import follow_up
from tocsin.records import Row

BASELINE_DAYS = 90
LOOK_BACK = 30  # days before a rule was made from which its incidents count, where it names no day
KM_PER_DEGREE = 111.195  # of latitude, on a sphere of the Earth's mean radius


class Finding(Row, frozen=True, kw_only=True):
    """What a rule found. `where` is inside, possibly inside, or None; `figures` what was counted, in words."""

    key: str
    title: str
    status: str
    day: str | None = None
    where: str | None = None
    incidents: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    voices: int = 0
    words: tuple[str, ...] = ()
    figures: str = ""


def judge(rule: Rule, incidents: Iterable[Incident], today: str, announced: Sequence[Claim] = ()) -> list[Finding]:
    """The findings of a rule over all incidents that are known, as of a day (ISO). Silence is judged on sources, not here."""
    if not rule.enabled or rule.kind == "silence":
        return []
    ordered = sorted(incidents, key=lambda one: (one.day_from or "", one.id))
    if rule.kind == "overdue":
        return _overdue(rule, ordered, today, announced)
    wanted = [one for one in ordered if _concerns(rule, one, today)]
    if rule.kind in ("zone", "redline"):
        return [found for one in wanted if (found := _at(rule, one)) is not None]
    return _gathered(rule, [one for one in wanted if rule.polygon is None or _inside(rule, one) == "inside"], today)


def _concerns(rule: Rule, one: Incident, today: str) -> bool:
    """Whether an incident is of a rule's kinds, statuses, days, country, place and parties, and nobody rejected it."""
    if one.review == "rejected" or one.day_from is None or one.day_from > today:
        return False
    if one.status not in rule.statuses and not (one.status == "denied" and "contested" in rule.statuses):
        return False
    if (
        not _is_kind(rule, one)
        or not (_since(rule) <= (one.day_to or one.day_from))
        or (rule.until and one.day_from > rule.until)
    ):
        return False
    if rule.country and (one.place is None or one.place.country != rule.country):
        return False
    if rule.place and (one.place is None or rule.place.lower() not in _place_names(one.place)):
        return False
    parties = " ".join(f"{who.name} {who.code or ''}" for who in (*one.actors, *one.recipients)).lower()
    return not rule.actors or any(name.lower() in parties for name in rule.actors)


def _is_kind(rule: Rule, one: Incident) -> bool:
    wanted = rule.kinds or (BUILD_UP if rule.kind == "build-up" else ())
    if wanted:
        return one.kind in wanted or not set(one.kinds).isdisjoint(wanted)
    known = codebook().kinds.get(one.kind)
    return known is not None and (known.harm or known.type == "ASSAULT")


def _since(rule: Rule) -> str:
    if rule.since:
        return rule.since
    if rule.kind == "threshold" or not rule.added:
        return ""
    return (datetime.date.fromisoformat(rule.added[:10]) - datetime.timedelta(LOOK_BACK)).isoformat()


def _place_names(place: Locus) -> str:
    return " | ".join(
        part.lower() for part in (place.name, place.called or "", place.admin1 or "", place.country or "")
    )


# ------------------------------------------------------------------------------------------------------- zones, red lines


def _at(rule: Rule, one: Incident) -> Finding | None:
    where = _inside(rule, one) if rule.polygon is not None else None
    if rule.polygon is not None and where is None:
        return None
    first = min(one.claims, default=one.id)
    figures = "; ".join(f"{figure.kind} {_range(figure)}" for figure in one.figures[:4])
    return Finding(
        key=first,
        title=one.title,
        status=one.status,
        day=one.day_from,
        where=where,
        incidents=(one.id,),
        claims=one.claims,
        voices=one.voices,
        figures=figures,
    )


def _range(figure: Any) -> str:
    low, high = figure.low, figure.high
    return (
        f"{low}-{high}"
        if low is not None and high is not None and low != high
        else str(figure.best if figure.best is not None else "?")
    )


def _inside(rule: Rule, one: Incident) -> str | None:
    """inside, possibly inside, or None, by the place and the radius within which it lies. No place is nowhere."""
    place = one.place
    if place is None or place.lat is None or place.lon is None or rule.polygon is None:
        return None
    return inside(
        msgspec.json.encode(rule.polygon),
        place.lat,
        place.lon,
        place.radius_km or 0.0,
        exact=place.precision == "exact",
    )


def inside(polygon: bytes, lat: float, lon: float, radius_km: float, *, exact: bool) -> str | None:
    """Where a circle lies to a polygon (GeoJSON): wholly `inside`, `possibly inside` where it is partly, None where it is not.

    An exact place counts by its point: its radius is the town's own. Distances are on a plane about the point, right to one
    part in a hundred within 300 km; polygons and points on either side of the date line are brought together.
    """
    try:
        from shapely.geometry import Point
    except ImportError as problem:
        raise MissingError("zones need shapely: pip install 'tocsin[watch]'") from problem
    scale = round(max(math.cos(math.radians(lat)), 0.01), 4)  # the polygon's and the point's alike
    best: str | None = None
    for shift in (-360.0, 0.0, 360.0):
        shape = _flat(polygon, scale, shift)
        point = Point(lon * scale, lat)
        if exact:
            if shape.covers(point):
                return "inside"
            continue
        reach = radius_km / KM_PER_DEGREE
        if shape.covers(point) and shape.boundary.distance(point) >= reach:
            return "inside"
        if shape.distance(point) <= reach:
            best = "possibly inside"
    return best


@lru_cache(maxsize=512)
def _flat(polygon: bytes, scale: float, shift: float) -> Any:
    from shapely.affinity import affine_transform
    from shapely.geometry import shape
    from shapely.validation import make_valid

    return make_valid(affine_transform(shape(msgspec.json.decode(polygon)), [scale, 0, 0, 1, shift * scale, 0]))


# ----------------------------------------------------------------------------------------------- thresholds and build-up


def _gathered(rule: Rule, found: Sequence[Incident], today: str) -> list[Finding]:
    """The days' sum against its bound. The key is the day on which it went above and has been since."""
    last = datetime.date.fromisoformat(today[:10])
    if not _is_above(rule, found, last):
        return []
    began = last
    for back in range(1, 366):  # how long it has been so: the key of the finding
        day = last - datetime.timedelta(back)
        if not _is_above(rule, found, day):
            break
        began = day
    window = _window(found, last, rule.days)
    total, usual = _total(rule, window), _usual(rule, found, last)
    what = f"{total:g} {rule.figure}" if rule.kind == "threshold" else f"{len(window)} incidents"
    told = f"{what} in {rule.days} days" + (f", usually {usual:.1f}" if rule.times is not None else "")
    return [
        Finding(
            key=f"since {began}", title=f"{rule.name}: {told}", status="reported", day=began.isoformat(), figures=told,
            incidents=tuple(one.id for one in window[:200]), voices=max((one.voices for one in window), default=0),
        )
    ]  # fmt: skip


def _is_above(rule: Rule, found: Sequence[Incident], day: datetime.date) -> bool:
    window = _window(found, day, rule.days)
    if rule.kind == "build-up":
        return len(window) >= rule.least
    total = _total(rule, window)
    if rule.above is not None and total > rule.above:
        return True
    return rule.times is not None and total > rule.times * max(_usual(rule, found, day), 1.0)


def _window(found: Sequence[Incident], last: datetime.date, days: int) -> list[Incident]:
    low = (last - datetime.timedelta(days - 1)).isoformat()
    return [one for one in found if low <= (one.day_from or "") <= last.isoformat()]


def _total(rule: Rule, found: Iterable[Incident]) -> float:
    """The sum of best figures of persons; totals since some date and households are none."""
    return float(
        sum(
            figure.best or 0
            for one in found
            for figure in one.figures
            if figure.kind == rule.figure and figure.unit == "persons"
        )
    )


def _usual(rule: Rule, found: Sequence[Incident], last: datetime.date) -> float:
    """What as many days usually have, over the days before this window."""
    before = _window(found, last - datetime.timedelta(rule.days), BASELINE_DAYS)
    return _total(rule, before) * rule.days / BASELINE_DAYS


def _overdue(rule: Rule, incidents: Sequence[Incident], today: str, announced: Sequence[Claim]) -> list[Finding]:
    found = []
    for one in announced:
        if (
            one.day_from is None
            or (rule.kinds and one.kind not in rule.kinds)
            or not _since(rule) <= one.day_from <= today
        ):
            continue
        told = follow_up(one, incidents, today)
        if told.outcome == "overdue":
            title = f"Overdue: {one.trigger.text}, announced for {one.day_from}"
            found.append(
                Finding(
                    key=one.id,
                    title=title,
                    status="planned",
                    day=one.day_from,
                    words=(one.sentence.text,),
                    figures=told.reason,
                )
            )
    return found
