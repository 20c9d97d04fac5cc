"""Whether two claims are about one happening: a score of named parts, and what makes it impossible.

`match` is symmetric and looks at nothing but the two claims, so that it does not matter which came first. `conflict` names what
no score can outweigh: another sort of happening, days that cannot meet, places too far apart, an announced and a past event, two
happenings that one page keeps apart. Words for people are part of the answer, since an analyst decides by them.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from tocsin import rulefiles
from tocsin.families import kinds_agree, may_be
from tocsin.ledger import Claim, FigureClaim, Link, Locus, Party, Reason
from tocsin.merge.distances import NEAR_KM, RADIUS_KM, TOWN_KM, apart, distance_km

SLACK_DAYS = 1  # reports date an event of the night by either day
UNSTATED_DAYS = 2  # before the day of publication on which an event that no date is stated for may have been
LEAD = 400  # code points between a headline and what it is the headline of
NEXT = 300  # code points between two tellings in one breath
NEWS_DAYS = 4  # between reports of an event that neither dates
_AHEAD = frozenset({"planned", "threatened", "possible"})
_AGAINST = frozenset({"denied", "not-happened"})
_ASSERTED = frozenset({"happened", "reported", "alleged"})
_WORD = re.compile(r"[^\W\d_][\w'’-]{3,}")
_PLAIN = re.compile(r"\W+")


class _Weight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    weight: float
    reason: str


class _Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    enough: float
    parts: dict[str, _Weight]
    against: dict[str, _Weight]


@cache
def weights() -> _Weights:
    """`rules/merge/weights.yaml`."""
    return rulefiles.read_yaml(rulefiles.rules_root() / "merge" / "weights.yaml", _Weights)


def match(one: Claim, other: Claim) -> Link | None:
    """The link between two claims that are about one happening by all that they say; None where they are not, or not surely."""
    if one.section != "event" or other.section != "event" or conflict(one, other) is not None:
        return None
    reasons = [found for found in _parts(one, other) if found is not None]
    score = max(0.0, min(1.0, sum(found.weight for found in reasons)))
    if score < weights().enough:
        return None
    low, high = sorted((one.id, other.id))
    return Link(one=low, other=high, score=round(score, 4), reasons=tuple(reasons))


def conflict(one: Claim, other: Claim) -> str | None:
    """What makes it impossible that two claims are about one happening, in words; None where nothing does."""
    if one.family != other.family or not agreement(one, other):
        return f"{one.kind} and {other.kind} are different happenings"
    if _is_tally(one) != _is_tally(other):
        return "one is a toll over a longer time"
    if time := _time_conflict(one, other):
        return time
    distance = apart(one.place, other.place)
    if distance is not None:
        return f"{distance:.0f} km apart"
    if _gap(one, other) and _tolls_apart(one, other):
        return "a day apart, and the tolls do not meet"
    if one.version == other.version and _kept_apart(one, other):
        return "one page keeps them apart"
    return None


def agreement(one: Claim, other: Claim) -> float:
    """How well two claims' kinds name one happening, 0 not at all; loose words count as a general kind."""
    plain = kinds_agree(one.kind, other.kind)
    loose = not plain and any(
        may_be(a.kind, a.trigger.text, a.sentence.text, b.kind) for a, b in ((one, other), (other, one))
    )
    return 0.6 if loose else plain


def one_scene(one: Claim, other: Claim) -> bool:
    """Whether two mentions of one page's incident say nothing apart: one of them has no place, or both have the same."""
    return one.place is None or other.place is None or one.place.name == other.place.name


def told_as_one(one: Claim, other: Claim) -> bool:
    """Whether one page speaks of two claims as one incident, in one breath or with one place or one toll.

    The record names a page's incidents by sort of event alone, so that far apart on a round-up the name says little.
    """
    if one.group is None or one.group != other.group or not one_scene(one, other):
        return False
    near = abs(one.trigger.start - other.trigger.start) <= NEXT
    placed = one.place is not None and other.place is not None
    return near or placed or one.headline != other.headline or _same_toll(one, other)


def _same_toll(one: Claim, other: Claim) -> bool:
    mine, theirs = _tolls(one), _tolls(other)
    return any(_size(a) == _size(b) for kind in mine.keys() & theirs.keys() for a in mine[kind] for b in theirs[kind])


