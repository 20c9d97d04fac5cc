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
from functools import cache
from typing import Literal

from tocsin import rulefiles
from tocsin.numbers import LARGEST, Number, find_numbers, lowered

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


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_TODAY = r"(?:\s?(?:a\.?m\b|p\.?m\b|gmt\b|utc\b))"
_NO_COUNT = re.compile(
    rf"(?P<date>\b(?:\d{{1,2}}\s?[-–]\s?)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH}\.?(?:[,\s-]+(?:{_YEAR}|\d\d\b(?![,.]?\d)))?"
    rf"|\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:\s?[-–]\s?\d{{1,2}}\b)?(?:,?\s+{_YEAR})?"
    rf"|\b{_MONTH}\.?,?\s+{_YEAR})"
    r"|https?://\S{1,500}"
    r"|(?<![\w.])\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b"
    rf"|\b\d{{1,2}}(?:\.\d\d)?{_TODAY}"
    r"|\b\d{1,2}/\d{1,2}\b"
    r"|\+\d[\d() -]{6,20}\d|\(\d{3}\)\s?\d{3}-\d{4}|\b\d{3}-\d{3,4}-\d{3,4}\b"
    r"|\b\d+(?:\.\d+){2,9}\b"
    r"|\b(?:19|20)\d\d\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d)\b"
    r"|\b(?:(?:1[5-9]|20)\d)?\d0s\b"
    r"|\b\d+(?:st|nd|rd|th)\b"
    r"|(?:\b(?:us|au|ca|nz|hk)|\b[ac])?[$€£¥₽₪₺₴]\s?\d[\d,.]*(?:\s?(?:k|m|mn|bn|b|tn|thousand|million|billion|trillion)\b)?"
    r"|\b(?:usd|eur|gbp)\s?\d[\d,.]*"
    r"|\baged?s?\s+(?:of\s+|between\s+|from\s+)*\d+(?:\s?(?:-|–|to|and)\s?\d+)?"
    r"|\bunder[ -](?:the age of )?(?:\d\d?|five)s?\b(?=\s+(?:were|are|and)?\b)(?<=age of \d\d)"
    r"|(?<=\bchildren )under (?:\d\d?|five)\b"
    r"|\b[a-z]{1,6}-?\d+[a-z]*(?:-\d+)?\b"
    r"|(?:#|№)\s?\d+|\bno\.\s?\d+|\bn[°º]\s?\d+",
)
_AT_LEAST = r"at least|at the very least|no fewer than|no less than|not fewer than|not less than|a minimum of|minimum of|more than|over|well over|just over|upwards of|in excess of|above"
_AT_MOST = r"up to|as many as|as much as|at most|no more than|not more than|a maximum of|maximum of|fewer than|less than|under|just under"
_NEARLY = r"nearly|almost|close to|approaching|some|around|about|roughly|approximately|approx\.?|circa|an estimated|estimated|~"


def _spaced(words: str) -> str:
    """The alternatives with any white space for a space: copy of wires breaks its lines anywhere."""
    return words.replace(" ", r"\s+")


_BEFORE = re.compile(
    rf"(?:\b(?P<least>{_spaced(_AT_LEAST)})|\b(?P<most>{_spaced(_AT_MOST)})|\b(?P<nearly>{_spaced(_NEARLY)})|~)(?:\s+(?:an?\s+)?(?:estimated|another|other|total of))?\s*$"
)
_BEHIND = re.compile(
    r"(?P<least>\+|\s+or more\b|\s+plus\b|,?\s+at least\b(?=\s*(?:[.,;)]|$))|-plus\b)|(?P<nearly>\s+or so\b|-odd\b|\s+odd\b)"
)
_LONGEST_HEDGE = 34
_RANGE = re.compile(r"\s*(?:-|–|—|\s(?:to|or)\s)\s*")
_RISES = re.compile(
    r"\b(?:r[io]se|rises|risen|rising|climb\w*|jump\w*|gr[eo]w\w*|increas\w*|fell|fall\w*|dropp?\w*|went|up|down|revis\w*|lower\w*|rais\w*)\b[^.;]{0,40}\bfrom\s+$"
)
_NO_ONE = re.compile(r"\b(?:no|any|every|the|this|that|each|which|some|another)[ -]$")
_NOT_ONE = re.compile(
    r"\s+(?:another|by one|day|time|thing|way|hand|side|morning|evening|night|in (?:\d+|[a-z]+)\b(?=\s+(?:people|of|persons)))\b|-|'s|’s"
)
_FRACTION = re.compile(
    r"[\s-]+(?:(?:and a )?half|halves|thirds?|quarters?|fifths?|tenths?|sixths?)\b|\s+(?:in|out of)\s+(?:every\s+)?(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_NEXT = re.compile(r"[\s]+([\w%°][\w.'’/-]*)(?:\s+([\w'’-]+))?(?:\s+([\w'’-]+))?(?:\s+([\w'’-]+))?")
