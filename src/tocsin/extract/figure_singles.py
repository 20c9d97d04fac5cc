"""Single victims that no number counts: 'a policeman was killed', 'gunmen shot dead a journalist', 'his son died'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_syntax import victims
from tocsin.extract.figure_triggers import Trigger
from tocsin.parsed import Sentence, Token
from tocsin.quantities import Quantity, person_nouns
from tocsin.records import FigureKind

_ONE = frozenset({"a", "an", "another", "one"})
_KINDS = frozenset({"killed", "injured", "missing", "detained", "abducted"})  # one person is no displacement
_LONGEST_HEADLINE = 16  # words; a longer line in capitals is body text
_OWNERS = frozenset({"his", "her", "my", "their", "its"})


def single_victims(sentence: Sentence, triggers: Sequence[Trigger], links: Sequence[Link], text: str) -> list[Link]:
    """A link for each victim of a trigger that is one person by its article or as a headline writes it."""
    taken = [(link.counted.first, link.counted.last) for link in links]
    found: list[Link] = []
    for trigger in triggers:
        for kind, head, listed in _victims(sentence, trigger):
            if (
                kind not in _KINDS
                or any(first <= head.i <= last for first, last in taken)
                or not _is_single(sentence, head)
            ):
                continue
            if not _is_unowned(sentence, head) and not _beside_counted(sentence, head, taken):
                continue  # 'its leader was killed' says who, not how many
            first = _phrase_start(sentence, head)
            taken.append((first, head.i))
            one = _counted(sentence, first, head, text)
            one.listed = listed
            found.append(Link(one, kind, trigger, "single"))
    return found + (_in_headline(sentence, triggers, taken, text) if sentence.headline else [])


def _victims(sentence: Sentence, trigger: Trigger) -> Iterator[tuple[FigureKind, Token, bool]]:
    """Head words of the victims, and of those who are listed behind their number."""
    for kind, head in victims(sentence, trigger):
        yield kind, head, False
        yield from ((kind, each, True) for each in _listed(sentence, head))


def _listed(sentence: Sentence, head: Token) -> list[Token]:
    """'Two people, a woman of 62 and her son': who they were; the parser hangs the second on the age."""
    if head.lower not in person_nouns()[1]:
        return []  # 'a villager, a father of five': the same man
    found = []
    for one in sentence.children_by(head, "appos"):
        ages = [age for of in sentence.children_by(one, "prep") for age in sentence.children_by(of, "pobj")]
        found += [one, *(more for each in (one, *ages) for more in sentence.children_by(each, "conj"))]
    return [one for one in found if one.is_noun]


def _in_headline(
    sentence: Sentence, triggers: Sequence[Trigger], taken: list[tuple[int, int]], text: str
) -> list[Link]:
    """'Gunman Kills Policeman in Herat': the noun right behind the verb, whatever the parser made of it."""
    if len(sentence.tokens) > _LONGEST_HEADLINE:
        return []
    found = []
    for trigger in triggers:
        first = trigger.last + 1
        if not (trigger.sense.verb and trigger.first and trigger.sense.after in _KINDS):
            continue
        end = first
        while end < len(sentence.tokens) and end - first < 4 and sentence.tokens[end].is_noun:
            end += 1
        head = sentence.tokens[end - 1]
        singular = head.lower in person_nouns()[0] and head.lower not in person_nouns()[1]
        if end > first and singular and not any(low <= head.i <= high for low, high in taken):
            found.append(Link(_counted(sentence, first, head, text), trigger.sense.after, trigger, "single"))
    return found


def _is_single(sentence: Sentence, head: Token) -> bool:
    singular, plural = person_nouns()
    if head.lower == "another" and head.tag == "DT":
        return True  # 'one was killed and another wounded'
    if head.lower not in singular or head.lower in plural or head.tag not in ("NN", "NNP", "JJ"):
        return False
    before = [sentence.tokens[i] for i in head.children if i < head.i]
    if any(token.dep in ("nummod", "quantmod") or token.tag == "CD" for token in before):
        return False
    articles = [token for token in before if token.dep in ("det", "poss", "predet")]
    if not articles:
        return sentence.headline and len(sentence.tokens) <= _LONGEST_HEADLINE
    return any(token.lower in _ONE or token.lower in _OWNERS for token in articles)


def _is_unowned(sentence: Sentence, head: Token) -> bool:
    return not any(sentence.tokens[i].lower in _OWNERS for i in head.children)


def _beside_counted(sentence: Sentence, head: Token, taken: list[tuple[int, int]]) -> bool:
    """Whether the noun is joined to a victim that is counted ('a man and his son')."""
    return any(
        last < head.i <= last + 8 and any(t.lower == "and" for t in sentence.tokens[last + 1 : head.i])
        for _, last in taken
    )


def _phrase_start(sentence: Sentence, head: Token) -> int:
    inside = [
        i for i in head.children if i < head.i and sentence.tokens[i].dep in ("det", "poss", "amod", "compound", "nmod")
    ]
    return min([*inside, head.i])


def _counted(sentence: Sentence, first: int, head: Token, text: str) -> Counted:
    start, end = sentence.tokens[first].start, head.end
    quantity = Quantity(start, end, text[start:end], 1, 1, 1, "persons", value_start=start)
    return Counted(quantity, first, first, head.i, head.i, person=True, named=True)
