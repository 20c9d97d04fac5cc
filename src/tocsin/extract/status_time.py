"""When the thing lies, as far as its status needs it: long past, recent, or to come.

Reads the document's `times` where the parse stage found some, and a few plain words besides (years, 'ago', weekdays,
'tomorrow'), so that a sentence on its own can be judged too. A time speaks for the word that it hangs on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Literal

from tocsin.extract.status_clause import governor
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Time

Age = Literal["old", "recent", "coming"]

NEWS_DAYS = 14  # a day further back than this is no news any more: weeklies look back a week, and come out a week late
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS, 1) if name != "may"
}
_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
_RECENT = _DAYS | {"today", "yesterday", "tonight", "overnight", "now", "currently", "recently", "hours", "minutes"}
_RECENT |= {"morning", "afternoon", "evening"}
HEAD = 300  # code points of a text in which a date may be its dateline
_FULL_DATE = re.compile(
    r"\b(?:(?P<d1>\d{1,2}) (?P<m1>[A-Z][a-zA-Z]{2,8})\.?,? (?P<y1>(?:19|20)\d\d)"
    r"|(?P<m2>[A-Z][a-zA-Z]{2,8})\.? (?P<d2>\d{1,2}),? (?P<y2>(?:19|20)\d\d)"
    r"|(?P<d3>\d{1,2})[-./](?P<m3>\d{1,2})[-./](?P<y3>(?:19|20)\d\d)"
    r"|(?P<y4>(?:19|20)\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)"
    r"|(?P<d5>\d{1,2}) (?P<m5>[A-Z]{3,9}) (?P<y5>\d\d))\b"
)
_WHEN = frozenset({"after", "during", "following", "amid", "in", "before", "at"})
_COMING = frozenset({"tomorrow", "soon", "shortly"})
_WORDS = _RECENT | _COMING | frozenset(_MONTH) | {"ago"}
_BEFORE_WHAT = re.compile(r"(?i)\b(?:before|earlier|previous)\b")  # measured from a day that nobody knows
_CENTURIES = ("19", "20")
_LONG_UNITS = frozenset({"year", "decade", "century", "month"})
_UNITS = frozenset(
    {
        "year",
        "decade",
        "century",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "summer",
        "winter",
        "spring",
        "autumn",
        "fall",
    }
)


def reference_date(document: ParsedDocument) -> datetime.date | None:
    """The day to measure from: publication, else a full date at the head of the text, where datelines stand."""
    given = _date(document.published) or _last_day(document.published or "")
    if given is not None:
        return given
    for match in _FULL_DATE.finditer(document.text, 0, HEAD):
        day, month, year = (next(filter(None, (match[f"{part}{n}"] for n in range(1, 6)))) for part in "dmy")
        number = int(month) if month.isdecimal() else _MONTH.get(month[:3].lower(), 0)
        if len(year) == 2:  # '12 FEB 90', as in wire copy of the last century
            year = ("20" if int(year) < 30 else "19") + year
        found = _date(f"{year}-{number:02}-{int(day):02}")
        if found is not None:
            return found
    return None


def ages(sentence: Sentence, times: Iterable[Time], published: datetime.date | None) -> dict[int, Age]:
    """Positions of words of the sentence, each with how old the time is that hangs on it.

    `times` are the time expressions that the parse stage found in the sentence; they go before our own reading.
    """
    found: dict[int, Age] = {}
    long_ago: set[int] = set()  # 'eighty years ago this June': the years decide
    for token in sentence.tokens:
        if token.lower not in _WORDS and token.lemma not in _UNITS and token.lower[:2] not in _CENTURIES:
            continue  # most words tell no time
        age = _age_of_word(sentence, token, published)
        if token.lower == "ago" and age == "old":
            long_ago.add(_anchor(sentence, token))
        if age is not None:
            _put(found, sentence, _anchor(sentence, token), age)
    if published is None:
        return found
    for time in times:
        age = age_of_time(time, published)
        at = sentence.token_at(time.start, time.end) if age else None
        if age and at is not None and _anchor(sentence, at) not in long_ago:
            found[_anchor(sentence, at)] = age
    return found


def _put(found: dict[int, Age], sentence: Sentence, at: int, age: Age) -> None:
    """Dates the word, and the verb too where the word tells when: 'split after the war of 1991'."""
    found.setdefault(at, age)
    if at >= 0 and sentence.tokens[at].tag[:2] == "NN":
        above, prep, _ = governor(sentence, sentence.tokens[at])
        if prep in _WHEN and above.tag[:2] == "VB":
            found.setdefault(above.i, age)


def _anchor(sentence: Sentence, token: Token) -> int:
    """The verb or event noun that a time word dates."""
    here = token
    for _ in range(6):
        above, prep, _last = governor(sentence, here)
        if above is here:
            break
        if "since" in prep.split():
            return -1  # a period that reaches to the present
        here = above
        if here.tag[:2] == "VB" or (here.tag == "NN" and here.lemma not in _UNITS):
            break
    return here.i


def _age_of_word(sentence: Sentence, token: Token, published: datetime.date | None) -> Age | None:
    word = token.lower
    if word in _COMING:
        return "coming"
    if word in _RECENT:
        return None if word == "now" and token.dep != "advmod" else "recent"
    if len(word) in (4, 5) and word[:2] in _CENTURIES and word[:4].isdecimal():
        return _age_of_year(sentence, token, published)
    if word == "ago":
        return "old" if _before(sentence, token) in _LONG_UNITS else "recent"
    if token.lemma in _UNITS and token.i:
        before = sentence.tokens[token.i - 1].lower
        if before == "next":
            return "coming"
        if before == "last":
            return "old" if token.lemma in ("year", "decade", "century") else "recent"
        return "recent" if before == "this" else None
    if published is not None and word in _MONTH and token.text[:1].isupper():
        return _age_of_month(sentence, token, _MONTH[word], published)
    return None


def _before(sentence: Sentence, token: Token) -> str:
    return sentence.tokens[token.i - 1].lemma if token.i else ""


def _age_of_year(sentence: Sentence, token: Token, published: datetime.date | None) -> Age | None:
    year, decade = int(token.lower[:4]), len(token.lower) == 5
    if decade and token.lower[4] != "s":
        return None
    if token.dep not in ("pobj", "npadvmod", "nummod", "appos", "dep", "ROOT", "conj", "advmod", "tmod") or year > 2100:
        return None
    opening = token.i == 1 and sentence.tokens[0].lower in ("in", "since", "by")  # 'In 2016 rebels attacked'
    if token.dep == "nummod" and sentence.tokens[token.head].tag not in ("NNP", "NN") and not opening:
        return None  # '2000 soldiers'
    if published is None:
        return "old"  # news does not write out the year of its own events
    if year > published.year:
        return "coming"
    full = any(sentence.tokens[i].lower in _MONTH for i in range(max(0, token.i - 4), token.i))
    return (
        "old"
        if year < published.year and not (full and (published.year - year) == 1 and published.month == 1)
        else None
    )


def _age_of_month(sentence: Sentence, token: Token, month: int, published: datetime.date) -> Age | None:
    """A month without a year is its latest occurrence, unless a modal makes it the next; the day, where one follows."""
    after = [one.lower for one in sentence.tokens[token.i + 1 : token.i + 4]]
    if any(len(one) == 4 and one.isdecimal() for one in after):
        return None  # the year decides
    numbers = [int(one) for one in after[:1] if one.isdecimal() and 0 < int(one) <= 31]
    year = published.year if month <= published.month else published.year - 1
    try:
        day = datetime.date(year, month, numbers[0] if numbers else 28)
    except ValueError:
        return None
    return "old" if (published - day).days > NEWS_DAYS else "recent"


def age_of_time(time: Time, published: datetime.date) -> Age | None:
    """Old where the latest day that the value allows is more than `NEWS_DAYS` before publication."""
    if (
        time.type not in ("DATE", "TIME")
        or "X" in time.value[:4]
        or ("X" in time.value and _BEFORE_WHAT.search(time.text))
        or time.value in ("PRESENT_REF", "PAST_REF", "FUTURE_REF")
    ):
        return {"PAST_REF": None, "FUTURE_REF": "coming", "PRESENT_REF": "recent"}.get(time.value)
    latest = _date(time.latest) or _last_day(time.value)
    if latest is None:
        return None
    if (published - latest).days > NEWS_DAYS:
        return "old"
    first = _date(time.earliest) or (latest if len(time.value) == 10 else None)
    return "coming" if first is not None and first > published else "recent"


def _last_day(value: str) -> datetime.date | None:
    """The latest day of a TIMEX3 date cut to year, month or day."""
    year, month, day = value[:4], value[5:7], value[8:10]
    if not year.isdecimal() or year == "0000":
        return None
    if not month.isdecimal():
        return datetime.date(int(year), 12, 31)
    return _date(f"{year}-{month}-{day if day.isdecimal() else '28'}")


def _date(value: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None
