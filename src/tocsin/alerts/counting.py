"""Incidents and people by day, so that any stretch of days is summed by two look-ups."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from tocsin.alerts.matching import day_of
from tocsin.ledger import Incident


class Days:
    """Incidents by the first day on which they can have been. `figure` is the kind of figure that is summed."""

    def __init__(self, found: Sequence[Incident], figure: str) -> None:
        self._found = sorted(found, key=lambda one: (day_of(one), one.id))
        self._days = [day_of(one) for one in self._found]
        self._people = [0.0, *accumulate(_people(one, figure) for one in self._found)]

    def total(self, last: datetime.date, days: int) -> tuple[float, int]:
        """The people and the incidents of so many days, the last of them included."""
        low, high = self._ends(last, days)
        return self._people[high] - self._people[low], high - low

    def between(self, last: datetime.date, days: int) -> list[Incident]:
        low, high = self._ends(last, days)
        return self._found[low:high]

    def last(self, until: datetime.date) -> datetime.date | None:
        """The last day, not after `until`, that has an incident."""
        at = bisect_right(self._days, until.isoformat())
        return datetime.date.fromisoformat(self._days[at - 1]) if at else None

    def _ends(self, last: datetime.date, days: int) -> tuple[int, int]:
        low = (last - datetime.timedelta(days - 1)).isoformat()
        return bisect_left(self._days, low), bisect_right(self._days, last.isoformat())


def _people(one: Incident, figure: str) -> float:
    """The best figures of persons; households are none."""
    return float(sum(row.best or 0 for row in one.figures if row.kind == figure and row.unit == "persons"))
