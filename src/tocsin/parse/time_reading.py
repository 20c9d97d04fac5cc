"""What the matched tokens of a time expression say, before anything is known about when it was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tocsin.parse.time_amounts import X, amount, approximation, by_kind, number
from tocsin.parse.time_words import Token

Kind = Literal["calendar", "period", "shift", "duration", "set", "fixed", "recent", "holiday"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of one time expression. `toward` says which way from the reference: last, next, ago, later, …"""

    kind: Kind
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    season: str | None = None
    quarter: int | None = None
    half: int | None = None
    decade: int | None = None
    century: int | None = None
    part: str | None = None
    clock: str | None = None
    zone: str = ""
    offset: int | None = None  # days from today
    unit: str | None = None
    count: float | None = None
    toward: str | None = None
    mod: str | None = None
    value: str | None = None
    type: Literal["DATE", "TIME", "DURATION", "SET"] = "DATE"
    base: Reading | None = None


_TOWARD = {
    "THIS": "this", "THAT": "that", "LAST": "last", "PAST": "last", "PREVIOUS": "previous", "NEXT": "next",
    "COMING": "following", "AGO": "ago", "EARLIER": "earlier", "LATER": "later", "FROM": "hence",
    "BEFORE": "earlier", "AFTER": "later",
}  # fmt: skip
_MOVES = frozenset({"AGO", "EARLIER", "LATER", "FROM", "BEFORE", "AFTER"})


def _year_of(tokens: Sequence[Token]) -> int | None:
    """The last year that is written, in four digits, two, words or before our era."""
    kinds = by_kind(tokens)
    if "YEAR" in kinds or "BC" in kinds:
        source = next((t for t in reversed(tokens) if t.kind == "YEAR"), None) or next(
            (t for t in tokens if t.kind in ("INT", "DAY")), None
        )
        year = int(source.value) if source and isinstance(source.value, (int, float)) else None
        return year * int(str(kinds["BC"].value)) if year and "BC" in kinds else year
    if "YEAR2" in kinds:
        short = int(str(kinds["YEAR2"].value))
        return short + (1900 if short > 40 else 2000)
    return _spelled_year([t for t in tokens if t.kind == "CARD"])


def _spelled_year(cards: Sequence[Token]) -> int | None:
    """`nineteen ninety-six`, `twenty fourteen`."""
    values = [int(str(card.value)) for card in cards]
    if len(values) < 2 or values[0] not in (17, 18, 19, 20):
        return None
    return values[0] * 100 + sum(values[1:]) if 10 <= sum(values[1:]) < 100 else None


def calendar(tokens: Sequence[Token]) -> Reading | None:
    """A date by what it names: month, day, year, weekday, season, decade, part of the day."""
    kinds = by_kind(tokens)
    day = kinds.get("DAY") or kinds.get("DAYORD") or (kinds.get("ORDWORD") if "MONTH" in kinds else None)
    year = _year_of(tokens)
    if year is None and "CARD" in kinds:
        return None
    if year is not None and "BC" in kinds and day is not None and day.value == abs(year):
        day = None
    if "DAYORD" in kinds and not 1 <= int(str(kinds["DAYORD"].value)) <= 31:
        return None
    part = kinds.get("DAYPART") or kinds.get("TONIGHT")
    toward = next((_TOWARD[t.kind] for t in tokens if t.kind in _TOWARD and t.kind not in _MOVES), None)
    return Reading(
        kind="calendar",
        year=year,
        month=_integer(kinds.get("MONTH")),
        day=_integer(day),
        weekday=_integer(kinds.get("WEEKDAY")),
        season=str(kinds["SEASON"].value) if "SEASON" in kinds else None,
        decade=_decade(kinds),
        part=str(part.value) if part else None,
        offset=_integer(kinds.get("DEICTIC")) if "DEICTIC" in kinds else (0 if "TONIGHT" in kinds else None),
        unit=str(kinds["UNIT"].value) if "UNIT" in kinds and "FISCAL" not in kinds else None,
        toward=toward,
        mod=_modifier(kinds),
        type="TIME" if part else "DATE",
    )


def _decade(kinds: dict[str, Token]) -> int | None:
    """`1990`, `90`; below nought before our era."""
    decade = _integer(kinds.get("DECADE"))
    return -decade if decade is not None and "BC" in kinds else decade


def _integer(token: Token | None) -> int | None:
    return int(token.value) if token is not None and isinstance(token.value, (int, float)) else None


