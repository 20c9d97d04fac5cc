"""People counted: displaced and at risk, kept apart from each other and from the dead."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Query

from tocsin.ledger import Claim, FigureClaim
from tocsin.records import FigureKind, Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Day, Limit, Offset, Word, day, word
from tocsin.serve.wire import Pages

router = APIRouter(tags=["ledgers"])
page = Pages(router)
KINDS: tuple[str, ...] = get_args(FigureKind)


class CountedLine(Row, frozen=True, kw_only=True):
    """One figure and the claim that carries it."""

    figure: FigureClaim
    claim: Claim


class PeoplePage(Row, frozen=True, kw_only=True):
    """Figures of one kind, newest first. They are never added up: each is somebody's number for some day and area."""

    kind: FigureKind
    place: str | None
    since: str | None
    until: str | None
    rows: tuple[CountedLine, ...]
    offset: int
    limit: int
    next: int | None = None


@page("/people", "people.html", PeoplePage)
def people(
    seat: Viewer, store: Ledger, kind: Annotated[FigureKind, Query()] = "displaced", place: Word = None, since: Day = None,
    until: Day = None, limit: Limit = 100, offset: Offset = 0,
) -> object:  # fmt: skip
    """Figures of one kind, each beside its speaker."""
    asked = {"place": word(place), "since": day(since), "until": day(until)}
    found = store.figures(kind, limit=limit, offset=offset, **asked)
    rows = tuple(
        CountedLine(figure=one, claim=claim) for claim in found.rows for one in claim.figures if one.kind == kind
    )
    return PeoplePage(
        kind=kind, place=word(place), since=day(since), until=day(until), rows=rows, offset=offset, limit=limit, next=found.next
    )  # fmt: skip
