"""Answers that may be some moments old: many readers of one question cost one question.

Only for whole-ledger answers (the map's points, the counts by day), which change with every page that is added and cost tens of
milliseconds. Whoever judges sees their own judgement at once: a write clears what is kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class Fresh:
    """Keeps answers for some seconds. One thread makes a new one; whoever asks meanwhile gets the old one, if it is not too old."""

    every: list[Fresh] = []  # noqa: RUF012

    def __init__(self, seconds: float, entries: int, oldest: float = 20.0) -> None:
        self.seconds, self.entries, self.oldest = seconds, entries, oldest
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        Fresh.every.append(self)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            at, value = self._kept.get(key, (float("-inf"), None))
            age = time.monotonic() - at
            turn = self._making.setdefault(key, threading.Lock()) if age >= self.seconds else None
        if turn is None:
            return value
        if age < self.oldest and not turn.acquire(blocking=False):
            return value  # somebody is making the new one
        if age >= self.oldest:
            turn.acquire()
        try:
            return self._made(key, at, make)
        finally:
            turn.release()

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _made(self, key: Hashable, before: float, make: Callable[[], Any]) -> Any:
        """A new answer, unless another thread has made one since `before`."""
        with self._lock:
            at, value = self._kept.get(key, (float("-inf"), None))
        if at > before:
            return value
        begun = time.monotonic()
        value = make()
        with self._lock:
            self._kept[key] = (begun, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self.entries:
                self._making.pop(self._kept.popitem(last=False)[0], None)
        return value


def clear_all() -> None:
    """After a write by this server."""
    for one in Fresh.every:
        one.clear()
