"""A reader in a process of its own: what a page does to its reader, it does not do to the program that keeps the pages.

While the parent keeps the pages that were read, the child reads on. A child that dies over a page (a fault within a parser's
compiled code, no memory left) or that is not heard of for too long is replaced, and the caller is told which pages it was reading.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from tocsin import errors
from tocsin.errors import TocsinError
from tocsin.pipeline import Page, Reader
from tocsin.records import Record

PATIENCE, PATIENCE_PER_PAGE = 90.0, 0.5  # seconds of silence: for starting and for a group of small pages
SLOWEST = 4_000  # code points a second, a twentieth of what the slowest machine that we measured reads
MEMORY = 8 << 30  # bytes that the child may take up; it takes some 500 MB, more on paper where there are many cores
_READY = b"r"
_RECORD = b"."
_FAULT = b"!"
_ENDED = b""
_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Record)


class ReaderLost(TocsinError):
    """The reader's process died or was stopped over the pages that it was given."""


class ReaderApart:
    """Like `Reader`, but `read` begins at once and runs while its records are consumed. For one thread.

    Raises what the reader raises; `ReaderLost` where its process is gone: the next call starts another one. Raises `TocsinError`
    where no process can be started.
    """

    def __init__(
        self, *, model: str | None = None, gazetteer: Path | None = None, patience: float = PATIENCE,
        make: Callable[[], Reader] | None = None,
    ) -> None:  # fmt: skip
        self._make = make or partial(Reader, model=model, gazetteer=gazetteer)
        self._patience = patience
        self._child: _Child | None = None

    def __enter__(self) -> ReaderApart:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, pages: Iterable[Page]) -> Iterator[Record]:
        """Records in the order of the pages. Others may be asked for before these are consumed: they are read in their turn."""
        if self._child is None or not self._child.alive:
            self.close()
            self._child = _Child(self._make, self._patience)
        return self._child.read(list(pages))

    def close(self) -> None:
        """Ends the process; what it had not read yet is not read."""
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The process, the pipe to it, and a thread that takes in what it has read, so that it never waits for the parent."""

    def __init__(self, make: Callable[[], Reader], patience: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make), name="tocsin reader", daemon=True)
        with _cores_left():
            self._process.start()
        theirs.close()
        self._patience, self._owed = patience, 0.0
        self._asked: queue.SimpleQueue[tuple[int, list[Page]] | None] = queue.SimpleQueue()
        self._answers: dict[int, queue.SimpleQueue[tuple[bytes, bytes]]] = {}
        self._numbers = itertools.count()
        self._heard, self._ready, self.alive = time.monotonic(), False, True
        for work in (self._send, self._receive):
            threading.Thread(target=work, daemon=True).start()

    def read(self, pages: list[Page]) -> Iterator[Record]:
        number = next(self._numbers)
        self._answers[number] = queue.SimpleQueue()
        self._asked.put((number, pages))
        owed = sum(len(one.text or one.html or "") / SLOWEST + PATIENCE_PER_PAGE for one in pages)
        self._owed += owed
        return self._records(number, len(pages), owed)

    def _records(self, number: int, count: int, owed: float) -> Iterator[Record]:
        try:
            for _ in range(count):
                kind, answer = self._answer(self._answers[number])
                if kind == _FAULT:
                    raise _fault(*msgspec.msgpack.decode(answer, type=tuple[str, str]))
                yield _decoder.decode(answer)
        finally:
            self._owed -= owed
            del self._answers[number]

    def _answer(self, answers: queue.SimpleQueue[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
        """Raises `ReaderLost` after too long a silence, whichever pages it was over, and where the process ended."""
        while True:
            with suppress(queue.Empty):
                kind, answer = answers.get(timeout=0.5)
                if kind == _ENDED:
                    break
                return kind, answer
            silent = time.monotonic() - self._heard
            if silent > self._patience + self._owed:
                self.end()
                raise ReaderLost(f"nothing was heard of the reader for {silent:.0f} seconds, and it was stopped")
            if not self.alive:
                break
        self.end()
        how = ending(self._process.exitcode)
        if not self._ready:
            raise TocsinError(f"a process to read pages in could not be started ({how})")
        raise ReaderLost(f"the reader's process ended ({how})")

    def end(self) -> None:
        self.alive = False
        self._asked.put(None)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()

    def _send(self) -> None:
        with suppress(OSError, ValueError):
            while (asked := self._asked.get()) is not None:
                self._pipe.send(asked)

    def _receive(self) -> None:
        with suppress(OSError, EOFError):
            while True:
                message = self._pipe.recv_bytes()
                self._heard = time.monotonic()
                kind, number, answer = message[:1], int.from_bytes(message[1:9], "big"), message[9:]
                if kind == _READY:
                    self._ready = True
                elif (answers := self._answers.get(number)) is not None:  # else nobody waits for it any more
                    answers.put((kind, answer))
        self.alive = False
        for answers in list(self._answers.values()):
            answers.put((_ENDED, b""))


@contextmanager
def _cores_left() -> Iterator[None]:
    """The child's matrix products leave a core to the parent: their threads wait for one another by spinning.

    A library takes its number of threads from the environment when it is loaded, and the child's is this one's.
    """
    name = "OPENBLAS_NUM_THREADS"
    if name in os.environ:
        yield
        return
    os.environ[name] = str(max(1, (os.cpu_count() or 2) - 1))
    try:
        yield
    finally:
        del os.environ[name]


def _fault(kind: str, said: str) -> Exception:
    """A fault of ours as what it was; any other as a `RuntimeError` with its name."""
    ours = getattr(errors, kind, None)
    if isinstance(ours, type) and issubclass(ours, TocsinError) and ours.__init__ is Exception.__init__:
        return ours(said)
    return RuntimeError(f"{kind}: {said}")


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "no exit code"
    with suppress(ValueError):
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"exit code {code}"


# ------------------------------------------------------------------------------------------------------------ the child


def _serve(pipe: Connection, make: Callable[[], Reader]) -> None:
    """Reads what it is sent until the pipe is closed."""
    import gc

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    gc.set_threshold(20_000, 20, 20)
    bound_memory()
    reader = make()
    with suppress(EOFError, OSError):  # the parent is gone
        pipe.send_bytes(_READY)
        while True:
            number, pages = pipe.recv()
            _answer(pipe, number.to_bytes(8, "big"), reader, pages)
            if not gc.get_freeze_count():
                # model and word lists are loaded now and stay: searching them again costs 4 % of the time
                gc.collect()
                gc.freeze()


def _answer(pipe: Connection, number: bytes, reader: Reader, pages: list[Page]) -> None:
    """A record for each page, or for some and then the fault that ended them."""
    records = iter(reader.read(pages))
    while True:
        try:
            record = next(records, None)
        except Exception as problem:
            pipe.send_bytes(_FAULT + number + msgspec.msgpack.encode((type(problem).__name__, str(problem))))
            return
        if record is None:
            return
        pipe.send_bytes(_RECORD + number + _encoder.encode(record))


def bound_memory() -> None:
    """A page that takes all memory is to be the reader's end, not the machine's."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))
