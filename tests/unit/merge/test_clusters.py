"""Groups of claims: order does not matter, no chains, people's word first."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from made import DARNAJ, HAJIN, claim, judged

from tocsin.ledger import Claim, Judgement, Link
from tocsin.merge.cluster import clusters, valid
from tocsin.merge.conflicts import conflict
from tocsin.merge.match import match
from tocsin.records import Span


def links(claims: list[Claim]) -> list[Link]:
    return [found for a, b in combinations(claims, 2) if (found := match(a, b))]


A, B, C = claim("a"), claim("b"), claim("c", place=DARNAJ, day="2021-05-20")
POOL = [
    claim(f"k{n}", kind, day, place=place, group=group, version=group or f"v{n}")
    for n, (kind, day, place, group) in enumerate(
        [
            ("air-strike", "2021-05-03", HAJIN, None), ("air-strike", "2021-05-04", HAJIN, None), ("air-strike", "2021-05-05", HAJIN, None),
            ("shelling", "2021-05-03", HAJIN, "p:i1"), ("death", "2021-05-03", None, "p:i1"), ("death", "2021-05-04", HAJIN, None),
            ("air-strike", "2021-05-03", DARNAJ, None), ("ied-bombing", "2021-05-03", HAJIN, None),
        ]
    )
]  # fmt: skip
WORDS = [judged("j1", "same", "k0", "k6"), judged("j2", "not-same", "k0", "k1", "k3"), judged("j3", "same", "k1", "k3"), judged("j4", "undo", undoes="j2")]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.permutations(POOL), st.randoms(use_true_random=False), st.integers(0, 4))
def test_the_order_of_claims_and_links_changes_nothing(order: list[Claim], pick: object, said: int) -> None:
    found = links(order)
    pick.shuffle(found)  # type: ignore[attr-defined]
    assert clusters(order, found, WORDS[:said]) == clusters(POOL, links(POOL), WORDS[:said])


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(
        [judged("j1", "same", "k0", "k6"), judged("j2", "not-same", "k0", "k1"), judged("j3", "same", "k3", "k1")]
    )
)
def test_the_order_of_words_about_different_pairs_changes_nothing(order: list[Judgement]) -> None:
    assert clusters(POOL, links(POOL), order) == clusters(
        POOL, links(POOL), [WORDS[0], judged("j2", "not-same", "k0", "k1"), judged("j3", "same", "k3", "k1")]
    )


@settings(max_examples=100, deadline=None)
@given(st.sets(st.sampled_from(range(len(POOL))), min_size=1))
def test_groups_part_the_claims_and_hold_no_conflict(chosen: set[int]) -> None:
    some = [POOL[n] for n in sorted(chosen)]
    found = clusters(some, links(some), ())
    assert sorted(name for group in found for name in group) == sorted(one.id for one in some)
    by_id = {one.id: one for one in some}
    for group in found:
        assert [pair for pair in combinations(group, 2) if conflict(by_id[pair[0]], by_id[pair[1]])] == []


def test_no_chain_over_days() -> None:
    """A day's slack joins neighbours, but not the third day to the first through the second."""
    days = [claim(f"d{n}", day=f"2021-05-0{n}") for n in range(1, 7)]
    groups = clusters(days, links(days), ())
    assert max(map(len, groups)) <= 2 and len(groups) >= 3


def test_no_chain_over_places() -> None:
    from tocsin.ledger import Locus

    row = [
        claim(f"p{n}", place=Locus(name=f"Village {n}", lat=34.0 + n * 0.09, lon=40.0, country="SY", precision="exact"))
        for n in range(6)
    ]
    groups = clusters(row, links(row), ())
    assert max(map(len, groups)) <= 2


def test_people_join_what_nothing_else_would_and_part_what_everything_joins() -> None:
    both = [A, B, C]
    assert clusters(both, links(both), ()) == (("a", "b"), ("c",))
    joined = clusters(both, links(both), [judged("j", "same", "a", "c")])
    assert joined == (("a", "c"), ("b",)), "b does not go with c, and nobody said so"
    assert clusters(both, links(both), [judged("j", "not-same", "a", "b")]) == (("a",), ("b",), ("c",))


def test_the_later_of_two_words_about_one_pair_holds_and_can_be_undone() -> None:
    said = [judged("j1", "not-same", "a", "b"), judged("j2", "same", "b", "a")]
    assert clusters([A, B], links([A, B]), said) == (("a", "b"),)
    undone = [*said, judged("j3", "undo", undoes="j2")]
    assert clusters([A, B], links([A, B]), undone) == (("a",), ("b",))
    again = [*undone, judged("j4", "undo", undoes="j3")]
    assert clusters([A, B], links([A, B]), again) == (("a", "b"),)
    assert [one.id for one in valid(again)] == ["j1", "j2"]


def test_not_same_holds_against_a_third_that_would_join_them() -> None:
    third = claim("t")
    rows = [A, B, third]
    for group in clusters(rows, links(rows), [judged("j", "not-same", "a", "b")]):
        assert not {"a", "b"} <= set(group)


def test_words_about_unknown_claims_are_no_trouble() -> None:
    assert clusters([A], (), [judged("j", "same", "a", "gone"), judged("k", "undo", undoes="never")]) == (("a",),)


def test_general_words_go_with_the_deed_before_them_though_the_next_is_nearer() -> None:
    """'Shells fell on Sunday. Five were hurt. On Monday a rocket hit a store.': the five are of Sunday."""

    def told(name: str, kind: str, start: int, day: str, basis: str = "stated") -> Claim:
        return claim(
            name, kind, day, version="p", group="p:i1", place=None, day_basis=basis, published="2021-05-05",
            trigger=Span(start=start, end=start + 6, text="struck"),
        )  # fmt: skip

    shells, hurt, rocket = told("x", "shelling", 400, "2021-05-02"), told("b", "wounding", 490, "2021-05-04", "published"), told("a", "shelling", 520, "2021-05-03")  # fmt: skip
    found = clusters([rocket, hurt, shells], links([rocket, hurt, shells]), ())
    assert found == (("a",), ("b", "x"))
