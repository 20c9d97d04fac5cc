"""Batch input: JSON Lines, one page a line, as docs/record.md describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from tocsin.errors import InputError
from tocsin.read.decode import LARGEST

LONGEST_LINE = 4 * LARGEST  # bytes: a page with every character escaped
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].{0,40})?)?)?", re.ASCII)


def is_date(text: str) -> bool:
    """Whether a publication date is one of the calendar, in ISO 8601: YYYY, YYYY-MM, YYYY-MM-DD, or that with a time."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:  # 2018-09-31, month 13, year 0
        return False
    return True


class ProbeSpan(msgspec.Struct, frozen=True):
    """A stretch of the text to be judged."""

    start: int
    end: int


class PageRow(msgspec.Struct, frozen=True):
    """One line. Unknown keys are allowed: callers carry their own."""

    id: str | int | None = None
    text: str | None = None
    html: str | None = None
    published: str | None = None
    title: str | None = None
    url: str | None = None
    probe: tuple[ProbeSpan, ...] = ()


_decoder = msgspec.json.Decoder(PageRow)


def read_jsonl(stream: Iterable[bytes], name: str) -> Iterator[PageRow | InputError]:
    """The rows of a stream, in order; a bad line comes as an error that names it, and the next is read."""
    for number, line in enumerate(_bounded(stream), 1):
        if line.strip():
            yield _row(line, f"{name}:{number}")


def _bounded(stream: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one without an end only its first `LONGEST_LINE` bytes and one more are held."""
    readline = getattr(stream, "readline", None)
    if readline is None:
        yield from stream
        return
    while line := readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):  # skip what is left of an overlong line
            rest = readline(LONGEST_LINE + 1)
        yield line


def _row(line: bytes, where: str) -> PageRow | InputError:
    if len(line) > LONGEST_LINE:
        return InputError(where, f"the line has more than the {LONGEST_LINE:,} bytes that one row may have")
    try:
        row = _decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        return InputError(where, f"is no page row: {problem}")
    return _checked(row, where)


def _checked(row: PageRow, where: str) -> PageRow | InputError:
    if (row.text is None) == (row.html is None):
        return InputError(where, "needs either 'text' or 'html'")
    length = len(row.text or row.html or "")
    if length > LARGEST:
        return InputError(where, f"has {length:,} characters, more than the {LARGEST:,} that one page may have")
    if any(not 0 <= one.start < one.end <= length for one in row.probe):
        return InputError(where, f"a 'probe' is not within the text of {length} characters")
    return row
