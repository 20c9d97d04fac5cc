"""The days on which claims' events may have been, as ordinals, and how far apart they are."""

from __future__ import annotations

import datetime
from functools import lru_cache

from tocsin.ledger import Claim

SLACK_DAYS = 1  # reports date an event of the night by either day
UNSTATED_DAYS = 2  # before the day of publication on which an event that no date is stated for may have been
NEWS_DAYS = 4  # between reports of an event that neither dates
UNKNOWN = 10_000  # days: longer than anything that is asked about
AHEAD = frozenset({"planned", "threatened", "possible"})
AGAINST = frozenset({"denied", "not-happened"})
Days = tuple[int, int]


def interval(claim: Claim) -> Days | None:
    """The days, as ordinals, on which a claim's event may have been; None where nothing is known.

    A day that is only that of publication stands for the last days before it: news is of yesterday or the day before.
    """
    if claim.day_from is None:
        return None
    return _interval(claim.day_from, claim.day_to or claim.day_from, unsure_day(claim))


@lru_cache(maxsize=65_536)  # asked for every pair, and the days of a ledger are few
def _interval(first: str, last: str, unsure: bool) -> Days:
    low, high = number(first), number(last)
    return (low - UNSTATED_DAYS, high) if low == high and unsure else (low, high)


def unsure_day(claim: Claim) -> bool:
    """Whether a claim's day may be that of the news: none is stated, or something is denied, which is dated by its denial."""
    return claim.status not in AHEAD and (claim.day_basis != "stated" or claim.status in AGAINST)


def gap(one: Days | None, other: Days | None) -> int | None:
    """Days between two intervals, 0 where they meet, None where one is unknown."""
    if one is None or other is None:
        return None
    if one[0] > other[1]:
        return one[0] - other[1]
    return other[0] - one[1] if other[0] > one[1] else 0


def length(days: Days | None) -> int:
    """How many days a claim's time may be on; many where it is unknown."""
    return UNKNOWN if days is None else days[1] - days[0] + 1


def reported(claim: Claim) -> str:
    """The day on which a claim was published, or became known; '' where neither is."""
    return claim.published or claim.known[:10]


def reported_apart(one: Claim, other: Claim) -> int:
    """Days between two reports; many where one is undated."""
    first, second = reported(one), reported(other)
    return abs(number(first) - number(second)) if first and second else UNKNOWN


@lru_cache(maxsize=65_536)
def number(day: str) -> int:
    """A day as an ordinal; 0 where it is no date."""
    try:
        return datetime.date.fromisoformat(day[:10]).toordinal()
    except ValueError:
        return 0
