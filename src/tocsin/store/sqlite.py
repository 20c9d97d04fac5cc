"""SQLite: one file, WAL, foreign keys on, FTS5.

synchronous is FULL: a page that `add` has counted is on the disk. In WAL mode that costs one fsync a page, a few milliseconds
beside the tenths of a second that reading it takes; NORMAL could lose the last pages at a loss of power.

What lies in the WAL is moved into the file by a thread beside the writer, some commits at a time: a page touches some 300 blocks
of a large ledger, and moving those of four pages took the fourth one 30 ms.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Subquery,
    Table,
    bindparam,
    column,
    create_engine,
    event,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import make_url
from sqlalchemy.sql import ColumnElement, Select

from tocsin.store import tables as t
from tocsin.store.dialect import NAMES
from tocsin.store.query import Term

PATIENCE = 30.0  # seconds that a writer waits for another
MOVED_EVERY = 4  # commits after which the WAL is moved into the file
MOST_IN_WAL = 16_000  # blocks of 4 kB, after which a commit moves them itself, should the thread not keep up
_texts = table("texts", column("rowid"), column("words"))
_value: ColumnElement[Any] = column("value")


class SQLite:
    """The dialect of SQLite. Implements `dialect.Dialect`."""

    name = "sqlite"

    def __init__(self) -> None:
        self._path = ""
        self._commits = 0
        self._mover: threading.Thread | None = None

    def engine(self, url: str) -> Engine:
        self._path = make_url(url).database or ""
        engine = create_engine(
            url, connect_args={"timeout": PATIENCE, "check_same_thread": False}, pool_size=32, max_overflow=32
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def begin_writing(self, connection: Connection) -> None:
        connection.execution_options(tocsin_begin="BEGIN IMMEDIATE")
        connection.begin()

    def committed(self) -> None:
        """Has the WAL moved every so many commits, by one thread at a time. Only one writes: nobody else counts meanwhile."""
        self._commits += 1
        if self._commits < MOVED_EVERY or (self._mover is not None and self._mover.is_alive()):
            return
        self._commits = 0
        self._mover = threading.Thread(target=_move, args=(self._path,), name="tocsin-wal", daemon=True)
        self._mover.start()

    def close(self) -> None:
        if self._mover is not None:
            self._mover.join()

    def lock_for_migration(self, connection: Connection) -> None:
        self.begin_writing(connection)

    def insert(self, table: Table) -> Any:
        return insert(table)

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column.in_(select(_value).select_from(func.json_each(bindparam(NAMES))))

    def listed(self, values: Sequence[str]) -> Any:
        return json.dumps(values)

    def table_as_json(self, rows: Subquery) -> Select[Any]:
        return select(func.json_group_array(func.json_array(*rows.c)))

    def index_text(self, connection: Connection, version: str, words: str, *, anew: bool) -> None:
        row = select(t.versions.c.position).where(t.versions.c.id == version).scalar_subquery()
        if anew:
            connection.execute(_texts.delete().where(_texts.c.rowid == row))
        connection.execute(_texts.insert().values(rowid=row, words=words))

    def found(self, terms: tuple[Term, ...]) -> Select[Any]:
        return (
            select(t.versions.c.id.label("version"), column("rank"))
            .select_from(_texts.join(t.versions, t.versions.c.position == _texts.c.rowid))
            .where(text("texts MATCH :query").bindparams(query=_match(terms)))
        )

    def matches(self, terms: tuple[Term, ...]) -> ColumnElement[Any]:
        return self.found(terms).with_only_columns(t.versions.c.id).scalar_subquery()


def _move(path: str) -> None:
    """Moves what it can without waiting for anybody. Whatever fails here a later commit does or says."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _match(terms: tuple[Term, ...]) -> str:
    """The terms in FTS5's language. Words hold letters and digits only, so that quotes around them are safe."""

    def one(term: Term) -> str:
        return '"' + " ".join(term.words) + '"' + (" *" if term.prefix else "")

    wanted = " AND ".join(one(term) for term in terms if not term.absent)
    absent = [one(term) for term in terms if term.absent]
    return f"({wanted}) NOT ({' OR '.join(absent)})" if absent else wanted


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("tocsin_begin", "BEGIN"))


def _prepare(connection: Any, record: Any) -> None:
    """Transactions are begun by `_begin` alone: Python's driver would begin none for questions, and its own for changes."""
    connection.isolation_level = None
    deadline = time.monotonic() + PATIENCE
    while True:  # SQLite does not wait by itself for the lock that the change to WAL takes
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint={MOST_IN_WAL}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cache_size=-32000")
    connection.execute("PRAGMA mmap_size=268435456")
