"""Rates against their own past."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from tocsin.alerts.indicators import LEAST_PAST, Indicator
from tocsin.alerts.indicators import indicators as computed
from tocsin.alerts.telling import all_incidents
from tocsin.errors import MissingError
from tocsin.records import Row
from tocsin.serve.fresh import Fresh
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wire import Pages

router = APIRouter(tags=["alerts"])
page = Pages(router)
kept = Fresh(seconds=60.0, entries=2, oldest=300.0)
DAYS, WINDOWS = 7, 12


class IndicatorsPage(Row, frozen=True, kw_only=True):
    """What stands out first, as of a day. `missing` says what is not installed, where nothing could be computed."""

    day: str
    rows: tuple[Indicator, ...] = ()
    missing: str | None = None
    days: int = DAYS
    windows: int = WINDOWS
    least: int = LEAST_PAST


@page("/indicators", "indicators.html", IndicatorsPage)
def indicators(seat: Viewer, store: Ledger) -> object:
    """By country and kind: the last days against the windows before them."""
    today = datetime.now(UTC).date().isoformat()
    try:
        rows = kept.get((id(store), today), lambda: tuple(computed(all_incidents(store), today, DAYS, WINDOWS)))
    except MissingError as problem:
        return IndicatorsPage(day=today, missing=str(problem))
    return IndicatorsPage(day=today, rows=rows)
