"""How a word stands: the author's commitment to it, the cues that made it so, and who says so."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.extract.status_rules import Effect
from tocsin.parsed import Token


@dataclass(slots=True, frozen=True)
class Mark:
    """A cue that fired: its rule's effect and the word."""

    effect: Effect
    cue: Token


@dataclass(slots=True, frozen=True)
class Standing:
    """The author's commitment (-1..1), the cues behind it and the words that name a source, outermost first."""

    value: float = 1.0
    marks: tuple[Mark, ...] = ()
    sources: tuple[Token, ...] = ()

    def under(self, effect: Effect, cue: Token) -> Standing:
        """What stands in a slot of a word that stands so."""
        return Standing(effect.under(self.value), (*self.marks, Mark(effect, cue)), self.sources)

    def set_to(self, effect: Effect, cue: Token) -> Standing:
        """What a link such as 'if' decides alone, whatever its surroundings are worth."""
        return Standing(effect.yes, (*self.marks, Mark(effect, cue)), self.sources)

    def times(self, factor: float, effect: Effect, cue: Token) -> Standing:
        """The same word with a modifier of its own."""
        return Standing(self.value * factor, (*self.marks, Mark(effect, cue)), self.sources)

    def given(self, *, past: bool = False) -> Standing:
        """What stands by itself, whatever is said of its surroundings; `past` keeps how long ago those were."""
        marks = tuple(mark for mark in self.marks if mark.effect.horizon == "background") if past else ()
        return Standing(1.0, marks, self.sources)

    def has_mode(self, modes: frozenset[str]) -> bool:
        return any(mark.effect.mode in modes for mark in self.marks)

    @property
    def is_future(self) -> bool:
        return any(mark.effect.horizon == "future" for mark in self.marks)


@dataclass(slots=True, frozen=True)
class Frame:
    """A word's standing before its own modifiers, which a clause coordinated with it shares, and with them."""

    outer: Standing
    own: Standing


ASSERTED = Standing()
