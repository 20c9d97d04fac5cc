"""What the two databases do differently, under names; all else of the store is shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Subquery, Table
from sqlalchemy.sql import ColumnElement, Select

from tocsin.store.query import Term

NAMES = "names"


class Dialect(Protocol):
    """The few things that one database says otherwise than another."""

    name: str

    def engine(self, url: str) -> Engine:
        """An engine whose transactions see one state of the ledger from their first question to their last."""

    def begin_writing(self, connection: Connection) -> None:
        """Begins a transaction that is the only one that writes; waits for its turn, bounded."""

    def committed(self) -> None:
        """Told after each change that was committed; returns at once."""

    def close(self) -> None:
        """Ends what `committed` began."""

    def lock_for_migration(self, connection: Connection) -> None:
        """Begins a transaction and holds off every other process that opens the ledger."""

    def insert(self, table: Table) -> Any:
        """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """That a column is one of the values bound as `NAMES`: one statement for any number of them, so that it is made once."""

    def listed(self, values: Sequence[str]) -> Any:
        """Values as `among` wants them bound."""

    def table_as_json(self, rows: Subquery) -> Select[Any]:
        """One value: the rows, in their order, as a JSON array of arrays, numbers to 15 digits at least. For long lists."""

    def index_text(self, connection: Connection, version: str, text: str, *, anew: bool) -> None:
        """Puts a version's words, already folded, into the full text; `anew` in place of what stood there."""

    def found(self, terms: tuple[Term, ...]) -> Select[Any]:
        """A selection of the `version`s whose text has all the terms, with their `rank`: the smaller the better."""

    def matches(self, terms: tuple[Term, ...]) -> ColumnElement[Any]:
        """The same versions as a sub-selection for IN."""
