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
def peoples() -> frozenset[str]:
    """Plural names of peoples in small letters: 'serbs', 'punjabis'. They are people where they are written with a capital."""
    columns = (
        ("actors/states", "demonyms"),
        ("actors/peoples", "name"),
        ("actors/peoples", "aliases"),
        ("places/demonyms", "demonyms"),
    )
    forms = (
        form for table, column in columns for row in rulefiles.table(f"{table}.csv") for form in row[column].split("|")
    )
    return frozenset(form.lower() for form in forms if form.endswith("s") and form.isalpha())


@cache
def labels() -> frozenset[str]:
    return rulefiles.words("figure_labels")


@cache
def units() -> frozenset[str]:
    return rulefiles.words("figure_units")


@cache
def households() -> frozenset[str]:
    return frozenset(word for entry in rulefiles.words("figure_households") for word in entry.split())
