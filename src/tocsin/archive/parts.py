"""What a run writes: Parquet parts, one of pages and one of events for each shard. The schema has a version of its own.

Parts are written beside their place and renamed, so that a part that is there is whole. The same rows give the same bytes: rows
stand in the order of the shard, no clock and no name of a machine gets in, and one thread writes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tocsin.errors import MissingError
from tocsin.ledger import Claim
from tocsin.records import Record

SCHEMA = "1"
TABLES = ("pages", "events")
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Record).decode
FIGURES = ("killed", "injured", "displaced")


def arrow() -> Any:
    """pyarrow with its Parquet module. Raises `MissingError` with the command that installs it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as problem:
        raise MissingError("reading and writing runs needs pyarrow: pip install 'tocsin[archive]'") from problem
    return pyarrow


def schema(table: str) -> Any:
    """The columns of a table; docs/archive.md says what each holds."""
    pa = arrow()
    text, whole, real = pa.string(), pa.int32(), pa.float64()
    if table == "pages":
        columns = [
            ("page", text), ("ref", text), ("url", text), ("outlet", text), ("title", text), ("published", text),
            ("published_basis", text), ("retrieved", text), ("language", text), ("sha256", text), ("media_type", text),
            ("events", whole), ("issues", pa.list_(text)), ("record", pa.binary()),
        ]  # fmt: skip
    else:
        columns = [
            ("event", text), ("page", text), ("url", text), ("outlet", text), ("published", text), ("kind", text),
            ("event_type", text), ("acled", text), ("status", text), ("certainty", real), ("polarity", text), ("horizon", text),
            ("day_from", text), ("day_to", text), ("day_basis", text), ("place", text), ("country", text), ("admin1", text), ("lat", real), ("lon", real),
            ("precision", text), ("radius_km", real), ("actors", pa.list_(text)), ("actor_codes", pa.list_(text)),
            ("recipients", pa.list_(text)), ("recipient_codes", pa.list_(text)), ("said_by", pa.list_(text)),
            *((f"{kind}_{end}", pa.int64()) for kind in FIGURES for end in ("low", "best", "high")),
            ("trigger", text), ("start", whole), ("end", whole), ("sentence", text), ("rule", text), ("confidence", real),
        ]  # fmt: skip
    return pa.schema(columns, metadata={"tocsin.schema": SCHEMA, "tocsin.table": table})


def write(table: str, rows: Sequence[dict[str, Any]], target: Path) -> str:
    """Writes a part whole or not at all; returns its sha256."""
    pa = arrow()
    made = pa.Table.from_pylist(list(rows), schema=schema(table))
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with aside.open("wb") as stream:
            pa.parquet.write_table(made, stream, compression="zstd", row_group_size=20_000, store_schema=True)
            stream.flush()
            os.fsync(stream.fileno())
        digest = digest_of(aside)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return digest


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def page_row(record: Record, *, outlet: str, digest: str, media_type: str) -> dict[str, Any]:
    """The row of a page. `page` is the sha256 of its bytes, as the desk names its versions."""
    told = record.document
    return {
        "page": f"sha256:{digest}", "ref": told.ref, "url": told.url, "outlet": outlet, "title": told.title,
        "published": told.published, "published_basis": told.published_basis, "retrieved": told.retrieved,
        "language": told.language, "sha256": digest, "media_type": media_type, "events": len(record.events),
        "issues": [one.code for one in record.issues], "record": _encode(record),
    }  # fmt: skip


def record_of(row: dict[str, Any]) -> Record:
    """The record that a row of pages holds."""
    return _decode(row["record"])


def event_rows(record: Record, claims: Sequence[Claim]) -> Iterator[dict[str, Any]]:
    """A row for each event of a record, from its claims, which know the sentence, the days and the voices."""
    own = {one.id: one for one in record.events}
    for claim in claims:
        if claim.section != "event":
            continue
        one, where = own[claim.row], claim.place
        yield {
            "event": claim.id, "page": claim.version, "url": record.document.url, "outlet": claim.outlet,
            "published": claim.published, "kind": one.kind, "event_type": one.event_type, "acled": one.codes.acled,
            "status": one.status, "certainty": one.certainty, "polarity": one.polarity, "horizon": one.horizon,
            "day_from": claim.day_from, "day_to": claim.day_to, "day_basis": claim.day_basis,
            "place": where.name if where else None, "country": where.country if where else None,
            "admin1": where.admin1 if where else None, "lat": where.lat if where else None,
            "lon": where.lon if where else None, "precision": where.precision if where else None,
            "radius_km": where.radius_km if where else None,
            "actors": [who.name for who in claim.actors], "actor_codes": [who.code for who in claim.actors if who.code],
            "recipients": [who.name for who in claim.recipients],
            "recipient_codes": [who.code for who in claim.recipients if who.code],
            "said_by": [voice.speaker for voice in claim.voices if voice.speaker], **_figures(claim),
            "trigger": claim.trigger.text, "start": claim.trigger.start, "end": claim.trigger.end,
            "sentence": claim.sentence.text, "rule": one.rule, "confidence": one.confidence,
        }  # fmt: skip


def _figures(claim: Claim) -> dict[str, int | None]:
    """Of each kind the claim's first figure of persons."""
    found: dict[str, int | None] = {f"{kind}_{end}": None for kind in FIGURES for end in ("low", "best", "high")}
    for one in reversed(claim.figures):
        if one.kind in FIGURES and one.unit == "persons":
            found |= {f"{one.kind}_low": one.low, f"{one.kind}_best": one.best, f"{one.kind}_high": one.high}
    return found
