"""The first tables; the triggers that refuse changes to what is kept for ever; the full text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = depends_on = None

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
REAL: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
KEPT = ("versions", "readings", "claims", "judgements", "judged", "chain")

SQLITE = [
    "CREATE VIRTUAL TABLE texts USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')",
    *(
        f"CREATE TRIGGER {table}_kept_{what.lower()} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
        for table in KEPT
        for what in ("UPDATE", "DELETE")
    ),
]
POSTGRESQL = [
    'CREATE TABLE texts (version TEXT COLLATE "C" PRIMARY KEY REFERENCES versions (id), words TSVECTOR NOT NULL)',
    "CREATE INDEX ix_texts_words ON texts USING GIN (words)",
    "CREATE FUNCTION tocsin_kept() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END $$",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION tocsin_kept()"
        for table in KEPT
    ),
]


def upgrade() -> None:
    op.create_table(
        "chain",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("name", STRING, nullable=False),
        sa.Column("digest", STRING, nullable=False),
        sa.Column("previous", STRING, nullable=False),
        sa.Column("hash", STRING, nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_chain")),
        sqlite_strict=True,
    )
    op.create_table(
        "failures",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", STRING, nullable=False),
        sa.Column("name", STRING, nullable=False),
        sa.Column("reason", STRING, nullable=False),
        sa.Column("outlet", STRING, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_failures")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_failures_outlet"), "failures", ["outlet"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", STRING, nullable=False),
        sa.Column("title", STRING, nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("event_type", STRING, nullable=True),
        sa.Column("status", STRING, nullable=False),
        sa.Column("review", STRING, nullable=False),
        sa.Column("day_from", STRING, nullable=True),
        sa.Column("day_to", STRING, nullable=True),
        sa.Column("place", STRING, nullable=True),
        sa.Column("place_key", STRING, nullable=True),
        sa.Column("admin1_key", STRING, nullable=True),
        sa.Column("country", STRING, nullable=True),
        sa.Column("lat", REAL, nullable=True),
        sa.Column("lon", REAL, nullable=True),
        sa.Column("precision", STRING, nullable=False),
        sa.Column("radius_km", REAL, nullable=True),
        sa.Column("killed_low", sa.Integer(), nullable=True),
        sa.Column("killed_best", sa.Integer(), nullable=True),
        sa.Column("killed_high", sa.Integer(), nullable=True),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("parties", STRING, nullable=False),
        sa.Column("changed", STRING, nullable=False),
        sa.Column("body", STRING, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_incidents_admin1_key"), "incidents", ["admin1_key"], unique=False)
    op.create_index("ix_incidents_changed_id", "incidents", ["changed", "id"], unique=False)
    op.create_index(op.f("ix_incidents_country"), "incidents", ["country"], unique=False)
    op.create_index("ix_incidents_day_from_id", "incidents", ["day_from", "id"], unique=False)
    op.create_index("ix_incidents_killed_best_id", "incidents", ["killed_best", "id"], unique=False)
    op.create_index(op.f("ix_incidents_place_key"), "incidents", ["place_key"], unique=False)
    op.create_index("ix_incidents_review_changed_id", "incidents", ["review", "changed", "id"], unique=False)
    op.create_index("ix_incidents_status_day_from", "incidents", ["status", "day_from"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("id", STRING, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", STRING, nullable=False),
        sa.Column("user", STRING, nullable=False),
        sa.Column("action", STRING, nullable=False),
        sa.Column("body", STRING, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
        sa.UniqueConstraint("position", name=op.f("uq_judgements_position")),
        sqlite_strict=True,
    )
    op.create_table(
        "versions",
        sa.Column("id", STRING, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", STRING, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", STRING, nullable=True),
        sa.Column("ref", STRING, nullable=True),
        sa.Column("title", STRING, nullable=True),
        sa.Column("publisher", STRING, nullable=True),
        sa.Column("outlet", STRING, nullable=False),
        sa.Column("author", STRING, nullable=True),
        sa.Column("language", STRING, nullable=True),
        sa.Column("published", STRING, nullable=True),
        sa.Column("published_basis", STRING, nullable=False),
        sa.Column("retrieved", STRING, nullable=True),
        sa.Column("added", STRING, nullable=False),
        sa.Column("media_type", STRING, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("packed", STRING, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("position", name=op.f("uq_versions_position")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_versions_outlet"), "versions", ["outlet"], unique=False)
    op.create_index("uq_versions_document_number", "versions", ["document", "number"], unique=True)
    op.create_table(
        "bands",
        sa.Column("band", STRING, nullable=False),
        sa.Column("version", STRING, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_bands_version")),
        sa.PrimaryKeyConstraint("band", "version", name=op.f("pk_bands")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bands_version"), "bands", ["version"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", STRING, nullable=False),
        sa.Column("version", STRING, nullable=False),
        sa.Column("reading", STRING, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section", STRING, nullable=False),
        sa.Column("row", STRING, nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("status", STRING, nullable=False),
        sa.Column("day", STRING, nullable=False),
        sa.Column("day_to", STRING, nullable=False),
        sa.Column("known_by", STRING, nullable=False),
        sa.Column("speakers", STRING, nullable=False),
        sa.Column("targets", STRING, nullable=False),
        sa.Column("places", STRING, nullable=False),
        sa.Column("words", STRING, nullable=False),
        sa.Column("body", STRING, nullable=False),
        sa.Column("digest", STRING, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_claims_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sqlite_strict=True,
    )
    op.create_index("ix_claims_section_day_id", "claims", ["section", "day", "id"], unique=False)
    op.create_index("ix_claims_version_reading_number", "claims", ["version", "reading", "number"], unique=False)
    op.create_table(
        "newest",
        sa.Column("version", STRING, nullable=False),
        sa.Column("reading", STRING, nullable=False),
        sa.Column("document", STRING, nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_newest_version")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_newest")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_newest_document"), "newest", ["document"], unique=False)
    op.create_table(
        "readings",
        sa.Column("version", STRING, nullable=False),
        sa.Column("reading", STRING, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", STRING, nullable=False),
        sa.Column("tocsin", STRING, nullable=False),
        sa.Column("codebook", STRING, nullable=False),
        sa.Column("model", STRING, nullable=False),
        sa.Column("gazetteer", STRING, nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("digest", STRING, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_readings_version")),
        sa.PrimaryKeyConstraint("version", "reading", name=op.f("pk_readings")),
        sa.UniqueConstraint("position", name=op.f("uq_readings_position")),
        sqlite_strict=True,
    )
    op.create_table(
        "stories",
        sa.Column("version", STRING, nullable=False),
        sa.Column("copy_of", STRING, nullable=True),
        sa.Column("story", STRING, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["versions.id"], name=op.f("fk_stories_version")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_stories")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stories_copy_of"), "stories", ["copy_of"], unique=False)
    op.create_index(op.f("ix_stories_story"), "stories", ["story"], unique=False)
    op.create_table(
        "anchors",
        sa.Column("incident", STRING, nullable=False),
        sa.Column("claim", STRING, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_anchors_claim")),
        sa.PrimaryKeyConstraint("incident", name=op.f("pk_anchors")),
        sqlite_strict=True,
    )
    op.create_table(
        "blocks",
        sa.Column("block", STRING, nullable=False),
        sa.Column("claim", STRING, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_blocks_claim")),
        sa.PrimaryKeyConstraint("block", "claim", name=op.f("pk_blocks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_blocks_claim"), "blocks", ["claim"], unique=False)
    op.create_table(
        "judged",
        sa.Column("claim", STRING, nullable=False),
        sa.Column("judgement", STRING, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_judged_claim")),
        sa.ForeignKeyConstraint(["judgement"], ["judgements.id"], name=op.f("fk_judged_judgement")),
        sa.PrimaryKeyConstraint("claim", "judgement", name=op.f("pk_judged")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_judged_judgement"), "judged", ["judgement"], unique=False)
    op.create_table(
        "links",
        sa.Column("one", STRING, nullable=False),
        sa.Column("other", STRING, nullable=False),
        sa.Column("score", REAL, nullable=False),
        sa.Column("reasons", STRING, nullable=False),
        sa.ForeignKeyConstraint(["one"], ["claims.id"], name=op.f("fk_links_one")),
        sa.ForeignKeyConstraint(["other"], ["claims.id"], name=op.f("fk_links_other")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_links")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_links_other"), "links", ["other"], unique=False)
    op.create_table(
        "members",
        sa.Column("claim", STRING, nullable=False),
        sa.Column("incident", STRING, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_members_claim")),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_members_incident")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_members")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_members_incident"), "members", ["incident"], unique=False)
    op.create_table(
        "successors",
        sa.Column("claim", STRING, nullable=False),
        sa.Column("successor", STRING, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_successors_claim")),
        sa.ForeignKeyConstraint(["successor"], ["claims.id"], name=op.f("fk_successors_successor")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_successors")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_successors_successor"), "successors", ["successor"], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(
            statement.replace("%", "%%") if op.get_bind().dialect.name != "sqlite" else statement
        )
