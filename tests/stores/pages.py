"""Pages, readings and claims made by hand, for tests that need no reader."""

from __future__ import annotations

import hashlib
from typing import Any

from tocsin.ledger import Claim, DocumentVersion, Incident, Locus, Voice
from tocsin.records import Document, Record, Span, Version
from tocsin.store import reading_id
from tocsin.store.ledger_store import LedgerStore

CODE = Version(tocsin="1.0", codebook="aaaa", model="small 1.0", gazetteer="g1")
LATER = Version(tocsin="1.1", codebook="bbbb", model="small 1.0", gazetteer="g1")
IDLIB = Locus(name="Idlib", lat=35.93, lon=36.63, country="SY", admin1="Idlib", precision="exact", radius_km=5.0)


def version_id(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def version(raw: bytes, document: str = "", **others: Any) -> DocumentVersion:
    given: dict[str, Any] = {"outlet": "herald", "published": "2018-09-05", "added": "2026-11-23T10:00:00Z"}
    return DocumentVersion(id=version_id(raw), document=document or version_id(raw), **(given | others))


def record(raw: bytes, code: Version = CODE) -> Record:
    return Record(document=Document(id=version_id(raw), text=raw.decode()), version=code)


def claim(raw: bytes, row: str = "e1", code: Version = CODE, **others: Any) -> Claim:
    text = raw.decode()
    given: dict[str, Any] = {
        "section": "event", "kind": "air-strike", "family": "attack", "day_from": "2018-09-05", "day_to": "2018-09-05",
        "place": IDLIB, "outlet": "herald", "published": "2018-09-05", "voices": (Voice(key="herald"),),
        "trigger": Span(start=0, end=5, text=text[:5]), "sentence": Span(start=0, end=len(text), text=text),
    }  # fmt: skip
    reading = reading_id(code)
    name = f"{version_id(raw)[7:19]}-{reading[:6]}-{row}"
    return Claim(id=name, version=version_id(raw), reading=reading, row=row, **(given | others))


def keep(
    store: LedgerStore, raw: bytes, *claims: Claim, document: str = "", code: Version = CODE, **others: Any
) -> DocumentVersion:
    """Adds a page with its claims as one transaction; every claim an incident of its own."""
    rows = claims or (claim(raw, code=code),)
    with store.writing():
        kept = store.put_version(version(raw, document, **others), raw)
        store.put_reading(kept.id, record(raw, code), rows, {one.id: [f"day:{one.day_from}"] for one in rows})
        store.put_incidents([], [incident(one) for one in rows if one.section == "event"])
    return kept


def incident(*claims: Claim, **others: Any) -> Incident:
    first = min(claims, key=lambda one: one.id)
    given: dict[str, Any] = {
        "title": f"{first.kind} in {first.place.name if first.place else 'an unknown place'}", "kind": first.kind, "family": first.family,
        "status": first.status, "day_from": first.day_from, "day_to": first.day_to, "place": first.place,
        "actors": first.actors, "recipients": first.recipients, "voices": 1, "documents": 1,
        "claims": tuple(sorted(one.id for one in claims)),
    }  # fmt: skip
    return Incident(id=f"i-{first.id}", **(given | others))
