"""The tables of the ledger, the same in SQLite and PostgreSQL.

Kept for ever, and refused by triggers to every UPDATE and DELETE: `versions`, `readings`, `claims`, `judgements`, `judged`, `chain`.
Derived, and made again whenever wanted: `newest`, `successors`, `stories`, `bands`, `blocks`, `links`, `incidents`, `members`,
`anchors`, and the index of the full text, which each database has in its own kind. `failures` is a log.

Columns are TEXT, INTEGER, BLOB and double-precision REAL only: what SQLite's STRICT tables allow.
"""

from __future__ import annotations

from sqlalchemy import REAL, Column, Double, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
String = Text().with_variant(Text(collation="C"), "postgresql")  # ordered by code point, as Python and SQLite do
Real: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")  # PostgreSQL's REAL has only 24 bits, SQLite's has 53


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True)


def _text(name: str, *, null: bool = False, index: bool = False) -> Column[str]:
    return Column(name, String, nullable=null, index=index)


def _key(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


def _to(name: str, target: str, *, primary: bool = False, index: bool = False) -> Column[str]:
    return Column(name, String, ForeignKey(target), primary_key=primary, nullable=False, index=index)


# --- kept for ever -----------------------------------------------------------------------------------------------------

versions = _table(
    "versions",
    _key("id"),
    Column("position", Integer, nullable=False, unique=True),  # its place in the chain
    _text("document"),
    Column("number", Integer, nullable=False),
    _text("url", null=True),
    _text("ref", null=True),
    _text("title", null=True),
    _text("publisher", null=True),
    _text("outlet", index=True),
    _text("author", null=True),
    _text("language", null=True),
    _text("published", null=True),
    _text("published_basis"),
    _text("retrieved", null=True),
    _text("added"),
    _text("media_type"),
    Column("size", Integer, nullable=False),
    _text("packed"),  # sha256 of the archive's file as it lies there, so that a changed byte of its header shows too
    Index("uq_versions_document_number", "document", "number", unique=True),
)

readings = _table(
    "readings",
    _to("version", "versions.id", primary=True),
    _key("reading"),
    Column("position", Integer, nullable=False, unique=True),
    _text("at"),
    _text("tocsin"),
    _text("codebook"),
    _text("model"),
    _text("gazetteer", null=True),
    Column("record", LargeBinary, nullable=False),  # the record's JSON, zlib
    Column("claims", Integer, nullable=False),
    _text("digest"),  # over the digests of its claims, in order
)

claims = _table(
    "claims",
    _key("id"),
    _to("version", "versions.id"),
    _text("reading"),
    Column("number", Integer, nullable=False),  # its place in the reading
    _text("section"),
    _text("row"),
    _text("kind"),
    _text("status"),
    _text("day"),  # by which lists are ordered: when it was, else when the page appeared, else when it was added
    _text("day_to"),
    _text("known_by"),  # the moment from which the page was public, at the latest
    _text("speakers"),
    _text("targets"),
    _text("places"),
    _text("words"),
    _text("body"),
    _text("digest"),
    Index("ix_claims_version_reading_number", "version", "reading", "number"),
    Index("ix_claims_section_day_id", "section", "day", "id"),
)

judgements = _table(
    "judgements",
    _key("id"),
    Column("position", Integer, nullable=False, unique=True),
    _text("at"),
    _text("user"),
    _text("action"),
    _text("body"),
)

judged = _table(
    "judged",
    _to("claim", "claims.id", primary=True),
    _to("judgement", "judgements.id", primary=True, index=True),
)

rule_changes = _table(
    "rule_changes",
    _key("id"),
    Column("position", Integer, nullable=False, unique=True),
    _text("at"),
    _text("user"),
    _text("rule", index=True),
    _text("action"),
    _text("body"),  # the rule as it is from then on, JSON; of one that was removed as it was
)

chain = _table(
    "chain",
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("name"),
    _text("digest"),
    _text("previous"),
    _text("hash"),
)

# --- derived -----------------------------------------------------------------------------------------------------------

newest = _table(
    "newest",
    _to("version", "versions.id", primary=True),
    _text("reading"),
    _text("document", index=True),
    Column("head", Integer, nullable=False),  # 1 where the version is its document's newest
)

successors = _table(
    "successors",
    _to("claim", "claims.id", primary=True),
    _to("successor", "claims.id", index=True),
)

stories = _table(
    "stories",
    _to("version", "versions.id", primary=True),
    _text("copy_of", null=True, index=True),
    _text("story", index=True),
)

bands = _table("bands", _key("band"), _to("version", "versions.id", primary=True, index=True))
blocks = _table("blocks", _key("block"), _to("claim", "claims.id", primary=True, index=True))

links = _table(
    "links",
    _to("one", "claims.id", primary=True),
    _to("other", "claims.id", primary=True, index=True),
    Column("score", Real, nullable=False),
    _text("reasons"),
)

OPEN = "review IN ('new', 'changed')"  # as text, so that a database sees that the index of this condition serves

incidents = _table(
    "incidents",
    _key("id"),
    _text("title"),
    _text("kind"),
    _text("event_type", null=True),
    _text("status"),
    _text("review"),
    _text("day_from", null=True),
    _text("day_to", null=True),
    _text("place", null=True),
    _text("place_key", null=True, index=True),
    _text("admin1_key", null=True, index=True),
    _text("country", null=True, index=True),
    Column("lat", Real, nullable=True),
    Column("lon", Real, nullable=True),
    _text("precision"),
    Column("radius_km", Real, nullable=True),
    Column("killed_low", Integer, nullable=True),
    Column("killed_best", Integer, nullable=True),
    Column("killed_high", Integer, nullable=True),
    Column("voices", Integer, nullable=False),
    _text("parties"),
    _text("changed"),
    _text("body"),
    _text("edited", null=True),  # for the map: what people set, in words
    Index("ix_incidents_day_from_id", "day_from", "id"),
    Index("ix_incidents_changed_id", "changed", "id"),
    Index("ix_incidents_killed_best_id", "killed_best", "id"),
    Index("ix_incidents_open", "changed", "id", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),  # the inbox
    Index("ix_incidents_status_day_from", "status", "day_from"),
)

members = _table("members", _to("claim", "claims.id", primary=True), _to("incident", "incidents.id", index=True))
anchors = _table("anchors", _key("incident"), _to("claim", "claims.id"))

failures = _table(
    "failures",
    Column("number", Integer, primary_key=True, autoincrement=True),
    _text("at"),
    _text("name"),
    _text("reason"),
    _text("outlet", index=True),
)

KEPT = ("versions", "readings", "claims", "judgements", "judged", "rule_changes", "chain")