def _modifier(kinds: dict[str, Token]) -> str | None:
    """`early`, `mid-`, `the end of`; `later this year` is its end, `earlier this year` its start."""
    for kind, fixed in (("EARLY", None), ("EDGE", None), ("EARLIER", "START"), ("LATER", "END"), ("APPROX", "APPROX")):
        if kind in kinds:
            return fixed or str(kinds[kind].value)
    return None


def century(tokens: Sequence[Token]) -> Reading | None:
    """`the 20th century`, `the late nineteenth century`. TIMEX3 writes its first two digits: `19`, `18`."""
    kinds = by_kind(tokens)
    if kinds["UNIT"].value != "C":
        return None  # `the first day`, `the third week` count from something that is not said here
    tens = int(str(kinds["CARD"].value)) if "CARD" in kinds else 0
    last = [t for t in tokens if t.kind in ("DAYORD", "ORDWORD")][-1]
    count = tens + int(str(last.value))
    if "BC" in kinds or not 1 <= count <= 30:
        return Reading(kind="fixed", value=f"BC{count - 1:02d}" if "BC" in kinds else "XX")
    return Reading(kind="calendar", century=count - 1, mod=_modifier(kinds))


def quarter(tokens: Sequence[Token]) -> Reading | None:
    """`the third quarter of 2018`, `this year's first quarter`, `Q3 2018`, `the latest quarter`."""
    base = calendar(tokens)
    if base is None:
        return None
    kinds = by_kind(tokens)
    numbered = kinds.get("ORDWORD") or kinds.get("DAYORD") or kinds.get("QCODE")
    count = _integer(numbered)
    if count is None and base.year is not None:
        return replace(base, quarter=0, day=None)
    if count is None:
        return replace(base, kind="period", unit="Q", toward=base.toward or "that")
    return replace(base, quarter=count, day=None) if 1 <= count <= 4 else None


def half(tokens: Sequence[Token]) -> Reading | None:
    """`the first half of 2018`, `the second half of the year`."""
    count = _integer(by_kind(tokens).get("ORDWORD"))
    base = calendar(tokens)
    return replace(base, half=count, day=None) if base and count in (1, 2) else None


def iso(tokens: Sequence[Token]) -> Reading | None:
    """`2018-09-03`, `2018-09-03T10:00`, with or without a zone."""
    first = tokens[0]
    if first.kind == "SLASH":
        dated = slash(tokens[:1])
    else:
        year, month, day = (int(part) for part in first.text[:10].split("-"))
        dated = Reading(kind="calendar", year=year, month=month, day=day) if 1 <= month <= 12 else None
    if dated is None:
        return None
    clock = first.text[11:16] if first.kind == "ISO" and len(first.text) > 10 else None
    if clock is None and len(tokens) > 1:
        timed = clock_time(tokens[1:])
        return replace(dated, clock=timed.clock, zone=timed.zone, type="TIME") if timed else dated
    zone = "Z" if first.text.endswith("Z") else ""
    return replace(dated, clock=f"T{clock}", zone=zone, type="TIME") if clock else dated


def slash(tokens: Sequence[Token]) -> Reading | None:
    """`09/03/2018` month first, as English-language agencies write it, unless only day first is a date; `3.9.2018`
    day first."""
    shown = tokens[0].text
    mark = "/" if "/" in shown else "."
    first, second, year = (int(part) for part in shown.split(mark))
    month, day = (second, first) if mark == "." or first > 12 else (first, second)
    year += 0 if year > 99 else (1900 if year > 40 else 2000)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Reading(kind="calendar", year=year, month=month, day=day)


def clock_time(tokens: Sequence[Token]) -> Reading | None:
    """A time of day, with the date where one stands beside it (`10 p.m. Wednesday`)."""
    kinds = by_kind(tokens)
    at = next(i for i, t in enumerate(tokens) if t.kind in ("CLOCK", "DAY", "HOURWORD", "CARD", "MIL", "YEAR", "INT"))
    shown = _hour(tokens[at], kinds)
    if shown is None:
        return None
    zone = str(kinds["TZ"].value) if "TZ" in kinds else ""
    rest = calendar(tokens[at + 1 :])
    dated = rest if rest is not None else Reading(kind="calendar")
    return replace(dated, clock=shown, zone=zone, part=None, type="TIME", mod=approximation(tokens[:at]))


