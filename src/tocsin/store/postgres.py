"""PostgreSQL through psycopg: repeatable reads, one writer at a time by an advisory lock, tsvector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Subquery,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    create_engine,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.sql import ColumnElement, Select

from tocsin.store.dialect import NAMES
from tocsin.store.query import Term

PATIENCE = 30  # seconds that a writer waits for another
LOCK = 0x70C51  # of advisory locks: any number that no other program uses on the same database
_texts = table("texts", column("version"), column("words"))


class PostgreSQL:
    """The dialect of PostgreSQL. Implements `dialect.Dialect`."""

    name = "postgresql"

    def engine(self, url: str) -> Engine:
        return create_engine(url, isolation_level="REPEATABLE READ", pool_size=16, max_overflow=32, pool_pre_ping=True)

    def begin_writing(self, connection: Connection) -> None:
        """Committed reads: a snapshot taken before the lock was got would not hold what the writer before us wrote."""
        connection.execution_options(isolation_level="READ COMMITTED")
        connection.begin()
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})

    def committed(self) -> None:
        """The server moves its log by itself."""

    def close(self) -> None:
        """Nothing was begun."""

    def lock_for_migration(self, connection: Connection) -> None:
        self.begin_writing(connection)

    def insert(self, table: Table) -> Any:
        return insert(table)

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column == any_(bindparam(NAMES, type_=ARRAY(Text)))

    def listed(self, values: Sequence[str]) -> Any:
        return list(values)

    def table_as_json(self, rows: Subquery) -> Select[Any]:
        return select(func.coalesce(cast(func.json_agg(func.json_build_array(*rows.c)), Text), "[]"))

    def index_text(self, connection: Connection, version: str, words: str, *, anew: bool) -> None:
        if anew:
            connection.execute(_texts.delete().where(_texts.c.version == version))
        connection.execute(_texts.insert().values(version=version, words=func.to_tsvector("simple", words)))

    def found(self, terms: tuple[Term, ...]) -> Select[Any]:
        query = func.to_tsquery("simple", _query(terms))
        rank = (-func.ts_rank_cd(_texts.c.words, query)).label("rank")
        return select(_texts.c.version, rank).where(_texts.c.words.op("@@")(query))

    def matches(self, terms: tuple[Term, ...]) -> ColumnElement[Any]:
        return self.found(terms).with_only_columns(_texts.c.version).scalar_subquery()


def _query(terms: tuple[Term, ...]) -> str:
    """The terms in the language of tsquery. Words hold letters and digits only, so that quotes around them are safe."""

    def one(term: Term) -> str:
        quoted = [f"'{word}'" for word in term.words]
        if term.prefix:
            quoted[-1] += ":*"
        return ("!" if term.absent else "") + "(" + " <-> ".join(quoted) + ")"

    return " & ".join(one(term) for term in terms)
