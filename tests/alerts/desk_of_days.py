"""A ledger to which pages come day by day, with records made by hand: what a feed would have brought."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tocsin.arrivals import Arrival
from tocsin.desk import Desk
from tocsin.pipeline import Page, Reader
from tocsin.records import (
    Actor,
    Codes,
    Document,
    Event,
    EventTime,
    Figure,
    Place,
    Record,
    Source,
    Span,
    Statement,
    Version,
)  # fmt: skip
from tocsin.store import open_store

BY = Version(tocsin="0.1.0", codebook="c", model="m", gazetteer="g")


class Told:
    """One report: who prints it and when, what of which day, with which status and toll, in which words."""

    def __init__(
        self, outlet: str, published: str, day: str, *, kind: str = "air-strike", status: str = "happened", killed: int | None = None,
        town: str = "Mayadin", lat: float = 35.0, words: str = "", speaker: str = "",
    ) -> None:  # fmt: skip
        self.outlet, self.published, self.day, self.kind, self.status = outlet, published, day, kind, status
        self.killed, self.town, self.lat, self.speaker = killed, town, lat, speaker
        self.text = (
            words
            or f"{outlet} says that jets hit the mill of {town}, and that {killed or 'nobody knows how many'} died."
        )

    @property
    def page(self) -> Page:
        return Page(name=f"https://{self.outlet}.example/{self.published}/{hashlib.md5(self.text.encode()).hexdigest()[:6]}", text=self.text)  # fmt: skip


class Scripted(Reader):
    """Reads what it was told that the pages say."""

    def __init__(self, version: Version = BY) -> None:
        self.version = version
        self.told: dict[str, Told] = {}

    def read(self, pages: Iterable[Page]) -> Iterator[Record]:
        for page in pages:
            yield record(self.told[page.text or ""], page, self.version)


def record(told: Told, page: Page, version: Version) -> Record:
    text = told.text
    span = Span(start=0, end=4, text=text[:4])
    figure = Figure(
        id="f1", start=0, end=4, text=text[:4], kind="killed", low=told.killed, best=told.killed, high=told.killed
    )
    said = Statement(id="s1", start=0, end=len(text), content=Span(start=0, end=len(text), text=text), source=Source(start=0, end=4, text=text[:4], actor="a2"))  # fmt: skip
    event = Event(
        id="e1", trigger=span, event_type="ASSAULT", kind=told.kind, codes=Codes(muc4="bombing"), status=told.status,  # type: ignore[arg-type]
        place=("p1",), time=EventTime(value=told.day, precision="day", basis="stated"), figures=("f1",) if told.killed else (),
        actor=("a1",), said_by=("s1",) if told.speaker else (),
    )  # fmt: skip
    return Record(
        document=Document(id=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}", url=page.name, publisher=told.outlet, language="en", published=told.published, published_basis="given", text=text),
        places=(Place(id="p1", start=0, end=4, text=text[:4], name=told.town, lat=told.lat, lon=41.0, country="SY", precision="exact", radius_km=3.0),),
        actors=(Actor(id="a1", start=0, end=4, text=text[:4], name="Air force", code="SYRMIL"), Actor(id="a2", start=0, end=4, text=text[:4], name=told.speaker or None)),
        statements=(said,) if told.speaker else (), events=(event,), figures=(figure,) if told.killed else (), version=version,
    )  # fmt: skip


class Newsdesk:
    """A desk on a ledger of its own, to which reports are added."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.store = open_store(folder / "ledger.sqlite")
        self.reader = Scripted()
        self.desk = Desk(self.store, self.reader)

    def add(self, *reports: Told) -> Any:
        self.reader.told |= {one.text: one for one in reports}
        counts = self.desk.add(
            [Arrival(page=one.page, raw=one.text.encode(), media_type="text/plain") for one in reports]
        )
        assert counts.added + counts.known == len(reports), counts
        return counts