def _hour(token: Token, kinds: dict[str, Token]) -> str | None:
    """`T22:00` of a clock token; with `p.m.`, `in the evening` twelve hours are added."""
    if token.kind == "HOURWORD":
        return str(token.value)
    digits = token.text
    if token.kind == "CARD":
        hour, rest = int(str(token.value)), ":00"
    elif token.kind in ("MIL", "YEAR", "INT"):
        if len(digits) != 4 or not digits.isdigit():
            return None
        hour, rest = int(digits[:2]), f":{digits[2:]}"
    elif token.kind == "CLOCK":
        first, _, rest = str(token.value).partition(":")
        hour, rest = int(first), f":{rest}"
    else:
        hour, rest = int(digits), ":00"
    late = "AMPM" in kinds and kinds["AMPM"].value == 12
    late = late or ("DAYPART" in kinds and kinds["DAYPART"].value in ("TAF", "TEV", "TNI"))
    if late and hour < 12:
        hour += 12
    elif "AMPM" in kinds and kinds["AMPM"].value == 0 and hour == 12:
        hour = 0
    return f"T{hour:02d}{rest}" if hour <= 24 and int(rest[1:3]) < 60 else None


def period(tokens: Sequence[Token]) -> Reading | None:
    """`last week`, `that year`, `the following day`, `later this month`, `the end of the year`."""
    kinds = by_kind(tokens)
    if "UNIT" not in kinds:
        return None
    toward = next((_TOWARD[t.kind] for t in tokens if t.kind in _TOWARD and t.kind not in _MOVES), "the")
    if toward == "next" and "THE" in kinds:
        toward = "following"
    if toward == "this" and "THAT" in kinds:
        toward = "that"
    return Reading(kind="period", unit=str(kinds["UNIT"].value), toward=toward, mod=_modifier(kinds))


def the_unit(tokens: Sequence[Token]) -> Reading | None:
    """`the weekend`; `the day`, `the week`, `the year` mean too many things to be read without more."""
    unit = str(tokens[-1].value)
    return Reading(kind="period", unit=unit, toward="the") if unit in ("WE", "D") else None


def shift(tokens: Sequence[Token]) -> Reading | None:
    """`two days ago`, `a year earlier`, `six weeks later`, `the day before`, `three days from now`."""
    count, unit, mod = amount(tokens)
    toward = next((t for t in reversed(tokens) if t.kind in _MOVES), None)
    if unit is None or toward is None:
        return None
    if count is None:
        count = X if any(t.kind == "UNITS" for t in tokens) else 1.0
    clock: Literal["DATE", "TIME"] = "TIME" if unit.startswith("T") else "DATE"
    return Reading(kind="shift", unit=unit, count=count, toward=str(_TOWARD[toward.kind]), mod=mod, type=clock)


def part_moved(tokens: Sequence[Token]) -> Reading | None:
    """`the night before`, `the morning after`: of the day before or after the one told last."""
    toward = "following" if tokens[-1].kind == "AFTER" else "previous"
    return Reading(kind="calendar", part=str(tokens[1].value), toward=toward, type="TIME")


def weekday_of_week(tokens: Sequence[Token]) -> Reading | None:
    """`Tuesday next week`, `Friday of last week`; `Friday this month` says no more than `Friday`."""
    week = period(tokens)
    day = calendar(tokens)
    if day is None or week is None:
        return None
    return replace(day, unit=None, toward=None, base=week if week.unit == "W" else None)


def shift_on(tokens: Sequence[Token]) -> Reading | None:
    """`the day before yesterday`, `the week after next week`: a shift from a date that stands in it."""
    at = next(i for i, t in enumerate(tokens) if t.kind in _MOVES)
    start = period(tokens[at + 1 :]) if any(t.kind == "UNIT" for t in tokens[at + 1 :]) else calendar(tokens[at + 1 :])
    moved = shift(tokens[: at + 1])
    return replace(moved, base=start) if moved is not None and start is not None else None


def duration(tokens: Sequence[Token]) -> Reading | None:
    """`seven years`, `three-day`, `nearly two and a half hours`, `the past six months`."""
    count, unit, mod = amount(tokens)
    if unit is None:
        return None
    return Reading(kind="duration", unit=unit, count=X if count is None else count, mod=mod, type="DURATION")


def past_unit(tokens: Sequence[Token]) -> Reading | None:
    """`the past decade` is a length of time; `last year`, `the past week` are dates."""
    unit = str(tokens[-1].value)
    if unit in ("E", "C"):
        return Reading(kind="duration", unit=unit, count=1, type="DURATION")
    return period(tokens)


