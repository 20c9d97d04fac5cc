"""The people of one incident who are spoken of again: "six priests", "the six priests", "the priests" are one recipient.

A later phrase stands for an earlier one of the same incident if it says nothing new: its words are among the other's or
the other's among its, no numbers differ, and it does not introduce somebody ("a priest", "another", "two more").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from tocsin.records import Actor, Event

_SMALL = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "both": "2",
}  # fmt: skip
_EMPTY = frozenset(
    "the a an of this that these those his her its their all some several many any at least about".split()
)
_Content = tuple[frozenset[str], frozenset[str]]
_NEW = frozenset("a an another other others more second third further additional new no".split())


def with_shared_recipients(events: Sequence[Event], actors: Mapping[str, Actor]) -> list[Event]:
    """The events, each later mention of an incident's unnamed recipients replaced by the first."""
    told: dict[str, dict[_Content, str]] = {}
    found = []
    for event in events:
        if event.incident is None:
            found.append(event)
            continue
        before = told.setdefault(event.incident, {})
        kept = tuple(dict.fromkeys(_first(one, before, actors) for one in event.recipient))
        for one in kept:
            before.setdefault(_content(actors[one].text), one)
        found.append(replace(event, recipient=kept))
    return found


def _first(name: str, before: Mapping[_Content, str], actors: Mapping[str, Actor]) -> str:
    words, counts = _content(actors[name].text)
    if not words or _introduces(actors[name].text):
        return name
    for (known, numbers), other in before.items():
        same = bool(known) and (words <= known or known <= words)
        if same and (not counts or not numbers or counts == numbers):
            return other
    return name


def _introduces(text: str) -> bool:
    return not _NEW.isdisjoint(text.lower().split()[:3])


@lru_cache(maxsize=4096)
def _content(text: str) -> _Content:
    """The words that describe, without endings of number, and the numbers."""
    words = [_SMALL.get(one, one) for one in re.findall(r"\w+", text.lower())]
    numbers = frozenset(one for one in words if one.isdigit())
    return frozenset(one.removesuffix("s") for one in words if one not in _EMPTY and not one.isdigit()), numbers
