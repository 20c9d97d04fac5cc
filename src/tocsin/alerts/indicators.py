"""Rates against their own past, so that a rise is told from noise. No forecast.

For an area and a kind, the number of incidents in the last days is compared with the n windows of the same length before it. With S
incidents in those, m = (S + 1/2) / n is the rate (Jeffreys' prior for a Poisson rate: a past of zeros is of a small rate, not of
none) and v the variance of the n counts. A new window, were nothing different, has the mean m and the variance max(v, m) (1 + 1/n):
its own, and that of m itself. The interval holds the central 95 % of the negative binomial with that mean and variance; as n grows
and v is no more than m it becomes Poisson's.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tocsin.errors import MissingError
from tocsin.ledger import Incident
from tocsin.records import Row

LEAST_PAST = (
    8  # windows of the past, without which there is no interval: with 4 of bursty counts 7 in 100 are above by chance
)
COUNTED = ("happened", "reported", "contested")


class Indicator(Row, frozen=True, kw_only=True):
    """One area and kind: `now` in the last window, the mean of the past windows, the interval that a new one has."""

    area: str
    kind: str
    now: int
    mean: float
    low: int | None
    high: int | None
    windows: int
    verdict: str


def indicators(
    incidents: Iterable[Incident], today: str, days: int = 7, windows: int = 12, *, provinces: bool = False
) -> list[Indicator]:
    """By country (or province) and kind, and over all areas (`all`), what stands out first. An incident counts once in its area."""
    last = datetime.date.fromisoformat(today[:10])
    counts: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (windows + 1))
    first: dict[str, int] = {}
    for one in incidents:
        if one.status not in COUNTED or one.review == "rejected" or one.day_from is None or one.day_from > today[:10]:
            continue
        back = _back(last, one.day_from, days)
        reported = min(_back(last, max(one.first_known[:10] or one.day_from, one.day_from), days), windows + 1)
        for area in (area_of(one, provinces), "all"):
            first[area] = max(first.get(area, reported), reported)
            if back <= windows:
                counts[area, one.kind][back] += 1
    found = [_indicator(area, kind, row, min(first[area] - 1, windows)) for (area, kind), row in counts.items()]
    order = {"above": 0, "below": 1, "usual": 2, "too little past": 3}
    return sorted(found, key=lambda one: (order[one.verdict], -one.now, one.area, one.kind))


def _back(last: datetime.date, day: str, days: int) -> int:
    """The number of the window in which a day lies, 0 for the last one; below 0 for days after it."""
    return (last - datetime.date.fromisoformat(day[:10])).days // days


def area_of(one: Incident, provinces: bool) -> str:
    """The country's code, with the province where that is asked for and known; `unplaced` where neither is."""
    place = one.place
    if place is None or not place.country:
        return "unplaced"
    return (
        f"{place.country} {place.admin1}"
        if provinces and place.admin1 and place.precision != "country"
        else place.country
    )


def _indicator(area: str, kind: str, row: list[int], whole: int) -> Indicator:
    """The past begins where the ledger's own does: days before an area was first reported are no zeros, and the window of that
    report is not whole. A report of what lies further back does not move that beginning."""
    now, past = row[0], row[1 : max(whole, 0) + 1]
    low, high = interval(past) if len(past) >= LEAST_PAST else (None, None)
    verdict = (
        "too little past"
        if low is None or high is None
        else "above"
        if now > high
        else "below"
        if now < low
        else "usual"
    )
    mean = round(sum(past) / len(past), 2) if past else 0.0
    return Indicator(area=area, kind=kind, now=now, mean=mean, low=low, high=high, windows=len(past), verdict=verdict)


def interval(past: list[int]) -> tuple[int, int]:
    """The central 95 % of a new count, from counts of the past."""
    try:
        from scipy import stats
    except ImportError as problem:
        raise MissingError("indicators need scipy: pip install 'tocsin[watch]'") from problem
    number = len(past)
    plain = sum(past) / number
    mean = (sum(past) + 0.5) / number
    variance = max(sum((one - plain) ** 2 for one in past) / max(number - 1, 1), mean) * (1 + 1 / number)
    size = mean * mean / (variance - mean)
    spread: Any = stats.nbinom(size, size / (size + mean))
    return int(spread.ppf(0.025)), int(spread.ppf(0.975))


def by_chance(found: Iterable[Indicator]) -> float:
    """How many of these would be above their interval by chance alone, were nothing different: at most one in forty of those judged."""
    return sum(one.high is not None for one in found) * 0.025
