"""Counts that are part of another count: 'including two children', 'three of them', 'three were among the 54 dead'."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.extract.figure_counts import Counted, is_person
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_triggers import Sense, Trigger
from tocsin.parsed import Sentence
from tocsin.records import FigureKind

_NEAR = 10  # tokens between a part and the word for the whole ('those killed in the fire include …')
_BE = frozenset({"was", "were", "are", "is"})
_INCLUDING = frozenset({"including", "among", "included", "include", "includes", "inclusive"})
_WHOLE = frozenset({"them", "whom", "those", "these", "which"})
_OF_THEM = frozenset({("of", "them"), ("of", "whom"), ("among", "them"), ("of", "which")})
_THE_DEAD = frozenset(
    {
        "dead",
        "killed",
        "wounded",
        "injured",
        "victims",
        "casualties",
        "fatalities",
        "slain",
        "missing",
        "detained",
        "deceased",
    }
)


def is_part(sentence: Sentence, one: Counted) -> bool:
    """Whether the words around the count make it part of a larger one."""
    return _after_including(sentence, one) or _of_them(sentence, one) or _were_among(sentence, one)


def _after_including(sentence: Sentence, one: Counted) -> bool:
    """'including two children', 'among them two children', 'including a woman and two children'."""
    tokens = sentence.tokens
    near = [token.lower for token in tokens[max(0, one.first - 6) : one.first]]
    if near[-1:] and near[-1] in _BE and "among" in near and _THE_DEAD & set(near):
        return True  # 'among the dead were five paramedics'
    for i in range(one.first - 1, max(-1, one.first - 12), -1):
        lower = tokens[i].lower
        if lower == "among" and tokens[i + 1].lower not in _WHOLE:
            return False  # 'three were among the 54 dead': the 54 are the whole
        if lower in _INCLUDING:
            return True
        if (
            lower in ("with", "while", "but", "who")
            or tokens[i].tag in ("VBD", "VBZ", "VBP", "MD")
            or lower in (".", ";")
        ):
            return False
        if i < one.first - 1 and tokens[i].tag == "VBG":
            return False
    return False


def _of_them(sentence: Sentence, one: Counted) -> bool:
    """'three of them', 'two of whom', 'four of the dead'."""
    words = [token.lower for token in sentence.tokens[one.number + 1 : one.number + 4]]
    if words[:1] == ["of"] and len(words) > 1:
        return words[1] in _WHOLE or (words[1] == "the" and len(words) > 2 and words[2] in _THE_DEAD)
    before = [token.lower for token in sentence.tokens[max(0, one.first - 3) : one.first]]
    return tuple(before[-2:]) in _OF_THEM or tuple(before[-3:-1]) == ("of", "them")


def _were_among(sentence: Sentence, one: Counted) -> bool:
    """'Three monks were among at least 54 people killed'."""
    words = [token.lower for token in sentence.tokens[one.last + 1 : one.last + 12]]
    if words[:1] == ["among"]:
        return True  # a headline: '4 nurses among 27 dead'
    return any(word in _BE and "among" in words[i + 1 : i + 3] for i, word in enumerate(words))


def part_links(
    sentence: Sentence, counted: Sequence[Counted], links: Sequence[Link], triggers: Sequence[Trigger]
) -> list[Link]:
    """Parts that no trigger stands next to: they take the kind of the sentence's count before them, else after."""
    taken = {link.counted.first for link in links}
    found: list[Link] = []
    for one in counted:
        if one.first in taken or one.thing or not is_part(sentence, one):
            continue
        whole = _nearest(one, links) or _named_whole(one, triggers)
        if whole is not None and (one.person or one.bare):
            found.append(Link(one, whole[0], whole[1], "part"))
            found += _joined_before(sentence, counted, found[-1], taken)
            taken |= {link.counted.first for link in found}
    return found


def _joined_before(sentence: Sentence, counted: Sequence[Counted], part: Link, taken: set[int]) -> list[Link]:
    """'Five women and two children among the dead': both are parts."""
    for one in counted:
        gap = [token.lower for token in sentence.tokens[one.last + 1 : part.counted.first]]
        if gap == ["and"] and one.first not in taken and one.person and not one.thing:
            return [Link(one, part.kind, part.trigger, "part")]
    return []


def _nearest(one: Counted, links: Sequence[Link]) -> tuple[FigureKind, Trigger] | None:
    before = [link for link in links if link.counted.first < one.first]
    after = [link for link in links if link.counted.first > one.first]
    link = max(before, key=lambda each: each.counted.first, default=None) or min(
        after, key=lambda each: each.counted.first, default=None
    )
    return (link.kind, link.trigger) if link else None


def _named_whole(one: Counted, triggers: Sequence[Trigger]) -> tuple[FigureKind, Trigger] | None:
    """'Two of the dead were children': the whole is named by its outcome only."""
    near = [trigger for trigger in triggers if trigger.sense.before and abs(trigger.first - one.last) <= _NEAR]
    for trigger in near:
        if trigger.sense.before:
            return trigger.sense.before, trigger
    return None


def part_of_before(
    sentence: Sentence, counted: Sequence[Counted], links: Sequence[Link], kind: FigureKind
) -> list[Link]:
    """'Six of them were women', where the sentence before gave the whole of that kind; not 'six of them escaped'."""
    if links:
        return []
    words = [token.lower for token in sentence.tokens]
    return [
        Link(one, kind, Trigger(one.number + 2, one.number + 2, Sense()), "part")
        for one in counted
        if words[one.number + 1 : one.number + 3] in (["of", "them"], ["of", "those"])
        and words[one.number + 3 : one.number + 4]
        and words[one.number + 3] in _BE
        and _names_people(sentence, one.number + 4)
    ]


def _names_people(sentence: Sentence, start: int) -> bool:
    """Whether a noun for people comes next, adjectives aside."""
    for token in sentence.tokens[start : start + 3]:
        if is_person(token) and token.is_noun:
            return True
        if token.tag not in ("JJ", "NN", "NNP", "DT", "RB"):
            return False
    return False
