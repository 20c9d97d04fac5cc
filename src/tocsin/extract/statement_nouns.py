"""Nouns, adjectives and fixed phrases that announce somebody's words: 'the claim that', 'is sure that', 'according to'."""

from __future__ import annotations

from tocsin import rulefiles
from tocsin.extract import grammar
from tocsin.extract.statement_cues import Cue, CueLexicon
from tocsin.extract.statement_frame import Frame
from tocsin.extract.statement_spans import Stretch, content_after, source_span, subtree_range, verb_group
from tocsin.extract.statement_speakers import has_to, names_up_to, subject_span
from tocsin.extract.statement_verbs import FARTHEST_THAT
from tocsin.parsed import Sentence, Token

_FRONTED = 2  # words before 'according to' at the beginning of a sentence, such as 'But now'


def noun_frame(sentence: Sentence, noun: Token, lexicon: CueLexicon) -> Frame | None:
    if noun.dep in ("compound", "nmod"):
        return None
    for cue in lexicon.nouns[noun.lemma]:
        found = _noun_content(sentence, noun, cue)
        if found is None:
            continue
        content, slot = found
        source = _noun_source(sentence, noun, content)
        if source is None and noun.dep == "ROOT" and noun.lower.endswith("s"):
            source = names_up_to(sentence, noun.i - 1)  # 'But Moscow claims that ...', the verb read as a noun
        if source is None and not (slot == "clause" and noun.lemma in rulefiles.words("report_hearsay")):
            continue
        return Frame(sentence, noun, cue.rule, slot, (noun.start, noun.end), source, content)
    return None


def _noun_content(sentence: Sentence, noun: Token, cue: Cue) -> tuple[Stretch, str] | None:
    tokens = sentence.tokens
    for child in sentence.children_by(noun, "acl", "ccomp", "relcl", "advcl"):
        if child.i < noun.i:
            continue
        low, high = subtree_range(sentence, child)
        marked = any(tokens[i].lower in ("that", "whether") and tokens[i].dep == "mark" for i in child.children)
        marked = marked or (tokens[low].lower == "that" and tokens[low].tag == "IN")
        if marked and "clause" in cue.slots:
            return (tokens[low].start, tokens[high].end), "clause"
        if "inf" in cue.slots and child.dep in ("acl", "relcl") and has_to(sentence, child):
            return (tokens[low].start, tokens[high].end), "inf"
    for prep in sentence.children_by(noun, "prep"):
        wanted = (prep.lower == "of" and "of" in cue.slots) or prep.lower in cue.preps
        if wanted and prep.i > noun.i and prep.i + 1 < len(tokens) and prep.children:
            high = subtree_range(sentence, prep)[1]
            return (tokens[prep.i + 1].start, tokens[high].end), f"prep:{prep.lower}"
    return _distant_that(sentence, noun) if "clause" in cue.slots else None


def _distant_that(sentence: Sentence, noun: Token) -> tuple[Stretch, str] | None:
    """'comments by the minister, an ally of the president, that ...', whatever the parser hung the clause on."""
    for token in sentence.tokens[noun.i + 2 : noun.i + FARTHEST_THAT]:
        if token.is_verb or token.tag == "MD":
            return None
        if token.lower == "that" and token.dep == "mark" and token.tag == "IN":
            clause = sentence.tokens[token.head]
            return (token.start, sentence.tokens[subtree_range(sentence, clause)[1]].end), "clause"
    return None


def _noun_source(sentence: Sentence, noun: Token, content: Stretch) -> Stretch | None:
    slots = grammar.noun_slots(sentence, noun, rulefiles.words("light_verbs"))
    for name in ("poss", "by", "from", "among", "light"):
        for head in slots.preps.get(name, []):
            if content[0] <= head.start < content[1]:
                continue
            if name == "light":
                return source_span(sentence, head, sentence.tokens[noun.head])
            low, high = subtree_range(sentence, head)
            tokens = [
                one for one in sentence.tokens[low : high + 1] if one.end <= content[0] or one.start >= content[1]
            ]
            while tokens and (tokens[-1].dep in ("punct", "case")):
                tokens.pop()
            return (tokens[0].start, tokens[-1].end) if tokens else (head.start, head.end)
    return None


