"""Finds the words that announce an event: the codebook compiled for one look-up a token.

A candidate is a token (or a fixed phrase) with every kind that its wording allows, best first; the tests of frames are
run against the trigger's grammatical slots.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from tocsin import rulefiles
from tocsin.codebook import Codebook, Frame, Kind, codebook, expand
from tocsin.extract import grammar
from tocsin.extract.grammar import Slots
from tocsin.parsed import Sentence, Token

FRAME_LIFT = 10  # a cue that had to show its company is surer than a bare word
PHRASE_LIFT = 15  # and a fixed wording surer still


@dataclass(frozen=True, slots=True)
class _Test:
    """A frame with its word lists expanded."""

    frame: Frame
    subject: frozenset[str]
    object: frozenset[str]
    prep: tuple[tuple[str, frozenset[str]], ...]
    comp: frozenset[str]
    any: frozenset[str]
    near: frozenset[str]
    not_any: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Cue:
    """One way to announce a kind: `words` must stand before (noun) or after (verb) the trigger."""

    kind: Kind
    rule: str
    words: tuple[str, ...] = ()
    test: _Test | None = None
    lift: int = 0


@dataclass(slots=True)
class Match:
    """A kind that a trigger may announce."""

    kind: Kind
    rule: str
    score: int
    start: int
    end: int
    frame: Frame | None = None


@dataclass(slots=True)
class Candidate:
    """A trigger with its slots and the kinds that it may announce, best first."""

    token: Token
    slots: Slots
    nominal: bool
    matches: list[Match]


@dataclass(slots=True)
class CueTable:
    """The codebook's cues by the lemma that starts the look-up."""

    verbs: dict[str, list[_Cue]] = field(default_factory=dict)
    nouns: dict[str, list[_Cue]] = field(default_factory=dict)
    adjectives: dict[str, list[_Cue]] = field(default_factory=dict)
    phrases: dict[str, list[_Cue]] = field(default_factory=dict)
    light: frozenset[str] = frozenset()

    def candidates(self, sentence: Sentence) -> list[Candidate]:
        """The sentence's triggers, in the order of the text; no token is in two."""
        found, taken = [], set()
        lowers: list[str] = []
        for token in sentence.tokens:
            phrases = self.phrases.get(token.lower)
            if phrases:
                lowers = lowers or [one.lower for one in sentence.tokens]
                candidate = self._phrase(sentence, token, phrases, lowers)
                if candidate is not None and not taken & set(range(token.i, token.i + 1)):
                    found.append(candidate)
                    taken |= {
                        one.i
                        for one in sentence.tokens
                        if candidate.matches[0].start <= one.start < candidate.matches[0].end
                    }
        for token in sentence.tokens:
            if token.i in taken:
                continue
            candidate = self._of_token(sentence, token)
            if candidate is not None:
                found.append(candidate)
        return sorted(found, key=lambda one: one.token.i)

    def _of_token(self, sentence: Sentence, token: Token) -> Candidate | None:
        if token.is_verb:
            cues = self.verbs.get(token.lemma)
            if (
                cues
                and token.dep not in ("aux", "auxpass")
                and not (token.dep in ("amod", "compound") and token.tag == "VBG")
            ):
                found = self._matched(sentence, token, cues, grammar.verb_slots(sentence, token), nominal=False)
                if found is not None:
                    return found  # else 'police firing' may be a noun that the tagger took for a verb
            if token.tag == "VBG" and (cues := self.nouns.get(token.lower)):
                return self._matched(
                    sentence, token, cues, grammar.noun_slots(sentence, token, self.light), nominal=True
                )
        elif token.is_noun:
            cues = self.nouns.get(token.lemma) or self.nouns.get(token.lower)
            if cues and token.dep != "compound":
                return self._matched(
                    sentence, token, cues, grammar.noun_slots(sentence, token, self.light), nominal=True
                )
        elif token.tag[:2] == "JJ" and (cues := self.adjectives.get(token.lower)):
            return self._matched(sentence, token, cues, _adjective_slots(sentence, token), nominal=True)
        return None

    def _matched(
        self, sentence: Sentence, token: Token, cues: list[_Cue], slots: Slots, *, nominal: bool
    ) -> Candidate | None:
        bag = _Bag(sentence, token)
        matches = []
        for cue in cues:
            span = _with_words(sentence, token, cue, nominal=nominal)
            if span is None or (cue.test is not None and not _holds(cue.test, sentence, token, slots, bag)):
                continue
            score = cue.kind.priority + cue.lift + 3 * len(cue.words)
            matches.append(Match(cue.kind, cue.rule, score, *span, cue.test.frame if cue.test else None))
        matches.sort(key=lambda one: -one.score)
        return Candidate(token, slots, nominal, matches) if matches else None

    def _phrase(self, sentence: Sentence, first: Token, cues: list[_Cue], lowers: list[str]) -> Candidate | None:
        matches = []
        best: tuple[str, ...] = ()
        for cue in cues:
            size = len(cue.words)
            if tuple(lowers[first.i : first.i + size]) == cue.words:
                last = sentence.tokens[first.i + size - 1]
                matches.append(
                    Match(cue.kind, cue.rule, cue.kind.priority + cue.lift + 2 * size, first.start, last.end)
                )
                best = max(best, cue.words, key=len)
        if not matches:
            return None
        matches.sort(key=lambda one: -one.score)
        inside = sentence.tokens[first.i : first.i + len(best)]
        head = next((one for one in inside if one.head == one.i or not inside[0].i <= one.head <= inside[-1].i), first)
        slots = grammar.verb_slots(sentence, head) if head.is_verb else grammar.noun_slots(sentence, head, self.light)
        return Candidate(head, slots, not head.is_verb, matches)


