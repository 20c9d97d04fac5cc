"""Counts that are reckoned up: 'put its dead at 17', 'brought to 94 the number of people killed', 'the figure stood at 12'.

What is counted is named by a phrase between the verb and the number, or behind the number; a phrase that only says
'the figure' or 'it' goes on with what was counted last.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.extract.figure_counts import Counted, is_person
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_triggers import Sense, Trigger, noun_kinds
from tocsin.parsed import Sentence
from tocsin.records import FigureKind

_PUT = frozenset({"put", "place", "estimate", "set"})
_BRING = frozenset({"bring", "take", "raise", "lift", "push", "swell", "cut", "reduce"})
_LONGEST = 12  # tokens between the verb and the number
_BEHIND = 9  # tokens behind the number in which what is counted may be named
_ANAPHORS = frozenset({"it", "number", "figure", "count", "total", "toll", "that"})
_STANDS = frozenset(
    {"stood", "stands", "rose", "risen", "climbed", "reached", "was", "is", "at", "to", "had", "has", "now"}
)


def reckoned_links(
    sentence: Sentence, counted: Sequence[Counted], triggers: Sequence[Trigger], before: FigureKind | None
) -> list[Link]:
    """Links for numbers behind 'at' or 'to' that a verb of reckoning governs, judged at the number or its trigger."""
    links = []
    for one in counted:
        if one.thing or one.first < 2 or sentence.tokens[one.first - 1].lower not in ("at", "to"):
            continue
        kind = _of_verb(sentence, one, triggers, before) or _of_figure(sentence, one, triggers, before)
        if kind is not None:
            links.append(Link(one, kind, Trigger(one.first, one.last, Sense()), "reckoned"))
    return links


def _of_verb(
    sentence: Sentence, one: Counted, triggers: Sequence[Trigger], before: FigureKind | None
) -> FigureKind | None:
    """The kind that the object of 'put … at' or 'bring … to' names."""
    verbs = _PUT if sentence.tokens[one.first - 1].lower == "at" else _BRING
    for i in range(one.first - 2, max(-1, one.first - _LONGEST), -1):
        token = sentence.tokens[i]
        if token.is_verb and token.lemma in verbs:
            named = _named(sentence, i + 1, one.first - 1, triggers)
            if named is None and i == one.first - 2:  # 'brought to 94 the number of people killed'
                named = _named(sentence, one.last + 1, min(one.last + _BEHIND, len(sentence.tokens)), triggers)
            said = {each.lower for each in sentence.tokens[i + 1 : one.first - 1]}
            return named or (_last(one, triggers, before) if said and said <= _ANAPHORS | {"the", "its"} else None)
        if token.lower in (";", ":") or (token.is_verb and token.tag in ("VBD", "VBZ") and not _relative(sentence, i)):
            return None
    return None


def _relative(sentence: Sentence, i: int) -> bool:
    """'The number who crossed into the district': a verb of the counted."""
    return any(sentence.tokens[k].lower in ("who", "that", "which") for k in range(max(0, i - 3), i))


def _named(sentence: Sentence, start: int, end: int, triggers: Sequence[Trigger]) -> FigureKind | None:
    """What a stretch says became of the people in it."""
    if _counts_things(sentence, start, end):
        return None
    for each in triggers:
        if start <= each.first < end:
            kind = each.sense.before or each.sense.of or each.sense.toll or each.sense.after
            if kind is not None:
                return kind
    nouns = [noun_kinds().get(token.lower) for token in sentence.tokens[start:end]]
    return next((kind for kind in nouns if kind not in (None, "population")), None)


def _counts_things(sentence: Sentence, start: int, end: int) -> bool:
    """'The number of villages captured' is no count of people."""
    for token in sentence.tokens[start:end]:
        if token.lower in ("number", "count", "tally"):
            counted = [
                one for prep in sentence.children_by(token, "prep") for one in sentence.children_by(prep, "pobj")
            ]
            return bool(counted) and counted[0].tag == "NNS" and not is_person(counted[0])
    return False


def _of_figure(
    sentence: Sentence, one: Counted, triggers: Sequence[Trigger], before: FigureKind | None
) -> FigureKind | None:
    """'By Monday the figure stood at 12': of what was counted last."""
    ahead = [token.lower for token in sentence.tokens[max(0, one.first - 5) : one.first]]
    for place, word in enumerate(ahead[:-1]):
        if word in ("figure", "count", "number", "tally") and set(ahead[place + 1 :]) <= _STANDS:
            return _last(one, triggers, before)
    return None


def _last(one: Counted, triggers: Sequence[Trigger], before: FigureKind | None) -> FigureKind | None:
    earlier = [each for each in triggers if each.last < one.first and (each.sense.before or each.sense.after)]
    return (earlier[-1].sense.before or earlier[-1].sense.after) if earlier else before
