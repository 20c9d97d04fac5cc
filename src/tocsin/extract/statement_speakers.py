"""Who the subject of a report verb is, as a stretch of characters, also where the parser has lost it."""

from __future__ import annotations

from tocsin.extract import grammar
from tocsin.extract.statement_spans import Stretch, is_detached, relative_source, source_span, subtree_range
from tocsin.parsed import Sentence, Token


def subject_span(sentence: Sentence, verb: Token) -> Stretch | None:
    relative = relative_source(sentence, verb)
    if relative is not None:
        return relative
    if is_detached(sentence, verb):
        verb = _reporting_verb(sentence, verb)
    own = sentence.children_by(verb, "nsubj")
    heads = own[:1] or grammar.own_subject(sentence, verb)[:1]
    if heads and heads[0].lower in ("there", "what"):
        return None
    if heads and (own or heads[0].lower != "it" or verb.tag == "VBG"):
        return source_span(sentence, heads[0], verb)
    return _name_before(sentence, verb)


def _reporting_verb(sentence: Sentence, verb: Token) -> Token:
    """The verb whose content clause a detached conjunct was put into."""
    return sentence.tokens[sentence.tokens[verb.head].head]


def _name_before(sentence: Sentence, verb: Token) -> Stretch | None:
    """The name or pronoun right before a finite verb, where the parser has lost the subject."""
    if verb.tag not in ("VBD", "VBZ", "VBP"):
        return None
    last = verb.i - 1
    while last >= 0 and sentence.tokens[last].head == verb.i and sentence.tokens[last].dep in ("aux", "neg", "advmod"):
        last -= 1
    return names_up_to(sentence, last)


def names_up_to(sentence: Sentence, last: int) -> Stretch | None:
    first = last
    if last >= 0 and sentence.tokens[last].tag == "PRP":
        return sentence.tokens[last].start, sentence.tokens[last].end
    while first >= 0 and sentence.tokens[first].tag in ("NNP", "NNPS"):
        first -= 1
    return (sentence.tokens[first + 1].start, sentence.tokens[last].end) if first < last else None


def agent_span(sentence: Sentence, verb: Token) -> Stretch | None:
    heads = grammar._agents(sentence, verb)
    return source_span(sentence, heads[0], verb) if heads else None


def has_to(sentence: Sentence, verb: Token) -> bool:
    return any(sentence.tokens[i].lower == "to" and sentence.tokens[i].dep == "aux" for i in verb.children)


def is_wh(sentence: Sentence, child: Token) -> bool:
    low = subtree_range(sentence, child)[0]
    return sentence.tokens[low].tag in ("WRB", "WP", "WDT") or sentence.tokens[low].lower == "whether"
