"""Whoever is behind a thing that was acted on: whose it is, whom it comes from or goes to, in which state it lies."""

from __future__ import annotations

from tocsin import rulefiles
from tocsin.codebook import Kind
from tocsin.extract import grammar
from tocsin.extract.parties import can_fill, is_somebody
from tocsin.parsed import Sentence, Token

_BEHIND = ("poss", "by", "against", "of", "from", "on", "to", "with", "for", "in")
_DEEPEST_OWNER = 1  # things between a trigger and whoever is behind them, beyond the first
_TO_PLACES = frozenset({"AID", "MOBILIZE"})


def behind(
    sentence: Sentence, thing: Token, role: str, used: set[int], depth: int = 0, *, within: str = "states"
) -> list[Token]:
    """Whoever a thing belongs to, comes from or is aimed at: 'the charges by X', 'Y's request', 'a report' that Z put out."""
    slots = grammar.noun_slots(sentence, thing, rulefiles.words("light_verbs"))
    names = ("poss", "by", "of", "from") if role == "actor" else _BEHIND
    for name in names:
        found = [
            one for one in slots.preps.get(name, []) if one.i not in used and is_somebody(one) and can_fill(one, name)
        ]
        if name == "in":
            found = [one for one in found if within == "any place" or (within == "states" and not one.place)]
        if found:
            return found
    if role == "recipient":
        return _imposed_on(sentence, thing, used) or _deeper(sentence, slots, role, used, depth)
    if role != "actor" or thing.lemma not in rulefiles.words("writings"):
        return []
    verb = sentence.tokens[thing.head]
    return (
        [one for one in grammar.own_subject(sentence, verb) if is_somebody(one)]
        if thing.dep == "dobj" and verb.is_verb
        else []
    )


def within(kind: Kind) -> str:
    """Which places are meant by what is done to a thing in them: 'eased the curbs in X'.

    A state may be; a town only where aid or troops go; none where the thing was harmed or seized, for that is its place.
    """
    if kind.harm or kind.type == "COERCE":
        return "none"
    return "any place" if kind.type in _TO_PLACES else "states"


def _imposed_on(sentence: Sentence, thing: Token, used: set[int]) -> list[Token]:
    """'the sanctions imposed on X': whom the participle behind a thing names."""
    for clause in sentence.children_by(thing, "acl"):
        preps = grammar.verb_slots(sentence, clause).preps
        for name in ("on", "against", "upon", "to"):
            found = [one for one in preps.get(name, []) if one.i not in used and is_somebody(one)]
            if found:
                return found
    return []


def _deeper(sentence: Sentence, slots: grammar.Slots, role: str, used: set[int], depth: int) -> list[Token]:
    """Behind a thing behind the thing: 'the curbs on aid to X'."""
    if depth >= _DEEPEST_OWNER:
        return []
    for name in ("on", "of", "for", "to", "against"):
        for inner in slots.preps.get(name, [])[:1]:
            found = behind(sentence, inner, role, used, depth + 1)
            if found:
                return found
    return []
