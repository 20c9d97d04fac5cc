"""Who is said to be behind what an event noun tells: claims, blame, attribution.

"The Front claimed responsibility for the bombing", "the murder was attributed to the cartel", "blamed the raid on rebels",
"the group responsible for the killing". That it is a claim or a charge is for the statement and the status to say.
"""

from __future__ import annotations

from tocsin.extract import grammar
from tocsin.parsed import Sentence, Token

_CLAIMING = frozenset({"claim", "assume", "accept", "admit", "take", "acknowledge", "bear", "have", "share"})
_CHARGING = frozenset({"attribute", "blame", "ascribe", "trace", "pin", "credit", "impute", "link"})
_SHARES = frozenset({"responsibility", "credit", "blame", "guilt"})
_PART = frozenset({"involve", "implicate", "participate"})
_PARTAKING = frozenset({"part", "participation", "involvement", "role", "hand"})
_FOR = frozenset({"for", "in"})
_HIGHEST = 4  # nouns climbed: 'responsibility for the planning of the murder of'


def answerable(sentence: Sentence, noun: Token) -> list[Token]:
    """The head tokens of those who are said to have done what the noun tells; none where nobody is.

    The charge may lie on the noun itself ("the murder was attributed to X") or on one that it depends on by `of`, `for`
    or `in` ("claimed responsibility for the murder").
    """
    found = _charged(sentence, noun)
    here = noun
    for _ in range(_HIGHEST):
        if found or here.dep not in ("pobj", "conj"):
            return found
        if here.dep == "conj":
            here = sentence.tokens[here.head]
            continue
        preposition = sentence.tokens[here.head]
        above = sentence.tokens[preposition.head]
        if preposition.lower in _FOR:
            return _held(sentence, above)
        if preposition.lower != "of" or not above.is_noun:
            return []
        here = above
        found = _charged(sentence, here)
    return found


def _charged(sentence: Sentence, noun: Token) -> list[Token]:
    """'the murder was attributed to X', 'blamed the murder on X'."""
    verb = sentence.tokens[noun.head]
    if noun.dep in ("nsubjpass", "dobj") and verb.lemma in _CHARGING:
        slots = grammar.verb_slots(sentence, verb)
        return slots.preps.get("to", []) or slots.preps.get("on", [])
    return [
        one
        for clause in sentence.children_by(noun, "acl")
        if clause.lemma in _CHARGING
        for one in grammar.verb_slots(sentence, clause).preps.get("to", [])
    ]


def _held(sentence: Sentence, above: Token) -> list[Token]:
    """Who is responsible, claims to be, or takes part: the word over 'for' or 'in' the event."""
    if above.lemma in _SHARES and above.is_noun:
        return _claimants(sentence, above)
    if above.lower == "responsible":
        return _responsible(sentence, above)
    if above.lemma in _PART and above.is_verb:
        return grammar.verb_slots(sentence, above).object or grammar.own_subject(sentence, above)
    if above.lemma in _PARTAKING and above.is_noun:
        slots = grammar.noun_slots(sentence, above, frozenset({"take", "play", "have"}))
        return slots.preps.get("of", []) or slots.preps.get("poss", []) or slots.preps.get("light", [])
    return []


def _claimants(sentence: Sentence, share: Token) -> list[Token]:
    """Whose responsibility it is: who claims it, or by whom it was claimed."""
    verb = sentence.tokens[share.head]
    if share.dep in ("dobj", "nsubjpass") and verb.lemma in _CLAIMING:
        return grammar.verb_slots(sentence, verb).subject
    return grammar.noun_slots(sentence, share, frozenset()).preps.get("of", [])


def _responsible(sentence: Sentence, word: Token) -> list[Token]:
    """'X is responsible', 'held X responsible', 'the group responsible'."""
    head = sentence.tokens[word.head]
    if head.is_noun:
        return [head]
    if not head.is_verb:
        return []
    slots = grammar.verb_slots(sentence, head)
    return slots.object or slots.subject if head.lemma in ("hold", "consider", "find", "deem") else slots.subject
