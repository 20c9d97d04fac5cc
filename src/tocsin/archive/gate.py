"""Which pages of a crawl are worth reading: by words of the codebook's cues, first in the raw bytes, then in the text.

`strong` words are cues of violence and protest and words for weapons and armed people, without those that peaceful life shares
(rules/words/peaceful.txt); `weak` words are the rest of what cues of force and pressure have, which count a third. A text needs
the more different ones the longer it is, for a long page about anything holds some.

Measured by benchmarks/accuracy/gate.py: of texts about conflict for which reading gives an event .99 are let through; of news in general
.67, and .87 of those with an event of violence: pages whose only event is a death, a visit or a refusal are what is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from tocsin import rulefiles
from tocsin.codebook import Kind, codebook
from tocsin.extract.gate import inflected

WEAK = 0.34  # of a strong word
BASE, PER_CHARACTER, MOST = 0.75, 0.0003, 3.0  # what a text needs, and 1 more for each 3,333 code points, at most 3
RAW_WEAK = (
    3  # different weak words in the raw bytes that are as good as a strong one: so few can make a short text pass
)
_STRONG_LISTS = ("armed_groups", "soldiers", "bombs", "firearms", "artillery", "explosives", "drones", "attacks")
_WEAK_LISTS = ("police", "prisoners", "protesters", "civilians", "governments")
_WEAK_TYPES = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "SANCTION", "THREATEN", "AID", "RETREAT"})
_NO_CONFLICT = frozenset({"death", "natural-disaster", "man-made-disaster", "organised-crime"})
_WORDS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")


def worth_opening(raw: bytes) -> bool:
    """Whether the bytes of a page hold a strong word, or many weak ones. Markup and scripts are looked at too: they cost little."""
    strong, weak = _found(raw.lower())
    return strong > 0 or weak >= RAW_WEAK


def worth_reading(text: str) -> bool:
    """Whether a page's text holds words of force enough for its length."""
    strong, weak = _found(text.lower().encode("utf-8", "replace"))
    return strong + WEAK * weak >= min(MOST, BASE + PER_CHARACTER * len(text))


def _found(low: bytes) -> tuple[int, int]:
    """How many different strong and weak words stand in lower-case bytes as whole words."""
    automaton, is_strong = _automaton()
    seen: set[int] = set()
    for number, start, end in automaton.find_matches_as_indexes(low):
        if number in seen:
            continue
        if (start == 0 or low[start - 1] not in _WORDS) and (end == len(low) or low[end] not in _WORDS):
            seen.add(number)
    strong = sum(is_strong[number] for number in seen)
    return strong, len(seen) - strong


@cache
def _automaton() -> tuple[BytesAhoCorasick, tuple[bool, ...]]:
    strong, weak = words()
    ordered = [*sorted(strong), *sorted(weak)]
    automaton = BytesAhoCorasick([word.encode() for word in ordered], matchkind=MatchKind.LeftmostLongest)
    return automaton, tuple(word in strong for word in ordered)


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """The strong and the weak words in all their forms; no word is both."""
    kinds = codebook().kinds.values()
    forceful = [
        one for one in kinds if (one.type in ("ASSAULT", "PROTEST") or one.harm) and one.kind not in _NO_CONFLICT
    ]
    calm = rulefiles.words("peaceful")  # as they stand and with an s: `shell` is of the sea, `shelled` is not
    ordinary = calm | {f"{word}s" for word in calm} | rulefiles.words("function_words")
    strong = _forms([*_cues(forceful), *_listed(_STRONG_LISTS)]) - ordinary
    wide = [one for one in kinds if one.type in _WEAK_TYPES or one.harm]
    weak = _forms([*_cues(wide), *_listed((*_STRONG_LISTS, *_WEAK_LISTS))]) - strong - ordinary
    return strong, weak


def _cues(kinds: Iterable[Kind]) -> list[str]:
    return [word.lower() for one in kinds for word in (*one.cues.verbs, *one.cues.nouns) if " " not in word]


def _listed(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in rulefiles.words(name) if " " not in word]


def _forms(found: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in found for form in inflected(word) if len(form) > 2 and form.isascii())
