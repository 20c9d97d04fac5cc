"""English time expressions and their TIMEX3 values, by rules over words; no parse is needed.

`find_times` runs on the raw text. The rules are data (`rules/times/`): words and their classes, patterns over
classes, set phrases, holidays. Conventions are TimeML's (annotation guidelines 1.2.1): spans leave prepositions out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from tocsin.parse.time_ambiguity import settle
from tocsin.parse.time_mentions import NARRATIVE_PHRASE, Mention, find_mentions
from tocsin.parse.time_mode import is_background, is_narrative
from tocsin.parse.time_reading import Reading
from tocsin.parse.time_reference import Timeline, resolve
from tocsin.parse.time_tense import tense_at
from tocsin.parse.time_values import interval, moment
from tocsin.parse.time_words import Tokens, tokenize
from tocsin.records import Time

__all__ = ["find_times", "interval"]

_JOINTS = frozenset({"and", "or", "to", "until", "through", "till", "-", "–", ",", "the"})


def find_times(
    text: str, published: str | None = None, paragraphs: Sequence[tuple[int, int]] | None = None
) -> tuple[Time, ...]:
    """The time expressions of a text in order, without overlap; ids are left empty.

    `published` is an ISO date or date and time; without it values keep `X` for what is not said (`XXXX-09-03`).
    `paragraphs` are spans of the text; without them line breaks cut it. Never raises.
    """
    tokens = settle(tokenize(text))
    found = list(find_mentions(tokens))
    day = moment(published)
    narrative = is_narrative([one.reading for one in found], day)
    if not narrative:
        found = [one for one in found if one.rule != NARRATIVE_PHRASE]
    line = Timeline(day, narrative)
    starts = _paragraph_starts(text, paragraphs)
    times: list[Time] = []
    for _, inside in groupby(range(len(found)), lambda at: bisect_right(starts, tokens.tokens[found[at].first].start)):
        places = list(inside)
        aside = not narrative and is_background([found[at].reading for at in places], day)
        line.next_paragraph(narrative or aside)
        times.extend(time for at in places if (time := _valued(text, tokens, found, at, line, aside)) is not None)
    return tuple(times)


def _paragraph_starts(text: str, paragraphs: Sequence[tuple[int, int]] | None) -> list[int]:
    if paragraphs is not None:
        return sorted(start for start, _ in paragraphs)
    return [0, *(match.end() for match in re.finditer(r"\n+", text))]


def _valued(
    text: str, tokens: Tokens, found: Sequence[Mention], at: int, line: Timeline, aside: bool = False
) -> Time | None:
    """The record row of one mention; the timeline remembers its date.

    In an `aside`, a paragraph of the past amid news, what is yet to come is counted from the day of the news.
    """
    mention = found[at]
    start, end = tokens.tokens[mention.first].start, tokens.tokens[mention.last - 1].end
    reading = _shared(tokens, found, at)
    tense = tense_at(tokens, mention.first)
    value = resolve(reading, replace(line, narrative=False) if aside and tense > 0 else line, tense)
    if value is None or not value.value:
        return None
    line.tell(reading, value.value, _is_heading(text, start, end))
    days = interval(value.value) if reading.type in ("DATE", "TIME") else None
    return Time(
        start=start, end=end, text=text[start:end], type=reading.type, value=value.value, mod=reading.mod,
        earliest=days[0] if days else None, latest=days[1] if days else None, reference=value.reference,
        rule=f"times/{mention.rule}",
    )  # fmt: skip


def _is_heading(text: str, start: int, end: int) -> bool:
    """`1936` alone on its line, or before a colon at the beginning of a line."""
    return text[max(0, start - 1) : start] in ("", "\n") and text[end : end + 1] in ("", "\n", ":")


def _shared(tokens: Tokens, found: Sequence[Mention], at: int) -> Reading:
    """What a mention takes from the one that follows it: `from March to September 1940`, `at 8 a.m. on Friday`."""
    reading = found[at].reading
    if at + 1 == len(found) or reading.kind != "calendar" or reading.year is not None or reading.toward:
        return reading
    if reading.clock is not None:
        return _dated_clock(tokens, found, at)
    after = found[at + 1].reading
    between = [token.text.lower() for token in tokens.tokens[found[at].last : found[at + 1].first]]
    if after.kind != "calendar":
        return reading
    if after.year is None or not 0 < len(between) <= 2 or not _JOINTS.issuperset(between):
        return reading
    if reading.season is not None and after.season is not None:
        return replace(reading, year=after.year)
    if reading.month is not None and after.month is not None:
        return replace(reading, year=after.year - (reading.month > after.month))
    return reading


def _dated_clock(tokens: Tokens, found: Sequence[Mention], at: int) -> Reading:
    """A clock time whose date follows (`at 5 a.m. Kabul time on 3 May`, `at 10:15 (0815 GMT) on Monday`)."""
    reading, last = found[at].reading, found[at].last
    for one in found[at + 1 : at + 3]:
        between = [token.text.lower() for token in tokens.tokens[last : one.first]]
        after, last = one.reading, one.last
        if _has_day(reading) or len(between) > 4 or "." in between or after.kind != "calendar":
            return reading
        if _has_day(after) and between and between[-1] == "on":
            return replace(after, clock=reading.clock, zone=reading.zone, part=None, type="TIME", mod=reading.mod)
    return reading


def _has_day(reading: Reading) -> bool:
    return reading.weekday is not None or reading.offset is not None or reading.day is not None
