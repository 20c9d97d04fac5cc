"""The inbox: incidents that are new or changed since a person last looked, for deciding one after the other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from tocsin.ledger import Incident
from tocsin.records import Row
from tocsin.serve.fresh import Fresh
from tocsin.serve.incidents import IncidentPage, incident_page
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wire import Pages

router = APIRouter(tags=["review"])
page = Pages(router)
SHOWN = 30


class InboxPage(Row, frozen=True, kw_only=True):
    """Incidents to judge, the latest change first; `after` continues behind the last one; `open` is the one looked at."""

    rows: tuple[Incident, ...]
    total: int
    after: str | None = None
    open: IncidentPage | None = None


lists_kept = Fresh(seconds=1.0, entries=16, oldest=5.0)  # a judgement clears it
AnId = Annotated[str | None, Query(max_length=200)]


@page("/inbox", "inbox.html", InboxPage)
def inbox(seat: Viewer, store: Ledger, after: AnId = None, at: AnId = None, limit: Annotated[int, Query(ge=1, le=100)] = SHOWN) -> object:  # fmt: skip
    """What waits for a judgement. `at` opens one incident beside the list."""
    found = lists_kept.get((id(store), after, limit), lambda: store.inbox(after=after or None, limit=limit))
    last = found.rows[-1].id if found.rows and found.next is not None else None
    opened = incident_page(store, at, 0, seat) if at and store.incident(at) else None
    return InboxPage(rows=found.rows, total=found.total, after=last, open=opened)
