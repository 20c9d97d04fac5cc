"""A run: the shards of its inputs, coded by processes of this machine, with a manifest by which it goes on where it stopped.

    run1/manifest.json     inputs, settings, versions, and for each shard its parts with their sha256; written when all is done
    run1/shards/*.json     a sidecar for each shard that is done: counts by stage, problems, the sha256 of its parts
    run1/pages/*.parquet   a row for each page that was read, with its whole record
    run1/events/*.parquet  a row for each event
    run1/funnel.json       the counts of all shards together

A shard counts as done when its sidecar is there and names the parts that are there; the sidecar is written last. A run that was
killed therefore goes on with the shards that are left, and ends with the same bytes as one that never was.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tocsin import __version__, rulefiles
from tocsin.archive import parts
from tocsin.archive.captures import Shard
from tocsin.archive.coding import Coded, Settings, code_shard
from tocsin.archive.funnel import STAGES
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


def begin(out: Path, wanted: Plan) -> dict[int, Coded]:
    """Opens a run's folder and returns the shards that are done. Raises `UsageError` where it is a run of something else."""
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
    for pattern in (".*.json.[0-9]*", "*/.*.[0-9]*"):  # pieces that a killed run had begun
        for left in out.glob(pattern):
            left.unlink(missing_ok=True)
    return {one.shard.number: one for one in done(out) if _is_whole(out, one)}


def done(out: Path) -> Iterator[Coded]:
    """The sidecars of a run, in the order of the shards; what cannot be read as one is none."""
    for path in sorted((out / "shards").glob("*.json")):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=Coded)
        except (msgspec.DecodeError, OSError):
            continue


def _is_whole(out: Path, one: Coded) -> bool:
    return all((out / name).is_file() for name in one.parts)


def finish_shard(out: Path, one: Coded) -> None:
    """Keeps the sidecar of a shard: from now on it is done."""
    _keep(out / "shards" / one.sidecar, msgspec.json.format(msgspec.json.encode(one), indent=1))


def finish(out: Path, wanted: Plan) -> Counter[str]:
    """Writes funnel.json and manifest.json once every shard is done; returns the counts. Raises `StoreError` where one is not."""
    found = {one.shard.number: one for one in done(out)}
    missing = [one.name for one in wanted.shards if one.number not in found]
    if missing:
        raise StoreError(f"{out}: {len(missing)} shards are not done, {missing[0]} the first; run the command again")
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

_reader: Reader | None = None


def run_local(out: Path, wanted: Plan, left: Sequence[Shard], workers: int, told: Told) -> None:
    """Codes the shards that are left with processes of this machine, one model each; with one worker in this process.

    Raises `KeyboardInterrupt` after the shards under way were given up: those that were told of are kept.
    """
    if workers == 1 or len(left) <= 1:
        reader = reader_of(wanted.settings)
        for number, shard in enumerate(left, 1):
            one = code_shard(shard, out, wanted.settings, reader)
            finish_shard(out, one)
            told(one, number, len(left))
        return
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(
        min(workers, len(left)), mp_context=context, initializer=_start
    ) as pool:
        try:
            _gather(out, wanted, left, pool, told)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(getattr(pool, "_processes", {}).values()):
                process.terminate()
            raise


def _gather(out: Path, wanted: Plan, left: Sequence[Shard], pool: concurrent.futures.Executor, told: Told) -> None:
    """Largest shards first, so that no worker is left alone with a large one at the end."""
    ordered = sorted(left, key=lambda one: (-one.size, one.number))
    waiting = {pool.submit(_code, shard, str(out), wanted.settings): shard for shard in ordered}
    for number, future in enumerate(concurrent.futures.as_completed(waiting), 1):
        one = future.result()
        finish_shard(out, one)
        told(one, number, len(left))


def _start() -> None:
    """Before numpy is loaded: one thread a worker, for there is a worker a core."""
    import gc
    import signal

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    gc.set_threshold(20_000, 20, 20)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _code(shard: Shard, out: str, settings: Settings) -> Coded:
    global _reader
    if _reader is None:
        _reader = reader_of(settings)
    return code_shard(shard, Path(out), settings, _reader)


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
