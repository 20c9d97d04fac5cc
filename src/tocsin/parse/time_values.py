"""TIMEX3 values as calendar arithmetic: what an amount of time away from a moment is, and which days a value covers.

Values follow TimeML (Pustejovsky et al. 2003, ISO 24617-1): `2018-09-05`, `2018-W36`, `2018-Q3`, `2018-SU`, `201`
for a decade, `20` for a century, `P7Y`, `PT3H`, `XXXX-09-03` where the year is not known.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple

SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}  # first and last month, meteorological
_PART_HOURS = {"TMO": 8, "TAF": 14, "TEV": 19, "TNI": 22, "TMI": 12, "TDT": 12}


class Moment(NamedTuple):
    """A day, month or year that other expressions count from; what is not known is `None`."""

    year: int
    month: int | None = None
    day: int | None = None
    clock: str | None = None  # HH:MM
    quarter: int | None = None

    def as_date(self) -> date | None:
        """The day itself; `None` where only a month or year is known."""
        if self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    def middle(self) -> date | None:
        """Some day in the middle of what is known, for telling how far apart two moments are."""
        try:
            return date(self.year, self.month or 7, self.day or 15)
        except ValueError:
            return None


_MOMENT = re.compile(
    r"(?P<bc>BC)?(?P<year>[0-9]{4})(?:-(?:(?P<month>[01][0-9])(?:-(?P<day>[0-3][0-9]))?|Q(?P<quarter>[1-4])"
    r"|W(?P<week>[0-5][0-9])(?:-(?P<weekday>[1-7]))?|(?P<season>SP|SU|FA|WI))?)?"
    r"(?:[T ](?P<clock>[0-2][0-9]:[0-5][0-9]))?"
)


def moment(value: str | None) -> Moment | None:
    """The moment that a value or an ISO date stands for; `None` for durations, decades, `PAST_REF`, partial values."""
    match = _MOMENT.match(value or "")
    if match is None:
        return None
    year = int(match["year"])
    if match["bc"]:
        return Moment(-year, _int(match["month"]), _int(match["day"]))
    if match["week"]:
        day = _week_day(year, int(match["week"]), int(match["weekday"] or 1))
        return Moment(day.year, day.month, day.day) if day else Moment(year)
    if match["season"]:
        return Moment(year, {"SP": 4, "SU": 7, "FA": 10, "WI": 1}[match["season"]])
    quarter = _int(match["quarter"])
    return Moment(year, _int(match["month"]) or (quarter and quarter * 3), _int(match["day"]), match["clock"], quarter)


def _int(text: str | None) -> int | None:
    return int(text) if text and int(text) else None


def _week_day(year: int, week: int, weekday: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, weekday)
    except ValueError:
        return None


def year_value(year: int) -> str:
    """`1998`, `BC0479` (TimeML's form for years before our era)."""
    return f"{year:04d}" if year > 0 else f"BC{-year:04d}"


def day_value(year: int | None, month: int | None, day: int | None) -> str:
    """A date value with `X` for what is not known; a day that its month does not have is written as unknown."""
    shown = year_value(year) if year is not None else "XXXX"
    if month is None:
        return f"{shown}-XX-{day:02d}" if day else shown
    if day is None:
        return f"{shown}-{month:02d}"
    longest = 29 if year is None and month == 2 else monthrange(year if year and year > 0 else 2001, month)[1]
    return f"{shown}-{month:02d}-{day:02d}" if 1 <= day <= longest else f"{shown}-{month:02d}-XX"


def week_value(day: date) -> str:
    """The ISO 8601 week that a day lies in."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month `count` months away."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def unknown(unit: str) -> str:
    """The value of one unknown day, week, month, … ."""
    return {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "M": "XXXX-XX", "Q": "XXXX-QX", "E": "XXX",
            "C": "XX", "F": "XXXX-WXX"}.get(unit, "XXXX-XX-XXTXX" if unit.startswith("T") else "XXXX")  # fmt: skip


def shifted(start: Moment | None, count: float, unit: str) -> str:
    """The day, week, month … that lies `count` units from `start`, at the unit's own grain; `X` where unknown.

    Years keep the grain of a quarter (`a year earlier` than 1998-Q3 is 1997-Q3).
    """
    if start is None:
        return unknown(unit)
    try:
        return _shifted(start, count, unit)
    except (ValueError, OverflowError):  # outside the years that the calendar knows
        return unknown(unit)


def _shifted(start: Moment, count: float, unit: str) -> str:
    day = start.as_date()
    if count != int(count) and unit in ("Y", "E", "M", "W"):
        count, unit = {"Y": (count * 12, "M"), "E": (count * 10, "Y"), "M": (count * 30, "D"), "W": (count * 7, "D")}[
            unit
        ]
    if unit == "Y":
        year = start.year + int(count)
        return f"{year:04d}-Q{start.quarter}" if start.quarter and year > 0 else year_value(year)
    if unit == "E":
        return year_value(start.year + 10 * int(count))[:-1]
    if unit in ("C", "L"):
        return year_value(start.year + {"C": 100, "L": 1000}[unit] * int(count))[:-2]
    if unit in ("M", "Q"):
        return _months(start, int(count), unit)
    if unit.startswith("T"):
        return _hours(start, count, unit)
    if day is None:
        return day_value(start.year, start.month, None) + ("-XX" if start.month else "-XX-XX")
    if unit == "D":
        return (day + timedelta(days=count)).isoformat()
    weeks = 2 * int(count) if unit == "F" else int(count)
    return week_value(day + timedelta(weeks=weeks)) + ("-WE" if unit == "WE" else "")


def _months(start: Moment, count: int, unit: str) -> str:
    if unit == "Q":
        quarter = start.quarter or (((start.month or 0) + 2) // 3)
        if not quarter:
            return f"{year_value(start.year)}-QX"
        year, month = add_months(start.year, quarter * 3, 3 * count)
        return f"{year_value(year)}-Q{month // 3}"
    if start.month is None:
        return f"{year_value(start.year)}-XX"
    year, month = add_months(start.year, start.month, count)
    return day_value(year, month, None)


def _hours(start: Moment, count: float, unit: str) -> str:
    """A clock time where the start has one, else the day with an unknown hour."""
    day = start.as_date()
    if day is None:
        return day_value(start.year, start.month, None) + ("-XXTXX" if start.month else "-XX-XXTXX")
    if start.clock is None:
        return f"{day.isoformat()}TXX"
    span = timedelta(seconds=count * {"TH": 3600, "TM": 60, "TS": 1}[unit])
    then = datetime.combine(day, datetime.strptime(start.clock, "%H:%M").time()) + span
    return then.strftime("%Y-%m-%dT%H:%M") if then.year >= 1000 else "XXXX-XX-XXTXX"


def easter(year: int) -> date:
    """Western Easter Sunday (the anonymous Gregorian algorithm, Meeus 1991, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    m = (a + 11 * h) // 319
    j, k = c // 4, c % 4
    r = (2 * e + 2 * j - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (1) to Sunday (7) of a month; `nth` = -1 is the last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    last = date(year, month, monthrange(year, month)[1])
    return last - timedelta(days=(last.isoweekday() - weekday) % 7)


def interval(value: str) -> tuple[str, str] | None:
    """First and last day (ISO) that a TIMEX3 value covers; `None` where it is no fixed stretch of the calendar.

    `2018-WI` may be the winter that ends or the one that begins in 2018, so it covers both.
    Fiscal years have no common calendar: `None`.
    """
    try:
        return _interval(value)
    except (ValueError, OverflowError):
        return None


_CALENDAR = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:(?P<month>[01][0-9])(?:-(?:(?P<day>[0-3][0-9])|XX))?|Q(?P<quarter>[1-4])|H(?P<half>[12])"
    r"|W(?P<week>[0-5][0-9])(?:-(?:(?P<weekday>[1-7])|(?P<weekend>WE)))?|(?P<season>SP|SU|FA|WI)|XX(?:-XX)?))?"
    r"(?:T[0-9A-Z:+.-]*)?"
)


def _interval(value: str) -> tuple[str, str] | None:
    if re.fullmatch(r"[0-9]{2,3}X{0,2}", value):
        width = 10 ** (4 - len(value.rstrip("X")))
        first = int(value.rstrip("X")) * width
        return (f"{first:04d}-01-01", f"{first + width - 1:04d}-12-31") if first else None
    match = _CALENDAR.fullmatch(value)
    if match is None:
        return None
    year = int(match["year"])
    if match["week"]:
        return _week_interval(year, int(match["week"]), match["weekday"], match["weekend"])
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"])).isoformat()
        return day, day
    first, last = _month_range(match)
    end_year = year + (last < first)
    return date(year - (last < first), first, 1).isoformat(), date(
        end_year, last, monthrange(end_year, last)[1]
    ).isoformat()


def _week_interval(year: int, week: int, weekday: str | None, weekend: str | None) -> tuple[str, str]:
    first, last = (int(weekday), int(weekday)) if weekday else ((6, 7) if weekend else (1, 7))
    return date.fromisocalendar(year, week, first).isoformat(), date.fromisocalendar(year, week, last).isoformat()


def _month_range(match: re.Match[str]) -> tuple[int, int]:
    """First and last month that a year, half, quarter, season or month covers."""
    if match["month"]:
        return int(match["month"]), int(match["month"])
    if match["quarter"]:
        return int(match["quarter"]) * 3 - 2, int(match["quarter"]) * 3
    if match["half"]:
        return int(match["half"]) * 6 - 5, int(match["half"]) * 6
    return SEASONS[match["season"]] if match["season"] else (1, 12)
