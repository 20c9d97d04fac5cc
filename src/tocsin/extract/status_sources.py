"""Who says so, by syntax alone: the subject of a verb of saying, the possessor or author of a noun of saying."""

from __future__ import annotations

from tocsin.extract import status_clause as clause
from tocsin.parsed import Sentence, Token


def speaker(sentence: Sentence, cue: Token) -> Token | None:
    """The word that names whose words the cue's complement is; None where the sentence does not say."""
    if cue.tag[:2] != "VB":
        return _owner(sentence, cue)
    found = clause.subject_of(sentence, cue)
    if found is None or found.lower == "there" or (found.dep == "nsubjpass" and cue.lemma != "tell"):
        return _below(sentence, cue, "agent")
    return found


def _owner(sentence: Sentence, noun: Token) -> Token | None:
    """'the governor's statement', 'a statement by the governor'."""
    for child in sentence.children_by(noun, "poss"):
        return child
    return _below(sentence, noun, "prep", "agent", only=("by", "from"))


def _below(sentence: Sentence, head: Token, *deps: str, only: tuple[str, ...] = ("by",)) -> Token | None:
    for child in sentence.children_by(head, *deps):
        if child.lower in only:
            return next(iter(sentence.children_by(child, "pobj")), None)
    return None
