"""The word lists that recognition of place names reads, each loaded once from `rules/places`."""

from __future__ import annotations

from functools import cache

from tocsin.rulefiles import read_yaml, rules_root, table


@cache
def context() -> dict[str, frozenset[str]]:
    """Roles of context words (`rules/places/context.yaml`)."""
    rows = read_yaml(rules_root() / "places" / "context.yaml", dict[str, list[str]])
    return {role: frozenset(words) for role, words in rows.items()}


@cache
def role(name: str) -> frozenset[str]:
    """The words of one role; a role that the file does not have is a programming error and raises `KeyError`."""
    return context()[name]


@cache
def common_words() -> frozenset[str]:
    """English words that are also the name of some place."""
    return frozenset(row["word"] for row in table("places/common_words.csv"))


@cache
def given_names() -> frozenset[str]:
    """Given names that are also the name of some place."""
    return frozenset(row["name"] for row in table("places/given_names.csv"))


@cache
def abbreviations() -> frozenset[str]:
    """Short forms of states and provinces, as papers write them."""
    return frozenset(row["abbreviation"] for row in table("places/abbreviations.csv"))


@cache
def heads() -> dict[str, str]:
    """Words that end a place name by its form, and the role that each has: 'street' is of `streets`."""
    return {word: kind for kind in ("works", "units", "natural", "streets") for word in sorted(role(kind))}
