"""Alerts as they stand, and as a feed; rates against their own past. What rules there are is in `rules`."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tocsin.alerts.channels import atom
from tocsin.alerts.indicators import Indicator, by_chance, indicators, looks_back
from tocsin.alerts.telling import Alert, all_incidents
from tocsin.records import Row
from tocsin.serve.fresh import Fresh
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Day, Word, day, word
from tocsin.serve.wire import Pages, problems, tagged
from tocsin.store.watching import Delivery

router = APIRouter(tags=["alerts"])
page = Pages(router)
MOST = 500
rates_kept = Fresh(seconds=60.0, entries=16, oldest=300.0)


class AlertsPage(Row, frozen=True, kw_only=True):
    """Alerts, the last changed first, of one rule or of all; `failed` are the last deliveries that did not arrive."""

    rule: str | None
    state: str | None
    rules: tuple[str, ...]
    alerts: tuple[Alert, ...]
    cut: bool
    failed: tuple[Delivery, ...]


class IndicatorsPage(Row, frozen=True, kw_only=True):
    """Rates by area and kind: see `tocsin.alerts.indicators` for the interval. `chance` of them would be above by chance alone."""

    today: str
    days: int
    windows: int
    provinces: bool
    rows: tuple[Indicator, ...]
    above: int
    chance: float


@page("/alerts", "alerts.html", AlertsPage)
def alerts(seat: Viewer, store: Ledger, rule: Word = None, state: Literal["open", "over", ""] = "") -> object:
    """What the rules found, as it stands. Judged by `tocsin watch` after each round, and by `tocsin alerts`."""
    asked = word(rule)
    found = [msgspec.convert(one, Alert) for one in store.alerts(asked, limit=MOST)]
    shown = tuple(one for one in found if not state or one.state == state)
    failed = tuple(one for one in store.deliveries(limit=50) if one.problem) if seat.may("editor") else ()
    return AlertsPage(rule=asked, state=state or None, rules=tuple(store.rules()), alerts=shown, cut=len(found) >= MOST, failed=failed)  # fmt: skip


FEED: dict[int | str, dict[str, Any]] = {
    200: {"description": "Atom, RFC 4287", "content": {"application/atom+xml": {"schema": {"type": "string"}}}}
}


@router.get("/alerts.atom", response_class=Response, responses=FEED | problems(401, 403, 422))
def alerts_atom(request: Request, seat: Viewer, store: Ledger, rule: Word = None) -> Response:
    """The same as a feed, for readers that can sign in, or on loopback."""
    found = [msgspec.convert(one, Alert) for one in store.alerts(word(rule), limit=MOST)]
    body = atom(found, str(request.base_url).rstrip("/"))
    return tagged(request, body.encode("utf-8", "replace"), "application/atom+xml; charset=utf-8")


@page("/indicators", "indicators.html", IndicatorsPage)
def indicators_page(
    seat: Viewer, store: Ledger, today: Day = None, days: Annotated[int, Query(ge=1, le=92)] = 7,
    windows: Annotated[int, Query(ge=8, le=60)] = 12, provinces: bool = False,
) -> object:  # fmt: skip
    """The incidents of the last days by area and kind, against as many days before, again and again."""
    last = day(today) or datetime.datetime.now(datetime.UTC).date().isoformat()
    rows = rates_kept.get(
        (id(store), last, days, windows, provinces), lambda: _rates(store, last, days, windows, provinces)
    )
    above = sum(one.verdict == "above" for one in rows)
    return IndicatorsPage(today=last, days=days, windows=windows, provinces=provinces, rows=rows, above=above, chance=round(by_chance(rows), 1))  # fmt: skip


def _rates(store: Any, last: str, days: int, windows: int, provinces: bool) -> tuple[Indicator, ...]:
    incidents = all_incidents(store, looks_back(last, days, windows))
    return tuple(indicators(incidents, last, days, windows, provinces=provinces))
