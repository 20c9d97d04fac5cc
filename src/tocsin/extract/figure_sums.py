"""Victims counted one after the other: 'a man and his son' are two, '32 sailors and four porters' 36.

The sum is a figure of its own whose parts name it in `of_which`; single persons are only counted together. A list that
spells out the count before it ('two people, a man and a woman') adds nothing: its members are parts.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin import rulefiles
from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link
from tocsin.extract.figure_parts import is_part
from tocsin.parsed import Sentence, Token
from tocsin.quantities import Quantity

_JOIN = frozenset(
    {"and", "&", "plus", "with", "as", "well", "along", "another", ",", "a", "further", "his", "her", "their", "the"}
)
_ADDS = frozenset({"and", "&", "plus", "well", "along"})
_ANYBODY = frozenset({"people", "persons", "victims", "casualties", "others", "bodies"})
_RULES = frozenset({"before", "after", "of", "shared", "single", "syntax"})


def with_sums(sentence: Sentence, links: Sequence[Link], text: str) -> tuple[list[Link], list[Link]]:
    """The links with sums put in and single persons taken together, and those among them that are parts of a sum."""
    result, parts = list(links), []
    for group in _groups(sentence, links):
        whole, rest = group[0], group[1:]
        if _spelled_out(sentence, whole, rest):
            parts += rest
            continue
        if len(group) < 2 or not any(token.lower in _ADDS for token in _gap(sentence, group[-2], group[-1])):
            continue
        if _are_enemies(sentence, group):
            continue  # what each side lost; nobody on the page adds them up
        total = _sum(group, text)
        if all(one.counted.quantity.best == 1 for one in group):
            result = [link for link in result if link not in group]
        else:
            parts += group
        result.append(total)
    return result, parts


def _groups(sentence: Sentence, links: Sequence[Link]) -> list[list[Link]]:
    """Runs of exact counts that share a trigger and are joined in the text."""
    usable = [
        one
        for one in links
        if one.rule in _RULES and one.counted.quantity.best is not None and not is_part(sentence, one.counted)
    ]
    groups: list[list[Link]] = []
    for link in sorted(usable, key=lambda one: one.counted.first):
        last = groups[-1][-1] if groups else None
        if last and last.trigger == link.trigger and last.kind == link.kind and _is_joined(sentence, last, link):
            groups[-1].append(link)
        else:
            groups.append([link])
    return [group for group in groups if len(group) > 1]


def _are_enemies(sentence: Sentence, group: Sequence[Link]) -> bool:
    """'44 rebels and two soldiers', '45 X militants and 20 Y fighters': combatants of more than one side."""
    sides = {_side(sentence, one.counted.head) for one in group}
    return None not in sides and len(sides) > 1


def _side(sentence: Sentence, head: int | None) -> str | None:
    """The side that combatants are of: the name that stands before the noun, else state or rebel; None for others."""
    token = sentence.tokens[head] if head is not None else None
    forces = rulefiles.words("soldiers") | rulefiles.words("police")
    if token is None or not (token.lemma in forces or token.lemma in rulefiles.words("armed_groups")):
        return None
    names = [one.lower for one in sentence.children_by(token, "compound", "amod", "nmod") if one.text[:1].isupper()]
    return " ".join(names) or ("state" if token.lemma in forces else "rebel")


def _gap(sentence: Sentence, first: Link, second: Link) -> list[Token]:
    return sentence.tokens[first.counted.last + 1 : second.counted.first]


def _is_joined(sentence: Sentence, first: Link, second: Link) -> bool:
    gap = _gap(sentence, first, second)
    return 0 < len(gap) <= 4 and all(token.lower in _JOIN or token.lower in (":", "-", "–", "—") for token in gap)


def _spelled_out(sentence: Sentence, whole: Link, rest: Sequence[Link]) -> bool:
    """'Two people, a man and a woman': no conjunction before the list, and it does not exceed the count."""
    gap = [token.lower for token in _gap(sentence, whole, rest[0])]
    head = whole.counted.head
    if any(word in _ADDS for word in gap) or whole.counted.quantity.best is None:
        return False
    listed = sum(one.counted.quantity.best or 0 for one in rest)
    anybody = head is not None and sentence.tokens[head].lower in _ANYBODY
    return listed == whole.counted.quantity.best or (anybody and listed <= whole.counted.quantity.best)


def _sum(group: Sequence[Link], text: str) -> Link:
    """The group as one count over all its words."""
    first, last = group[0].counted, group[-1].counted
    start, end = first.quantity.start, last.quantity.end
    members = [one.counted.quantity for one in group]
    lows, highs = [one.low for one in members], [one.high for one in members]
    quantity = Quantity(
        start,
        end,
        text[start:end],
        sum(one for one in lows if one is not None) if None not in lows else None,
        sum(one.best or 0 for one in members),
        sum(one for one in highs if one is not None) if None not in highs else None,
        "persons",
        any(one.approximate for one in members),
        value_start=start,
    )
    counted = Counted(quantity, first.first, first.number, last.last, last.head, person=True, named=True)
    return Link(counted, group[0].kind, group[0].trigger, "sum")
