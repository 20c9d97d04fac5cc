"""Ranking: what speaks for a candidate, ties, what stays open, and that the record says why."""

from __future__ import annotations

import pytest

from tocsin.resolve.gazetteer import ALTERNATE, PRIMARY, Candidate
from tocsin.resolve.geo_rank import Group, prior, rank


def candidate(
    name: str, lat: float, lon: float, *, country: str = "XX", admin1: str = "1", **more: object
) -> Candidate:
    row = {
        "id": abs(hash((lat, lon))) % 10_000, "name": name, "feature": "city", "level": 3, "country": country,
        "admin1": admin1, "lat": lat, "lon": lon, "population": 1_000, "geonameid": None, "radius_km": 2.0,
        "source": "cities500", "valid_from": "", "valid_to": "", "note": "", "kind": PRIMARY,
    }  # fmt: skip
    return Candidate(**{**row, **more})  # type: ignore[arg-type]


def best(group: Group) -> Candidate:
    return group.candidates[group.order[0]]


def test_alone_the_larger_place_is_likelier() -> None:
    group = Group("dar", (candidate("Dar", 0, 0), candidate("Dar", 40, 40, population=900_000)))
    rank([group])
    assert best(group).lat == 40
    assert sum(group.share) == pytest.approx(1.0)


def test_company_outweighs_size() -> None:
    far = candidate("Dar", 40, 40, country="YY", population=100_000)
    near = candidate("Dar", 10.1, 10.1, population=5_000)
    dar = Group("dar", (far, near))
    others = [
        Group("surun", (candidate("Surun", 10, 10, population=20_000),)),
        Group("xanadia", (candidate("Xanadia", 10.5, 10, feature="country", level=0, admin1=""),)),
    ]
    rank([dar, *others])
    assert best(dar) is near


def test_containment_outweighs_company() -> None:
    near = candidate("Dar", 10.1, 10.1, country="XX", population=50_000)
    named = candidate("Dar", 40, 40, country="YY", admin1="7")
    dar = Group("dar", (near, named), within=frozenset({("YY", "7")}))
    rank([dar, Group("surun", (candidate("Surun", 10, 10, population=20_000),))])
    assert best(dar) is named


def test_a_doubtful_name_has_less_of_a_vote() -> None:
    def dar_with(strength: float) -> float:
        dar = Group("dar", (candidate("Dar", 40, 40), candidate("Dar", 10, 10)))
        rank([dar, Group("surun", (candidate("Surun", 10, 10),), strength=strength)])
        return dar.share[1]

    assert dar_with(0.9) > dar_with(0.3) > 0.5


def test_an_own_name_goes_before_an_alternate_of_a_small_place() -> None:
    assert prior(candidate("Dar", 0, 0)) > prior(candidate("Dar", 0, 0, kind=ALTERNATE))
    small, large = (candidate("Dar", 0, 0, population=people) for people in (50_000, 5_000_000))
    lost = [prior(one) - prior(one._replace(kind=ALTERNATE)) for one in (small, large)]
    assert lost[0] > lost[1] > 0


def test_a_word_for_a_unit_turns_the_choice() -> None:
    town = candidate("Dar", 10, 10, population=80_000)
    unit = candidate("Dar", 10.2, 10.2, feature="admin", level=1, population=300_000, radius_km=90)
    plain, said = Group("dar", (town, unit)), Group("dar", (town, unit), says_admin=True)
    rank([plain])
    rank([said])
    assert best(plain) is town and best(said) is unit


def test_ties_fall_to_the_order_of_the_gazetteer() -> None:
    twins = (candidate("Dar", 10, 10), candidate("Dar", -10, 50, country="YY"))
    group = Group("dar", twins)
    rank([group])
    assert best(group) is twins[0]
    assert group.certainty(0) == pytest.approx(0.5, abs=0.01)


def test_certainty_counts_what_lies_in_the_same_spot() -> None:
    group = Group("dar", (candidate("Dar", 10, 10), candidate("Dar", 10.1, 10.1), candidate("Dar", 50, 50)))
    rank([group])
    assert group.certainty(0) == pytest.approx(2 / 3, abs=0.02)


def test_groups_without_candidates_are_left_alone() -> None:
    empty = Group("nowhere", ())
    rank([empty])
    rank([])
    assert empty.scores == [] and empty.order == []
