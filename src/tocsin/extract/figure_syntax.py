"""Links between counts and triggers that the parse gives where neighbourhood is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.extract.figure_counts import Counted
from tocsin.extract.figure_links import Link, fits
from tocsin.extract.figure_triggers import Trigger
from tocsin.extract.grammar import verb_slots
from tocsin.parsed import Sentence, Token
from tocsin.records import FigureKind

_LEAVES = frozenset({"shoot", "beat", "stab", "leave", "strike", "hack"})


def syntactic_links(
    sentence: Sentence, counted: Sequence[Counted], triggers: Sequence[Trigger], taken: set[int]
) -> list[Link]:
    """Links by the parse for counts that have none yet (`taken` holds the first tokens of those that have)."""
    by_token = {i: one for one in counted for i in range(one.first, one.last + 1)}
    links: list[Link] = []
    for trigger in triggers:
        for kind, head in victims(sentence, trigger):
            one = by_token.get(head.i) or _counted_below(sentence, head, by_token)
            if one is None or one.first in taken or not fits(sentence, one, trigger):
                continue
            taken.add(one.first)
            links.append(Link(one, kind, trigger, "syntax"))
    return links


def counted_objects(
    sentence: Sentence, counted: Sequence[Counted], verbs: frozenset[str]
) -> Iterator[tuple[Token, Token, Counted]]:
    """The counts that are objects of verbs of these lemmas, with the verb and the object's head; things are left out."""
    by_token = {i: one for one in counted for i in range(one.first, one.last + 1)}
    for verb in sentence.tokens:
        if verb.is_verb and verb.lemma in verbs:
            for head in verb_slots(sentence, verb).object:
                one = by_token.get(head.i)
                if one is not None and not one.thing:
                    yield verb, head, one


def _counted_below(sentence: Sentence, head: Token, by_token: dict[int, Counted]) -> Counted | None:
    """The count among a victim noun's own modifiers ('the 12 men', 'a family of five')."""
    for child in sentence.child_tokens(head):
        if child.dep in ("nummod", "quantmod") and child.i in by_token:
            return by_token[child.i]
        if child.lower == "of":
            for inner in sentence.child_tokens(child):
                if inner.i in by_token and by_token[inner.i].bare and inner.dep == "pobj":
                    return by_token[inner.i]
    return None


def _in_commas(sentence: Sentence, token: Token) -> Token | None:
    """The subject behind which a participle stands in commas: 'Two drivers of the group, abducted in July, were freed'."""
    if token.dep != "advcl" or not token.i or sentence.tokens[token.i - 1].text != ",":
        return None
    if sentence.children_by(token, "dobj", "aux", "auxpass", "mark"):
        return None
    verb = sentence.tokens[token.head]
    subjects = sentence.children_by(verb, "nsubj", "nsubjpass") or sentence.children_by(token, "nsubj")
    after = sentence.tokens[token.i :]
    closed = any(one.text == "," and one.i < verb.i for one in after)
    return subjects[0] if subjects and subjects[0].i < token.i < verb.i and closed else None


def _stands_alone(sentence: Sentence, token: Token) -> bool:
    """Whether the subject of 'are missing' is its own: of '30 fled, and 52 were missing' the parser may see only the first."""
    auxiliary = sentence.children_by(token, "aux")
    between = [sentence.tokens[auxiliary[0].i - 1]] if auxiliary and auxiliary[0].i else []
    borrowed = token.dep == "conj" and not sentence.children_by(token, "nsubj", "nsubjpass")
    return bool(auxiliary) and not (borrowed and between and between[0].tag == "CD")


def victims(sentence: Sentence, trigger: Trigger) -> list[tuple[FigureKind, Token]]:
    """The nouns that the parse makes victims of the trigger."""
    token, sense = sentence.tokens[trigger.first], trigger.sense
    if trigger.first != trigger.last:
        token = next(
            (t for t in sentence.tokens[trigger.first : trigger.last + 1] if t.is_verb or t.lower == "dead"), token
        )
    if sense.falls and token.is_verb and sense.before:
        return [(sense.before, head) for head in verb_slots(sentence, token).subject]
    if (sense.verb and token.tag == "VBN") or (sense.verb and token.tag == "VBD" and token.dep == "advcl"):
        parenthetic = _in_commas(sentence, token)
        if parenthetic is not None and sense.after:
            return [(sense.after, parenthetic)]
    if sense.verb and token.is_verb and sense.after:
        slots = verb_slots(sentence, token)
        elliptic = token.tag == "VBN" and not slots.object and not sentence.children_by(token, "aux", "agent")
        return [
            (sense.after, head) for head in (slots.subject if elliptic else slots.object)
        ]  # '… and another wounded'
    if sense.before and token.is_verb and trigger.first != trigger.last:
        slots = verb_slots(sentence, token)  # 'were taken hostage', 'have been killed or wounded'
        if sense.after and not slots.passive and token.tag != "VBN":
            return []  # 'gunmen arrived and shot dead nine': the subject did it
        return [(sense.before, head) for head in (slots.object if slots.passive else slots.subject)]
    if sense.before and token.tag == "VBG" and not sense.verb and _stands_alone(sentence, token):
        return [(sense.before, head) for head in verb_slots(sentence, token).subject]  # 'are missing'
    if sense.before and token.dep in ("acomp", "attr", "oprd", "xcomp", "prep") and not sense.verb:
        above = sentence.tokens[token.head]
        if not above.is_verb:
            return []
        slots = verb_slots(sentence, above)
        done_to = slots.object if above.lemma in _LEAVES and not slots.passive else []
        return [(sense.before, head) for head in done_to or slots.subject]  # 'shot one of them dead'
    return []
