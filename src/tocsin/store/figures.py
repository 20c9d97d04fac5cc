"""Figures of one kind, wherever a page gave them: beside an event or alone."""

from __future__ import annotations

from sqlalchemy import select

from tocsin.records import FigureKind
from tocsin.store import tables as t
from tocsin.store.base import Page
from tocsin.store.codec import claim_of, fold
from tocsin.store.questions import Questions, is_newest


class Figures(Questions):
    """Lists claims by the figures that they carry."""

    def figures(
        self, kind: FigureKind, *, place: str | None = None, since: str | None = None, until: str | None = None,
        limit: int = 50, offset: int = 0,
    ) -> Page:  # fmt: skip
        """Claims with a figure of that kind, newest day first. `total` counts no further than to the next page.

        The kind is looked for in the claim's JSON: there are few such claims beside the lists by day, which an index serves.
        """
        c = t.claims.c
        where = [c.section.in_(("event", "figure")), is_newest(), t.newest.c.head == 1, c.body.contains(f'"kind":"{kind}"', autoescape=True)]  # fmt: skip
        where += [c.places.contains("\n" + fold(" ".join(place.split())) + "\n", autoescape=True)] if place else []
        where += [c.day_to >= since] if since else []
        where += [c.day <= until] if until else []
        rows = select(c.body).where(*where).order_by(c.day.desc(), c.id).limit(limit + 1).offset(offset)
        with self._asking() as connection:
            found = [claim_of(body) for body in connection.execute(rows).scalars()]
        more = len(found) > limit
        return Page(rows=tuple(found[:limit]), total=offset + len(found), next=offset + limit if more else None)
