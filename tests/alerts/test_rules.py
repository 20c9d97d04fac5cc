"""Rules that are wrong are refused in words that say where."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.alerts.rules import checked
from tocsin.errors import RuleError


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}}, "close"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [999, 1], [2, 2], [0, 0]]]}}, "degrees"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": 7}}, "no GeoJSON"),
        ({"name": "x\ny", "kind": "redline"}, "name is up to"), ({"name": "x", "kind": "coup"}, "Invalid enum"), ({"name": "x", "kind": "redline", "days": 0}, "days"),
    ],
)  # fmt: skip
def test_wrong_rules_are_refused_in_words(value: Any, told: str) -> None:
    with pytest.raises(RuleError, match=f"here: .*{told}"):
        checked(value, "here")