def duration_of(tokens: Sequence[Token]) -> Reading | None:
    """`the last week of May`: a length of time inside the month, and not the week before now."""
    of = next(i for i, t in enumerate(tokens) if t.kind == "OF")
    count, unit, _ = amount(tokens[:of])
    return Reading(kind="duration", unit=unit, count=1.0 if count is None else count, type="DURATION")


def half_unit(tokens: Sequence[Token]) -> Reading | None:
    """`half an hour`, `a half year`."""
    unit = next(t for t in tokens if t.kind in ("UNIT", "UNITS", "QUARTER", "QUARTERS"))
    return Reading(kind="duration", unit=str(unit.value), count=0.5, type="DURATION")


def recent(tokens: Sequence[Token]) -> Reading | None:
    """`recent years`, `coming months`, `those days`."""
    kinds = by_kind(tokens)
    if "THAT" in kinds or "PAST" in kinds:
        return Reading(kind="fixed", value="PAST_REF")
    return Reading(kind="fixed", value="FUTURE_REF" if "COMING" in kinds else "PAST_REF")


def set_word(tokens: Sequence[Token]) -> Reading | None:
    """`daily`, `annual`."""
    return Reading(kind="set", value=str(tokens[0].value), type="SET")


_SET_VALUES = {
    "D": "P1D",
    "W": "P1W",
    "M": "P1M",
    "Y": "P1Y",
    "TH": "PT1H",
    "TM": "PT1M",
    "E": "P10Y",
    "WE": "XXXX-WXX-WE",
}


def repeated(tokens: Sequence[Token]) -> Reading | None:
    """`every Friday`, `each July`, `every two weeks`, `twice a day`, `Mondays`."""
    kinds = by_kind(tokens)
    part = (
        str(kinds[next(k for k in ("DAYPART", "DAYPARTS") if k in kinds)].value)
        if {"DAYPART", "DAYPARTS"} & set(kinds)
        else ""
    )
    weekday = kinds.get("WEEKDAY") or kinds.get("WEEKDAYS")
    if weekday:
        return Reading(kind="set", value=f"XXXX-WXX-{weekday.value}{part}", type="SET")
    if "MONTH" in kinds:
        return Reading(kind="set", value=f"XXXX-{kinds['MONTH'].value:02d}", type="SET")
    if "SEASON" in kinds:
        return Reading(kind="set", value=f"XXXX-{kinds['SEASON'].value}", type="SET")
    if part:
        return Reading(kind="set", value=f"XXXX-XX-XX{part}", type="SET")
    unit = next((t for t in tokens if t.kind in ("UNIT", "UNITS")), None)
    if unit is None:
        return None
    ordinal = _integer(kinds.get("ORDWORD"))
    count = (
        ordinal
        if ordinal
        else (number([t for t in tokens if t.kind in ("DAY", "INT", "CARD")]) if "EVERY" in kinds else None)
    )
    if "TIMES" in kinds or "ONCE" in kinds or count in (None, 1):
        value = _SET_VALUES.get(str(unit.value))
        return Reading(kind="set", value=value, type="SET") if value else None
    return Reading(kind="set", unit=str(unit.value), count=count, type="SET")


def holiday(tokens: Sequence[Token]) -> Reading | None:
    """A day with a name: `Christmas`, `Thanksgiving Day 2004`, `last Easter`. `value` is its name."""
    kinds = by_kind(tokens)
    unit = kinds.get("UNIT")
    if unit is not None and unit.value not in ("D", "W", "WE"):
        return None
    toward = next((_TOWARD[t.kind] for t in tokens if t.kind in _TOWARD), None)
    part = str(kinds["DAYPART"].value) if "DAYPART" in kinds else None
    grain = "W" if unit is not None and unit.value in ("W", "WE") else None
    name = str(kinds["HOLIDAY"].value)
    return Reading(kind="holiday", value=name, year=_year_of(tokens), toward=toward, part=part, unit=grain)


Reader = Callable[[Sequence[Token]], Reading | None]
READERS: dict[str, Reader] = {
    "calendar": calendar, "century": century, "quarter": quarter, "half": half, "iso": iso, "slash": slash,
    "clock": clock_time, "period": period, "the-unit": the_unit, "past-unit": past_unit, "shift": shift,
    "shift-on": shift_on, "part-moved": part_moved, "weekday-of-week": weekday_of_week,
    "duration": duration, "duration-half": half_unit, "duration-of": duration_of,
    "recent": recent, "set-word": set_word, "set": repeated, "holiday": holiday,
}  # fmt: skip
