"""Who said what to whom about what."""

from __future__ import annotations

from fastapi import APIRouter

from tocsin.ledger import Claim
from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Day, Limit, Offset, Word, day, word
from tocsin.serve.wire import Pages

router = APIRouter(tags=["ledgers"])
page = Pages(router)


class Asked(Row, frozen=True, kw_only=True):
    """The filter of a ledger. Empty fields ask for everything."""

    speaker: str | None = None
    target: str | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    text: str | None = None


class ClaimList(Row, frozen=True, kw_only=True):
    """Claims of one section, newest first."""

    asked: Asked
    rows: tuple[Claim, ...]
    total: int
    offset: int
    limit: int
    next: int | None = None


@page("/statements", "statements.html", ClaimList)
def statements(
    seat: Viewer, store: Ledger, speaker: Word = None, target: Word = None, since: Day = None, until: Day = None, text: Word = None,
    limit: Limit = 50, offset: Offset = 0,
) -> object:  # fmt: skip
    """Statements, by speaker and by target."""
    asked = Asked(speaker=word(speaker), target=word(target), since=day(since), until=day(until), text=word(text))
    return claim_list(store, "statement", asked, limit, offset)


def claim_list(store: Ledger, section: str, asked: Asked, limit: int, offset: int) -> ClaimList:
    given = {name: value for name in asked.__struct_fields__ if (value := getattr(asked, name))}
    found = store.section(section, limit=limit, offset=offset, **given)
    return ClaimList(asked=asked, rows=found.rows, total=found.total, offset=offset, limit=limit, next=found.next)
