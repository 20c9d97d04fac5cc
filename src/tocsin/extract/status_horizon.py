"""Where a word's event lies: over long ago, of the news, or to come."""

from __future__ import annotations

from dataclasses import replace

from tocsin.extract import status_clause as clause
from tocsin.extract.status_scope import Frame, Frames, Mark
from tocsin.extract.status_time import Age, ages, reference_date
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Horizon

_BOUNDARY = frozenset({"ccomp", "relcl", "advcl", "csubj", "parataxis"})
_FORWARD = frozenset({"future", "plan", "pledge", "threat"})


class Horizons:
    """The horizons of one document's words; the times of a sentence are read once."""

    def __init__(self, parsed: ParsedDocument) -> None:
        self._parsed = parsed
        self._reference = reference_date(parsed)
        self._ages: dict[int, dict[int, Age]] = {}

    def horizon(self, sentence: Sentence, token: Token, frame: Frame, frames: Frames) -> tuple[Horizon, Frame]:
        """The horizon, and the frame with the time cue that decided added to its marks."""
        for mark in reversed(frame.marks):
            if mark.effect.horizon == "background":
                return "background", frame
        forward = any(mark.effect.horizon == "future" for mark in frame.marks)
        age, anchor = self._age(sentence, token)
        verb = self._clause_verb(sentence, token)
        if age == "coming" and not forward and verb.tag in ("VBZ", "VBP", "VBG"):
            effect = frames.rules.constructions["futurate"]
            return "future", replace(frame, value=frame.value * effect.yes, marks=(*frame.marks, Mark(effect, anchor)))
        if forward:
            return "future", frame
        if age == "old" and not self._goes_on(sentence, verb):
            return "background", replace(
                frame, marks=(*frame.marks, Mark(frames.rules.constructions["old-date"], anchor))
            )
        if age is None and not frame.sources and (had := self._had(sentence, token)) is not None:
            return "background", replace(
                frame, marks=(*frame.marks, Mark(frames.rules.constructions["past-perfect"], had))
            )
        return "current", frame

    def _age(self, sentence: Sentence, token: Token) -> tuple[Age | None, Token]:
        """The time that dates the token or what it is part of, within its own clause."""
        known = self._ages.get(sentence.index)
        if known is None:
            known = self._ages[sentence.index] = ages(self._parsed, sentence, self._reference)
        if not known:
            return None, token
        here = token
        for _ in range(8):
            if here.i in known:
                return known[here.i], here
            if here.dep in _BOUNDARY or here.head == here.i:
                break
            here = clause.governor(sentence, here)[0]
        return None, token

    @staticmethod
    def _clause_verb(sentence: Sentence, token: Token) -> Token:
        """The verb of the clause that the token stands in; the token itself where there is none."""
        here = token
        for _ in range(8):
            if here.tag[:2] == "VB" or here.head == here.i or here.dep in _BOUNDARY:
                return here
            here = clause.governor(sentence, here)[0]
        return here

    @staticmethod
    def _goes_on(sentence: Sentence, verb: Token) -> bool:
        """Present tense and present perfect reach into the present, whatever date stands by."""
        if verb.tag in ("VBZ", "VBP"):
            return True
        return any(
            sentence.tokens[i].dep in ("aux", "auxpass") and sentence.tokens[i].tag in ("VBZ", "VBP")
            for i in verb.children
        )

    def _had(self, sentence: Sentence, token: Token) -> Token | None:
        verb = self._clause_verb(sentence, token)
        if verb.dep not in ("ROOT", "relcl", "conj"):
            return None  # 'after they had left', 'learned that they had left': earlier than its matrix, no more
        for i in verb.children:
            child = sentence.tokens[i]
            if child.dep == "aux" and child.lower in ("had", "'d", "’d") and verb.tag in ("VBN", "VBD"):
                return child
        return None
