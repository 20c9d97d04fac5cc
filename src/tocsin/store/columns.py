"""Claims and incidents as rows: the whole value as JSON, and beside it the cells that lists are filtered and ordered by."""

from __future__ import annotations

from typing import Any

from tocsin.ledger import Claim, DocumentVersion, FigureRange, Incident
from tocsin.store.codec import clean, encode, fold, known_by, lines, locus_lines, party_lines

LONGEST_WORDS = 2000  # code points of a claim's sentence that lists are searched by


def claim_row(claim: Claim, number: int, version: DocumentVersion) -> dict[str, Any]:
    day = claim.day_from or (claim.published or version.published or version.added)[:10]
    voices = [value for one in claim.voices for value in (one.speaker, one.code, one.key)]
    speakers = voices + (party_lines(claim.actors) if claim.section in ("statement", "announcement", "control") else [])
    row = {
        "id": claim.id, "version": claim.version, "reading": claim.reading, "number": number, "section": claim.section,
        "row": claim.row, "kind": claim.kind, "status": claim.status, "day": day, "day_to": claim.day_to or claim.day_from or day,
        "known_by": known_by(claim.published or version.published or "", version.added),
        "speakers": lines(speakers), "targets": lines(party_lines(claim.recipients)),
        "places": lines(locus_lines([claim.place, *claim.places])),
        "words": fold(" ".join(claim.sentence.text.split()))[:LONGEST_WORDS], "body": encode(claim),
    }  # fmt: skip
    return {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}


def incident_row(one: Incident) -> dict[str, Any]:
    place = one.place
    killed = next((x for x in one.figures if x.kind == "killed" and x.unit == "persons"), FigureRange(kind="killed"))
    row = {
        "id": one.id, "title": one.title, "kind": one.kind, "event_type": one.event_type, "status": one.status, "review": one.review,
        "day_from": one.day_from, "day_to": one.day_to or one.day_from, "place": place.name if place else None,
        "place_key": _key(place.name) if place else None, "admin1_key": _key(place.admin1) if place else None,
        "country": place.country if place else None, "lat": place.lat if place else None, "lon": place.lon if place else None,
        "precision": place.precision if place else "unresolved", "radius_km": place.radius_km if place else None,
        "killed_low": killed.low, "killed_best": killed.best, "killed_high": killed.high, "voices": one.voices,
        "parties": lines(party_lines([*one.actors, *one.recipients])), "edited": "; ".join(edit.in_words() for edit in one.edits) or None, "changed": one.changed, "body": encode(one),
    }  # fmt: skip
    return {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}


def _key(name: str | None) -> str | None:
    return fold(" ".join(name.split())) if name else None
