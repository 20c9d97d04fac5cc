"""The author's commitment to each word, read down the tree: what governs a word decides how it stands.

A word's frame is computed from its governor's: first the governor's rule for the slot that the word fills (or a default
for the kind of slot), then what modifies the word itself (modal, negation, adverb, adjective). Preposition tokens are
taken out of the path. Frames are kept, so judging every word of a sentence reads each word once.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.extract import status_clause as clause
from tocsin.extract.status_rules import GRADES, Effect, Lexicon, lexicon
from tocsin.parsed import Sentence, Token

DEEPEST = 80  # governors climbed; what is deeper is a list or broken text, and starts afresh as the author's own

_FUTURE_LINKS = frozenset({"until", "till", "once", "when", "after", "before", "as", "by", "while"})
_FULL = 0.95  # a commitment this high is an assertion
_FACTIVE = 0.85  # a rule that commits this much to its slot either way presupposes it
_OPEN_MODES = frozenset({"possible", "future", "plan", "pledge", "threat", "attempt", "wish", "demand"})
_COPULAS = frozenset({"be", "seem", "remain", "become", "appear", "look"})
_RANKS = frozenset({"first", "second", "third", "last", "only", "latest"})
_FAILED = frozenset({"failed", "unsuccessful", "botched", "abortive", "vain", "futile", "foiled", "thwarted", "doomed"})
_EMPTY = frozenset(
    {"have", "give", "make", "see", "take", "offer", "show", "provide", "find", "bear", "contain", "hold"}
)
_TOGETHER = frozenset({"and", "or", "nor", ",", ";"})


@dataclass(slots=True, frozen=True)
class Mark:
    """A cue that fired: its rule's effect and the word."""

    effect: Effect
    cue: Token


@dataclass(slots=True, frozen=True)
class Frame:
    """How a word stands. `outer` is before its own modifiers (what a coordinated clause shares), `value` after.

    `sources` are the words that name who says so, outermost first.
    """

    outer: float
    outer_marks: tuple[Mark, ...]
    value: float
    marks: tuple[Mark, ...]
    sources: tuple[Token, ...] = ()


_ASSERTED = Frame(1.0, (), 1.0, ())


