"""What became of what was announced: an announced event, and the incidents after it.

`happened` where an incident of a kind that agrees lies on the announced days (a day to either side) and shares the place or a
party; `denied` is none of it. Where nothing is found it is `overdue` once the last day is past, and `unknown` while the day is
to come or was never said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Literal

from tocsin.families import family_of, kinds_agree
from tocsin.ledger import Claim, Incident
from tocsin.merge.distances import NEAR_KM, TOWN_KM, distance_km
from tocsin.records import Row

Outcome = Literal["happened", "overdue", "unknown"]
TOOK_PLACE = frozenset({"happened", "reported", "contested"})
SLACK_DAYS = 1


class FollowUp(Row, frozen=True, kw_only=True):
    """What became of an announcement: the incidents that fulfil it, best first, and the reason in words."""

    outcome: Outcome
    incidents: tuple[str, ...] = ()
    reason: str = ""


def follow_up(announced: Claim, later: Iterable[Incident], today: str) -> FollowUp:
    """What became of an announced claim by a day (`today`, ISO), judged on incidents about its days."""
    if announced.day_from is None:
        return FollowUp(outcome="unknown", reason="no date was announced")
    low, high = _moved(announced.day_from, -SLACK_DAYS), _moved(announced.day_to or announced.day_from, SLACK_DAYS)
    met = [(score, one) for one in later if (score := _fulfils(announced, one, low, high))]
    if met:
        met.sort(key=lambda pair: (-pair[0], pair[1].id))
        best = met[0][1]
        return FollowUp(outcome="happened", incidents=tuple(one.id for _, one in met[:5]), reason=f"{best.title}")
    if high < today:
        return FollowUp(outcome="overdue", reason=f"nothing of the kind was reported until {high}")
    return FollowUp(outcome="unknown", reason="its day is still to come")


def _fulfils(announced: Claim, one: Incident, low: str, high: str) -> float:
    """How well an incident is what was announced; 0 where it is not."""
    if one.status not in TOOK_PLACE or one.day_from is None or family_of(one.kind) != family_of(announced.kind):
        return 0.0
    if (one.day_to or one.day_from) < low or one.day_from > high or announced.id in one.claims:
        return 0.0
    agree = kinds_agree(announced.kind, one.kind)
    place = _same_place(announced, one)
    parties = {row.key for row in (*announced.actors, *announced.recipients)} & {
        row.key for row in (*one.actors, *one.recipients)
    }
    return agree * (0.5 * bool(place) + 0.5 * bool(parties)) if place is not False else 0.0


def _same_place(announced: Claim, one: Incident) -> bool | None:
    """None where either has no place; False where they lie apart."""
    if announced.place is None or one.place is None or announced.place.lat is None or one.place.lat is None:
        return None
    near = max(TOWN_KM, NEAR_KM, announced.place.radius_km or 0.0, one.place.radius_km or 0.0)
    return distance_km(announced.place, one.place) <= near


def _moved(day: str, by: int) -> str:
    try:
        return (datetime.date.fromisoformat(day[:10]) + datetime.timedelta(by)).isoformat()
    except (ValueError, OverflowError):
        return day
