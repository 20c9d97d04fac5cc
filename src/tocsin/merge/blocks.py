"""Where to look for claims that may be about the same happening: keys that two matching claims share.

A key joins the family, a day and a place cell; each day of a short interval and the cells about a point give a key, so that
neighbours on either side of a border meet. A place known only roughly has the coarse cells that it touches. Claims without a
place, or of a country as a whole, share keys of their parties and rare names instead, and with those of an exact place its name;
a match with a rough place or a country is only looked for among doers of the same countries, and two exact places, or a province
and a place in another, never by these: all of a war's claims of a day would be compared. The
tellings of one page share keys of its incident, of the words around, and of the headline. Few claims share a key however large
the ledger grows, since days go by: cost per claim stays flat.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from typing import Literal

from tocsin.ledger import Claim, Locus
from tocsin.merge.days import UNSTATED_DAYS, unsure_day
from tocsin.merge.distances import radius
from tocsin.merge.match import LEAD, NEXT

LONGEST_DAYS = 7  # an interval of more days is looked for by its first month instead,
LONGEST_THERE = 31  # but where the place is exact, for few claims share it
CROWDED = frozenset(
    {"violence"}
)  # families of so many claims that an exact place's are not looked for by who is concerned
DEGREE_KM = 111.2  # of latitude
COARSE = 1.0  # degrees: cells in which rough places are looked for
WIDEST = 6  # coarse cells from north to south; what is wider is looked for in its whole country
CELL = 0.25  # degrees: about 28 km of latitude, more than two exact places that can be one lie apart
_NAME = re.compile(r"\b[A-Z][\w'’-]{3,}")
MOST_NAMES = 4
TOP = 8 * LEAD  # code points of a page within which its headline and lead stand, after menus and notices


# by how a claim is placed, the marks of keys that it is found by and does not look under, and those that it looks under instead
_SOUGHT: dict[str, dict[str, str | None]] = {
    "exact": {"c": "i", "r": "q", "p": "u"}, "rough": {"c": "i", "q": None}, "country": {"i": None}, "none": {"u": None},
}  # fmt: skip


def block_keys(claim: Claim) -> tuple[str, ...]:
    """The keys of an event claim, ordered; none for claims of other sections, which are never merged."""
    return _keys(claim, _wheres(claim)) if claim.section == "event" else ()


def look_up_keys(claim: Claim) -> tuple[str, ...]:
    """The keys under which those claims are found that may match this one: its own, but for the ones of who is concerned.

    By them a claim of an exact place finds only those of rough places about it (`q`), of its country as a whole (`i`) and of no
    place (`u`), for its like are found by their cells; a rough place finds all about it (`r`), a country all in it (`c`), and what
    has no place all with its parties (`p`). Symmetric: of two claims either each finds the other or neither does.
    """
    if claim.section != "event":
        return ()
    other = _SOUGHT[_placed(claim)]
    marked = ((one, other.get(one[0], one[0]) if one[1:2] == ":" else one[0]) for one in _wheres(claim))
    return _keys(claim, [mark + one[1:] for one, mark in marked if mark])


def _keys(claim: Claim, wheres: Sequence[str]) -> tuple[str, ...]:
    cells = {f"{claim.family}|{when}|{where}" for when in _whens(claim) for where in wheres}
    return tuple(sorted({*cells, *_on_its_page(claim)}))


def _on_its_page(claim: Claim) -> list[str]:
    """Keys for the other tellings of one page: of its incident, in the words around, below its headline."""
    start, page = claim.trigger.start, f"{claim.family}|{claim.version}"
    keys = [f"b|{page}|{start // NEXT + n}" for n in (0, 1)]
    if claim.group is not None:
        keys.append(f"t|{claim.group}")
    if claim.headline or start < TOP:
        keys.append(f"h|{page}")
    return keys


def _whens(claim: Claim) -> list[str]:
    """The days on which it may have been, each with the day after, for reports that date a night by either; else its news week."""
    low, high = claim.day_from, claim.day_to or claim.day_from
    if low is None or high is None:
        return _news_days(claim)
    first, last = _day(low), _day(high)
    if first is not None and unsure_day(claim):  # the day of publication: see `days.interval`
        first -= datetime.timedelta(UNSTATED_DAYS)
    longest = LONGEST_THERE if _placed(claim) == "exact" else LONGEST_DAYS
    if first is None or last is None or (last - first).days >= longest:
        return [f"m{low[:7]}", *_news_days(claim)]
    return [(first + datetime.timedelta(n)).isoformat() for n in range((last - first).days + 2)]


def _news_days(claim: Claim) -> list[str]:
    known = _day(claim.published or claim.known[:10])
    return ["undated"] if known is None else [(known - datetime.timedelta(n)).isoformat() for n in range(5)]


def _day(value: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value[:10])
    except ValueError:
        return None


def _placed(claim: Claim) -> Literal["exact", "rough", "country", "none"]:
    """How exactly its place is known, as far as it matters for finding it; what is rough has cells to be found by."""
    place = claim.place
    if place is None or (place.lat is None and not place.country):
        return "none"
    if place.lat is not None and place.precision in ("exact", "admin", "area"):
        if place.precision == "exact":
            return "exact"
        if _coarse(place):
            return "rough"
    return "country" if place.country else "none"


def _wheres(claim: Claim) -> list[str]:
    """The cells about an exact place, the coarse ones about a rough one; for a wider or unknown one, who and what is named."""
    place, placed, who = claim.place, _placed(claim), _who(claim)
    if place is None or placed == "none":
        return [*_names(claim), *_parties(claim, "pu")] or ["-"]
    own = [f"n:{word.lower()}" for word in _NAME.findall(place.called or place.name)]
    country = f"c:{place.country}:{who}"
    if placed == "country":
        return [country, f"i:{place.country}:{who}", *_names(claim)]
    around = [f"r:{cell}:{who}" for cell in _coarse(place)]
    if placed == "rough":
        return [country, *around, *(f"q{one[1:]}" for one in around), *own, *_names(claim)]
    return [country, *around, *_cells(place), *own, *(() if claim.family in CROWDED else _parties(claim, "p"))]


def _parties(claim: Claim, marks: str) -> list[str]:
    return [f"{mark}:{one.key}" for one in (*claim.actors, *claim.recipients)[:3] for mark in marks]


def _cells(place: Locus) -> list[str]:
    """The cell of a point and those that touch it on the nearer sides, so that two points 12 km apart share one."""
    y, x = (place.lat or 0.0) / CELL, (place.lon or 0.0) / CELL
    rows, columns = ({math.floor(one), math.floor(one) + (1 if one % 1 >= 0.5 else -1)} for one in (y, x))
    return [f"g{row}:{column}" for row in sorted(rows) for column in sorted(columns)]


def _coarse(place: Locus) -> list[str]:
    """The coarse cells that a place's circle touches, so that two places that meet share one; none where they are too many."""
    lat, lon, reach = place.lat or 0.0, place.lon or 0.0, radius(place) / DEGREE_KM
    aside = reach / max(math.cos(math.radians(min(89.0, abs(lat) + reach))), 0.1)
    if 2 * reach > WIDEST * COARSE or 2 * aside > 2 * WIDEST * COARSE:
        return []
    rows, columns = (
        range(math.floor((middle - width) / COARSE), math.floor((middle + width) / COARSE) + 1)
        for middle, width in ((lat, reach), (lon, aside))
    )
    around = round(360 / COARSE)  # the date line
    return [f"{row}:{column % around}" for row in rows for column in columns]


def _who(claim: Claim) -> str:
    """The countries of the doers, which reports of one happening rarely differ in."""
    return "+".join(sorted({one.country for one in claim.actors if one.country})) or "-"


def _names(claim: Claim) -> list[str]:
    found = dict.fromkeys(f"n:{name.lower()}" for name in _NAME.findall(claim.sentence.text))
    return list(found)[:MOST_NAMES]
