"""The lists that people look at: incidents, map points, counts, inbox, ledgers, search, outlets. Each in a stated order."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, true
from sqlalchemy.sql.elements import UnaryExpression

from tocsin.ledger import IncidentFilter, Section
from tocsin.store import tables as t
from tocsin.store.base import Hit, OutletState, Page
from tocsin.store.codec import claim_of, fold, incident_of
from tocsin.store.query import read_query, snippet
from tocsin.store.questions import Questions, is_newest, version_of, version_select

_I = t.incidents.c
ORDERS: dict[str, list[ColumnElement[Any] | UnaryExpression[Any]]] = {
    "day": [_I.day_from.asc().nulls_last(), _I.id],
    "-day": [_I.day_from.desc().nulls_last(), _I.id],
    "changed": [_I.changed, _I.id],
    "-changed": [_I.changed.desc(), _I.id.desc()],  # as the index of the inbox runs, backwards
    "killed": [_I.killed_best.asc().nulls_last(), _I.id],
    "-killed": [_I.killed_best.desc().nulls_last(), _I.id],
}
_POINT = ("id", "title", "kind", "status", "day_from", "day_to", "lat", "lon", "precision", "radius_km", "edited")
FAILURES_SHOWN = 50  # of one outlet


class Lists(Questions):
    """Implements the lists of `base.Reads`."""

    def incidents(self, wanted: IncidentFilter, *, limit: int = 50, offset: int = 0, order: str = "-day") -> Page:
        """`order` is day, -day, changed, -changed, killed, -killed; unknown days and figures come last. Any other is -day."""
        where = self._wanted(wanted)
        rows = select(_I.body).where(where).order_by(*ORDERS.get(order, ORDERS["-day"])).limit(limit).offset(offset)
        with self._asking() as connection:
            total = connection.execute(select(func.count()).select_from(t.incidents).where(where)).scalar_one()
            found = tuple(incident_of(body) for body in connection.execute(rows).scalars())
        return _page(found, total, offset)

    def points(self, wanted: IncidentFilter, *, limit: int = 20_000) -> tuple[dict[str, Any], ...]:
        """The same incidents for a map, newest first, those that have a place on it. `killed` is the best figure or None,
        `edited` the words about the cells that people set or None."""
        columns = [func.substr(_I.title, 1, 160).label("title") if name == "title" else _I[name] for name in _POINT]
        where = and_(_I.lat.is_not(None), self._wanted(wanted))
        rows = select(*columns, _I.killed_best.label("killed")).where(where).order_by(*ORDERS["-day"]).limit(limit)
        with (
            self._asking() as connection
        ):  # Python would take the interpreter's lock for each row, others' work in between
            found = connection.execute(self._dialect.table_as_json(rows.subquery())).scalar_one()
        return tuple(dict(zip((*_POINT, "killed"), row, strict=True)) for row in msgspec.json.decode(found))

    def counts(self, wanted: IncidentFilter) -> tuple[dict[str, Any], ...]:
        """A row a day and status: day, status, incidents, killed_low, killed_best, killed_high; ordered by day and status.

        Only incidents whose day is known: one that lies somewhere within a month is on none of its days.
        """
        low, high = func.coalesce(_I.killed_low, _I.killed_best), func.coalesce(_I.killed_high, _I.killed_best)
        names = ("day", "status", "incidents", "killed_low", "killed_best", "killed_high")
        sums = [func.coalesce(func.sum(one), 0) for one in (low, _I.killed_best, high)]
        rows = select(_I.day_from, _I.status, func.count(), *sums).where(self._wanted(wanted), _I.day_from == _I.day_to)
        with self._asking() as connection:
            found = connection.execute(rows.group_by(_I.day_from, _I.status).order_by(_I.day_from, _I.status))
            return tuple(dict(zip(names, row, strict=True)) for row in found)

    def inbox(self, *, after: str | None = None, limit: int = 50) -> Page:
        """Incidents that are `new` or `changed` since a person last judged them, the latest change first.

        `after` is the id of the incident (or former incident) after which to go on.
        """
        open_ = text(t.OPEN)
        last = self.incident(after) if after else None
        rest = or_(_I.changed < last.changed, and_(_I.changed == last.changed, _I.id < last.id)) if last else true()
        rows = select(_I.body).where(and_(open_, rest)).order_by(*ORDERS["-changed"]).limit(limit)
        count = select(func.count()).select_from(t.incidents)
        with self._asking() as connection:
            total = connection.execute(count.where(open_)).scalar_one()
            left = connection.execute(count.where(and_(open_, rest))).scalar_one() if last else total
            found = tuple(incident_of(body) for body in connection.execute(rows).scalars())
        return _page(found, total, total - left)

    def section(
        self, section: Section, *, kind: str | None = None, speaker: str | None = None, target: str | None = None, place: str | None = None,
        since: str | None = None, until: str | None = None, text: str | None = None, limit: int = 50, offset: int = 0,
    ) -> Page:  # fmt: skip
        """Claims of one section in the newest versions of their documents, newest day first.

        The day is when it was, else when the page appeared. `speaker`, `target` and `text` are found within names, codes and words.
        """
        c = t.claims.c
        where = [c.section == section, is_newest(), t.newest.c.head == 1]
        where += [
            _holds(column, words)
            for column, words in ((c.speakers, speaker), (c.targets, target), (c.words, text))
            if words
        ]
        where += [c.kind == kind] if kind else []
        where += [_has_line(c.places, place)] if place else []
        where += [c.day_to >= since] if since else []
        where += [c.day <= until] if until else []
        rows = select(c.body).where(*where).order_by(c.day.desc(), c.id).limit(limit).offset(offset)
        with self._asking() as connection:
            total = connection.execute(
                select(func.count()).select_from(t.claims.join(t.newest, is_newest())).where(*where)
            ).scalar_one()
            found = tuple(claim_of(body) for body in connection.execute(rows).scalars())
        return _page(found, total, offset)

    def search(self, query: str, *, limit: int = 50, offset: int = 0) -> Page:
        """Full text over the newest versions: `Hit`s, the best first. A query without a word finds nothing; it never raises."""
        terms = read_query(query)
        if not terms:
            return Page(rows=(), total=0)
        found = self._dialect.found(terms).subquery()
        heads = and_(t.newest.c.version == t.versions.c.id, t.newest.c.head == 1)
        joined = version_select().join(found, found.c.version == t.versions.c.id).join(t.newest, heads)
        rows = (
            joined.add_columns(found.c.rank).order_by(found.c.rank, t.versions.c.position).limit(limit).offset(offset)
        )
        with self._asking() as connection:
            total = connection.execute(select(func.count()).select_from(joined.subquery())).scalar_one()
            versions = [version_of(row) for row in connection.execute(rows)]
            hits = []
            for one in versions:
                record = self.record(one.id)
                words, marks = snippet(record.document.text if record else "", terms)
                hits.append(Hit(version=one, snippet=words, marks=marks))
        return _page(tuple(hits), total, offset)

    def outlets(self) -> tuple[OutletState, ...]:
        """Each outlet, by name, with its pages and the latest of its failures."""
        v, f = t.versions.c, t.failures.c
        copies = func.count(t.stories.c.copy_of)
        pages = select(v.outlet, func.count(v.document.distinct()), func.count(), copies, func.max(v.added))
        pages = pages.select_from(t.versions.outerjoin(t.stories, t.stories.c.version == v.id)).group_by(v.outlet)
        said = select(v.outlet, func.count()).select_from(
            t.claims.join(t.newest, is_newest()).join(t.versions, v.id == t.claims.c.version)
        )
        with self._asking() as connection:
            counted = {row[0]: row for row in connection.execute(pages)}
            claims = {row[0]: row[1] for row in connection.execute(said.group_by(v.outlet))}
            failed: dict[str, tuple[tuple[str, str, str], ...]] = {
                outlet: tuple((row.at, row.name, row.reason) for row in rows)[:FAILURES_SHOWN]
                for outlet, rows in groupby(
                    connection.execute(select(t.failures).order_by(f.outlet, f.number.desc())), lambda row: row.outlet
                )
            }
        names = sorted({*counted, *failed})
        return tuple(_outlet(name, counted.get(name), claims.get(name, 0), failed.get(name, ())) for name in names)

    def totals(self) -> dict[str, int]:
        """How many documents, versions, copies, claims (of newest readings), incidents, judgements and failures there are."""
        asked: dict[str, Select[Any]] = {
            "documents": select(func.count()).where(t.newest.c.head == 1),
            "versions": select(func.count()).select_from(t.versions),
            "copies": select(func.count(t.stories.c.copy_of)),
            "claims": select(func.count()).select_from(t.claims.join(t.newest, is_newest())),
            "incidents": select(func.count()).select_from(t.incidents),
            "judgements": select(func.count()).select_from(t.judgements),
            "failures": select(func.count()).select_from(t.failures),
        }
        with self._asking() as connection:
            return {name: connection.execute(one).scalar_one() for name, one in asked.items()}

    def _wanted(self, wanted: IncidentFilter) -> ColumnElement[bool]:
        """The condition of a filter. An incident without a day is in no period, one without a place in no area."""
        parts: list[ColumnElement[bool]] = []
        parts += [_I.day_to >= wanted.since] if wanted.since else []
        parts += [_I.day_from <= wanted.until] if wanted.until else []
        if wanted.place:
            key = fold(" ".join(wanted.place.split()))
            parts.append(or_(_I.place_key == key, _I.admin1_key == key, _I.country == wanted.place.strip().upper()))
        parts += [_I.country == wanted.country.strip().upper()] if wanted.country else []
        parts += _within(wanted.bbox) if wanted.bbox else []
        for column, values in (
            (_I.kind, wanted.kind),
            (_I.event_type, wanted.event_type),
            (_I.status, wanted.status),
            (_I.review, wanted.review),
        ):
            parts += [column.in_(values)] if values else []
        parts += [_holds(_I.parties, wanted.actor)] if wanted.actor else []
        parts += [_I.voices >= wanted.minimum_voices] if wanted.minimum_voices else []
        parts += [self._of_text(wanted.text)] if wanted.text else []
        return and_(true(), *parts)

    def _of_text(self, query: str) -> ColumnElement[bool]:
        """Incidents with a claim in a document that the query finds; none where it has no word."""
        terms = read_query(query)
        if not terms:
            return _I.id.is_(None)
        said = select(t.members.c.incident).join(t.claims, t.claims.c.id == t.members.c.claim)
        return _I.id.in_(said.where(t.claims.c.version.in_(self._dialect.matches(terms))))


def _page(rows: tuple[Any, ...], total: int, offset: int) -> Page:
    following = offset + len(rows)
    return Page(rows=rows, total=total, next=following if rows and following < total else None)


def _within(bbox: tuple[float, float, float, float]) -> list[ColumnElement[bool]]:
    west, south, east, north = bbox
    around = or_(_I.lon >= west, _I.lon <= east) if west > east else _I.lon.between(west, east)  # over the date line
    return [_I.lat.between(south, north), around]


def _holds(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """That a folded column has these words somewhere; `%` and `_` stand for themselves."""
    return column.contains(fold(" ".join(words.split())), autoescape=True)


def _has_line(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return column.contains("\n" + fold(" ".join(value.split())) + "\n", autoescape=True)


def _outlet(name: str, row: Any, claims: int, failures: tuple[tuple[str, str, str], ...]) -> OutletState:
    documents, versions, copies, last = (row[1], row[2], row[3], row[4]) if row else (0, 0, 0, None)
    return OutletState(
        outlet=name, documents=documents, versions=versions, copies=copies, claims=claims, last=last, failures=failures
    )  # fmt: skip
