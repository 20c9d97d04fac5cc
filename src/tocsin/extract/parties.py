"""Which head nouns are somebody: people, bodies, states, and (for what is struck or held) somebody's things."""

from __future__ import annotations

from functools import cache

from tocsin import rulefiles
from tocsin.parsed import Token

_PERSON_LISTS = (
    "agents", "people", "officials", "governments", "organs", "armed_groups", "police", "soldiers", "protesters", "civilians",
    "prisoners", "dignitaries", "envoys", "crowds", "media", "business", "figure_people", "things",
)  # fmt: skip
_PLACES_OF_NOBODY = ("position", "region", "area", "site", "target", "line", "cable", "grid", "well")


@cache
def somebody_words() -> frozenset[str]:
    """Head nouns that are people, bodies, or (for what is struck or held) somebody's things."""
    listed = frozenset().union(*(rulefiles.words(name) for name in _PERSON_LISTS)) - set(_PLACES_OF_NOBODY)
    forms = {
        form.split()[-1]
        for row in rulefiles.table("actors/agents.csv")
        for form in row["forms"].lower().split("|")
        if form.strip()
    }
    return (listed | forms) - rulefiles.words("agreements") - rulefiles.words("talks")


def is_somebody(token: Token) -> bool:
    """Whether a head noun can act or be acted upon in its own right."""
    if token.tag[:3] == "NNP":
        return token.lower not in rulefiles.words("calendar")
    return token.tag in ("PRP", "CD") or token.lemma in somebody_words() or token.lower in somebody_words()
