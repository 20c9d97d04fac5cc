"""Who the subject of a report verb is, as a stretch of characters, also where the parser has lost it."""

from __future__ import annotations

from tocsin.extract import grammar
from tocsin.extract.statement_spans import (
    Stretch,
    has_own_subject,
    is_detached,
    relative_source,
    source_span,
    subtree_range,
)
from tocsin.parsed import Sentence, Token

_PHRASE_TAGS = frozenset({"DT", "JJ", "NN", "NNS", "NNP", "NNPS", "CC", "PRP", "PRP$", "POS", "CD"})
_LONGEST_SPEAKER = 12  # tokens


def subject_span(sentence: Sentence, verb: Token) -> Stretch | None:
    relative = relative_source(sentence, verb)
    if relative is not None:
        return relative
    if is_detached(sentence, verb):
        verb = _reporting_verb(sentence, verb)
    quoted = _quoted_as(sentence, verb)
    if quoted is not None:
        return source_span(sentence, quoted, verb)
    swallowed = _swallowed(sentence, verb)
    if swallowed is not None:
        return swallowed
    own = sorted(sentence.children_by(verb, "nsubj"), key=lambda one: abs(one.i - verb.i))  # the nearest is surest
    heads = own[:1] or grammar.own_subject(sentence, verb)[:1]
    if heads and heads[0].lower in ("there", "what"):
        return None
    if heads and (own or heads[0].lower != "it" or verb.tag == "VBG"):
        return source_span(sentence, heads[0], verb)
    return _name_before(sentence, verb) or _name_behind(sentence, verb)


def _swallowed(sentence: Sentence, verb: Token) -> Stretch | None:
    """'..., including a child, police and witnesses said': the phrase before the verb that the parser added to a list."""
    if verb.dep != "conj" or has_own_subject(sentence, verb):
        return None
    first = verb.i
    while first > 0 and verb.i - first < _LONGEST_SPEAKER and sentence.tokens[first - 1].tag in _PHRASE_TAGS:
        first -= 1
    run = sentence.tokens[first : verb.i]
    if (
        not run
        or sentence.tokens[first - 1].text != ","
        or run[0].dep == "cc"
        or not (run[-1].is_noun or run[-1].tag == "PRP")
    ):
        return None
    return run[0].start, run[-1].end


def quoting_verb(sentence: Sentence, verb: Token) -> Token | None:
    """The verb over 'as saying': 'state television quoted the minister as saying ...'."""
    prep = sentence.tokens[verb.head]
    above = sentence.tokens[prep.head]
    return above if verb.dep == "pcomp" and prep.lower == "as" and above.lemma in ("quote", "cite") else None


def _quoted_as(sentence: Sentence, verb: Token) -> Token | None:
    above = quoting_verb(sentence, verb)
    objects = sentence.children_by(above, "dobj") if above is not None else []
    return objects[0] if objects else None


def quoted_by(sentence: Sentence, verb: Token) -> Stretch | None:
    """Who quotes, in 'state television quoted the minister as saying' and 'was quoted by state television as saying'."""
    above = quoting_verb(sentence, verb)
    if above is None:
        return None
    if grammar.is_passive(sentence, above):
        return agent_span(sentence, above)
    subjects = sentence.children_by(above, "nsubj")
    return source_span(sentence, subjects[0], above) if subjects else None


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


def _name_behind(sentence: Sentence, verb: Token) -> Stretch | None:
    """'Said Haddad: "..."': the name right behind a verb that begins its sentence."""
    behind = sentence.tokens[verb.i + 1 : verb.i + 6]
    run = []
    for one in behind:
        if one.tag not in ("NNP", "NNPS"):
            break
        run.append(one)
    return (run[0].start, run[-1].end) if run and verb.i == 0 and verb.tag in ("VBD", "VBZ") else None


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
