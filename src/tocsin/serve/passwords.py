"""Passwords: argon2id with the library's parameters (RFC 9106, low-memory profile), and a brake on guessing."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tocsin.errors import UsageError

LEAST, MOST, LONGEST_NAME = 10, 200, 100


@cache
def hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def nobody() -> str:
    """A hash that no password fits: checking an unknown name takes as long as checking a known one."""
    return hasher().hash(secrets.token_urlsafe(24))


def hashed(password: str) -> str:
    """The password's hash. Raises `UsageError` where it is too short to be one, or too long to be hashed."""
    if not LEAST <= len(password) <= MOST:
        raise UsageError(f"a password has {LEAST} to {MOST} characters")
    try:
        return hasher().hash(password)
    except UnicodeEncodeError:  # half of a pair of code units, which no keyboard writes
        raise UsageError("a password is made of characters that can be written") from None


def checked_name(name: str) -> str:
    """A name to sign in by. Raises `UsageError` where it could be mistaken for another, or cannot be typed."""
    if not name.isprintable() or name != name.strip() or not 0 < len(name) <= LONGEST_NAME:
        raise UsageError("a name has 1 to 100 printable characters and no space at its ends")
    return name


def fits(password: str, known: str | None) -> bool:
    """Whether the password is the one that was hashed. False for everything where nobody is known by the name."""
    try:
        return hasher().verify(known or nobody(), password[: MOST + 1]) and known is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


class Brake:
    """Counts failures by key in a sliding window; after `most` of them the key has to wait. Forgets the oldest keys first."""

    def __init__(
        self, most: int = 5, seconds: float = 300, keys: int = 10_000, now: Callable[[], float] = time.monotonic
    ):
        self.most, self.seconds, self.keys, self.now = most, seconds, keys, now
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Seconds until the key may try again; 0: now."""
        with self._lock:
            failures = self._recent(key)
            return 0 if len(failures) < self.most else max(1, int(failures[-self.most] + self.seconds - self.now()) + 1)

    def failed(self, key: str) -> None:
        with self._lock:
            self._failures[key] = [*self._recent(key), self.now()][-self.most :]
            self._failures.move_to_end(key)
            while len(self._failures) > self.keys:
                self._failures.popitem(last=False)

    def clear(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str) -> list[float]:
        since = self.now() - self.seconds
        return [moment for moment in self._failures.get(key, ()) if moment > since]
