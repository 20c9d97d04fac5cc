"""Who is contradicted without a word of denial: 'it crashed', 'we were never there', 'the reports are lies', 'which the army disputes'.

An event that a source reports stands as `denied`, said by both, where another source answers it in the next breath:
whoever is said to have done it says no, somebody calls the reports false, or tells an accident instead of an attack.
What the page itself asserts is left alone. `tocsin.denials` reads what is denied with a verb that is an event of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from tocsin.extract.events import Draft
from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Event, Span, Statement, Why

_OPEN = frozenset({"reported", "alleged"})
_REACH = 2  # sentences back
_ACTS = frozenset(
    """be have attack fire shell bomb kill carry target strike enter take conduct use operate do launch order commit hit burn
    shoot arrest detain hold play""".split()
)  # what an accused denies by saying that he did not do it
_PRONOUNS = frozenset({"it", "they", "he", "she", "we", "i"})
_AHEAD = frozenset({"will", "would", "'ll", "wo", "may", "might", "could", "can", "yet"})
_ACCIDENTS = frozenset({"crash", "collapse", "malfunction", "misfire", "capsize"})
_HIT = frozenset({"shoot", "down", "destroy", "hit", "blow", "bomb", "sink", "strike"})
_CALLING = frozenset({"call", "brand", "describe", "label", "say", "dismiss"})
_REPORTS = frozenset({"report", "claim", "allegation", "accusation", "charge", "account", "version", "story"})
_FALSE = frozenset(
    "lie lies false baseless unfounded untrue fabricated fabrication invention propaganda nonsense groundless slander".split()
)
_DISPUTING = frozenset("disputes disputed denies denied rejects rejected contests contested".split())
_AUXILIARIES = frozenset("is are was were be been has have had not never n't would will , ; that".split())
_NEAR = 8  # words within which the reports and what they are called stand


def with_contradictions(
    parsed: ParsedDocument, events: Sequence[Event], drafts: Sequence[Draft], statements: Sequence[Statement]
) -> list[Event]:
    """The events, those that another source contradicts made `denied`; `drafts` are in the same order."""
    found = list(events)
    if not any(_is_open(one, draft) for one, draft in zip(found, drafts, strict=True)):
        return found
    starts = [one.start for one in drafts]
    for statement in statements:
        if statement.source is not None:
            for n in _before(parsed, drafts, bisect_left(starts, statement.content.start), statement.content.start):
                if _is_open(found[n], drafts[n]) and _answers(parsed, found[n], drafts[n], statement):
                    found[n] = _denied(found[n], statement.content, statement)
    for verb in _said_false(parsed):
        near = _before(parsed, drafts, bisect_left(starts, verb.start), verb.start)
        told = [n for n in near if _is_open(found[n], drafts[n])]
        if verb.lower in _DISPUTING:
            told = told[:1]  # ', which the army disputes' is said of the clause before it, not of the whole sentence
        last = max((drafts[n].sentence for n in told), default=-1)
        for n in told:
            if drafts[n].sentence == last:
                found[n] = _denied(found[n], parsed.span(verb.start, verb.end), _statement_of(statements, verb))
    return found


def _is_open(event: Event, draft: Draft) -> bool:
    """Whether it is an act of harm that only a source vouches for."""
    return event.status in _OPEN and (draft.kind.forceful or draft.token.lemma in _HIT)


def _before(parsed: ParsedDocument, drafts: Sequence[Draft], first: int, at: int) -> list[int]:
    """The events told before a place of the text, at most `_REACH` sentences back and within its paragraph."""
    here = parsed.sentence_at(at)
    found: list[int] = []
    while here is not None and first:
        first -= 1
        if drafts[first].sentence < here.index - _REACH:
            break
        if parsed.sentences[drafts[first].sentence].paragraph == here.paragraph:
            found.append(first)
    return found


def _answers(parsed: ParsedDocument, event: Event, draft: Draft, statement: Statement) -> bool:
    """Whether the statement is another's, and says that the event was not so."""
    if statement.source is None or statement.id in event.said_by:
        return False
    sentence = parsed.sentence_at(statement.content.start)
    head = _head(sentence, statement) if sentence is not None else None
    if sentence is None or head is None:
        return False
    if draft.token.lemma in _HIT and sentence.index - draft.sentence <= 1 and _tells_accident(sentence, head):
        return True
    return _did_it(parsed, event, draft, statement) and _says_no(sentence, head)


