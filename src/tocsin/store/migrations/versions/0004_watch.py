"""What the watch knows: sources, items, rules, alerts, deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for name, key, columns, indexed in (
        ("sources", "url", ("due", "data"), ("due",)),
        ("items", "url", ("source", "due", "data"), ("source", "due")),
        ("rules", "name", ("data",), ()),
        ("alerts", "id", ("rule", "changed", "data"), ("rule", "changed")),
    ):
        op.create_table(
            name,
            sa.Column(key, STRING, nullable=False),
            *(sa.Column(column, STRING, nullable=False) for column in columns),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")),
            sqlite_strict=True,
        )
        for column in indexed:
            op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(column, STRING, nullable=False) for column in ("alert", "channel", "digest", "at")),
        sa.Column("problem", STRING, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_deliveries_alert"), "deliveries", ["alert"], unique=False)
