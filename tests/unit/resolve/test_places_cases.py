"""Runs the invented sentences of `tests/cases/places`: which places a text names, where they are, and what is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tocsin.parse import parse_text
from tocsin.records import Place
from tocsin.resolve.gazetteer import Gazetteer
from tocsin.resolve.places import find_places

CASES = Path(__file__).parents[2] / "cases" / "places"
_KNOWN = {"text", "country", "admin1", "feature", "precision", "rule", "near", "why"}


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


@pytest.mark.parametrize("case", _cases())
def test_places_of_a_sentence(case: dict[str, Any], gazetteer: Gazetteer) -> None:
    found = find_places(parse_text(case["text"]), gazetteer)
    for wanted in case.get("places", ()):
        assert set(wanted) <= _KNOWN
        named = [one for one in found if one.text == wanted["text"]]
        assert named, f"{wanted['text']!r} not found in {[one.text for one in found]}"
        for one in named:
            _check(one, wanted)
    never = set(case.get("never", ()))
    assert not never & {one.text for one in found}


def _check(found: Place, wanted: dict[str, Any]) -> None:
    for name in ("country", "admin1", "feature", "precision", "rule"):
        if name in wanted:
            assert getattr(found, name) == wanted[name], found
    if "near" in wanted:
        lat, lon = wanted["near"]
        assert found.lat is not None and found.lon is not None
        assert abs(found.lat - lat) < 0.5 and abs(found.lon - lon) < 0.5, found
    if "why" in wanted:
        assert wanted["why"] in [why.rule for why in found.why]
