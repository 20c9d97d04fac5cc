"""What is counted in a sentence: each count with the noun phrase around it, and single victims without a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tocsin import rulefiles
from tocsin.extract.figure_triggers import Trigger
from tocsin.parsed import Sentence, Token
from tocsin.quantities import Quantity, peoples, person_nouns


@dataclass(slots=True)
class Counted:
    """A count and its noun phrase, as positions of tokens: `first`..`last`; `number` is its number's last one.

    `head` is the noun that is counted, None where the number stands alone. `person` says whether that noun is known
    to be a person's; a bare number and a noun of unknown kind are neither person nor thing.
    """

    quantity: Quantity
    first: int
    number: int
    last: int
    head: int | None = None
    person: bool = False
    thing: bool = False
    named: bool = False  # one person by name or by 'his son', not by a number
    listed: bool = False  # one of those whom a count before it sums up: 'two people, a woman of 62 and her son'
    among_people: bool = (
        False  # a number alone, after people were counted: 'eleven soldiers died and four were captured'
    )

    @property
    def bare(self) -> bool:
        return self.head is None


_INSIDE = frozenset(
    {"JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "POS", "HYPH", "VBN", "VBG", "AFX", "FW", "PRP$", "''", "``"}
)
_OF_ARTICLES = frozenset({"the", "those", "these", "his", "her", "its", "their", "our", "them", "whom"})
_NO_HEAD = rulefiles.words("figure_calendar")
_NOT_WHO = frozenset({"out", "of", "the", "those", "these", "more", "other", "its", "his", "their"})
_LONGEST_PHRASE = 9
_OLDEST = 90
_AGES = frozenset({"men", "women", "children", "boys", "girls", "babies"})


def not_people() -> frozenset[str]:
    """Nouns whose counts are no casualties: animals, machines, buildings, measures."""
    return rulefiles.words("figure_not_people")


def counted_in(sentence: Sentence, quantities: Sequence[Quantity], triggers: Sequence[Trigger]) -> list[Counted]:
    """The counts of one parsed sentence (no damaged ones) with their phrases, in the order of the text."""
    stops = {i: trigger for trigger in triggers for i in range(trigger.first, trigger.last + 1)}
    found = []
    position = 0
    for quantity in quantities:
        while position < len(sentence.tokens) and sentence.tokens[position].end <= quantity.start:
            position += 1
        last = position
        while last + 1 < len(sentence.tokens) and sentence.tokens[last + 1].start < quantity.end:
            last += 1
        if _is_age(sentence, position, quantity):
            continue
        if position < len(sentence.tokens) and sentence.tokens[position].start < quantity.end:
            found.append(_with_phrase(sentence, quantity, position, last, stops))
    kept = _out_of(sentence, found)
    for before, one in pairwise(kept):
        one.among_people = one.bare and not one.thing and (before.person or before.among_people)
    return kept


def _is_age(sentence: Sentence, position: int, quantity: Quantity) -> bool:
    """'20,000 children under five': who are not that few, but that young."""
    tokens = sentence.tokens[position : position + 1]
    if (
        not position
        or not tokens
        or tokens[0].lower not in ("under", "below", "over")
        or (quantity.high or 0) > _OLDEST
    ):
        return False
    return sentence.tokens[position - 1].lower in _AGES


def _out_of(sentence: Sentence, found: list[Counted]) -> list[Counted]:
    """'Two of the eleven divers': two are counted, eleven only say out of how many."""
    kept: list[Counted] = []
    for one in found:
        last = kept[-1] if kept else None
        if last is not None and last.head is None and _is_out_of(sentence, last, one):
            last.last, last.head, last.person, last.thing = one.last, one.head, one.person, one.thing
        else:
            kept.append(one)
    return kept


def _is_out_of(sentence: Sentence, part: Counted, whole: Counted) -> bool:
    gap = [token.lower for token in sentence.tokens[part.last + 1 : whole.first]]
    large, small = whole.quantity.best or whole.quantity.low, part.quantity.best or part.quantity.low
    joined = gap[:1] == ["of"] and len(gap) <= 2 and set(gap[1:]) <= _OF_ARTICLES
    return (joined or gap == ["out", "of"]) and large is not None and small is not None and small < large


def _with_phrase(sentence: Sentence, quantity: Quantity, first: int, number: int, stops: dict[int, Trigger]) -> Counted:
    one = Counted(quantity, first, number, number)
    if quantity.best == 1 and quantity.text[:2].lower() in ("a ", "an"):
        one.head, one.person = number, True
        return one
    end = _phrase_end(sentence, number + 1, stops)
    head = _head(sentence, number + 1, end)
    if head is None and end + 1 in stops:
        one.last = max(number, end)  # '310 avoidable deaths': the noun behind the adjectives is the trigger itself
    if head is not None:
        lower = sentence.tokens[head].lower
        one.head, one.last = head, end
        one.person = is_person(sentence.tokens[head]) or quantity.unit == "households"
        one.thing = lower in not_people() and not one.person
    return one


def is_person(token: Token) -> bool:
    singular, plural = person_nouns()
    named = token.text[:1].isupper() and token.lower in peoples()
    return named or token.lower in plural or token.lower in singular


def _phrase_end(sentence: Sentence, start: int, stops: dict[int, Trigger]) -> int:
    """The last token of the noun phrase that begins at `start`; `start - 1` where there is none."""
    tokens, i = sentence.tokens, start
    while i < len(tokens) and i - start < _LONGEST_PHRASE:
        token = tokens[i]
        if i in stops and not _is_modifier(tokens, i, stops):
            break
        if token.lower == "of" and i == start and i + 1 < len(tokens):
            following = i + (2 if tokens[i + 1].lower in _OF_ARTICLES else 1)
            if following >= len(tokens) or (
                tokens[following].tag not in _INSIDE and tokens[following].lower not in _OF_ARTICLES
            ):
                return start - 1  # 'two of the eleven': the phrase has no noun of its own
            i = following
            continue
        if token.lower in ("more", "other") and i == start:
            i += 1
            continue
        if _is_initials(tokens, i):
            i += 1
            continue
        if token.tag == "CC" and (_joins_modifiers(tokens, start, i) or _joins_ages(tokens, start, i)):
            i += 1
            continue
        mistagged = token.tag == "VBZ" and i == start and token.lower in person_nouns()[1]  # '119 inmates dead'
        if (
            (token.tag not in _INSIDE and not mistagged)
            or token.lower in _NO_HEAD
            or (token.tag in ("VBN", "VBG") and not _noun_ahead(tokens, i))
        ):
            break
        i += 1
    return i - 1


def _is_initials(tokens: list[Token], i: int) -> bool:
    """A group's initials before the counted noun, which the parser may take for a verb ('21 RSF fighters')."""
    text = tokens[i].text
    short = 1 < len(text) <= 6 and text.isupper() and text.isalpha()
    return short and i + 1 < len(tokens) and tokens[i + 1].is_noun and not tokens[i + 1].text.isupper()


