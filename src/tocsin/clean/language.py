"""Which language a text is in: English, another one, or too short to say."""

from __future__ import annotations

import re

from resiliparse.parse.lang import detect_fast

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    "the of and to in a is that for on was with as by at from are were has have had be it this an said not after who their they he his".split()
)
SAMPLE = 4000  # code points looked at: enough to tell, cheap on a book
LEAST_WORDS = 12
LEAST_SHARE = (
    0.12  # of English function words; running English has 0.3-0.5, headlines 0.1-0.3, other languages under 0.05
)
_FAR = 1200  # resiliparse's distance above which its own guess is no evidence


def language_of(text: str) -> str | None:
    """'en', another ISO 639-1 code, 'und' for running text in none that is known, None where it is too short to say."""
    sample = text[:SAMPLE].replace("\x00", " ").encode("utf-8", "replace").decode()
    words = _WORD.findall(sample.lower())
    letters = [char for char in sample if char.isalpha()]
    if len(words) < LEAST_WORDS and len(letters) < 40:
        return None
    if sum(word in _ENGLISH for word in words) >= LEAST_SHARE * len(words):
        return "en"
    code, distance = detect_fast(sample)
    if distance < _FAR and code != "en":
        return str(code)
    latin = sum(char < "\u0250" for char in letters)
    return None if latin > 0.9 * len(letters) else "und"
