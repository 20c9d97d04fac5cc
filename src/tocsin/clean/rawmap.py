"""Where the extracted text stands in the raw page, and which of its lines are nothing but a link there."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

_TAG = re.compile(r"<[^<>]{0,20000}>")
_BLOCKS = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"))
_OPENS_LINK = re.compile(r"<a\b[^<>]{0,2000}>\s*(?:<(?:span|b|strong|em|i|h\d|p|div)\b[^<>]{0,500}>\s*){0,6}$", re.I)
HEAD = 40  # characters of a line that are looked for
LOOKS = (
    8  # times the page's length that may be searched in all: lines that are not found cost, and a page may be hostile
)
LEAST_HEAD = 8


def without_hidden(source: str) -> str:
    """The page with comments, scripts and styles blanked; the same length, in linear time on any input."""
    for opening, closing in _BLOCKS:
        lower = source.replace("İ", "I").lower()  # the one capital whose small form is longer
        parts, position = [], 0
        while (start := lower.find(opening, position)) >= 0:
            end = lower.find(closing, start + len(opening))
            end = lower.find(">", end) + 1 if end >= 0 else 0
            end = end or len(source)  # left open, it hides the rest, as in a browser
            parts += [source[position:start], " " * (end - start)]
            position = end
        source = "".join(parts) + source[position:]
    return source


def visible_text(source: str) -> str:
    """All text between tags, a line a piece; the last resort for pages that no tree can be built of."""
    pieces = entities.unescape(_TAG.sub("\n", without_hidden(source))).splitlines()
    return "\n".join(line.strip() for line in pieces if line.strip())


def raw_map(source: str, text: str) -> Iterator[tuple[int, int, int]]:
    """Rows (text start, text end, raw start): where each line of the text begins in the raw page, as far as it is found.

    `source` is the page `without_hidden`. Lines are looked for in order by their first words; a line whose first words
    are broken by markup has no row.
    """
    position = max(source.find("<body"), 0)
    budget = LOOKS * len(source)
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        head = line.strip().lstrip("-•| ")[:HEAD]
        if len(head) >= LEAST_HEAD and budget > 0:
            at = _find(source, head, position)
            budget -= (at if at >= 0 else len(source)) - position
            if at >= 0:
                yield start, end, at
                position = at + len(head)
        start = end + 1


def _find(source: str, head: str, position: int) -> int:
    for form in dict.fromkeys((head, entities.escape(head, quote=False))):
        at = source.find(form, position)
        if at >= 0:
            return at
    return -1


def link_lines(source: str, text: str, rows: tuple[tuple[int, int, int], ...]) -> Iterator[tuple[int, int]]:
    """Lines of the text that are, in the page, one link from end to end."""
    for start, end, at in rows:
        if not _OPENS_LINK.search(source[max(0, at - 2500) : at]):
            continue
        close = source.find("</a", at, at + 4 * (end - start) + 400)
        inside = entities.unescape(_TAG.sub("", source[at:close])) if close >= 0 else ""
        if len(inside.split()) >= 0.9 * len(text[start:end].split()):
            yield start, end