class _Bag:
    """The words of the sentence and of the trigger's clause, made when first asked for."""

    def __init__(self, sentence: Sentence, token: Token) -> None:
        self._sentence, self._token = sentence, token
        self._all: tuple[frozenset[str], str] | None = None
        self._near: tuple[frozenset[str], str] | None = None

    def anywhere(self) -> tuple[frozenset[str], str]:
        if self._all is None:
            self._all = _words_of(self._sentence.tokens)
        return self._all

    def near(self) -> tuple[frozenset[str], str]:
        if self._near is None:
            below = self._sentence.subtree(self._token)
            head = self._sentence.tokens[self._token.head]
            beside = [self._sentence.tokens[i] for i in head.children] if head is not self._token else []
            self._near = _words_of([*below, head, *beside])
        return self._near


def _words_of(tokens: Iterable[Token]) -> tuple[frozenset[str], str]:
    tokens = list(tokens)
    return frozenset(one.lower for one in tokens) | frozenset(one.lemma for one in tokens), " ".join(
        one.lower for one in tokens
    )


def _has(bag: tuple[frozenset[str], str], wanted: frozenset[str]) -> bool:
    return not bag[0].isdisjoint(wanted) or any(" " in one and f" {one} " in f" {bag[1]} " for one in wanted)


def _holds(test: _Test, sentence: Sentence, token: Token, slots: Slots, bag: _Bag) -> bool:
    """Whether every test of the frame is passed, the cheap ones first."""
    frame = test.frame
    if frame.passive is not None and frame.passive != slots.passive:
        return False
    if frame.aux and not any(one.lower in frame.aux for one in sentence.children_by(token, "aux", "auxpass")):
        return False
    if test.subject and not _heads(
        sentence, slots.subject or slots.preps.get("light", []) + slots.preps.get("by", []), test.subject
    ):
        return False
    if test.object and not _heads(sentence, slots.object or slots.preps.get("of", []), test.object):
        return False
    if test.prep and not any(
        name in slots.preps and (not wanted or _heads(sentence, slots.preps[name], wanted))
        for name, wanted in test.prep
    ):
        return False
    if test.comp and not any(one.lemma in test.comp for one in slots.comp):
        return False
    if (frame.comp_aux or frame.comp_not_subject) and not _complement_holds(frame, sentence, slots):
        return False
    if test.near and not _has(bag.near(), test.near):
        return False
    if test.any and not _has(bag.anywhere(), test.any):
        return False
    return not (test.not_any and _has(bag.anywhere(), test.not_any))


def _complement_holds(frame: Frame, sentence: Sentence, slots: Slots) -> bool:
    """Whether a clausal complement has such an auxiliary, and a subject of its own that is none of the barred words."""
    for verb in slots.comp:
        subjects = sentence.children_by(verb, "nsubj", "nsubjpass")
        helpers = sentence.children_by(verb, "aux") if frame.comp_aux else []
        if (
            verb.dep == "ccomp"
            and subjects
            and all(one.lower not in frame.comp_not_subject for one in subjects)
            and (not frame.comp_aux or any(one.lower in frame.comp_aux for one in helpers))
        ):
            return True
    return False


def _heads(sentence: Sentence, tokens: list[Token], wanted: frozenset[str]) -> bool:
    """Whether a filler's head, or a compound or `of` noun of it, is one of the words ('rocket fire', 'a group of rebels')."""
    for token in tokens:
        if token.lemma in wanted or token.lower in wanted:
            return True
        for child in sentence.child_tokens(token):
            if child.dep in ("compound", "nmod", "amod") and (child.lemma in wanted or child.lower in wanted):
                return True
            if (
                child.dep == "prep"
                and child.lower == "of"
                and any(one.lemma in wanted for one in sentence.children_by(child, "pobj"))
            ):
                return True
    return False


