"""Chooses among the places that the names of one document may mean, all names together.

Every name starts with a prior for each candidate (own name or alternate, country or town, population). Then the names
vote for each other: a candidate gains from lying near the likely places of the other names and in their countries, in
a few rounds. Comma containment ('Paris, Texas') outweighs both. The weights are set by hand, each for a reason given
beside it; scores are natural-log odds, so their differences read as evidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tocsin.resolve.gazetteer import ABBREVIATION, ALTERNATE, DEMONYM, PRIMARY, REDUCED, Candidate

Array = NDArray[np.float64]
EARTH_KM = 6371.0
ROUNDS = 3
# A name is far more often its own name's place than somebody's unflagged alternate.
_KIND = {PRIMARY: 0.0, DEMONYM: 0.0, ABBREVIATION: -0.3, REDUCED: -1.5, ALTERNATE: -1.8}
# A town of ten times the people is talked of about three times as often, hence log(3) for each power of ten.
_TENFOLD = 1.1
_COUNTRY = 9.0  # as a town of about 100 million people would score
_FIRST, _SECOND = 4.5, 3.2  # the least for a first-order unit (its people count more), and for a second-order unit
_AREA, _POINT = 6.5, 5.0  # supplement: seas and regions, then bases, camps, plants, straits
_AIRPORT = 3.5
_CAPITAL = 2.0  # of a state: news names capitals far beyond their size
_NAMESAKE = -2.0  # a unit called after a town in it: the bare name is oftener the town ('New York', 'Idlib')
_NEAR_KM = 150.0  # news of one document plays within a day's drive
_NEAR, _FAR = 3.2, 0.9  # gain for company nearby, and within a few hours' flight
_FAR_KM = 700.0
_WIDEST_KM = 400.0  # an area is near whatever lies in it, up to the size of a large province
_SAME_COUNTRY, _SAME_FIRST = 1.6, 1.0
_WITHIN = 7.0  # comma containment: stronger than any prior but that of a country
_SAYS_ADMIN = 2.5  # 'province', 'governorate' right after the name, or 'state of' before it


@dataclass(slots=True)
class Group:
    """One name of the document with the mentions that share its sense."""

    key: str
    candidates: tuple[Candidate, ...]
    mentions: int = 1
    within: frozenset[tuple[str, str]] = frozenset()  # (country, admin1 or '') that a comma or bracket names
    says_admin: bool = False
    strength: float = 1.0  # how surely the name was meant as a place: a doubtful one has less of a vote
    by_form: bool = False  # taken for its form ('Marlow Street'), which no table of towns can answer
    sounds: bool = False  # matched by consonants only
    scores: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)  # probabilities, in the order of the candidates
    company: list[float] = field(default_factory=list)  # the part of each score that comes from other names

    def certainty(self, best: int) -> float:
        """Probability of the candidate together with those that lie where it lies (a town and its own district)."""
        one = self.candidates[best]
        return sum(
            share
            for other, share in zip(self.candidates, self.share, strict=True)
            if other.country == one.country and abs(other.lat - one.lat) < 0.7 and abs(other.lon - one.lon) < 0.9
        )

    @property
    def order(self) -> list[int]:
        """Positions of the candidates, best first; ties by the gazetteer's own order."""
        return sorted(range(len(self.scores)), key=lambda i: (-self.scores[i], i))


def prior(one: Candidate) -> float:
    """How likely the name means this place before anything else is read."""
    kind = _KIND[one.kind]
    if one.kind == ALTERNATE and one.population > 100_000:
        kind += 0.5 * math.log10(one.population / 100_000)  # the other names of large places are well known
    return kind + _standing(one)


def _standing(one: Candidate) -> float:
    people = _TENFOLD * math.log10(max(one.population, 10))
    if one.source.startswith("supplement"):
        return _AREA if one.level <= 1 else _POINT
    if one.level == 0:
        return _COUNTRY
    if one.level == 1:
        return max(_FIRST, people)
    if one.level == 2:
        return _SECOND
    if one.feature in ("airport", "base"):
        return _AIRPORT
    if one.feature == "capital":  # less under another name, which may be its country's: 'Mexico'
        return people + (_CAPITAL if one.kind == PRIMARY else _CAPITAL / 2)
    return people


