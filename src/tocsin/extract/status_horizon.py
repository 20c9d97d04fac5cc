"""Where a word's event lies: over long ago, of the news, or to come."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from tocsin.extract import status_clause as clause
from tocsin.extract.status_rules import lexicon
from tocsin.extract.status_standing import Mark, Standing
from tocsin.extract.status_time import Age, ages, reference_date
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Horizon, Time

_BOUNDARY = frozenset({"ccomp", "relcl", "advcl", "csubj", "parataxis"})


class Horizons:
    """The horizons of one document's words; the times of a sentence are read once."""

    def __init__(self, parsed: ParsedDocument) -> None:
        self._several = len(parsed.sentences) > 1  # a page does not open with background
        self._times = sorted(parsed.times, key=lambda time: time.start)
        self._starts = [time.start for time in self._times]
        self._reference = reference_date(parsed)
        self._ages: dict[int, dict[int, Age]] = {}

    def horizon(self, sentence: Sentence, token: Token, standing: Standing) -> tuple[Horizon, Standing]:
        """The horizon, and the standing with the time cue that decided added to its marks."""
        if any(mark.effect.horizon == "background" for mark in standing.marks):
            return "background", standing
        age, anchor = self._age(sentence, token)
        verb = self._clause_verb(sentence, token)
        if standing.is_future:
            return "future", standing
        if age == "coming" and verb.tag in ("VBZ", "VBP", "VBG"):
            effect = lexicon().constructions["futurate"]
            return "future", standing.times(effect.yes, effect, anchor)
        if age == "old" and (anchor is token or not self._goes_on(sentence, verb)):
            return "background", self._marked(standing, "old-date", anchor)
        if age is None and not standing.sources and (had := self._had(sentence, token)) is not None:
            return "background", self._marked(standing, "past-perfect", had)
        return "current", standing

    def _times_in(self, sentence: Sentence) -> list[Time]:
        low = bisect_left(self._starts, sentence.start)
        return self._times[low : bisect_left(self._starts, sentence.end, low)]

    @staticmethod
    def _marked(standing: Standing, construction: str, cue: Token) -> Standing:
        return replace(standing, marks=(*standing.marks, Mark(lexicon().constructions[construction], cue)))

    def _age(self, sentence: Sentence, token: Token) -> tuple[Age | None, Token]:
        """The time that dates the token or what it is part of, within its own clause."""
        known = self._ages.get(sentence.index)
        if known is None:
            known = self._ages[sentence.index] = ages(sentence, self._times_in(sentence), self._reference)
        if not known:
            return None, token
        here = token
        for _ in range(8):
            if here.i in known:
                return known[here.i], here
            if here.dep in _BOUNDARY or here.head == here.i:
                return self._of_year(sentence, here, known) or (None, token)
            here = clause.governor(sentence, here)[0]
        return None, token

    @staticmethod
    def _of_year(sentence: Sentence, verb: Token, known: dict[int, Age]) -> tuple[Age, Token] | None:
        """'in 1943, when the division attacked': the year that a relative clause hangs on dates it."""
        year = sentence.tokens[verb.head]
        if verb.dep != "relcl" or not year.lower[:4].isdecimal():
            return None
        age = known.get(clause.governor(sentence, year)[0].i)
        return (age, year) if age is not None else None

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
        if verb.dep not in ("ROOT", "relcl", "conj") or (sentence.index == 0 and self._several):
            return None  # 'after they had left', 'learned that they had left': earlier than its matrix, no more
        for i in verb.children:
            child = sentence.tokens[i]
            if child.dep == "aux" and child.lower in ("had", "'d", "’d") and verb.tag in ("VBN", "VBD"):
                return child
        return None
