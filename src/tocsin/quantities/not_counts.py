"""What looks like a count and is none: dates, years, times of day, ages, money, measures, shares, names, labels."""

from __future__ import annotations

import re

from tocsin import rulefiles
from tocsin.quantities import hedges
from tocsin.quantities.nouns import labels, person_nouns, units
from tocsin.quantities.numbers import LARGEST, Number

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_TODAY = r"(?:\s?(?:a\.?m\b|p\.?m\b|gmt\b|utc\b))"
_NO_COUNT = re.compile(
    rf"(?P<date>\b(?:\d{{1,2}}\s?[-–]\s?)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH}\.?"
    rf"(?:[,\s-]+(?:{_YEAR}|\d\d\b(?![,.]?\d)))?"
    rf"|\b{_MONTH}\.?\s+\d{{1,2}}(?![,.]\d{{3}})(?:st|nd|rd|th)?\b(?:\s?[-–]\s?\d{{1,2}}\b)?(?:,?\s+{_YEAR})?"
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
    r"|(?:\b(?:us|au|ca|nz|hk)|\b[ac])?[$€£¥₽₪₺₴]\s?\d[\d,.]*"
    r"(?:\s?(?:k|m|mn|bn|b|tn|thousand|million|billion|trillion)\b)?"
    r"|\b(?:usd|eur|gbp)\s?\d[\d,.]*"
    r"|\baged?s?\s+(?:of\s+|between\s+|from\s+)*\d+(?:\s?(?:-|–|to|and)\s?\d+)?"
    r"|\bunder the age of \d\d?\b"
    r"|(?<=\bchildren )under (?:\d\d?|five)\b"
    r"|\b[a-z]{1,6}-?\d+[a-z]*(?:-\d+)?\b"
    r"|(?:#|№)\s?\d+|\bno\.\s?\d+|\bn[°º]\s?\d+",
)
_NO_ONE = re.compile(r"\b(?:no|any|every|the|this|that|each|which|some|another)[ -]$")
_NOT_ONE = re.compile(r"\s+(?:another|by one|day|time|thing|way|hand|side|morning|evening|night)\b|-|'s|’s")
_FRACTION = re.compile(
    r"[\s-]+(?:(?:and a )?half|halves|thirds?|quarters?|fifths?|tenths?|sixths?)\b"
    r"|\s+(?:in|out of)\s+(?:every\s+)?(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b"
)
NEXT = re.compile(r"[\s]+([\w%°][\w.'’/-]*)(?:\s+([\w'’-]+))?(?:\s+([\w'’-]+))?(?:\s+([\w'’-]+))?")
_PREVIOUS = re.compile(r"([\w.]+)[\s]+$")
_FILLERS = rulefiles.words("figure_unit_fillers")
_YEAR_CUE = rulefiles.words("figure_year_cues")
_SHARE = re.compile(r"\b(?:one|two|three|four|\d) (?:in|out of) (?:every )?$")
_OF_ONE = re.compile(
    r"\b(?:man|woman|boy|girl|child|father|mother|grandmother|grandfather|parent|husband|wife|widow|widower) of $"
)
_NAMED = re.compile(r"[A-Z][\w'’-]*,\s$")
_WORD_THERE = re.compile(r"\s+([^\W\d_]+)")
_OUTCOMES = rulefiles.words("figure_outcomes")
_DIGIT_RUN = re.compile(r"\d[\d\s,.:/-]*")
_REACH = 24  # how far before a digit a pattern of `_NO_COUNT` may begin


def without_named_numbers(text: str, low: str) -> str:
    """The small-letter text with dates, times, labels and the like blanked; only around digits is it looked at."""
    parts, done = [], 0
    for run in _DIGIT_RUN.finditer(low):
        position = max(done, run.start() - _REACH)
        while match := _NO_COUNT.search(low, position, min(len(low), run.end() + 40)):
            if match.start() >= run.end():
                break
            parts += [low[done : match.start()], _blanked(match, text)]
            done = position = match.end()
    return "".join([*parts, low[done:]]) if parts else low


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


def is_count(text: str, low: str, first: Number, last: Number) -> bool:
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
    words = NEXT.match(after)
    if words and _measures([one for one in words.groups() if one]):
        return False
    if _OF_ONE.search(low[max(0, first.start - 24) : first.start]):
        return False  # 'a father of five', 'a man of 70'
    return not (
        _is_named(text, low, first, last, words)
        or _is_year(low, first, last, words)
        or _is_pronoun(low, first, last, after)
    )


def _measures(words: list[str]) -> bool:
    """Whether a unit of measure follows, fillers such as 'more' and 'consecutive' aside."""
    for word in words[:3]:
        if word.rstrip(".,;:") in units() or word[0] in "%°":
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
    if previous and previous[1] in labels() and not (following in person_nouns()[1] or following in _OUTCOMES):
        return True
    is_age = first is last and last.low < 120 and text[last.end : last.end + 1] in (",", ".", ";", ")")
    return is_age and bool(_NAMED.search(text[max(0, first.start - 24) : first.start]))


def _is_year(low: str, first: Number, last: Number, words: re.Match[str] | None) -> bool:
    """A bare 1900 to 2099 is a year, unless it is hedged or people follow it."""
    if first is not last or not first.digits or first.scaled != 1 or not 1900 <= first.low <= 2099:
        return False
    if not low[first.start : first.end].isdigit() or hedges.BEFORE.search(
        low[max(0, first.start - hedges.LONGEST) : first.start]
    ):
        return False
    previous = _PREVIOUS.search(low[max(0, first.start - 24) : first.start])
    if previous and previous[1] in _YEAR_CUE:
        return True
    following = [one for one in words.groups()[:2] if one] if words else []
    return not any(one in person_nouns()[1] or one in _OUTCOMES for one in following)
