"""Coreference over invented sentences: what must be tied, and what must not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.parse import parse_text
from tocsin.parsed import ParsedDocument
from tocsin.resolve.actors import actor_lexicon, find_actors
from tocsin.resolve.coreference import explain_references, resolve_references

_CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "actors" / "coreference.yaml").read_text("utf-8"))


def _references(parsed: ParsedDocument) -> dict[tuple[int, int], tuple[int, int]]:
    return resolve_references(parsed, find_actors(parsed, actor_lexicon()))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['words']}-{case['text'][:40]}")
def test_reference(case: dict[str, Any]) -> None:
    text = case["text"]
    found = _references(parse_text(text, published="2018-09-05"))
    start = text.rindex(case["words"])
    antecedent = found.get((start, start + len(case["words"])))
    told = text[slice(*antecedent)] if antecedent is not None else None
    assert (told.removeprefix("The ") if told and case["to"] and not case["to"].startswith("The ") else told) == case[
        "to"
    ]


def test_nothing_is_tied_across_residue() -> None:
    text = "Hamas fired rockets.\n\nRead more: the best hotels of Rome.\n\nThe group said it was revenge."
    parsed = parse_text(text, published="2018-09-05")
    assert _references(parsed)
    middle = text.index("Read more"), text.index("The group") - 2
    parsed.mask = [middle]
    assert not _references(parsed)


def test_every_answer_names_its_rule() -> None:
    parsed = parse_text("Hamas fired rockets. The group said it was revenge.", published="2018-09-05")
    explained = explain_references(parsed, find_actors(parsed, actor_lexicon()))
    assert explained and all(rule.startswith("coreference:") for _, rule in explained.values())


_CLAUSES = st.sampled_from(
    ["Hamas fired.", "He left.", "She met him.", "The group fled.", "They said it rained.", "Two gunmen, who ran, fell.",
     "President Ruto spoke.", "\n\n", "It denied this.", "The militants and the army met."]
)  # fmt: skip


@given(st.lists(_CLAUSES, max_size=8).map(" ".join))
@settings(max_examples=30, deadline=None)
def test_answers_point_back_and_end_the_chain(text: str) -> None:
    found = _references(parse_text(text, published="2018-09-05"))
    for (start, end), (low, high) in found.items():
        assert 0 <= low < high <= start < end <= len(text)
        assert (low, high) not in found
