"""Where to look for claims that may be about the same happening: keys that two matching claims share.

A key joins the family, a day and a place cell; each day of a short interval and the cells about a point give a key, so that
neighbours on either side of a border meet. Claims without a place, or of a country as a whole, share keys of their parties and
rare names instead, and with those of an exact place its name; a match between an exact place and a country is only looked for
among doers of the same countries, and two exact places never by these: all of a war's claims of a day would be compared. The
tellings of one page share keys of its incident, of the words around, and of the headline. Few claims share a key however large
the ledger grows, since days go by: cost per claim stays flat.
"""

from __future__ import annotations

import datetime
import math
import re

from tocsin.ledger import Claim, Locus
from tocsin.merge.match import LEAD, NEXT, UNSTATED_DAYS, unsure_day

LONGEST_DAYS = 7  # an interval of more days is looked for by its first month instead,
LONGEST_THERE = 31  # but where the place is exact, for few claims share it
CROWDED = frozenset({"violence"})  # families whose claims are looked for by place, or by name where they have none
CELL = 0.25  # degrees: about 28 km of latitude, more than two exact places that can be one lie apart
_NAME = re.compile(r"\b[A-Z][\w'’-]{3,}")
MOST_NAMES = 4
TOP = 8 * LEAD  # code points of a page within which its headline and lead stand, after menus and notices


def block_keys(claim: Claim) -> tuple[str, ...]:
    """The keys of an event claim, ordered; none for claims of other sections, which are never merged."""
    if claim.section != "event":
        return ()
    whens = _whens(claim)
    wheres = _wheres(claim)
    cells = {f"{claim.family}|{when}|{where}" for when in whens for where in wheres}
    return tuple(sorted({*cells, *_on_its_page(claim)}))


def look_up_keys(claim: Claim) -> tuple[str, ...]:
    """The keys under which those claims are found that may match this one: its own, but for the ones of doers.

    A claim of an exact place finds by its doers' countries only claims without one, which finds all. Symmetric: of two claims
    either each finds the other or neither does.
    """
    keys = block_keys(claim)
    if claim.section == "event" and _is_exact(claim):
        return tuple(f"{head}|i:{who}" if head else key for key in keys for head, who in [_doers(key, "|c:")])
    return tuple(key for key in keys if not _doers(key, "|i:")[0])


def _doers(key: str, mark: str) -> tuple[str, str]:
    """What stands before and after the mark of a key of doers; empty where the key is of another sort."""
    family_and_day, found, who = key.partition(mark)
    return (family_and_day, who) if found and family_and_day.count("|") == 1 else ("", "")


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
    if first is not None and unsure_day(claim):  # the day of publication: see `match.interval`
        first -= datetime.timedelta(UNSTATED_DAYS)
    longest = LONGEST_THERE if _is_exact(claim) else LONGEST_DAYS
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


def _wheres(claim: Claim) -> list[str]:
    """The cells about an exact place; for a wider or unknown one, who is concerned and what is named."""
    place = claim.place
    if place is not None and _is_exact(claim):
        own = [f"n:{word.lower()}" for word in _NAME.findall(place.called or place.name)]
        return [*_cells(place), f"c:{place.country}:{_who(claim)}", *own, *_parties(claim, CROWDED)]
    named = [f"n:{name}" for name in _names(claim)]
    country = place.country if place is not None else None
    return (
        [f"c:{country}:{_who(claim)}", f"i:{country}:{_who(claim)}", *named]
        if country
        else [*named, *_parties(claim)] or ["-"]
    )


def _is_exact(claim: Claim) -> bool:
    return claim.place is not None and claim.place.lat is not None and claim.place.precision == "exact"


def _parties(claim: Claim, crowded: frozenset[str] = frozenset()) -> list[str]:
    """Keys of who is concerned; none for a family that so many claims are of that a day's would all be compared."""
    return [] if claim.family in crowded else [f"p:{one.key}" for one in (*claim.actors, *claim.recipients)[:3]]


def _cells(place: Locus) -> list[str]:
    """The cell of a point and those that touch it on the nearer sides, so that two points 12 km apart share one."""
    y, x = (place.lat or 0.0) / CELL, (place.lon or 0.0) / CELL
    rows, columns = ({math.floor(one), math.floor(one) + (1 if one % 1 >= 0.5 else -1)} for one in (y, x))
    return [f"g{row}:{column}" for row in sorted(rows) for column in sorted(columns)]


def _who(claim: Claim) -> str:
    """The countries of the doers, which reports of one happening rarely differ in."""
    return "+".join(sorted({one.country for one in claim.actors if one.country})) or "-"


def _names(claim: Claim) -> list[str]:
    found = dict.fromkeys(name.lower() for name in _NAME.findall(claim.sentence.text))
    return list(found)[:MOST_NAMES]
