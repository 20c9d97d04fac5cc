#!/usr/bin/env python3
"""What `tocsin code` does with a crawl: records a second, the gate's gain, a second worker's, growth with the input, memory.

    python benchmarks/speed/archive.py [--records 1000] [--ungated 200] [--share 0.05] [--times 10]

Crawls come from benchmarks/speed/crawl.py. Each run is a process of its own; its time is from start to end, with imports and
the loading of the model, which `start` gives apart: a run over four pages about a conflict. A second worker loads a model of its own, which
stays in the rates of two. Processor time is that of the process, its workers and their readers. Memory is the most that any one process of
the run held (ru_maxrss). Rates are of captures, without the start.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from crawl import write


@dataclass(frozen=True)
class Measured:
    """One run: its captures, seconds by the clock and of processors, megabytes of its largest process."""

    name: str
    captures: int
    read: int
    wall: float
    cpu: float
    memory: float


def measured(name: str, crawl: Path, out: Path, *more: str) -> Measured:
    """Codes a crawl in a process whose children's use is counted by itself."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        wall, cpu, memory = pool.apply(_run, ([str(crawl), "--out", str(out), "-q", *more],))
    funnel = json.loads((out / "funnel.json").read_bytes())
    return Measured(name, funnel["captures"], funnel["read"], wall, cpu, memory)


def _run(words: list[str]) -> tuple[float, float, float]:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tocsin.cli", "code", *words], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def row(one: Measured, start: Measured) -> str:
    wall, cpu = max(one.wall - start.wall, 1e-9), max(one.cpu - start.cpu, 1e-9)
    return (
        f"| {one.name} | {one.captures:,} | {one.read:,} | {one.wall:.1f} | {one.cpu:.1f} | {one.captures / wall:.0f} | "
        f"{one.captures / cpu:.0f} | {one.memory:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument(
        "--ungated", type=int, default=200, help="records of the crawl that is also read without the gate"
    )
    parser.add_argument("--share", type=float, default=0.05, help="of pages about a conflict")
    parser.add_argument("--times", type=int, default=10, help="the larger input, as so many of the smaller")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, records, share in (
            ("none", 4, 1.0),
            ("few", chosen.ungated, chosen.share),
            ("one", chosen.records, chosen.share),
            ("more", chosen.times * chosen.records, chosen.share),
        ):
            write(folder / label, records, 4, share, 1)
        start = measured("start", folder / "none", folder / "r0")
        runs = [
            measured("gated, small", folder / "few", folder / "r1"),
            measured("ungated, small", folder / "few", folder / "r2", "--gate", "none"),
            measured("1 worker", folder / "one", folder / "r3"),
            measured("2 workers", folder / "one", folder / "r4", "--workers", "2"),
            measured(f"1 worker, {chosen.times} x the input", folder / "more", folder / "r5"),
            measured(f"2 workers, {chosen.times} x the input", folder / "more", folder / "r6", "--workers", "2"),
        ]
    print(f"start: {start.wall:.1f} s, {start.cpu:.1f} s of processor; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # fmt: skip
    print(
        "| run | captures | read | s | s of processor | captures/s | captures/s of processor | MB |\n|---|---|---|---|---|---|---|---|"
    )
    print("\n".join(row(one, start) for one in runs))
    gated, ungated, one, _, more, both = runs
    own = {each.name: max(each.cpu - start.cpu, 1e-9) for each in runs}
    print(f"gated against ungated, processor: {own[ungated.name] / own[gated.name]:.1f} x")
    print(f"two workers against one, whole time, {chosen.times} x the input: {more.wall / both.wall:.2f} x")
    print(
        f"processor a capture at {chosen.times} x the input: {own[more.name] / more.captures / (own[one.name] / one.captures):.2f} of that at 1 x"
    )


if __name__ == "__main__":
    main()
