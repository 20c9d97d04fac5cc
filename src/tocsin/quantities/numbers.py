"""Reads whole numbers from text as written: digits with separators and scales, English number words, vague plurals.

A `Number` is what the characters say, before anybody asks what is counted. The rest of the package adds the hedges
around it and leaves out years, ages, money and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            *["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"],
            *["twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        ]
    )
}
_TENS = {
    word: 20 + 10 * i
    for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_SMALL = {**_UNITS, **_TENS, "fourty": 40}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12, "score": 20}
_SUFFIXES = {"k": 1000, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9}
# A bare plural says "at least two of the unit" and nothing about the top: that much is grammar, more would be a guess.
# 'several' is more than two by the dictionaries; 'a few' and 'a handful' are more than one.
_VAGUE = {
    "dozens": 24, "scores": 40, "tens": 20, "hundreds": 200, "thousands": 2000, "millions": 2 * 10**6,
    "several": 3, "few": 2, "handful": 2,
}  # fmt: skip
_EXACT = {"couple": 2, "pair": 2, "duo": 2, "trio": 3}
LARGEST = 10**10  # more than there are people: not a count of them

_WORDS = sorted([*_SMALL, *_SCALES, *_VAGUE, *_EXACT], key=len, reverse=True)
_ONE_WORD = "|".join(_WORDS)
_DIGITS = (
    r"\d{1,3}(?:[,\u00a0\u202f\u2009]\d{3})+(?![\d])|\d{1,3}(?: \d{3})+(?!\d)|\d{1,3}\.\d{3}(?![\d.])"
    r"|\d{1,12}(?:\.\d{1,6})?"
)
_BETWEEN_WORDS = r"(?:[ \n]+and[ \n]+|[ \n]+of[ \n]+|-and-|[ \n]+|-)"
_RUN = re.compile(
    r"(?<![\w.,$€£¥/])(?:"
    rf"(?P<digits>{_DIGITS})(?P<suffix>(?:k|mn|mln|m|bn)\b)?"
    r"(?P<scale>(?:[ -]?(?:hundred|thousand|million|billion|dozen)\b)+)?"
    r"|(?P<half>half[ -]an?[ -]|an?[ -]half[ -]|half[ -]|an?[ -]quarter[ -]of[ -]a[ -])"
    r"(?P<halved>thousand|million|billion|dozen|hundred)\b"
    rf"|(?P<words>(?:an?[ \n]+|a[ ]good[ ])?(?:{_ONE_WORD})\b(?:{_BETWEEN_WORDS}(?:{_ONE_WORD})\b){{0,12}}))"
)
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written. `value` is None for a vague word, which has a `low` only."""

    start: int
    end: int
    low: int
    value: int | None
    digits: bool = False
    decimal: bool = False
    scaled: int = 1


def lowered(text: str) -> str:
    """The text in small letters, of the same length: a character whose small form is longer stays as it is."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def find_numbers(low: str) -> Iterator[Number]:
    """The numbers of a lower-case text from left to right, without overlaps."""
    for match in _RUN.finditer(low):
        if match["digits"]:
            number = _from_digits(match)
            if number is not None:
                yield number
        elif match["halved"]:
            share = 4 if "quarter" in match["half"] else 2
            value = _SCALES[match["halved"]] // share
            yield Number(match.start(), match.end(), value, value)
        else:
            yield from _from_words(low, match.start("words"), match.end("words"))


def _from_digits(match: re.Match[str]) -> Number | None:
    raw = match["digits"]
    scale = 1
    for word in _WORD.findall(match["scale"] or ""):
        scale *= _SCALES[word]
    if match["suffix"]:
        scale *= _SUFFIXES[match["suffix"]]
    plain = re.sub(r"[,\s]", "", raw)
    if scale == 1 and re.fullmatch(r"\d{1,3}\.\d{3}", raw) and not raw.startswith("0"):
        plain = raw.replace(
            ".", ""
        )  # a thousands dot, as much of Europe writes it: nobody counts people in thousandths
    whole, _, part = plain.partition(".")
    if len(whole) > 1 and whole.startswith("0"):
        return None
    value = int(whole) * scale + (int(part) * scale // 10 ** len(part) if part else 0)
    decimal = bool(part) and scale == 1
    return Number(match.start(), match.end(), value, value, digits=True, decimal=decimal, scaled=scale)


@dataclass(slots=True)
class _Reading:
    """A number in the making: `total` of closed groups, `group` below the next scale."""

    total: int = 0
    group: int = 0
    last: int = 10**12  # the value of the last word: a smaller one may follow, a larger one starts another number
    scaled: int = 1
    vague: bool = False
    words: int = 0

    @property
    def value(self) -> int:
        return self.total + self.group


def _from_words(low: str, start: int, end: int) -> Iterator[Number]:
    """The numbers in a run of number words: 'twenty one' is one, 'five two' are two."""
    reading, first, last_end, joined = _Reading(), start, start, False
    for match in _WORD.finditer(low, start, end):
        word = match[0]
        if word in ("and", "of", "a", "an", "good"):
            joined = word in ("and", "of")
            continue
        if reading.words and not _takes(reading, word, low[last_end : match.start()], joined):
            yield _closed(reading, first, last_end)
            reading, first = _Reading(), match.start()
        _add(reading, word)
        last_end, joined = match.end(), False
    if reading.words:
        yield _closed(reading, first, last_end)


def _takes(reading: _Reading, word: str, gap: str, joined: bool) -> bool:
    """Whether the word goes on with the number read so far."""
    if word in _VAGUE or word in _EXACT:
        return reading.vague and gap.strip() == "of" and word in ("thousands", "millions", "hundreds")
    if word in _SCALES:
        if gap.strip() == "of":
            return False
        if word in ("dozen", "score"):
            return reading.value < 100 and not reading.scaled > 1
        return (reading.group > 0 or reading.vague) and not joined and reading.scaled != _SCALES[word]
    if reading.vague or "of" in gap:
        return False
    value = _SMALL[word]
    if reading.last in _TENS.values() and reading.group % 10 == 0 and reading.last < 100:
        return 0 < value < 10 and not joined
    return reading.last >= 100 and reading.last not in (12,) and value > 0


def _add(reading: _Reading, word: str) -> None:
    reading.words += 1
    if word in _VAGUE:
        if reading.words > 1:  # 'tens of thousands'
            reading.total, reading.group = reading.value * _VAGUE[word] // 2, 0
        else:
            reading.group = _VAGUE[word]
        reading.vague, reading.last = True, 0
    elif word in _EXACT:
        reading.group, reading.last = _EXACT[word], 0
    elif word in _SCALES:
        scale = _SCALES[word]
        if word in ("hundred", "dozen", "score"):
            reading.group = max(reading.group, 1) * scale
        else:
            reading.total, reading.group = reading.total + max(reading.group, 1) * scale, 0
        reading.last, reading.scaled = (0 if word in ("dozen", "score") else scale), scale
    else:
        reading.group, reading.last = reading.group + _SMALL[word], _SMALL[word]


def _closed(reading: _Reading, start: int, end: int) -> Number:
    return Number(start, end, reading.value, None if reading.vague else reading.value, scaled=reading.scaled)
