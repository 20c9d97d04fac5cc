"""Who changed which rule, and how: entries of the chain. Rules that were there before begin their history with their next change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SQLITE = [
    f"CREATE TRIGGER rule_changes_kept_{what.lower()} BEFORE {what} ON rule_changes "
    "BEGIN SELECT RAISE(ABORT, 'rule_changes are never changed'); END"
    for what in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    "CREATE TRIGGER rule_changes_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_changes "
    "FOR EACH STATEMENT EXECUTE FUNCTION tocsin_kept()"
]


def upgrade() -> None:
    op.create_table(
        "rule_changes",
        sa.Column("id", STRING, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, STRING, nullable=False) for name in ("at", "user", "rule", "action", "body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_changes")),
        sa.UniqueConstraint("position", name=op.f("uq_rule_changes_position")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_rule_changes_rule"), "rule_changes", ["rule"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
