"""Pronouns and definite descriptions, tied to an earlier mention where that is safe."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.parsed import ParsedDocument
from tocsin.records import Actor

SpanOf = tuple[int, int]


def resolve_references(parsed: ParsedDocument, actors: Sequence[Actor]) -> dict[SpanOf, SpanOf]:
    """From the span of a pronoun or description to the span of the mention that it stands for."""
    return {}
