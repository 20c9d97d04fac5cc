"""English time expressions and their TIMEX3 values, by rules over words; no parse is needed.

`find_times` runs on the raw text. The rules are data (`rules/times/`): words and their classes, patterns over
classes, set phrases, holidays. Conventions are TimeML's (annotation guidelines 1.2.1): spans leave prepositions out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import msgspec

from tocsin.parse.time_patterns import Found, find
from tocsin.parse.time_reading import READERS, Reading
from tocsin.parse.time_reference import Timeline, is_narrative, resolve
from tocsin.parse.time_values import Moment, interval, moment
from tocsin.parse.time_words import OTHER, Token, Tokens, tokenize
from tocsin.records import Time
from tocsin.rulefiles import read_yaml, rules_root

__all__ = ["find_times", "interval"]


class Mention(NamedTuple):
    """A time expression that was read: tokens `first` to `last` (exclusive)."""

    first: int
    last: int
    rule: str
    reading: Reading


def find_times(
    text: str, published: str | None = None, paragraphs: Sequence[tuple[int, int]] | None = None
) -> tuple[Time, ...]:
    """The time expressions of a text in order, without overlap; ids are left empty.

    `published` is an ISO date or date and time; without it values keep `X` for what is not said (`XXXX-09-03`).
    `paragraphs` are spans of the text; without them blank lines and line breaks cut it. Never raises.
    """
    tokens = tokenize(text)
    mentions = list(_mentions(tokens))
    day = moment(published)
    line = Timeline(day, is_narrative([one.reading for one in mentions], day))
    breaks = _paragraph_starts(text, paragraphs)
    return tuple(_valued(text, tokens, mentions, line, breaks))


def _paragraph_starts(text: str, paragraphs: Sequence[tuple[int, int]] | None) -> list[int]:
    if paragraphs is not None:
        return sorted(start for start, _ in paragraphs)
    return [0, *(match.end() for match in re.finditer(r"\n+", text))]


def _mentions(tokens: Tokens) -> Iterator[Mention]:
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
    reader = READERS["duration" if match.reading == "bare-units" else match.reading]
    reading = reader(piece)
    if reading is not None and _allowed(tokens, match, reading):
        yield Mention(match.first, match.last, match.rule, reading)


def _pair(tokens: Tokens, match: Found) -> Iterator[Mention]:
    """`12-14 July 1950`, `July 12 to 14`, `1914-18`: two dates that share what only one of them says."""
    piece = tokens.tokens[match.first : match.last]
    split = next(i for i, t in enumerate(piece) if i and t.kind in ("HYPHEN", "AND", "TO"))
    left, right = READERS["calendar"](piece[:split]), READERS["calendar"](piece[split + 1 :])
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
_UNITS_BEFORE = frozenset("of long".split())


def _bare_units(tokens: Tokens, index: int) -> bool:
    """`for weeks`, `within days`, `years of war`: an amount of time, though of unknown number."""
    token = tokens.tokens[index]
    if str(token.value).startswith("T") and token.text.lower() == "minutes":
        return False
    before = tokens.tokens[index - 1].text.lower() if index else ""
    return before in _UNITS_AFTER or before in ("weeks", "or")


def _allowed(tokens: Tokens, match: Found, reading: Reading) -> bool:
    """Whether the words around leave the match a time expression."""
    before = tokens.tokens[match.first - 1].text.lower() if match.first else ""
    after = tokens.tokens[match.last].text.lower() if match.last < len(tokens.tokens) else ""
    if match.rule == "daypart":
        return (
            before in ("at", "by", "in", "of", "during", "that", "until", "before", "all")
            or match.last - match.first > 1
        )
    if match.rule == "duration-a":
        previous = tokens.tokens[match.first - 1].kind if match.first else OTHER
        return previous not in ("DAY", "INT", "TIMES", "ONCE", "YEAR", "UNITS", "HUNDRED") and before not in (
            "%",
            "percent",
            "million",
            "billion",
            "such",
        )
    if match.rule == "duration" and after == "old" and tokens.tokens[match.last - 1].kind == "UNITS":
        return False
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


class PhraseRow(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    value: str
    say: list[str]


@cache
def _phrase_table() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """first word -> the phrases that it begins, longest first, with their values."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in read_yaml(rules_root() / "times" / "phrases.yaml", list[PhraseRow]):
        for phrase in row.say:
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append((words, row.value))
    return {word: sorted(rows, key=lambda row: -len(row[0])) for word, rows in table.items()}


