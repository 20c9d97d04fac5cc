"""A publication date from a text's own first lines: a dateline, or a line that is a date."""

from __future__ import annotations

import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_NAME})\.?,?\s+((?:19|20)\d\d|\d\d(?=\s*(?:--|-|—|\[)))\b", re.I
)
_MONTH_FIRST = re.compile(rf"\b({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.I)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_STAMP = re.compile(
    r"^\W*(?:published|posted|updated|last updated|date|on|mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|by\b[^\n]{0,40})?[\s:,|–—-]*$",
    re.I,
)
_WIRE = re.compile(r"^[\s\W]*[A-Z][A-Za-z .'’/-]{1,40}(?:\([A-Z][\w ]{1,30}\))?,\s*$")
LINES, LINE_LENGTH = 6, 160  # how far into the page a date is still the page's own


def date_in_text(text: str) -> str | None:
    """The ISO date that one of the first lines states as the page's own, None where none does.

    A date counts if its line holds little else before it ('Published: 5 September 2018') or it stands in a wire dateline
    ('SAN MARTIN, 3 JAN 90 --'). A date inside a sentence says when something happened, not when it was printed.
    """
    position = 0
    for _ in range(LINES):
        end = text.find("\n", position)
        line = text[position : end if end >= 0 else len(text)][:LINE_LENGTH]
        found = _stated(line)
        if found:
            return found
        if end < 0:
            return None
        position = end + 1
    return None


def _stated(line: str) -> str | None:
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_ISO, (1, 2, 3))):
        match = pattern.search(line)
        if match is None or not (_STAMP.match(line[: match.start()]) or _WIRE.match(line[: match.start()])):
            continue
        year, month, day = (match.group(n) for n in order)
        return _iso(year, _MONTHS.get(month.lower()) or int(month), int(day))
    return None


def _iso(year: str, month: int, day: int) -> str | None:
    # a two-digit year in a wire dateline: the wires of the paper age, so 50-99 is 19xx
    full = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 50 else 2000)
    return f"{full:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None
