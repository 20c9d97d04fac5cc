"""Finds the words that announce an event: the codebook compiled for one look-up a token.

A candidate is a token (or a fixed phrase) with every kind that its wording allows, best first; the tests of frames are
run against the trigger's grammatical slots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from tocsin import rulefiles
from tocsin.codebook import Codebook, Frame, Kind, codebook, expand
from tocsin.extract import grammar
from tocsin.extract.grammar import Slots
from tocsin.parsed import Sentence, Token

FRAME_LIFT = 10  # a cue that had to show its company is surer than a bare word
_PARTICLES = frozenset({"in", "up", "down", "off", "out", "back", "away"})
_SHARES = frozenset({"most", "half", "part", "all", "third", "quarter", "outskirt"})
PHRASE_LIFT = 15  # and a fixed wording surer still


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Words of which one must (or must not) stand somewhere: single ones, and sequences with a space at either end."""

    words: frozenset[str]
    sequences: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words or self.sequences)

    def all(self) -> frozenset[str]:
        return self.words | {one.strip() for one in self.sequences}


@dataclass(frozen=True, slots=True)
class _Test:
    """A frame with its word lists expanded."""

    frame: Frame
    subject: frozenset[str]
    object: frozenset[str]
    prep: tuple[tuple[str, frozenset[str]], ...]
    comp: frozenset[str]
    any: _Wanted
    near: _Wanted
    not_any: _Wanted
    not_object: frozenset[str]


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
    phrases: dict[str, dict[str, list[_Cue]]] = field(default_factory=dict)  # by first word, then by second
    light: frozenset[str] = frozenset()

    def candidates(self, sentence: Sentence) -> list[Candidate]:
        """The sentence's triggers, in the order of the text; no token is in two."""
        found, taken = [], set()
        tokens = sentence.tokens
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            seconds = self.phrases.get(token.lower)
            if seconds is None:
                continue
            phrases = seconds.get("", []) + (seconds.get(after.lower, []) if after is not None else [])
            candidate = self._phrase(sentence, token, phrases) if phrases and token.i not in taken else None
            if candidate is not None:
                found.append(candidate)
                match = candidate.matches[0]
                taken |= {one.i for one in tokens if match.start <= one.start < match.end}
        bag = _Bag(sentence)
        for token in tokens:
            if token.i not in taken and (candidate := self._of_token(token, bag)) is not None:
                found.append(candidate)
        return sorted(found, key=lambda one: one.token.i)

    def _of_token(self, token: Token, bag: _Bag) -> Candidate | None:
        first = token.tag[:2]
        if first == "VB":
            cues = self.verbs.get(token.lemma)
            if (
                cues
                and token.dep not in ("aux", "auxpass")
                and not (token.tag == "VBG" and token.dep in ("amod", "compound"))
            ):
                found = self._matched(_Trigger(bag, token, None), cues)
                if found is not None:
                    return found  # else 'police firing' may be a noun that the tagger took for a verb
            if token.tag == "VBG" and (cues := self.nouns.get(token.lower)):
                return self._matched(_Trigger(bag, token, self.light), cues)
        elif first == "NN":
            cues = self.nouns.get(token.lemma) or self.nouns.get(token.lower)
            if cues and token.dep != "compound":
                return self._matched(_Trigger(bag, token, self.light), cues)
        elif first == "JJ" and (cues := self.adjectives.get(token.lower)):
            return self._matched(_Trigger(bag, token, self.light), cues)
        return None

    def _matched(self, trigger: _Trigger, cues: list[_Cue]) -> Candidate | None:
        matches = []
        for cue in cues:
            span = trigger.with_words(cue)
            if span is None or (cue.test is not None and not _holds(cue.test, trigger)):
                continue
            score = cue.kind.priority + cue.lift + 3 * len(cue.words)
            matches.append(Match(cue.kind, cue.rule, score, *span, cue.test.frame if cue.test else None))
        matches.sort(key=lambda one: -one.score)
        return Candidate(trigger.token, trigger.slots, trigger.nominal, matches) if matches else None

    def _phrase(self, sentence: Sentence, first: Token, cues: list[_Cue]) -> Candidate | None:
        matches = []
        best: tuple[str, ...] = ()
        for cue in cues:
            size = len(cue.words)
            if tuple(one.lower for one in sentence.tokens[first.i : first.i + size]) == cue.words:
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
    """The words of a sentence, gathered when first asked for."""

    __slots__ = ("_line", "_words", "sentence")

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self._words: frozenset[str] | None = None
        self._line: str | None = None

    @property
    def words(self) -> frozenset[str]:
        if self._words is None:
            self._words = _words_of(self.sentence.tokens)
        return self._words

    def has(self, wanted: _Wanted) -> bool:
        """Whether one of the words, or of the sequences, is in the sentence."""
        if not self.words.isdisjoint(wanted.words):
            return True
        if not wanted.sequences:
            return False
        if self._line is None:
            self._line = _line_of(self.sentence.tokens)
        return any(one in self._line for one in wanted.sequences)