_PHRASE_START = re.compile(r"")


def _phrases(tokens: Tokens) -> Iterator[Mention]:
    table = _phrase_table()
    at = 0
    words = [token.text.lower() for token in tokens.tokens]
    for index, word in enumerate(words):
        if index < at or word not in table:
            continue
        for phrase, value in table[word]:
            last = index + len(phrase)
            if tuple(words[index:last]) == phrase and _phrase_fits(tokens, words, index, last):
                yield Mention(index, last, "phrase", Reading(kind="fixed", value=value))
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


def _valued(
    text: str, tokens: Tokens, mentions: Sequence[Mention], line: Timeline, starts: Sequence[int]
) -> Iterator[Time]:
    paragraph = -1
    for position, mention in enumerate(mentions):
        start, end = tokens.tokens[mention.first].start, tokens.tokens[mention.last - 1].end
        here = bisect_right(starts, start)
        paragraph = here
        reading = _shared_year(tokens, mentions, position)
        value = resolve(reading, line, tense_at(tokens, mention.first))
        if value is None or not value.value:
            continue
        if reading.kind not in ("duration", "set"):
            line.tell(value.value)
        days = interval(value.value) if reading.type in ("DATE", "TIME") else None
        yield Time(
            start=start, end=end, text=text[start:end], type=reading.type, value=value.value, mod=reading.mod,
            earliest=days[0] if days else None, latest=days[1] if days else None, reference=value.reference,
            rule=f"times/{mention.rule}",
        )  # fmt: skip


_JOINTS = frozenset({"and", "or", "to", "until", "through", "till", "-", "–", ",", "the"})


def _shared_year(tokens: Tokens, mentions: Sequence[Mention], position: int) -> Reading:
    """`from March to September 1940`: a date without a year takes that of the date it is joined to."""
    reading = mentions[position].reading
    if reading.kind != "calendar" or reading.month is None or reading.year is not None or reading.toward:
        return reading
    if position + 1 == len(mentions):
        return reading
    after = mentions[position + 1]
    between = tokens.tokens[mentions[position].last : after.first]
    joined = 0 < len(between) <= 2 and all(token.text.lower() in _JOINTS for token in between)
    if (
        joined
        and after.reading.kind == "calendar"
        and after.reading.year is not None
        and after.reading.month is not None
    ):
        year = after.reading.year - (reading.month > after.reading.month)
        return replace(reading, year=year)
    return reading


_FUTURE = frozenset(
    "will 'll shall expected plans planned plan planning scheduled due would may upcoming set hopes wants expects ahead coming".split()
)
_PAST = frozenset(
    "was were had did said told came went began took made left met held saw gave got fell rose shot won lost sent fought broke led set".split()
)
_REACH = 25  # tokens to either side that a verb may stand away


def tense_at(tokens: Tokens, index: int) -> int:
    """-1, 0 or 1: the time that the nearest verb form before (else after) the expression in its sentence speaks of."""
    for step, limit in ((-1, _REACH), (1, 12)):
        at = index + step
        while 0 <= at < len(tokens.tokens) and abs(at - index) <= limit:
            word = tokens.tokens[at].text
            if word in (".", "!", "?", ";"):
                break
            cue = _cue(word.lower())
            if cue:
                return cue
            at += step
    return 0


def _cue(word: str) -> int:
    if word in _FUTURE:
        return 1
    return -1 if word in _PAST or (word.endswith("ed") and len(word) > 4) else 0
