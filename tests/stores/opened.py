"""Where a test's ledger lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tocsin.store import open_store
from tocsin.store.ledger_store import LedgerStore


@dataclass
class Ledger:
    """Where a test's ledger lies. `open` may be called again and again: each is a new connection, as of another program."""

    kind: str
    url: str
    archive: Path
    opened: list[LedgerStore] = field(default_factory=list)

    def open(self) -> LedgerStore:
        store = open_store(self.url, self.archive)
        self.opened.append(store)
        return store
