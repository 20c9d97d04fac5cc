"""A search as people type it, read into terms; whatever characters it has, it can be asked of the database safely.

Words must all occur; "words in quotes" stand together; a word before `*` is a beginning; a word after `-` must not occur.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tocsin.store.codec import folded_words

_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
MOST_TERMS = 24  # more words than a person types; a longer query is cut here


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that stand together. `prefix`: the last is the beginning of a word. `absent`: they must not occur."""

    words: tuple[str, ...]
    prefix: bool = False
    absent: bool = False


def read_query(query: str) -> tuple[Term, ...]:
    """The terms of a query; none where it has no word, or only words that must not occur."""
    found = []
    for minus, phrase, word in _PART.findall(query[:2000]):
        words = tuple(folded_words(phrase or word))
        if words:
            found.append(Term(words, prefix=not phrase and word.endswith("*"), absent=bool(minus)))
    found = found[:MOST_TERMS]
    return tuple(found) if any(not one.absent for one in found) else ()


def snippet(text: str, terms: tuple[Term, ...], width: int = 240) -> tuple[str, tuple[tuple[int, int], ...]]:
    """About `width` code points around the first place where a term occurs, and the spans of the terms' words in it."""
    from tocsin.store.codec import word_spans

    whole = {word for one in terms if not one.absent for word in one.words}
    begun = tuple(one.words[-1] for one in terms if one.prefix and not one.absent)
    hits = [
        (start, end)
        for start, end, word in word_spans(text[:400_000])
        if word in whole or (begun and word.startswith(begun))
    ]
    first = hits[0][0] if hits else 0
    start = max(0, first - width // 3)
    start = text.find(" ", start, first) + 1 if start and " " in text[start:first] else start
    end = min(len(text), start + width)
    shown = re.sub(r"\s", " ", text[start:end])
    return shown, tuple((a - start, b - start) for a, b in hits if start <= a and b <= end)
