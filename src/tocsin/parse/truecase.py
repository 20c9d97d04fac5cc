"""Gives headlines and all-capital text the case that the parser was trained on.

The parser takes capitalised verbs for names ('Rebels Foil Attack'), and all but fails on capitals. Lower-casing words
that are common English words, and leaving names alone, mends most of it; no word changes its length.
"""

from __future__ import annotations

from functools import cache

from tocsin import rulefiles


@cache
def proper_words() -> frozenset[str]:
    """Words that name states, peoples, capitals, months: kept with a capital though they may be English words."""
    return rulefiles.words("proper")


def truecased(
    words: list[str], common: frozenset[str], seen_lower: frozenset[str], seen_upper: frozenset[str]
) -> list[str]:
    """The words of a title-case sentence with the common ones in small letters.

    `common` are lower-case English words; `seen_lower` and `seen_upper` are what the document's running text writes
    small or, within a sentence, with a capital: the best evidence there is.
    """
    return [_cased(word, index == 0, common, seen_lower, seen_upper) for index, word in enumerate(words)]


def _cased(
    word: str, first: bool, common: frozenset[str], seen_lower: frozenset[str], seen_upper: frozenset[str]
) -> str:
    lower = word.lower()
    if len(lower) != len(word) or not word[:1].isupper() or (first and word.isalpha() and lower not in seen_upper):
        return word
    if lower in seen_lower:
        return lower
    if lower in seen_upper or lower in proper_words() or (word.isupper() and len(word) > 1):
        return word
    return lower if lower in common else word


def uncapitalised(words: list[str], common: frozenset[str]) -> list[str]:
    """The words of an all-capitals sentence: common ones small, names with one capital."""
    return [_from_capitals(word, index == 0, common) for index, word in enumerate(words)]


def _from_capitals(word: str, first: bool, common: frozenset[str]) -> str:
    lower = word.lower()
    if len(lower) != len(word) or not word.isupper():
        return word
    if first or lower in proper_words() or (lower not in common and len(word) > 3):
        return word[0] + lower[1:]
    return lower if lower in common or len(word) > 1 else word
