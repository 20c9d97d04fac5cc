"""The words around a number that make bounds of it: 'at least', 'up to', 'nearly', 'or more'."""

from __future__ import annotations

import re

_AT_LEAST = (
    "at least|at the very least|no fewer than|no less than|not fewer than|not less than|a minimum of|minimum of"
    r"|more than|(?<!hand\s)(?<!handed\s)(?<!hands\s)(?<!taken\s)(?<!took\s)(?<!take\s)(?<!turned\s)(?<!turn\s)over|well over|just over|upwards of|in excess of|above"
)
_AT_MOST = (
    "up to|as many as|as much as|as high as|at most|no more than|not more than|a maximum of|maximum of|fewer than|less than"
    "|under|just under"
)
_NEARLY = (
    r"nearly|almost|close to|approaching|some|around|about|roughly|approximately|approx\.?|circa|an estimated|estimated"
)


def _spaced(words: str) -> str:
    """The alternatives with any white space for a space: wire copy breaks its lines anywhere."""
    return words.replace(" ", r"\s+")


BEFORE = re.compile(
    rf"(?:\b(?P<least>{_spaced(_AT_LEAST)})|\b(?P<most>{_spaced(_AT_MOST)})|\b(?P<nearly>{_spaced(_NEARLY)})|~)"
    r"(?:\s+(?:an?\s+)?(?:estimated|another|other|total of))?\s*$"
)
BEHIND = re.compile(
    r"(?P<least>\+|\s+or more\b|\s+plus\b|,?\s+at least\b(?=\s*(?:[.,;)]|$))|-plus\b)"
    r"|(?P<nearly>\s+or so\b|-odd\b|\s+odd\b)"
)
LONGEST = 34  # characters before a number that a hedge may take
