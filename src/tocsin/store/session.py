"""Connections and transactions: questions each see one state, changes are one writer's at a time, errors are said in words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tocsin.errors import StoreError
from tocsin.store.archive import Archive
from tocsin.store.codec import clean
from tocsin.store.dialect import NAMES, Dialect


class Session:
    """What the parts of the store share: an engine, its dialect, the archive, and the transaction of the calling thread."""

    def __init__(self, engine: Engine, dialect: Dialect, archive: Archive, name: str) -> None:
        self._engine, self._dialect, self._archive, self._name = engine, dialect, archive, name
        self._own = threading.local()
        self._made: dict[str, Any] = {}  # statements
        event.listen(engine, "before_cursor_execute", _mend, retval=True)

    def close(self) -> None:
        self._dialect.close()
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction around several calls of this thread; leaves the ledger untouched where the block raises."""
        if self._current() is not None:  # part of the transaction that is open already
            yield
            return
        with self._said(), self._engine.connect() as connection:
            self._dialect.begin_writing(connection)
            self._own.connection = connection
            try:
                yield
                connection.commit()
                self._dialect.committed()
            except BaseException:
                connection.rollback()
                raise
            finally:
                self._own.connection = None

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self.writing():
            connection = self._current()
            assert connection is not None
            yield connection

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        """The open transaction, which sees its own changes, else a new one that only reads."""
        own = self._current()
        if own is not None:
            yield own
            return
        with self._said(), self._engine.connect() as connection, connection.begin():
            yield connection

    def _current(self) -> Connection | None:
        return getattr(self._own, "connection", None)

    def _statement(self, name: str, make: Callable[[], Any]) -> Any:
        """The statement of that name; made once, for making one takes longer than running it."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = make()
        return found

    def _among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """That a column is one of the names with which the statement is `_run`."""
        return self._dialect.among(column)

    def _run(
        self, connection: Connection, name: str, names: Iterable[str], make: Callable[[], Any]
    ) -> CursorResult[Any]:
        """Executes the statement of a name, which is made with `_among`, with these names, each once."""
        values = [clean(one) for one in dict.fromkeys(names)]
        return connection.execute(self._statement(name, make), {NAMES: self._dialect.listed(values)})

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Raises the database's errors as `StoreError`s of one line."""
        try:
            yield
        except DBAPIError as problem:
            raise StoreError(f"{self._name}: {_in_words(problem)}") from problem
        except SQLAlchemyError as problem:
            raise StoreError(f"{self._name}: {' '.join(str(problem).split())}") from problem


def _mend(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> tuple[str, Any]:
    """NUL, which PostgreSQL refuses, and lone surrogates, which no database takes, become U+FFFD in whatever is asked or kept."""
    return statement, [_mended(row) for row in values] if many else _mended(values)


def _mended(row: Any) -> Any:
    if isinstance(row, dict):
        return {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}
    return tuple(clean(value) if isinstance(value, str) else value for value in row)


def _in_words(problem: DBAPIError) -> str:
    words = " ".join(str(problem.orig).split())
    if "locked" in words or "lock timeout" in words:
        return "another program is writing and did not finish in time; nothing was changed, try again"
    if "disk is full" in words or "No space left" in words or "disk I/O error" in words or "could not extend" in words:
        return f"the disk refuses to be written ({words}); nothing of this change was kept"
    if "malformed" in words or "not a database" in words:
        return f"the file is damaged ({words}); restore it from a copy"
    return f"the database says: {words}"
