"""The author's commitment to each word, read down the tree: what governs a word decides how it stands.

A word's frame is computed from its governor's: first the governor's rule for the slot that the word fills (or a default
for the kind of slot), then what modifies the word itself. Preposition tokens are taken out of the path. Frames are
kept, so judging every word of a sentence reads each word once.
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.extract import status_clause as clause
from tocsin.extract.status_default import COPULAS, default
from tocsin.extract.status_modifiers import modified
from tocsin.extract.status_rules import GRADES, Effect, Lexicon, lexicon
from tocsin.extract.status_sources import speaker
from tocsin.extract.status_standing import ASSERTED, Frame, Mark, Standing
from tocsin.parsed import Sentence, Token
from tocsin.rulefiles import words

DEEPEST = 80  # governors climbed; what is deeper is a list or broken text, and starts afresh as the author's own

_FACTIVE = 0.65  # a rule that commits this much to its slot either way says little of its own standing there
_RANKS = frozenset({"first", "second", "third", "last", "only", "latest"})
_FAILED = frozenset({"failed", "unsuccessful", "botched", "abortive", "vain", "futile", "foiled", "thwarted", "doomed"})
_ASKS = frozenset({"which", "who", "whom", "why", "how", "where", "when"})
_INVERTED = frozenset({"had", "should", "were"})
_ACT_AFTER = frozenset({"from", "of", "to", "into"})


class Frames:
    """The frames of one sentence, computed when asked for."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.rules: Lexicon = lexicon()
        self._known: dict[int, Frame] = {}
        self._question = sentence.text.rstrip(" \"'”’)\n").endswith("?")

    def frame(self, token: Token) -> Frame:
        """The token's frame; every token has one, whatever the tree looks like."""
        path: list[tuple[Token, Token, str, Token | None]] = []
        here = token
        while here.i not in self._known and len(path) < DEEPEST:
            head, prep, link = clause.governor(self.sentence, here)
            path.append((here, head, prep, link))
            if head is here:
                break
            here = head
        for step in reversed(path):
            self._known[step[0].i] = self._read(*step)
        return self._known[token.i]

    def _read(self, token: Token, head: Token, prep: str, link: Token | None) -> Frame:
        above = None if head is token or self._stands_apart(token, head) else self._known.get(head.i)
        outer = self._root(token) if above is None else self._under(token, head, above, prep, link)
        return Frame(outer, modified(self.rules, self.sentence, token, outer))

    def _root(self, token: Token) -> Standing:
        if token.tag[:2] != "VB":
            return ASSERTED
        marker = self._marker(token)
        if marker is not None:
            return ASSERTED.set_to(marker.effect, marker.cue)
        if self._question and not self._asks_for_a_part(token):
            return ASSERTED.under(self.rules.constructions["question"], token)
        if token.tag == "VB" and self._has_word_below(token, {"to"}):  # headline: 'NATO to send ships'
            who = self.sentence.children_by(token, "nsubj", "nsubjpass")
            return ASSERTED.under(self.rules.constructions["be-to" if who else "infinitive"], token)
        if token.tag == "VB" and self._is_imperative(token):
            return ASSERTED.under(self.rules.constructions["imperative"], token)
        return ASSERTED

    def _stands_apart(self, token: Token, head: Token) -> bool:
        """'Ambush kills 14, army denies losing town': a clause before a verb that has what it denies behind it."""
        if token.dep != "ccomp" or token.i > head.i or head.lemma not in words("denying_verbs"):
            return False
        return any(one.i > head.i for one in self.sentence.children_by(head, "xcomp", "ccomp", "dobj"))

    def _asks_for_a_part(self, verb: Token) -> bool:
        """'Which towns have fallen?', 'Why did they flee?': what is asked is a part, and the act is taken as known."""
        past = verb.tag in ("VBD", "VBN") or any(
            one.tag == "VBD" for one in self.sentence.children_by(verb, "aux", "auxpass")
        )
        return past and self.sentence.tokens[0].lower in _ASKS

    def _is_imperative(self, verb: Token) -> bool:
        """A base form without subject or auxiliary; a headline's present tense looks the same."""
        if self.sentence.headline or self.sentence.children_by(verb, "nsubj", "nsubjpass", "expl", "csubj"):
            return False
        return all(aux.tag == "VB" or aux.lower == "do" for aux in self.sentence.children_by(verb, "aux"))

    def _under(self, token: Token, head: Token, above: Frame, prep: str, link: Token | None) -> Standing:
        """The standing of the slot that a word fills, before the word's own modifiers."""
        if token.dep in ("nsubj", "nsubjpass", "dobj") and clause.negative(self.sentence, token) is not None:
            # 'killed no soldier': the one 'no' counts for the verb and for the noun, each time once
            above = Frame(above.outer, replace(above.outer, sources=above.own.sources))
        form = clause.clause_form(self.sentence, token) if token.tag[:2] in ("VB", "MD") else ""
        marker = self._marker(token) if form and token.dep in clause.CLAUSES else None
        if marker is not None:
            return replace(above.outer, sources=above.own.sources).set_to(marker.effect, marker.cue)
        found = self._infinitive(token, head, above) if form == "inf" else None
        found = found or self._governed(token, head, above, prep, form) or self._linked(above.own, prep, link, form)
        return found or default(self.rules, self.sentence, token, head, above, prep, form)

    def _marker(self, verb: Token) -> Mark | None:
        """The conjunction of a clause that asserts nothing: 'if', 'unless', 'whether'; 'had they known' too."""
        first = self.sentence.tokens[verb.children[0]] if verb.children else verb
        if verb.dep == "advcl" and first.dep in ("aux", "auxpass") and first.lower in _INVERTED:
            effect = self.rules.word("link", "if")
            return Mark(effect, first) if effect is not None else None
        for child in self.sentence.children_by(verb, "mark", "advmod", "prep", "cc"):
            effect = self.rules.word("link", child.lower) if child.i < verb.i else None
            if effect is not None and not (child.dep == "prep" and child.children):
                return Mark(effect, child)
        return None

    # -- infinitives -------------------------------------------------------------------------------------------------

    def _infinitive(self, token: Token, head: Token, above: Frame) -> Standing | None:
        """Infinitives that the form of the governing phrase decides: 'ought to', 'have to', 'too weak to'."""
        if token.dep in ("relcl", "acl") and self._has_word_below(head, _RANKS):
            return above.own.given()  # 'the first president to visit': who is ranked by the act has done it
        if token.dep == "advcl" and (noun := self._noun_before(token, head)) is not None:
            effect = self.rules.find("noun", noun.lemma, ("inf",), self.sentence, noun)
            if effect is not None:
                return self._embedded(self.frame(noun).own, noun, effect, ("inf",))
        effect = self._infinitive_effect(head)
        return above.own.under(effect, head) if effect is not None else None

    def _infinitive_effect(self, head: Token) -> Effect | None:
        if head.tag == "MD":
            return self.rules.word("auxiliary", head.lower)
        if head.lemma in ("have", "be") and self._has_word_below(head, {"yet"}):
            return self.rules.constructions["yet-to"]
        if head.lemma == "have" and not self.sentence.children_by(head, "dobj"):
            return self.rules.constructions["had-to" if head.tag == "VBD" else "have-to"]
        if head.lower == "order" and head.i and self.sentence.tokens[head.i - 1].lower == "in":
            return self.rules.constructions["purpose"]
        if head.lemma == "able" and self.sentence.tokens[head.head].tag == "VBD":
            return self.rules.constructions["was-able"]  # past ability told of an occasion entails the act
        if any(self._has_word_below(one, {"too"}) for one in (head, *self.sentence.children_by(head, "acomp"))):
            return self.rules.constructions["too-to"]
        return None

    def _has_word_below(self, head: Token, wanted: frozenset[str] | set[str]) -> bool:
        return any(self.sentence.tokens[i].lower in wanted for i in head.children)

    def _noun_before(self, infinitive: Token, head: Token) -> Token | None:
        """The object right before an infinitive that the parser hung on the verb: 'foiled a plot to bomb'."""
        first = min((i for i in infinitive.children if i < infinitive.i), default=infinitive.i)
        before = self.sentence.tokens[first - 1] if first else infinitive
        return before if before.head == head.i and before.dep in ("dobj", "nsubjpass", "attr") else None

    # -- rules of the governor ---------------------------------------------------------------------------------------

    def _governed(self, token: Token, head: Token, above: Frame, prep: str, form: str) -> Standing | None:
        """By the governor's rule for the slot, or that of the word that a copula says of its subject."""
        slots = clause.slots_of(self.sentence, token, prep, form)
        kind = clause.word_class(head)
        if not kind or not slots or (slots == ("object",) and self._has_act_besides(head)):
            return None
        effect = self.rules.find(kind, head.lemma, slots, self.sentence, head, token.lemma)
        if effect is not None:
            known = not form and slots[0] in effect.known and clause.is_definite(self.sentence, token)
            return None if known else self._embedded(above.own, head, effect, slots)
        if prep and form and head.dep == "dobj" and head.head in self._known:
            # 'accused both sides of shelling': the phrase often hangs on the object, and belongs to the verb
            verb = self.sentence.tokens[head.head]
            effect = self.rules.find("verb", verb.lemma, slots, self.sentence, verb, token.lemma)
            return self._embedded(self._known[verb.i].own, verb, effect, slots) if effect is not None else None
        return self._of_predicate(token, head, above.own, slots) if head.lemma in COPULAS and (form or prep) else None

    def _has_act_besides(self, verb: Token) -> bool:
        """'kept the crowd from entering', 'urged the sides to sign': the object is who, and no act."""
        for child in self.sentence.children_by(verb, "xcomp", "ccomp", "prep"):
            if child.dep != "prep":
                return True
            if child.lower in _ACT_AFTER and self.sentence.children_by(child, "pcomp"):
                return True
        return False

    def _of_predicate(self, token: Token, copula: Token, above: Standing, slots: tuple[str, ...]) -> Standing | None:
        """'It is doubtful that', 'there is a danger that': the word after the copula governs the clause."""
        for child in self.sentence.children_by(copula, "acomp", "attr", "oprd"):
            kind = clause.word_class(child) if child.i < token.i else ""
            effect = self.rules.find(kind, child.lemma, slots, self.sentence, child) if kind else None
            if effect is not None:
                return self._embedded(above, child, effect, slots)
        return None

    def _embedded(self, above: Standing, head: Token, effect: Effect, slots: tuple[str, ...]) -> Standing:
        """The slot of a word that has a rule: its signature, and its subject as the source where it reports."""
        if effect.mode == "attempt" and self._has_word_below(head, _FAILED):
            effect = self.rules.constructions["failed-attempt"]
        elif head.tag[:2] == "NN" and self._is_turned_down(head):
            effect = self._turned_down(effect, slots)
        kept = () if effect.gap >= _FACTIVE and effect.mode is None else above.marks
        sources = above.sources
        if effect.reports or ("that" in slots and self.rules.reports(clause.word_class(head), head.lemma)):
            source = speaker(self.sentence, head)
            sources = (*sources, source) if source is not None else sources
        return Standing(effect.under(above.value), (*kept, Mark(effect, head)), sources)

    def _is_turned_down(self, noun: Token) -> bool:
        """Whether the noun is what somebody denies or rejects: 'rejected a motion', 'dismissed as fake reports'."""
        verb = clause.governor(self.sentence, noun)[0]
        if noun.dep not in ("dobj", "nsubjpass", "pobj") or verb.tag[:2] != "VB":
            return False
        effect = self.rules.find("verb", verb.lemma, ("that",), self.sentence, verb)
        return effect is not None and effect.mode == "denied"

    def _turned_down(self, effect: Effect, slots: tuple[str, ...]) -> Effect:
        """The act in a report that is denied, or in a plan that is rejected; any other noun keeps its own rule."""
        if effect.mode == "alleged" or effect.reports:
            return self.rules.constructions["denied-claim"]
        return self.rules.constructions["rejected-plan"] if "inf" in slots else effect

    def _linked(self, above: Standing, prep: str, link: Token | None, form: str) -> Standing | None:
        """The object of 'without', 'instead of', 'ahead of': as the link says; two denials leave it open."""
        if link is None:
            return None
        effect = self.rules.word("link", prep) or self.rules.word("link", link.lower)
        if effect is None and form == "ing":
            effect = self.rules.word("link", link.lower, "ing")
        if effect is None or effect.yes >= 0:
            return above.set_to(effect, link) if effect is not None else None
        value = effect.yes * above.value if above.value > 0 else GRADES["possible"]
        return Standing(value, (*above.marks, Mark(effect, link)), above.sources)
