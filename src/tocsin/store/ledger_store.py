"""The store, put together of its parts, over either database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from tocsin.errors import MissingError, StoreError, UsageError
from tocsin.store.accounts import Accounts
from tocsin.store.archive import Archive
from tocsin.store.changes import Changes
from tocsin.store.dialect import Dialect
from tocsin.store.diff import Diffs
from tocsin.store.documents import Documents
from tocsin.store.figures import Figures
from tocsin.store.lists import Lists
from tocsin.store.schema import prepare
from tocsin.store.verify import Verification
from tocsin.store.watching import Watching
from tocsin.store.words import Words


class LedgerStore(Lists, Changes, Verification, Diffs, Documents, Figures, Words, Accounts, Watching):
    """A ledger, open. Implements `base.Store`; may be used by many threads at once."""

    @classmethod
    def sqlite(cls, path: Path, archive: Archive) -> LedgerStore:
        from tocsin.store.sqlite import SQLite

        dialect = SQLite()
        return cls._opened(dialect.engine(str(URL.create("sqlite", database=str(path)))), dialect, archive, str(path))

    @classmethod
    def postgresql(cls, address: str, archive: Archive) -> LedgerStore:
        try:
            import psycopg  # noqa: F401
        except ImportError as problem:
            raise MissingError("PostgreSQL's driver is not installed: pip install 'tocsin[postgres]'") from problem
        from tocsin.store.postgres import PostgreSQL

        try:
            url = make_url(address.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
        except ArgumentError as problem:
            raise UsageError("the address is not like postgresql://user@host/name") from problem
        dialect = PostgreSQL()
        name = url.render_as_string(hide_password=True)
        return cls._opened(dialect.engine(url.render_as_string(hide_password=False)), dialect, archive, name)

    @classmethod
    def _opened(cls, engine: Engine, dialect: Dialect, archive: Archive, name: str) -> LedgerStore:
        store = cls(engine, dialect, archive, name)
        try:
            with store._said():
                prepare(engine, dialect, name)
        except (sqlite3.DatabaseError, DBAPIError) as problem:
            engine.dispose()
            raise StoreError(f"{name}: cannot be opened: {' '.join(str(problem).split())}") from problem
        except StoreError:
            engine.dispose()
            raise
        return store
