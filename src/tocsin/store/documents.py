"""Lists of pages: an outlet's, and the copies of one story."""

from __future__ import annotations

from sqlalchemy import func, select

from tocsin.ledger import DocumentVersion
from tocsin.store import tables as t
from tocsin.store.base import Page
from tocsin.store.questions import Questions, version_of, version_select


class Documents(Questions):
    """Lists `DocumentVersion`s."""

    def documents(self, outlet: str | None = None, *, limit: int = 50, offset: int = 0) -> Page:
        """Versions, of one outlet or of all, the last added first."""
        v = t.versions.c
        where = [v.outlet == outlet] if outlet is not None else []
        rows = version_select().where(*where).order_by(v.position.desc()).limit(limit).offset(offset)
        with self._asking() as connection:
            total = connection.execute(select(func.count()).select_from(t.versions).where(*where)).scalar_one()
            found = tuple(version_of(row) for row in connection.execute(rows))
        following = offset + len(found)
        return Page(rows=found, total=total, next=following if found and following < total else None)

    def story(self, story: str, *, limit: int = 100) -> tuple[DocumentVersion, ...]:
        """The versions of one story, the first first: the text that came first and the reprints of it."""
        rows = version_select().where(t.stories.c.story == story).order_by(t.versions.c.position).limit(limit)
        with self._asking() as connection:
            return tuple(version_of(row) for row in connection.execute(rows))
