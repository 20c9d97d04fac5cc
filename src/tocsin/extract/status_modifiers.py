"""What modifies a word itself: modals, negation, adverbs, adjectives, 'according to'."""

from __future__ import annotations

from dataclasses import replace

from tocsin.extract import status_clause as clause
from tocsin.extract.status_rules import Effect, Lexicon
from tocsin.extract.status_standing import Standing
from tocsin.parsed import Sentence, Token

# Verbs of having and giving: with 'no' before their object it is the object that is lacking.
_EMPTY = frozenset(
    {"have", "give", "make", "see", "take", "offer", "show", "provide", "find", "bear", "contain", "hold"}
)
_CONDITIONS = frozenset({"if", "unless", "provided", "once"})
_SENSES = frozenset({"hear", "see", "feel", "smell", "watch"})


def modified(rules: Lexicon, sentence: Sentence, token: Token, outer: Standing) -> Standing:
    """The standing of a word with its own modifiers, given how its place in the sentence stands."""
    if not token.children:
        return outer
    verbal = token.tag[:2] in ("VB", "MD")
    standing = _with_verb_group(rules, sentence, token, outer, verbal=verbal)
    for i in token.children:
        child = sentence.tokens[i]
        effect = _modifier(rules, sentence, token, child, verbal=verbal)
        if effect is not None:
            standing = standing.times(effect.yes, effect, child)
        elif child.lower == "according" and child.dep in ("prep", "advcl"):
            standing = standing.times(1.0, rules.constructions["according-to"], child)
            standing = replace(standing, sources=(*standing.sources, _object_below(sentence, child)))
    return standing


def _with_verb_group(rules: Lexicon, sentence: Sentence, token: Token, outer: Standing, *, verbal: bool) -> Standing:
    """Modal and negation together, since 'may not' and 'cannot' are more than their parts."""
    denied = clause.negations(sentence, token)
    odd = len(denied) % 2 == 1
    negation = rules.constructions["negation"]
    modal, name = clause.auxiliary(sentence, token) if verbal else (None, "")
    if any(mark.effect.rule == "before-could" for mark in outer.marks):
        return outer
    sensed = name in ("could", "can") and token.lemma in _SENSES and not denied  # 'blasts could be heard' were heard
    effect = _modal_effect(rules, sentence, token, name, outer) if modal is not None and not sensed else None
    if modal is not None and effect is not None:
        standing = outer.times(effect.no if odd else effect.yes, effect, modal)
        return standing.times(1.0, negation, denied[0]) if odd else standing
    if not denied:
        return outer
    if token.lemma in _EMPTY and all(no.dep == "det" for no in denied):
        negation = rules.constructions["no-object"]
    return outer.times(negation.yes if odd else 1.0, negation, denied[0])


def _modal_effect(rules: Lexicon, sentence: Sentence, verb: Token, name: str, outer: Standing) -> Effect | None:
    if name == "would" and (outer.sources or any(mark.effect.reports for mark in outer.marks)):
        return rules.constructions["would-if" if _has_condition(sentence, verb) else "would-future"]
    return rules.word("auxiliary", name) or rules.word("auxiliary", name.split(" ", 1)[0])


def _has_condition(sentence: Sentence, verb: Token) -> bool:
    """Whether a clause with 'if' or the like hangs on the verb."""
    clauses = sentence.children_by(verb, "advcl")
    return any(one.lower in _CONDITIONS for clause_ in clauses for one in sentence.children_by(clause_, "mark"))


def _modifier(rules: Lexicon, sentence: Sentence, token: Token, child: Token, *, verbal: bool) -> Effect | None:
    dep = child.dep
    if dep in ("advmod", "npadvmod") and child.tag[:2] in ("RB", "JJ"):
        return rules.word("adverb", child.lower) if verbal or token.tag[:2] == "NN" else None
    if verbal:
        return None
    if dep == "det":
        return rules.constructions["any"] if child.lower == "any" else None
    if dep in ("amod", "compound", "nmod", "advmod"):
        return rules.find("adjective", child.lower, ("noun",), sentence, child)
    if dep in ("acl", "relcl") and child.tag == "VBN" and not _aims(sentence, child):
        return rules.find("verb", child.lemma, ("object",), sentence, child)
    return None


def _aims(sentence: Sentence, participle: Token) -> bool:
    """'a raid aimed at the bridge', 'meant to frighten': the participle tells the aim, not how the noun stands."""
    children = [sentence.tokens[i] for i in participle.children]
    return any(child.dep in ("xcomp", "ccomp") or child.lower == "at" for child in children)


def _object_below(sentence: Sentence, prep: Token) -> Token:
    """The noun at the end of a chain of prepositions; the preposition itself where there is none."""
    here = prep
    for _ in range(3):
        below = sentence.children_by(here, "prep", "pobj")
        if not below:
            break
        here = below[0]
    return here
