"""What one cue word of a statement says of itself, in stretches of characters: source, cue, content, addressee."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.extract.statement_cues import CueRule
from tocsin.extract.statement_spans import Stretch
from tocsin.parsed import Sentence, Token


@dataclass(slots=True)
class Frame:
    """A cue in its place. Stretches are characters of the document; `content` is None where only a quotation could be it."""

    sentence: Sentence
    token: Token
    rule: CueRule
    slot: str
    cue: Stretch
    source: Stretch | None
    content: Stretch | None = None
    addressee: Stretch | None = None
    via: Stretch | None = None
    quotes: bool = False
    passive: bool = False

    @property
    def start(self) -> int:
        return min(self.cue[0], self.source[0]) if self.source else self.cue[0]

    @property
    def end(self) -> int:
        """The end of what announces: cue and source, and the addressee where it follows."""
        return max(self.cue[1], self.source[1] if self.source else 0)