def _time_conflict(one: Claim, other: Claim) -> str | None:
    if (one.status in _AHEAD) != (other.status in _AHEAD):
        return "one is announced or feared, the other is told as past"
    gap = _gap(one, other)
    if (one.status == "background") != (other.status == "background"):
        return (
            None
            if gap == 0 and max(_days(one), _days(other)) <= 1 + UNSTATED_DAYS
            else "one is recalled from before, the other is news"
        )
    vague = gap is None or gap > 0 or max(_days(one), _days(other)) > 31
    if one.status == "background" and vague and one.version != other.version:
        return "recalled without a common date"
    if gap is None:
        return _undated_conflict(one, other)
    return f"{gap} days apart" if gap > SLACK_DAYS else None


def _undated_conflict(one: Claim, other: Claim) -> str | None:
    """An undated event is of the days before its report: what is dated otherwise is another, but on one page, which would say so."""
    apart = _published_apart(one, other)
    if apart > NEWS_DAYS:
        return f"reported {apart} days apart, undated"
    dated, undated = (one, other) if interval(one) else (other, one)
    days, reported = interval(dated), undated.published or undated.known[:10]
    if days is None or not reported or one.version == other.version:
        return None
    news = _number(reported) - NEWS_DAYS, _number(reported)
    meet = days[0] <= news[1] and news[0] <= days[1]
    return None if meet else "dated otherwise than the days before the other's report"


def _is_tally(claim: Claim) -> bool:
    """Whether a claim counts the victims since some earlier time, which no single happening made."""
    for one in claim.figures:  # noqa: SIM110 - asked for every pair, and twice as fast as any()
        if one.cumulative:
            return True
    return False


def _kept_apart(one: Claim, other: Claim) -> bool:
    """Whether one page tells of two happenings: each with its own place, or its own toll by the same voice."""
    if (
        one.place
        and other.place
        and one.place.name != other.place.name
        and "exact" == one.place.precision == other.place.precision
    ):
        return True
    mine, theirs = _tolls(one), _tolls(other)
    return any(
        a.voice.key == b.voice.key and not _meet(a, b)
        for kind in mine.keys() & theirs.keys()
        for a in mine[kind]
        for b in theirs[kind]
    )


def _tolls_apart(one: Claim, other: Claim) -> bool:
    """Whether both count people of one kind and no two of their figures meet."""
    mine, theirs = _tolls(one), _tolls(other)
    return any(not any(_meet(a, b) for a in mine[kind] for b in theirs[kind]) for kind in mine.keys() & theirs.keys())


# ---------------------------------------------------------------- the parts of the score


def _parts(one: Claim, other: Claim) -> Iterable[Reason | None]:
    yield _reason(
        "kind",
        agreement(one, other),
        "the same kind" if one.kind == other.kind else f"{_told(one.kind)}, {_told(other.kind)}",
    )
    yield _day_part(one, other)
    yield _place_part(one.place, other.place)
    yield _party_part("actor", one.actors, other.actors)
    yield _party_part("recipient", one.recipients, other.recipients)
    yield _toll_part(one, other)
    if told_as_one(one, other):
        yield _reason("told", 1.0, "one page tells them as one incident")
    if one.version == other.version:
        yield _page_part(one, other)
    same = _bare(one.sentence.text) == _bare(other.sentence.text)
    if same and len(one.sentence.text) > 40:
        yield _reason("copy", 1.0, "the same words")
    else:
        yield _words_part(one, other)


def _reason(part: str, share: float, words: str) -> Reason | None:
    return Reason(part=part, words=words, weight=round(weights().parts[part].weight * share, 4)) if share else None


def _against(part: str, words: str) -> Reason:
    return Reason(part=part, words=words, weight=-weights().against[part].weight)


