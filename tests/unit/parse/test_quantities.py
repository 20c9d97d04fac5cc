"""Counts in raw text: what is found with which bounds, what is none, and text nobody thought of."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tocsin.parse.quantities import Quantity, find_quantities

CASES = Path(__file__).parents[2] / "cases" / "quantities" / "counts.yaml"
PIECES = [
    "12",
    "3,500",
    "two",
    "hundred",
    "and",
    "or",
    "to",
    "-",
    "between",
    "dozens",
    "of",
    "people",
    "at least",
    "nearly",
]
PIECES += [
    "in 2015",
    "$",
    "million",
    "0M",
    "a",
    "policeman",
    "May",
    "7",
    "%",
    "km",
    "\n",
    ", ",
    "1.5",
    "T-72",
    "½",
    "İ",
]


def cases() -> list[Any]:
    sections = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return [
        pytest.param(text, expected, id=f"{section}-{number}")
        for section, texts in sections.items()
        for number, (text, expected) in enumerate(texts.items())
    ]


def shown(one: Quantity) -> str:
    if one.damaged:
        return f"{one.text} = damaged"
    bounds = "/".join("-" if value is None else str(value) for value in (one.low, one.best, one.high))
    return f"{one.text} = {bounds}" + " ~" * one.approximate + " households" * (one.unit == "households")


@pytest.mark.parametrize(("text", "expected"), cases())
def test_every_count_and_no_other(text: str, expected: list[str]) -> None:
    assert [shown(one) for one in find_quantities(text)] == expected


def holds(text: str, found: list[Quantity]) -> None:
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        known = [value for value in (one.low, one.best, one.high) if value is not None]
        assert known == sorted(known) and all(value > 0 for value in known)
        assert bool(known) is not one.damaged
        end = one.end


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    holds(text, find_quantities(text))


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([" ", ""]))
def test_any_order_of_number_words_is_read(pieces: list[str], glue: str) -> None:
    text = glue.join(pieces)
    found = find_quantities(text)
    holds(text, found)
    assert found == find_quantities(text)


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "1:11 ", "1.1.", "a ", "one  ", "hundred and ", "0M ", "$ ", "age  of ", "9-", "\ud800 7 "]
)
def test_long_repetition_is_read_in_linear_time(piece: str) -> None:
    short, long = piece * 2_000, piece * 20_000
    started = time.perf_counter()
    find_quantities(short)
    middle = time.perf_counter()
    find_quantities(long)
    assert time.perf_counter() - middle < 40 * (middle - started) + 0.5
