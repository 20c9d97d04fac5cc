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
        if form.strip() and " in " not in form  # 'man in charge' makes no charge a man
    }
    return (listed | forms) - rulefiles.words("agreements") - rulefiles.words("talks")


def is_somebody(token: Token) -> bool:
    """Whether a head noun can act or be acted upon in its own right."""
    if token.tag[:3] == "NNP":
        return token.lower not in rulefiles.words("calendar")
    return (
        bool(token.party)
        or token.tag in ("PRP", "CD")
        or token.lemma in somebody_words()
        or token.lower in somebody_words()
    )


def can_fill(token: Token, slot: str) -> bool:
    """Expletives, words of time, and event nouns in front of an event noun fill no role."""
    if token.tag in ("EX", "WRB", "RB", "IN", "TO", ".", ",", "PRP$", "-LRB-", "WP", "WDT", "DT", "$", "$"):
        return False
    if token.lower == "it":
        return slot == "subject" and token.dep == "nsubj"  # 'it overran the town': who that is, reference must tell
    if token.lower in (
        "there",
        "what",
        "percent",
        "%",
        "one",
        "ones",
        "some",
        "many",
        "others",
        "place",
    ) or token.lower in rulefiles.words("calendar"):
        return False
    if token.tag == "CD" and (token.lower in ("million", "billion", "trillion") or token.text[:1] in "$€£"):
        return False
    if token.tag == "CD" and len(token.text) == 4 and token.text[:2] in ("19", "20"):
        return False
    if slot in ("amod", "compound") and token.lower in ("military", "state"):
        return False
    if slot in ("amod", "compound"):
        named = token.tag[:3] == "NNP" and slot == "compound"
        return named or token.lower in rulefiles.words("proper") or token.lemma in rulefiles.words("agents")
    return True
