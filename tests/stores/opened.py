"""Where a test's ledger lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tocsin.store import open_store
from tocsin.store import tables as t
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


def rows_of(store: LedgerStore, without: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, ordered by key, so that two ledgers can be compared; some columns may be left out."""
    left_out = set(without)
    found = {}
    with store._asking() as connection:
        for table in t.metadata.sorted_tables:
            columns = [one for one in table.columns if one.name not in left_out]
            order = list(table.primary_key.columns)
            found[table.name] = [tuple(row) for row in connection.execute(select(*columns).order_by(*order))]
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    """What lies in an archive, hidden files too."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
