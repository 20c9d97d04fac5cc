"""Copies of one text: a wire story printed by three outlets is one voice.

Two texts are copies where their word shingles overlap (Jaccard, by MinHash, at `JACCARD`, far below the usual .7, since outlets cut
tails and add frames) or where the shorter's sentences stand in the longer (`CONTAINED` of its characters in sentences that are
no boilerplate). One shared paragraph is no copy: it is a quotation, and joining on it chains unrelated stories.

Thresholds were measured on synthetic reprints: see `docs/merging.md`.
"""

from __future__ import annotations

import operator
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

from rensa import RMinHash

PERMUTATIONS, SEED = 128, 42
ROWS = 4  # of a band: 32 bands of 4 find pairs from about .42 on
SHINGLE = 3  # words
JACCARD = 0.4
CONTAINED = 0.5
LEAST_SHARED = 2  # sentences
SHORTEST = 40  # code points of a sentence that tells a text from another
LONGEST = 200_000  # code points of a text that are looked at
KEPT = 12  # sentences whose hashes are keys for looking up: those with the smallest, so that two copies keep the same
_WORD = re.compile(r"\w+")
_STOPS = re.compile(r"[.!?…\n]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a text. `bands` are look-up keys: two copies share at least one, but for chance."""

    bands: tuple[str, ...]
    digest: tuple[int, ...]
    sentences: dict[str, int]

    @property
    def length(self) -> int:
        """Code points in sentences that tell."""
        return sum(self.sentences.values())


def signature(text: str) -> Signature:
    """The signature of a text; one of fewer than three words has no bands and is a copy of nothing."""
    rows = _sentences_in_words(text[:LONGEST])
    made = RMinHash(PERMUTATIONS, SEED)  # in this thread: handing one text to rensa's pool takes longer than the text
    made.update(_shingles(rows))
    return _signature(rows, made.digest())


def signatures(texts: Iterable[str]) -> list[Signature]:
    """The signatures of many texts, which is faster than one by one."""
    cut = [_sentences_in_words(text[:LONGEST]) for text in texts]
    digests = RMinHash.digests_from_token_sets([_shingles(rows) for rows in cut], PERMUTATIONS, SEED)
    return [_signature(rows, digest) for rows, digest in zip(cut, digests, strict=True)]


def _sentences_in_words(text: str) -> list[list[str]]:
    """Punctuation and case aside; found once, for both shingles and sentences are made of them."""
    return [words for part in _STOPS.split(text.lower()) if (words := _WORD.findall(part))]


def _shingles(sentences: Sequence[Sequence[str]]) -> list[str]:
    """Runs of `SHINGLE` words, over the ends of sentences too."""
    words = list(chain.from_iterable(sentences))
    return list(map(" ".join, zip(*(words[n:] for n in range(SHINGLE)), strict=False)))


def _signature(rows: Sequence[Sequence[str]], digest: Sequence[int]) -> Signature:
    sentences = _telling(rows)
    if sum(map(len, rows)) < SHINGLE:
        return Signature((), (), sentences)
    packed = array("Q", digest).tobytes()
    width = len(packed) // PERMUTATIONS * ROWS
    bands = (packed[start : start + width] for start in range(0, len(packed), width))
    keys = [f"{n}:{blake2b(band, digest_size=8).hexdigest()}" for n, band in enumerate(bands)]
    kept = [f"s{one}" for one in sorted(sentences)[:KEPT]]
    return Signature((*keys, *kept), tuple(digest), sentences)


def _telling(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """The hash and length of each sentence that is long enough to tell a text from another."""
    told = (" ".join(words) for words in rows)
    return {blake2b(one.encode(), digest_size=8).hexdigest(): len(one) for one in told if len(one) >= SHORTEST}


def jaccard(one: Signature, other: Signature) -> float:
    """The estimated share of shingles that two texts have in common."""
    if not one.digest or not other.digest:
        return 0.0
    same: int = sum(map(operator.eq, one.digest, other.digest))
    return same / PERMUTATIONS


def contained(one: Signature, other: Signature) -> float:
    """The share of the shorter text's telling sentences, by characters, that stand in the longer; 0 where they are too few."""
    shorter, longer = sorted((one, other), key=lambda row: (row.length, row.bands))
    shared = shorter.sentences.keys() & longer.sentences.keys()
    if len(shared) < LEAST_SHARED or not shorter.length:
        return 0.0
    return sum(shorter.sentences[name] for name in shared) / shorter.length


def relation(one: Signature, other: Signature) -> str | None:
    """'copy' where one text reprints the other, in either direction; None where it does not. Symmetric."""
    return "copy" if jaccard(one, other) >= JACCARD or contained(one, other) >= CONTAINED else None


def stories(texts: Sequence[str]) -> list[int]:
    """For each text the position of the first text of its story; its own where it tells another than all before it."""
    marks = signatures(texts)
    first = list(range(len(texts)))

    def top(n: int) -> int:
        while first[n] != n:
            first[n] = n = first[first[n]]
        return n

    held: defaultdict[str, list[int]] = defaultdict(list)
    for n, mark in enumerate(marks):
        near = {m for band in mark.bands for m in held[band]}
        for m in sorted(near):
            if top(m) != top(n) and relation(marks[m], mark):
                low, high = sorted((top(m), top(n)))
                first[high] = low
        for band in mark.bands:
            held[band].append(n)
    return [top(n) for n in range(len(texts))]
