"""Cuts sentences into atoms and offers the stretches that could be written place names.

An atom is a word with its inner apostrophes, or an initialism with its dots. Stretches are runs of atoms that start and
end like names: with a capital, or in a script without capitals. Nothing here knows the gazetteer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.resolve.toponym_words import role

LONGEST = 6  # atoms a name: 'South Georgia and the South Sandwich Islands' is not worth more
_ATOM = re.compile(
    r"(?:[^\W\d_]\.){2,12}|[^\W\d_][\w\u0300-\u036f\u064b-\u065f\u0670]{0,60}"
    r"(?:['’ʼ`´][^\W\d_][\w\u0300-\u036f\u064b-\u065f]{0,40}){0,3}"
)
INNER, ARTICLES, _BEFORE_DOT = role("inner"), role("articles"), role("before_dot")
_POSSESSIVE = re.compile(r"['’ʼ`´]s?$", re.I)
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


def atoms(text: str, offset: int = 0, *, small: bool = False) -> list[Atom]:
    """The atoms of one sentence that starts at `offset`; a possessive ending is not part of an atom.

    With `small`, words in small letters can be names: for text that has no capitals at all.
    """
    found: list[Atom] = []
    last: Atom | None = None
    reached = 0
    for match in _ATOM.finditer(text):
        word = match.group()
        start = match.start()
        if not word.isalpha() and (cut := _POSSESSIVE.search(word)) is not None and cut.start():
            word = word[: cut.start()]
        lower = word.lower()
        if last is not None:
            gap = text[reached:start]
            last.joined = " " if gap == " " else _join(gap, last.lower)
        reached = start + len(word)
        named = word != lower and word[0].isupper()
        if not named and not word.isascii():
            named = not word[0].islower() and bool(_CASELESS.match(word))
        last = Atom(start + offset, reached + offset, word, lower, named or (small and _could_name(lower)))
        found.append(last)
    return found


def _could_name(word: str) -> bool:
    return len(word) > 3 and word not in INNER


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