def _day_part(one: Claim, other: Claim) -> Reason | None:
    gap = _gap(one, other)
    if gap is None:
        near = max(0.0, 0.25 - 0.1 * _published_apart(one, other))
        return _reason("day", near, "reported about the same time")
    longest = max(_days(one), _days(other))
    if gap:
        return _reason("day", 0.1, "a day apart") if longest <= 2 else None
    if one.day_from == other.day_from and one.day_to == other.day_to and longest <= 1 + UNSTATED_DAYS:
        return _reason("day", 1.0 if longest == 1 else 0.8, f"both on {one.day_from}")
    return _reason("day", 0.7 if longest <= 7 else 0.4 if longest <= 31 else 0.2, "dates that meet")


def _place_part(one: Locus | None, other: Locus | None) -> Reason | None:
    if one is None or other is None or one.lat is None or other.lat is None:
        if one and other and one.name.lower() == other.name.lower():
            return _reason("place", 0.8, f"both in {one.name}")
        return None
    distance = distance_km(one, other)
    coarse = max((one.precision, other.precision), key=lambda name: RADIUS_KM.get(name, 0.0))
    if coarse == "country":
        return _reason("place", 0.15, f"both in {one.country or one.name}")
    if coarse in ("admin", "area"):
        if _same_name(one, other) and "exact" in (one.precision, other.precision):  # a region and its town of one name
            return _reason("place", 0.8, f"both in {one.called or one.name}")
        share = 0.5 if one.name == other.name else 0.4
        return _reason(
            "place", share, f"{one.name} and {other.name} meet" if one.name != other.name else f"both in {one.name}"
        )
    if distance <= NEAR_KM:
        return _reason("place", 1.0, f"same place ±{max(1, round(distance))} km")
    return _reason("place", 0.5, f"{distance:.0f} km apart") if distance <= TOWN_KM else None


def _same_name(one: Locus, other: Locus) -> bool:
    """Whether two pages write one name, whatever the gazetteer took it for."""
    return (one.called or one.name).lower() == (other.called or other.name).lower()


def _party_part(part: str, one: tuple[Party, ...], other: tuple[Party, ...]) -> Reason | None:
    mine, theirs = {row.key: row for row in one}, {row.key: row for row in other}
    shared = sorted(mine.keys() & theirs.keys())
    if shared:
        return _reason(part, 1.0, f"{mine[shared[0]].name} in both")
    sides = {row.country for row in one if row.country}, {row.country for row in other if row.country}
    if all(sides) and sides[0] & sides[1]:
        return _reason(part, 0.5, f"both of {sorted(sides[0] & sides[1])[0]}")
    if part == "actor" and all(sides):
        return _against("actor", f"{one[0].name} here, {other[0].name} there")
    return None


def _toll_part(one: Claim, other: Claim) -> Reason | None:
    mine, theirs = _tolls(one), _tolls(other)
    shared = sorted(mine.keys() & theirs.keys())
    if not shared:
        return None
    for kind in shared:
        met = [(a, b) for a in mine[kind] for b in theirs[kind] if _meet(a, b)]
        if met:
            most = max(min(_size(a), _size(b)) for a, b in met)
            equal = any(a.best is not None and a.best == b.best for a, b in met)
            share = (1.0 if equal else 0.6) * (1.0 if most >= 5 else 0.7)
            return _reason("toll", share, f"{kind[0]}: {most} in both" if equal else f"{kind[0]} figures meet")
    kind = shared[0]
    return _against("toll", f"{kind[0]} {_size(mine[kind][0])} here, {_size(theirs[kind][0])} there")


def _page_part(one: Claim, other: Claim) -> Reason | None:
    """One page telling a thing twice: in the headline and the lead, or in two sentences running; not of two doers."""
    if not one_scene(one, other) or (one.status != other.status and not {one.status, other.status} <= _ASSERTED):
        return None
    apart = abs(one.trigger.start - other.trigger.start)
    if one.headline != other.headline:
        two_sides = bool(_sides(one) and _sides(other)) and _sides(one).isdisjoint(_sides(other))
        return _reason("headline", float(apart <= LEAD and not two_sides), "the headline and the words below it")
    doers = {row.key for row in one.actors}, {row.key for row in other.actors}
    two = all(doers) and doers[0].isdisjoint(doers[1])
    return _reason("beside", float(apart <= NEXT and not two and agreement(one, other) >= 0.8), "told in one breath")


def _sides(claim: Claim) -> set[str]:
    """The countries of a claim's doers."""
    return {row.country for row in claim.actors if row.country}


