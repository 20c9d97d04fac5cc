"""A process that codes shards, watched from outside: what a capture does to it costs that capture, not the run.

A page that is read has a process of its own within the worker (`tocsin.apart`), so that a reader that dies or hangs costs one page.
What comes before reading (unpacking, decoding, the funnel) runs in the worker itself, and the worker says which capture it is at. When
it dies or is silent for too long, that capture is left out, which is kept beside the sidecars, and the shard is begun again by
another worker. A capture that ends the worker even so ends the shard there, as a file does that breaks off.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from tocsin.apart import ReaderApart, bound_memory, ending
from tocsin.archive.captures import Shard
from tocsin.archive.coding import Coded, Settings, Watching, code_shard
from tocsin.errors import MissingError, StoreError, TocsinError

PATIENCE = 120.0  # seconds over one capture before it is read; they take some milliseconds
RECYCLED = 2 << 30  # bytes of memory at their most, after which a worker is replaced between two shards
_FAULTS = {"MissingError": MissingError, "StoreError": StoreError}


class LeftOut(msgspec.Struct, kw_only=True):
    """What of a shard is left out, by the number of the capture, and why; from `stop` on nothing is read."""

    why: dict[int, str] = msgspec.field(default_factory=dict)
    stop: int | None = None

    def add(self, number: int, reason: str) -> None:
        if number in self.why:
            self.stop = number
        self.why[number] = reason


class Worker:
    """The process, as its parent sees it. One thread at a time."""

    def __init__(
        self, settings: Settings, *, threads: int = 1, patience: float = PATIENCE, serve: Callable[..., None] | None = None
    ) -> None:  # fmt: skip
        self._settings, self._threads, self._patience, self._serve = settings, threads, patience, serve or serve_shards
        self._process: Any = None
        self._pipe: Any = None
        self._place: Any = None
        self._stopped = False

    def code(self, shard: Shard, out: Path) -> Coded:
        """Codes a shard. Raises `MissingError` without a model, `StoreError` where parts cannot be written, `TocsinError`
        where no process can be started.
        """
        kept = out / "shards" / f"{shard.name}.left-out"
        left_out = _kept(kept)
        while True:
            found = self._coded(shard, out, left_out)
            if isinstance(found, Coded):
                kept.unlink(missing_ok=True)
                return found
            number, reason = found
            left_out.add(number, reason)
            aside = kept.with_suffix(".left-out.new")
            aside.write_bytes(msgspec.json.encode(left_out))
            aside.replace(kept)

    def stop(self) -> None:
        """Ends the process, from any thread; a shard under way is given up, and no capture is to blame for that."""
        self._stopped = True
        if self._process is not None:
            self._process.terminate()

    def close(self, *, lost: bool = False) -> None:
        """Ends the process: one that is not lost ends by itself, and its reader with it, once nothing more can be asked of it."""
        if self._process is not None:
            self._pipe.close()
            if not lost:
                self._process.join(5)
            self._process.terminate()
            self._process.join(5)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process = None

    def _coded(self, shard: Shard, out: Path, left_out: LeftOut) -> Coded | tuple[int, str]:
        """The shard, or the capture over which the process was lost, and how."""
        if self._process is None or not self._process.is_alive():
            self.close()
            self._start()
        if self._stopped:  # also where it was stopped while it started
            self.close(lost=True)
            raise TocsinError("the run was stopped")
        self._place[:] = (-1.0, 0.0, self._patience)
        with suppress(OSError):  # it is gone: told below
            self._pipe.send((shard, str(out), left_out))
        reason = self._lost_by()
        if reason is None:
            with suppress(EOFError, OSError):
                return self._answered(*self._pipe.recv())
            self._process.join(5)
            reason = f"the process ended ({ending(self._process.exitcode)})"
        number = int(self._place[0])
        self.close(lost=True)
        if self._stopped:
            raise TocsinError("the run was stopped")
        if number < 0:
            raise TocsinError(f"{shard.path}: a worker could not begin: {reason}")
        return number, reason

    def _lost_by(self) -> str | None:
        """Waits for an answer; the reason where none comes in time."""
        beat, since = -1.0, time.monotonic()
        while not self._pipe.poll(0.5):
            if self._place[1] != beat:
                beat, since = self._place[1], time.monotonic()
            elif time.monotonic() - since > self._place[2]:
                return f"nothing came of it in {self._place[2]:.0f} seconds"
        return None

    def _answered(self, found: Any, memory: int) -> Coded:
        if memory > RECYCLED:
            self.close()
        if isinstance(found, Coded):
            return found
        name, said = found
        raise _FAULTS.get(name, StoreError)(said if name in _FAULTS else f"{name}: {said}")

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._place = context.RawArray("d", 3)
        self._pipe, theirs = context.Pipe()
        # no daemon: those may have no children, and the reader is one
        self._process = context.Process(
            target=self._serve, args=(theirs, self._place, self._settings), name="tocsin worker"
        )
        with _threads(self._threads):
            self._process.start()
        theirs.close()


def _kept(path: Path) -> LeftOut:
    try:
        return msgspec.json.decode(path.read_bytes(), type=LeftOut)
    except (OSError, msgspec.DecodeError):
        return LeftOut()


@contextmanager
def _threads(number: int) -> Iterator[None]:
    """The threads of a child's matrix products, unless they are chosen already; it takes them from the environment when it begins."""
    name = "OPENBLAS_NUM_THREADS"
    chosen = name in os.environ
    os.environ.setdefault(name, str(number))
    try:
        yield
    finally:
        if not chosen:
            os.environ.pop(name, None)


# ------------------------------------------------------------------------------------------------------------ the child


class _Place:
    """Where the worker is: written for its parent. Numbers of captures, how often they changed, and the patience for this one."""

    def __init__(self, shared: Any, left_out: LeftOut) -> None:
        self._shared, self._patience = shared, shared[2]
        self.left_out, self.stop = left_out.why, left_out.stop

    def at(self, number: int) -> None:
        self._shared[0] = float(number)
        self._shared[1] += 1.0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While pages are read, which has its own patience, in the reader's process."""
        self._shared[2] = float("inf")
        try:
            yield
        finally:
            self._shared[1] += 1.0
            self._shared[2] = self._patience


def serve_shards(pipe: Connection, shared: Any, settings: Settings) -> None:
    """Codes the shards that it is sent until the pipe is closed."""
    import gc
    import resource
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    gc.set_threshold(20_000, 20, 20)
    bound_memory()
    gazetteer = Path(settings.gazetteer) if settings.gazetteer else None
    with ReaderApart(model=settings.model, gazetteer=gazetteer) as reader, suppress(EOFError, OSError):
        while True:
            shard, out, left_out = pipe.recv()
            place: Watching = _Place(shared, left_out)
            found: Coded | tuple[str, str]
            try:
                found = code_shard(shard, Path(out), settings, reader, place)
            except Exception as problem:
                found = type(problem).__name__, f"{shard.path}: {problem}"
            pipe.send((found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
