"""Matching two claims: symmetric, with reasons, and what no score outweighs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import ARMY, DARNAJ, HAJIN, SYRIA, claim, figure
from msgspec.structs import replace

from tocsin.ledger import Claim, Locus, Party
from tocsin.merge.blocks import block_keys, look_up_keys
from tocsin.merge.conflicts import conflict
from tocsin.merge.distances import distance_km
from tocsin.merge.match import match, told_as_one, weights
from tocsin.records import Span

claims_at_random = st.builds(
    claim,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["air-strike", "shelling", "ied-bombing", "death", "meet"]),
    st.sampled_from([None, "2021-05-01", "2021-05-02", "2021-05-03", "2021-05-09"]),
    place=st.sampled_from([HAJIN, DARNAJ, SYRIA, None]),
    status=st.sampled_from(["happened", "denied", "planned", "background"]),
    day_basis=st.sampled_from(["stated", "published"]),
    version=st.sampled_from(["v1", "v2"]),
    actors=st.sampled_from([(), (ARMY,)]),
    figures=st.sampled_from([(), (figure(3),), (figure(9, voice="outlet:b"),), (figure(3, "injured"),)]),
    words=st.sampled_from(["Planes bombed the grain silos beside the river.", "Shells fell upon the village of the orchards."]),
)  # fmt: skip


@settings(max_examples=300)
@given(claims_at_random, claims_at_random)
def test_match_and_conflict_are_symmetric(one: Claim, other: Claim) -> None:
    assert (conflict(one, other) is None) == (conflict(other, one) is None)
    assert _plain(match(one, other)) == _plain(match(other, one))


def _plain(found: Any) -> Any:
    """Without the order in which words name the two sides, which follows who is asked first."""
    return found and (found.one, found.other, found.score, sorted((row.part, row.weight) for row in found.reasons))


@settings(max_examples=300)
@given(claims_at_random, claims_at_random)
def test_what_matches_in_an_exact_place_shares_a_block(one: Claim, other: Claim) -> None:
    exact = all(row.place and row.place.precision == "exact" for row in (one, other))
    if exact and one.version != other.version and match(one, other) is not None:
        assert not set(block_keys(one)).isdisjoint(block_keys(other))


@settings(max_examples=300)
@given(claims_at_random, claims_at_random)
def test_of_two_claims_each_finds_the_other_or_neither_does(one: Claim, other: Claim) -> None:
    """What is looked up leaves out only two exact places too far apart to be one."""
    finds = not set(look_up_keys(one)).isdisjoint(block_keys(other))
    assert finds == (not set(look_up_keys(other)).isdisjoint(block_keys(one)))
    if not finds and not set(block_keys(one)).isdisjoint(block_keys(other)):
        assert match(one, other) is None
        assert "exact" in {row.place.precision for row in (one, other) if row.place}


def test_two_exact_places_are_not_looked_for_by_their_doers() -> None:
    near, far = claim("a", place=HAJIN, actors=(ARMY,)), claim("b", place=DARNAJ, actors=(ARMY,))
    country = claim("c", place=SYRIA, actors=(ARMY,))
    for one in (near, far):
        assert not set(look_up_keys(one)).isdisjoint(block_keys(country))
        assert not set(look_up_keys(country)).isdisjoint(block_keys(one))
    by_doers = [key for key in look_up_keys(near) if "|c:" in key]
    assert by_doers == []


def test_a_link_says_why_in_words_and_its_parts_add_up() -> None:
    found = match(
        claim("b", figures=(figure(9),)),
        claim("a", figures=(figure(9),), words="Nine died as silos by the river were bombed."),
    )
    assert found is not None and (found.one, found.other) == ("a", "b")
    words = {one.part: one.words for one in found.reasons}
    assert (
        words["kind"] == "the same kind"
        and words["place"] == "same place ±1 km"
        and words["day"] == "both on 2021-05-03"
    )
    assert words["toll"] == "killed: 9 in both"
    assert found.score == pytest.approx(min(1.0, sum(one.weight for one in found.reasons)), abs=1e-3)
    assert found.score >= weights().enough


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"kind": "shooting"}, "different happenings"),
        ({"day": "2021-05-06"}, "3 days apart"),
        ({"place": DARNAJ}, "33 km apart"),
        ({"status": "planned"}, "announced or feared"),
        ({"status": "background", "day": "2019-05-03"}, "recalled from before"),
        ({"day": None, "published": "2021-06-30"}, "undated"),
    ],
)  # fmt: skip
def test_what_no_score_outweighs(other: dict[str, Any], why: str) -> None:
    given = dict(other)
    second = claim("b", given.pop("kind", "air-strike"), given.pop("day", "2021-05-03"), **given)
    found = conflict(claim("a", day=None) if "undated" in why else claim("a"), second)
    assert found is not None and why in found
    assert match(claim("a", day=None) if "undated" in why else claim("a"), second) is None


def test_one_page_that_tells_two_tolls_by_one_voice_keeps_them_apart() -> None:
    one = claim("a", version="v", figures=(figure(3),))
    assert conflict(one, claim("b", version="v", figures=(figure(8),))) == "one page keeps them apart"
    assert conflict(one, claim("b", version="v", figures=(figure(8, voice="name:x"),))) is None
    assert conflict(one, claim("b", version="w", figures=(figure(8),))) is None, "another page may know more"


def test_one_page_that_states_two_days_keeps_them_apart_and_two_pages_do_not() -> None:
    first, second = claim("a", version="v"), claim("b", day="2021-05-02", version="v")
    assert conflict(first, second) == conflict(second, first) == "one page keeps them apart"
    assert conflict(first, replace(second, version="w")) is None, "a night that two reports date by either day"
    assert conflict(first, replace(second, day_basis="published")) is None
    of_the_page = replace(second, day_from="2021-05-04", day_to="2021-05-04")
    assert conflict(first, of_the_page) is None, "the dateline's day, not the event's"


def test_a_headline_that_states_no_day_has_that_of_the_words_below_it() -> None:
    below = claim("a", day="2021-04-28", version="v", group="g")
    above = claim(
        "b", day="2021-05-04", day_basis="published", version="v", group="g", headline=True, words="Planes bomb silos"
    )
    found = match(below, above)
    assert conflict(below, above) is None and found is not None
    assert not any(one.part == "day" for one in found.reasons), "six days apart is no reason"
    assert conflict(below, replace(above, day_basis="stated")) is not None
    assert conflict(below, replace(above, group="h")) is not None, "another incident of the page"
    assert conflict(below, replace(above, headline=False)) is not None


def test_one_page_keeps_a_town_and_a_region_of_another_country_apart() -> None:
    border = Locus(name="Anbar", lat=34.4, lon=41.2, country="IQ", precision="admin", radius_km=120.0)
    town, region = claim("a", version="v"), claim("b", version="v", place=border)
    assert conflict(town, region) == "one page keeps them apart"
    assert conflict(town, replace(region, version="w")) is None
    assert conflict(town, replace(region, place=replace(border, country="SY"))) is None


def test_what_a_page_tells_as_two_incidents_is_joined_by_one_form_or_one_toll_only() -> None:
    strike = claim("a", version="v", group="v:i1")
    killing = claim("b", "killing", version="v", group="v:i2")
    assert match(strike, killing) is match(killing, strike) is None
    assert match(strike, replace(killing, group="v:i1")) is not None
    assert match(strike, replace(killing, group=None)) is not None
    assert match(strike, replace(killing, kind="drone-strike")) is not None
    counted = replace(strike, figures=(figure(9),)), replace(killing, figures=(figure(9),))
    assert match(*counted) is not None
    few = replace(strike, figures=(figure(1),)), replace(killing, figures=(figure(1),))
    assert match(*few) is None, "one is killed in many happenings"


@settings(max_examples=300)
@given(claims_at_random, claims_at_random)
def test_what_matches_in_a_rough_place_is_found_where_the_doers_are_of_one_country(one: Claim, other: Claim) -> None:
    rough = Locus(name="Deir ez-Zor", lat=35.0, lon=40.4, country="SY", precision="admin", radius_km=90.0)
    for near in (replace(one, place=rough), replace(one, place=replace(rough, lat=35.4, name="Other"))):
        far = replace(
            other, actors=near.actors, place=replace(rough, radius_km=30.0) if other.place is None else other.place
        )
        if near.version != far.version and match(near, far) is not None:
            assert not set(look_up_keys(near)).isdisjoint(block_keys(far))
            assert not set(look_up_keys(far)).isdisjoint(block_keys(near))


def test_a_night_may_be_dated_by_either_day_and_a_report_by_the_days_before_it() -> None:
    assert match(claim("a", day="2021-05-03"), claim("b", day="2021-05-04")) is not None
    today = replace(claim("b", day="2021-05-04"), day_basis="published")
    assert conflict(claim("a", day="2021-05-02"), today) is None
    assert conflict(claim("a", day="2021-04-29"), today) is not None


def test_other_sections_never_match() -> None:
    assert match(claim("a", section="figure"), claim("b")) is None
    assert block_keys(claim("a", section="statement")) == ()


@pytest.mark.parametrize("lat", [0.0, 34.7, -34.7, 64.9])
def test_points_that_can_be_one_place_share_a_key_on_either_side_of_a_cell_border(lat: float) -> None:
    for lon in (40.7499, -0.0001, 10.124, 10.126):
        for step in (-0.1, 0.0, 0.1):
            near = Locus(name="X", lat=lat + step, lon=lon + step / 3, country="SY", precision="exact")
            here = Locus(name="Y", lat=lat, lon=lon, country="SY", precision="exact")
            if distance_km(near, here) > 12:
                continue
            one, other = claim("a", place=here), claim("b", place=near)
            assert not set(block_keys(one)).isdisjoint(block_keys(other))


BLAST = "The government bombed the grain silos beside the river crossing."


def test_a_bombing_without_a_device_may_be_from_the_air_and_one_with_a_device_may_not() -> None:
    word = {"kind": "ied-bombing", "trigger": Span(start=15, end=21, text="bombed")}
    assert conflict(claim("a"), claim("b", words=BLAST, **word)) is None
    assert match(claim("a"), claim("b", words=BLAST, **word)) is not None
    planted = "A bomb planted at the silos beside the river crossing went off."
    assert conflict(claim("a"), claim("b", words=planted, **word)) is not None
    assert conflict(claim("a", "shooting"), claim("b", words=BLAST, **word)) is not None, "but no gun is meant"


def of_page(name: str, start: int, **others: Any) -> Claim:
    """A claim of one page that says neither where nor who."""
    given = {
        "place": None,
        "version": "v",
        "words": f"They strike {name}.",
        "trigger": Span(start=start, end=start + 6, text="strike"),
    }
    return claim(name, "air-strike", "2021-05-03", **(given | others))


def test_the_headline_and_the_lead_of_one_page_tell_one_thing() -> None:
    lead, far = of_page("lead", 200), of_page("far", 900)
    headline = of_page("headline", 0, headline=True)
    found = match(headline, lead)
    assert found is not None and "headline" in {one.part for one in found.reasons}
    assert match(headline, far) is None
    assert match(headline, of_page("other", 200, version="w")) is None
    assert match(headline, of_page("lead", 200, status="background")) is None
    ours = Party(key="ABC:x", name="X", text="x", country="ABC")
    theirs = Party(key="DEF:y", name="Y", text="y", country="DEF")
    assert match(of_page("h", 0, headline=True, actors=(ours,)), of_page("l", 200, actors=(theirs,))) is None
    assert not set(block_keys(headline)).isdisjoint(block_keys(lead))


def test_two_sentences_running_tell_one_thing_but_not_of_two_doers() -> None:
    one, following = of_page("one", 400), of_page("following", 520)
    found = match(one, following)
    assert found is not None and "beside" in {row.part for row in found.reasons}
    assert match(one, of_page("later", 800)) is None
    doers = [Party(key=f"words:{name}", name=name, text=name) for name in ("pilots", "gunners")]
    assert match(of_page("a", 400, actors=(doers[0],)), of_page("b", 520, actors=(doers[1],))) is None
    assert match(of_page("a", 400, place=HAJIN), of_page("b", 520, place=DARNAJ)) is None


@settings(max_examples=100)
@given(st.integers(0, 2500), st.integers(0, 2500))
def test_tellings_of_one_page_that_match_share_a_block(one: int, other: int) -> None:
    first, second = of_page("a", one), of_page("b", other)
    if match(first, second) is not None:
        assert not set(block_keys(first)).isdisjoint(block_keys(second))


def test_a_long_interval_and_a_day_of_it_in_one_place_share_a_block_and_so_do_a_place_and_its_name() -> None:
    month = claim("a", day="2021-05-01", day_to="2021-05-31")
    assert match(month, claim("b", day="2021-05-20")) is not None
    assert not set(block_keys(month)).isdisjoint(block_keys(claim("b", day="2021-05-20")))
    unplaced = claim("b", place=None, words="Planes bombed Hajin, its council said.")
    assert not set(block_keys(claim("a"))).isdisjoint(block_keys(unplaced))


def test_a_region_and_its_town_of_one_name_are_one_name() -> None:
    town = replace(HAJIN, name="Hajīn", called="Hajin")
    region = Locus(
        name="Hajin District", called="Hajin", lat=34.6, lon=40.7, country="SY", precision="admin", radius_km=40.0
    )
    found = match(claim("a", place=town), claim("b", place=region, words="At dusk the silos burned."))
    assert found is not None and "both in Hajin" in {one.words for one in found.reasons}


def test_an_incident_by_name_alone_is_none_far_apart_on_one_page() -> None:
    """The record names incidents by sort of event, so that on a round-up one name spans many."""
    first, near, far = (
        of_page(name, start, group="v:i1") for name, start in (("first", 0), ("near", 250), ("far", 2000))
    )
    assert told_as_one(first, near) and not told_as_one(first, far)
    assert match(first, far) is None
    six = [of_page(name, start, group="v:i1", figures=(figure(6),)) for name, start in (("a", 0), ("b", 2000))]
    assert told_as_one(*six), "one toll again"
    placed = [of_page(name, start, group="v:i1", place=HAJIN) for name, start in (("a", 0), ("b", 2000))]
    assert told_as_one(*placed), "one place again"
    assert not told_as_one(first, of_page("other", 100, group="v:i2"))


def test_a_toll_since_an_earlier_time_is_no_single_happening() -> None:
    tally = claim("b", figures=(figure(900, cumulative=True),))
    assert conflict(claim("a"), tally) == "one is a toll over a longer time"
    assert conflict(tally, claim("c", figures=(figure(950, cumulative=True),))) is None
