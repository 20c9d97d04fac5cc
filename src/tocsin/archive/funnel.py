"""The funnel: from captures to pages that are read, each stage counting what it drops and why.

status and type -> words in the raw bytes -> text by resiliparse -> language -> words in the text -> trafilatura and reading.
Without the gate the two stages of words let everything through.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from resiliparse.extract.html2text import extract_plain_text

from tocsin.archive.captures import Capture
from tocsin.archive.gate import Width, worth_opening, worth_reading
from tocsin.clean.language import language_of
from tocsin.errors import InputError
from tocsin.pipeline import Page
from tocsin.read import is_date
from tocsin.read.decode import decode

STAGES = (
    "captures", "broken", "status", "type", "large", "empty", "raw-words", "undecodable", "language", "words", "repeated", "read",
)  # fmt: skip
HEAD = 4_000  # code points of a text by which its language is judged


@dataclass(slots=True)
class Funnel:
    """Counts one shard's captures by the stage that dropped them; `read` are those that came through."""

    gate: Width = "any"
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def pages(self, found: Iterable[Capture | InputError]) -> Iterator[Page]:
        """The pages that are worth reading, in order; their digests are those of the bytes that came."""
        for one in found:
            self.counts["captures"] += 1
            if isinstance(one, InputError):
                self.counts["broken"] += 1
                self.problems.append(str(one))
                continue
            page = self._page(one)
            if isinstance(page, Page):
                self.counts["read"] += 1
                yield page
            else:
                self.counts[page] += 1

    def _page(self, one: Capture) -> Page | str:
        """The page, or the name of the stage that dropped it."""
        if one.skip is not None:
            return one.skip
        raw = one.body if one.text is None else one.text.encode("utf-8", "replace")
        if not raw.strip():
            return "empty"
        if not worth_opening(raw, self.gate):
            return "raw-words"
        content = self._decoded(one)
        if content is None:
            return "undecodable"
        dropped = self._dropped(content, html=one.html)
        if dropped is not None:
            return dropped
        digest = hashlib.sha256(raw).hexdigest()
        if digest in self._seen:
            return "repeated"
        self._seen.add(digest)
        text, html = (None, content) if one.html else (content, None)
        published = one.published if one.published and is_date(one.published) else None
        return Page(
            name=one.ref, text=text, html=html, ref=one.ref, url=one.url, title=one.title, published=published,
            retrieved=one.retrieved, digest=digest,
        )  # fmt: skip

    def _decoded(self, one: Capture) -> str | None:
        if one.text is not None:
            return one.text
        try:
            return decode(one.body, one.charset, name=one.ref)
        except InputError as problem:
            self.problems.append(str(problem))
            return None

    def _dropped(self, content: str, *, html: bool) -> str | None:
        """The stage that drops a page by its text; None where none does. Without the gate only the language is looked at."""
        text = extract_plain_text(content, main_content=True) if html else content
        if language_of(text[:HEAD]) not in (None, "en"):
            return "language"
        return None if worth_reading(text, self.gate) else "words"
