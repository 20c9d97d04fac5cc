"""The gate: which sentences are worth a parse, decided on surface words alone.

A parse costs a hundred times a look-up. A sentence is worth one if it holds a word that can announce an event, a
casualty, a holding or somebody's words, in any of its inflected forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from tocsin.extract.control import CONTROL_WORDS
from tocsin.extract.cues import cue_words
from tocsin.extract.figures import strong_figure_words, weak_figure_words
from tocsin.extract.statements import speech_words
from tocsin.parsed import Sentence

_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = frozenset('"“”«»')
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores|hundreds?|thousands?|several|both|a|an|some)\b"
)
# the codebook's 'town' stands for every place by its name, which no list of words holds: 'the group took Saraqib'
_TAKEN = re.compile(r"\b(?:took|takes?|taken|taking|held|holds?) (?:most of |half of |back )?[A-Z]\w")
_SHORTEST = 12  # code points; less is a heading or a name
# past forms that no ending gives, each with its lemma
_IRREGULAR = dict(
    pair.split()
    for pair in """
    shot shoot, struck strike, fought fight, met meet, held hold, sent send, left leave, told tell, said say, swore
    swear, sworn swear, broke break, broken break, blew blow, blown blow, threw throw, thrown throw, took take,
    taken take, gave give, given give, stole steal, stolen steal, fled flee, fell fall, fallen fall, began begin,
    begun begin, sought seek, brought bring, bought buy, caught catch, drove drive, driven drive, led lead, lost
    lose, made make, paid pay, ran run, sank sink, sunk sink, sold sell, spoke speak, spoken speak, stood stand,
    swept sweep, tore tear, torn tear, won win, wrote write, written write, slew slay, slain slay, beaten beat, laid
    lay, dead die, died die, dealt deal, forbade forbid, forbidden forbid, withdrew withdraw, withdrawn withdraw,
    overran overrun, overthrew overthrow, overthrown overthrow, retook retake, retaken retake, undertook undertake,
    found find, kept keep, knew know, known know, saw see, seen see, thought think, felt feel, heard hear, came
    come, became become, went go, gone go, did do, done do, got get, had have, bound bind, built build, bred breed,
    fed feed, hung hang, hid hide, hidden hide, rose rise, risen rise, upheld uphold, withheld withhold, misled
    mislead, overcame overcome, burnt burn, rode ride, shook shake, shaken shake, slept sleep, spent spend, split
    split, stuck stick, taught teach, understood understand, woke wake, wore wear, worn wear, was be, were be, is
    be, are be
    """.replace("\n", " ").split(",")
)


def inflected(word: str) -> Iterator[str]:
    """The forms that English spelling rules give a lemma; some are no words, which costs nothing here."""
    yield word
    yield f"{word}s"
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield f"{word}es"
    if word.endswith("y"):
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied")
    if word.endswith("f"):
        yield f"{word[:-1]}ves"
    if word.endswith("man"):
        yield f"{word[:-3]}men"
    stem = word[:-1] if word.endswith("e") else word
    yield from (f"{stem}ed", f"{stem}ing", f"{word}d", f"{word}ing", f"{stem}{stem[-1:]}ed", f"{stem}{stem[-1:]}ing")
    if word.endswith("ie"):
        yield f"{word[:-2]}ying"


def all_forms(lemmas: Iterable[str]) -> frozenset[str]:
    """The forms of lemmas, those that no ending gives among them."""
    wanted = frozenset(lemmas)
    regular = frozenset(form for lemma in wanted for form in inflected(lemma.lower()))
    return regular | {form for form, lemma in _IRREGULAR.items() if lemma in wanted}


@cache
def _forms() -> frozenset[str]:
    return all_forms((*cue_words(), *strong_figure_words(), *speech_words(), *CONTROL_WORDS))


def worth_parsing(sentence: Sentence) -> bool:
    """Whether a sentence can hold anything that the record wants."""
    text = sentence.text
    if len(text) < _SHORTEST:
        return False
    if any(char in _QUOTES for char in text):
        return True
    lower = text.lower()
    words = _WORD.findall(lower)
    forms = _forms()
    if any(word in forms for word in words) or _TAKEN.search(text):
        return True
    weak = weak_figure_words()
    return any(word in weak for word in words) and _NUMBER.search(lower) is not None
