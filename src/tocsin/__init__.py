"""Tocsin: news pages about armed conflict, as they are on the web, into an auditable record.

    >>> from tocsin import read_text
    >>> record = read_text(open("page.txt").read(), published="2018-09-05")
    >>> [(event.kind, event.status) for event in record.events]

Importing is cheap: models and word lists load when the first text is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Record", "TocsinError", "__version__", "read_html", "read_text"]

if TYPE_CHECKING:
    from tocsin.errors import TocsinError
    from tocsin.pipeline import read_html, read_text
    from tocsin.records import Record


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first used."""
    if name in ("read_text", "read_html"):
        from tocsin import pipeline

        return getattr(pipeline, name)
    if name == "Record":
        from tocsin.records import Record

        return Record
    if name == "TocsinError":
        from tocsin.errors import TocsinError

        return TocsinError
    raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