class _Trigger:
    """A token on trial: its slots and its clause's words are worked out only when a test needs them."""

    __slots__ = ("_light", "_near", "_passive", "_slots", "bag", "nominal", "sentence", "token")

    def __init__(self, bag: _Bag, token: Token, light: frozenset[str] | None) -> None:
        self.bag, self.sentence, self.token = bag, bag.sentence, token
        self.nominal, self._light = light is not None, light
        self._slots: Slots | None = None
        self._passive: bool | None = None
        self._near: tuple[frozenset[str], str] | None = None

    @property
    def slots(self) -> Slots:
        if self._slots is None:
            self._slots = self._made_slots()
        return self._slots

    def _made_slots(self) -> Slots:
        if self._light is None:
            return grammar.verb_slots(self.sentence, self.token)
        if self.token.tag[:2] == "JJ":
            return _adjective_slots(self.sentence, self.token)
        return grammar.noun_slots(self.sentence, self.token, self._light)

    @property
    def passive(self) -> bool:
        if self._passive is None:
            self._passive = not self.nominal and grammar.is_passive(self.sentence, self.token)
        return self._passive

    def with_words(self, cue: _Cue) -> tuple[int, int] | None:
        return _with_words(self.sentence, self.token, cue, nominal=self.nominal)

    def near(self, wanted: _Wanted) -> bool:
        """Whether one of the words is in the trigger's clause, or beside it under one head."""
        if self._near is None:
            below = self.sentence.subtree(self.token)
            head = self.sentence.tokens[self.token.head]
            beside = [self.sentence.tokens[i] for i in head.children] if head is not self.token else []
            around = [*below, head, *beside]
            self._near = _words_of(around), _line_of(around)
        return not self._near[0].isdisjoint(wanted.words) or any(one in self._near[1] for one in wanted.sequences)


def _words_of(tokens: list[Token]) -> frozenset[str]:
    return frozenset([one.lower for one in tokens] + [one.lemma for one in tokens])


def _line_of(tokens: list[Token]) -> str:
    return f" {' '.join([one.lower for one in tokens])} "


def _holds(test: _Test, trigger: _Trigger) -> bool:
    """Whether every test of the frame is passed; what the words of the sentence alone can refuse comes first."""
    return _may_hold(test, trigger) and _slots_hold(test, trigger)


def _may_hold(test: _Test, trigger: _Trigger) -> bool:
    """Whether the sentence has the words that the frame wants, wherever they stand, and none that it bars."""
    frame, bag = test.frame, trigger.bag
    for heads in (test.subject, test.object, test.comp):
        if heads and bag.words.isdisjoint(heads) and not _named(trigger.sentence, heads):
            return False
    if test.any and not bag.has(test.any):
        return False
    if test.prep and all(
        wanted and bag.words.isdisjoint(wanted) and not _named(trigger.sentence, wanted) for _, wanted in test.prep
    ):
        return False
    if frame.passive is not None and frame.passive != trigger.passive:
        return False
    if frame.aux and not any(
        one.lower in frame.aux for one in trigger.sentence.children_by(trigger.token, "aux", "auxpass")
    ):
        return False
    if test.not_any and bag.has(test.not_any):
        return False
    return not test.near or (bag.has(test.near) and trigger.near(test.near))


def _named(sentence: Sentence, wanted: frozenset[str]) -> bool:
    """Whether the sentence names a place or a party that stands for one of the words."""
    return (sentence.names_place and "town" in wanted) or not sentence.parties.isdisjoint(wanted)


def _slots_hold(test: _Test, trigger: _Trigger) -> bool:
    """Whether the fillers of the trigger's slots are such as the frame wants."""
    frame, sentence = test.frame, trigger.sentence
    if not (
        test.subject or test.object or test.prep or test.comp or test.not_object or frame.object_named
        or frame.comp_aux or frame.comp_not_subject
    ):  # fmt: skip
        return True
    slots = trigger.slots
    if test.subject and not _heads(
        sentence, slots.subject or slots.preps.get("light", []) + slots.preps.get("by", []), test.subject
    ):
        return False
    objects = slots.object or slots.preps.get("of", [])
    if test.object and not _heads(sentence, objects, test.object):
        return False
    if test.not_object and _heads(sentence, objects, test.not_object):
        return False
    if frame.object_named and not any(_is_named_thing(sentence, one) for one in objects):
        return False
    if test.prep and not any(
        name in slots.preps and (not wanted or _heads(sentence, slots.preps[name], wanted))
        for name, wanted in test.prep
    ):
        return False
    if test.comp and not any(one.lemma in test.comp for one in slots.comp):
        return False
    return not (frame.comp_aux or frame.comp_not_subject) or _complement_holds(frame, sentence, slots)


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


