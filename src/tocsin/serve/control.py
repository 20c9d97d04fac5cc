"""Who holds which place, over time, and the places under a special regime."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter

from tocsin.ledger import Claim
from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.statements import Asked, ClaimList, claim_list
from tocsin.serve.wanted import Day, Limit, Offset, Word, day, word
from tocsin.serve.wire import Pages

router = APIRouter(tags=["ledgers"])
page = Pages(router)


class PlaceHeld(Row, frozen=True, kw_only=True):
    """A place, and what was said of who holds it, the earliest first."""

    place: str
    claims: tuple[Claim, ...]


class ControlPage(Row, frozen=True, kw_only=True):
    """Places by name; `total` counts the claims about control, not the places."""

    asked: Asked
    places: tuple[PlaceHeld, ...]
    total: int
    offset: int
    limit: int
    next: int | None = None


@page("/control", "control.html", ControlPage)
def control(
    seat: Viewer, store: Ledger, place: Word = None, since: Day = None, until: Day = None, text: Word = None,
    limit: Limit = 200, offset: Offset = 0,
) -> object:  # fmt: skip
    """Control of places over time."""
    asked = Asked(place=word(place), since=day(since), until=day(until), text=word(text))
    found = claim_list(store, "control", asked, limit, offset)
    return ControlPage(asked=asked, places=by_place(found.rows), total=found.total, offset=offset, limit=limit, next=found.next)  # fmt: skip


@page("/zones", "zones.html", ClaimList)
def zones(seat: Viewer, store: Ledger, place: Word = None, text: Word = None, limit: Limit = 50, offset: Offset = 0) -> object:  # fmt: skip
    """Zones named in the news: no-fly, de-escalation, buffer."""
    return claim_list(store, "zone", Asked(place=word(place), text=word(text)), limit, offset)


def by_place(claims: tuple[Claim, ...]) -> tuple[PlaceHeld, ...]:
    def name(one: Claim) -> str:
        return one.place.name if one.place else ""

    ordered = sorted(claims, key=lambda one: (name(one), one.day_from or one.published or "", one.id))
    return tuple(PlaceHeld(place=where, claims=tuple(rows)) for where, rows in groupby(ordered, key=name))
