"""Counts whose noun says what became of the counted: tolls ('the death toll rose to 40') and refugees, inhabitants."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import SMALLEST_PLACE, Link
from tocsin.extract.figure_triggers import Sense, Trigger, noun_kinds
from tocsin.parsed import Sentence
from tocsin.records import FigureKind

_TOLL_WORDS = rulefiles.words("figure_toll_words")
_TOLL_REACH = 24
_GAP = 9  # tokens between two counts of one toll
_OTHERS = frozenset({"another", "others", "a", "second"})
_ESCAPED = frozenset({"escape", "flee"})
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
            links += _gapped(sentence, counted, links[-1])
    return links


def _gapped(sentence: Sentence, counted: Sequence[Counted], first: Link) -> list[Link]:
    """'put the toll at 12, and the ministry at 15': the verb and the toll are left out, the count is another's.

    The link's trigger is the count itself, so that it is judged by whoever gave it.
    """
    tokens, links, last = sentence.tokens, [], first.counted
    for one in counted:
        gap = tokens[last.last + 1 : one.first]
        if one.first <= last.last or not first.kind or one.thing:
            continue
        words = [token.lower for token in gap]
        named = (
            2 <= len(gap) <= _GAP
            and words[-1] == "at"
            and any(token.is_noun or token.lower in _OTHERS for token in gap)
        )
        if not named or words[0] not in (",", ";", "and", "while", "but") or any(token.is_verb for token in gap):
            break
        links.append(Link(one, first.kind, Trigger(one.first, one.last, Sense()), "toll-gapped"))
        last = one
    return links


def number_links(
    sentence: Sentence, counted: Sequence[Counted], triggers: Sequence[Trigger], before: FigureKind | None
) -> list[Link]:
    """'put the number at 38': of what the sentence, or the one before it, last spoke ('how many militants died')."""
    links: list[Link] = []
    for one in counted:
        ahead = [token.lower for token in sentence.tokens[max(0, one.first - 4) : one.first]]
        if ahead[-3:] not in (["the", "number", "at"], ["the", "figure", "at"], ["the", "count", "at"]):
            continue
        earlier = [each for each in triggers if each.last < one.first and (each.sense.before or each.sense.after)]
        kind = (earlier[-1].sense.before or earlier[-1].sense.after) if earlier else before
        if kind is not None:
            links.append(Link(one, kind, Trigger(one.first, one.last, Sense()), "number"))
            links += _gapped(sentence, counted, links[-1])
    return links


def died_of_wounds(sentence: Sentence, counted: Sequence[Counted], triggers: Sequence[Trigger]) -> list[Link]:
    """'Four of the wounded later died': the wounded are those out of whom they are counted."""
    links = []
    for one in counted:
        words = [token.lower for token in sentence.tokens[one.number + 1 : one.number + 10]]
        if words[:2] not in (["of", "the"], ["of", "those"]) or words[2:3] not in (["wounded"], ["injured"], ["hurt"]):
            continue
        died = [
            each for each in triggers if one.number + 3 < each.first <= one.number + 9 and each.sense.before == "killed"
        ]
        if died and not any(
            sentence.tokens[i].lower in (",", "and", "but") for i in range(one.number + 4, died[0].first)
        ):
            links.append(Link(one, "killed", died[0], "before"))
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


def _no_longer(sentence: Sentence, one: Counted) -> bool:
    """'Twenty inmates escaped': not held any more. Those who are freed or exchanged are counted as they were held."""
    near = sentence.tokens[max(0, one.first - 6) : one.last + 5]
    return any(token.is_verb and token.lemma in _ESCAPED for token in near)


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
        if kind == "detained" and _no_longer(sentence, one):
            continue
        if kind and one.head is not None and one.head > one.number:
            links.append(Link(one, kind, Trigger(one.head, one.head, Sense()), "noun"))
    return links
