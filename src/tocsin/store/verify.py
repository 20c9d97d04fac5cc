"""Whether everything is as it was written: walks the chain, what its entries stand for, the claims, and the archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Table, select

from tocsin.store import tables as t
from tocsin.store.base import Fault
from tocsin.store.chain import LINKED, entry_hash, name_of, row_digest
from tocsin.store.codec import digest, judgement_of
from tocsin.store.questions import Questions

BATCH = 500  # rows held at once


class Verification(Questions):
    """Implements `base.Reads.verify`."""

    def verify(self) -> Iterator[Fault]:
        """Yields what is not as it was written, each by table or file and name. Reads every row and every archived page.

        What is derived (incidents, links, full text) is not looked at: it is made again from what is kept.
        """
        with self._asking() as connection:
            yield from _entries(connection)
            for kind, table in LINKED.items():
                yield from _rows(connection, kind, table)
            yield from _claims(connection)
            yield from _judged(connection)
            yield from self._files(connection)

    def head(self) -> str:
        """The hash of the chain's last entry: noted elsewhere, it proves later that nothing before it was changed or cut off."""
        with self._asking() as connection:
            return (
                connection.execute(select(t.chain.c.hash).order_by(t.chain.c.position.desc()).limit(1)).scalar() or ""
            )

    def holds(self, head: str) -> bool:
        """Whether the chain has an entry of this hash: whether it is a continuation of the one that was noted."""
        with self._asking() as connection:
            return connection.execute(select(t.chain.c.position).where(t.chain.c.hash == head)).first() is not None

    def _files(self, connection: Connection) -> Iterator[Fault]:
        v = t.versions.c
        for row in connection.execute(select(v.id, v.size, v.packed).order_by(v.position)).all():
            problem = self._archive.fault(row.id, row.size, row.packed)
            if problem:
                yield Fault(where="archive", name=str(self._archive.path(row.id)), problem=problem)


def _entries(connection: Connection) -> Iterator[Fault]:
    """The chain itself: no entry missing, each leading to the one before, each hash its own."""
    previous, expected = "", 1
    for row in _walk(connection, t.chain, t.chain.c.position):
        name = f"{row['position']} ({row['kind']} {row['name']})"
        if row["position"] != expected:
            yield Fault(where="chain", name=name, problem=f"entry {expected} is missing before it")
        elif row["previous"] != previous:
            yield Fault(where="chain", name=name, problem="does not lead to the entry before it")
        if row["hash"] != entry_hash(row):
            yield Fault(where="chain", name=name, problem="was changed: its hash is not that of what it says")
        if row["kind"] not in LINKED:
            yield Fault(where="chain", name=name, problem="stands for nothing that is kept")
        previous, expected = row["hash"], row["position"] + 1


def _rows(connection: Connection, kind: str, table: Table) -> Iterator[Fault]:
    """Each row has its entry with its digest, and each entry its row."""
    wanted = select(t.chain.c.position, t.chain.c.name, t.chain.c.digest).where(t.chain.c.kind == kind)
    entries = {row.position: row for row in connection.execute(wanted)}
    for row in _walk(connection, table, table.c.position):
        name, entry = name_of(kind, row), entries.pop(row["position"], None)
        if entry is None or entry.name != name:
            yield Fault(where=table.name, name=name, problem="is not what its place in the chain stands for")
        elif entry.digest != row_digest(table, row):
            yield Fault(where=table.name, name=name, problem="was changed after it was written")
        problem = _unreadable(kind, row)
        if problem:
            yield Fault(where=table.name, name=name, problem=problem)
    for entry in entries.values():
        yield Fault(where=table.name, name=entry.name, problem="is in the chain, but gone from its table")


def _unreadable(kind: str, row: RowMapping) -> str | None:
    if kind != "judgement":
        return None
    try:
        return None if judgement_of(row["body"]).id == row["id"] else "its body is another judgement's"
    except msgspec.DecodeError as problem:
        return f"cannot be read: {problem}"


def _claims(connection: Connection) -> Iterator[Fault]:
    """Each claim's digest is that of its row, and each reading's that of its claims."""
    c, r = t.claims.c, t.readings.c
    expected = {
        (row.version, row.reading): (row.digest, row.claims)
        for row in connection.execute(select(r.version, r.reading, r.digest, r.claims))
    }
    found: dict[tuple[str, str], list[str]] = {}
    for row in _walk(connection, t.claims, c.version, c.reading, c.number):
        found.setdefault((row["version"], row["reading"]), []).append(row["digest"])
        if row["digest"] != row_digest(t.claims, row):
            yield Fault(where="claims", name=row["id"], problem="was changed after it was written")
    for key in sorted({*expected, *found}):
        digests = found.get(key, [])
        if key not in expected:
            yield Fault(where="claims", name=" ".join(key), problem="claims of a reading that is not there")
        elif expected[key] != (digest(digests), len(digests)):
            yield Fault(where="readings", name=" ".join(key), problem="its claims are not those that were read")


def _judged(connection: Connection) -> Iterator[Fault]:
    """The index of judgements by claim says what the judgements say."""
    rows = {(row.judgement, row.claim) for row in connection.execute(select(t.judged))}
    said: set[tuple[str, str]] = set()
    for body in connection.execute(select(t.judgements.c.body)).scalars():
        try:
            one = judgement_of(body)
        except msgspec.DecodeError:
            continue  # named already
        said |= {(one.id, claim) for claim in one.claims}
    for judgement, claim in sorted(rows ^ said):
        yield Fault(where="judged", name=f"{judgement} {claim}", problem="is not what the judgement says")


def _walk(connection: Connection, table: Table, *order: Any) -> Iterator[RowMapping]:
    wanted = (
        select(table).order_by(*order).execution_options(yield_per=BATCH)
    )  # the connection itself may go on to write
    yield from connection.execute(wanted).mappings()
