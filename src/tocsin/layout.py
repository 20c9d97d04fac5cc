"""Which line breaks of a plain text end a paragraph, and which are only where a line was full.

Mail, wire copy and text cut from PDF are hard-wrapped; text taken from HTML has a line a paragraph. Both the cleaner,
which judges lines, and the parser, which cuts sentences, must see whole paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

WIDEST = 132  # code points of a full line in wrapped text: the widest terminals and listings
NARROWEST = 45
FULL = 0.62  # of the usual full line, from which a line is taken to go on in the next
SAMPLE = 400  # lines looked at to tell how wide a text is wrapped
_MARKS = frozenset("|•*▪●·»>")
LEAST = 4  # lines without which nothing can be told
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_LINE = re.compile(r"[^\n]+")


def wrap_width(text: str) -> int:
    """The length of a full line where the text is hard-wrapped, 0 where it is not.

    Wrapped text has no long line, and most lines that another follows directly end in the middle of a sentence.
    """
    lines = [line.strip() for line in text[:60_000].split("\n")][:SAMPLE]
    filled = sorted(len(line) for line in lines if line)
    if len(filled) < LEAST or filled[-1] > WIDEST or filled[-1] < NARROWEST:
        return 0
    width = filled[int(0.9 * (len(filled) - 1))]
    pairs = [(one, other) for one, other in pairwise(lines) if one and other]
    full = [(one, other) for one, other in pairs if len(one) >= FULL * width]
    going_on = sum(one[-1] not in '.!?…:"”' for one, _ in full)
    if width < NARROWEST or len(full) < 2 or len(full) < 0.4 * len(pairs):
        return 0
    return width if going_on >= 0.55 * len(full) else 0


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between real line breaks, in order; in hard-wrapped text full lines are joined to what follows."""
    width = wrap_width(text)
    position = 0
    for gap in [*_BLANK_LINE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        yield from (
            _joined(text, position, end, FULL * width)
            if width
            else (one.span() for one in _LINE.finditer(text, position, end))
        )
        position = gap.end() if gap else end


def _joined(text: str, position: int, end: int, full: float) -> Iterator[tuple[int, int]]:
    start = last = -1
    for line in _LINE.finditer(text, position, end):
        words = line.group().strip()
        if not words:
            continue
        if start >= 0 and words[0] in _MARKS:  # an entry of a list or table begins anew, whatever stands above it
            yield start, last
            start = -1
        start = line.start() if start < 0 else start
        last = line.end()
        if len(words) < full or words[0] in "|":
            yield start, last
            start = -1
    if start >= 0:
        yield start, last
