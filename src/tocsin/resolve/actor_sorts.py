"""What sort of actor a phrase names, beyond the lexicon: people or a body, somebody or a mere thing.

A handful of people who act together are people: "an armed group", "guerrilla columns", "two patrols". A body is what has
a name or an office. "Heavy fighting", "helicopters", "seven" name nobody.
"""

from __future__ import annotations

from msgspec.structs import replace

from tocsin import rulefiles
from tocsin.records import Actor

_PARTIES = frozenset(
    "unit units column columns squad squads commando commandos group groups patrol patrols troops band bands gang gangs "
    "cell cells".split()
)
_NAMED = ("lexicon:", "name-words")
_MODIFIERS = frozenset({"syntax:compound", "syntax:amod"})


def sorted_out(actor: Actor) -> Actor:
    """The actor as people where it is an unnamed party of them; as it was otherwise."""
    words = actor.text.split()
    last = words[-1] if words else ""
    named = (actor.rule or "").startswith(_NAMED) or (last[:1].isupper() and not actor.text.isupper())
    if actor.type != "organization" or named or last.lower() not in _PARTIES:
        return actor
    return replace(actor, type="person")


def is_nobody(actor: Actor, slot: str) -> bool:
    """Whether a doer is unknown in every way and its word is a thing, a number, or a mere modifier of the event's noun."""
    if actor.type or actor.sector or actor.country or actor.name:
        return False
    last = actor.text.split()[-1:] or [""]
    word = last[0].lower()
    singular = word.removesuffix("s")
    things = rulefiles.words("things") | rulefiles.words("aircraft") | rulefiles.words("instruments")
    return slot in _MODIFIERS or word in things or singular in things or word.isdigit()