_PREVIOUS = re.compile(r"([\w.]+)[\s]+$")
_FILLERS = frozenset(
    "more consecutive straight long square cubic nautical whole full further additional other calendar metric us further or canadian".split()
)
_YEAR_CUE = frozenset(
    """in since of by from until till to during before after late early mid spring summer autumn fall winter and
    january february march april may june july august september october november december the - between""".split()
)
_SHARE = re.compile(r"\b(?:one|two|three|four|\d) (?:in|out of) (?:every )?$")
_NAMED = re.compile(r"[A-Z][\w'’-]*,\s$")
# Each begins with a plain sign or word, so that the scan for it is quick; what stands before is looked at afterwards.
_DAMAGED = (
    re.compile(r"0(?<![\w.,:$€£¥/-]0)(?:(?:m|mn|bn|b|k)\b(?!-)|(?:0{0,2},\d{3})+\b)"),
    re.compile(r"[$€£](?<![\w.,].)\s?(?:(?:million|billion|thousand|trillion|m|mn|bn|b)\b|0{0,3}(?:,\d{3})+\b)"),
    re.compile(r",\d{3}\b(?<=\s,\d{3})(?=\s+[a-z])"),
    re.compile(
        r"00{1,2}\b(?<![^\s]00)(?<![^\s]000)(?=\s+(?:people|civilians|others|refugees|families|children|soldiers|persons)\b)"
    ),
    re.compile(
        r"(?:least|than|many as|up to|estimated)\s+(?=(?:were|was|people|civilians|persons|others)\s+(?:were|was|have|had|died|killed|dead|injured|wounded)\b)"
    ),
    re.compile(
        r"kill(?:ed|ing)\s+(?:people|civilians|persons|others)\s+and\s+(?:wound|injur)(?:ed|ing)(?=\s*(?:[.,;]|$|\n|(?:in|when|after|near)\b))"
    ),
)
_DIGIT_RUN = re.compile(r"\d[\d\s,.:/-]*")
_REACH = 24  # how far before a digit a pattern of `_NO_COUNT` may begin
_WORD_THERE = re.compile(r"\s+([^\W\d_]+)")


@cache
def person_nouns() -> tuple[frozenset[str], frozenset[str]]:
    """Singular and plural (or collective) nouns for persons."""
    entries = [entry.split() for entry in rulefiles.words("figure_people")]
    plurals = {entry[-1] for entry in entries}
    return frozenset(entry[0] for entry in entries if len(entry) == 2), frozenset(plurals)


@cache
def _labels() -> frozenset[str]:
    return rulefiles.words("figure_labels")


@cache
def _units() -> frozenset[str]:
    return rulefiles.words("figure_units")


@cache
def _households() -> frozenset[str]:
    return frozenset(word for entry in rulefiles.words("figure_households") for word in entry.split())


def find_quantities(text: str) -> list[Quantity]:
    """The counts in a text, in its order, without overlaps. Never raises, whatever the text."""
    low = lowered(text)
    counted = _without_named_numbers(text, low)
    numbers = list(find_numbers(counted))
    found = [*_damaged(text, low), *_counts(text, counted, numbers), *_single_persons(text, low)]
    return _without_overlaps(sorted(found, key=lambda one: (one.start, -one.end)))


