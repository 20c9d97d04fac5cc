"""What was aimed at or hit: which thing, which person, by the words that say so and no others.

Unnamed people are recipients, not targets: `targets` answers which house and which person.
"""

from __future__ import annotations

from functools import cache

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.extract.parties import somebody_words
from tocsin.parsed import Sentence, Token

Found = tuple[int, int, str]
_MANY = frozenset("several many various some numerous two three few least about approximately other more".split())
_HOMES = frozenset(
    {"home", "house", "residence", "apartment", "car", "vehicle", "convoy", "motorcade", "office", "headquarters"}
)


@cache
def things() -> frozenset[str]:
    """Head nouns of property."""
    lists = ("things",)
    return frozenset().union(*(rulefiles.words(name) for name in lists))


def targets_of(sentence: Sentence, token: Token) -> list[Found]:
    """The targets that a filler stands for, as start, end and kind; none where it is only somebody unnamed.

    A thing is a target, and so is the named person whose home or car it is ("the residence of Ana Ruiz"). A description
    with names behind it stands for the people named ("two teachers, Ana Ruiz and Luis Paz").
    """
    if token.lemma in things():
        return [(*_thing(sentence, token), "physical"), *_owners(sentence, token)]
    named = [one for one in sentence.children_by(token, "appos") if one.tag[:3] == "NNP" and one.i > token.i]
    if named and token.lemma in somebody_words():
        return [
            found for one in named for part in grammar.conjuncts(sentence, one) for found in _person(sentence, part)
        ]
    return _person(sentence, token)


def _owners(sentence: Sentence, thing: Token) -> list[Found]:
    """The person, by a name of two words or more, whose home or car a thing is."""
    if thing.lemma not in _HOMES:
        return []
    owners = sentence.children_by(thing, "poss")
    owners += [
        one
        for prep in sentence.children_by(thing, "prep")
        if prep.lower == "of"
        for one in sentence.children_by(prep, "pobj")
    ]
    found = [one for owner in owners for one in _person(sentence, owner)]
    return [one for one in found if _is_person(sentence, one)]


def _is_person(sentence: Sentence, found: Found) -> bool:
    return any(one.label == "PERSON" and one.start < found[1] and found[0] < one.end for one in sentence.names)


def _person(sentence: Sentence, token: Token) -> list[Found]:
    """A named person without titles."""
    if token.tag[:3] != "NNP" or token.lower in somebody_words() or token.lemma in somebody_words():
        return []
    first = token.i
    while first > 0 and _is_name_part(sentence.tokens[first - 1], token):
        first -= 1
    return [(sentence.tokens[first].start, token.end, "human")]


def _thing(sentence: Sentence, token: Token) -> tuple[int, int]:
    """The words that say what a thing is: no count, no owner ('several houses', 'the peasants' houses': houses)."""
    start, end = grammar.phrase(sentence, token)
    for one in sentence.child_tokens(token):
        if one.i < token.i and (one.dep in ("nummod", "poss", "det", "predet") or one.lower in _MANY):
            below = sentence.subtree(one)
            start = max(start, sentence.tokens[min(below[-1].i + 1, token.i)].start)
    return start, end


def _is_name_part(token: Token, head: Token) -> bool:
    """Whether a word before a surname belongs to the name; in capitals any noun may be a given name."""
    noun = token.tag[:3] == "NNP" or (
        token.text.isupper() and len(token.text) > 2 and token.tag[:2] in ("NN", "JJ", "VB")
    )
    known = (
        token.lower.rstrip(".") in rulefiles.words("titles")
        or token.lower in somebody_words()
        or token.lower in rulefiles.words("proper")
    )
    return (
        noun
        and not known
        and (token.head == head.i or token.head == token.i + 1)
        and token.dep in ("compound", "nmod", "amod", "nsubj", "dobj", "appos")
    )
