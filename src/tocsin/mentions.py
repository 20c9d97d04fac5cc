"""Folds what is only said again: 'the attack', 'the blast' three sentences on is no second attack.

A bare event noun (nobody named, nothing counted) of an incident that the page has told already is a mention of it, kept
with the event that told it, after the words of its own sentence that were folded into it. Nouns with a status of their own ('an imminent attack') stay events.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tocsin.records import Event, Span

_TOLD = frozenset({"happened", "reported", "alleged"})


def fold_mentions(events: Sequence[Event], nominal: Sequence[bool]) -> tuple[Event, ...]:
    """The events without bare second mentions, numbered anew; `nominal` tells which triggers are nouns."""
    told: dict[str, int] = {}
    mentions: dict[int, list[Span]] = {}
    kept: list[Event] = []
    for event, is_noun in zip(events, nominal, strict=True):
        first = told.get(event.incident) if event.incident is not None else None
        if first is not None and is_noun and _is_bare(event):
            mentions.setdefault(first, []).append(event.trigger)
            continue
        if event.incident is not None and event.status in _TOLD:
            told.setdefault(event.incident, len(kept))
        kept.append(event)
    return tuple(
        replace(one, id=f"e{n + 1}", mentions=(*one.mentions, *mentions.get(n, ()))) for n, one in enumerate(kept)
    )


def _is_bare(event: Event) -> bool:
    roles = event.actor or event.recipient or event.targets or event.instrument or event.figures
    return not roles and event.status in _TOLD and event.time.basis != "stated"
