"""Gives the readings of a text their values: which moment each is counted from, and which way.

News counts from the day of publication; a narrative from the last date that it has told (`time_mode.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from tocsin.parse.time_holidays import LEANING, holiday_near
from tocsin.parse.time_reading import Reading
from tocsin.parse.time_values import (
    Moment,
    day_value,
    moment,
    shifted,
    week_value,
    year_value,
)
from tocsin.parse.time_words import holidays


class Value(NamedTuple):
    """A TIMEX3 value and what it was counted from (`None` where it needed nothing)."""

    value: str
    reference: str | None


@dataclass(slots=True)
class Timeline:
    """The moments that expressions are counted from, while a text is read from its beginning to its end."""

    published: Moment | None
    narrative: bool
    last: Moment | None = None  # the last date that was told
    story: Moment | None = None  # the last date that the story itself stands at: with its month, or a topic's year
    fresh: bool = True  # no date of this paragraph has been told yet
    quarter: Moment | None = None  # the quarter that the text last reported on

    def now(self) -> Moment | None:
        """What `last year` and `Friday` are counted from."""
        return (self.last or self.published) if self.narrative else self.published

    def writing(self) -> Moment | None:
        """What `today` and `next year` are counted from: a history says them of its own time."""
        return self.published or self.now()

    def told(self) -> Moment | None:
        """What `the next day` and `two days later` are counted from."""
        return self.last if self.last is not None else self.published

    def next_paragraph(self, narrative: bool) -> None:
        """A year named in passing (`he retold it in 1976`) is forgotten where the paragraph ends."""
        self.narrative, self.fresh = narrative, True
        if narrative and self.last is not None and self.last.month is None and self.story is not None:
            self.last = self.story

    def tell(self, reading: Reading, value: str, heading: bool) -> None:
        """Remembers a date for the expressions that follow.

        What points back (`the previous year`, `two days earlier`, a bare year far from the story) does not move the
        story, and a year that is told already does not unsay its month.
        """
        found = moment(value)
        if found is None or reading.kind in ("duration", "set") or (reading.kind == "shift" and not self.narrative):
            return
        if self.narrative and not heading and self.last is not None:
            aside = reading.offset is not None or (reading.season is not None and reading.year is None)
            if aside or reading.toward in ("previous", "earlier", "last", "ago", "next"):
                return
            if found.month is None and (found.year == self.last.year or abs(found.year - self.last.year) > 5):
                return
        if found.month is not None or heading or self.fresh:
            self.story = found
        self.last, self.fresh = found, False
        self.quarter = found if found.quarter else self.quarter


def resolve(reading: Reading, line: Timeline, tense: int) -> Value | None:
    """The value of a reading; `tense` is -1 in a sentence about the past, 1 about the future, 0 where unclear."""
    if reading.kind == "fixed":
        return Value(reading.value or "", None)
    if reading.kind == "set":
        return Value(reading.value or _amount_value(reading.unit or "D", reading.count), None)
    if reading.kind == "duration":
        return Value(_amount_value(reading.unit or "D", reading.count), None)
    if reading.kind == "shift":
        return _shift(reading, line, tense)
    if reading.kind == "holiday":
        return _holiday(reading, line, tense)
    if reading.kind == "period":
        return _period(reading, line)
    return _calendar(reading, line, tense)


def _amount_value(unit: str, count: float | None) -> str:
    """`P7Y`, `PT3H`, `P2Y6M`, `PXD`."""
    if unit == "F":
        unit, count = "W", (count or 0) * 2
    if unit == "WE":
        unit, count = "D", (count or 0) * 2
    if unit in ("E", "C", "L"):
        known = count is not None and count == count
        scale = {"E": 10, "C": 100, "L": 1000}[unit]
        return f"P{_plain(count * scale)}Y" if known and count is not None else f"PX{unit}"
    lead, letter = ("PT", unit[1]) if unit.startswith("T") else ("P", unit)
    if count is None or count != count:
        return f"{lead}X{letter}"
    if count != int(count):
        smaller = {"Y": (12, "M"), "TH": (60, "M"), "TM": (60, "S"), "D": (24, "H")}.get(unit)
        if smaller:
            rest = round((count - int(count)) * smaller[0])
            time = "T" if unit == "D" else ""
            return f"{lead}{int(count) or ''}{letter if int(count) else ''}{time}{rest}{smaller[1]}"
    return f"{lead}{_plain(count)}{letter}"


def _plain(count: float) -> str:
    return str(int(count)) if count == int(count) else f"{count:g}"


def _shift(reading: Reading, line: Timeline, tense: int) -> Value:
    """A count of units from now (`ago`, `from now`) or from what was told last (`earlier`, `later`)."""
    unit, count = reading.unit or "D", reading.count
    back = reading.toward in ("ago", "earlier")
    if count is None or count != count:
        return Value("PAST_REF" if back else "FUTURE_REF", None)
    start = line.published if reading.toward in ("ago", "hence") and not line.narrative else line.told()
    if unit == "Y" and count == 1 and back and line.quarter is not None and not line.narrative:
        start = line.quarter  # `up 4% from a year ago`, of a quarter's figures, is the same quarter a year before
    if reading.toward == "ago" and line.narrative:
        start = line.now()
    if reading.base is not None:
        inner = resolve(reading.base, line, tense)
        start = moment(inner.value) if inner else None
    return Value(shifted(start, -count if back else count, unit), _shown(start))


def _shown(start: Moment | None) -> str | None:
    return day_value(start.year, start.month, start.day) if start is not None else None


_STEP = {"last": -1, "previous": -1, "this": 0, "that": 0, "the": 0, "next": 1, "following": 1}


def _period(reading: Reading, line: Timeline) -> Value:
    """`last week` counts from now; `that week`, `the previous week`, `the following week` from what was told."""
    unit = reading.unit or "D"
    told = reading.toward in ("that", "previous", "following") or (reading.toward == "this" and line.narrative)
    told = told or (reading.toward == "the" and (line.narrative or line.published is None))
    start = line.told() if told else line.writing()
    step = _STEP[reading.toward or "this"]
    if unit == "Q" and reading.toward in ("that", "the"):
        start, step = line.quarter or start, 0 if line.quarter or start is None else -1
    if unit == "WE" and reading.toward == "the":
        step = 0 if start is None or (start.as_date() or date(2000, 1, 1)).isoweekday() > 5 else -1
    value = shifted(start, step, unit)
    return Value(value, _shown(start))


def _calendar(reading: Reading, line: Timeline, tense: int) -> Value | None:
    """A date that names its parts; what is missing comes from the reference."""
    if reading.century is not None:
        return Value(f"{reading.century:02d}", None)
    if reading.decade is not None:
        return _decade(reading.decade, line)
    if reading.year is None and (reading.unit or _relative_year(reading)):
        reading = _with_year(reading, line)
    dated = _date_part(reading, line, tense)
    if dated is None:
        return None
    suffix = reading.clock + reading.zone if reading.clock else (reading.part or "")
    if not suffix:
        return dated
    return Value(dated.value + suffix, dated.reference)


def _decade(written: int, line: Timeline) -> Value:
    """`the 1990s` is `199`; `the nineties` takes the century of the reference, or the one before it."""
    if written < 0:
        return Value(f"BC{-written // 10:03d}", None)
    if written > 99:
        return Value(f"{written // 10}", None)
    start = line.told() if line.narrative else line.published
    if start is None:
        return Value(f"XX{written // 10}", None)
    hundred = start.year // 100 * 100
    year = hundred + written if hundred + written <= start.year else hundred - 100 + written
    return Value(f"{year // 10}", _shown(start))


def _relative_year(reading: Reading) -> bool:
    return reading.toward is not None and reading.unit == "Y"


def _with_year(reading: Reading, line: Timeline) -> Reading:
    """`June last year`, `August of that year`, `the first half of the year`."""
    if reading.unit != "Y":
        return replace(reading, unit=None)
    start = line.told() if reading.toward in ("that", "previous", "following") else line.now()
    if start is None:
        return replace(reading, toward=None, unit=None)
    return replace(reading, year=start.year + _STEP[reading.toward or "this"], toward=None, unit=None)


def _date_part(reading: Reading, line: Timeline, tense: int) -> Value | None:
    if reading.offset is not None:
        start = line.writing()
        return Value(shifted(start, reading.offset, "D"), _shown(start))
    if reading.month is not None:
        return _month(reading, line, tense)
    if reading.quarter is not None or reading.half is not None:
        return _fraction(reading, line, tense)
    if reading.season is not None:
        return _season(reading, line, tense)
    if reading.year is not None:
        return Value(year_value(reading.year), None)
    if reading.weekday is not None:
        return _weekday(reading, line, tense)
    if reading.day is not None:
        return _day_of_month(reading, line)
    return _no_date(reading, line)


def _no_date(reading: Reading, line: Timeline) -> Value:
    """Only a time of day: this morning, at 8 p.m., that night."""
    told = line.narrative or reading.toward in ("that", "previous", "following")
    start = line.told() if told or reading.toward is None else line.published
    if not line.narrative and start is not None and start.day is None:
        start = line.published
    step = {"last": -1, "previous": -1, "following": 1}.get(reading.toward or "", 0)
    return Value(shifted(start, step, "D"), _shown(start))


def _month(reading: Reading, line: Timeline, tense: int) -> Value:
    month, day = reading.month or 1, reading.day
    if reading.year is not None:
        return Value(day_value(reading.year, month, day), None)
    start = line.now() if reading.toward in (None, "last", "next", "this") else line.told()
    if start is None:
        return Value(day_value(None, month, day), None)
    year = _directed_year(reading, start, month) or (
        _told_year(start, month, day) if line.narrative else _news_year(start, month, day, tense)
    )
    return Value(day_value(year, month, day), _shown(start))


def _directed_year(reading: Reading, start: Moment, month: int) -> int | None:
    """`last May`: the latest May before; `next May`: the first one after."""
    here = start.month or 7
    if reading.toward in ("last", "previous"):
        return start.year - (month >= here)
    if reading.toward in ("next", "following"):
        return start.year + (month <= here)
    return start.year if reading.toward in ("this", "that") else None


def _told_year(start: Moment, month: int, day: int | None) -> int:
    """A narrative goes forward: the year told last, or the next one where that lies far back."""
    here = start.month
    if here is None:
        return start.year
    if month - here <= -8:
        return start.year + 1
    return start.year - 1 if month - here >= 10 else start.year


def _news_year(start: Moment, month: int, day: int | None, tense: int) -> int:
    """The past one for what happened, the coming one for what will; else the nearer."""
    here = Moment(start.year, start.month or 1, start.day or 15).middle()
    there = Moment(start.year, month, day or (start.day if month == start.month else 15)).middle()
    if here is None or there is None:
        return start.year
    ahead = (there - here).days
    if abs(ahead) < 2:
        return start.year
    before, after = (365 - ahead, ahead) if ahead > 0 else (-ahead, 365 + ahead)
    later = before * LEANING[tense] > after
    return start.year + (later and ahead < 0) - (not later and ahead > 0)


def _weekday(reading: Reading, line: Timeline, tense: int) -> Value:
    start = line.now()
    weekday = reading.weekday or 1
    week = resolve(reading.base, line, tense) if reading.base is not None else None
    if week is not None and (monday := moment(week.value)) is not None and (first := monday.as_date()) is not None:
        return Value((first + timedelta(days=weekday - 1)).isoformat(), week.reference)
    if reading.toward == "that":
        start = line.told()
    day = start.as_date() if start is not None else None
    if day is None:
        return Value(f"XXXX-WXX-{weekday}", None)
    behind = (day.isoweekday() - weekday) % 7
    if reading.toward in ("next", "following"):
        move = (7 - behind) if behind else 7
    elif reading.toward in ("last", "previous"):
        move = -(behind or 7)
    elif line.narrative:
        move = (7 - behind) % 7
    else:
        move = (7 - behind) % 7 if tense > 0 else -behind
    try:
        return Value((day + timedelta(days=move)).isoformat(), _shown(start))
    except OverflowError:
        return Value(f"XXXX-WXX-{weekday}", None)


def _holiday(reading: Reading, line: Timeline, tense: int) -> Value:
    """The named day of the year said or told, or the last or next one."""
    row = holidays()[reading.value or ""]
    start = line.now()
    here = start.middle() if start is not None else None
    if here is None and reading.year is None and row.once is None:
        return Value(f"XXXX-{row.day}" if row.day else "XXXX-XX-XX", None)
    year = reading.year
    if year is None and line.narrative and reading.toward is None and here is not None:
        year = here.year
    day = holiday_near(reading.value or "", here or date(2000, 1, 1), year=year, toward=reading.toward, tense=tense)
    if day is None:
        return Value("XXXX-XX-XX", None)
    value = week_value(day) if reading.unit == "W" else day.isoformat()
    return Value(value + (reading.part or ""), None if reading.year or row.once else _shown(start))


def _day_of_month(reading: Reading, line: Timeline) -> Value | None:
    """`the 12th`: of the month that was told last; in news of the month of publication."""
    start = line.told()
    if start is None or start.month is None:
        return Value(f"XXXX-XX-{reading.day:02d}", None)
    return Value(day_value(start.year, start.month, reading.day), _shown(start))


def _season(reading: Reading, line: Timeline, tense: int) -> Value:
    if reading.year is not None:
        return Value(f"{year_value(reading.year)}-{reading.season}", None)
    start = line.now() if reading.toward in (None, "last", "next", "this") else line.told()
    if start is None:
        return Value(f"XXXX-{reading.season}", None)
    here, there = start.month or 7, {"SP": 4, "SU": 7, "FA": 10, "WI": 12}[str(reading.season)]
    year = start.year + (reading.season == "WI" and here >= 10)  # a winter counts to the year of its January
    if reading.toward in ("last", "previous"):
        year = start.year - (there + 1 >= here)
    elif reading.toward in ("next", "following"):
        year = start.year + (there <= here)
    elif reading.toward is None and not line.narrative and tense < 0 and there > here + 1 and reading.season != "WI":
        year = start.year - 1
    return Value(f"{year_value(year)}-{reading.season}", _shown(start))


def _fraction(reading: Reading, line: Timeline, tense: int) -> Value:
    """A quarter or half year; without a year the latest that has begun, or the next where the future is meant."""
    letter, count, months = ("Q", reading.quarter, 3) if reading.quarter is not None else ("H", reading.half, 6)
    if reading.quarter == 0:  # `the 2018 quarter`: the one that the text is about
        letter, count = "Q", line.quarter.quarter if line.quarter else None
    if reading.year is not None:
        return Value(f"{year_value(reading.year)}-{letter}{count or 'X'}", None)
    start = line.now()
    if start is None or count is None:
        return Value(f"XXXX-{letter}{count}", None)
    here = ((start.month or 12) - 1) // months + 1
    year = start.year
    if count > here and not (tense > 0 or line.narrative or reading.toward == "this"):
        year -= 1
    return Value(f"{year_value(year)}-{letter}{count}", _shown(start))
