"""Rates against their own past."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tocsin.alerts.indicators import LEAST_PAST, Indicator, by_chance
from tocsin.alerts.indicators import indicators as computed
from tocsin.alerts.telling import all_incidents
from tocsin.errors import MissingError
from tocsin.records import Row
from tocsin.serve.fresh import Fresh
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Day
from tocsin.serve.wanted import day as checked_day
from tocsin.serve.wire import Pages

router = APIRouter(tags=["alerts"])
page = Pages(router)
kept = Fresh(seconds=60.0, entries=16, oldest=300.0)
DAYS, WINDOWS = 7, 12


class IndicatorsPage(Row, frozen=True, kw_only=True):
    """What stands out first, as of a day. `missing` says what is not installed, where nothing could be computed; `chance` of the rows
    would be above by chance alone."""

    day: str
    rows: tuple[Indicator, ...] = ()
    missing: str | None = None
    days: int = DAYS
    windows: int = WINDOWS
    provinces: bool = False
    least: int = LEAST_PAST
    above: int = 0
    chance: float = 0.0


@page("/indicators", "indicators.html", IndicatorsPage)
def indicators(
    seat: Viewer, store: Ledger, day: Day = None, days: Annotated[int, Query(ge=1, le=92)] = DAYS,
    windows: Annotated[int, Query(ge=LEAST_PAST, le=60)] = WINDOWS, provinces: bool = False,
) -> object:  # fmt: skip
    """By country or province, and kind: the last days against the windows before them."""
    last = checked_day(day) or datetime.now(UTC).date().isoformat()
    asked: dict[str, Any] = {"day": last, "days": days, "windows": windows, "provinces": provinces}
    try:
        rows = kept.get((id(store), *asked.values()), lambda: _rates(store, last, days, windows, provinces))
    except MissingError as problem:
        return IndicatorsPage(**asked, missing=str(problem))
    above = sum(one.verdict == "above" for one in rows)
    return IndicatorsPage(**asked, rows=rows, above=above, chance=round(by_chance(rows), 1))


def _rates(store: Any, last: str, days: int, windows: int, provinces: bool) -> tuple[Indicator, ...]:
    incidents = all_incidents(store)
    return tuple(computed(incidents, last, days, windows, provinces=provinces))
