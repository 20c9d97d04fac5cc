"""What was announced, for when, and what became of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from fastapi import APIRouter

from tocsin.codebook import codebook
from tocsin.ledger import Claim, Incident, IncidentFilter
from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.statements import Asked
from tocsin.serve.wanted import Day, Limit, Offset, Word, day, word
from tocsin.serve.wire import Pages

router = APIRouter(tags=["ledgers"])
page = Pages(router)
Outcome = Literal["happened", "overdue", "ahead", "unknown"]
SLACK = datetime.timedelta(days=1)  # talks for Friday are reported on Saturday
MOST_CANDIDATES = 400
CAME_TRUE = ("happened", "reported", "contested")


class Announced(Row, frozen=True, kw_only=True):
    """An announcement and its outcome.

    `happened`: an incident of the same type of event, around the day, at the place or by the party that was named, is in the
    ledger as happened, reported or contested; `incident` is its id. `overdue`: the day is over and there is none. `ahead`: the day
    is to come. `unknown`: no day was said.
    """

    claim: Claim
    outcome: Outcome
    incident: str | None = None
    title: str | None = None


class CalendarPage(Row, frozen=True, kw_only=True):
    """Announcements, the latest day first; `today` is the day against which the outcome was judged."""

    asked: Asked
    today: str
    rows: tuple[Announced, ...]
    total: int
    offset: int
    limit: int
    next: int | None = None


@page("/calendar", "calendar.html", CalendarPage)
def calendar(
    seat: Viewer, store: Ledger, speaker: Word = None, place: Word = None, since: Day = None, until: Day = None, text: Word = None,
    limit: Limit = 50, offset: Offset = 0,
) -> object:  # fmt: skip
    """Announced events."""
    asked = Asked(speaker=word(speaker), place=word(place), since=day(since), until=day(until), text=word(text))
    given = {name: value for name in asked.__struct_fields__ if (value := getattr(asked, name))}
    found = store.section("announcement", limit=limit, offset=offset, **given)
    today = datetime.datetime.now(datetime.UTC).date()
    rows = outcomes(found.rows, candidates(store, found.rows), today)
    return CalendarPage(asked=asked, today=today.isoformat(), rows=rows, total=found.total, offset=offset, limit=limit, next=found.next)  # fmt: skip


def candidates(store: Any, claims: Sequence[Claim]) -> tuple[Incident, ...]:
    """Incidents on the announced days that can be what was announced."""
    days = [one for claim in claims for one in (claim.day_from, claim.day_to) if one]
    if not days:
        return ()
    since, until = _date(min(days)) - SLACK, _date(max(days)) + SLACK
    wanted = IncidentFilter(since=since.isoformat(), until=until.isoformat(), status=CAME_TRUE)
    return tuple(store.incidents(wanted, limit=MOST_CANDIDATES).rows)


def outcomes(claims: Iterable[Claim], incidents: Sequence[Incident], today: datetime.date) -> tuple[Announced, ...]:
    return tuple(_outcome(claim, incidents, today) for claim in claims)


def _outcome(claim: Claim, incidents: Sequence[Incident], today: datetime.date) -> Announced:
    if not claim.day_from:
        return Announced(claim=claim, outcome="unknown")
    came = next((one for one in incidents if fulfils(one, claim)), None)
    if came is not None:
        return Announced(claim=claim, outcome="happened", incident=came.id, title=came.title)
    over = _date(claim.day_to or claim.day_from) + SLACK < today
    return Announced(claim=claim, outcome="overdue" if over else "ahead")


def fulfils(incident: Incident, claim: Claim) -> bool:
    """Same type of event, within a day of the announced days, and a shared place or party; where neither names any, not."""
    if claim.id in incident.claims or not same_type(incident, claim) or not _days_meet(incident, claim):
        return False
    there = incident.place is not None and any(one.name == incident.place.name for one in _places(claim))
    names = {one.key for one in (*incident.actors, *incident.recipients)}
    by_them = any(one.key in names for one in (*claim.actors, *claim.recipients))
    return there or by_them


def same_type(incident: Incident, claim: Claim) -> bool:
    """The same kind, or the same PLOVER type; an announcement whose kind is not in the codebook fits by its type alone."""
    known = codebook().kinds
    type_of = claim.event_type or (known[claim.kind].type if claim.kind in known else None)
    return incident.kind == claim.kind or (type_of is not None and incident.event_type == type_of)


def _places(claim: Claim) -> tuple[Any, ...]:
    return (claim.place, *claim.places) if claim.place else claim.places


def _days_meet(incident: Incident, claim: Claim) -> bool:
    first, last = incident.day_from, incident.day_to or incident.day_from
    begin, end = claim.day_from, claim.day_to or claim.day_from
    if not first or not last or not begin or not end:
        return False
    return _date(first) <= _date(end) + SLACK and _date(last) >= _date(begin) - SLACK


def _date(value: str) -> datetime.date:
    return datetime.date.fromisoformat(value[:10])
