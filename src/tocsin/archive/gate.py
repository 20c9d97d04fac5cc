"""Which pages of a crawl are worth reading: by words of the codebook's cues, first in the raw bytes, then in the text.

Two widths. `any`, the default, lets a page through that can hold an event of any kind: a sentence with a cue and a public party, or
with a word of harm. `force` lets a page through that is likely to tell of violence or protest, and costs less to run over
news: `strong` words are cues of violence and protest and words for weapons and armed people, without those that peaceful life
shares (rules/words/peaceful.txt); `weak` words are the rest of what cues of force and pressure have, which count a third. A text
needs the more different ones the longer it is, for a long page about anything holds some. What `force` lets through, `any` does.

Measured by benchmarks/accuracy/gate.py, of texts for which reading gives an event: `any` lets .99 and more through of every set, of
news about conflict and of news in general, and 9 of 10 without an event; `force` .98 of news about conflict, two thirds of news in
general and .87 of those with an event of violence, and 1 of 6 without an event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from functools import cache
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from tocsin import rulefiles
from tocsin.codebook import Kind, codebook
from tocsin.extract.cues import ANYWHERE, cue_table
from tocsin.extract.gate import all_forms, inflected
from tocsin.relevance import LEAST_SENTENCES, SUFFERED, is_public
from tocsin.resolve.actor_lexicon import Entry, Item, actor_lexicon

Width = Literal["any", "force", "none"]

WEAK = 0.34  # of a strong word
BASE, PER_CHARACTER, MOST = 0.75, 0.0003, 3.0  # what a text needs, and 1 more for each 3,333 code points, at most 3
RAW_WEAK = (
    3  # different weak words in the raw bytes that are as good as a strong one: so few can make a short text pass
)
_STRONG_LISTS = ("armed_groups", "soldiers", "bombs", "firearms", "artillery", "explosives", "drones", "attacks")
_WEAK_LISTS = ("police", "prisoners", "protesters", "civilians", "governments")
_WEAK_TYPES = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "SANCTION", "THREATEN", "AID", "RETREAT"})
_NO_CONFLICT = frozenset({"death", "natural-disaster", "man-made-disaster", "organised-crime"})
_AUTHORITIES = frozenset({"COP", "GOV", "INS", "JUD", "LEG", "MIL", "OPP", "PTY", "REB", "SPY"})
_SENTENCE_END = re.compile(r"(?<=[.!?])[\s\"”’)]+|\n+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_SHORTEST = 12  # code points of a sentence
_CODE = re.compile(rb"<(script|style)[\s>]")
_SMALL = 2_000  # bytes below which a page's text is looked at in any case: it costs next to nothing
_NOT_RAW = frozenset(  # other things in raw bytes: words of markup, and an article of German
    {"body", "bodies", "execute", "executed", "executes", "execution", "abort", "aborted", "die"}
)
_WORDS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def worth_opening(raw: bytes, width: Width = "any") -> bool:
    """Whether the bytes of a page hold words enough to look at its text. Scripts and styles are not looked at."""
    if width == "none" or (width == "any" and len(raw) < _SMALL):
        return True
    raw = _without_code(raw)
    low = raw.lower()
    found = _counted(low, _force())
    if found["strong"] > 0 or found["weak"] >= RAW_WEAK:
        return True
    return width == "any" and any(_counted(one, made()) for one, made in ((low, _others), (raw, _acronyms)))


def _without_code(raw: bytes) -> bytes:
    """The bytes without what stands between the tags of scripts and styles; one that is not closed is left."""
    low = raw.lower()
    kept: list[bytes] = []
    at = 0
    for opening in _CODE.finditer(low):
        if opening.start() < at:
            continue
        closing = low.find(b"</" + opening[1], opening.end())
        if closing < 0:
            break
        kept.append(raw[at : opening.start()])
        at = closing
    return b" ".join((*kept, raw[at:]))


def worth_reading(text: str, width: Width = "any") -> bool:
    """Whether a page's text can hold an event (`any`), or words of force enough for its length (`force`)."""
    if width == "none" or _is_forceful(text):
        return True
    return width == "any" and _may_hold_an_event(text)