def _with_words(sentence: Sentence, token: Token, cue: _Cue, *, nominal: bool) -> tuple[int, int] | None:
    """The stretch of the trigger with the words that the cue wants beside it; None where they are not there."""
    if not cue.words:
        return token.start, token.end
    if nominal:
        return _words_before(sentence, token, cue.words)
    parts = {
        one.lower: one
        for one in sentence.children_by(token, "prt", "advmod", "prep", "acomp", "advcl", "dobj", "xcomp", "oprd")
    }
    following = sentence.tokens[token.i + 1].lower if token.i + 1 < len(sentence.tokens) else ""
    first = cue.words[0]
    if first in parts or first == following:
        if len(cue.words) > 1 and not all(
            any(one.lower == word for one in sentence.tokens[token.i + 1 : token.i + 8]) for word in cue.words
        ):
            return None
        end = sentence.tokens[token.i + 1].end if first == following else token.end
        return token.start, end
    return None


def _words_before(sentence: Sentence, token: Token, words: tuple[str, ...]) -> tuple[int, int] | None:
    position = token.i - 1
    for word in reversed(words):
        while position >= 0 and sentence.tokens[position].text == "-":
            position -= 1
        if position < 0 or (sentence.tokens[position].lower != word and sentence.tokens[position].lemma != word):
            return None
        position -= 1
    return sentence.tokens[position + 1].start, token.end


def _adjective_slots(sentence: Sentence, token: Token) -> Slots:
    """Of 'the mayor was dead', 'left five dead', 'dead soldiers': whom the adjective is said of."""
    slots = Slots()
    head = sentence.tokens[token.head]
    if head.is_noun:
        slots.subject = [head]
    elif head.is_verb:
        slots.subject = (grammar.own_subject(sentence, head) if token.dep == "acomp" else []) or grammar.verb_slots(
            sentence, head
        ).object
    return slots


def _compile_test(frame: Frame) -> _Test:
    return _Test(
        frame, expand(frame.subject), expand(frame.object), tuple((name, expand(wanted)) for name, wanted in sorted(frame.prep.items())),
        expand(frame.comp), expand(frame.any), expand(frame.near), expand(frame.not_any),
    )  # fmt: skip


def compile_table(book: Codebook) -> CueTable:
    """The look-up table of a codebook."""
    table = CueTable(light=rulefiles.words("light_verbs"))
    for kind in book.kinds.values():
        for entry in kind.cues.verbs:
            _add_verb(table, entry, kind, None, f"verb:{entry}", 0)
        for entry in kind.cues.nouns:
            _add_noun(table, entry, kind, None, f"noun:{entry}", 0)
        for entry in kind.cues.adjectives:
            table.adjectives.setdefault(entry, []).append(_Cue(kind, f"{kind.kind}/adjective:{entry}"))
        for entry in kind.cues.phrases:
            words = tuple(entry.lower().replace("-", " - ").split())
            table.phrases.setdefault(words[0], []).append(
                _Cue(kind, f"{kind.kind}/phrase:{entry}", words, None, PHRASE_LIFT)
            )
        for number, frame in enumerate(kind.cues.frames):
            test = _compile_test(frame)
            for entry in sorted(expand(frame.verb)):
                _add_verb(table, entry, kind, test, f"frame-{number}:{entry}", FRAME_LIFT + frame.lift)
            for entry in sorted(expand(frame.noun)):
                _add_noun(table, entry, kind, test, f"frame-{number}:{entry}", FRAME_LIFT + frame.lift)
    return table


def _add_verb(table: CueTable, entry: str, kind: Kind, test: _Test | None, rule: str, lift: int) -> None:
    first, *rest = entry.split()
    table.verbs.setdefault(first, []).append(_Cue(kind, f"{kind.kind}/{rule}", tuple(rest), test, lift))


def _add_noun(table: CueTable, entry: str, kind: Kind, test: _Test | None, rule: str, lift: int) -> None:
    *before, head = entry.replace("-", " ").split()
    table.nouns.setdefault(head, []).append(_Cue(kind, f"{kind.kind}/{rule}", tuple(before), test, lift))


@cache
def cue_table() -> CueTable:
    """The table of the package's codebook."""
    return compile_table(codebook())


_EVERYWHERE = frozenset(
    "be have do make take give get go come put set hold keep see find say tell want need use work call".split()
)


@cache
def cue_words() -> frozenset[str]:
    """Lemmas of which every event has one in its sentence: what the gate looks for before it spends a parse.

    Of a fixed phrase its longest word counts; a verb that is in every other sentence counts by the company it needs.
    """
    table = cue_table()
    found = {max(cue.words, key=len) for cues in table.phrases.values() for cue in cues} | set(table.adjectives)
    for entries in (table.verbs, table.nouns):
        for lemma, cues in entries.items():
            found |= {word for cue in cues for word in _needed(lemma, cue)}
    return frozenset(found)


def _needed(lemma: str, cue: _Cue) -> frozenset[str]:
    if lemma not in _EVERYWHERE or (cue.test is None and not cue.words):
        return frozenset({lemma})
    if cue.words:
        return frozenset({max(cue.words, key=len)})
    test = cue.test
    if test is None:
        return frozenset({lemma})
    company = next((one for one in (test.object, test.any, test.near, test.comp, test.subject) if one), frozenset())
    company = company or frozenset().union(*(wanted for _, wanted in test.prep))
    return frozenset(word.split()[-1] for word in company) or frozenset({lemma})
