"""Reads the matches of the time rules as mentions: drops what only looks like a time, splits pairs, adds phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import msgspec

from tocsin.parse.time_ambiguity import context
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


def _bare_units(tokens: Tokens, index: int) -> bool:
    """`for weeks`, `within days`, `years of war`: an amount of time, though of unknown number."""
    token = tokens.tokens[index]
    if str(token.value).startswith("T") and token.text.lower() == "minutes":
        return False
    before = tokens.tokens[index - 1].text.lower() if index else ""
    return before in context("units_after") or before in ("weeks", "or")


class _Place(NamedTuple):
    """A match with the words on either side of it."""

    tokens: list[Token]
    before: str
    after: str
    kind_before: str


def _allowed(tokens: Tokens, match: Found, reading: Reading) -> bool:
    """Whether the words around leave the match a time expression."""
    check = _CHECKS.get(match.rule)
    if check is None:
        return True
    row = tokens.tokens
    previous = row[match.first - 1] if match.first else None
    after = row[match.last].text.lower() if match.last < len(row) else ""
    before, kind = (previous.text.lower(), previous.kind) if previous else ("", OTHER)
    return check(_Place(row[match.first : match.last], before, after, kind), reading)


def _daypart(place: _Place, reading: Reading) -> bool:
    """`at night`, `the evening`; not `night vision`."""
    return len(place.tokens) > 1 or place.before in context("daypart_after")


def _the_unit(place: _Place, reading: Reading) -> bool:
    """`the weekend` anywhere; `the day` after words that end it."""
    return reading.unit != "D" or place.before in context("the_day_after")


def _a_unit(place: _Place, reading: Reading) -> bool:
    """`a year`, `an entire year`; not `a bad year`, and not the rate `ten a week`, `5 percent a year`."""
    described = [token.text.lower() for token in place.tokens if token.kind == "ADJ"]
    rate = place.kind_before in ("DAY", "INT", "TIMES", "ONCE", "YEAR", "UNITS", "HUNDRED")
    return context("whole").issuperset(described) and not rate and place.before not in context("no_length_after")


def _length(place: _Place, reading: Reading) -> bool:
    """Not an age (`the 48-year-old`, `nine years old`), and not the `one day` that may come."""
    if place.tokens[-1].kind == "OLD":
        return place.after in words("time_aged_things")
    if place.after == "old":
        return place.tokens[-1].kind != "UNITS"
    one_day = [token.text.lower() for token in place.tokens] == ["one", "day"]
    return not one_day or place.before in context("one_day_after")


def _day_of_month(place: _Place, reading: Reading) -> bool:
    """`on the 12th`; not `the 12th battalion`."""
    bare = place.before in context("ordinal_day_after") and not place.after.isalpha()
    return bare or place.after in context("ordinal_day_before")


_CHECKS: dict[str, Callable[[_Place, Reading], bool]] = {
    "daypart": _daypart,
    "the-weekend": _the_unit,
    "year2": lambda place, reading: place.before in context("year2_after"),
    "duration-a": _a_unit,
    "duration": _length,
    "day-of-month": _day_of_month,
    "clock": lambda place, reading: not place.after.isdigit(),
}


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


_GOES_ON = frozenset(
    ("UNIT", "UNITS", "CARD", "DAY", "INT", "FEW", "WEEKDAY", "DAYPART", "SEASON", "QUARTER", "MONTH", "YEAR")
)


def _kind_at(tokens: Tokens, index: int) -> str:
    return tokens.tokens[index].kind if 0 <= index < len(tokens.tokens) else OTHER


def _phrase_fits(tokens: Tokens, words: list[str], first: int, last: int) -> bool:
    """A phrase that goes on as a pattern is none: `the past` of `the past two days`, `current` of `current year`."""
    after = tokens.tokens[last].kind if last < len(words) else OTHER
    phrase = words[last - 1]
    if phrase in context("goes_on") and after in _GOES_ON:
        return False
    return not (
        words[first] == "now"
        and first > 1
        and words[first - 1] == "from"
        and _kind_at(tokens, first - 2) in ("UNIT", "UNITS")
    )
