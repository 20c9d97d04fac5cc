"""Full text over the archive."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wanted import Limit, Offset, word
from tocsin.serve.wire import Pages
from tocsin.store.base import Hit

router = APIRouter(tags=["search"])
page = Pages(router)


class SearchPage(Row, frozen=True, kw_only=True):
    """Pages that hold the words, the best first. A hit's `marks` are offsets into its `snippet`."""

    query: str
    rows: tuple[Hit, ...]
    total: int
    offset: int
    limit: int
    next: int | None = None


@page("/search", "search.html", SearchPage)
def search(seat: Viewer, store: Ledger, q: Annotated[str, Query(max_length=400)] = "", limit: Limit = 30, offset: Offset = 0) -> object:  # fmt: skip
    """Pages by their words: all of them; "a phrase"; -not this."""
    wanted = word(q) or ""
    found = store.search(wanted, limit=limit, offset=offset)
    return SearchPage(query=wanted, rows=found.rows, total=found.total, offset=offset, limit=limit, next=found.next)
