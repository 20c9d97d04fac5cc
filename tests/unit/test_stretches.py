"""Looking rows up by where they stand gives what a walk along all rows would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.stretches import ByStart
from tocsin.target_names import TargetNames

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(SPANS, max_size=20), SPANS)
def test_each_look_up_is_the_walk_along_all_rows(rows: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    low, high = asked
    found = ByStart(rows, span=lambda one: one)
    ordered = sorted(rows, key=lambda one: one[0])
    assert found.starting_in(low, high) == [one for one in ordered if low <= one[0] < high]
    assert found.holding(low, high) == [one for one in ordered if one[0] <= low and high <= one[1]]
    assert found.touches(low, high) == any(one[0] < high and low < one[1] for one in rows)
    assert found.covers(low, high) == any(one[0] <= low and high <= one[1] for one in rows)


def test_a_name_is_found_in_its_fullest_form() -> None:
    text = "Haddad, Omar Haddad, Gen. Omar Haddad, Lina Haddad, Idris"
    spans = {name: (text.index(name), text.index(name) + len(name)) for name in text.split(", ")}
    names = TargetNames(text, spans.values())
    assert names.fullest(spans["Haddad"]) == spans["Gen. Omar Haddad"]
    assert names.fullest(spans["Lina Haddad"]) == spans["Lina Haddad"]
    assert names.fullest(spans["Idris"]) == spans["Idris"]


def test_of_two_names_as_long_the_first_is_taken() -> None:
    text = "Haddad Omar Haddad Lina Haddad"
    names = TargetNames(text, [(0, 6), (7, 18), (19, 30)])
    assert names.fullest((0, 6)) == (7, 18)


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4), min_size=1, max_size=8))
def test_the_fullest_name_is_that_of_a_walk_along_all_names(rows: list[list[str]]) -> None:
    text, spans, words = "", [], {}
    for row in rows:
        name = " ".join(row)
        spans.append((len(text), len(text) + len(name)))
        words[spans[-1]] = set(row)
        text += name + " "
    names = TargetNames(text, spans)
    for span in spans:
        best = max(spans, key=lambda one: (words[span] <= words[one], len(words[one]), -one[0]))
        assert names.fullest(span) == best
