"""Counts whose noun says what became of the counted: tolls ('the death toll rose to 40') and refugees, inhabitants."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import SMALLEST_PLACE, Link
from tocsin.extract.figure_triggers import Sense, Trigger, noun_kinds
from tocsin.parsed import Sentence

_TOLL_WORDS = rulefiles.words("figure_toll_words")
_TOLL_REACH = 24
_HAS = frozenset({"has", "have", "had", "'s", "’s", "with", "its", "all", "their"})


def toll_links(sentence: Sentence, counted: Sequence[Counted], triggers: Sequence[Trigger]) -> list[Link]:
    """'The death toll in the city rose from 30 to 40': the number behind the last 'to', else the first number on."""
    links = []
    for trigger in triggers:
        if trigger.sense.toll is None:
            continue
        ahead = [one for one in counted if trigger.last < one.first <= trigger.last + _TOLL_REACH and not one.thing]
        marked = [one for one in ahead if _after_toll_word(sentence, one, trigger)]
        if marked:
            best = next((one for one in marked if sentence.tokens[one.first - 1].lower == "to"), marked[0])
            links.append(Link(best, trigger.sense.toll, trigger, "toll"))
    return links


def _after_toll_word(sentence: Sentence, one: Counted, trigger: Trigger) -> bool:
    return one.first == trigger.last + 1 or sentence.tokens[one.first - 1].lower in _TOLL_WORDS


def modifier_links(counted: Sequence[Counted], taken: set[int], triggers: Sequence[Trigger]) -> list[Link]:
    """'Eight injured people', 'the 12 missing fishermen': the fate is an adjective of the counted noun."""
    links = []
    for one in counted:
        inside = [t for t in triggers if one.number < t.first and one.head is not None and t.last < one.head]
        kind = inside[0].sense.before if inside and one.first not in taken and one.person else None
        if kind is not None:
            links.append(Link(one, kind, inside[0], "modifier"))
    return links


def _is_all(sentence: Sentence, one: Counted) -> bool:
    """'The town has about 200 residents', not 'five residents wait': owned by a place, and as many as one has."""
    owned = one.first > 0 and sentence.tokens[one.first - 1].lower in _HAS
    people = one.head is not None and sentence.tokens[one.head].lower == "people"  # a hall may hold 200 people
    return owned and (one.quantity.best or 0) >= SMALLEST_PLACE * (100 if people else 1)


def noun_links(counted: Sequence[Counted], taken: set[int], sentence: Sentence) -> list[Link]:
    """'600,000 refugees': the noun itself says what became of them, where no other word does."""
    links = []
    for one in counted:
        kind = (
            noun_kinds().get(sentence.tokens[one.head].lower)
            if one.head is not None and one.first not in taken
            else None
        )
        if kind == "population" and not _is_all(sentence, one):
            continue
        if kind and one.head is not None and one.head > one.number:
            links.append(Link(one, kind, Trigger(one.head, one.head, Sense()), "noun"))
    return links