def _joins_modifiers(tokens: list[Token], start: int, i: int) -> bool:
    """'40 army and navy officers': the conjunction stands before the counted noun has come."""
    if any(is_person(token) and token.tag in ("NNS", "NNPS") for token in tokens[start:i]) or i == start:
        return False
    ahead = tokens[i + 1 : i + 4]
    nouns = next((k for k, token in enumerate(ahead) if token.tag in ("NNS", "NNPS") and is_person(token)), None)
    return nouns is not None and all(token.tag in _INSIDE for token in ahead[:nouns])


def _joins_ages(tokens: list[Token], start: int, i: int) -> bool:
    """'2,700 women and children': one count of both."""
    return i > start and i + 1 < len(tokens) and tokens[i - 1].lower in _AGES and tokens[i + 1].lower in _AGES


def _is_modifier(tokens: list[Token], i: int, stops: dict[int, Trigger]) -> bool:
    """'3 wounded soldiers', '20 arrested suspects': a participle right before its noun."""
    following = i + 1
    return (
        stops[i].sense.verb
        and following < len(tokens)
        and following not in stops
        and is_person(tokens[following])
        and tokens[i].text.islower()
    )


def _noun_ahead(tokens: list[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].tag in ("NN", "NNS", "JJ", "NNP", "NNPS")


def _head(sentence: Sentence, start: int, end: int) -> int | None:
    """The counted noun: the last noun for persons in the phrase, else its last noun."""
    nouns = [
        i
        for i in range(start, end + 1)
        if sentence.tokens[i].is_noun or sentence.tokens[i].lower in ("others", "other", "more")
    ]
    persons = [i for i in nouns if sentence.tokens[i].lower in person_nouns()[1]]
    if not nouns:
        words = [i for i in range(start, end + 1) if sentence.tokens[i].lower in person_nouns()[1]]
        return words[-1] if words else None
    return persons[-1] if persons else nouns[-1]


def who(sentence: Sentence, one: Counted, text: str) -> str | None:
    """The words for the people counted, the number and 'of the' left out."""
    if one.head is None:
        return None
    start = one.number + 1 if one.head > one.number else one.first + 1
    while start < one.head and (sentence.tokens[start].lower in _NOT_WHO or sentence.tokens[start].tag == "CD"):
        start += 1
    return text[sentence.tokens[min(start, one.head)].start : sentence.tokens[one.head].end]
