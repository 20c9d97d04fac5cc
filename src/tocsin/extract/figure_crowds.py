"""Counts of people of whom nothing else is said: 'a force of 400 men', '60 soldiers will be sent'; and people on the move.

A record that keeps only victims cannot tell how large a garrison, a convoy or a march was. Such counts are `other`, from
`SMALLEST_CROWD` on: smaller groups are the persons of a story and no figures. Speakers ('two dozen witnesses said') are
not counted. People in flight are `displaced`, told by where they come to: 'some 8,000 persons reached Adre'.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_triggers import Sense, Trigger, not_displaced
from tocsin.extract.grammar import is_passive
from tocsin.extract.statement_cues import cue_lexicon
from tocsin.parsed import Sentence, Token

SMALLEST_CROWD = 10
_MANY = 100  # so many people who run or reach a town are in flight, if the sentence or their number's unit says so
_GOES = rulefiles.words("figure_motion_verbs")
_MOVED = rulefiles.words("figure_moved_verbs")
_FLIGHT = rulefiles.words("figure_flight_words")


def crowd_links(sentence: Sentence, counted: Sequence[Counted], taken: set[int]) -> list[Link]:
    """Links for counts of people that no word of outcome took; the trigger is the counted noun, or the verb of motion."""
    links = []
    for one in counted:
        if one.first in taken or one.thing or not _is_crowd(sentence, one):
            continue
        head = sentence.tokens[one.number if one.head is None else one.head]
        if _speaks(sentence, head):
            continue
        verb = _moves(sentence, one, head)
        at = head if verb is None else verb
        links.append(Link(one, "other" if verb is None else "displaced", Trigger(at.i, at.i, Sense()), "count"))
    return links


def _is_crowd(sentence: Sentence, one: Counted) -> bool:
    number = one.quantity.best or one.quantity.low or one.quantity.high or 0
    if number < SMALLEST_CROWD:
        return False
    if one.head is None:  # 'a garrison of 6,000'
        before = [token.lower for token in sentence.tokens[max(0, one.first - 2) : one.first]]
        return before[1:] == ["of"] and before[0] in rulefiles.words("figure_bodies")
    modifies = one.last > one.head and sentence.tokens[one.last].is_noun  # '30 police posts'
    return one.head > one.number and not modifies and (one.person or one.quantity.unit == "households")


def _speaks(sentence: Sentence, head: Token) -> bool:
    """'Twenty witnesses said', 'according to a dozen residents': sources."""
    above = sentence.tokens[head.head]
    if head.dep == "nsubj" and above.is_verb:
        speaks = above.lemma in cue_lexicon().words() and above.lemma not in _GOES  # 'as the story goes'
        return speaks and not sentence.children_by(above, "dobj")
    return head.dep == "pobj" and above.lower == "to" and sentence.tokens[above.head].lower == "according"


def _moves(sentence: Sentence, one: Counted, head: Token) -> Token | None:
    """The verb that puts the counted to flight; None where they only come and go, or fight."""
    verb = _verb_of(sentence, head)
    if verb is None or head.lower in not_displaced():
        return None
    acts = head.dep in ("nsubj", "conj", "appos") and not is_passive(sentence, verb)
    if verb.lemma not in (_GOES if acts else _MOVED):
        return None
    if one.quantity.unit == "households":
        return verb
    many = (one.quantity.best or one.quantity.low or 0) >= _MANY
    return verb if many and any(token.lower in _FLIGHT for token in sentence.tokens) else None


def _verb_of(sentence: Sentence, head: Token) -> Token | None:
    here = head
    for _ in range(4):
        if here.dep in ("nsubj", "nsubjpass", "dobj"):
            above = sentence.tokens[here.head]
            return above if above.is_verb else None
        if here.dep not in ("conj", "appos") or here.head == here.i:
            return None
        here = sentence.tokens[here.head]
    return None