def _head(sentence: Sentence, statement: Statement) -> Token | None:
    """The verb of the statement's own clause."""
    inside = [
        one for one in sentence.tokens if statement.content.start <= one.start and one.end <= statement.content.end
    ]
    within = {one.i for one in inside}
    return next((one for one in inside if one.tag[:2] == "VB" and (one.head not in within or one.head == one.i)), None)


def _tells_accident(sentence: Sentence, head: Token) -> bool:
    """'it crashed', 'it made an emergency landing': the same thing, and nobody's doing."""
    subject = sentence.children_by(head, "nsubj")
    landing = any(one.lemma == "landing" for one in sentence.children_by(head, "dobj"))
    return bool(subject) and subject[0].lower in _PRONOUNS and (head.lemma in _ACCIDENTS or landing)


def _did_it(parsed: ParsedDocument, event: Event, draft: Draft, statement: Statement) -> bool:
    """Whether the source is the one who is said to have done it: the same actor, or the same last word ('the militia')."""
    source = statement.source
    if source is None:
        return False
    last = source.text.lower().split()[-1:]
    return source.actor in event.actor or any(
        parsed.text[slice(*one)].lower().split()[-1:] == last for one in draft.actors
    )


def _says_no(sentence: Sentence, head: Token) -> bool:
    """'it had never been there', 'none of its men fired': a denied act of the past, and no refusal of one to come."""
    below = sentence.child_tokens(head)
    if head.lemma not in _ACTS or any(one.lower in _AHEAD for one in below):
        return False
    subject = next((one for one in below if one.dep in ("nsubj", "nsubjpass")), None)
    if subject is None:
        return False
    nobody = subject.lower == "none" or any(one.lower == "no" for one in sentence.children_by(subject, "det"))
    negated = any(one.dep == "neg" for one in below)
    no_part = any(two.lower == "no" for one in sentence.children_by(head, "dobj") for two in sentence.child_tokens(one))
    return nobody or (subject.lower in _PRONOUNS and (negated or (head.lemma in ("have", "play", "take") and no_part)))


def _said_false(parsed: ParsedDocument) -> Iterator[Token]:
    """The verbs of 'called the reports lies' and of '…, which the army disputes'."""
    for sentence in parsed.sentences:
        for verb in sentence.tokens:
            disputed = verb.lower in _DISPUTING and _after_which(sentence, verb)
            if disputed or (verb.lemma in _CALLING and verb.is_verb and _calls_false(sentence, verb)):
                yield verb


def _after_which(sentence: Sentence, verb: Token) -> bool:
    """', which the army disputes', by its words: parsers take such a short clause for a noun phrase."""
    before = [one.lower for one in sentence.tokens[max(verb.i - _NEAR, 0) : verb.i]]
    at = max((n for n, word in enumerate(before) if word == "which"), default=0)
    words = before[at + 1 :]
    return at > 0 and before[at - 1] == "," and bool(words) and not _AUXILIARIES.intersection(words)


def _calls_false(sentence: Sentence, verb: Token) -> bool:
    behind = sentence.tokens[verb.i + 1 : verb.i + 1 + _NEAR]
    if verb.lemma == "call" and behind and behind[0].lower in ("that", "this", "it"):
        return any(one.lower in _FALSE for one in behind[1:4]) and not any(one.dep == "neg" for one in behind[:4])
    told = next((n for n, one in enumerate(behind) if one.lemma in _REPORTS), None)
    if told is None or any(one.dep == "neg" for one in behind):
        return False
    named = not told or behind[told - 1].lower in ("the", "these", "those", "such", "all", "this", "that")
    return named and any(one.lower in _FALSE for one in behind[told + 1 :])


def _statement_of(statements: Sequence[Statement], verb: Token) -> Statement | None:
    return next((one for one in statements if one.cue is not None and one.cue.start <= verb.start < one.cue.end), None)


def _denied(event: Event, span: Span, statement: Statement | None) -> Event:
    said_by = tuple(dict.fromkeys((*event.said_by, *((statement.id,) if statement is not None else ()))))
    why = Why(cell="status", rule="contradicted", spans=(span,))
    return replace(event, status="denied", said_by=said_by, certainty=0.0, why=(*event.why, why))
