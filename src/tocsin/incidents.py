"""Which events of one document are one incident: the bombing, 'the attack' that follows, the killing that it did.

A page that tells of a bombing speaks of it again as an attack, and of its dead. Events of one family are one incident;
a general word ('attack', 'killed') that names no target joins the particular one that it stands near.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from tocsin.records import Event

GENERAL = frozenset({"attack", "killing"})  # words that say no more than that there was an attack
EFFECTS = frozenset({"wounding", "death", "explosion", "destruction"})  # words that say what one did
FAMILIES = frozenset(
    {"attack", "bombing", "kidnapping", "arson", "robbery", "forced work stoppage"}
)  # MUC-4's incidents
NEAR = 3  # sentences within which a general word is taken for the particular event before or after it


def with_incidents(events: Sequence[Event], sentences: Sequence[int], harmful: Sequence[bool]) -> list[Event]:
    """The events with the name of their incident, None for those that harm nobody; names are of this document only.

    Events come in the order of the text, so the numbers of their `sentences` never fall. A general word that
    joins a particular event takes over its incident code, and its targets where it names none: 'the attack' was that
    bombing, and what it hit is what that hit.
    """
    families = [_family(one) for one in events]
    particular = [n for n, one in enumerate(events) if harmful[n] and one.kind not in GENERAL | EFFECTS]
    where = [sentences[n] for n in particular]
    named = list(events)
    numbered: dict[str, str] = {}
    for n, event in enumerate(events):
        if not harmful[n]:
            continue
        family = families[n]
        if event.kind in EFFECTS or (event.kind in GENERAL and not event.targets):
            near = particular[bisect_left(where, sentences[n] - NEAR) : bisect_right(where, sentences[n] + NEAR)]
            joined = min(near, key=lambda m: (abs(sentences[m] - sentences[n]), m), default=None)
            if joined is not None:
                family, event = families[joined], _with_targets(event, events[joined])
        codes = replace(event.codes, muc4=family) if family in FAMILIES else event.codes
        named[n] = replace(event, incident=numbered.setdefault(family, f"i{len(numbered) + 1}"), codes=codes)
    return named


def _with_targets(event: Event, joined: Event) -> Event:
    """The event with what it hit; a bare 'the attack' stays bare, and is folded into the telling before it (`mentions`)."""
    told = event.actor or event.recipient or event.figures
    return replace(event, targets=joined.targets) if told and not event.targets else event


def _family(event: Event) -> str:
    return event.codes.muc4 or ("attack" if event.event_type == "ASSAULT" else event.kind)
