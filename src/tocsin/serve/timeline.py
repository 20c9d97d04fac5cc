"""The timeline: how many incidents a day by status, and how many killed, low to high."""

from __future__ import annotations

from fastapi import APIRouter

from tocsin.ledger import IncidentFilter, IncidentStatus
from tocsin.records import Row
from tocsin.serve.fresh import Fresh
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Wanted
from tocsin.serve.wire import Pages, encode

router = APIRouter(tags=["timeline"])
page = Pages(router)


class Count(Row, frozen=True, kw_only=True):
    """One day and status: incidents, and the sums of their lowest, best and highest numbers of killed."""

    day: str
    status: IncidentStatus
    incidents: int
    killed_low: int
    killed_best: int
    killed_high: int


class TimelinePage(Row, frozen=True, kw_only=True):
    """Counts by day and status. Incidents whose day is not known are on no day."""

    filter: IncidentFilter
    counts: tuple[Count, ...]


counts_kept = Fresh(seconds=5.0, entries=16)


@page("/timeline", "timeline.html", TimelinePage)
def timeline(seat: Viewer, store: Ledger, wanted: Wanted) -> object:
    """Incidents by day and status."""
    counts = counts_kept.get((id(store), encode(wanted)), lambda: tuple(Count(**one) for one in store.counts(wanted)))
    return TimelinePage(filter=wanted, counts=counts)
