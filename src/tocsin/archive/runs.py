"""A run: the shards of its inputs, coded by processes of this machine, with a manifest by which it goes on where it stopped.

    run1/manifest.json     inputs, settings, versions, and for each shard its parts with their sha256; written when all is done
    run1/shards/*.json     a sidecar for each shard that is done: counts by stage, problems, the sha256 of its parts
    run1/pages/*.parquet   a row for each page that was read, with its whole record
    run1/events/*.parquet  a row for each event
    run1/funnel.json       the counts of all shards together

A shard counts as done when its sidecar is there and its parts are as the sidecar says; the sidecar is written last. A run that was
killed therefore goes on with the shards that are left, and ends with the same bytes as one that never was.
"""

from __future__ import annotations

import concurrent.futures
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import msgspec

from tocsin import __version__, rulefiles
from tocsin.archive import parts
from tocsin.archive.captures import Shard
from tocsin.archive.coding import Coded, Settings
from tocsin.archive.funnel import STAGES
from tocsin.archive.workers import Worker
from tocsin.errors import StoreError, UsageError
from tocsin.pipeline import Reader
from tocsin.records import Version

PLAN = "plan.json"
Told = Callable[[Coded, int, int], None]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is of: kept when it starts, so that it cannot be gone on with over other inputs or by other code."""

    schema: str
    tocsin: str
    rules: str
    model: str
    gazetteer: str
    settings: Settings
    shards: tuple[Shard, ...]


def plan(shards: Sequence[Shard], settings: Settings, version: Version) -> Plan:
    return Plan(
        schema=parts.SCHEMA, tocsin=__version__, rules=rulefiles.rules_digest(), model=version.model or "",
        gazetteer=version.gazetteer or "", settings=settings, shards=tuple(shards),
    )  # fmt: skip


def begin(out: Path, wanted: Plan, told: Callable[[str], None] = lambda line: None) -> dict[int, Coded]:
    """Opens a run's folder and returns the shards that are done. Raises `UsageError` where it is a run of something else.

    A shard with a part that is gone, or not as it was written, is told of and is not done.
    """
    path = out / PLAN
    encoded = msgspec.json.format(msgspec.json.encode(wanted), indent=1)
    if path.exists():
        if path.read_bytes() != encoded:
            raise UsageError(
                f"{out} is a run over other inputs, or by another version or other settings; name another folder"
            )
    elif out.exists() and any(not one.name.startswith(f".{PLAN}.") for one in out.iterdir()):
        raise UsageError(f"{out} is no run of ours and not empty; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    _keep(path, encoded)  # before all else: a folder without a plan is not ours, and a run may be killed at any point
    for folder in ("shards", *parts.TABLES):
        (out / folder).mkdir(exist_ok=True)
    _sweep(out)
    return {one.shard.number: one for one in done(out) if _is_whole(out, one, told)}


def _sweep(out: Path) -> None:
    """Takes away the pieces that a killed run, or a lost worker, had begun."""
    for pattern in (".*.json.[0-9]*", "*/.*.[0-9]*"):
        for left in out.glob(pattern):
            left.unlink(missing_ok=True)


def done(out: Path) -> Iterator[Coded]:
    """The sidecars of a run, in the order of the shards; what cannot be read as one is none."""
    for path in sorted((out / "shards").glob("*.json")):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=Coded)
        except (msgspec.DecodeError, OSError):
            continue


def _is_whole(out: Path, one: Coded, told: Callable[[str], None]) -> bool:
    for name, digest in one.parts.items():
        try:
            whole = parts.digest_of(out / name) == digest
        except OSError as problem:
            told(f"{out / name}: cannot be read ({problem.strerror}); its shard is coded again")
            return False
        if not whole:
            told(f"{out / name}: is not what was written; its shard is coded again")
            return False
    return True


def finish_shard(out: Path, one: Coded) -> None:
    """Keeps the sidecar of a shard: from now on it is done."""
    _keep(out / "shards" / one.sidecar, msgspec.json.format(msgspec.json.encode(one), indent=1))


def finish(out: Path, wanted: Plan) -> Counter[str]:
    """Writes funnel.json and manifest.json once every shard is done; returns the counts. Raises `StoreError` where one is not."""
    found = {one.shard.number: one for one in done(out)}
    missing = [one.name for one in wanted.shards if one.number not in found]
    if missing:
        raise StoreError(f"{out}: {len(missing)} shards are not done, {missing[0]} the first; run the command again")
    _sweep(out)
    ordered = [found[one.number] for one in wanted.shards]
    total: Counter[str] = Counter()
    for one in ordered:
        total.update(one.counts)
    told = {name: total[name] for name in (*STAGES, *sorted(total.keys() - set(STAGES)))}
    _keep(out / "funnel.json", msgspec.json.format(msgspec.json.encode(told), indent=1))
    manifest = {
        **msgspec.to_builtins(wanted),
        "parts": {name: digest for one in ordered for name, digest in sorted(one.parts.items())},
    }
    _keep(out / "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return total


def _keep(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


# ----------------------------------------------------------------------------------------------------- local processes


def run_local(out: Path, wanted: Plan, left: Sequence[Shard], workers: int, told: Told) -> None:
    """Codes the shards that are left with processes of this machine, one model each; the largest shards first, so that no
    worker is left alone with a large one at the end.

    Raises `KeyboardInterrupt` after the shards under way were given up: those that were told of are kept.
    """
    count = min(workers, len(left))
    threads = max(1, (os.cpu_count() or 1) // count)
    hands = [Worker(wanted.settings, threads=threads) for _ in range(count)]
    queue = SimpleQueue[Shard]()
    for shard in sorted(left, key=lambda one: (-one.size, one.number)):
        queue.put(shard)
    stopped = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers: SimpleQueue[Coded | None] = SimpleQueue()
        under_way = [pool.submit(_work, hand, queue, out, answers, stopped) for hand in hands]
        try:
            _gather(out, len(left), answers, under_way, told)
        finally:
            stopped.set()
            for hand in hands:
                hand.stop()


def _work(
    hand: Worker, queue: SimpleQueue[Shard], out: Path, answers: SimpleQueue[Coded | None], stopped: threading.Event
) -> None:
    try:
        while not stopped.is_set():
            answers.put(hand.code(queue.get_nowait(), out))
    except Empty:
        pass
    finally:
        hand.close()
        answers.put(None)


def _gather(
    out: Path, total: int, answers: SimpleQueue[Coded | None], under_way: Sequence[concurrent.futures.Future[None]], told: Told
) -> None:  # fmt: skip
    done = ended = 0
    while ended < len(under_way):
        one = answers.get()
        if one is None:
            ended += 1
            for future in concurrent.futures.wait(under_way, timeout=0.1).done:
                future.result()  # raises what a worker met
            continue
        done += 1
        finish_shard(out, one)
        told(one, done, total)
    for future in under_way:
        future.result()


def reader_of(settings: Settings) -> Reader:
    return Reader(model=settings.model, gazetteer=Path(settings.gazetteer) if settings.gazetteer else None)


class Clock:
    """Rate and time left, from what is done by now."""

    def __init__(self, total: int) -> None:
        self._start, self._total = time.monotonic(), total

    def line(self, number: int, counts: Counter[str]) -> str:
        spent = time.monotonic() - self._start
        left = spent / number * (self._total - number) if number else 0.0
        rate = counts["captures"] / spent if spent else 0.0
        return f"{number}/{self._total} shards, {counts['captures']:,} captures, {counts['read']:,} read, {rate:,.0f}/s, {_span(left)} left"


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02}m" if hours else f"{minutes}m{rest:02}s" if minutes else f"{rest}s"


def engines() -> dict[str, Any]:
    """The engines by name; Ray's is imported when it is asked for."""
    from tocsin.archive import rays

    return {"local": run_local, "ray": rays.run_ray}