def adjective_frame(sentence: Sentence, adjective: Token, lexicon: CueLexicon) -> Frame | None:
    verb = sentence.tokens[adjective.head]
    if not verb.is_verb:
        return None
    source = subject_span(sentence, verb)
    if source is None or sentence.tokens[0].text == "":
        return None
    cues = frozenset(lexicon.verbs)
    low, _ = verb_group(sentence, verb)
    for cue in lexicon.adjectives.get(adjective.lower) or lexicon.adjectives[adjective.lemma]:
        frame = Frame(sentence, adjective, cue.rule, "clause", (max(low, source[1]), adjective.end), source)
        for child in sentence.child_tokens(adjective):
            if child.i < adjective.i:
                continue
            finite = child.dep == "ccomp" and not has_to(sentence, child) and "clause" in cue.slots
            infinitive = child.dep in ("xcomp", "ccomp") and has_to(sentence, child) and "inf" in cue.slots
            if finite or infinitive:
                frame.slot = "clause" if finite else "inf"
                first = max(subtree_range(sentence, child)[0], adjective.i + 1)
                frame.content = content_after(sentence, adjective, first, child, cues)
                return _with_trimmed_cue(sentence, frame)
            if child.dep == "prep" and child.lower in cue.preps and child.children:
                frame.slot = f"prep:{child.lower}"
                frame.content = content_after(sentence, adjective, child.i + 1, child, cues)
                return _with_trimmed_cue(sentence, frame)
    return None


def _with_trimmed_cue(sentence: Sentence, frame: Frame) -> Frame:
    inside = [one for one in sentence.tokens if frame.cue[0] <= one.start and one.end <= frame.cue[1]]
    if inside:
        frame.cue = (inside[0].start, inside[-1].end)
    return frame


def phrase_frame(sentence: Sentence, token: Token, lexicon: CueLexicon) -> Frame | None:
    for cue in lexicon.phrases[token.lower]:
        if cue.rest and [one.lower for one in sentence.tokens[token.i + 1 : token.i + 1 + len(cue.rest)]] != list(
            cue.rest
        ):
            continue
        if cue.rest:
            return _according(sentence, token, cue)
        return _hearsay(sentence, token, cue)
    return None


def _according(sentence: Sentence, token: Token, cue: Cue) -> Frame | None:
    tokens = sentence.tokens
    last = tokens[token.i + len(cue.rest)]
    objects = sentence.children_by(last, "pobj") or sentence.children_by(token, "pobj")
    if last.i + 1 >= len(tokens):
        return None
    if objects and objects[0].i > last.i:
        head, high = objects[0].i, subtree_range(sentence, objects[0])[1]
    else:  # the parser lost the object: the words up to the next stop
        head = high = last.i + 1
        while high + 1 < len(tokens) and tokens[high + 1].text not in ',.;:—–-()"“”':
            high += 1
    before = [one for one in tokens[: token.i] if one.dep not in ("punct", "cc")]
    comma = next((i for i in range(last.i + 2, high) if tokens[i].text == ","), None)
    if len(before) <= _FRONTED and high >= len(tokens) - 2 and comma is not None:
        high = comma  # the parser took the clause behind the comma for a part of the source
    while high > head and tokens[high].dep == "punct" and tokens[high].text not in "\"”'’)":
        high -= 1
    if tokens[head].lower in rulefiles.words("report_not_sources"):
        return None
    source = (tokens[last.i + 1].start, tokens[high].end)
    if len(before) <= _FRONTED:
        rest = [one for one in tokens[high + 1 :] if one.dep != "punct" or one.text in "\"“'‘"]
        content = (rest[0].start, tokens[-1].end) if rest else None
    else:
        content = (_clause_start(sentence, token), tokens[token.i].start)
    return Frame(sentence, token, cue.rule, "clause", (token.start, last.end), source, content, quotes=True)


def _clause_start(sentence: Sentence, token: Token) -> int:
    """Where the clause begins to which a phrase is added."""
    head = sentence.tokens[token.head]
    while not head.is_verb and head.head != head.i:
        head = sentence.tokens[head.head]
    low = subtree_range(sentence, head)[0]
    while low < token.i and sentence.tokens[low].dep in ("cc", "punct") and sentence.tokens[low].text not in "\"“'‘":
        low += 1
    return sentence.tokens[min(low, token.i - 1)].start


def _hearsay(sentence: Sentence, token: Token, cue: Cue) -> Frame | None:
    head = sentence.tokens[token.head]
    if not head.is_verb:
        return None
    low, high = subtree_range(sentence, head)
    while low < head.i and sentence.tokens[low].dep in ("cc", "punct"):
        low += 1
    content = (sentence.tokens[low].start, sentence.tokens[high].end)
    return Frame(sentence, token, cue.rule, "clause", (token.start, token.end), None, content)
