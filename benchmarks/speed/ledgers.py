"""A made-up ledger of any size: happenings of an invented year, each told by some outlets, with figures that differ.

The same seed gives the same ledger. Used by the other measurements here; as a program it writes one:

    python benchmarks/speed/ledgers.py FOLDER --claims 100000
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.ledger import Claim, DocumentVersion, FigureClaim, Locus, Party, Voice
from tocsin.records import Document, Event, Record, Span, Version
from tocsin.store import reading_id

if TYPE_CHECKING:
    from tocsin.store.ledger_store import LedgerStore

CODE = Version(tocsin="0", codebook="made-up", model="none", gazetteer="none")
KINDS = [
    ("air-strike", "attack", "ASSAULT"), ("shelling", "attack", "ASSAULT"), ("clash", "attack", "ASSAULT"), ("bombing", "attack", "ASSAULT"),
    ("capture", "control", "SEIZE"), ("protest", "protest", "PROTEST"), ("detention", "detention", "SEIZE"), ("displacement", "flight", "AID"),
]  # fmt: skip
STATUSES = ["happened"] * 6 + ["reported"] * 2 + ["alleged", "denied", "threatened", "background"]
SYLLABLES = "al bar dar el fa gha hama jar kaf lat mar nab qal ras sar tal um wadi zab".split()
PER_PAGE = 5  # claims


@dataclass(frozen=True, slots=True)
class Happening:
    kind: tuple[str, str, str]
    day: str
    place: Locus
    actor: Party
    recipient: Party
    killed: int
    status: str


class World:
    """Places, parties and outlets of an invented war, and what happened in it."""

    def __init__(self, seed: int = 13, places: int = 400, days: int = 730) -> None:
        self.random = random.Random(seed)
        self.days = days
        self.places = [self._place(number) for number in range(places)]
        self.parties = [self._party(number) for number in range(60)]
        self.outlets = [f"outlet-{number:02}.example" for number in range(40)]

    def _name(self) -> str:
        return "".join(self.random.choice(SYLLABLES) for _ in range(3)).capitalize()

    def _place(self, number: int) -> Locus:
        lat, lon = self.random.uniform(32, 37), self.random.uniform(36, 42)
        precise = self.random.random() < 0.85
        return Locus(
            name=self._name(), lat=round(lat, 4), lon=round(lon, 4), country="SY", admin1=f"Province {number % 14}",
            precision="exact" if precise else "admin", radius_km=3.0 if precise else 40.0, geonameid=900_000 + number,
        )  # fmt: skip

    def _party(self, number: int) -> Party:
        name = f"{self._name()} Brigade"
        return Party(key=f"REB{number:02}", name=name, text=name, code=f"REB{number:02}", country="SYR", sector="REB")

    def happening(self) -> Happening:
        pick = self.random
        day = (date(2018, 1, 1) + timedelta(days=pick.randrange(self.days))).isoformat()
        one, other = pick.sample(self.parties, 2)
        return Happening(
            pick.choice(KINDS),
            day,
            pick.choice(self.places),
            one,
            other,
            int(pick.paretovariate(1.2)),
            pick.choice(STATUSES),
        )

    def pages(self, claims: int) -> Iterator[tuple[DocumentVersion, bytes, Record, list[Claim]]]:
        """Pages with `PER_PAGE` claims each until there are so many; happenings are told by one to six of them."""
        told: list[Happening] = []
        for number in range(-(-claims // PER_PAGE)):
            while len(told) < 60:
                told += [self.happening()] * self.random.choice([1, 1, 1, 2, 2, 3, 6])
            self.random.shuffle(told)
            yield page(self, number, [told.pop() for _ in range(PER_PAGE)])


def page(
    world: World, number: int, happenings: Sequence[Happening]
) -> tuple[DocumentVersion, bytes, Record, list[Claim]]:
    """One page about some happenings, as a reader would have read it."""
    pick = world.random
    outlet = pick.choice(world.outlets)
    text = f"Report {number} of {outlet}.\n"
    spans: list[Span] = []
    for one in happenings:
        words = (
            f"{one.actor.name}: {one.kind[0]} in {one.place.name} killed {one.killed} of {one.recipient.name} on {one.day}. "
            + " ".join(world.random.choice(SYLLABLES) for _ in range(40))
        )
        spans.append(Span(start=len(text), end=len(text) + len(words), text=words))
        text += words + "\n"
    raw = text.encode()
    name = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    published = max(one.day for one in happenings)
    url = f"https://{outlet}/news/{number}"
    version = DocumentVersion(
        id=name, document=url, url=url, title=f"Report {number}", outlet=outlet, language="en", published=published,
        published_basis="metadata", added="2026-11-23T10:00:00Z",
    )  # fmt: skip
    claims = [
        claim(world, version, n, one, span) for n, (one, span) in enumerate(zip(happenings, spans, strict=True), 1)
    ]
    events = tuple(
        Event(id=one.row, trigger=one.trigger, event_type=one.event_type or "", kind=one.kind, status=one.status)
        for one in claims
    )
    record = Record(document=Document(id=name, url=url, title=version.title, text=text), events=events, version=CODE)
    return version, raw, record, claims


def claim(world: World, version: DocumentVersion, number: int, one: Happening, span: Span) -> Claim:
    pick = world.random
    reading, row = reading_id(CODE), f"e{number}"
    voice = (
        Voice(key=version.outlet)
        if pick.random() < 0.7
        else Voice(key=one.actor.key, speaker=one.actor.name, via=version.outlet)
    )
    killed = max(0, one.killed + pick.choice([0, 0, 0, 1, -1, 3]))
    identity = f"{version.id[7:23]}-{reading[:8]}-{row}"
    figures = (
        FigureClaim(
            id=f"{identity}-f1", kind="killed", low=killed, best=killed, high=killed, voice=voice, text=str(killed)
        ),
    )
    return Claim(
        id=identity, version=version.id, reading=reading, section="event", row=row, kind=one.kind[0], family=one.kind[1],
        event_type=one.kind[2], status=one.status, day_from=one.day, day_to=one.day, day_basis="stated", place=one.place,
        places=(one.place,), actors=(one.actor,), recipients=(one.recipient,), figures=figures if killed else (), voices=(voice,),
        outlet=version.outlet, published=version.published, known=version.published or "",
        trigger=Span(start=span.start, end=span.start + 5, text=span.text[:5]), sentence=span, confidence=0.8,
        detail={"rule": "made up"},
    )  # fmt: skip


def fill(store: LedgerStore, claims: int, seed: int = 13, *, signed: bool = False) -> World:
    """Puts so many claims into an empty ledger, then groups them as a whole. Does not wait for the disk: it can be made again.

    `signed` also keeps by what copies of the texts are found, which takes a third longer.
    """
    import os

    from tocsin import grouping

    world, keep = World(seed), os.fsync
    os.fsync = lambda _: None  # type: ignore[assignment]
    try:
        batch: list[tuple[DocumentVersion, bytes, Record, list[Claim]]] = []
        for one in world.pages(claims):
            batch.append(one)
            if len(batch) == 500:
                _put(store, batch, signed)
                batch = []
        _put(store, batch, signed)
    finally:
        os.fsync = keep
    grouping.whole(store)
    return world


def _put(store: LedgerStore, batch: Sequence[tuple[DocumentVersion, bytes, Record, list[Claim]]], signed: bool) -> None:
    from tocsin.merge.reprints import signatures

    marks = [one.bands for one in signatures(row[2].document.text for row in batch)] if signed else [()] * len(batch)
    with store.writing():
        for (version, raw, record, claims), bands in zip(batch, marks, strict=True):
            store.put_version(version, raw)
            store.put_reading(version.id, record, claims, {})
            store.put_signature(version.id, bands, None, version.id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=13)
    chosen = parser.parse_args()
    from tocsin.project import init

    begun = time.perf_counter()
    store = init(chosen.folder).open()
    fill(store, chosen.claims, chosen.seed)
    print(store.totals(), f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