def _without_named_numbers(text: str, low: str) -> str:
    """The small-letter text with dates, times, labels and the like blanked; only stretches around digits are looked at."""
    parts, done = [], 0
    for run in _DIGIT_RUN.finditer(low):
        position = max(done, run.start() - _REACH)
        while match := _NO_COUNT.search(low, position, min(len(low), run.end() + 40)):
            if match.start() >= run.end():
                break
            parts += [low[done : match.start()], _blanked(match, text)]
            done = position = match.end()
    return "".join([*parts, low[done:]]) if parts else low


def _without_overlaps(found: list[Quantity]) -> list[Quantity]:
    kept: list[Quantity] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _blanked(match: re.Match[str], text: str) -> str:
    """The match as signs that are no count, same length; kept where it only looks like a date."""
    found = match[0]
    if match["date"]:
        month = re.search(_MONTH, found)
        if month and month[0] in ("may", "mar", "march") and text[match.start() + month.start()].islower():
            return found
        if month and month.start() == 0 and _people_follow(match.string, match.end()):
            before = match.string[max(0, match.start() - 4) : match.start()]
            if not before.endswith("on ") and not re.search(_YEAR, found):
                return found
    return "\x01" * len(found)


def _people_follow(low: str, end: int) -> bool:
    word = _WORD_THERE.match(low, end)
    return word is not None and word[1] in person_nouns()[1]


def _damaged(text: str, low: str) -> Iterator[Quantity]:
    for match in (match for pattern in _DAMAGED for match in pattern.finditer(low)):
        end = match.end()
        while end > match.start() and low[end - 1].isspace():
            end -= 1
        yield Quantity(match.start(), end, text[match.start() : end], damaged=True, value_start=match.start())


def _counts(text: str, low: str, numbers: list[Number]) -> Iterator[Quantity]:
    """Numbers joined to ranges and dressed with their hedges, the ones that count nothing left out."""
    i = 0
    while i < len(numbers):
        first = numbers[i]
        pair = _range_end(low, first, numbers[i + 1]) if i + 1 < len(numbers) else None
        last = pair or first
        i += 2 if pair else 1
        if _is_count(text, low, first, last):
            yield _dressed(text, low, first, pair)


def _range_end(low: str, first: Number, second: Number) -> Number | None:
    """The second number where the two are the ends of one range."""
    gap = low[first.end : second.start]
    if len(gap) > 6 or first.value is None or second.value is None:
        return None
    before = low[max(0, first.start - 60) : first.start]
    if not _RANGE.fullmatch(gap) and not (gap.strip() == "and" and before.endswith("between ")):
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


def _is_count(text: str, low: str, first: Number, last: Number) -> bool:
    """Whether the number counts something: no measure, name, year, age, share, ordinal."""
    if first.decimal or last.decimal or last.low > LARGEST or last.low <= 0:
        return False
    after = low[last.end : last.end + 48]
    if after[:1] == "%" or after[:1].isalpha() or (after[:1] in ("'", "’") and after[1:2] == "s"):
        return False
    if after[:1] in "-–" and after[1:2].isalnum() and not after.startswith(("-odd", "-plus", "-strong")):
        return False
    if _FRACTION.match(after) or _SHARE.search(low[max(0, first.start - 20) : first.start]):
        return False
    if first.start and low[first.start - 1] in "-–" and low[max(0, first.start - 2)].isalnum():
        return False
    words = _NEXT.match(after)
    if words and _measures([one for one in words.groups() if one]):
        return False
    return not (
        _is_named(text, low, first, last, words)
        or _is_year(low, first, last, words)
        or _is_pronoun(low, first, last, after)
    )


def _measures(words: list[str]) -> bool:
    """Whether a unit of measure follows, fillers such as 'more' and 'consecutive' aside."""
    for word in words[:3]:
        if word.rstrip(".,;:") in _units() or word[0] in "%°":
            return True
        if word not in _FILLERS:
            return False
    return False


def _is_pronoun(low: str, first: Number, last: Number, after: str) -> bool:
    """'No one', 'the one', 'one another', 'one day'."""
    if first is not last or low[first.start : first.end] != "one":
        return False
    return bool(_NO_ONE.search(low[max(0, first.start - 9) : first.start]) or _NOT_ONE.match(after))


