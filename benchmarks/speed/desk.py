"""How fast pages are added: against reading them alone, and as the ledger that they are merged into grows.

    python benchmarks/speed/desk.py [--pages FOLDER] [--rounds 5] [--sizes 1000 10000 100000] [--added 200]

First table: the pages of a folder (default: the examples), read by a warm reader as `tocsin read` does, and added to an empty
project as `tocsin add` does, with a warm reader in a process of its own, one after the other, `--rounds` times; the best of each; and
added within one process, as a single page is. Wanted: add at .8 of the pages a second of read.

Second table: ledgers of an invented war (`ledgers.py`: two years, 400 places, five claims a page), and what `add` does to one more
page after it was read: archive and rows, the search for copies, links, incidents, the end of the transaction. Wanted: under 50 ms a
page with 100,000 claims. `--profile` tells where the time goes at the largest size.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import os
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ledgers import World, fill

from tocsin.apart import ReaderApart
from tocsin.arrivals import Arrival, arrivals
from tocsin.desk import Desk
from tocsin.pipeline import Reader
from tocsin.store import open_store

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pages"


def main() -> None:
    chosen = arguments()
    gc.set_threshold(20_000, 20, 20)  # as the command line does
    if chosen.rounds:
        print(reading_and_adding(chosen.pages, chosen.rounds), flush=True)
    print(
        "\n| claims | pages | ms a page (mean) | median | p95 | most | of it rows | copies, links, incidents | commit |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for size in chosen.sizes:
        print(one_more(size, chosen.added, profile=chosen.profile and size == chosen.sizes[-1]), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=EXAMPLES, help="a folder of pages, or a file of JSON Lines")
    parser.add_argument("--rounds", type=int, default=5, help="0: without the first table")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000], help="none: without the second"
    )
    parser.add_argument("--added", type=int, default=200, help="pages that are timed at each size")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def reading_and_adding(pages: Path, rounds: int) -> str:
    """The first table."""
    source = "jsonl" if pages.is_file() else "pages"
    arrived = [one for one in arrivals([str(pages)], source=source) if isinstance(one, Arrival)]
    took: dict[str, list[tuple[float, float]]] = {"read": [], "add": [], "add, one process": []}
    reader = Reader()
    with ReaderApart() as apart:
        for one in (reader, apart):
            list(one.read([each.page for each in arrived]))  # loads the models
        for _ in range(rounds):  # by turns, so that what else the machine does meets all
            took["read"].append(_seconds(lambda: list(reader.read(one.page for one in arrived))))
            took["add"].append(_adding(apart, arrived))
            took["add, one process"].append(_adding(reader, arrived))
    best = {name: [min(column) for column in zip(*rows, strict=True)] for name, rows in took.items()}
    rows = [f"| {name} | {len(arrived) / wall:.1f} | {wall:.2f} | {cpu:.2f} |" for name, (wall, cpu) in best.items()]
    ratios = ", ".join(f"{name} {best['read'][0] / best[name][0]:.2f}" for name in took if name != "read")
    last = (
        f"pages a second against read, by the clock: {ratios} ({len(arrived)} pages; processor: of this process alone)"
    )
    return "\n".join(["| | pages/s | s | processor s |", "|---|---|---|---|", *rows, last])


def _adding(reader: Reader | ReaderApart, arrived: list[Arrival]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # where a project would lie, which is seldom in memory
        desk = Desk(open_store(Path(folder) / "ledger.sqlite"), reader)
        took = _seconds(lambda: desk.add(arrived))
        desk.store.close()
    return took


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and by the processor."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def one_more(size: int, count: int, *, profile: bool = False) -> str:
    """A row of the second table: pages of the same invented years, added to a ledger of that many claims."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        store = open_store(Path(folder) / "ledger.sqlite")
        fill(store, size, signed=True)
        desk, took, rows, merging, ends = Desk(store), [], [], [], []
        profiler = cProfile.Profile()
        for number, (version, raw, record, claims) in enumerate(World(seed=99).pages(5 * (count + 5))):
            os.sync() if number == 5 else None  # what filling left to be written is not what adding costs
            if profile and number == 5:
                profiler.enable()
            start = time.perf_counter()
            with store.writing():
                kept = store.put_version(version, raw)
                put = time.perf_counter()
                desk.enter(kept, record, claims)
                merged = time.perf_counter()
            end = time.perf_counter()
            if number >= 5:
                took.append(1000 * (end - start))
                rows.append(1000 * (put - start))
                merging.append(1000 * (merged - put))
                ends.append(1000 * (end - merged))
        profiler.disable()
        pages = store.totals()["versions"]
        store.close()
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    ninety_fifth = statistics.quantiles(took, n=20)[18]
    parts = " | ".join(f"{statistics.mean(one):.1f}" for one in (rows, merging, ends))
    return f"| {size:,} | {pages:,} | {statistics.mean(took):.1f} | {statistics.median(took):.1f} | {ninety_fifth:.1f} | {max(took):.1f} | {parts} |"  # fmt: skip


if __name__ == "__main__":
    main()
