"""From text to sentences, tokens, names, times and quantities."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tocsin.parse.sentences import outline
from tocsin.parse.syntax import Parser
from tocsin.parsed import ParsedDocument

__all__ = ["Parser", "outline", "parse_text", "shared_parser"]


@cache
def shared_parser(model: str | None = None) -> Parser:
    """One loaded model for the whole process."""
    return Parser(model)


def parse_text(text: str, published: str | None = None, mask: Sequence[tuple[int, int]] = ()) -> ParsedDocument:
    """The text with every sentence parsed. For tests and for looking at one text; the pipeline parses in batches."""
    document = outline(text, published=published, mask=mask)
    shared_parser().parse([document])
    return document
