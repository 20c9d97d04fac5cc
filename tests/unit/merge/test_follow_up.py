"""What became of what was announced."""

from __future__ import annotations

from typing import Any

import pytest
from made import ARMY, DARNAJ, HAJIN, claim
from msgspec.structs import replace

from tocsin.ledger import Incident
from tocsin.merge.corroborate import incident
from tocsin.merge.follow_up import follow_up

TALKS = claim("n", "meet", "2021-05-10", section="announcement", horizon="future", status="planned", actors=(ARMY,))


def took_place(kind: str = "meet", day: str = "2021-05-10", **others: Any) -> Incident:
    return incident([claim("later", kind, day, **({"actors": (ARMY,)} | others))], (), (), {})


def test_it_happened_on_its_day_or_a_day_beside_it() -> None:
    for day in ("2021-05-09", "2021-05-10", "2021-05-11"):
        found = follow_up(TALKS, [took_place(day=day)], "2021-06-01")
        assert found.outcome == "happened" and found.incidents == (took_place().id,)
        assert found.reason.startswith("Meeting in Hajin")


@pytest.mark.parametrize(
    "other",
    [
        took_place(day="2021-05-13"),
        took_place(kind="air-strike"),
        took_place(place=DARNAJ),
        took_place(status="denied"),
        took_place(status="planned"),
        took_place(place=None, actors=()),
    ],
)
def test_what_is_another_thing_leaves_it_overdue(other: Incident) -> None:
    assert follow_up(TALKS, [other], "2021-06-01").outcome == "overdue"


def test_before_its_day_is_past_it_is_unknown_and_without_a_day_for_ever() -> None:
    assert follow_up(TALKS, [], "2021-05-11").outcome == "unknown"
    assert follow_up(TALKS, [], "2021-05-12").outcome == "overdue"
    assert follow_up(replace(TALKS, day_from=None, day_to=None), [took_place()], "2030-01-01").outcome == "unknown"


def test_the_better_fit_comes_first() -> None:
    near = replace(took_place(), id="i-near", place=HAJIN)
    kin = replace(took_place(actors=()), id="i-kin")
    assert follow_up(TALKS, [kin, near], "2021-06-01").incidents == ("i-near", "i-kin")
