"""Who is named, and what they are: mentions of actors in a text, and the actor that a noun phrase stands for.

`find_actors` reads the text alone and finds every mention that the lexicon knows; `describe_actor` is given a phrase
that syntax chose and says what it can about it. Neither guesses: what is not known stays None.
"""

from __future__ import annotations

from bisect import bisect_left

from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Actor
from tocsin.resolve.actor_lexicon import ActorLexicon, ActorType, actor_lexicon
from tocsin.resolve.actor_phrases import Phrase, Reading, phrases, read_phrase, to_actor

__all__ = ["ActorLexicon", "actor_lexicon", "describe_actor", "find_actors"]

_NAME_TYPES: dict[str, ActorType] = {"PERSON": "person", "ORG": "organization", "GPE": "organization"}
_UNSAID = frozenset({"generic"})
_MODIFYING = frozenset({"compound", "amod", "nmod"})


def find_actors(parsed: ParsedDocument, lexicon: ActorLexicon) -> tuple[Actor, ...]:
    """Mentions of actors outside masked stretches, in the order of the text, not overlapping.

    A state's name is a mention too, with the rule `state-name` (`capital` for its seat of government): whether it acts
    or is only where something happened is for syntax to say. An adjective alone ("Syrian towns") is no mention.
    """
    found = []
    for phrase in _phrases(parsed, lexicon):
        if _bare_adjective(parsed.text, phrase) or (parsed.mask and parsed.masked(phrase.start, phrase.end)):
            continue
        if phrase.items[-1].entry.kind == "agent" and _only_modifies(parsed, phrase):
            continue
        reading = read_phrase(phrase, lexicon)
        if reading.rule not in _UNSAID:
            found.append(to_actor(parsed.text, phrase.start, phrase.end, reading))
    return tuple(found)


def _phrases(parsed: ParsedDocument, lexicon: ActorLexicon) -> list[Phrase]:
    return lexicon.phrases_of(parsed.text, parsed.published, phrases)


def _bare_adjective(text: str, phrase: Phrase) -> bool:
    """A demonym or a people's name that may be an adjective: no plural, no "-man"."""
    last = phrase.items[-1]
    if last.entry.kind not in ("nation", "people"):
        return False
    word = text[last.start : last.end].lower()
    return not (word.endswith(("s", "men", "man", "woman")) and not word.endswith(("ss", "'s")))


def _only_modifies(parsed: ParsedDocument, phrase: Phrase) -> bool:
    """Whether a descriptive word is no noun of its own here: "rebel areas", "general strike", "they monitor"."""
    head = phrase.items[phrase.head]
    if parsed.text[head.end : head.end + 1] in ("-", "‑"):
        return True
    sentence = parsed.sentence_at(head.start)
    if sentence is None or not sentence.tokens:
        return False
    tokens = sentence.tokens
    index = bisect_left(tokens, head.end, key=_end)
    if index >= len(tokens) or tokens[index].end != head.end:
        return False
    last = tokens[index]
    if last.is_verb and last.tag != "VBG":
        return True
    return last.dep in _MODIFYING and last.head > last.i and tokens[last.head].is_noun


def _end(token: Token) -> int:
    return token.end


def describe_actor(parsed: ParsedDocument, sentence: Sentence, start: int, end: int, lexicon: ActorLexicon) -> Actor:
    """The actor that the noun phrase at `[start, end)` stands for.

    Read in this order: the lexicon phrase that holds the head word; a name elsewhere in the phrase; the model's
    named-entity label. Fields that none of them gives stay None. Offsets and text are those that were asked for.
    """
    inside = _overlapping(_phrases(parsed, lexicon), start, end)
    head = sentence.token_at(start, end) if sentence.tokens else None
    at = head.start if head is not None else end - 1
    chosen = next((one for one in inside if one.start <= at < one.end), None)
    if chosen is not None:
        return to_actor(parsed.text, start, end, read_phrase(chosen, lexicon))
    return to_actor(parsed.text, start, end, _by_company(sentence, head, inside, lexicon))


def _overlapping(found: list[Phrase], start: int, end: int) -> list[Phrase]:
    index = bisect_left(found, start, key=lambda one: one.end - 1)
    inside = []
    while index < len(found) and found[index].start < end:
        inside.append(found[index])
        index += 1
    return inside


def _by_company(sentence: Sentence, head: Token | None, inside: list[Phrase], lexicon: ActorLexicon) -> Reading:
    """A head that the lexicon does not know: what stands beside it and what the model calls it."""
    of_type = _label_type(sentence, head)
    before = next((one for one in inside if head is not None and one.end <= head.start), None)
    if before is None:
        return Reading(None, None, None, None, of_type, "ner" if of_type else "unknown")
    near = read_phrase(before, lexicon)
    if near.rule in ("state-name", "demonym", "capital"):
        return Reading(None, near.country, near.country, None, of_type, "nation+head")
    return Reading(near.name, near.code, near.country, near.sector, of_type or near.type, f"modifier+{near.rule}")


def _label_type(sentence: Sentence, head: Token | None) -> ActorType | None:
    if head is None:
        return None
    label = next((one.label for one in sentence.names if one.start <= head.start < one.end), "")
    return _NAME_TYPES.get(label)
