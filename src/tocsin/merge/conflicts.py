"""What makes it impossible that two claims are about one happening, whatever else they have in common.

Another sort of happening, days that cannot meet, places too far apart, an announced and a past event, two happenings that one page
keeps apart. A claim of a busy day is asked about hundreds of others: what is asked of it alone is found once (`Case`).
"""

from __future__ import annotations

from tocsin.families import kinds_agree, may_be
from tocsin.ledger import Claim, Locus
from tocsin.merge import days
from tocsin.merge.days import AGAINST, AHEAD, NEWS_DAYS, SLACK_DAYS, UNSTATED_DAYS
from tocsin.merge.distances import apart
from tocsin.merge.tolls import Tolls, meet, tolls, tolls_apart


class Case:
    """A claim with what is asked of it in every comparison."""

    __slots__ = ("_tolls", "ahead", "claim", "days", "length", "recalled", "tally")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.days = days.interval(claim)
        self.length = days.length(self.days)
        self.ahead = claim.status in AHEAD
        self.recalled = claim.status == "background"
        self.tally = any(
            one.cumulative for one in claim.figures
        )  # victims since some earlier time, of no single happening
        self._tolls: Tolls | None = None

    @property
    def tolls(self) -> Tolls:
        if self._tolls is None:
            self._tolls = tolls(self.claim)
        return self._tolls


def conflict(one: Claim, other: Claim) -> str | None:
    """What makes it impossible that two claims are about one happening, in words; None where nothing does. Symmetric."""
    return conflict_of(Case(one), Case(other))


def conflict_of(one: Case, other: Case) -> str | None:
    """`conflict` of two claims that are asked about many."""
    a, b = one.claim, other.claim
    if a.kind != b.kind and (a.family != b.family or not agreement(a, b)):
        return f"{a.kind} and {b.kind} are different happenings"
    if one.tally != other.tally:
        return "one is a toll over a longer time"
    gap = 0 if _headline_without_day(a, b) else days.gap(one.days, other.days)
    if time := _time_conflict(one, other, gap):
        return time
    distance = apart(a.place, b.place)
    if distance is not None:
        return f"{distance:.0f} km apart"
    if gap and tolls_apart(one.tolls, other.tolls):
        return "a day apart, and the tolls do not meet"
    if a.version == b.version and _kept_apart(one, other, gap):
        return "one page keeps them apart"
    return None


def agreement(one: Claim, other: Claim) -> float:
    """How well two claims' kinds name one happening, 0 not at all; loose words count as a general kind."""
    plain = kinds_agree(one.kind, other.kind)
    loose = not plain and any(
        may_be(a.kind, a.trigger.text, a.sentence.text, b.kind) for a, b in ((one, other), (other, one))
    )
    return 0.6 if loose else plain


def _headline_without_day(one: Claim, other: Claim) -> bool:
    """Whether one of two is the page's headline, which has the day of the page where the words below state their own."""
    if one.headline == other.headline or one.group is None or one.group != other.group:
        return False
    return (one if one.headline else other).day_basis != "stated"


def _time_conflict(one: Case, other: Case, gap: int | None) -> str | None:
    if one.ahead != other.ahead:
        return "one is announced or feared, the other is told as past"
    if one.recalled != other.recalled:
        near = gap == 0 and max(one.length, other.length) <= 1 + UNSTATED_DAYS
        return None if near else "one is recalled from before, the other is news"
    if one.recalled and one.claim.version != other.claim.version and (gap != 0 or max(one.length, other.length) > 31):
        return "recalled without a common date"
    if gap is None:
        return _undated_conflict(one, other)
    return f"{gap} days apart" if gap > SLACK_DAYS else None


def _undated_conflict(one: Case, other: Case) -> str | None:
    """An undated event is of the days before its report: what is dated otherwise is another, but on one page, which would say so."""
    apart = days.reported_apart(one.claim, other.claim)
    if apart > NEWS_DAYS:
        return f"reported {apart} days apart, undated"
    dated, undated = (one, other) if one.days else (other, one)
    reported = days.reported(undated.claim)
    if dated.days is None or not reported or one.claim.version == other.claim.version:
        return None
    news = days.number(reported) - NEWS_DAYS, days.number(reported)
    together = days.gap(dated.days, news) == 0
    return None if together else "dated otherwise than the days before the other's report"


def _kept_apart(one: Case, other: Case, gap: int | None) -> bool:
    """Whether one page tells of two happenings: each with its own place, its own stated day, or its own toll by the same voice.

    Two reports may date one night by either day; one page, which states both days, has two nights.
    """
    a, b = one.claim, other.claim
    if _places_named_apart(a.place, b.place) or (gap and _days_named_apart(a, b)):
        return True
    mine, theirs = one.tolls, other.tolls
    return any(
        x.voice.key == y.voice.key and not meet(x, y)
        for kind in mine.keys() & theirs.keys()
        for x in mine[kind]
        for y in theirs[kind]
    )


def _places_named_apart(one: Locus | None, other: Locus | None) -> bool:
    """Whether one page that writes both names means two places: two towns, or a town and a region of another country."""
    if one is None or other is None or one.name == other.name:
        return False
    abroad = one.country is not None and other.country is not None and one.country != other.country
    return one.precision == other.precision == "exact" or abroad


def _days_named_apart(one: Claim, other: Claim) -> bool:
    """Whether one page gives each a day of its own, in so many words; that of the page itself may be read from its dateline."""
    stated = one.day_basis == other.day_basis == "stated" and not {one.status, other.status} & AGAINST
    return stated and days.reported(one)[:10] not in (one.day_from, other.day_from)
