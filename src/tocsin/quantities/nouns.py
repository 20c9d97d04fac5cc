"""The nouns that counts are of: persons, households, and the words that make a number a name or a measure."""

from __future__ import annotations

from functools import cache

from tocsin import rulefiles


@cache
def person_nouns() -> tuple[frozenset[str], frozenset[str]]:
    """Singular and plural (or collective) nouns for persons."""
    entries = [entry.split() for entry in rulefiles.words("figure_people")]
    plurals = {entry[-1] for entry in entries}
    return frozenset(entry[0] for entry in entries if len(entry) == 2), frozenset(plurals)


@cache
def labels() -> frozenset[str]:
    return rulefiles.words("figure_labels")


@cache
def units() -> frozenset[str]:
    return rulefiles.words("figure_units")


@cache
def households() -> frozenset[str]:
    return frozenset(word for entry in rulefiles.words("figure_households") for word in entry.split())