def _words_part(one: Claim, other: Claim) -> Reason | None:
    mine, theirs = _rare(one), _rare(other)
    shared = mine & theirs
    if len(shared) < 2:
        return None
    share = min(1.0, len(shared) / max(4.0, 0.5 * min(len(mine), len(theirs))))
    return _reason("words", share, "both say " + ", ".join(sorted(shared)[:4]))


# ---------------------------------------------------------------- what the parts are made of


def _rare(claim: Claim) -> frozenset[str]:
    """The sentence's words that are no function words, words of force or names of its places, in small letters.

    The place and the kind have parts of their own: words must not count them twice.
    """
    skipped = {word for row in claim.places for word in row.name.lower().split()} | {claim.trigger.text.lower()}
    return _uncommon(claim.sentence.text) - skipped


@lru_cache(maxsize=8192)  # a claim is compared with many
def _uncommon(sentence: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(sentence)) - _common()


@lru_cache(maxsize=8192)
def _bare(sentence: str) -> str:
    """In small letters, a blank for whatever stands between words."""
    return _PLAIN.sub(" ", sentence.lower())


@cache
def _common() -> frozenset[str]:
    lists = ("function_words", "people", "harm", "attacks", "officials", "calendar")
    more = "said told reported according people killed wounded injured attack attacks monday tuesday wednesday thursday friday saturday sunday"
    return frozenset().union(*(rulefiles.words(name) for name in lists), more.split())


def _tolls(claim: Claim) -> dict[tuple[str, str], list[FigureClaim]]:
    found: dict[tuple[str, str], list[FigureClaim]] = {}
    for one in claim.figures:
        if (
            not one.damaged
            and not one.cumulative
            and not one.of_which
            and _size(one)
            and one.status not in ("background", *_AHEAD)
        ):
            found.setdefault((one.kind, one.unit), []).append(one)
    return found


def _size(one: FigureClaim) -> int:
    return next((value for value in (one.best, one.low, one.high) if value is not None), 0)


def _meet(one: FigureClaim, other: FigureClaim) -> bool:
    """Whether two ranges share a number; an open side is open."""
    low, high = (
        max(a if a is not None else 0 for a in (one.low, other.low)),
        min(math.inf if a is None else a for a in (one.high, other.high)),
    )
    return low <= high


def _gap(one: Claim, other: Claim) -> int | None:
    """Days between two intervals, 0 where they meet, None where one is unknown."""
    mine, theirs = interval(one), interval(other)
    if mine is None or theirs is None:
        return None
    return max(0, max(mine[0], theirs[0]) - min(mine[1], theirs[1]))


def _days(claim: Claim) -> int:
    """How many days a claim's time may be on; many where it is unknown."""
    found = interval(claim)
    return 10_000 if found is None else found[1] - found[0] + 1


def interval(claim: Claim) -> tuple[int, int] | None:
    """The days, as ordinals, on which a claim's event may have been; None where nothing is known.

    A day that is only that of publication stands for the last days before it: news is of yesterday or the day before.
    """
    if claim.day_from is None:
        return None
    return _interval(claim.day_from, claim.day_to or claim.day_from, unsure_day(claim))


@lru_cache(maxsize=65_536)  # asked for every pair, and the days of a ledger are few
def _interval(first: str, last: str, unsure: bool) -> tuple[int, int]:
    low, high = _number(first), _number(last)
    return (low - UNSTATED_DAYS, high) if low == high and unsure else (low, high)


def unsure_day(claim: Claim) -> bool:
    """Whether a claim's day may be that of the news: none is stated, or something is denied, which is dated by its denial."""
    return claim.status not in _AHEAD and (claim.day_basis != "stated" or claim.status in _AGAINST)


@lru_cache(maxsize=65_536)
def _number(day: str) -> int:
    try:
        return datetime.date.fromisoformat(day[:10]).toordinal()
    except ValueError:
        return 0


def _published_apart(one: Claim, other: Claim) -> int:
    first, second = one.published or one.known[:10], other.published or other.known[:10]
    return abs(_number(first) - _number(second)) if first and second else 10_000


def _told(kind: str) -> str:
    return kind.replace("-", " ")
