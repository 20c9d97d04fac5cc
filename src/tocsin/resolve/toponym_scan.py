"""Cuts sentences into atoms and offers the stretches that could be written place names.

An atom is a word with its inner apostrophes, or an initialism with its dots. Stretches are runs of atoms that start and
end like names: with a capital, or in a script without capitals. Nothing here knows the gazetteer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 6  # atoms a name: 'South Georgia and the South Sandwich Islands' is not worth more
_ATOM = re.compile(
    r"(?:[^\W\d_]\.){2,12}|[^\W\d_][\w\u0300-\u036f\u064b-\u065f\u0670]{0,60}"
    r"(?:['’ʼ`´][^\W\d_][\w\u0300-\u036f\u064b-\u065f]{0,40}){0,3}"
)
_POSSESSIVE = re.compile(r"['’ʼ`´]s?$", re.I)
INNER = frozenset(
    [
        "of",
        "the",
        "and",
        "de",
        "la",
        "le",
        "les",
        "los",
        "las",
        "del",
        "der",
        "den",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "el",
        "al",
        "ul",
        "upon",
        "on",
        "in",
        "am",
        "an",
        "sur",
        "sous",
        "y",
        "e",
        "i",
        "ez",
        "az",
        "es",
        "as",
        "ash",
        "ar",
        "ad",
        "at",
        "ed",
        "en",
        "est",
    ]
)
ARTICLES = frozenset(
    ["al", "el", "ul", "as", "ash", "ar", "ad", "at", "an", "az", "ez", "es", "ed", "en", "er", "adh", "ath"]
)
_BEFORE_DOT = frozenset(["st", "ste", "mt", "ft", "pt", "pte", "sts"])
_CASELESS = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u0900-\u0fff\u10a0-\u10ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]"
)


@dataclass(slots=True)
class Atom:
    """One word. `name` whether it can start or end a name; `joined` how the next atom follows: '', ' ', '-', '.', or 's' after a possessive."""

    start: int
    end: int
    text: str
    lower: str
    name: bool
    joined: str = ""


def atoms(text: str, offset: int = 0) -> list[Atom]:
    """The atoms of one sentence that starts at `offset`; a possessive ending is not part of an atom."""
    found: list[Atom] = []
    for match in _ATOM.finditer(text):
        start, end = match.span()
        word = match.group()
        if "'" in word or "’" in word or not word.isascii():
            cut = _POSSESSIVE.search(word)
            if cut and cut.start():
                end = start + cut.start()
                word = text[start:end]
        if found:
            found[-1].joined = _join(text[found[-1].end - offset : start], found[-1].lower)
        first = word[0]
        named = first.isupper() or (not first.islower() and bool(_CASELESS.match(first)))
        found.append(Atom(start + offset, end + offset, word, word.lower(), named))
    return found


def _join(gap: str, before: str) -> str:
    """How two atoms hang together: by a space, a hyphen, the dot of 'St.', a possessive, or not at all ('')."""
    if gap in (" ", "\u00a0", "\n", "\r\n"):
        return " "
    if gap in ("'s ", "’s "):
        return "s"
    if gap in ("-", "‑", "‐"):
        return "-"
    if gap in (". ", ".\u00a0") and before in _BEFORE_DOT:
        return "."
    return ""


def stretches(line: list[Atom], first: int) -> Iterator[int]:
    """Ends (exclusive) of the stretches that begin at atom `first`, shortest first; none where it begins no name."""
    if not _begins(line, first):
        return
    for last in range(first, min(len(line), first + LONGEST)):
        atom = line[last]
        if last > first:
            before = line[last - 1]
            if not before.joined:
                return
            if not atom.name and before.joined != "-" and atom.lower not in INNER:
                return
        if atom.name or (last > first and line[last - 1].joined == "-" and atom.lower not in INNER):
            yield last + 1


def _begins(line: list[Atom], first: int) -> bool:
    atom = line[first]
    if atom.name:
        return True
    return atom.lower in ARTICLES and atom.joined == "-" and first + 1 < len(line) and line[first + 1].name
