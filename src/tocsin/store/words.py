"""Judgements by id and by action."""

from __future__ import annotations

from sqlalchemy import select

from tocsin.ledger import Action, Judgement
from tocsin.store import tables as t
from tocsin.store.codec import judgement_of
from tocsin.store.questions import Questions


class Words(Questions):
    """What people said, looked up without going through all of it."""

    def judgement(self, judgement_id: str) -> Judgement | None:
        with self._asking() as connection:
            return self._judgement(connection, judgement_id)

    def judgements_by(self, *actions: Action) -> tuple[Judgement, ...]:
        """All judgements of these actions, in the order they were given."""
        j = t.judgements.c
        with self._asking() as connection:
            rows = connection.execute(select(j.body).where(j.action.in_(actions)).order_by(j.position)).scalars()
            return tuple(judgement_of(body) for body in rows)
