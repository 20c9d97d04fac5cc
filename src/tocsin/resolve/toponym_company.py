"""Names that are places by the company that they keep: listed beside a place ('in X and Y'), or told as one elsewhere on the page.

A parser's label of a strange name tells little, and the second of a list has no preposition of its own. What is found
here rests on a name that was taken for a place before; it never starts a place from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.parsed import Sentence, Token
from tocsin.resolve.toponym_judge import Reading
from tocsin.resolve.toponym_scan import Atom
from tocsin.resolve.toponym_words import role
from tocsin.stretches import ByStart

SpanOf = tuple[int, int]
Lines = Sequence[tuple[Sentence, list[Atom]]]
_NEVER = frozenset({"DATE", "TIME", "EVENT", "LAW", "LANGUAGE", "MONEY", "PERCENT"})
_LEAST_LETTERS = 4  # a shorter name told elsewhere on the page may be another word here
_MOST = 8  # names of one list


def listed(reading: Reading, lines: Lines, known: Sequence[SpanOf]) -> Iterator[SpanOf]:
    """Single names that the syntax joins to one of the `known` places: 'in X, Y and Z'. In the order of the text."""
    if reading.caseless:
        return
    places = ByStart(known, lambda one: one)
    for sentence, line in lines:
        if not places.starting_in(sentence.start, sentence.end):
            continue
        for n, atom in enumerate(line):
            if atom.name and not places.touches(atom.start, atom.end) and _in_list(reading, sentence, line, n, places):
                yield atom.start, atom.end


def _in_list(reading: Reading, sentence: Sentence, line: list[Atom], n: int, places: ByStart[SpanOf]) -> bool:
    atom = line[n]
    if not _alone(line, n) or atom.lower in reading.small or atom.lower in role("titles") or not atom.text[1:].islower():
        return False
    if any(one.start <= atom.start < one.end and one.label in _NEVER for one in sentence.names):
        return False
    token = sentence.token_at(atom.start, atom.end)
    for _ in range(_MOST):
        if token is None or not _joins(sentence, token):
            return False
        token = sentence.tokens[token.head]
        if places.touches(token.start, token.end):
            return _governed(sentence, token)
    return False


def _joins(sentence: Sentence, token: Token) -> bool:
    """Whether the token goes on with a list: after 'and', or after a comma with the list going on behind it."""
    return token.dep == "conj" or (token.dep == "appos" and bool(sentence.children_by(token, "conj")))


def _governed(sentence: Sentence, token: Token) -> bool:
    """Whether the list that the place begins hangs on a word of place, or is what was taken or hit."""
    while token.dep in ("conj", "appos") and token.head != token.i:
        token = sentence.tokens[token.head]
    above = sentence.tokens[token.head]
    if token.dep == "pobj":
        return above.lower in role("in") or above.lower == "of"
    return token.dep == "dobj" and above.lower in role("taken")


def _alone(line: list[Atom], n: int) -> bool:
    """Whether the name is one word, and nobody's: no other name is written to it, no genitive follows."""
    after = line[n + 1] if n + 1 < len(line) else None
    if n and line[n - 1].name and line[n - 1].joined in (" ", ".", "-"):
        return False
    return line[n].joined not in ("s", "-") and not (after is not None and after.name and line[n].joined in (" ", "."))


def told_elsewhere(lines: Lines, vouched: Sequence[SpanOf], taken: Sequence[SpanOf], text: str) -> Iterator[SpanOf]:
    """Further mentions of single names that were vouched for: 'near X' once, then 'X was shelled'."""
    names = {text[start:end] for start, end in vouched if end - start >= _LEAST_LETTERS}
    places = ByStart([*vouched, *taken], lambda one: one)
    for _, line in lines if names else ():
        for n, atom in enumerate(line):
            if atom.text in names and _free(line, n) and not places.touches(atom.start, atom.end):
                yield atom.start, atom.end


def _free(line: list[Atom], n: int) -> bool:
    """Whether no other name is written to it."""
    after = line[n + 1] if n + 1 < len(line) else None
    if n and line[n - 1].name and line[n - 1].joined in (" ", ".", "-"):
        return False
    return not (after is not None and after.name and line[n].joined in (" ", ".", "-"))
