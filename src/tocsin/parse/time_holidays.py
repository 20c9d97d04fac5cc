"""When a day with a name is (`rules/times/holidays.yaml`), and which year's is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tocsin.parse.time_values import easter, nth_weekday
from tocsin.parse.time_words import HolidayRow, holidays

LEANING = {-2: 0.04, -1: 0.2, 0: 0.3, 1: 5.0}  # by tense: how much farther off a date may be that fits it


def holiday_near(
    name: str, here: date, *, year: int | None = None, toward: str | None = None, tense: int = 0
) -> date | None:
    """The named day of `year`; without one the day before or after `here` that the words or the tense point to.

    `None` where the calendar knows no such day.
    """
    row = holidays()[name]
    if row.once is not None:
        return date.fromisoformat(row.once)
    if year is not None:
        return _feast(row, year)
    days = [day for day in (_feast(row, here.year + step) for step in (-1, 0, 1)) if day is not None]
    return _nearest(days, here, toward, tense) if days else None


def _nearest(days: Sequence[date], here: date, toward: str | None, tense: int) -> date:
    """The last one before `here` or the next one after it: what is said, else the one that the tense makes nearer."""
    past = [day for day in days if day < here or (toward is None and day == here)]
    ahead = [day for day in days if day > here]
    if not past or not ahead:
        return (past or ahead)[-1 if past else 0]
    if toward in ("next", "following"):
        return ahead[0]
    if toward in ("last", "previous"):
        return past[-1]
    later = (here - past[-1]).days * LEANING[tense] > (ahead[0] - here).days
    return ahead[0] if later else past[-1]


def _feast(row: HolidayRow, year: int) -> date | None:
    try:
        if row.easter is not None:
            return easter(year) + timedelta(days=row.easter)
        if row.nth is not None:
            nth, weekday, month = row.nth
            return nth_weekday(year, month, weekday, nth) + timedelta(days=row.plus)
        return date.fromisoformat(f"{year:04d}-{row.day}")
    except (ValueError, OverflowError):
        return None
