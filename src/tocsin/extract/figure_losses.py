"""A force's own dead: 'the army lost 30 soldiers in the assault'."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_triggers import Sense, Trigger
from tocsin.extract.grammar import verb_slots
from tocsin.parsed import Sentence, Token

_MEN = frozenset({"man", "member"})  # soldiers where soldiers lost them
_NOT_DEAD = frozenset({"desertion", "desertions", "defection", "defections", "jobs", "job", "election", "elections"})


def loss_links(sentence: Sentence, counted: Sequence[Counted], taken: set[int]) -> list[Link]:
    """Links of counted soldiers and fighters whom somebody lost; `taken` are the first tokens of those linked already."""
    by_token = {i: one for one in counted for i in range(one.first, one.last + 1)}
    links = []
    for verb in sentence.tokens:
        if verb.lemma != "lose" or not verb.is_verb or any(one.lower in _NOT_DEAD for one in sentence.tokens):
            continue
        slots = verb_slots(sentence, verb)
        for head in slots.object:
            one = by_token.get(head.i)
            if one is None or one.first in taken or one.thing or not _are_soldiers(head, slots.subject):
                continue
            taken.add(one.first)
            links.append(Link(one, "killed", Trigger(verb.i, verb.i, Sense()), "loss"))
    return links


def _are_soldiers(head: Token, losers: Sequence[Token]) -> bool:
    armed = rulefiles.words("soldiers") | rulefiles.words("armed_groups")
    return head.lemma in armed or (head.lemma in _MEN and any(one.lemma in armed for one in losers))
