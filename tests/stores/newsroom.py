"""A made-up newsroom: pages about a few happenings, with reprints and changed versions, as rows of JSON Lines."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.arrivals import Arrival, arrivals
from tocsin.desk import Desk
from tocsin.pipeline import Page, Reader
from tocsin.records import Record, from_json, to_json
from tocsin.store.ledger_store import LedgerStore

OUTLETS = ("gazette.example", "evening-star.example", "river-times.example", "tribune.example")
TOWNS = ("Idlib", "Aleppo", "Homs", "Hama", "Raqqa", "Palmyra")
DEEDS = (
    "Warplanes bombed a flour mill in {town} on {day}, killing {toll} people, the head of the town's hospital said.",
    "Shells fired by the army hit a bus station in {town} on {day} and killed {toll} people, rescue workers said.",
    "A car bomb went off beside a courthouse in {town} on {day}, killing {toll} people, police said.",
)
DAYS = ("Monday", "Tuesday", "Wednesday")
WORDS = (
    "harvest lamplight bakery orchard telephone ferry quarry schoolyard minibus teacher tannery river plaster blanket kettle "
    "courtyard pharmacy gravel tailor cousin veranda granary ladder almond saddle barber cistern pigeon lantern railway "
    "notebook stairwell generator carpenter olive bucket mattress plaza turnstile weaver"
).split()


@dataclass(frozen=True)
class Newsroom:
    """A file of pages, and the records that they were read as."""

    pages: Path
    memory: Path

    def desk(self, store: LedgerStore) -> Desk:
        return Desk(store, Remembered(self.memory))


def rows(count: int = 24) -> list[dict[str, str]]:
    """So many pages. Of each eight, the sixth reprints the third and the eighth is a later version of the first."""
    made: list[dict[str, str]] = []
    for number in range(count):
        if number % 8 == 5:
            made.append({**made[number - 3], "id": f"r{number}", "url": f"https://{OUTLETS[3]}/reprint/{number}"})
            made[-1]["text"] = "(Tribune) " + made[-1]["text"]
        elif number % 8 == 7:
            made.append({**made[number - 7], "id": f"v{number}"})
            made[-1]["text"] += "\n\nTwo more people died of their wounds later, the hospital said."
        else:
            made.append(_row(number))
    return made


def _row(number: int) -> dict[str, str]:
    """Two outlets tell of each happening, with tolls that differ."""
    happening, teller = number // 2, number % 2
    town, day = TOWNS[happening % len(TOWNS)], 3 + happening % 3
    deed = DEEDS[happening % len(DEEDS)]
    words = deed.format(town=town, day=DAYS[day - 3], toll=3 + happening + teller)
    rest = " ".join(_idle(random.Random(number)) for _ in range(4))
    return {
        "id": f"p{number}", "url": f"https://{OUTLETS[(happening + teller) % 3]}/news/{number}", "published": f"2018-09-0{day + teller}",
        "title": f"Deaths in {town} ({number})", "text": f"{words}\n\n{rest}",
    }  # fmt: skip


def _idle(pick: random.Random) -> str:
    """A sentence in which nothing happens, another for each page, so that only reprints look like reprints."""
    one, two, three, four, five, six = pick.sample(WORDS, 6)
    return f"The {one} by the {two} and the {three} near the {four} were quiet, and so were the {five} and the {six}."


def written(path: Path, pages: Sequence[dict[str, str]]) -> Path:
    """The rows as a file of JSON Lines."""
    path.write_text("".join(json.dumps(one) + "\n" for one in pages), encoding="utf-8")
    return path


def arrived(path: Path) -> list[Arrival]:
    found = list(arrivals([str(path)], source="jsonl"))
    assert all(isinstance(one, Arrival) for one in found)
    return [one for one in found if isinstance(one, Arrival)]


def remember(reader: Reader, path: Path, memory: Path) -> None:
    """Reads the pages of a file of JSON Lines once, and keeps the records for `Remembered`."""
    records = reader.read(one.page for one in arrived(path))
    memory.write_bytes(b"".join(to_json(one) + b"\n" for one in records))


class Remembered(Reader):
    """A reader of pages that were read before: as fast as looking them up, and with the same records."""

    def __init__(self, memory: Path) -> None:
        super().__init__()
        lines = (one for one in memory.read_bytes().split(b"\n") if one)
        self._held = {one.document.id: one for one in map(from_json, lines)}

    def read(self, pages: Iterable[Page]) -> Iterator[Record]:
        for page in pages:
            yield self._held[f"sha256:{hashlib.sha256((page.text or '').encode()).hexdigest()}"]
