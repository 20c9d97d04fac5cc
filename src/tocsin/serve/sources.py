"""Where the pages come from, and what could not be read."""

from __future__ import annotations

from fastapi import APIRouter

from tocsin.records import Row
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wire import Pages
from tocsin.store.base import OutletState

router = APIRouter(tags=["sources"])
page = Pages(router)


class SourcesPage(Row, frozen=True, kw_only=True):
    """Outlets by name, with their failures."""

    outlets: tuple[OutletState, ...]
    totals: dict[str, int]


@page("/sources", "sources.html", SourcesPage)
def sources(seat: Viewer, store: Ledger) -> object:
    """Each outlet's pages, and its failures with the reason."""
    return SourcesPage(outlets=store.outlets(), totals=store.totals())
