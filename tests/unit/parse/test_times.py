"""Time expressions: the case tables under `cases/times`, and what holds for any text."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.parse.times import find_times, interval

CASES = Path(__file__).parents[2] / "cases" / "times"


def table() -> list[Any]:
    rows = [
        (file.stem, row) for file in sorted(CASES.glob("*.yaml")) for row in yaml.safe_load(file.read_text("utf-8"))
    ]
    return [pytest.param(row, id=f"{name}: {row['text'][:60]} ({row.get('published')})") for name, row in rows]


def test_the_table_is_long() -> None:
    assert len(table()) >= 150


@pytest.mark.parametrize("row", table())
def test_case(row: dict[str, Any]) -> None:
    found = find_times(row["text"], row.get("published"))
    shown = [[one.text, one.type, one.value] + ([one.mod] if one.mod else []) for one in found]
    assert shown == row["want"]


PIECES = [
    "Friday", "on", "the", "of", "and", "a", "three", "two", "1998", "12", "May", "June", "last", "next", "year",
    "days", "ago", "later", "early", "end", "morning", "8", "p.m.", "GMT", "-", ",", ".", "\n", "'98", "1990s", "31",
    "00:61", "2018-13-45", "99/99/9999", "31.02.2018", "century", "BC", "0", "9999", "half", "dozen", "every", "Christmas",
    "week", "quarter", "decades", "before", "fiscal", "25:99", "week-end", "２０１８", "²", "\x00", "\u202e", "\ud800",
]  # fmt: skip
WORDY = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
PUBLISHED = st.sampled_from([None, "", "2018-09-05", "2018-02-30", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "x"])


@settings(max_examples=400, deadline=None)
@given(st.one_of(WORDY, st.text()), PUBLISHED)
def test_any_text(text: str, published: str | None) -> None:
    found = find_times(text, published)
    assert found == find_times(text, published)
    assert all(text[one.start : one.end] == one.text and one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.value and (one.earliest is None or one.earliest <= (one.latest or "")) for one in found)
    if not published:
        assert all(one.reference is None or one.reference[:4].lstrip("BC").isdigit() for one in found)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789-WXQHTSUPFAIE:", max_size=20))
def test_interval_of_any_value(value: str) -> None:
    days = interval(value)
    assert days is None or days[0] <= days[1]


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2018", ("2018-01-01", "2018-12-31")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("2018-09-05", ("2018-09-05", "2018-09-05")),
        ("2018-09-05T20:00", ("2018-09-05", "2018-09-05")),
        ("2018-09-05TMO", ("2018-09-05", "2018-09-05")),
        ("2018-W36", ("2018-09-03", "2018-09-09")),
        ("2018-W36-WE", ("2018-09-08", "2018-09-09")),
        ("2018-W36-3", ("2018-09-05", "2018-09-05")),
        ("2018-Q3", ("2018-07-01", "2018-09-30")),
        ("2018-H2", ("2018-07-01", "2018-12-31")),
        ("2018-SU", ("2018-06-01", "2018-08-31")),
        ("2018-WI", ("2017-12-01", "2019-02-28")),
        ("199", ("1990-01-01", "1999-12-31")),
        ("19", ("1900-01-01", "1999-12-31")),
        ("XXXX-09-03", None),
        ("P7Y", None),
        ("PRESENT_REF", None),
        ("2018-02-30", None),
        ("BC0490", None),
        ("", None),
    ],
)
def test_interval(value: str, days: tuple[str, str] | None) -> None:
    assert interval(value) == days


def test_a_row_says_what_it_was_counted_from() -> None:
    friday = find_times("Shells fell on Friday.", "2018-09-05")[0]
    assert (friday.earliest, friday.latest, friday.reference) == ("2018-08-31", "2018-08-31", "2018-09-05")
    assert friday.rule == "times/weekday"


def test_paragraphs_bound_the_background() -> None:
    text = "In March 1997 he was shot. In June he died. In July they met."
    whole = find_times(text, "2018-09-05")
    cut = find_times(text, "2018-09-05", [(0, 26), (27, 43), (44, len(text))])
    assert [one.value for one in whole] == ["1997-03", "1997-06", "1997-07"]
    assert [one.value for one in cut] == ["1997-03", "2018-06", "2018-07"]


@pytest.mark.parametrize(
    "piece", ["Friday ", "the ", "1", "12:", "two and ", "1990-", "a", "May, ", "\n", "the end of "]
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    find_times(piece * 10)
    seconds = []
    for size in (20_000, 80_000):
        start = time.perf_counter()
        find_times(piece * (size // len(piece)), "2018-09-05")
        seconds.append(time.perf_counter() - start)
    assert seconds[1] < max(1.5, seconds[0] * 16)
