"""What the rules found, and who was told."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from tocsin.alerts.channels import atom
from tocsin.alerts.telling import Alert
from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import word
from tocsin.serve.wire import Pages, problems, tagged
from tocsin.store.watching import Delivery

router = APIRouter(tags=["alerts"])
page = Pages(router)
MOST_ALERTS, MOST_DELIVERIES = 200, 100
FEED = {
    "description": "The alerts as an Atom feed",
    "content": {"application/atom+xml": {"schema": {"type": "string"}}},
}


class AlertsPage(Row, frozen=True, kw_only=True):
    """Alerts, the last changed first, at most `MOST_ALERTS`; what was delivered or failed to be, the last first."""

    rule: str | None
    rules: tuple[str, ...]
    rows: tuple[Alert, ...]
    deliveries: tuple[Delivery, ...]


RuleName = Annotated[str, Query(max_length=80, description="only alerts of this rule")]


@page("/alerts", "alerts.html", AlertsPage)
def alerts(seat: Viewer, store: Ledger, rule: RuleName = "") -> object:
    """What the rules found, and to whom it was told."""
    name = word(rule)
    rows = tuple(msgspec.convert(one, Alert) for one in store.alerts(name, limit=MOST_ALERTS))
    return AlertsPage(
        rule=name, rules=tuple(store.rules()), rows=rows, deliveries=store.deliveries(limit=MOST_DELIVERIES)
    )


@router.get("/alerts.atom", responses={200: FEED, **problems(400, 401, 403, 422)}, response_class=Response)
def feed(request: Request, seat: Viewer, store: Ledger, rule: RuleName = "") -> Response:
    """The same alerts for a feed reader."""
    rows = [msgspec.convert(one, Alert) for one in store.alerts(word(rule), limit=MOST_ALERTS)]
    body = atom(rows, str(request.base_url).rstrip("/"))
    return tagged(request, body.encode("utf-8", "replace"), "application/atom+xml; charset=utf-8")
