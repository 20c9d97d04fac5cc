"""What can go wrong, as a small tree; callers choose how wide to catch.

TocsinError
├── InputError      the named input cannot be read (missing, empty, binary, too large, not this language …)
│   └── FetchError  a URL was refused or did not answer
├── RuleError       a rule or settings file is wrong: names file, line and key
├── MissingError    something is not installed; the message has the command that gets it
├── StoreError      the ledger or its archive cannot be read or written, or is not what it was
└── UsageError      the call itself is wrong

Every message is one line that says what was wrong, where, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TocsinError(Exception):
    """Anything that Tocsin raises on purpose."""

    exit_code = 1


class InputError(TocsinError):
    """An input cannot be read. `name` is the input as the caller named it."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.problem = problem


class FetchError(InputError):
    """A URL was refused, or did not answer as a page. `status` and `retry_after` are the server's, where it gave them."""

    def __init__(self, name: str, problem: str, status: int | None = None, retry_after: str | None = None) -> None:
        super().__init__(name, problem)
        self.status, self.retry_after = status, retry_after


class PrivateAddressError(FetchError):
    """A URL leads to an address that is not public, and no setting allows it."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__(name, f"leads to {address}, which is not a public address")
        self.address = address


class RuleError(TocsinError):
    """A rule file is wrong."""

    exit_code = 3


class MissingError(TocsinError):
    """A model or data file is not installed."""

    exit_code = 3


class StoreError(TocsinError):
    """The ledger or its archive: cannot be opened or written, is of a newer version, or is not what was written."""


class UsageError(TocsinError):
    """The call itself is wrong."""

    exit_code = 2


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the known one that it is most like; nothing where none is."""
    near = difflib.get_close_matches(name[:100].lower(), known, 1)
    return f"; is `{near[0]}` meant?" if near else ""
