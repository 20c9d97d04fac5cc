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

_SPEECH = frozenset("say tell add report announce state note write ask call urge warn accuse deny claim".split())
_BELOW = frozenset(
    {"relcl", "advcl", "acl", "conj", "xcomp", "pcomp"}
)  # clauses that share their matrix's time where they have none
_BOUNDARY = frozenset({"ccomp", "relcl", "advcl", "csubj", "parataxis"})


def _is_interrupted(sentence: Sentence, year: Token) -> bool:
    """'Police were hunting the man, who fled in 2014, when gunmen fired at them': 'when' goes with what was going on."""
    return any(
        root.i < year.i and root.tag == "VBG" and any(one.tag == "VBD" for one in sentence.children_by(root, "aux"))
        for root in sentence.roots()
    )


class Horizons:
    """The horizons of one document's words; the times of a sentence are read once."""

    def __init__(self, parsed: ParsedDocument) -> None:
        self._several = len(parsed.sentences) > 1  # a page does not open with background
        self._times = sorted(parsed.times, key=lambda time: time.start)
        self._starts = [time.start for time in self._times]
        self._reference = reference_date(parsed)
        self._ages: dict[int, dict[int, Age]] = {}
        self._sentences = parsed.sentences
        self._past: dict[int, bool] = {}

    def horizon(
        self, sentence: Sentence, token: Token, standing: Standing, *, said: bool = False
    ) -> tuple[Horizon, Standing]:
        """The horizon, and the standing with the time cue that decided added to its marks.

        `said` tells that somebody's words hold the token: then 'had' only puts it before their saying.
        """
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
        said = said or bool(standing.sources)
        if age is None and not said and (had := self._had(sentence, token)) is not None:
            return "background", self._marked(standing, "past-perfect", had)
        if age is None and not said and self._told_of_old(sentence):
            return "background", self._marked(standing, "carried-date", verb)
        return "current", standing

    def _told_of_old(self, sentence: Sentence) -> bool:
        """Whether an undated past sentence goes on with what the sentence before it dated long ago.

        'In 2014 the town was besieged. Some 300 people died.' A date, the present or the perfect, somebody's words or a
        new paragraph end it.
        """
        known = self._past.get(sentence.index)
        if known is None:
            self._past[sentence.index] = False  # a sentence is not read while it is being read
            before = self._sentences[sentence.index - 1] if sentence.index else None
            near = before is not None and before.paragraph == sentence.paragraph and bool(before.tokens)
            goes_on = near and self._is_plain_past(sentence) and not self._known_ages(sentence)
            known = goes_on and before is not None and (self._is_old(before) or self._told_of_old(before))
            self._past[sentence.index] = known
        return known

    def _is_old(self, sentence: Sentence) -> bool:
        """Whether the main verb of a sentence in the past is dated long ago, and nothing in it is dated otherwise."""
        dated = self._known_ages(sentence)
        roots = [one for one in sentence.roots() if one.tag[:2] == "VB"]
        return (
            bool(roots)
            and set(dated.values()) == {"old"}
            and dated.get(roots[0].i) == "old"
            and self._is_plain_past(sentence)
        )

    def _is_plain_past(self, sentence: Sentence) -> bool:
        roots = [one for one in sentence.roots() if one.tag[:2] == "VB"]
        return bool(roots) and all(
            (one.tag == "VBD" or (one.tag == "VBN" and bool(sentence.children_by(one, "aux", "auxpass"))))
            and not self._goes_on(sentence, one)
            and one.lemma not in _SPEECH
            for one in roots
        )

    def _known_ages(self, sentence: Sentence) -> dict[int, Age]:
        known = self._ages.get(sentence.index)
        if known is None:
            known = self._ages[sentence.index] = ages(sentence, self._times_in(sentence), self._reference)
        return known

    def _times_in(self, sentence: Sentence) -> list[Time]:
        low = bisect_left(self._starts, sentence.start)
        return self._times[low : bisect_left(self._starts, sentence.end, low)]

    @staticmethod
    def _marked(standing: Standing, construction: str, cue: Token) -> Standing:
        return replace(standing, marks=(*standing.marks, Mark(lexicon().constructions[construction], cue)))

    def _age(self, sentence: Sentence, token: Token) -> tuple[Age | None, Token]:
        """The time that dates the token or what it is part of, within its own clause."""
        known = self._known_ages(sentence)
        if not known:
            return None, token
        here = token
        for _ in range(8):
            if here.i in known:
                return known[here.i], here
            if here.dep in _BOUNDARY or here.head == here.i:
                return self._of_year(sentence, here, known) or self._of_matrix(sentence, here, known) or (None, token)
            here = clause.governor(sentence, here)[0]
        return None, token

    def _of_matrix(self, sentence: Sentence, verb: Token, known: dict[int, Age]) -> tuple[Age, Token] | None:
        """'bombed the town in 1999 to end a siege in which 300 were killed': undated past clauses are as old as what they hang on."""
        here = verb
        for _ in range(6):
            if here.dep not in _BELOW or here.head == here.i or self._goes_on(sentence, here):
                return None
            here = sentence.tokens[here.head]
            if here.i in known:
                return ("old", here) if known[here.i] == "old" and here.tag in ("VBD", "VBN") else None
            if here.tag[:2] != "VB":
                here = self._clause_verb(sentence, here)
                if here.i in known:
                    return ("old", here) if known[here.i] == "old" and here.tag in ("VBD", "VBN") else None
        return None

    @staticmethod
    def _of_year(sentence: Sentence, verb: Token, known: dict[int, Age]) -> tuple[Age, Token] | None:
        """'in 1943, when the division attacked': the year that a relative clause hangs on dates it."""
        year = sentence.tokens[verb.head]
        if verb.dep != "relcl" or not year.lower[:4].isdecimal() or _is_interrupted(sentence, year):
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