class _Table:
    """All candidates of all groups as arrays, so that a round is a handful of array operations."""

    def __init__(self, groups: Sequence[Group]) -> None:
        flat = [(number, one) for number, group in enumerate(groups) for one in group.candidates]
        self.group = np.array([number for number, _ in flat], dtype=np.int64)
        lat = np.radians([one.lat for _, one in flat])
        lon = np.radians([one.lon for _, one in flat])
        self.unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
        countries: dict[str, int] = {"": -1}
        firsts: dict[tuple[str, str], int] = {}
        self.country = np.array([countries.setdefault(one.country, len(countries)) for _, one in flat])
        self.first = np.array(
            [
                firsts.setdefault((one.country, one.admin1), len(firsts)) if one.admin1 else -2 - number
                for number, (_, one) in enumerate(flat)
            ]
        )
        self.trust = np.array([groups[number].strength for number, _ in flat])
        self.reach = np.array([min(one.radius_km, _WIDEST_KM) for _, one in flat])
        self.point = np.array([one.level >= 1 for _, one in flat])
        towns = [_towns(group) for group in groups]
        self.base = np.array([_start(groups[number], one, towns[number]) for number, one in flat])
        self.bounds = np.searchsorted(self.group, np.arange(len(groups) + 1))

    def shares(self, scores: Array) -> Array:
        """Probabilities within each group."""
        top = np.maximum.reduceat(scores, self.bounds[:-1])
        odds = np.exp(np.maximum(scores - top[self.group], -50.0))
        sums = np.add.reduceat(odds, self.bounds[:-1])
        result: Array = odds / sums[self.group]
        return result

    def company(self, shares: Array) -> Array:
        """What the other groups' likely places add to each candidate."""
        anchors = np.flatnonzero(shares > 0.2)
        votes = shares[anchors] * self.trust[anchors]
        other = (self.group[:, None] != self.group[anchors][None, :]) * votes[None, :]
        chord = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * (self.unit @ self.unit[anchors].T)))
        km = np.maximum(0.0, EARTH_KM * chord - self.reach[:, None] - self.reach[anchors][None, :])
        points = other * self.point[anchors][None, :] * self.point[:, None]
        near = (points * np.exp(-km / _NEAR_KM)).sum(axis=1)
        far = (points * np.exp(-km / _FAR_KM)).sum(axis=1)
        country = (
            other * (self.country[:, None] == self.country[anchors][None, :]) * (self.country[:, None] >= 0)
        ).sum(axis=1)
        first = (other * (self.first[:, None] == self.first[anchors][None, :])).sum(axis=1)
        result: Array = (
            _NEAR * _full(near) + _FAR * _full(far) + _SAME_COUNTRY * _full(country) + _SAME_FIRST * _full(first)
        )
        return result


def _full(votes: Array) -> Array:
    """Votes count less the more there are: 1 vote .63, 2 votes .86, never above 1."""
    result: Array = 1.0 - np.exp(-votes)
    return result


def _towns(group: Group) -> frozenset[tuple[str, str]]:
    """The units with a town of the name, or with a city of a million that goes by it ('New York')."""
    return frozenset(
        (one.country, one.admin1)
        for one in group.candidates
        if one.feature in ("city", "capital") and (one.kind == PRIMARY or one.population >= 1_000_000)
    )


def _start(group: Group, one: Candidate, towns: frozenset[tuple[str, str]]) -> float:
    """The score before any company; `towns` are the units that hold a town of the name."""
    score = prior(one)
    if group.within and ((one.country, one.admin1) in group.within or (one.country, "") in group.within):
        score += _WITHIN
    if group.says_admin and one.feature == "admin":
        score += _SAYS_ADMIN
    elif one.feature == "admin" and (one.country, one.admin1) in towns:
        score += _NAMESAKE
    return score


def rank(groups: Sequence[Group]) -> None:
    """Fills scores, shares and company of the groups that have candidates. The same groups give the same scores."""
    asked = [group for group in groups if group.candidates]
    if not asked:
        return
    rows = _Table(asked)
    company = np.zeros(len(rows.base))
    scores = rows.base
    for _ in range(ROUNDS):
        company = rows.company(rows.shares(scores))
        scores = rows.base + company
    shares = rows.shares(scores)
    for number, group in enumerate(asked):
        low, high = rows.bounds[number], rows.bounds[number + 1]
        group.scores = scores[low:high].tolist()
        group.share = shares[low:high].tolist()
        group.company = company[low:high].tolist()
