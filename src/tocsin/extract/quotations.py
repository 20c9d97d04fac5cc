"""Quotation marks matched into quotations, with repair: no text, however broken its marks, stops the reading.

Straight, curly, doubled (`''`), low and angle marks; single quotes told from apostrophes; nesting; one quotation that runs
over several paragraphs, each of which repeats the opening mark. Time is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.parsed import ParsedDocument

_MARK = re.compile(r"\"|“|”|„|«|»|''|``|‘|’|'")
_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")
_SINGLE = frozenset("‘’'")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")
_STOPS = ".!?…,;:"
LONGEST_SINGLE = 900  # code points between single marks; further apart, one of the two is an apostrophe
_CLOSERS_TRIED = 6  # closing marks weighed for one opening single mark


@dataclass(frozen=True, slots=True)
class Quotation:
    """An outermost quotation. `start` and `end` take the marks in; `parts` are its stretches, one a paragraph.

    `closed` is False where the closing mark is missing and the end was set at the end of the sentence.
    """

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    closed: bool = True
    single: bool = False

    def holds(self, start: int, end: int) -> bool:
        """Whether the stretch lies wholly within the quotation."""
        return self.start <= start and end <= self.end


@dataclass(slots=True)
class _Mark:
    start: int
    end: int
    text: str
    opens: bool
    closes: bool


def find_quotations(parsed: ParsedDocument) -> tuple[Quotation, ...]:
    """The outermost quotations, in the order of the text and without overlap. Marks in masked stretches do not count."""
    found: list[Quotation] = []
    carried: list[tuple[int, int]] = []  # parts of a quotation that the last paragraph left open
    spans = [(one.start, one.end) for one in parsed.paragraphs if not one.masked] or [(0, len(parsed.text))]
    marks = _unmasked(parsed)
    position = 0
    for start, end in spans:
        inside: list[_Mark] = []
        while position < len(marks) and marks[position].start < end:
            if marks[position].start >= start:
                inside.append(marks[position])
            position += 1
        if carried and not _goes_on(inside, start):
            found.append(_repaired(parsed.text, carried))
            carried = []
        carried = _read_paragraph(parsed.text, start, end, inside, carried, found)
    if carried:
        found.append(_repaired(parsed.text, carried))
    return tuple(found)


def _unmasked(parsed: ParsedDocument) -> list[_Mark]:
    starts = [low for low, _ in parsed.mask]
    found = []
    for match in _MARK.finditer(parsed.text):
        at = bisect_right(starts, match.start()) - 1
        if at < 0 or match.start() >= parsed.mask[at][1]:
            found.append(_mark(parsed.text, match.start(), match.end()))
    return found


def _mark(text: str, start: int, end: int) -> _Mark:
    """What a mark may be, by what stands around it: an opening one leans on the word after it, a closing one before it."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    sign = text[start:end]
    if sign in _OPENING or sign == "``":
        return _Mark(start, end, sign, True, False)
    if sign in _CLOSING:  # at the beginning of a word it is an opening mark turned the wrong way
        return _Mark(start, end, sign, before.isspace() and after.isalnum(), True)
    leans_right = not after.isspace() and (before.isspace() or before in "([{—–-―/“\"‘'…" or start == 0)
    leans_left = not before.isspace() and not after.isalnum()
    if sign == '"' and before.isdigit() and not after.isalnum():
        return _Mark(start, end, sign, False, True)  # inches, or the end of a quotation, never its beginning
    if sign == "‘":
        return _Mark(start, end, sign, after.isalpha() or after in "[(", False)
    if sign == "’":
        return _Mark(start, end, sign, False, leans_left)
    if sign == "'":
        return _Mark(start, end, sign, leans_right and (after.isupper() or after.isalpha()), leans_left)
    return _Mark(start, end, sign, leans_right or not leans_left, leans_left or not leans_right)


def _goes_on(marks: Sequence[_Mark], start: int) -> bool:
    """Whether a paragraph begins with an opening mark, by which it continues an open quotation."""
    return bool(marks) and marks[0].start == start and marks[0].opens and marks[0].text not in _SINGLE


def _read_paragraph(
    text: str, start: int, end: int, marks: list[_Mark], carried: list[tuple[int, int]], found: list[Quotation]
) -> list[tuple[int, int]]:
    """Adds the paragraph's quotations to `found`; gives the parts of one that it leaves open, else nothing."""
    opened: int | None = marks[0].start if carried else None
    depth = 1 if carried else 0
    last_close = 0
    skip_until = 0
    for n, mark in enumerate(marks):
        if mark.start < skip_until or (carried and n == 0):
            continue
        if mark.text in _SINGLE:
            closer = _single_closer(text, marks, n) if opened is None and mark.opens else None
            if closer is not None:
                found.append(Quotation(mark.start, closer, ((mark.start, closer),), single=True))
                skip_until = closer
            continue
        if opened is None:
            if mark.opens:
                opened, depth, last_close = mark.start, 1, 0
        elif mark.closes and not (mark.opens and _opens_again(text, opened, mark)):
            depth, last_close = depth - 1, mark.end
            if depth == 0:
                parts = (*carried, (opened, mark.end))
                found.append(Quotation(parts[0][0], mark.end, parts))
                opened, carried = None, []
        elif _unclosed_before(text, opened, mark):
            found.append(_repaired(text, [*carried, (opened, mark.start)]))
            opened, depth, last_close, carried = mark.start, 1, 0, []
        else:
            depth += 1
    if opened is None:
        return []
    if last_close:
        parts = (*carried, (opened, last_close))
        found.append(Quotation(parts[0][0], last_close, parts))
        return []
    return [*carried, (opened, end)]


def _opens_again(text: str, opened: int, mark: _Mark) -> bool:
    return text[mark.start - 1].isspace() and mark.end < len(text) and text[mark.end].isalnum()


def _unclosed_before(text: str, opened: int, mark: _Mark) -> bool:
    """Whether a further opening mark shows that the one before was never closed: a sentence ended in between."""
    return text[opened + 1 : mark.start].rstrip()[-1:] in tuple(".!?…")


def _single_closer(text: str, marks: Sequence[_Mark], n: int) -> int | None:
    """The end of the mark that closes the single quotation opened by mark `n`, or None where it is an apostrophe."""
    opener = marks[n]
    options: list[_Mark] = []
    for mark in marks[n + 1 :: 1][: _CLOSERS_TRIED * 3]:
        if mark.start - opener.start > LONGEST_SINGLE or len(options) == _CLOSERS_TRIED:
            break
        if mark.text in "’'" and mark.closes and mark.start > opener.end:
            options.append(mark)
    for mark in options:
        if text[mark.start - 1] in _STOPS or text[mark.start - 1] not in "sS":
            return mark.end
    return options[0].end if options and len(options) == 1 else None


def _repaired(text: str, parts: Sequence[tuple[int, int]]) -> Quotation:
    """An unclosed quotation, ended where its sentence ends."""
    start, end = parts[-1]
    stop = _SENTENCE_END.search(text, start + 1, end) if len(parts) == 1 else None
    end = stop.end() if stop else end
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    whole = (*parts[:-1], (start, end))
    return Quotation(whole[0][0], end, whole, closed=False)


def outside(quotations: Sequence[Quotation], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What of a stretch no quotation covers."""
    for one in quotations:
        if one.end <= start or one.start >= end:
            continue
        if one.start > start:
            yield start, one.start
        start = one.end
    if start < end:
        yield start, end
