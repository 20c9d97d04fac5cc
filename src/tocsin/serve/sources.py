"""Where the pages come from, and what could not be read."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wire import Pages
from tocsin.store.base import OutletState
from tocsin.store.watching import Source
from tocsin.watch.silences import failing

router = APIRouter(tags=["sources"])
page = Pages(router)


class WatchedSource(Row, frozen=True, kw_only=True):
    """A source that is watched; `wrong` says in words that it fails or is silent."""

    source: Source
    wrong: str | None = None


class SourcesPage(Row, frozen=True, kw_only=True):
    """Sources that are watched, and outlets by name with their failures."""

    outlets: tuple[OutletState, ...]
    watched: tuple[WatchedSource, ...]
    totals: dict[str, int]


@page("/sources", "sources.html", SourcesPage)
def sources(seat: Viewer, store: Ledger) -> object:
    """Each outlet's pages, and its failures with the reason."""
    return SourcesPage(outlets=store.outlets(), watched=watched(store), totals=store.totals())


def watched(store: Ledger) -> tuple[WatchedSource, ...]:
    """The sources by name, each with what is wrong with it now."""
    known = store.sources()
    wrong = {one.url: words for one, words in failing(known, datetime.now(UTC))}
    return tuple(WatchedSource(source=one, wrong=wrong.get(one.url)) for one in known)
