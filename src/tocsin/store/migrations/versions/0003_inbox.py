"""An index of the incidents that wait for a judgement, in the inbox's order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None

OPEN = sa.text("review IN ('new', 'changed')")


def upgrade() -> None:
    op.drop_index(
        "ix_incidents_review_changed_id", "incidents"
    )  # SQLite takes it for the inbox, and then sorts all of it
    op.create_index("ix_incidents_open", "incidents", ["changed", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
