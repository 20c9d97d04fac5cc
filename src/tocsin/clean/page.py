"""A cleaned page, and how a plain text becomes one: its characters stay as they came, noise is only marked."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.clean.dates import date_in_text
from tocsin.clean.language import language_of
from tocsin.clean.residue import find_residue
from tocsin.records import Basis, Issue, Residue


@dataclass(frozen=True, slots=True)
class CleanPage:
    """The text of a page and what is known about it. `raw_map` rows are (text start, text end, raw start)."""

    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    published_basis: Basis = "unknown"
    language: str | None = None
    raw_map: tuple[tuple[int, int, int], ...] = ()
    residue: tuple[Residue, ...] = ()
    issues: tuple[Issue, ...] = ()


def clean_text(text: str, title: str | None = None) -> CleanPage:
    """A plain text as a page: the same characters, residue marked, the date read from a dateline where there is one."""
    language = language_of(text)
    published = date_in_text(text)
    return CleanPage(
        text=text, title=title, published=published, published_basis="text" if published else "unknown", language=language,
        residue=find_residue(text, title, english=language in (None, "en")), issues=tuple(text_issues(text, language)),
    )  # fmt: skip


def text_issues(text: str, language: str | None) -> list[Issue]:
    """What keeps a text from being read as English news."""
    if not text.strip():
        return [Issue(code="no-text", message="the page has no text")]
    if language not in (None, "en"):
        return [
            Issue(
                code="language-not-supported",
                message=f"the text looks like {language!r}, not English: no events are read from it",
            )
        ]
    return []
