"""Rates against their own past, so that a rise is told from noise. No forecast.

For an area and a kind, the number in the last days is compared with the windows of the same length before it. Counts of the past
give a mean m and a variance v. Where v is not above m the interval is Poisson's for a new count of mean m, else that of a negative
binomial with the same mean and variance (size m^2/(v - m)): what 95 % of new windows would have, were nothing different.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tocsin.errors import MissingError
from tocsin.ledger import Incident
from tocsin.records import Row

LEAST_PAST = 4  # windows of the past, without which there is no interval


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


def indicators(incidents: Iterable[Incident], today: str, days: int = 7, windows: int = 12) -> list[Indicator]:
    """By country (and `all`) and kind, what stands out first. Only what happened, is reported or contested counts, once each."""
    last = datetime.date.fromisoformat(today[:10])
    counts: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (windows + 1))
    first: dict[str, int] = {}
    for one in incidents:
        if one.status not in ("happened", "reported", "contested") or one.review == "rejected" or one.day_from is None:
            continue
        back = (last - datetime.date.fromisoformat(one.day_from[:10])).days // days
        if not 0 <= back <= windows:
            continue
        country = one.place.country if one.place is not None and one.place.country else "unplaced"
        for area in (country, "all"):
            counts[area, one.kind][back] += 1
            first[area] = max(first.get(area, 0), back)
    found = [_indicator(area, kind, row, first[area]) for (area, kind), row in counts.items()]
    order = {"above": 0, "below": 1, "usual": 2, "too little past": 3}
    return sorted(found, key=lambda one: (order[one.verdict], -one.now, one.area, one.kind))


def _indicator(area: str, kind: str, row: list[int], oldest: int) -> Indicator:
    """The past begins where the ledger's own does: days before the first report of an area are no zeros."""
    now, past = row[0], row[1 : oldest + 1]
    mean = sum(past) / len(past) if past else 0.0
    if len(past) < LEAST_PAST:
        return Indicator(
            area=area,
            kind=kind,
            now=now,
            mean=round(mean, 2),
            low=None,
            high=None,
            windows=len(past),
            verdict="too little past",
        )
    low, high = interval(past)
    verdict = "above" if now > high else "below" if now < low else "usual"
    return Indicator(
        area=area, kind=kind, now=now, mean=round(mean, 2), low=low, high=high, windows=len(past), verdict=verdict
    )


def interval(past: list[int]) -> tuple[int, int]:
    """The central 95 % of a new count, from counts of the past."""
    try:
        from scipy import stats
    except ImportError as problem:
        raise MissingError("indicators need scipy: pip install 'tocsin[watch]'") from problem
    number = len(past)
    mean = max(sum(past) / number, 0.5 / number)  # a past of zeros only is of a small rate, not of none
    variance = sum((one - mean) ** 2 for one in past) / max(number - 1, 1)
    spread: Any = stats.poisson(mean)
    if variance > mean:
        size = mean * mean / (variance - mean)
        spread = stats.nbinom(size, size / (size + mean))
    return int(spread.ppf(0.025)), int(spread.ppf(0.975))