class Frames:
    """The frames of one sentence, computed when asked for."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.rules: Lexicon = lexicon()
        self._known: dict[int, Frame] = {}
        self._question = sentence.text.rstrip(" \"'”’)\n").endswith("?")

    def frame(self, token: Token) -> Frame:
        """The token's frame; every token has one, whatever the tree looks like."""
        path: list[Token] = []
        here = token
        while here.i not in self._known and len(path) < DEEPEST:
            path.append(here)
            above = clause.governor(self.sentence, here)[0]
            if above is here:
                break
            here = above
        for one in reversed(path):
            self._known[one.i] = self._read(one)
        return self._known[token.i]

    def _read(self, token: Token) -> Frame:
        head, prep, link = clause.governor(self.sentence, token)
        if head is token or head.i not in self._known:
            outer = self._root(token)
        else:
            outer = self._under(token, head, self._known[head.i], prep, link)
        return self._modified(token, outer)

    # -- what governs the word ---------------------------------------------------------------------------------------

    def _root(self, token: Token) -> Frame:
        if token.tag[:2] != "VB":
            return _ASSERTED
        marker = self._marker(token)
        if marker is not None:
            return Frame(marker.effect.yes, (marker,), marker.effect.yes, ())
        if self._question:
            return self._apply("question", token, _ASSERTED)
        if token.tag == "VB" and self._is_imperative(token):
            return self._apply("imperative", token, _ASSERTED)
        return _ASSERTED

    def _is_imperative(self, verb: Token) -> bool:
        for i in verb.children:
            child = self.sentence.tokens[i]
            if child.dep in ("nsubj", "nsubjpass", "expl", "csubj") or (
                child.dep == "aux" and child.tag != "VB" and child.lower != "do"
            ):
                return False
        return not self.sentence.headline

    def _under(self, token: Token, head: Token, above: Frame, prep: str, link: Token | None) -> Frame:
        if token.dep in ("nsubj", "nsubjpass", "dobj") and clause.negative(self.sentence, token) is not None:
            above = Frame(above.outer, above.outer_marks, above.outer, above.outer_marks, above.sources)  # one 'no'
        form = clause.clause_form(self.sentence, token) if token.tag[:2] in ("VB", "MD") else ""
        slots = clause.slots_of(self.sentence, token, prep, form)
        kind = clause.word_class(head)
        marker = self._marker(token) if form and token.dep in clause.CLAUSES else None
        if marker is not None:
            return Frame(marker.effect.yes, (*above.outer_marks, marker), marker.effect.yes, (), above.sources)
        if form == "inf" and (known := self._infinitive(token, head, above)) is not None:
            return known
        if form == "inf" and self._too(head):
            return self._apply("too-to", head, above)
        effect = self._governing(token, head, kind, slots)
        if effect is None and head.lemma in _COPULAS and (form or prep):
            return self._of_predicate(token, head, above, slots, prep)
        if (
            effect is not None
            and effect.mode == "alleged"
            and slots == ("object",)
            and clause.is_definite(self.sentence, token)
        ):
            effect = None  # 'claimed the attack': known, and claimed as one's own
        if effect is not None:
            return self._embedded(token, head, above, effect, kind, slots)
        if prep and link is not None:
            effect = self.rules.word("link", prep) or self.rules.word("link", link.lower)
            effect = effect or (self.rules.word("link", link.lower, "ing") if form == "ing" else None)
            if effect is not None:
                return self._linked(Mark(effect, link), above)
        return self._default(token, head, above, prep, form)

    @staticmethod
    def _linked(mark: Mark, above: Frame) -> Frame:
        """The object of 'without', 'ahead of': as the link says; two denials leave it open."""
        value = mark.effect.yes
        if value < 0:
            value = value * above.value if above.value > 0 else GRADES["possible"]
        return Frame(value, (*above.marks, mark), value, (), above.sources)

    @staticmethod
    def _implies(effect: Effect) -> bool:
        return effect.mode is None and effect.yes == 1.0 and effect.no < 0

    def _governing(self, token: Token, head: Token, kind: str, slots: tuple[str, ...]) -> Effect | None:
        if not kind or not slots or (slots == ("object",) and self._has_clause(head)):
            return None
        return self.rules.find(kind, head.lemma, slots, self.sentence, head, token.lemma)

    def _has_clause(self, verb: Token) -> bool:
        """'kept the crowd from entering', 'urged the sides to sign': the object is who, and no act."""
        for i in verb.children:
            child = self.sentence.tokens[i]
            if child.dep in ("xcomp", "ccomp"):
                return True
            takes_act = child.dep == "prep" and child.lower in ("from", "of", "to", "into")
            if takes_act and any(self.sentence.tokens[k].dep == "pcomp" for k in child.children):
                return True
        return False

    def _infinitive(self, token: Token, head: Token, above: Frame) -> Frame | None:
        """Infinitives that the governing word's form decides: 'ought to', 'have to', 'in order to'."""
        if token.dep in ("relcl", "acl") and self._ranked(head):
            return self._given(above)
        if head.tag == "MD":
            effect = self.rules.word("auxiliary", head.lower)
            if effect is not None:
                value = effect.under(above.value)
                return Frame(value, (*above.marks, Mark(effect, head)), value, (), above.sources)
        if head.lemma == "have" and not self.sentence.children_by(head, "dobj"):
            return self._apply("had-to" if head.tag == "VBD" else "have-to", head, above)
        if token.dep == "advcl" and (noun := self._noun_before(token, head)) is not None:
            effect = self.rules.find("noun", noun.lemma, ("inf",), self.sentence, noun)
            if effect is not None:
                return self._embedded(token, noun, self.frame(noun), effect, "noun", ("inf",))
        if head.lower == "order" and head.i and self.sentence.tokens[head.i - 1].lower == "in":
            return self._apply("purpose", head, above)
        return None

    def _ranked(self, noun: Token) -> bool:
        """'The first president to visit', 'the only unit to hold out': who is ranked by the act has done it."""
        return any(self.sentence.tokens[i].lower in _RANKS for i in noun.children)

    def _noun_before(self, infinitive: Token, head: Token) -> Token | None:
        """The object right before an infinitive that the parser hung on the verb: 'foiled a plot to bomb'."""
        first = min((i for i in infinitive.children if i < infinitive.i), default=infinitive.i)
        before = self.sentence.tokens[first - 1] if first else infinitive
        return before if before.head == head.i and before.dep in ("dobj", "nsubjpass", "attr") else None

    def _of_predicate(self, token: Token, copula: Token, above: Frame, slots: tuple[str, ...], prep: str) -> Frame:
        """'It is doubtful that', 'there is a danger that': the word after the copula governs the clause."""
        for i in copula.children:
            child = self.sentence.tokens[i]
            kind = clause.word_class(child)
            if child.dep in ("acomp", "attr", "oprd") and child.i < token.i and kind:
                effect = self.rules.find(kind, child.lemma, slots, self.sentence, child)
                if effect is not None:
                    return self._embedded(token, child, above, effect, kind, slots)
        form = clause.clause_form(self.sentence, token) if token.tag[:2] == "VB" else ""
        return self._default(token, copula, above, prep, form)

    def _marker(self, clause_head: Token) -> Mark | None:
        """The conjunction of a clause that asserts nothing: 'if', 'unless', 'whether'; 'had they known' too."""
        first = self.sentence.tokens[clause_head.children[0]] if clause_head.children else clause_head
        if clause_head.dep == "advcl" and first.dep in ("aux", "auxpass") and first.lower in ("had", "should", "were"):
            effect = self.rules.word("link", "if")
            return Mark(effect, first) if effect is not None else None
        for i in clause_head.children:
            child = self.sentence.tokens[i]
            if child.dep in ("mark", "advmod", "prep", "cc") and child.i < clause_head.i:
                effect = self.rules.word("link", child.lower)
                if effect is not None:
                    return Mark(effect, child)
        return None

    def _embedded(
        self, token: Token, head: Token, above: Frame, effect: Effect, kind: str, slots: tuple[str, ...]
    ) -> Frame:
        """The slot of a word that has a rule: its signature, and its subject as the source where it reports."""
        if effect.mode == "attempt" and any(self.sentence.tokens[i].lower in _FAILED for i in head.children):
            effect = self.rules.constructions["failed-attempt"]
        value = effect.under(above.value)
        kept = () if effect.gap >= _FACTIVE and effect.mode is None else above.marks
        sources = above.sources
        if effect.reports or ("that" in slots and self.rules.reports(kind, head.lemma)):
            source = self._speaker(head)
            sources = (*sources, source) if source is not None else sources
        return Frame(value, (*kept, Mark(effect, head)), value, (), sources)

    def _speaker(self, cue: Token) -> Token | None:
        if cue.tag[:2] == "VB":
            found = clause.subject_of(self.sentence, cue)
            if found is None or found.lower == "there" or (found.dep == "nsubjpass" and cue.lemma != "tell"):
                return self._agent(cue)
            return found
        for i in cue.children:
            child = self.sentence.tokens[i]
            if child.dep == "poss":
                return child
            if child.dep in ("prep", "agent") and child.lower in ("by", "from"):
                return next(
                    (self.sentence.tokens[k] for k in child.children if self.sentence.tokens[k].dep == "pobj"), None
                )
        return None

    def _agent(self, verb: Token) -> Token | None:
        for i in verb.children:
            if self.sentence.tokens[i].dep == "agent":
                below = self.sentence.tokens[i].children
                return next((self.sentence.tokens[k] for k in below if self.sentence.tokens[k].dep == "pobj"), None)
        return None

    def _default(self, token: Token, head: Token, above: Frame, prep: str, form: str) -> Frame:
        dep = token.dep
        if dep == "parataxis":
            return _ASSERTED
        if dep == "conj":
            return self._coordinated(token, head, above)
        if dep in ("ccomp", "csubj", "csubjpass") and form == "that":
            return Frame(above.value if above.value > 0 else above.outer, above.marks, above.value, (), above.sources)
        if form == "inf" and dep in clause.CLAUSES:
            name = "purpose" if dep == "advcl" else "be-to" if self._is_bare_copula(head) else "infinitive"
            return self._apply(name, token, above)
        if prep and form == "ing" and above.value < 0:
            return self._given(above)  # 'did not win by shelling', 'prevented it by striking first'
        if dep == "advcl":
            return self._adverbial(token, above, form)
        if dep in ("relcl", "acl"):
            return self._presupposed(token, above, definite=True)
        if dep == "amod" and form and above.value > 0:
            return self._given(above, past=True)  # 'the besieged suburb', whatever may become of the suburb
        if dep in ("acomp", "attr", "xcomp", "oprd", "compound", "amod", "prt", "aux", "auxpass", "neg"):
            return Frame(above.value, above.marks, above.value, (), above.sources)
        if dep in clause.ARGUMENTS and token.tag[:2] != "VB":
            return self._argument(token, head, above, prep)
        return Frame(above.value, above.marks, above.value, (), above.sources)

    def _aims(self, participle: Token) -> bool:
        """'a raid aimed at the bridge', 'meant to frighten': the participle tells the aim, not how the noun stands."""
        return any(
            self.sentence.tokens[i].dep in ("xcomp", "ccomp") or self.sentence.tokens[i].lower == "at"
            for i in participle.children
        )

    def _too(self, head: Token) -> bool:
        """'too weak to walk': the adjective or its copula governs the infinitive."""
        here = [head, *self.sentence.children_by(head, "acomp")]
        return any(self.sentence.tokens[i].lower == "too" for one in here for i in one.children)

    def _is_bare_copula(self, head: Token) -> bool:
        """'The sides are to meet': a form of 'be' with nothing but a subject before the infinitive."""
        return head.lemma == "be" and not any(self.sentence.tokens[i].dep in ("acomp", "attr") for i in head.children)

    def _coordinated(self, token: Token, head: Token, above: Frame) -> Frame:
        """A conjunct shares what governs the first one; modals and negation too where it has no subject of its own."""
        if token.tag[:2] != "VB" or head.tag[:2] != "VB":
            return Frame(above.value, above.marks, above.value, (), above.sources)
        cc = [self.sentence.tokens[i].lower for i in head.children if self.sentence.tokens[i].dep == "cc"]
        if "than" in cc:
            return self._apply_link("rather than", token, above)
        own = False
        for i in token.children:
            child = self.sentence.tokens[i]
            if child.dep in ("nsubj", "nsubjpass", "expl") or (child.dep == "aux" and child.tag != "TO"):
                own = True
        if not own and not _TOGETHER.isdisjoint(cc) and token.tag == head.tag:
            return Frame(above.value, above.marks, above.value, (), above.sources)
        return Frame(above.outer, above.outer_marks, above.outer, (), above.sources)

    def _adverbial(self, token: Token, above: Frame, form: str) -> Frame:
        for i in token.children:
            child = self.sentence.tokens[i]
            if (child.dep in ("mark", "advmod") or (child.dep == "prep" and child.i < token.i)) and (
                child.lower in _FUTURE_LINKS
                and self._is_future(above)
                and clause.auxiliary(self.sentence, token)[0] is None
            ):
                if token.tag in ("VBP", "VBZ", "VB", "VBG"):
                    return self._apply("under-future", child, Frame(1.0, (), 1.0, above.outer_marks, above.sources))
                return self._presupposed(token, above, definite=True)
        if form in ("ing", "participle"):
            if above.value > 0:
                return above_of(above)
            return Frame(abs(above.outer), above.outer_marks, above.outer, (), above.sources)
        if above.outer <= 0:
            return self._given(above)
        return Frame(above.outer, above.outer_marks, above.outer, (), above.sources)

    @staticmethod
    def _given(above: Frame, *, past: bool = False) -> Frame:
        """What stands by itself, whatever is said of its surroundings; `past` keeps how long ago those were."""
        marks = tuple(mark for mark in above.marks if past and mark.effect.horizon == "background")
        return Frame(1.0, marks, 1.0, (), above.sources)

    @staticmethod
    def _is_future(above: Frame) -> bool:
        return any(mark.effect.horizon == "future" for mark in above.marks)

    def _presupposed(self, token: Token, above: Frame, *, definite: bool) -> Frame:
        """What a phrase takes as given stands by itself, unless all around it is open."""
        value = abs(above.value)
        if definite or value >= _FULL:
            given = self._given(above, past=token.tag[:2] != "VB")
            if value >= 0.5 or above.value < 0:
                return given
            return Frame(0.8, given.outer_marks, 0.8, (), above.sources)
        return Frame(value, above.marks, value, (), above.sources)

    def _argument(self, token: Token, head: Token, above: Frame, prep: str) -> Frame:
        """A noun in a slot that no rule knows: given where it is definite, as open as its predicate where it is not."""
        if token.dep in ("nsubj", "nsubjpass") and head.tag[:2] == "VB":
            effect = self._predicated(head)
            if effect is not None:
                cue, rule = effect
                return Frame(rule.under(above.value), (*above.marks, Mark(rule, cue)), 0.0, (), above.sources)
        if token.dep in ("appos", "poss", "nmod"):
            return Frame(above.value, above.marks, above.value, (), above.sources)
        if clause.is_definite(self.sentence, token) or above.value >= _FULL:
            return self._presupposed(token, above, definite=True)
        if above.value < 0:
            return Frame(above.outer, above.outer_marks, above.outer, (), above.sources)
        return (
            self._apply("open-argument", head, above)
            if any(m.effect.mode in _OPEN_MODES for m in above.marks)
            else above_of(above)
        )

    def _predicated(self, verb: Token) -> tuple[Token, Effect] | None:
        """'The attack was imminent': the adjective that a copula says of its subject."""
        if verb.lemma not in _COPULAS:
            return None
        for i in verb.children:
            child = self.sentence.tokens[i]
            if child.dep in ("acomp", "oprd"):
                effect = self.rules.find("adjective", child.lemma, ("noun",), self.sentence, child)
                return (child, effect) if effect is not None else None
        return None

    def _apply_link(self, link: str, cue: Token, above: Frame) -> Frame:
        effect = self.rules.word("link", link)
        if effect is None:
            return above_of(above)
        return Frame(effect.yes, (*above.outer_marks, Mark(effect, cue)), effect.yes, (), above.sources)

    def _apply(self, construction: str, cue: Token, above: Frame) -> Frame:
        effect = self.rules.constructions[construction]
        value = effect.under(above.value)
        return Frame(value, (*above.marks, Mark(effect, cue)), value, (), above.sources)

    # -- what modifies the word --------------------------------------------------------------------------------------

    def _modified(self, token: Token, outer: Frame) -> Frame:
        value, marks, sources = outer.outer, outer.outer_marks, outer.sources
        if not token.children:
            return Frame(value, marks, value, marks, sources)
        verbal = token.tag[:2] in ("VB", "MD")
        denied = clause.negations(self.sentence, token)
        if verbal:
            modal, name = clause.auxiliary(self.sentence, token)
            if modal is not None:
                value, marks, denied = self._under_modal(modal, name, value, marks, denied, outer)
        if denied:
            empty = token.lemma in _EMPTY and all(no.dep == "det" for no in denied)
            effect = self.rules.constructions["no-object" if empty else "negation"]
            value = value * effect.yes if len(denied) % 2 else value
            marks = (*marks, Mark(effect, denied[0]))
        for i in token.children:
            child = self.sentence.tokens[i]
            effect_ = self._modifier(token, child, verbal)
            if effect_ is not None:
                value, marks = value * effect_.yes, (*marks, Mark(effect_, child))
            elif child.lower == "according" and child.dep in ("prep", "advcl"):
                marks = (*marks, Mark(self.rules.constructions["according-to"], child))
                sources = (*sources, self._object_below(child))
        return Frame(outer.outer, outer.outer_marks, value, marks, sources)

    def _object_below(self, prep: Token) -> Token:
        """The noun at the end of a chain of prepositions; the preposition itself where there is none."""
        here = prep
        for _ in range(3):
            below = self.sentence.children_by(here, "prep", "pobj")
            if not below:
                break
            here = below[0]
        return here

    def _under_modal(
        self, modal: Token, name: str, value: float, marks: tuple[Mark, ...], denied: list[Token], outer: Frame
    ) -> tuple[float, tuple[Mark, ...], list[Token]]:
        effect: Effect | None
        if name == "would" and (outer.sources or any(mark.effect.reports for mark in outer.outer_marks)):
            effect = self.rules.constructions["would-future"]
        else:
            effect = self.rules.word("auxiliary", name) or self.rules.word("auxiliary", name.split(" ", 1)[0])
        if effect is None:
            return value, marks, denied
        marks = (*marks, Mark(effect, modal))
        if len(denied) % 2:
            return value * effect.no, (*marks, Mark(self.rules.constructions["negation"], denied[0])), []
        return value * effect.yes, marks, []

    def _modifier(self, token: Token, child: Token, verbal: bool) -> Effect | None:
        dep = child.dep
        if dep in ("advmod", "npadvmod") and child.tag[:2] in ("RB", "JJ"):
            return self.rules.word("adverb", child.lower) if verbal or token.tag[:2] == "NN" else None
        if verbal:
            return None
        if dep == "det":
            return self.rules.constructions["any"] if child.lower == "any" else None
        if dep in ("amod", "compound", "nmod", "advmod"):
            return self.rules.find("adjective", child.lower, ("noun",), self.sentence, child)
        if dep in ("acl", "relcl") and child.tag == "VBN" and not self._aims(child):
            return self.rules.find("verb", child.lemma, ("object",), self.sentence, child)
        return None


def above_of(above: Frame) -> Frame:
    """The frame of something that stands exactly as its governor does."""
    return Frame(above.value, above.marks, above.value, (), above.sources)
