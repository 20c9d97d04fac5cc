"""Definite descriptions: "the group", "the militants", "the minister", and what an earlier mention must be for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from tocsin.parsed import Sentence
from tocsin.resolve.actor_candidates import Candidate
from tocsin.rulefiles import table

_POINTERS = frozenset({"the", "this", "that", "these", "those", "both"})
# Said anew of anybody: "the people" are not the "three people" of the sentence before.
_ANYBODY = frozenset(
    {"people", "men", "women", "children", "residents", "dead", "wounded", "country", "state", "population", "families"}
)


class Description(NamedTuple):
    """A row of `rules/actors/descriptions.csv`."""

    sectors: frozenset[str]
    type: str
    number: str


@cache
def _table() -> Mapping[str, Description]:
    return {
        row["word"]: Description(frozenset(row["sectors"].split("|")), row["type"], row["number"])
        for row in table("actors/descriptions.csv")
    }


def described(sentence: Sentence, one: Candidate) -> str | None:
    """The head word where the phrase is a bare definite description: a pointer, the head, nothing else."""
    if one.named or sentence.children_by(one.head, "prep", "relcl", "acl", "appos", "conj", "poss", "amod", "compound"):
        return None
    pointers = sentence.children_by(one.head, "det")
    if len(pointers) != 1 or pointers[0].lower not in _POINTERS:
        return None
    if any(child.dep == "nummod" for child in sentence.child_tokens(one.head)):
        return None
    return one.head.lower


def fits(word: str, one: Candidate, earlier: Candidate) -> bool:
    """Whether an earlier mention may be what the description stands for."""
    if earlier.head.lower == word and not earlier.named and word not in _ANYBODY:
        return True  # "two gunmen … the gunmen"
    row = _table().get(word)
    if row is None or (earlier.sector or "") not in row.sectors:
        return False
    if row.type and earlier.type != row.type:
        return False
    if row.type == "person":
        return earlier.number == row.number and (earlier.named or earlier.head.lower != one.head.lower)
    return row.number == "plural" or earlier.number in ("singular", "either")
