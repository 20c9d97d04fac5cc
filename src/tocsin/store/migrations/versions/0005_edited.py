"""What people set in an incident, in words, beside the cells of the map. `tocsin regroup` fills it for what was edited before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("incidents", sa.Column("edited", STRING, nullable=True))
