"""How a written place name becomes a key of the gazetteer: the same place spelled two ways should give one key.

`fold` is for every script: marks and case go, hyphens are spaces, apostrophes vanish. `skeleton` keeps the consonants
of a romanised name, for languages whose vowels have no settled Latin spelling (Arabic, Persian, Russian, Ukrainian);
it is lossy, so its hits count only inside a country that the text has already named.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 120  # code points; longer strings are no names, and are cut before any work is done on them
_GONE = "'’‘`´ʻʼʽʾʿ“”\".·،,؛()[]\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u0640\ufeff"
_SPACES = "-‐‑‒–—_/\u00a0\t\r\n"
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ə": "a",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ە": "ه",
    "ґ": "г", "ё": "е", "ъ": "", "ь": "", "№": "",
}  # fmt: skip
_TABLE = str.maketrans({**dict.fromkeys(_GONE, ""), **dict.fromkeys(_SPACES, " "), **_LETTERS})
_SHORT = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}
_ARTICLES = frozenset(
    (
        "al", "el", "ar", "as", "ash", "ad", "an", "at", "az", "adh", "ath", "er", "es", "esh", "ed", "en", "et", "ez",
        "ul", "il", "the",
    )
)  # fmt: skip
_DIGRAPHS = (
    ("shch", "c"), ("tsch", "c"), ("kh", "x"), ("gh", "g"), ("zh", "j"), ("sh", "s"), ("ch", "c"), ("th", "t"),
    ("dh", "d"), ("ph", "f"), ("ck", "k"), ("ts", "c"), ("tz", "c"),
)  # fmt: skip
_ALIKE = str.maketrans({"q": "k", "w": "", "y": "", "h": "", "j": "j", "z": "z", **dict.fromkeys("aeiou ", "")})
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The key of a name; empty where nothing of a name is left. Never raises, whatever the string holds."""
    name = name[:LONGEST]
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.translate(_TABLE))
        name = "".join(c for c in name if not unicodedata.combining(c) and not "\ud800" <= c <= "\udfff")
    words = name.casefold().translate(_TABLE).replace("\0", " ").split()
    if words and words[0] in _SHORT and len(words) > 1:
        words[0] = _SHORT[words[0]]
    return " ".join(_without_article(word) for word in words)


def _without_article(word: str) -> str:
    """The Arabic word without its written article, which texts and gazetteers use and omit freely."""
    return word[2:] if len(word) > 4 and word.startswith("ال") else word


def bare(key: str) -> str:
    """A folded romanised name without leading articles: 'al bab', 'el bab' and 'bab' are one."""
    words = key.split()
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """The consonants of a romanised name, articles left out; empty for other scripts and where fewer than 3 are left."""
    key = " ".join(word for word in fold(name).split() if word not in _ARTICLES)
    if not key.isascii() or not key:
        return ""
    for pair, one in _DIGRAPHS:
        key = key.replace(pair, one)
    vowel_first = "a" if key[0] in "aeiou" else ""
    kept = vowel_first + _DOUBLED.sub(r"\1", key.translate(_ALIKE))
    return kept if len(kept) >= 3 else ""
