"""The hash chain: each entry holds the digest of what it stands for, and the hash of the entry before it.

hash = sha256(JSON of [position, kind, name, digest, previous]); the first entry's `previous` is empty. An entry stands for a row
of `versions` (with the sha256 of its archived file), a row of `readings` (with the digests of its claims), one of `judgements` or one of
`rule_changes`. Who changes a row must change its entry and every later one; who has noted the last hash elsewhere can tell.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from tocsin.store import tables as t
from tocsin.store.codec import digest

LINKED: dict[str, Table] = {
    "version": t.versions, "reading": t.readings, "judgement": t.judgements, "rule": t.rule_changes,
}  # fmt: skip


def append(connection: Connection, kind: str, row: dict[str, Any]) -> int:
    """Adds the entry of a row, writes the row with its position, and returns that. The caller holds the writer's lock."""
    last = connection.execute(
        select(t.chain.c.position, t.chain.c.hash).order_by(t.chain.c.position.desc()).limit(1)
    ).first()
    position, previous = (last.position + 1, last.hash) if last else (1, "")
    row = row | {"position": position}
    name, found = name_of(kind, row), row_digest(LINKED[kind], row)
    entry = {"position": position, "kind": kind, "name": name, "digest": found, "previous": previous}
    connection.execute(LINKED[kind].insert(), row)
    connection.execute(t.chain.insert(), entry | {"hash": entry_hash(entry)})
    return position


def name_of(kind: str, row: dict[str, Any] | RowMapping) -> str:
    return f"{row['version']} {row['reading']}" if kind == "reading" else str(row["id"])


def row_digest(table: Table, row: dict[str, Any] | RowMapping) -> str:
    """Over all columns in the table's order but the digest of the row itself, where it has one."""
    own = {"digest"} if table is t.claims else set()
    return digest([row[column.name] for column in table.columns if column.name not in own])


def entry_hash(entry: dict[str, Any] | RowMapping) -> str:
    return digest([entry[name] for name in ("position", "kind", "name", "digest", "previous")])
