#!/usr/bin/env python3
"""What merging a whole run costs, out of core: time by stage and the most memory, for claims of an invented war.

    python benchmarks/speed/merge_run.py [--sizes 10000 100000 1000000] [--years 2] [--seed 5] [--memory 1GB]

The claims are those of `merge.py`: 300 places, 40 kinds, one to six reports of a happening, a tenth without a place, a fifth without a
date, in no order, five to a page. A war of `--years` has 100,000 of them; a larger run is of a longer war, as the years of an archive
are. Only the merging is timed: a run's pages are read from its parts at the rate that `tocsin merge` shows. Each size has a process of
its own, and its memory is the most that it ever held.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
from merge import World

from tocsin.archive import merging
from tocsin.ledger import Claim, DocumentVersion
from tocsin.merge.reprints import Signature

PAGE = 5  # claims


def version(number: int, published: str) -> DocumentVersion:
    name = f"v{number}"
    return DocumentVersion(
        id=name, document=name, url=None, ref=name, title=None, publisher=None, outlet=f"outlet {number % 40}",
        author=None, language="en", published=published, published_basis="given", retrieved=None, media_type="text/plain",
    )  # fmt: skip


def made(size: int, years: float, seed: int) -> Iterator[Claim]:
    """The claims in no order of time, the reports of one happening some thousands of pages apart."""
    world = World(seed, max(30, round(365 * years * size / 100_000)))
    waiting: list[Claim] = []
    for _ in range(size):
        while len(waiting) < min(size, 20_000):
            waiting += world.reports()
        place = world.pick.randrange(len(waiting))
        waiting[place], waiting[-1] = waiting[-1], waiting[place]
        yield waiting.pop()


def batched(flow: Iterator[Claim], size: int) -> Iterator[list[Claim]]:
    while group := list(islice(flow, size)):
        yield group


def measured(size: int, years: float, seed: int, memory: str) -> str:
    stages: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        base = merging._open(Path(folder) / ".work.duckdb", memory)
        kept, counts = merging.Kept(Path(folder) / ".work.sqlite"), merging.Merged()

        def timed(name: str, work: object, *given: object) -> None:
            start = time.monotonic()
            work(*given)  # type: ignore[operator]
            stages[name] = time.monotonic() - start

        timed("taking in", take_in, base, kept, counts, size, years, seed)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        timed("copies", merging._tell_copies, base, kept, counts, quiet)
        timed("links", merging._link_all, base, kept, counts, quiet)
        timed("incidents", merging._write, base, kept, Path(folder) / "incidents.parquet", counts, quiet)
        base.close()
        kept.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = " | ".join(f"{seconds:.0f}" for seconds in stages.values())
    return (
        f"| {size:,} | {told} | {1000 * (sum(stages.values()) - stages['taking in']) / size:.2f} | {counts.pairs:,} | {counts.links:,} | "
        f"{counts.incidents:,} | {before:,.0f} | {most:,.0f} |"
    )


def take_in(base: object, kept: merging.Kept, counts: merging.Merged, size: int, years: float, seed: int) -> None:
    for group in batched(made(size, years, seed), 200 * PAGE):
        taken = merging.Taken()
        for page in batched(iter(group), PAGE):
            number = counts.pages
            claims = [msgspec.structs.replace(one, version=f"v{number}") for one in page]
            taken.add(counts, version(number, claims[0].published or ""), claims, Signature((), (), {}))
        taken.put(base, kept)


def quiet(stage: str, number: int) -> None:
    pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--years", type=float, default=2.0, help="of a war of 100,000 claims")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--memory", default=merging.MEMORY, help="that DuckDB may hold")
    chosen = parser.parse_args()
    print(
        "| claims | taking in, s | copies, s | links, s | incidents, s | ms a claim | pairs | links | incidents | MB before | MB at most |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for size in chosen.sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(measured, (size, chosen.years, chosen.seed, chosen.memory)), flush=True)


if __name__ == "__main__":
    main()
