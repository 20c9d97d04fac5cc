"""Answers that may be some moments old: many readers of one question cost one question.

Only for whole-ledger answers (the map's points, the counts by day), which change with every page that is added and cost tens of
milliseconds. Whoever judges sees their own judgement at once: a write clears what is kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any

from tocsin.errors import TocsinError


class Fresh:
    """Keeps answers for some seconds. Then one thread makes a new one, and whoever asks meanwhile gets the old one: nobody waits,
    but for the first answer, after a write of this server, and where the old one is older than `oldest`."""

    every: list[Fresh] = []  # noqa: RUF012

    def __init__(self, seconds: float, entries: int, oldest: float = 10.0) -> None:
        self.seconds, self.entries, self.oldest = seconds, entries, oldest
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self._cleared = 0
        Fresh.every.append(self)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            at, value = self._kept.get(key, (float("-inf"), None))
            age = time.monotonic() - at
            if key in self._kept:
                self._kept.move_to_end(key)  # what nobody asks for any more goes first
            turn = self._making.setdefault(key, threading.Lock()) if age >= self.seconds else None
        if turn is None:
            return value
        if age >= self.oldest:
            with turn:
                return self._made(key, at, make)
        if turn.acquire(blocking=False):  # else somebody is making the new one
            threading.Thread(target=self._made_aside, args=(key, at, make, turn), daemon=True).start()
        return value

    def clear(self) -> None:
        with self._lock:
            self._cleared += 1
            self._kept.clear()

    def _made_aside(self, key: Hashable, at: float, make: Callable[[], Any], turn: threading.Lock) -> None:
        """What fails here fails again, and is said, once the old answer is too old."""
        try:
            with suppress(TocsinError):
                self._made(key, at, make)
        finally:
            turn.release()

    def _made(self, key: Hashable, before: float, make: Callable[[], Any]) -> Any:
        """A new answer, unless another thread has made one since `before`."""
        with self._lock:
            at, value = self._kept.get(key, (float("-inf"), None))
            cleared = self._cleared
        if at > before:
            return value
        begun = time.monotonic()
        value = make()
        with self._lock:
            if cleared != self._cleared:  # a write came in between, which this answer may not show
                return value
            self._kept[key] = (begun, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self.entries:
                self._making.pop(self._kept.popitem(last=False)[0], None)
        return value


def clear_all() -> None:
    """After a write by this server."""
    for one in Fresh.every:
        one.clear()