def _is_forceful(text: str) -> bool:
    found = _counted(text.lower().encode("utf-8", "replace"), _force())
    return found["strong"] + WEAK * found["weak"] >= min(MOST, BASE + PER_CHARACTER * len(text))


def _may_hold_an_event(text: str) -> bool:
    """Whether a sentence holds a cue and another word for a public party, or harm; of a text of few sentences, a cue.

    So `tocsin.relevance` judges events: what is done counts by the parties, harm without them, and a short text at its word.
    """
    sentences = [one for one in _SENTENCE_END.split(text) if len(one) >= _SHORTEST]
    short = len(sentences) < LEAST_SENTENCES
    cues, harm = cue_forms(), harm_forms()
    for sentence in sentences:
        words = set(_WORD.findall(sentence.lower()))
        here = words & cues
        if here and (
            short or here & harm or any(_is_party(one, sentence, here) for one in actor_lexicon().scan(sentence))
        ):
            return True
    return False


def _is_party(found: Item, sentence: str, cues: set[str]) -> bool:
    """Whether a phrase of the lexicon is a public party's and not itself the cue."""
    if sentence[found.start : found.end].lower() in cues:
        return False
    return any(_is_marked(one) for one in (found.entry, *found.others))


def _is_marked(party: Entry) -> bool:
    """Whether a party marks a text as one of public life: a country, somebody named, or an authority or armed people of any name."""
    return is_public(party) and (party.kind != "agent" or party.sector in _AUTHORITIES)


Automaton = tuple[BytesAhoCorasick, tuple[str, ...]]  # with the class of each pattern


def _counted(raw: bytes, found_by: Automaton) -> Counter[str]:
    """How many different words of each class stand in the bytes as whole words."""
    automaton, classes = found_by
    seen: set[int] = set()
    for number, start, end in automaton.find_matches_as_indexes(raw):
        if number in seen:
            continue
        if (start == 0 or raw[start - 1] not in _WORDS) and (end == len(raw) or raw[end] not in _WORDS):
            seen.add(number)
    return Counter(classes[number] for number in seen)


def _made(**classes: Iterable[str]) -> Automaton:
    of = {word: name for name, members in classes.items() for word in sorted(members)}
    automaton = BytesAhoCorasick([word.encode() for word in of], matchkind=MatchKind.LeftmostLongest)
    return automaton, tuple(of.values())


@cache
def _force() -> Automaton:
    """The words of force."""
    strong, weak = words()
    return _made(strong=strong, weak=weak)


@cache
def _others() -> Automaton:
    """Words of harm, and public parties that are known in small letters too."""
    return _made(harm=harm_forms() - _NOT_RAW, party=actor_lexicon().patterns(_is_marked))


@cache
def _acronyms() -> Automaton:
    """Public parties that are written just so: US, NATO."""
    return _made(party=actor_lexicon().exact_forms(_is_marked))


@cache
def cue_forms() -> frozenset[str]:
    """The words that begin an event's look-up, in all their forms, without the verbs that are in every other sentence."""
    table = cue_table()
    strong, weak = words()
    return (all_forms(one for one in (*table.verbs, *table.nouns) if one not in ANYWHERE) | strong | weak) - rulefiles.words("function_words")  # fmt: skip


@cache
def harm_forms() -> frozenset[str]:
    """Cues that tell of harm by themselves, whoever did it and to whom; of force without the words that peaceful life shares."""
    harmful = {one.kind for one in codebook().kinds.values() if one.harm or one.kind in SUFFERED} - _NO_CONFLICT
    forceful = all_forms(_bare_cues(harmful)) - all_forms(rulefiles.words("peaceful"))
    return ((forceful | all_forms(_bare_cues({"death"}))) - rulefiles.words("function_words")) & cue_forms()


def _bare_cues(kinds: Container[str]) -> list[str]:
    """The lemmas that announce one of the kinds whatever stands beside them."""
    table = cue_table()
    return [
        lemma
        for entries in (table.verbs, table.nouns)
        for lemma, cues in entries.items()
        if lemma not in ANYWHERE and any(cue.kind.kind in kinds and cue.test is None for cue in cues)
    ]


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
