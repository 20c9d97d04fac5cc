"""Rates against their own past: what is a rise, what is noise, and how often noise is taken for a rise."""

from __future__ import annotations

import datetime
import random

import pytest

pytest.importorskip("scipy")

from alert_shelf import incident, place

from tocsin.alerts.indicators import Indicator, by_chance, indicators, interval
from tocsin.ledger import Incident

TODAY = "2024-03-31"


def weekly(counts: list[int], prefix: str = "w", **others: object) -> list[Incident]:
    """The first count is of the last seven days, the next of the seven before, and so on."""
    end = datetime.date.fromisoformat(TODAY)
    return [
        incident(f"{prefix}{week}-{number}", (end - datetime.timedelta(7 * week + number % 7)).isoformat(), **others)
        for week, count in enumerate(counts)
        for number in range(count)
    ]


def one(found: list[Indicator], area: str = "SY") -> Indicator:
    (row,) = [row for row in found if row.area == area]
    return row


STEADY = [3, 2, 4, 3, 3, 2, 3, 4, 2, 3, 3, 4, 2]


@pytest.mark.parametrize(("now", "verdict"), [(3, "usual"), (6, "usual"), (12, "above"), (0, "usual")])
def test_a_rise_is_told_from_noise(now: int, verdict: str) -> None:
    row = one(indicators(weekly([now, *STEADY]), TODAY))
    assert (row.now, row.verdict, row.windows) == (now, verdict, 12)
    assert row.low is not None and row.high is not None and row.low <= row.mean <= row.high


def test_a_fall() -> None:
    assert one(indicators(weekly([2, *([20, 22, 18, 21] * 4)]), TODAY)).verdict == "below"


def test_a_bursty_past_has_a_wider_interval() -> None:
    calm, bursty = interval([5] * 12), interval([0, 15, 0, 0, 20, 0, 5, 0, 0, 15, 5, 0])
    assert bursty[1] > 1.5 * calm[1]
    assert interval([0] * 12)[1] >= 0, "a past of zeros only has an interval"


def test_a_young_ledger_is_not_judged() -> None:
    row = one(indicators(weekly([9, 1, 1, 1, 1, 1, 1, 1, 1]), TODAY))
    assert (row.verdict, row.high) == ("too little past", None) and row.windows == 7, "the eighth window is not whole"
    assert one(indicators(weekly([9, *[1] * 9]), TODAY)).verdict == "above"


def test_what_was_told_later_of_long_ago_is_no_past() -> None:
    late = [incident("old", "2019-05-01", first_known="2024-03-30T10:00:00Z")]
    assert one(indicators([*late, *weekly([3, 1])], TODAY)).verdict == "too little past"


def test_weeks_without_an_incident_are_zeros() -> None:
    row = one(indicators(weekly([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), TODAY))
    assert (row.windows, row.mean, row.now) == (12, 0.0, 1)


def test_what_counts() -> None:
    others = [
        incident("a", TODAY, status="denied"), incident("b", TODAY, status="threatened"), incident("c", TODAY, review="rejected"),
        incident("d", None), incident("e", "2024-04-02"), incident("f", TODAY, status="contested"), incident("g", TODAY, place=None),
    ]  # fmt: skip
    found = indicators(others, TODAY)
    assert {(row.area, row.now) for row in found} == {("SY", 1), ("unplaced", 1), ("all", 2)}


def test_by_province() -> None:
    roughly = place(precision="country", admin1=None)
    found = indicators([incident("a", TODAY), incident("b", TODAY, place=roughly)], TODAY, provinces=True)
    assert {row.area for row in found} == {"SY Deir ez-Zor", "SY", "all"}


@pytest.mark.parametrize("mean", [0.3, 2.0, 12.0])
def test_poisson_noise_is_called_a_rise_at_most_one_time_in_forty(mean: float) -> None:
    import numpy

    draws = numpy.random.default_rng(11).poisson(mean, (1500, 13))
    above = sum(int(row[0]) > interval([int(x) for x in row[1:]])[1] for row in draws)
    assert above / 1500 <= 0.025


def test_bursty_noise_is_called_a_rise_one_time_in_twenty() -> None:
    """What the docs say of over-dispersed counts: about twice the nominal rate, for the variance is itself a guess."""
    import numpy

    draws = numpy.random.default_rng(12).negative_binomial(1.5, 1.5 / 6.5, (1500, 13))
    above = sum(int(row[0]) > interval([int(x) for x in row[1:]])[1] for row in draws)
    assert above / 1500 <= 0.055


def test_how_many_would_be_above_by_chance() -> None:
    found = [*indicators(weekly([3, *STEADY]), TODAY), *indicators(weekly([3, 1], "x"), TODAY)]
    assert by_chance(found) == pytest.approx(0.05), "two rows are judged, two are not"


def test_order_changes_nothing() -> None:
    many = weekly([3, *STEADY])
    first = indicators(many, TODAY)
    random.Random(3).shuffle(many)
    assert indicators(many, TODAY) == first
