"""Who a later pronoun or description may stand for: the noun phrases of a parsed sentence, with what must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Actor
from tocsin.resolve.actor_lexicon import ActorType, fold
from tocsin.rulefiles import table

Number = Literal["singular", "plural", "either"]
Gender = Literal["m", "f"]
SpanOf = tuple[int, int]
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_LEFT_PARTS = frozenset({"det", "amod", "compound", "nmod", "nummod", "poss", "quantmod", "advmod", "case", "punct"})
_TEAMS = frozenset(
    ["police", "military", "army", "government", "troops", "forces", "media", "navy", "militia", "authorities"]
)
_PLURALS = frozenset(
    {"men", "women", "children", "people", "gunmen", "policemen", "militiamen", "servicemen", "persons"}
)


class Candidate(NamedTuple):
    """A noun phrase that may be referred to. `key` is the same for two mentions of one actor."""

    span: SpanOf
    head: Token
    key: str
    type: ActorType | None
    number: Number
    gender: Gender | None
    sector: str | None
    named: bool
    subject: bool
    coordinated: bool
    sentence: int


@cache
def genders() -> Mapping[str, str]:
    """The words of `rules/actors/genders.csv`, folded."""
    return {row["word"]: row["gender"] for row in table("actors/genders.csv")}


def left_span(sentence: Sentence, head: Token) -> SpanOf:
    """The head with what stands before it in its noun phrase: "the armed group", without what follows."""
    start, stack = head.start, [head.i]
    while stack:
        for child in sentence.child_tokens(sentence.tokens[stack.pop()]):
            if child.i < head.i and child.dep in _LEFT_PARTS:
                start = min(start, child.start)
                stack.append(child.i)
    return start, head.end


def candidates(parsed: ParsedDocument, sentence: Sentence, actors: Mapping[SpanOf, Actor]) -> list[Candidate]:
    """The sentence's actors and named or subject noun phrases, in the order of the text; no pronouns."""
    found = []
    taken: set[int] = set()
    for span, actor in actors.items():
        head = sentence.token_at(*span)
        if head is not None and head.i not in taken and head.is_noun and not _modifier(head):
            taken.add(head.i)
            found.append(_of_actor(sentence, head, span, actor))
    found.extend(_unlisted(parsed, sentence, taken))
    return sorted(found, key=lambda one: one.span)


def _modifier(head: Token) -> bool:
    return head.dep in ("compound", "amod", "nmod")


def _of_actor(sentence: Sentence, head: Token, span: SpanOf, actor: Actor) -> Candidate:
    named = actor.rule.startswith(("lexicon:", "state-name", "capital", "leader"))
    start, end = left_span(sentence, head)
    whole = (start, end) if start <= span[0] and end == span[1] else span
    gender = gender_of(sentence, head, whole)
    if gender is None and actor.type == "person" and actor.name:
        gender = _told(fold(actor.name).split())
    key = actor.name or f"{actor.code}:{head.lemma}"
    return _candidate(sentence, head, whole, key, actor.type, gender, actor.sector, named=named)


def _candidate(
    sentence: Sentence, head: Token, span: SpanOf, key: str, kind: ActorType | None, gender: Gender | None,
    sector: str | None, *, named: bool,
) -> Candidate:  # fmt: skip
    return Candidate(
        span, head, key, kind, number(head), gender, sector, named, _is_subject(sentence, head),
        _coordinated(sentence, head), sentence.index,
    )  # fmt: skip


def _unlisted(parsed: ParsedDocument, sentence: Sentence, taken: set[int]) -> Iterator[Candidate]:
    """Persons and bodies that only the model knows as names, and definite descriptions ("the group")."""
    for name in sentence.names:
        head = sentence.token_at(name.start, name.end) if name.label in ("PERSON", "ORG") else None
        if head is None or head.i in taken or not head.is_noun or _modifier(head):
            continue
        taken.add(head.i)
        kind: ActorType = "person" if name.label == "PERSON" else "organization"
        span = left_span(sentence, head) if head.end == name.end else (name.start, name.end)
        key = head.lower if kind == "person" else parsed.text[name.start : name.end].lower()
        yield _candidate(sentence, head, span, key, kind, gender_of(sentence, head, span), None, named=True)
    for head in sentence.tokens:
        if head.i not in taken and head.is_noun and head.lower in description_words() and not _modifier(head):
            span = left_span(sentence, head)
            yield _candidate(sentence, head, span, head.lower, None, None, None, named=False)


@cache
def description_words() -> frozenset[str]:
    """The words of `rules/actors/descriptions.csv`."""
    return frozenset(row["word"] for row in table("actors/descriptions.csv"))


def _is_subject(sentence: Sentence, head: Token) -> bool:
    while head.dep == "conj" and head.head != head.i:
        head = sentence.tokens[head.head]
    return head.dep in SUBJECTS


def surnames(here: Iterable[Candidate]) -> dict[str, SpanOf]:
    """The last names of persons who are named in full here: "Gen. Juan Bustillo" tells who "Bustillo" is later."""
    return {
        one.head.lower: one.span
        for one in here
        if one.type == "person" and one.named and one.span[0] < one.head.start and one.head.tag.startswith("NNP")
    }


def _coordinated(sentence: Sentence, head: Token) -> bool:
    return head.dep == "conj" or any(one.dep == "conj" for one in sentence.child_tokens(head))


def number(head: Token) -> Number:
    """Singular or plural by form; "either" for bodies that English counts both ways ("police", "the army").

    Of a word all in capitals the tagger makes a proper noun, so its ending is looked at.
    """
    if head.lower in _TEAMS:
        return "either"
    if head.tag in ("NNS", "NNPS") or head.lower in _PLURALS:
        return "plural"
    shouted = head.text.isupper() and len(head.text) > 3 and head.tag == "NNP"
    return (
        "plural" if shouted and head.lower.endswith("s") and not head.lower.endswith(("ss", "us", "is")) else "singular"
    )


def gender_of(sentence: Sentence, head: Token, span: SpanOf) -> Gender | None:
    """What the words of the phrase tell about gender; None where they tell nothing or contradict each other."""
    words = [fold(one.text).strip(" .") for one in sentence.tokens if span[0] <= one.start and one.end <= span[1]]
    if head.lower.endswith(("sman", "tman", "eman", "nman")):
        words.append("man")
    return _told(words)


def _told(words: Iterable[str]) -> Gender | None:
    known = genders()
    told = {known[one] for one in words if one in known}
    return ("m" if "m" in told else "f") if len(told) == 1 else None
