"""Actors: the lexicon's phrases, composition and dates, over invented sentences."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.parse import parse_text
from tocsin.parsed import ParsedDocument
from tocsin.records import Actor
from tocsin.resolve.actor_lexicon import ActorLexicon, actor_lexicon, fold
from tocsin.resolve.actors import describe_actor, find_actors

_CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "actors" / "codes.yaml").read_text("utf-8"))
_FIELDS = ("name", "code", "country", "sector", "type", "rule")


@pytest.fixture(scope="module")
def lexicon() -> ActorLexicon:
    return actor_lexicon()


def _mention(case: dict[str, Any], lexicon: ActorLexicon) -> Actor | None:
    text = case["text"]
    parsed = parse_text(text, published=case.get("published", "2018-09-05"))
    start = text.index(case["words"])
    end = start + len(case["words"])
    if case.get("how") == "describe":
        sentence = parsed.sentence_at(start)
        assert sentence is not None
        return describe_actor(parsed, sentence, start, end, lexicon)
    found = [one for one in find_actors(parsed, lexicon) if one.start <= start and end <= one.end]
    exact = [one for one in found if (one.start, one.end) == (start, end)]
    return exact[0] if exact else (found[0] if found and case.get("absent") else None)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['words']}-{case['text'][:30]}")
def test_mention_is_read_as_the_case_says(case: dict[str, Any], lexicon: ActorLexicon) -> None:
    actor = _mention(case, lexicon)
    if case.get("absent"):
        assert actor is None
        return
    assert actor is not None, "not found"
    assert actor.text == case["words"]
    for field in _FIELDS:
        if field in case:
            assert getattr(actor, field) == case[field], field


def test_masked_stretches_are_not_read(lexicon: ActorLexicon) -> None:
    text = "Hamas fired rockets. Fatah denied it."
    found = find_actors(ParsedDocument(text=text, mask=[(0, 20)]), lexicon)
    assert [one.text for one in found] == ["Fatah"]


def test_no_mention_goes_over_a_line_that_ends_a_sentence(lexicon: ActorLexicon) -> None:
    parsed = parse_text(
        "Air raids hit Damascus\n\nSoldiers fled the town.\nSyria\nArmy units left.", published="2018-09-05"
    )
    assert [one.text for one in find_actors(parsed, lexicon)] == ["Damascus", "Soldiers", "Syria", "Army units"]


def test_leaders_of_several_states_are_no_one_states(lexicon: ActorLexicon) -> None:
    parsed = ParsedDocument(text="The leaders of Kenya, Uganda and Rwanda met.", published="2018-09-05")
    assert find_actors(parsed, lexicon)[0].country is None


def test_describing_does_not_need_a_parse(lexicon: ActorLexicon) -> None:
    parsed = parse_text("Iraqi troops left.", published="2018-01-01")
    sentence = parsed.sentences[0]
    sentence.tokens = []
    assert describe_actor(parsed, sentence, 0, 12, lexicon).code == "IRQMIL"


def test_rejected_readings_are_kept_as_evidence(lexicon: ActorLexicon) -> None:
    (actor,) = find_actors(ParsedDocument(text="The Taliban left.", published="2005-01-01"), lexicon)
    assert actor.why[0].over and any("AFGGOV" in one for one in actor.why[0].over)


def test_long_pattern_ending_inside_a_word_hides_nothing(lexicon: ActorLexicon) -> None:
    found = find_actors(ParsedDocument(text="three new Iranian soldiers", published="2018-01-01"), lexicon)
    assert [(one.text, one.code) for one in found] == [("Iranian soldiers", "IRNMIL")]


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_offsets_hold_on_any_text(text: str) -> None:
    for one in find_actors(ParsedDocument(text=text), actor_lexicon()):
        assert text[one.start : one.end] == one.text and one.start < one.end


_SECOND = ActorLexicon()
_WORDS = st.sampled_from(
    ["Syrian", "rebels", "U.S.", "-backed", "of", "the", "Hamas", "\n", "President", "Assad", "ИГ", "İran", "ﬁghters", "’s",
     "\u200f", "KILLED", "US", "army", "and", ",", ".", "\x00", "New", "Iran", "former", "Putin"]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=30).map(" ".join), st.sampled_from([None, "1990-05-05", "2018", "2024-01-01"]))
@settings(max_examples=300, deadline=None)
def test_mentions_are_ordered_apart_and_repeatable(text: str, day: str | None) -> None:
    first = find_actors(ParsedDocument(text=text, published=day), actor_lexicon())
    again = find_actors(ParsedDocument(text=text, published=day), _SECOND)
    assert first == again
    assert all(one.end <= two.start for one, two in pairwise(first))


@given(st.text(max_size=200))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    ["", "\x00" * 500, "\ud800 Hamas", "Iran " * 3000, "new ira" * 3000, "A" * 50_000, "' " * 3000,
     "Syrian government army " * 1500, "members of the " * 3000, "of Hamas fighters from " * 1500],
    ids=lambda text: text[:16].encode("ascii", "backslashreplace").decode().replace("\x00", "NUL") or "empty",
)  # fmt: skip
def test_odd_and_huge_text_is_read_in_linear_time(text: str, lexicon: ActorLexicon) -> None:
    began = perf_counter()
    found = find_actors(ParsedDocument(text=text), lexicon)
    assert perf_counter() - began < 2.0
    assert all(text[one.start : one.end] == one.text for one in found)
