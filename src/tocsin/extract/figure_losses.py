"""A force's own dead: 'the army lost 30 soldiers in the assault'."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_syntax import counted_objects
from tocsin.extract.figure_triggers import Sense, Trigger
from tocsin.extract.grammar import verb_slots
from tocsin.parsed import Sentence, Token

_LOSES = frozenset({"lose"})
_MEN = frozenset({"man", "member"})  # soldiers where soldiers lost them
_NOT_DEAD = frozenset({"desertion", "desertions", "defection", "defections", "jobs", "job", "election", "elections"})


def loss_links(sentence: Sentence, counted: Sequence[Counted], taken: set[int]) -> list[Link]:
    """Links of counted soldiers and fighters whom somebody lost; `taken` are the first tokens of those linked already."""
    if any(one.lower in _NOT_DEAD for one in sentence.tokens):
        return []
    links = []
    for verb, head, one in counted_objects(sentence, counted, _LOSES):
        if one.first not in taken and _are_soldiers(head, verb_slots(sentence, verb).subject):
            taken.add(one.first)
            links.append(Link(one, "killed", Trigger(verb.i, verb.i, Sense()), "loss"))
    return links


def _are_soldiers(head: Token, losers: Sequence[Token]) -> bool:
    return _is_armed(head) or (head.lemma in _MEN and any(map(_is_armed, losers)))


def _is_armed(token: Token) -> bool:
    return token.lemma in rulefiles.words("soldiers") or token.lemma in rulefiles.words("armed_groups")
