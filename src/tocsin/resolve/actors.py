"""Who is named, and what they are: mentions of actors in a text, and the actor that a noun phrase stands for.

`find_actors` reads the text alone and finds every mention that the lexicon knows; `describe_actor` is given a phrase
that syntax chose and says what it can about it. Neither guesses: what is not known stays None.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cache

from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Actor
from tocsin.resolve.actor_lexicon import ActorLexicon, ActorType, Item, actor_lexicon
from tocsin.resolve.actor_phrases import Phrase, Reading, owned_by, phrases, read_phrase, to_actor
from tocsin.rulefiles import table

__all__ = ["ActorLexicon", "actor_lexicon", "describe_actor", "find_actors", "organisation_within"]

_NAME_TYPES: dict[str, ActorType] = {"PERSON": "person", "ORG": "organization", "GPE": "organization"}
_MODIFYING = frozenset({"compound", "amod", "nmod"})
_HOLDING = frozenset({"poss", "compound", "amod", "nmod"})
_ORGANISED = frozenset({"group", "organization"})
_LINKS = frozenset({"of", "by", "from", "with", "for", "belonging", "between", "among"})
_COUNTS = frozenset(
    "dozens scores hundreds thousands tens number group majority handful most some many several all both part rest "
    "one two three four five six seven eight nine ten".split()
)  # fmt: skip


def find_actors(parsed: ParsedDocument, lexicon: ActorLexicon) -> tuple[Actor, ...]:
    """Mentions of actors outside masked stretches, in the order of the text, not overlapping.

    A state's name is a mention too, with the rule `state-name` (`capital` for its seat of government): whether it acts
    or is only where something happened is for syntax to say. An adjective alone ("Syrian towns") is no mention, nor is
    a word that only modifies another ("rebel areas").
    """
    found = []
    for phrase in _phrases(parsed, lexicon):
        if _bare_adjective(parsed.text, phrase) or (parsed.mask and parsed.masked(phrase.start, phrase.end)):
            continue
        if phrase.items[-1].entry.kind == "agent" and _only_modifies(parsed, phrase):
            continue
        reading = read_phrase(phrase, lexicon)
        if reading.code is not None:
            found.append(to_actor(parsed.text, phrase.start, phrase.end, reading))
    return tuple(found)


def _phrases(parsed: ParsedDocument, lexicon: ActorLexicon) -> list[Phrase]:
    def read(text: str, items: list[Item], known: ActorLexicon) -> list[Phrase]:
        return phrases(text, items, known, [one.start for one in parsed.sentences])

    return lexicon.phrases_of(parsed.text, parsed.published, read)


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


# ---------------------------------------------------------------------- one noun phrase


def describe_actor(parsed: ParsedDocument, sentence: Sentence, start: int, end: int, lexicon: ActorLexicon) -> Actor:
    """The actor that the noun phrase at `[start, end)` stands for.

    Read in this order: the lexicon phrase that holds the head word, with an owner beside it; a modifier of the head; an
    apposition or `of` phrase; the words of an unknown name; the model's label. Fields that none of them gives stay
    None. Offsets and text are those that were asked for.
    """
    inside = _overlapping(_phrases(parsed, lexicon), start, end)
    head = sentence.token_at(start, end) if sentence.tokens else None
    at = head.start if head is not None else end - 1
    chosen = next((n for n, one in enumerate(inside) if one.start <= at < one.end), None)
    reading = (
        _by_company(parsed.text, sentence, head, inside, lexicon)
        if chosen is None
        else _with_owner(sentence, head, inside, chosen, lexicon)
    )
    vague = reading.sector is None or (reading.rule == "agent" and reading.type == "organization")
    if vague and head is not None and head.text[:1].isupper():
        reading = _by_name_words(parsed.text, start, end, head, reading)
    return to_actor(parsed.text, start, end, reading)


def organisation_within(parsed: ParsedDocument, start: int, end: int, lexicon: ActorLexicon) -> Actor | None:
    """The named group or organisation whose people a longer phrase means: the FMLN of 'members of the FMLN'.

    None where the phrase is the name itself, holds no name that the lexicon knows, or says by its head what these people
    are ('FMLN guerrillas'): then they are an actor of their own sort.
    """
    items = [one for phrase in _overlapping(_phrases(parsed, lexicon), start, end) for one in phrase.items]
    named = [one for one in items if one.entry.kind in _ORGANISED and start <= one.start and one.end <= end]
    people = [one.entry for one in items if one.entry.kind == "agent"]
    if not named or not people or any(one.sector for one in people):
        return None
    row = named[-1]
    entry = row.entry
    reading = Reading(entry.name, entry.code, entry.country, entry.sector, "organization", f"lexicon:{entry.kind}")
    return to_actor(parsed.text, row.start, row.end, reading)


def _overlapping(found: list[Phrase], start: int, end: int) -> list[Phrase]:
    index = bisect_left(found, start, key=lambda one: one.end - 1)
    inside = []
    while index < len(found) and found[index].start < end:
        inside.append(found[index])
        index += 1
    return inside


def _with_owner(
    sentence: Sentence, head: Token | None, inside: list[Phrase], chosen: int, lexicon: ActorLexicon
) -> Reading:
    """The phrase of the head; where it has no country, whose it is by a name that modifies the head."""
    phrase = inside[chosen]
    reading = read_phrase(phrase, lexicon)
    if head is None or reading.country or reading.sector in ("IGO", "NGO") or phrase.relation:
        return reading
    if phrase.items[phrase.head].entry.kind != "agent":
        return reading
    for one in reversed(inside[:chosen]):
        token = sentence.token_at(one.start, one.end)
        if token is not None and token.dep in _HOLDING and _reaches(sentence, token, head):
            return read_phrase(owned_by(phrase, one), lexicon)
    return reading


def _reaches(sentence: Sentence, token: Token, head: Token) -> bool:
    for one in sentence.ancestors(token):
        if one is head:
            return True
        if one.dep not in _HOLDING:
            return False
    return False


def _by_company(
    text: str, sentence: Sentence, head: Token | None, inside: list[Phrase], lexicon: ActorLexicon
) -> Reading:
    """A head that the lexicon does not know: what stands beside it and what the model calls it."""
    of_type = _label_type(sentence, head)
    unknown = Reading(None, None, None, None, of_type, "ner" if of_type else "unknown")
    if head is None:
        return unknown
    before = next((one for one in reversed(inside) if one.end <= head.start), None)
    if before is not None and text[before.end : before.end + 1] not in ("-", "‑"):
        return _by_modifier(read_phrase(before, lexicon), of_type)
    after = next((one for one in inside if one.start > head.start and _linked(sentence, one, head, of_type)), None)
    if after is None:
        return unknown
    near = read_phrase(after, lexicon)
    kind = of_type or (near.type if head.lower in _COUNTS else None)
    if near.rule in ("state-name", "demonym"):
        return Reading(None, near.country, near.country, None, kind, "head+of-state")
    name = near.name if of_type != "person" or near.rule.startswith("agent-of") else None
    return Reading(name, near.code, near.country, near.sector, kind, f"head+{near.rule}")


def _by_modifier(near: Reading, of_type: ActorType | None) -> Reading:
    if near.rule in ("state-name", "demonym", "capital"):
        return Reading(None, near.country, near.country, None, of_type, "nation+head")
    kind = of_type or ("person" if near.type == "person" and near.rule.endswith("agent") else None)
    name = near.name if of_type != "person" else None
    return Reading(name, near.code, near.country, near.sector, kind, f"modifier+{near.rule}")


def _linked(sentence: Sentence, one: Phrase, head: Token, of_type: ActorType | None) -> bool:
    """Whether a later phrase says who the head is: its `of` or `by` phrase, or for a person the apposition."""
    token = sentence.token_at(one.items[one.head].start, one.items[one.head].end)
    if token is None:
        return False
    if token.dep == "appos":
        return of_type == "person" and token.head == head.i
    if token.dep not in ("pobj", "appos"):
        return False
    link = sentence.tokens[token.head]
    return link.lower in _LINKS and link.head == head.i


def _label_type(sentence: Sentence, head: Token | None) -> ActorType | None:
    if head is None:
        return None
    label = next((one.label for one in sentence.names if one.start <= head.start < one.end), "")
    if label != "PERSON" and not head.tag.startswith("NNP"):
        return None  # common nouns in capitals are taken for names
    return _NAME_TYPES.get(label)


def _by_name_words(text: str, start: int, end: int, head: Token, reading: Reading) -> Reading:
    """A capitalised name that no list has, by its words: "… Liberation Front", "… University"."""
    rows = _name_words().get(head.lower)
    if rows is None or reading.type == "person":
        return reading
    before = text[start : head.start].lower().replace("-", " ").split()
    for needed, sector in rows:
        if not needed or any(one in needed for one in before):
            code = f"{reading.country or ''}{sector}"
            name = " ".join(text[start : head.end].split())
            return reading._replace(name=name, code=code, sector=sector, type="organization", rule="name-words")
    return reading


@cache
def _name_words() -> Mapping[str, list[tuple[frozenset[str], str]]]:
    rows: dict[str, list[tuple[frozenset[str], str]]] = {}
    for row in table("actors/name_words.csv"):
        needed = frozenset(one for one in row["with"].split("|") if one)
        rows.setdefault(row["last"], []).append((needed, row["sector"]))
    return rows
