"""Pronouns and definite descriptions, tied to an earlier mention where that is safe.

An antecedent must agree in number, sort and gender, lie in the same sentence or one of a few before it, and be the only
one that does, or the only subject among them. Two that fit equally well are a tie, and a tie is no answer. Nothing is
tied across residue or out of a quotation, where "he" is another's he.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from tocsin.parsed import ParsedDocument, Sentence, Token
from tocsin.records import Actor
from tocsin.resolve.actor_candidates import Candidate, SpanOf, candidates, left_span, surnames
from tocsin.resolve.actor_descriptions import described, fits
from tocsin.rulefiles import table

__all__ = ["SpanOf", "explain_references", "resolve_references"]

_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
_IT = frozenset({"it", "its", "itself"})
_RELATIVES = frozenset({"who", "whom", "which", "that", "whose"})
_RELATIVE_TAGS = frozenset({"WP", "WDT", "WP$"})
_PRONOUN_REACH = 2  # sentences back
_DESCRIPTION_REACH = 4
_BLIND = frozenset({"kill", "hit", "strike", "wound", "injure"})  # bombs do: 'A bomb went off. It killed 12'
_QUOTES = '"“”„«»'


def resolve_references(parsed: ParsedDocument, actors: Sequence[Actor]) -> dict[SpanOf, SpanOf]:
    """From the span of a pronoun or description to the span of the mention that it stands for."""
    explained = explain_references(parsed, actors)
    first: dict[SpanOf, SpanOf] = {}  # the end of the chain: "they" for "the militants" for "Boko Haram"
    for span in sorted(explained):  # whom a mention stands for has been named before it
        antecedent = explained[span][0]
        first[span] = first.get(antecedent, antecedent)
    return {span: first[span] for span in explained}


def explain_references(parsed: ParsedDocument, actors: Sequence[Actor]) -> dict[SpanOf, tuple[SpanOf, str]]:
    """As `resolve_references`, with the name of the rule that decided."""
    found: dict[SpanOf, tuple[SpanOf, str]] = {}
    before: list[list[Candidate]] = []
    by_sentence = _by_sentence(parsed, actors)
    last_end = 0
    people: dict[str, SpanOf] = {}
    for sentence in parsed.sentences:
        if parsed.mask and parsed.masked(last_end, sentence.end):
            before, people = [], {}  # residue lies between: what came before it is out of reach
        last_end = sentence.end
        if not sentence.tokens or (parsed.mask and parsed.masked(sentence.start, sentence.end)):
            before.append([])
            continue
        here = candidates(parsed, sentence, by_sentence.get(sentence.index, {}))
        _read_sentence(parsed, sentence, here, before[-_DESCRIPTION_REACH:], found)
        found.update(_bare_surnames(sentence, people))
        people = {**surnames(here), **people}
        before.append(here)
    return found


def _by_sentence(parsed: ParsedDocument, actors: Sequence[Actor]) -> dict[int, dict[SpanOf, Actor]]:
    grouped: dict[int, dict[SpanOf, Actor]] = {}
    for one in actors:
        sentence = parsed.sentence_at(one.start)
        if sentence is not None:
            grouped.setdefault(sentence.index, {})[(one.start, one.end)] = one
    return grouped


def _read_sentence(
    parsed: ParsedDocument,
    sentence: Sentence,
    here: list[Candidate],
    before: list[list[Candidate]],
    found: dict[SpanOf, tuple[SpanOf, str]],
) -> None:
    referring: set[int] = set()
    for token in sentence.tokens:
        answer = _relative(sentence, token) or _pronoun(sentence, token, here, before)
        if answer is not None:
            found[(token.start, token.end)] = answer
    for n, one in enumerate(here):
        answer = _description(sentence, one, here[:n], before)
        if answer is not None:
            found[one.span] = answer
            referring.add(n)
    for n in sorted(referring, reverse=True):  # a description hands on its antecedent, it is no rival of it
        span = found[here[n].span][0]
        original = next((c for group in (*before, here) for c in group if c.span == span), None)
        if original is not None:
            here[n] = original._replace(subject=here[n].subject, sentence=here[n].sentence)


def _bare_surnames(sentence: Sentence, people: Mapping[str, SpanOf]) -> dict[SpanOf, tuple[SpanOf, str]]:
    """ "Bustillo" after "Gen. Juan Bustillo", with and without the genitive."""
    found: dict[SpanOf, tuple[SpanOf, str]] = {}
    if not people:
        return found
    for token in sentence.tokens:
        if token.lower not in people or not token.tag.startswith("NNP"):
            continue
        if any(one.i < token.i and one.tag == "NNP" for one in sentence.child_tokens(token)) or token.dep in (
            "compound",
            "amod",
        ):
            continue  # part of a longer name, which says itself who it is
        answer = (people[token.lower], "coreference:surname")
        found[(token.start, token.end)] = answer
        for child in sentence.children_by(token, "case"):
            found[(token.start, child.end)] = answer
    return found


# ---------------------------------------------------------------------- relative clauses


def _relative(sentence: Sentence, token: Token) -> tuple[SpanOf, str] | None:
    """ "the man who …": the noun that the clause hangs on."""
    if token.lower not in _RELATIVES or token.tag not in _RELATIVE_TAGS:
        return None
    for verb in sentence.ancestors(token):
        if verb.dep in ("relcl", "acl") and verb.head != verb.i:
            noun = sentence.tokens[verb.head]
            if noun.is_noun and noun.end <= token.start:
                return left_span(sentence, noun), "coreference:relative"
            return None
        if not verb.is_verb and verb.dep not in ("prep", "pobj", "nsubj", "dobj", "nsubjpass", "poss"):
            return None
    return None


# ---------------------------------------------------------------------- pronouns


def _pronoun(
    sentence: Sentence, token: Token, here: list[Candidate], before: list[list[Candidate]]
) -> tuple[SpanOf, str] | None:
    if token.tag not in ("PRP", "PRP$") or sentence.is_quoted(token) or _says_nothing(sentence, token):
        return None
    earlier = [one for one in here if one.span[1] <= token.start and not _same_clause(sentence, one, token)]
    groups = [earlier, *reversed(before[-_PRONOUN_REACH:])]
    for distance, group in enumerate(groups):
        fitting = [one for one in group if _agrees(one, token)]
        if not fitting:
            continue
        if token.lower in _THEY and any(one.coordinated and one.subject for one in group):
            return None  # "the army and the rebels": "they" are both, which no one mention is
        best = _salient(fitting)
        if best is None:
            return None
        return best.span, f"coreference:pronoun:{'same' if distance == 0 else 'previous'}-sentence"
    return None


def _agrees(one: Candidate, token: Token) -> bool:
    word = token.lower
    if word in _HE or word in _SHE:
        wanted = "m" if word in _HE else "f"
        return one.type == "person" and one.number == "singular" and one.gender in (None, wanted)
    if word in _THEY:
        return one.number in ("plural", "either")
    if word in _IT:
        return one.type == "organization" and one.subject and one.number in ("singular", "either")
    return False


def _salient(fitting: list[Candidate]) -> Candidate | None:
    """The only one, or the only subject; mentions of one actor count once. None is a tie."""
    for group in (fitting, [one for one in fitting if one.subject]):
        if len({one.key for one in group}) == 1:
            return group[-1]
    return None


def _same_clause(sentence: Sentence, one: Candidate, token: Token) -> bool:
    """An object pronoun is never its own clause's subject: "Ahmed shot him" is somebody else."""
    if token.tag == "PRP$" or token.lower.endswith(("self", "selves")):
        return False
    return _clause(sentence, one.head) == _clause(sentence, token)


def _clause(sentence: Sentence, token: Token) -> int:
    for one in sentence.ancestors(token):
        if one.is_verb and one.dep not in ("aux", "auxpass", "amod"):
            return one.i
    return token.i


def _says_nothing(sentence: Sentence, token: Token) -> bool:
    """ "It was reported that", "it exploded": "it" stands for a body of people only where such a body acts."""
    if token.lower != "it":
        return False
    verb = sentence.tokens[token.head]
    return token.dep != "nsubj" or verb.lemma not in _agentive() or verb.lemma in _BLIND


@cache
def _agentive() -> frozenset[str]:
    return frozenset(row["verb"] for row in table("actors/agentive.csv"))


# ---------------------------------------------------------------------- descriptions


def _description(
    sentence: Sentence, one: Candidate, earlier: list[Candidate], before: list[list[Candidate]]
) -> tuple[SpanOf, str] | None:
    what = described(sentence, one)
    if what is None:
        return None
    for group in (earlier, *reversed(before)):
        fitting = [rival for rival in group if fits(what, one, rival)]
        if fitting:
            best = _salient(fitting)
            return (best.span, f"coreference:description:{what}") if best is not None else None
    return None
