"""The changes: each is one transaction, or part of the one that `writing` opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import Column, Connection, Table, select, update

from tocsin.errors import StoreError, UsageError
from tocsin.ledger import Claim, DocumentVersion, Incident, Judgement, Link
from tocsin.records import Record
from tocsin.store import tables as t
from tocsin.store.chain import append, row_digest
from tocsin.store.codec import clean, digest, encode, index_text, now, pack, reading_id
from tocsin.store.columns import claim_row, incident_row
from tocsin.store.questions import Questions

_VERSION_COLUMNS = frozenset(column.name for column in t.versions.columns)


class Changes(Questions):
    """Implements `base.Writes`."""

    def put_version(self, version: DocumentVersion, raw: bytes) -> DocumentVersion:
        """Archives the bytes and keeps the version; the stored one, if those bytes are known already.

        The number is given here: one more than the document's newest. Raises `StoreError` where the archive cannot be written.
        """
        with self._changing() as connection:
            known = self.version(version.id)
            if known is not None:
                return known
            packed = self._archive.put(version.id, raw)
            before = connection.execute(
                select(t.versions.c.number)
                .where(t.versions.c.document == clean(version.document))
                .order_by(t.versions.c.number.desc())
            ).scalar()
            version = replace(version, number=(before or 0) + 1, size=len(raw), added=version.added or now())
            row: dict[str, Any] = {
                name: clean(value) if isinstance(value, str) else value for name, value in asdict(version).items()
            }
            append(
                connection,
                "version",
                {name: row[name] for name in row if name in _VERSION_COLUMNS} | {"packed": packed},
            )
            return DocumentVersion(**row | {"copy_of": None, "story": None})

    def put_reading(
        self, version_id: str, record: Record, claims: Sequence[Claim], blocks: Mapping[str, Sequence[str]]
    ) -> bool:
        """Keeps a reading with its claims; `blocks` are the keys under which each claim is looked for. False: known already.

        A reading by other code takes the place of the version's former one, which stays as it was, without blocks and links.
        """
        reading = reading_id(record.version)
        if any(one.version != version_id or one.reading != reading for one in claims):
            raise UsageError(f"claims of another version or reading than {version_id} {reading}")
        with self._changing() as connection:
            version = self.version(version_id)
            if version is None:
                raise StoreError(f"no version {version_id} to keep a reading of")
            if self._has_reading(connection, version_id, reading):
                return False
            rows = [claim_row(one, number, version) for number, one in enumerate(claims)]
            rows = [row | {"digest": row_digest(t.claims, row)} for row in rows]
            append(connection, "reading", _reading_row(version_id, reading, record, rows))
            self._insert(connection, t.claims, rows)
            anew = self._supersede(connection, version, reading, claims)
            pairs = [{"block": key, "claim": name} for name, keys in blocks.items() for key in dict.fromkeys(keys)]
            self._insert(connection, t.blocks, pairs)
            words = index_text(record.document.title, record.document.text)
            self._dialect.index_text(connection, version_id, words, anew=anew)
            return True

    def _has_reading(self, connection: Connection, version_id: str, reading: str) -> bool:
        c = t.readings.c
        return (
            connection.execute(select(c.position).where(c.version == version_id, c.reading == reading)).first()
            is not None
        )

    def _supersede(
        self, connection: Connection, version: DocumentVersion, reading: str, claims: Sequence[Claim]
    ) -> bool:
        """Makes the reading its version's newest, and takes the former one's claims out of what is looked for.

        Returns whether there was a former one.
        """
        n = t.newest.c
        anew = connection.execute(select(n.reading).where(n.version == version.id)).first() is not None
        former = self.claims_of(version.id) if anew else ()
        names = [one.id for one in former]
        for column in (t.blocks.c.claim, t.links.c.one, t.links.c.other) if names else ():
            self._delete(connection, column, names)
        self._put(connection, t.successors, _successors(former, claims))
        newest = connection.execute(
            select(t.versions.c.number)
            .where(t.versions.c.document == version.document)
            .order_by(t.versions.c.number.desc())
            .limit(1)
        ).scalar_one()
        head = int(version.number == newest)
        if head and (anew or version.number > 1):
            connection.execute(update(t.newest).where(t.newest.c.document == version.document).values(head=0))
        row = {"version": version.id, "reading": reading, "document": version.document, "head": head}
        self._put(connection, t.newest, [row])
        return anew

    def put_links(self, links: Iterable[Link]) -> None:
        rows = [
            {"one": min(x.one, x.other), "other": max(x.one, x.other), "score": x.score, "reasons": encode(x.reasons)}
            for x in links
        ]
        with self._changing() as connection:
            self._put(connection, t.links, rows)

    def put_incidents(self, gone: Iterable[str], now: Sequence[Incident]) -> dict[str, Incident]:
        """Takes the incidents of these claims out, puts the new ones in, and returns those that were taken out by their ids.

        An incident whose content is what it was before keeps the moment of its last change; one without a moment gets this one.
        """
        with self._changing() as connection:
            old = self._held(connection, [*gone, *(name for one in now for name in one.claims)])
            new = [_dated(one) for one in now if not _is_same(one, old.get(one.id))]
            out = old.keys() - {one.id for one in now} | (old.keys() & {one.id for one in new})
            if out:
                self._delete(connection, t.members.c.incident, sorted(out))
                self._delete(connection, t.incidents.c.id, sorted(out))
            if new:
                self._insert(connection, t.incidents, [incident_row(one) for one in new])
                members = [{"claim": name, "incident": one.id} for one in new for name in one.claims]
                self._insert(connection, t.members, members)
                connection.execute(
                    self._absent(t.anchors), [{"incident": one.id, "claim": min(one.claims)} for one in new]
                )
            return old

    def _delete(self, connection: Connection, column: Column[str], values: Iterable[str]) -> None:
        """Takes out the rows that have one of the values in a column."""
        table = column.table
        self._run(
            connection,
            f"delete {table.name} by {column.name}",
            values,
            lambda: table.delete().where(self._among(column)),
        )

    def forget_grouping(self) -> None:
        """Takes out all blocks, links and incidents, to be made again; what claims and former incidents lead to stays known."""
        with self._changing() as connection:
            for table in (t.members, t.incidents, t.links, t.blocks):
                connection.execute(table.delete())

    def put_blocks(self, blocks: Mapping[str, Sequence[str]]) -> None:
        """Keeps under which keys claims are looked for."""
        pairs = [{"block": clean(key), "claim": name} for name, keys in blocks.items() for key in dict.fromkeys(keys)]
        with self._changing() as connection:
            if pairs:
                connection.execute(self._absent(t.blocks), pairs)

    def put_judgement(self, judgement: Judgement) -> None:
        """Appends a person's word. Raises `UsageError` where it names a claim or judgement that is not there, or its id is taken.

        An undo is about the claims of what it takes back: with them both are found.
        """
        with self._changing() as connection:
            if self._judgement(connection, judgement.id) is not None:
                raise UsageError(f"judgement {judgement.id} is there already; judgements are never changed")
            if judgement.undoes is not None:
                undone = self._judgement(connection, judgement.undoes)
                if undone is None:
                    raise UsageError(f"no judgement {judgement.undoes!r} to undo")
                judgement = replace(judgement, claims=tuple(dict.fromkeys([*judgement.claims, *undone.claims])))
            known = {one.id for one in self.claims(judgement.claims)}
            missing = [one for one in judgement.claims if one not in known]
            if missing:
                raise UsageError(f"no claim {missing[0]!r} to judge")
            row = {"id": judgement.id, "at": judgement.at, "user": clean(judgement.user), "action": judgement.action}
            append(connection, "judgement", row | {"body": encode(judgement)})
            pairs = [{"claim": name, "judgement": judgement.id} for name in dict.fromkeys(judgement.claims)]
            if pairs:
                connection.execute(t.judged.insert(), pairs)

    def put_failure(self, name: str, reason: str, outlet: str = "unknown") -> None:
        row = {"at": now(), "name": clean(name[:2000]), "reason": clean(reason[:2000]), "outlet": clean(outlet)}
        with self._changing() as connection:
            connection.execute(t.failures.insert(), row)

    def put_signature(
        self, version_id: str, bands: Sequence[str], copy_of: str | None, story: str, *, anew: bool = True
    ) -> None:
        """Keeps under which bands a version's text is found, and what it copies; `anew` in place of what was kept before."""
        with self._changing() as connection:
            if anew:
                connection.execute(t.bands.delete().where(t.bands.c.version == version_id))
            self._insert(connection, t.bands, [{"band": one, "version": version_id} for one in dict.fromkeys(bands)])
            self.put_story(version_id, copy_of, story)

    def _insert(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows, each of all columns, through the driver: for many small rows making the statement's values costs most."""
        if not rows:
            return
        made = self._statement(f"insert {table.name}", lambda: table.insert().compile(dialect=self._engine.dialect))
        names = made.positiontup
        values = [tuple(row[name] for name in names) for row in rows] if names else [dict(row) for row in rows]
        connection.exec_driver_sql(str(made), values)

    def _put(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts rows, or writes them over the ones of the same key."""
        if rows:
            connection.execute(self._over(table), list(rows))

    def _over(self, table: Table) -> Any:
        """INSERT or write over."""

        def make() -> Any:
            insert, key = self._dialect.insert(table), list(table.primary_key.columns.keys())
            others = {one.name: insert.excluded[one.name] for one in table.columns if one.name not in key}
            return insert.on_conflict_do_update(index_elements=key, set_=others)

        return self._statement(f"{table.name} over", make)

    def _absent(self, table: Table) -> Any:
        """INSERT of those that are not there."""
        return self._statement(f"{table.name} absent", lambda: self._dialect.insert(table).on_conflict_do_nothing())

    def put_story(self, version_id: str, copy_of: str | None, story: str) -> None:
        row = {"version": version_id, "copy_of": copy_of, "story": story}
        with self._changing() as connection:
            self._put(connection, t.stories, [row])


def _reading_row(version_id: str, reading: str, record: Record, claims: list[dict[str, Any]]) -> dict[str, Any]:
    by = record.version
    return {
        "version": version_id, "reading": reading, "at": now(), "tocsin": by.tocsin if by else "unknown",
        "codebook": by.codebook if by else "unknown", "model": by.model if by else "unknown", "gazetteer": by.gazetteer if by else None,
        "record": pack(record), "claims": len(claims), "digest": digest([one["digest"] for one in claims]),
    }  # fmt: skip


def _successors(former: Sequence[Claim], claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """For each claim of the former reading the new one that stands for the same words, so that judgements stay with them."""
    rows = []
    for old in former:
        near = [one for one in claims if one.section == old.section and _overlap(one, old) > 0]
        if near:
            best = max(
                near, key=lambda one: (one.kind == old.kind, one.family == old.family, _overlap(one, old), one.id)
            )
            rows.append({"claim": old.id, "successor": best.id})
    return rows


def _overlap(one: Claim, other: Claim) -> int:
    """Code points that the triggers share."""
    return min(one.trigger.end, other.trigger.end) - max(one.trigger.start, other.trigger.start)


def _is_same(one: Incident, before: Incident | None) -> bool:
    """Whether an incident is what it was, whenever that changed last."""
    return before is not None and replace(one, changed=before.changed) == before


def _dated(one: Incident) -> Incident:
    return one if one.changed else replace(one, changed=now())
