"""Whether a text is news, which counts from its day of publication, or a history, which counts from what it told last.

The two show in the text: a history has many dates with their year, far from the publication, and few weekdays and
`today`s.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.parse.time_reading import Reading
from tocsin.parse.time_values import Moment


def is_narrative(readings: Sequence[Reading], published: Moment | None) -> bool:
    """Whether the dates of a text (or paragraph) tell a story far from the day it was published.

    A history dates its events with years, and years other than that of publication; news with weekdays, `today`,
    `last week`. Measured on war histories and newswire the two kinds are far apart, so the bounds are not critical.
    """
    years = [reading.year for reading in readings if reading.year is not None]
    far = sum(published is None or abs(year - published.year) > 1 for year in years)
    deictic = sum(_is_deictic(reading) for reading in readings)
    sparse = published is not None and far >= 3 and far == len(years) and deictic == 0
    return far > 4 * deictic and (far >= 6 or sparse)


def is_background(readings: Sequence[Reading], published: Moment | None) -> bool:
    """Whether a paragraph of news tells of the past: its first date has month and year, years before the publication,
    and no word says `now`. Never where the day of publication is unknown: then a bare date stays without a year.
    """
    dates = [one for one in readings if one.kind == "calendar" and one.century is None]
    if not dates or any(_is_deictic(one) for one in readings):
        return False
    first = dates[0]
    far = first.year is not None and published is not None and published.year - first.year > 1
    return far and first.month is not None


def _is_deictic(reading: Reading) -> bool:
    if reading.kind == "calendar":
        alone = reading.weekday is not None and reading.day is None and reading.month is None
        return reading.offset is not None or alone
    return reading.kind == "period" and reading.toward in ("last", "this", "next")
