"""Which language a text is in: English, another one, or too short to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from resiliparse.parse.lang import detect_fast

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*|[.!?]+")
_ENGLISH = frozenset(
    "the of and to in a is that for on was with as by at from are were has have had be it this an said not after who their they he his".split()
)
_ENGLISH_ALONE = _ENGLISH - frozenset(  # what running Dutch, German, Danish, Spanish, French or Polish has none of
    "of to in a is for on was as at had it an not he has be".split()
)
SAMPLE = 4000  # code points looked at: enough to tell, cheap on a book
LEAST_WORDS = 12
LEAST_SHARE = (
    0.12  # of English function words; running English has 0.3-0.5, headlines 0.1-0.3, other languages under 0.05
)
PLAIN_SHARE = 0.28  # with so many, less than half can be in another language: portions are not looked at
_FAR = 1200  # resiliparse's distance above which its own guess is no evidence
LEAST_MIXED = 48  # words under which a text in Latin letters is not said to be mixed: so few may be mostly names
_FOREIGN_SHARE = 0.06  # of words that are English alone in a portion above which it is not said to be foreign
_SHARED = 0.15  # the same of all English function words: Dutch has 0.05-0.15 of them in a portion, lists of names in English 0.1-0.2
_SHARED_IN_ALL = 0.1  # and of all foreign portions together
_NEAR, _NEAR_IN_ALL = 800, 600  # the distance for a portion and for all foreign ones: a guess from afar is chance
_LATIN = "\u0250"  # the first code point after the Latin letters


def language_of(text: str) -> str | None:
    """'en', another ISO 639-1 code, 'und' for running text in none that is known, None where it is too short to say.

    A text in several languages has that of more than half of its letters: one in which an English notice or quotation stands
    is not English, nor does a foreign quotation take English from the text around it.
    """
    sample = text[:SAMPLE].replace("\x00", " ").encode("utf-8", "replace").decode()
    words = _WORD.findall(sample.lower())
    if len(words) < LEAST_WORDS and sum(map(str.isalpha, sample)) < 40:
        return None
    latin = _latin(sample)
    share = _share(words)
    if share >= PLAIN_SHARE and latin > 0.75:
        return "en"
    if share >= LEAST_SHARE:
        return (_most_of(sample) if len(words) >= LEAST_MIXED or latin < 0.5 else None) or "en"
    code, distance = detect_fast(sample)
    if distance < _FAR and code != "en":
        return str(code)
    return None if latin > 0.9 else "und"


def _share(words: Sequence[str], of: frozenset[str] = _ENGLISH) -> float:
    """Of English function words; a text without words has none."""
    return sum(word in of for word in words) / max(1, len(words))


def _most_of(sample: str) -> str | None:
    """The language of the foreign portions together, where they hold more than half of all letters; else None."""
    portions = [(portion, sum(map(str.isalpha, portion))) for portion in _portions(sample)]
    foreign = [(portion, size) for portion, size in portions if _is_foreign(portion, size)]
    if 2 * sum(size for _, size in foreign) <= sum(size for _, size in portions):
        return None
    together = " ".join(portion for portion, _ in foreign)
    code, distance = detect_fast(together)
    if _latin(together) < 0.5:
        return str(code) if code != "en" and distance < _NEAR_IN_ALL else "und"
    if _share(_WORD.findall(together.lower())) > _SHARED_IN_ALL:
        return None
    return str(code) if code != "en" and distance < _NEAR_IN_ALL else None


def _portions(sample: str) -> Iterator[str]:
    """Sentences, short ones with what follows in the line: languages change where a sentence or a line ends, seldom within."""
    for line in sample.splitlines():
        portion = ""
        for sentence in _SENTENCE.findall(line):
            portion += sentence
            if len(_WORD.findall(portion)) >= LEAST_WORDS:
                yield portion
                portion = ""
        if portion:
            yield portion


def _is_foreign(portion: str, size: int) -> bool:
    """Whether a portion is surely not English: most of its letters are not Latin, or it has the look of another language."""
    if _latin(portion) < 0.5:
        return size > 0
    words = _WORD.findall(portion.lower())
    if len(words) < LEAST_WORDS or _share(words, _ENGLISH_ALONE) > _FOREIGN_SHARE or _share(words) > _SHARED:
        return False
    code, distance = detect_fast(portion)
    return bool(code != "en" and distance < _NEAR)


def _latin(text: str) -> float:
    """The share of its letters that are Latin; 1 where it has none."""
    if text.isascii():
        return 1.0
    letters = [char for char in text if char.isalpha()]
    return sum(char < _LATIN for char in letters) / len(letters) if letters else 1.0
