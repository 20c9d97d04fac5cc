"""Evidence: an incident a line, with every claim, the words and where they stand, who says so, and why they were joined."""

from __future__ import annotations

import json
from typing import IO, Any

import msgspec

from tocsin.export import each
from tocsin.ledger import Claim, DocumentVersion, Incident, IncidentFilter
from tocsin.store.base import Reads


def lines(store: Reads, wanted: IncidentFilter, stream: IO[str]) -> int:
    """Writes JSON Lines. ASCII only: what a page holds cannot steer a terminal or an editor. Returns how many."""
    number = 0
    for one in each(store, wanted):
        stream.write(json.dumps(evidence(store, one), ensure_ascii=True, sort_keys=True) + "\n")
        number += 1
    return number


def evidence(store: Reads, one: Incident) -> dict[str, Any]:
    """The incident, its claims with their documents, and the judgements about it. Offsets are code points into the version's text."""
    versions: dict[str, DocumentVersion | None] = {}
    told = []
    for claim in store.claims(one.claims):
        if claim.version not in versions:
            versions[claim.version] = store.version(claim.version)
        told.append(_claim(claim, versions[claim.version]))
    judged = [msgspec.to_builtins(judgement) for judgement in store.judgements(one.claims)]
    return {"incident": msgspec.to_builtins(one), "claims": told, "judgements": judged}


def _claim(claim: Claim, version: DocumentVersion | None) -> dict[str, Any]:
    document = {
        "sha256": claim.version.removeprefix("sha256:"), "url": version.url if version else None, "title": version.title if version else None,
        "outlet": claim.outlet, "published": claim.published, "retrieved": version.retrieved if version else None,
        "copy_of": version.copy_of if version else None,
    }  # fmt: skip
    return {
        "id": claim.id, "row": claim.row, "kind": claim.kind, "status": claim.status, "certainty": claim.certainty,
        "words": msgspec.to_builtins(claim.trigger), "sentence": msgspec.to_builtins(claim.sentence),
        "said_by": [msgspec.to_builtins(voice) for voice in claim.voices], "figures": [msgspec.to_builtins(row) for row in claim.figures],
        "read_by": claim.reading, "cells": claim.detail, "document": document,
    }  # fmt: skip
