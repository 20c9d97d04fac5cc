"""Reads the matches of the time rules as mentions: drops what only looks like a time, splits pairs, adds phrases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import msgspec

from tocsin.parse.time_patterns import Found, find
from tocsin.parse.time_reading import READERS, Reading
from tocsin.parse.time_words import OTHER, Token, Tokens
from tocsin.rulefiles import read_yaml, rules_root, words


class Mention(NamedTuple):
    """A time expression that was read: tokens `first` to `last` (exclusive)."""

    first: int
    last: int
    rule: str
    reading: Reading


def find_mentions(tokens: Tokens) -> Iterator[Mention]:
    """Set phrases first, since their words have other meanings alone; then the patterns on what is left."""
    phrases = list(_phrases(tokens))
    taken = {index for one in phrases for index in range(one.first, one.last)}
    found = (
        one
        for match in find(tokens)
        for one in _read(tokens, match)
        if not taken.intersection(range(one.first, one.last))
    )
    yield from sorted([*phrases, *found], key=lambda one: one.first)


def _read(tokens: Tokens, match: Found) -> Iterator[Mention]:
    """The mentions of one match: usually one, two for a pair of dates, none where the words say no time."""
    piece = tokens.tokens[match.first : match.last]
    if match.reading == "pair":
        yield from _pair(tokens, match)
        return
    if match.reading == "bare-units" and not _bare_units(tokens, match.first):
        return
    if piece[-1].kind in ("BEFORE", "AFTER") and _goes_on(tokens, match.last):
        yield from _span_before(tokens, match)
        return
    reader = READERS["duration" if match.reading == "bare-units" else match.reading]
    reading = reader(piece)
    if reading is not None and _allowed(tokens, match, reading):
        yield Mention(match.first, match.last, match.rule, reading)


def _goes_on(tokens: Tokens, last: int) -> bool:
    """Whether `two days after` is followed by what it is after: then it counts from an event, not from a date."""
    return last < len(tokens.tokens) and tokens.tokens[last].text[0].isalnum()


def _span_before(tokens: Tokens, match: Found) -> Iterator[Mention]:
    """The amount alone of `two days after the vote`; nothing of `the day after the vote`."""
    piece = tokens.tokens[match.first : match.last - 1]
    if match.rule in ("ago", "ago-a"):
        reading = READERS["duration"](piece)
        if reading is not None:
            yield Mention(match.first, match.last - 1, "duration", reading)


def _pair(tokens: Tokens, match: Found) -> Iterator[Mention]:
    """`12-14 July 1950`, `July 12 to 14`, `1914-18`: two dates that share what only one of them says."""
    piece = tokens.tokens[match.first : match.last]
    split = next(i for i, t in enumerate(piece) if i and t.kind in ("HYPHEN", "AND", "TO"))
    era = [token for token in piece[-1:] if token.kind == "BC"]
    left, right = READERS["calendar"]([*piece[:split], *era]), READERS["calendar"](piece[split + 1 :])
    if left is None or right is None:
        return
    if match.rule == "year-pair":
        year = _second_year(left.year or 0, piece[-1])
        if year is None:
            yield Mention(match.first, match.first + split, match.rule, left)
            return
        right = replace(right, year=year, day=None)
    else:
        left = replace(left, month=left.month or right.month, year=left.year or right.year)
        right = replace(right, month=right.month or left.month)
    yield Mention(match.first, match.first + split, match.rule, left)
    yield Mention(match.first + split + 1, match.last, match.rule, right)


def _second_year(first: int, token: Token) -> int | None:
    """The year that ends `1914-18`, `1914-1918`; `None` where it does not come after the first."""
    if not isinstance(token.value, int):
        return None
    year = token.value if token.kind == "YEAR" else first // 100 * 100 + token.value
    return year if first < year < first + 150 else None


_UNITS_AFTER = frozenset("for within in after over took take lasted spent until of last".split())


def _bare_units(tokens: Tokens, index: int) -> bool:
    """`for weeks`, `within days`, `years of war`: an amount of time, though of unknown number."""
    token = tokens.tokens[index]
    if str(token.value).startswith("T") and token.text.lower() == "minutes":
        return False
    before = tokens.tokens[index - 1].text.lower() if index else ""
    return before in _UNITS_AFTER or before in ("weeks", "or")


_THE_DAY_AFTER = frozenset("end ended ending ends finish finished finishing close closed closing for during".split())
_ONE_DAY_AFTER = frozenset("for in within after only just than last lasted lasting least about a the and".split())


def _allowed(tokens: Tokens, match: Found, reading: Reading) -> bool:
    """Whether the words around leave the match a time expression."""
    before = tokens.tokens[match.first - 1].text.lower() if match.first else ""
    after = tokens.tokens[match.last].text.lower() if match.last < len(tokens.tokens) else ""
    if match.rule == "daypart":
        return (
            before in ("at", "by", "in", "of", "during", "that", "until", "before", "all")
            or match.last - match.first > 1
        )
    if match.rule == "the-weekend" and reading.unit == "D":
        return before in _THE_DAY_AFTER
    if match.rule == "year2":
        return before in ("in", "of", "since", "until", "the", "class", "summer", "winter")
    if match.rule == "duration-a":
        previous = tokens.tokens[match.first - 1].kind if match.first else OTHER
        return previous not in ("DAY", "INT", "TIMES", "ONCE", "YEAR", "UNITS", "HUNDRED") and before not in (
            "%",
            "percent",
            "million",
            "billion",
            "such",
        )
    if match.rule == "duration" and tokens.tokens[match.last - 1].kind == "OLD":
        return after in words("time_aged_things")
    if match.rule == "duration" and after == "old" and tokens.tokens[match.last - 1].kind == "UNITS":
        return False
    if (
        match.rule == "duration"
        and reading.unit == "D"
        and tokens.tokens[match.first].text.lower() == "one"
        and match.last - match.first == 2
    ):
        return tokens.tokens[match.first + 1].start == tokens.tokens[match.first].end + 1 and before in _ONE_DAY_AFTER
    if match.rule == "day-of-month":
        return (
            before in ("on", "by", "until", "from", "since", "to", "and", "of")
            and after not in ("century",)
            and not after.isalpha()
            or after in ("of", "and", "the", "to", "they", "he", "it", "when", "a")
        )
    if match.rule == "clock" and tokens.tokens[match.first].kind == "CLOCK" and match.last - match.first == 1:
        return not after.isdigit()
    return True


NARRATIVE_PHRASE = "phrase-narrative"


class PhraseRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    value: str
    say: list[str]
    narrative: bool = False


@cache
def _phrase_table() -> dict[str, list[tuple[tuple[str, ...], PhraseRow]]]:
    """first word -> the phrases that it begins, longest first, with their rows."""
    table: dict[str, list[tuple[tuple[str, ...], PhraseRow]]] = {}
    for row in read_yaml(rules_root() / "times" / "phrases.yaml", list[PhraseRow]):
        for phrase in row.say:
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append((words, row))
    return {word: sorted(rows, key=lambda row: -len(row[0])) for word, rows in table.items()}


def _phrases(tokens: Tokens) -> Iterator[Mention]:
    table = _phrase_table()
    at = 0
    words = [token.text.lower() for token in tokens.tokens]
    for index, word in enumerate(words):
        if index < at or word not in table:
            continue
        for phrase, row in table[word]:
            last = index + len(phrase)
            if tuple(words[index:last]) == phrase and _phrase_fits(tokens, words, index, last):
                yield Mention(
                    index,
                    last,
                    NARRATIVE_PHRASE if row.narrative else "phrase",
                    Reading(kind="fixed", value=row.value),
                )
                at = last
                break


def _phrase_fits(tokens: Tokens, words: list[str], first: int, last: int) -> bool:
    """A phrase that goes on as a pattern is none: `the past` of `the past two days`, `current` of `current year`."""
    after = tokens.tokens[last].kind if last < len(words) else OTHER
    phrase = words[last - 1]
    if phrase in ("past", "present", "future", "time", "moment", "current", "recent", "former"):
        if after in (
            "UNIT",
            "UNITS",
            "CARD",
            "DAY",
            "INT",
            "FEW",
            "WEEKDAY",
            "DAYPART",
            "SEASON",
            "QUARTER",
            "MONTH",
            "YEAR",
        ):
            return False
    if " ".join(words[first:last]) in ("the time", "that time"):
        return (
            first > 0
            and words[first - 1] in ("at", "by")
            and (
                after == OTHER
                and (last >= len(words) or not words[last].isalpha() or words[last] not in ("of", "when", "that"))
            )
        )
    if words[first] == "now" and first and words[first - 1] in ("until", "from", "by"):
        return True
    return True
