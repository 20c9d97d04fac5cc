"""The gate: which sentences are worth a parse, decided on surface words alone.

A parse costs a hundred times a look-up. A sentence is worth one if it holds a word that can announce an event, a
casualty, a holding or somebody's words. The gate looks at word stems, so it lets through too much and keeps back little.
"""

from __future__ import annotations

import re
from functools import cache

from tocsin.extract.control import CONTROL_WORDS
from tocsin.extract.cues import cue_words
from tocsin.extract.figures import figure_words
from tocsin.extract.statements import speech_words
from tocsin.parsed import Sentence

_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = frozenset('"“”‘«»')
_IRREGULAR_STEM = 4  # letters by which a word and its inflected forms are compared


@cache
def _stems() -> frozenset[str]:
    """The first letters of every word that matters; irregular past forms are listed by the parse stage's lemmas."""
    words = {*cue_words(), *figure_words(), *speech_words(), *CONTROL_WORDS, *_PAST_FORMS}
    return frozenset(word.lower()[:_IRREGULAR_STEM] for word in words if word)


_PAST_FORMS = frozenset(
    "shot struck fought met held sent left told said swore broke blew threw took taken gave stole fled fell began sought brought "
    "bought caught drove driven led lost made paid ran sank sold spoke stood swept tore won wrote slew slain beat laid lain "
    "hit cut put set shut hurt burnt burned dead died deal forbade forbidden withdrew withdrawn overran overthrew retook".split()
)


def worth_parsing(sentence: Sentence) -> bool:
    """Whether a sentence can hold anything that the record wants."""
    text = sentence.text
    if len(text) < 12:
        return False
    if any(char in _QUOTES for char in text):
        return True
    stems = _stems()
    return any(word[:_IRREGULAR_STEM] in stems for word in _WORD.findall(text.lower()))
