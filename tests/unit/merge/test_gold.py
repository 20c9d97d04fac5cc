"""Merging against what a person says, as `benchmarks/accuracy/merging.py` measures it, and that measure itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tocsin.pipeline import Reader

MEASURE = Path(__file__).parents[3] / "benchmarks" / "accuracy" / "merging.py"
PRECISION_FLOOR, BCUBED_FLOOR, PAIRS_FLOOR = 0.97, 0.90, 0.92
LEAST_READ = 0.85  # of what the pages tell of: merging is not measured on claims that are not there


@pytest.fixture(scope="module")
def merging() -> ModuleType:
    spec = importlib.util.spec_from_file_location("merging", MEASURE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_bcubed_of_a_known_grouping(merging: ModuleType) -> None:
    gold = {"a": "x", "b": "x", "c": "y"}
    assert merging.bcubed([["a", "b"], ["c"]], gold) == (1.0, 1.0, 1.0)
    precision, recall, _ = merging.bcubed([["a", "b", "c", "unjudged"]], gold)
    assert (round(precision, 3), recall) == (0.556, 1.0)


def test_a_case_whose_words_are_not_on_its_page_is_told(merging: ModuleType) -> None:
    with pytest.raises(ValueError, match="page 01 has no"):
        merging.judged("Shells fell.", "01", [], {"x": [["01", "Bombs fell"]]})


def test_the_example_pages(merging: ModuleType, reader: Reader) -> None:
    week = merging.ExamplePages(reader)
    assert len(week.reached) >= LEAST_READ * len(week.wanted), f"not read at all: {sorted(week.wanted - week.reached)}"
    precision, _, score = merging.bcubed(week.found, week.gold)
    assert precision >= PRECISION_FLOOR and score >= BCUBED_FLOOR, "\n".join(week.mistakes())


def test_pairs_of_short_reports(merging: ModuleType, reader: Reader) -> None:
    count, wrong = merging.pairs_of_reports(reader)
    assert count >= 30
    assert 1 - len(wrong) / count >= PAIRS_FLOOR, "\n".join(wrong)
