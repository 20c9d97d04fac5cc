"""The calendar arithmetic and the rule files of time expressions."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.parse import time_patterns
from tocsin.parse.time_holidays import holiday_near
from tocsin.parse.time_reading import READERS
from tocsin.parse.time_values import Moment, day_value, easter, moment, nth_weekday, shifted
from tocsin.parse.time_words import holidays, lexicon, symbols
from tocsin.rulefiles import read_yaml, rules_root

FIFTH = Moment(2018, 9, 5)


@pytest.mark.parametrize(
    ("start", "count", "unit", "value"),
    [
        (FIFTH, -3, "D", "2018-09-02"),
        (FIFTH, 2, "W", "2018-W38"),
        (FIFTH, -1, "F", "2018-W34"),
        (FIFTH, -1, "WE", "2018-W35-WE"),
        (FIFTH, -9, "M", "2017-12"),
        (FIFTH, 1, "Q", "2018-Q4"),
        (FIFTH, -7, "Y", "2011"),
        (FIFTH, -1.5, "Y", "2017-03"),
        (FIFTH, -2, "E", "199"),
        (FIFTH, -1, "C", "19"),
        (FIFTH, -5, "TH", "2018-09-05TXX"),
        (Moment(2018, 9, 5, "03:00"), -5, "TH", "2018-09-04T22:00"),
        (Moment(2018, 9, None), 2, "D", "2018-09-XX"),
        (Moment(2018, 9, None, None, 3), -1, "Y", "2017-Q3"),
        (Moment(-490), 10, "Y", "BC0480"),
        (None, 1, "M", "XXXX-XX"),
        (Moment(9999, 12, 31), 1, "D", "XXXX-XX-XX"),
    ],
)
def test_shifted(start: Moment | None, count: float, unit: str, value: str) -> None:
    assert shifted(start, count, unit) == value


def test_moment_reads_what_values_say() -> None:
    assert moment("2018-09-05T10:30") == Moment(2018, 9, 5, "10:30")
    assert moment("2018-W36") == Moment(2018, 9, 3)
    assert moment("2018-Q3") == Moment(2018, 9, None, None, 3)
    assert moment("BC0490") == Moment(-490)
    assert [moment(value) for value in (None, "", "XXXX-09", "P7Y", "PAST_REF", "199")] == [None] * 6


def test_days_that_months_do_not_have_stay_unknown() -> None:
    assert day_value(2018, 2, 29) == "2018-02-XX"
    assert day_value(2016, 2, 29) == "2016-02-29"
    assert day_value(None, 2, 29) == "XXXX-02-29"


def test_movable_feasts() -> None:
    assert [easter(year) for year in (2000, 2019, 2024)] == [date(2000, 4, 23), date(2019, 4, 21), date(2024, 3, 31)]
    assert nth_weekday(2018, 11, 4, 4) == date(2018, 11, 22)
    assert nth_weekday(2018, 5, 1, -1) == date(2018, 5, 28)
    assert holiday_near("election day", date(2000, 10, 1), tense=1) == date(2000, 11, 7)


def test_every_named_day_has_one_date_a_year() -> None:
    for name, row in holidays().items():
        ways = [row.day, row.easter, row.nth, row.once]
        assert sum(way is not None for way in ways) == 1, name
        assert holiday_near(name, date(2018, 9, 5), year=2018) is not None, name


def test_patterns_name_known_classes_and_readings() -> None:
    file = read_yaml(rules_root() / "times" / "patterns.yaml", time_patterns.PatternFile)
    ids = [row.id for row in file.rules]
    assert len(ids) == len(set(ids))
    assert {row.reading for row in file.rules} - set(READERS) == {"pair", "bare-units"}
    assert {kind for kind, _ in lexicon().values()} <= set(symbols())
    assert len(set(symbols().values())) == len(symbols())
