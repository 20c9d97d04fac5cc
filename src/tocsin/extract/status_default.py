"""How a word stands in a slot of a governor that no rule knows: by the kind of slot alone."""

from __future__ import annotations

from tocsin.extract import status_clause as clause
from tocsin.extract.status_rules import Effect, Lexicon
from tocsin.extract.status_standing import ASSERTED, Frame, Standing
from tocsin.parsed import Sentence, Token

COPULAS = frozenset({"be", "seem", "remain", "become", "appear", "look"})

_ASSERTION = 0.95  # a commitment this high is an assertion
_OPEN_MODES = frozenset({"possible", "threat", "attempt", "wish", "demand"})
_TEMPORAL = frozenset({"until", "till", "once", "when", "after", "before", "as", "by", "while"})
_TOGETHER = frozenset({"and", "or", "nor", ",", ";"})
_SAME = frozenset({"acomp", "attr", "xcomp", "oprd", "compound", "amod", "prt", "aux", "auxpass", "neg"})


def default(
    rules: Lexicon, sentence: Sentence, token: Token, head: Token, above: Frame, prep: str, form: str
) -> Standing:
    """The standing before its own modifiers of a token that hangs on `head`, through `prep` if that is not empty."""
    dep = token.dep
    if dep == "parataxis":
        return ASSERTED
    if dep == "conj":
        return _coordinated(rules, sentence, token, head, above)
    if dep in ("ccomp", "csubj", "csubjpass") and form == "that":
        if any(mark.effect.rule in ("imperative", "question") and mark.cue is head for mark in above.own.marks):
            return ASSERTED  # 'Get the app 100 people were killed': two texts run together
        return above.own if above.own.value > 0 else Standing(above.outer.value, above.own.marks, above.own.sources)
    if form == "inf" and dep in clause.CLAUSES:
        name = "purpose" if dep == "advcl" else "be-to" if _is_to_be(sentence, token, head) else "infinitive"
        return above.own.under(rules.constructions[name], token)
    if prep and form == "ing" and above.own.value < 0:
        return above.own.given()  # 'did not win by shelling', 'prevented it by striking first'
    if dep == "advcl":
        return _adverbial(rules, sentence, token, above, form)
    if dep in ("relcl", "acl"):
        return _presupposed(token, above.own)
    if dep == "amod" and form and above.own.value > 0:
        return above.own.given(past=True)  # 'the besieged suburb', whatever may become of the suburb
    if dep not in _SAME and dep in clause.ARGUMENTS and token.tag[:2] != "VB":
        return _argument(rules, sentence, token, head, above)
    return above.own


def _is_to_be(sentence: Sentence, token: Token, head: Token) -> bool:
    """'The sides are to meet', 'the treaty, to be signed in May': the time to come, and no aim."""
    if token.dep in ("acl", "relcl") and sentence.children_by(token, "auxpass"):
        return head.tag[:2] == "NN"
    return head.lemma == "be" and not sentence.children_by(head, "acomp", "attr")


def _coordinated(rules: Lexicon, sentence: Sentence, token: Token, head: Token, above: Frame) -> Standing:
    """A conjunct shares what governs the first one; modals and negation too where it has no subject of its own."""
    if token.tag[:2] != "VB" or head.tag[:2] != "VB":
        return above.own
    joints = [child.lower for child in sentence.children_by(head, "cc")]
    instead = rules.word("link", "rather than") if "than" in joints else None
    if instead is not None:
        return above.outer.set_to(instead, token)
    children = [sentence.tokens[i] for i in token.children]
    alone = any(
        child.dep in ("nsubj", "nsubjpass", "expl") or (child.dep in ("aux", "auxpass") and child.tag != "TO")
        for child in children
    )
    shared = not alone and token.tag == head.tag and not _TOGETHER.isdisjoint(joints)
    return above.own if shared else Standing(above.outer.value, above.outer.marks, above.own.sources)


def _adverbial(rules: Lexicon, sentence: Sentence, token: Token, above: Frame, form: str) -> Standing:
    """Clauses of time, reason and manner: given, save under a future, where they lie ahead as well."""
    outer = Standing(above.outer.value, above.outer.marks, above.own.sources)
    joint = _temporal_joint(sentence, token)
    modal = clause.auxiliary(sentence, token)[1]
    if joint is not None and joint.lower == "before" and modal in ("could", "can"):
        return outer.given().under(rules.constructions["before-could"], joint)
    if joint is not None and above.own.is_future and not modal:
        if token.tag in ("VBP", "VBZ", "VB", "VBG"):
            return Standing(1.0, above.own.marks, above.own.sources).under(rules.constructions["under-future"], joint)
        return _presupposed(token, above.own)
    if form in ("ing", "participle"):
        return above.own if above.own.value > 0 else Standing(abs(outer.value), outer.marks, outer.sources)
    return outer if outer.value > 0 else above.own.given()


def _temporal_joint(sentence: Sentence, token: Token) -> Token | None:
    for i in token.children:
        child = sentence.tokens[i]
        place = child.dep in ("mark", "advmod") or (child.dep == "prep" and child.i < token.i)
        if place and child.lower in _TEMPORAL:
            return child
    return None


def _presupposed(token: Token, above: Standing) -> Standing:
    """What a phrase takes as given stands by itself, a little less so where all around it is open."""
    given = above.given(past=token.tag[:2] != "VB")
    return given if above.value >= 0.5 or above.value < 0 else Standing(0.8, given.marks, given.sources)


def _argument(rules: Lexicon, sentence: Sentence, token: Token, head: Token, above: Frame) -> Standing:
    """A noun: given where it is definite or its predicate holds, else as open as its predicate."""
    own = above.own
    if token.dep in ("nsubj", "nsubjpass") and head.tag[:2] == "VB":
        found = _predicated(rules, sentence, head)
        if found is not None:
            return own.under(found[1], found[0])
    if token.dep in ("appos", "poss", "nmod"):
        return own
    if own.value >= _ASSERTION or clause.is_definite(sentence, token):
        return _presupposed(token, own)
    if own.value < 0:
        return Standing(above.outer.value, above.outer.marks, own.sources)
    agent = token.dep == "nsubj" and own.is_future  # 'an assault would be a catastrophe': if there is one
    return own.under(rules.constructions["open-argument"], head) if agent or own.has_mode(_OPEN_MODES) else own


def _predicated(rules: Lexicon, sentence: Sentence, verb: Token) -> tuple[Token, Effect] | None:
    """'The attack was imminent': the adjective that a copula says of its subject."""
    if verb.lemma not in COPULAS:
        return None
    for child in sentence.children_by(verb, "acomp", "oprd"):
        effect = rules.find("adjective", child.lemma, ("noun",), sentence, child)
        return (child, effect) if effect is not None else None
    return None
