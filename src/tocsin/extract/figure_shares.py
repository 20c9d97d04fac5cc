"""Shares of a count: 'two thirds of the town's 12,000 residents fled' are some 8,000, and not the 12,000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tocsin.extract.figure_links import Link
from tocsin.parsed import Sentence, Token

_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_TIMES = {"two": 2, "three": 3, "four": 4, "nine": 9, "2": 2, "3": 3, "4": 4}
_AT_LEAST = frozenset({"than", "over", "least"})  # 'more than half', 'over a third', 'at least half'
_REACH = 4  # tokens before the share in which such a word may stand


def with_shares(sentence: Sentence, links: Sequence[Link], text: str) -> list[Link]:
    """The links, those of a whole of which only a share fared so with the share's number, which is a reckoning of ours.

    The count is then from the share's first word to its own last, `approximate`, and open at the top and the bottom.
    """
    return [_shared(sentence, link, text) or link for link in links]


def _shared(sentence: Sentence, link: Link, text: str) -> Link | None:
    one = link.counted
    if one.head is None or one.quantity.best is None:
        return None
    share = _share_of(sentence, sentence.tokens[one.head])
    if share is None or not _fares(sentence, share, link):
        return None
    first, times = share, 1
    for number in sentence.tokens[max(0, share.i - 2) : share.i]:
        if number.lower in _TIMES:
            first, times = number, _TIMES[number.lower]
    best = one.quantity.best * times // _PARTS[share.lemma]
    before = {token.lower for token in sentence.tokens[max(0, first.i - _REACH) : first.i]}
    quantity = replace(
        one.quantity,
        start=first.start,
        text=text[first.start : one.quantity.end],
        low=best if before & _AT_LEAST else None,
        best=best,
        high=None,
        approximate=True,
    )
    return replace(link, counted=replace(one, quantity=quantity))


def _share_of(sentence: Sentence, head: Token) -> Token | None:
    """The word for a share in whose `of` phrase the counted stand."""
    of = sentence.tokens[head.head]
    share = sentence.tokens[of.head]
    found = head.dep == "pobj" and of.lower == "of" and of.dep == "prep" and share.lemma in _PARTS
    return share if found else None


def _fares(sentence: Sentence, share: Token, link: Link) -> bool:
    """Whether it is the share that the trigger is said of: of 'half of the 12 killed were children' it is the whole."""
    verb = sentence.tokens[share.head]
    return share.dep in ("nsubj", "nsubjpass", "dobj") and link.trigger.first <= verb.i <= link.trigger.last
