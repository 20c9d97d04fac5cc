"""Finds the counts in raw text, with their hedges: how many at least, as best stated, at most.

What is no count is left out: years, dates, times of day, ages, measures, money, shares, ordinals, telephone numbers,
weapons and whatever else carries a number as its name. Only words and characters are looked at, no parse.

Bounds say what the words say and no more. 'At least 50' has no top, 'up to 50' no bottom; `best` is the number stated.
Of a range the lower end is `best`, as UCDP codes it where nothing speaks for the higher figure. 'Dozens' has a `low`
only (see `numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tocsin import rulefiles
from tocsin.quantities import hedges
from tocsin.quantities.not_counts import NEXT, is_count, without_named_numbers
from tocsin.quantities.nouns import households, person_nouns
from tocsin.quantities.numbers import Number, find_numbers, lowered

Unit = Literal["persons", "households"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count as written; `text == document[start:end]`, hedges included.

    `low <= best <= high` where they are known. `unit` is what the next words say is counted, None where they do not
    say. A `damaged` amount lost its digits on the page and has no number. `value_start` is where the number itself
    begins, behind its hedge.
    """

    start: int
    end: int
    text: str
    low: int | None = None
    best: int | None = None
    high: int | None = None
    unit: Unit | None = None
    approximate: bool = False
    damaged: bool = False
    value_start: int = 0


_UPPER = (
    r"(?:(?P<open>(?:(?:well|even|far)\s+)?(?:over|more\s+than|at\s+least|upwards\s+of)\s+)"
    r"|(?:about|around|nearly|almost|perhaps|as\s+many\s+as|up\s+to)\s+)?"
)
_RANGE = re.compile(rf"\s*(?:-|–|—|\s(?:to|or)\s+{_UPPER})\s*")
_AND = re.compile(rf"\s+and\s+{_UPPER}")
_RISES = re.compile(
    r"\b(?:r[io]se|rises|risen|rising|climb\w*|jump\w*|gr[eo]w\w*|increas\w*|fell|fall\w*|dropp?\w*|went|up|down"
    r"|revis\w*|lower\w*|rais\w*)\b[^.;]{0,40}\bfrom\s+$"
)
# Each begins with a plain sign or word, so that the scan for it is quick; what stands before is looked at afterwards.
_DAMAGED = (
    re.compile(r"0(?<![\w.,:$€£¥/-]0)(?:(?:m|mn|bn|b|k)\b(?!-)|(?:0{0,2},\d{3})+\b)"),
    re.compile(r"[$€£](?<![\w.,].)\s?(?:(?:million|billion|thousand|trillion|m|mn|bn|b)\b|0{0,3}(?:,\d{3})+\b)"),
    re.compile(r",\d{3}\b(?<=\s,\d{3})(?=\s+[a-z])"),
    re.compile(
        r"(?:000\b(?<!\S000)|00\b(?<!\S00))"
        r"(?=\s+(?:people|civilians|others|refugees|families|children|soldiers|persons)\b)"
    ),
    re.compile(
        r"(?:at least|more than|as many as|up to|an estimated)\s+(?=(?:were|was|people|civilians|persons|others)\s+"
        r"(?:were|was|have|had|died|killed|dead|injured|wounded)\b)"
    ),
    re.compile(
        r"kill(?:ed|ing)\s+(?:people|civilians|persons|others)\s+and\s+(?:wound|injur)(?:ed|ing)"
        r"(?=\s*(?:[.,;]|$|\n|(?:in|when|after|near)\b))"
    ),
)
_ARTICLE = re.compile(r"\ban?[ \n]+((?:[a-z'’-]{2,20}[ \n]+){0,2}[a-z-]{3,20})(?![\w'’-])")
_BARE_WORD = re.compile(r"[a-z'’-]+")
_AFTER_NOUN = re.compile(r"\s+([a-z]+)|[.,;:)\n]|$")
_ENDS_PHRASE = rulefiles.words("figure_phrase_ends")
_NO_ADJECTIVE = rulefiles.words("figure_no_adjective")


def find_quantities(text: str) -> list[Quantity]:
    """The counts in a text, in its order, without overlaps. Never raises, whatever the text."""
    low = lowered(text)
    counted = without_named_numbers(text, low)
    numbers = list(find_numbers(counted))
    found = [*_damaged(text, low), *_counts(text, counted, numbers), *_single_persons(text, low)]
    return _without_overlaps(sorted(found, key=lambda one: (one.start, -one.end)))


