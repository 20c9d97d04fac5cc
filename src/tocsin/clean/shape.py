"""Judges lines that no wording names, by their shape and their company.

A line without a full stop among others like it, before the first or after the last paragraph, is seldom the article's.
Each weight is reasoned, not fitted; what a score is made of can be read off `score`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tocsin.clean.lines import LONGEST_LINE, Line, own_headline
from tocsin.records import Residue, ResidueKind

HEADING_WORDS = 5  # a marked line of at most so many words may head a list of links
THRESHOLD = 1.0  # score from which a line's shape alone marks it
_CONTACT = re.compile(r"https?://|www\.|\S@\S+\.\w|\(\d{3}\)\s?\d{3}")
_LETTER = re.compile(r"[^\W\d_]")
STANDFIRST_WORDS = 6  # a single line of so many words between headline and first paragraph is the article's standfirst


def by_shape(lines: Sequence[Line], title: str | None) -> Iterator[Residue]:
    """The lines whose score reaches the threshold; the article's own headline and standfirst are never marked."""
    body = [n for n, line in enumerate(lines) if line.paragraph]
    kept = _own(lines, body[0], title) if body else set()
    below = _below_headings(lines)
    for n, line in enumerate(lines):
        if (
            line.named
            or line.paragraph
            or line.bare in kept
            or not _LETTER.search(line.bare)
            or not (body or line.barred)
        ):
            continue
        sum_ = score(lines, n, body[0] if body else len(lines), body[-1] if body else -1)
        sum_ += 0.45 if n in below else 0.0
        if sum_ >= THRESHOLD:
            yield Residue(
                start=line.start,
                end=line.end,
                kind=_kind(line, n, body),
                rule="residue:shape",
                confidence=round(min(sum_ / 1.5, 0.95), 2),
            )


def _own(lines: Sequence[Line], first_body: int, title: str | None) -> set[str]:
    """The article's headline and, where exactly one line stands under it, its standfirst."""
    own = own_headline(lines, first_body, title)
    if own < 0:
        return set()
    kept = {lines[own].bare}
    under = [line for line in lines[own + 1 : first_body] if not line.named and line.bare != lines[own].bare]
    if len(under) == 1 and under[0].words >= STANDFIRST_WORDS and not under[0].barred:
        kept.add(under[0].bare)
    return kept


def _below_headings(lines: Sequence[Line]) -> set[int]:
    """Lines that follow a heading of furniture ('Most read', 'Related:') without a sentence between."""
    below: set[int] = set()
    under = False
    for n, line in enumerate(lines):
        if line.named:
            under = line.words <= HEADING_WORDS
        elif line.stopped or line.words > 25:
            under = False
        elif under:
            below.add(n)
    return below


def score(lines: Sequence[Line], n: int, first: int, last: int) -> float:
    """How much a line looks like furniture; from `THRESHOLD` on it is taken for some."""
    line = lines[n]
    return _shape(line) + _position(line, first <= n <= last) + _company(lines, n)


def _shape(line: Line) -> float:
    sum_ = 0.0 if line.stopped else 0.45
    sum_ += 0.25 if line.words <= 3 else 0.1 if line.words <= 8 else 0.0
    sum_ -= 1.0 if line.words > 25 and line.barred else 0.5 if line.words > 25 else 0.2 if line.words > 16 else 0.0
    sum_ += 0.55 if line.barred and not line.tabular else 0.0
    sum_ += 0.4 if line.menu else 0.0
    sum_ += 0.3 if _CONTACT.search(line.text[:LONGEST_LINE]) else 0.0
    sum_ -= 0.35 if line.text.endswith((":", ",", ";")) else 0.0
    sum_ -= 0.4 if line.text[:1] in '“"‘—' else 0.0
    sum_ -= 0.4 if line.tabular else 0.0
    return sum_


def _position(line: Line, inside: bool) -> float:
    """Outside the paragraphs is suspect; a list is the article's own unless its entries read as headlines."""
    if line.listed and not line.barred:
        return (0.35 if line.title_case and line.words >= 5 else -0.35) + (0.0 if inside else 0.1)
    return 0.0 if inside else 0.35


def _company(lines: Sequence[Line], n: int) -> float:
    sum_ = 0.0
    for other in (n - 1, n + 1):
        if 0 <= other < len(lines):
            near = lines[other]
            sum_ += 0.3 if near.named else 0.25 if not near.stopped and near.words <= 20 else 0.0
            sum_ -= 0.8 if near.barred and near.tabular and near.cells >= 3 and lines[n].cells >= 3 else 0.0
    return sum_


def _kind(line: Line, n: int, body: Sequence[int]) -> ResidueKind:
    if line.listed or _CONTACT.search(line.text[:LONGEST_LINE]):
        return "link"
    if 4 <= line.words <= 20 and line.bare[:1].isupper():
        return "teaser"
    return "footer" if n > body[-1] else "other"
