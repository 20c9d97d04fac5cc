"""Names that are places by the company that they keep: listed beside a place ('in X and Y'), told as one elsewhere on the
page, known for a village of a country that the page names, or said with what they name ('the X bridge').

A parser's label of a strange name tells little, and the second of a list has no preposition of its own. What is found
here rests on a name that was taken for a place before; it never starts a place from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin import rulefiles
from tocsin.parsed import Sentence, Token
from tocsin.resolve.gazetteer import PRIMARY
from tocsin.resolve.toponym_judge import Reading
from tocsin.resolve.toponym_scan import Atom
from tocsin.resolve.toponym_words import common_words, given_names, role
from tocsin.stretches import ByStart

SpanOf = tuple[int, int]
Lines = Sequence[tuple[Sentence, list[Atom]]]
_NEVER = frozenset({"DATE", "TIME", "EVENT", "LAW", "LANGUAGE", "MONEY", "PERCENT"})
_LEAST_LETTERS = 4  # a shorter name told elsewhere on the page may be another word here
_MOST = 8  # names of one list
_LONGEST = 4  # words of a bridge's or a mosque's name
_AHEAD = role("in") | {"of", "burned", "burning", "torched", "looted"}
_NOT_OF_FACILITY = frozenset({"NORP", "DATE", "TIME", "LANGUAGE", "LAW", "PERCENT", "MONEY"})
_FACILITIES = frozenset(
    """market bridge gorge corridor viaduct mosque church highway hotel hospital station pass camp crossing junction
    checkpoint roundabout valley monastery prison square stadium cathedral tunnel dam refinery airfield airbase base
    barracks cemetery port""".split()
)


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
    if (
        not _alone(line, n)
        or atom.lower in reading.small
        or atom.lower in role("titles")
        or not atom.text[1:].islower()
    ):
        return False
    if any(one.start <= atom.start < one.end and one.label in _NEVER for one in sentence.names):
        return False
    ahead, behind = line[n - 1].lower if n else "", line[n + 1].lower if n + 1 < len(line) else ""
    if ahead == "the" or behind == "of":
        return False  # an institution; 'his wife, Ann of X'
    token = sentence.token_at(atom.start, atom.end)
    if token is not None and any(places.touches(one.start, one.end) for one in sentence.children_by(token, "conj")):
        return _governed(sentence, token)  # the first of a list of which the second is known
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
        return above.lower in role("in") or above.lower in ("of", "among")
    return token.dep == "dobj" and above.lower in role("taken")


def _alone(line: list[Atom], n: int) -> bool:
    """Whether the name is one word, and nobody's: no other name is written to it, no genitive follows."""
    return line[n].joined not in ("s", "-") and _free(line, n)


def at_home(reading: Reading, lines: Lines, taken: Sequence[SpanOf], countries: frozenset[str]) -> Iterator[SpanOf]:
    """Single names after a word of place, or after 'took', that some place of the page's `countries` bears.

    A village of the country in question, where the model's label of the name, or the size of the village, spoke against it.
    """
    places, ahead = ByStart(taken, lambda one: one), _AHEAD | role("taken")
    for sentence, line in () if reading.caseless else lines:
        for n, atom in enumerate(line):
            after_place_word = n > 0 and line[n - 1].lower in ahead
            if not (after_place_word and atom.name and _alone(line, n)) or places.touches(atom.start, atom.end):
                continue
            if _village_of(reading, sentence, atom, countries):
                yield atom.start, atom.end


def _village_of(reading: Reading, sentence: Sentence, atom: Atom, countries: frozenset[str]) -> bool:
    word = atom.lower
    if (
        word in common_words()
        or word in given_names()
        or word in reading.surnames
        or word in reading.small
        or len(word) < _LEAST_LETTERS
    ):
        return False
    if any(one.start <= atom.start < one.end and one.label in _NEVER for one in sentence.names):
        return False
    label = next((one.label for one in sentence.names if one.start <= atom.start < one.end), "")
    if label == "ORG" and atom.text.isupper():
        return False
    return any(one.kind == PRIMARY and one.country in countries for one in reading.known.get(word, ()))


def facilities(reading: Reading, lines: Lines, taken: Sequence[SpanOf]) -> Iterator[SpanOf]:
    """'the X bridge', 'the X Y mosque' after a word of place: name and common noun. Not peoples, faiths or initials."""
    places = ByStart(taken, lambda one: one)
    for sentence, line in () if reading.caseless else lines:
        for n in range(2, len(line)):
            if line[n].lower not in _FACILITIES or line[n].name or not line[n - 1].name:
                continue
            first = n - 1
            while (
                first > 1 and line[first - 1].lower != "the" and n - first < _LONGEST and line[first - 1].joined == " "
            ):
                first -= 1
            if _of_facility(reading, sentence, line[first - 1 : n]) and not places.touches(
                line[first].start, line[n].end
            ):
                yield line[first].start, line[n].end


def _of_facility(reading: Reading, sentence: Sentence, words: list[Atom]) -> bool:
    """Whether the words after 'the' are a name by which a bridge or a camp could be called."""
    the, names = words[0], words[1:]
    if the.lower != "the" or not names[0].name or any(one.joined != " " for one in words):
        return False
    if any(one.label in _NOT_OF_FACILITY and one.start <= names[0].start < one.end for one in sentence.names):
        return False
    strange = not any(
        one.lower in reading.small or one.lower in rulefiles.words("calendar") for one in names if one.name
    )
    return strange and all(one.name or one.lower == "and" for one in names) and names[-1].text[1:].islower()


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
