"""Counted people who are held: 'still holds 18 foreigners', 'took two students into custody', 'carried off nine girls'."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_syntax import counted_objects
from tocsin.extract.figure_triggers import Sense, Trigger, noun_kinds
from tocsin.extract.grammar import verb_slots
from tocsin.parsed import Sentence, Token
from tocsin.records import FigureKind

_AS: dict[str, FigureKind] = {"hostage": "abducted", "hostages": "abducted", "captive": "detained", "captives": "detained",
                              "prisoner": "detained", "prisoners": "detained", "custody": "detained", "jail": "detained"}  # fmt: skip
_TAKES = frozenset({"take", "hold", "seize", "lead", "march", "keep", "haul"})
_SHOOTS = frozenset({"shoot"})
_HELD = frozenset({"captive", "hostage", "prisoner", "detainee", "inmate"})
_ROOMS = frozenset({"stadium", "hall", "theatre", "theater", "arena", "camp", "room", "bus", "plane", "lorry", "truck"})
_REACH = 9  # tokens behind the verb in which 'hostage' or 'into custody' may stand


def captive_links(sentence: Sentence, counted: Sequence[Counted], taken: set[int]) -> list[Link]:
    """Links of counts that are the object of holding or taking; `taken` are the first tokens of those linked already."""
    links = []
    for verb, head, one in counted_objects(sentence, counted, _TAKES):
        if one.first in taken or not one.person:
            continue
        kind = _kind(sentence, verb, head)
        if kind is not None:
            taken.add(one.first)
            links.append(Link(one, kind, Trigger(verb.i, verb.i, Sense()), "captive"))
    return links


def shot_captives(sentence: Sentence, counted: Sequence[Counted], taken: set[int]) -> list[Link]:
    """Captives who were shot were killed: 'shot 12 captives', 'eleven prisoners were lined up and shot'.

    Of others who were shot nobody knows: 'police shot three men'.
    """
    links = []
    for verb, head, one in counted_objects(sentence, counted, _SHOOTS):
        if one.first not in taken and head.lemma in _HELD:
            taken.add(one.first)
            links.append(Link(one, "killed", Trigger(verb.i, verb.i, Sense()), "captive"))
    return links


def _holds(sentence: Sentence, verb: Token) -> bool:
    """Whether somebody holds, and no hall: 'the camp holds 40,000 people'."""
    barred = rulefiles.words("buildings") | rulefiles.words("places") | rulefiles.words("ships") | _ROOMS
    return not any(one.place or one.lemma in barred for one in verb_slots(sentence, verb).subject)


def _kind(sentence: Sentence, verb: Token, head: Token) -> FigureKind | None:
    for token in sentence.tokens[verb.i + 1 : verb.i + _REACH]:
        if token.lower in _AS and token is not head:
            return _AS[token.lower]
    off = any(sentence.tokens[i].lower in ("off", "away") for i in verb.children)
    if (verb.lemma == "hold" and _holds(sentence, verb)) or off:
        return "detained" if noun_kinds().get(head.lower) == "detained" or head.lower == "suspects" else "abducted"
    return None