def _without_overlaps(found: list[Quantity]) -> list[Quantity]:
    kept: list[Quantity] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _counts(text: str, low: str, numbers: list[Number]) -> Iterator[Quantity]:
    """Numbers joined to ranges and dressed with their hedges, the ones that count nothing left out."""
    i = 0
    while i < len(numbers):
        first = numbers[i]
        pair = _range_end(low, first, numbers[i + 1]) if i + 1 < len(numbers) else None
        last = pair or first
        i += 2 if pair else 1
        if is_count(text, low, first, last):
            yield _dressed(text, low, first, pair)


def _range_end(low: str, first: Number, second: Number) -> Number | None:
    """The second number where the two are the ends of one range."""
    gap = low[first.end : second.start]
    if len(gap) > 24 or not first.value or second.value is None:
        return None
    before = low[max(0, first.start - 60) : first.start]
    if not _RANGE.fullmatch(gap) and not (_AND.fullmatch(gap) and before.endswith("between ")):
        return None
    if gap.strip() == "to" and _RISES.search(before):
        return None
    low_end = _scaled_low(first, second)
    if low_end >= second.value or (gap.strip() == "or" and second.value > 4 * low_end):
        return None
    return second


def _scaled_low(first: Number, second: Number) -> int:
    """'Two or three hundred': the scale belongs to both."""
    value = first.value or 0
    scaled = value * second.scaled
    return scaled if first.scaled == 1 and second.scaled > 1 and scaled < (second.value or 0) else value


def _dressed(text: str, low: str, first: Number, second: Number | None) -> Quantity:
    """The count with its hedges read into bounds."""
    end = (second or first).end
    start = _opening(low, first, second)
    before = hedges.BEFORE.search(low[max(0, start - hedges.LONGEST) : start])
    behind = hedges.BEHIND.match(low, end)
    hedge = (before.lastgroup or "nearly") if before else (behind.lastgroup if behind else None)
    gap = (_RANGE, _AND) if second is not None else ()
    if any(m and m["open"] for one in gap if (m := one.fullmatch(low, first.end, (second or first).start))):
        hedge = "open"  # 'from 70 to well over 200', 'between 40 and more than 60' have no top
    if before:
        start = max(0, start - hedges.LONGEST) + before.start()
    if behind:
        end = behind.end()
    lowest, best, highest = _bounds(first, second, hedge)
    approximate = best is None or hedge == "nearly" or second is not None
    return Quantity(
        start, end, text[start:end], lowest, best, highest, _unit(low, end), approximate, False, first.start
    )


def _opening(low: str, first: Number, second: Number | None) -> int:
    """Where the count begins: at 'between' or 'from' for a range that opens so."""
    if second is not None:
        for word in ("between ", "from ", "anywhere between ", "anywhere from "):
            if low[: first.start].endswith(word) and (
                first.start == len(word) or not low[first.start - len(word) - 1].isalnum()
            ):
                return first.start - len(word)
    return first.start


def _bounds(first: Number, second: Number | None, hedge: str | None) -> tuple[int | None, int | None, int | None]:
    if first.value is None:
        return (None if hedge == "most" else first.low), None, None
    if second is not None:
        low = _scaled_low(first, second)
        return low, low, None if hedge == "open" else second.value
    value = first.value
    if hedge == "least":
        return value, value, None
    if hedge == "most":
        return None, value, value
    return (None, value, None) if hedge == "nearly" else (value, value, value)


def _unit(low: str, end: int) -> Unit | None:
    words = NEXT.match(low, end, min(len(low), end + 48))
    for word in words.groups() if words else ():
        if word is None:
            return None
        if word in households():
            return "households"
        if word.rstrip(".,;:") in person_nouns()[1]:
            return "persons"
    return None


def _damaged(text: str, low: str) -> Iterator[Quantity]:
    for match in (match for pattern in _DAMAGED for match in pattern.finditer(low)):
        end = match.end()
        while end > match.start() and low[end - 1].isspace():
            end -= 1
        yield Quantity(match.start(), end, text[match.start() : end], damaged=True, value_start=match.start())


def _single_persons(text: str, low: str) -> Iterator[Quantity]:
    """'A policeman', 'an elderly woman': one person, where the noun ends its phrase."""
    for match in _ARTICLE.finditer(low):
        end = _person_end(low, match.start(1), match.end(1))
        if end is not None:
            span = text[match.start() : end]
            yield Quantity(match.start(), end, span, 1, 1, 1, "persons", value_start=match.start())


def _person_end(low: str, start: int, end: int) -> int | None:
    """Where the first noun for a person ends among the words behind an article, if it ends the phrase too."""
    for word in _BARE_WORD.finditer(low, start, end):
        if word[0] in _NO_ADJECTIVE:
            return None
        if word[0] in person_nouns()[0]:
            after = _AFTER_NOUN.match(low, word.end())
            if after is not None and (after[1] is None or after[1] in _ENDS_PHRASE):
                return word.end()
    return None
