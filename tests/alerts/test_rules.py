"""Rules that are wrong are refused in words that say where."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tocsin.alerts.rules import checked, redline
from tocsin.errors import RuleError, UsageError


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}}, "fewer than four"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": [[[0, 0], [999, 1], [2, 2], [0, 0]]]}}, "degrees"),
        ({"name": "x", "kind": "zone", "polygon": {"type": "Polygon", "coordinates": 7}}, "no GeoJSON"),
        ({"name": "x\ny", "kind": "redline"}, "name is up to"), ({"name": "x", "kind": "coup"}, "Invalid enum"), ({"name": "x", "kind": "redline", "days": 0}, "days"),
    ],
)  # fmt: skip
def test_wrong_rules_are_refused_in_words(value: Any, told: str) -> None:
    with pytest.raises(RuleError, match=f"here: .*{told}"):
        checked(value, "here")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"name": "x", "kind": "redline", "contry": "SY"}, "'contry' is no part of a rule; is `country` meant"),
        ({"name": "x", "kind": "redline", "qqq": 1}, "'qqq' is no part of a rule$"),
        ({"name": "x", "kind": "redline", "kinds": ["air-strikes"]}, "`air-strike` meant"),
        ({"name": "x", "kind": "redline", "statuses": ["happend"]}, "`happened` meant"),
        ({"name": "x", "kind": "redline", "statuses": []}, "never alert"),
        ({"name": "x", "kind": "treshold", "above": 3}, "`kind` is one of zone, .*`threshold` meant"),
        ({"name": "x", "kind": "redline", "kinds": "air-strike"}, r"`kinds` is a list: \[air-strike\]"),
        ({"name": "x", "kind": "redline", "country": False}, "country: 'NO'"),
        ({"name": "x", "kind": "redline", "country": "UK"}, "the United Kingdom is GB"),
        ({"name": "x", "kind": "redline", "country": "Syria"}, "two capital letters"),
        ({"name": "x", "kind": "redline", "above": 3}, "`above` is no part of a redline rule, only of threshold"),
        ({"name": "x", "kind": "zone", "days": 30}, "only of threshold and build-up and silence|polygon"),
        ({"name": "x", "kind": "redline", "since": "2024-03-02", "until": "2024-03-01"}, "is before"),
        ({"name": "x", "kind": "redline", "since": "1 March"}, "days like"),
        ({"name": "x", "kind": "threshold"}, "needs `above` or `times`"),
    ],
)  # fmt: skip
def test_what_is_meant_is_told(value: dict[str, Any], told: str) -> None:
    with pytest.raises(RuleError, match=f"here: .*(?:{told})"):
        checked(value, "here")


def test_a_rule_as_it_is_shown_can_be_added_again() -> None:
    rule = checked({"name": "x", "kind": "redline", "country": "SY"}, "here")
    assert checked(msgspec.to_builtins(rule), "here") == rule


def test_a_red_line_of_no_country() -> None:
    with pytest.raises(UsageError, match="no country"):
        redline("air-strike in ZZ")
    with pytest.raises(UsageError, match="`air-strike` meant"):
        redline("airstrike in Syria")
    assert (redline("air-strike in Syria").country, redline("air-strike in Mayadin").place) == ("SY", "Mayadin")