def _is_named(text: str, low: str, first: Number, last: Number, words: re.Match[str] | None) -> bool:
    """'Resolution 2254', 'Brigade 46'; also the age between commas behind a name."""
    if not first.digits:
        return False
    before = low[max(0, first.start - 24) : first.start]
    previous = _PREVIOUS.search(before)
    following = words[1] if words else ""
    if previous and previous[1] in _labels() and not (following in person_nouns()[1] or following in _OUTCOMES):
        return True
    is_age = first is last and last.low < 120 and text[last.end : last.end + 1] in (",", ".", ";", ")")
    return is_age and bool(_NAMED.search(text[max(0, first.start - 24) : first.start]))


_OUTCOMES = frozenset(
    "killed dead wounded injured hurt died missing arrested detained executed martyred were others more".split()
)


def _is_year(low: str, first: Number, last: Number, words: re.Match[str] | None) -> bool:
    """A bare 1900 to 2099 is a year, unless it is hedged or people follow it."""
    if first is not last or not first.digits or first.scaled != 1 or not 1900 <= first.low <= 2099:
        return False
    if not low[first.start : first.end].isdigit() or _BEFORE.search(
        low[max(0, first.start - _LONGEST_HEDGE) : first.start]
    ):
        return False
    previous = _PREVIOUS.search(low[max(0, first.start - 24) : first.start])
    if previous and previous[1] in _YEAR_CUE:
        return True
    following = [one for one in words.groups()[:2] if one] if words else []
    return not any(one in person_nouns()[1] or one in _OUTCOMES for one in following)


def _dressed(text: str, low: str, first: Number, second: Number | None) -> Quantity:
    """The count with its hedges read into bounds."""
    end = (second or first).end
    start = _opening(low, first, second)
    before = _BEFORE.search(low[max(0, start - _LONGEST_HEDGE) : start])
    behind = _BEHIND.match(low, end)
    hedge = (before.lastgroup or "nearly") if before else (behind.lastgroup if behind else None)
    if before:
        start = max(0, start - _LONGEST_HEDGE) + before.start()
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
        return low, low, second.value
    value = first.value
    if hedge == "least":
        return value, value, None
    if hedge == "most":
        return None, value, value
    return (None, value, None) if hedge == "nearly" else (value, value, value)


def _unit(low: str, end: int) -> Unit | None:
    words = _NEXT.match(low, end, min(len(low), end + 48))
    for word in words.groups() if words else ():
        if word is None:
            return None
        if word in _households():
            return "households"
        if word.rstrip(".,;:") in person_nouns()[1]:
            return "persons"
    return None


_ARTICLE = re.compile(
    r"\ban?[ \n]+(?:([a-z'’-]{2,20})[ \n]+)??(?:([a-z'’-]{2,20})[ \n]+)??([a-z-]{3,20})(?![\w'’-])(?=(\s+[a-z]+|[.,;:)\n]|$)?)"
)
_ENDS_PHRASE = frozenset(
    """was were is has had have who and or in on at by near from when after while during as for to with that which were
    also killed died dead wounded injured shot missing arrested detained kidnapped abducted outside inside aboard dies""".split()
)
_NO_ADJECTIVE = frozenset(
    "a an the of in on at by to and or that who which was were has had for with from as is kills killed wounded injured has its his their".split()
)


def _single_persons(text: str, low: str) -> Iterator[Quantity]:
    """'A policeman', 'an elderly woman': one person, where the noun ends its phrase."""
    for match in _ARTICLE.finditer(low):
        if match[3] not in person_nouns()[0] or match[1] in _NO_ADJECTIVE or match[2] in _NO_ADJECTIVE:
            continue
        after = match[4]
        if after is None or not after.strip() or not after.strip().isalpha() or after.strip() in _ENDS_PHRASE:
            yield Quantity(
                match.start(),
                match.end(),
                text[match.start() : match.end()],
                1,
                1,
                1,
                "persons",
                value_start=match.start(),
            )
