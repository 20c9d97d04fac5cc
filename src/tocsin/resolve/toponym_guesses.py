"""Names that no table has but that stand where places stand, or are built as Arabic place names are ('Maarat al-X').

They are questions, not answers: `places` asks the gazetteer for a like-sounding place of the page's main country, and
drops those without one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from tocsin.parsed import Sentence
from tocsin.resolve.toponym_judge import Reading
from tocsin.resolve.toponym_scan import ARTICLES, Atom, stretches
from tocsin.resolve.toponym_words import common_words, given_names, role

_SHORTEST = 5  # letters: shorter names have too few consonants to tell places apart


def unknown_names(
    reading: Reading, lines: Sequence[tuple[Sentence, list[Atom]]], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Spans of such names, in the order of the text; `taken` are the sorted spans already known for places."""
    starts = [start for start, _ in taken]
    for _, line in lines:
        reached = 0
        for first, atom in enumerate(line):
            if first < reached or not atom.name or not _placelike(line, first) or _known_word(reading, atom):
                continue
            reached = _end(line, first)
            start, end = atom.start, line[reached - 1].end
            at = bisect_right(starts, end - 1) - 1
            if end - start >= _SHORTEST and (at < 0 or taken[at][1] <= start):
                yield start, end


def _end(line: list[Atom], first: int) -> int:
    """The atom after the longest name that begins at `first`, cut before any small word that is no hyphened article."""
    longest = max(stretches(line, first), default=first + 1)
    small = (
        at
        for at in range(first + 1, longest)
        if not line[at].name and "-" not in (line[at].joined, line[at - 1].joined)
    )
    return next(small, longest)


def _placelike(line: list[Atom], first: int) -> bool:
    """Whether a word of place stands before, or an article with its hyphen after."""
    if first and line[first - 1].lower in role("locative"):
        return True
    after = line[first + 1] if first + 1 < len(line) else None
    return after is not None and after.lower in ARTICLES and after.joined == "-"


def _known_word(reading: Reading, atom: Atom) -> bool:
    word = atom.lower
    return word in reading.small or word in common_words() or word in role("titles") or word in given_names()