def _is_named_thing(sentence: Sentence, token: Token) -> bool:
    """A proper name that the model did not take for a person's, or most of what it names."""
    if token.lemma in _SHARES:
        parts = [one for child in sentence.children_by(token, "prep") for one in sentence.children_by(child, "pobj")]
        return any(_is_named_thing(sentence, one) for one in parts if one.lemma not in _SHARES)
    return token.tag[:3] == "NNP" and not any(
        one.label == "PERSON" and one.start <= token.start < one.end for one in sentence.names
    )


def _heads(sentence: Sentence, tokens: list[Token], wanted: frozenset[str]) -> bool:
    """Whether a filler's head, or a compound or `of` noun of it, is one of the words ('rocket fire', 'a group of rebels')."""
    for token in tokens:
        if token.lemma in wanted or token.lower in wanted or (token.place and "town" in wanted):
            return True  # a place by its name is what 'town' stands for: 'captured Saraqib'
        if token.party in wanted:
            return True  # and a party by its name for what it is
        for child in sentence.child_tokens(token):
            if child.dep in ("compound", "nmod", "amod") and (child.lemma in wanted or child.lower in wanted):
                return True
            if (
                child.dep == "prep"
                and child.lower == "of"
                and any(
                    one.lemma in wanted or (one.place and "town" in wanted)
                    for one in sentence.children_by(child, "pobj")
                )
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
    if first in parts and first != following and _is_phrase_of_its_own(sentence, token, parts[first]):
        return None
    if first in parts or first == following:
        if len(cue.words) > 1 and not all(
            any(one.lower == word for one in sentence.tokens[token.i + 1 : token.i + 8]) for word in cue.words
        ):
            return None
        end = sentence.tokens[token.i + 1].end if first == following else token.end
        return token.start, end
    return None


def _is_phrase_of_its_own(sentence: Sentence, verb: Token, word: Token) -> bool:
    """'gave no answer in May' is no 'give in': an object stands between, and 'in' has one of its own."""
    if word.dep != "prep" or word.lower not in _PARTICLES:
        return False
    between = any(verb.i < one.i < word.i for one in sentence.children_by(verb, "dobj"))
    return between and bool(sentence.children_by(word, "pobj"))


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
        expand(frame.comp), _wanted(frame.any), _wanted(frame.near), _wanted(frame.not_any), expand(frame.not_object),
    )  # fmt: skip


def _wanted(entries: tuple[str, ...]) -> _Wanted:
    """The entries of a test with their word lists, single words and sequences apart."""
    found = expand(entries)
    return _Wanted(
        frozenset(one for one in found if " " not in one), tuple(sorted(f" {one} " for one in found if " " in one))
    )


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
            table.phrases.setdefault(words[0], {}).setdefault(words[1] if len(words) > 1 else "", []).append(
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


# verbs that are in every other sentence: they announce an event only by the company that they need
ANYWHERE = frozenset(
    "be have do make take give get go come put set hold keep see find say tell want need use work call".split()
)


@cache
def cue_words() -> frozenset[str]:
    """Lemmas of which every event has one in its sentence: what the gate looks for before it spends a parse.

    Of a fixed phrase its longest word counts; a verb that is in every other sentence counts by the company it needs.
    """
    table = cue_table()
    found = {
        max(cue.words, key=len) for seconds in table.phrases.values() for cues in seconds.values() for cue in cues
    } | set(table.adjectives)
    for entries in (table.verbs, table.nouns):
        for lemma, cues in entries.items():
            found |= {word for cue in cues for word in _needed(lemma, cue)}
    return frozenset(found)


def _needed(lemma: str, cue: _Cue) -> frozenset[str]:
    if lemma not in ANYWHERE or (cue.test is None and not cue.words):
        return frozenset({lemma})
    if cue.words:
        return frozenset({max(cue.words, key=len)})
    test = cue.test
    if test is None:
        return frozenset({lemma})
    company = next(
        (one for one in (test.object, test.any.all(), test.near.all(), test.comp, test.subject) if one), frozenset()
    )
    company = company or frozenset().union(*(wanted for _, wanted in test.prep))
    return frozenset(word.split()[-1] for word in company) or frozenset({lemma})
