"""How this record is made: codebook, models, gazetteer, how well it reads, how figures are put together."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from tocsin import __version__
from tocsin.codebook import Kind, codebook
from tocsin.records import Row, Version
from tocsin.serve.accuracy import Accuracy, accuracy
from tocsin.serve.seats import Ledger, Viewer
from tocsin.serve.wire import Pages

router = APIRouter(tags=["about"])
page = Pages(router)


class KindLine(Row, frozen=True, kw_only=True):
    """A kind of event: what it is, and its codes in other lists."""

    kind: str
    name: str
    definition: str
    event_type: str
    cameo: str | None
    acled: str | None
    ucdp: str | None


class AboutPage(Row, frozen=True, kw_only=True):
    """What made the record. `read_by` is of the page that was added last."""

    release: str
    codebook_digest: str
    kinds: tuple[KindLine, ...]
    read_by: Version | None
    accuracy: tuple[Accuracy, ...]
    totals: dict[str, int]


@page("/about", "about.html", AboutPage)
def about(seat: Viewer, store: Ledger) -> object:
    """About this record."""
    known = codebook()
    lines = tuple(_line(kind) for _, kind in sorted(known.kinds.items()))
    return AboutPage(
        release=__version__, codebook_digest=known.digest, kinds=lines, read_by=_read_by(store), accuracy=accuracy(), totals=store.totals()
    )  # fmt: skip


def _line(kind: Kind) -> KindLine:
    return KindLine(
        kind=kind.kind, name=kind.name, definition=kind.definition, event_type=kind.type, cameo=kind.codes.cameo,
        acled=kind.codes.acled, ucdp=kind.codes.ucdp,
    )  # fmt: skip


def _read_by(store: Any) -> Version | None:
    last = store.documents(limit=1).rows
    record = store.record(last[0].id) if last else None
    return record.version if record else None
