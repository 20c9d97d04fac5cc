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
    """Keeps bytes for some seconds. One thread makes a missing answer; others of the same question wait for it."""

    every: list[Fresh] = []  # noqa: RUF012

    def __init__(self, seconds: float, entries: int) -> None:
        self.seconds, self.entries = seconds, entries
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        Fresh.every.append(self)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        found = self._look(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            found = self._look(key)
            if found is None:
                found = make()
                self._keep(key, found)
        return found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _look(self, key: Hashable) -> Any:
        with self._lock:
            at, value = self._kept.get(key, (0.0, None))
        return value if time.monotonic() - at < self.seconds else None

    def _keep(self, key: Hashable, value: Any) -> None:
        with self._lock:
            self._kept[key] = (time.monotonic(), value)
            self._kept.move_to_end(key)
            self._making.pop(key, None)
            while len(self._kept) > self.entries:
                self._kept.popitem(last=False)


def clear_all() -> None:
    """After a write by this server."""
    for one in Fresh.every:
        one.clear()
