"""Whether two claims are about one happening: a score of named parts.

`match` is symmetric and looks at nothing but the two claims, so that it does not matter which came first. What no score can
outweigh is a conflict (`merge.conflicts`). Words for people are part of the answer, since an analyst decides by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from tocsin import rulefiles
from tocsin.ledger import Claim, Link, Locus, Party, Reason
from tocsin.merge import days
from tocsin.merge.conflicts import agreement, conflict
from tocsin.merge.days import SLACK_DAYS, UNSTATED_DAYS
from tocsin.merge.distances import NEAR_KM, RADIUS_KM, TOWN_KM, distance_km
from tocsin.merge.tolls import meet, same_toll, size, tolls

LEAD = 400  # code points between a headline and what it is the headline of
NEXT = 300  # code points between two tellings in one breath
_ASSERTED = frozenset({"happened", "reported", "alleged"})
_COMMON = (
    "function_words", "people", "harm", "attacks", "officials", "calendar", "denying_verbs", "governments", "organs", "media",
    "reporting",
)  # fmt: skip
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
    if _told_as_two(one, other):
        return None
    reasons = [found for found in _parts(one, other) if found is not None]
    score = max(0.0, min(1.0, sum(found.weight for found in reasons)))
    if score < weights().enough:
        return None
    low, high = sorted((one.id, other.id))
    return Link(one=low, other=high, score=round(score, 4), reasons=tuple(reasons))


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
    return near or placed or one.headline != other.headline or same_toll(one, other)


def _told_as_two(one: Claim, other: Claim) -> bool:
    """Whether one page's record has two claims in two incidents, and nothing but a word that fits any form speaks for one.

    On a page about several incidents they have the day and the town in common. No conflict: one form or one toll may still join
    them, and so may what else is told of them.
    """
    if one.version != other.version or one.group is None or other.group is None or one.group == other.group:
        return False
    return agreement(one, other) < 0.8 and not same_toll(one, other)


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
    mine, theirs = days.interval(one), days.interval(other)
    gap = days.gap(mine, theirs)
    if gap is None:
        near = max(0.0, 0.25 - 0.1 * days.reported_apart(one, other))
        return _reason("day", near, "reported about the same time")
    longest = max(days.length(mine), days.length(theirs))
    if gap:  # more than a day only between a headline and the words below it
        return _reason("day", 0.1, "a day apart") if gap <= SLACK_DAYS and longest <= 2 else None
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
    mine, theirs = tolls(one), tolls(other)
    shared = sorted(mine.keys() & theirs.keys())
    if not shared:
        return None
    for kind in shared:
        met = [(a, b) for a in mine[kind] for b in theirs[kind] if meet(a, b)]
        if met:
            most = max(min(size(a), size(b)) for a, b in met)
            equal = any(a.best is not None and a.best == b.best for a, b in met)
            share = (1.0 if equal else 0.6) * (1.0 if most >= 5 else 0.7)
            return _reason("toll", share, f"{kind[0]}: {most} in both" if equal else f"{kind[0]} figures meet")
    kind = shared[0]
    return _against("toll", f"{kind[0]} {size(mine[kind][0])} here, {size(theirs[kind][0])} there")


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
    return frozenset().union(*(rulefiles.words(name) for name in _COMMON))


def _told(kind: str) -> str:
    return kind.replace("-", " ")
