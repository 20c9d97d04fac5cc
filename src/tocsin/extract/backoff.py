"""The small linear classifier behind the cues: which type of event a verb without a cue announces, if any.

Weights are fitted by `tocsin train` on the codebook's own examples and nothing else; see `models/backoff.md`. It tells
PLOVER's types apart, and writes the most general kind of the type. A row that it made says so in its rule
(`backoff:p=0.71`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from tocsin.codebook import codebook
from tocsin.extract.cues import Candidate, Match
from tocsin.extract.grammar import Slots, verb_slots
from tocsin.parsed import Sentence, Token

NONE = "none"
THRESHOLD = 0.6  # least probability; chosen by cross-validation over verbs left out of the fit, see models/backoff.md
_CONTENT = ("NN", "VB", "JJ")
_LIGHT = frozenset("be have do say tell add go come get make take know think see become seem".split())
# Kinds that say no more than their type. The types without one (a coercion is an arrest or a curfew) are not answered.
GENERAL = {
    "AGREE": "agree", "CONSULT": "meet", "SUPPORT": "support", "CONCEDE": "concede", "COOPERATE": "cooperate", "AID": "aid",
    "REQUEST": "request", "ACCUSE": "condemn", "REJECT": "reject", "THREATEN": "threaten", "ASSAULT": "attack",
}  # fmt: skip


def weights_file() -> Traversable:
    """Where the package keeps the fitted weights."""
    return resources.files("tocsin") / "models" / "backoff.npz"


def weights_digest() -> str | None:
    """sha256 of the weights, None where there are none."""
    source = weights_file()
    return hashlib.sha256(source.read_bytes()).hexdigest() if source.is_file() else None


@dataclass(frozen=True, slots=True)
class Weights:
    """Feature rows and type columns of a softmax regression."""

    index: dict[str, int]
    types: tuple[str, ...]
    matrix: Any
    bias: Any

    def probabilities(self, features: list[str]) -> Any:
        rows = [self.index[one] for one in features if one in self.index]
        scores = self.bias + (self.matrix[rows].sum(axis=0) if rows else 0.0)
        shifted = np.exp(scores - scores.max())
        return shifted / shifted.sum()


@cache
def weights() -> Weights | None:
    """The package's weights; None where none were fitted."""
    source = weights_file()
    if not source.is_file():
        return None
    with resources.as_file(source) as path, np.load(path, allow_pickle=False) as stored:
        index = {str(name): number for number, name in enumerate(stored["features"])}
        return Weights(
            index,
            tuple(str(one) for one in stored["types"]),
            stored["matrix"].astype(np.float32),
            stored["bias"].astype(np.float32),
        )


def features(sentence: Sentence, token: Token, slots: Slots) -> list[str]:
    """What the classifier looks at: the heads of the verb's slots and the words around.

    Not the verb itself, which by definition is one that the codebook does not know: without it the weights have to say
    what its company tells.
    """
    found = [f"v:{int(slots.passive)}"]
    found += [f"s:{_head(one)}" for one in slots.subject]
    found += [f"o:{_head(one)}" for one in slots.object]
    found += [f"x:{one.lemma}" for one in slots.comp]
    for name, fillers in slots.preps.items():
        found.append(f"p:{name}")
        found += [f"p:{name}:{_head(one)}" for one in fillers]
    found += [f"m:{one.lower}" for one in sentence.children_by(token, "prt", "aux", "neg", "acomp")]
    found += sorted(
        {
            f"b:{one.lemma}"
            for one in sentence.tokens
            if one.tag[:2] in _CONTENT and one.tag[:3] != "NNP" and one is not token
        }
    )
    return found


def _head(token: Token) -> str:
    return "NAME" if token.tag[:3] == "NNP" else "PRON" if token.tag[:3] == "PRP" else token.lemma


def decide(fitted: Weights, found: list[str]) -> tuple[str, float]:
    """The likeliest PLOVER type, or `none`, with its probability."""
    shares = fitted.probabilities(found)
    best = int(shares.argmax())
    return fitted.types[best], float(shares[best])


def uncued_verbs(sentence: Sentence, taken: set[int]) -> Iterator[Token]:
    """Main verbs that no cue claimed: the root, what is coordinated with it, and what is reported under it."""
    for token in sentence.tokens:
        if (
            not token.is_verb
            or token.i in taken
            or token.lemma in _LIGHT
            or token.dep not in ("ROOT", "conj", "ccomp", "advcl", "xcomp")
        ):
            continue
        above = next((one for one in sentence.ancestors(token) if one.i in taken), None)
        if above is None:
            yield token


def backed_off(sentence: Sentence, taken: set[int]) -> list[Candidate]:
    """Candidates for the main verbs of a sentence without any cue, where the classifier is sure enough.

    Beside a cued event the words around speak for that event, and an answer would be its echo.
    """
    fitted = weights()
    if fitted is None or taken:
        return []
    found = []
    for token in uncued_verbs(sentence, taken):
        slots = verb_slots(sentence, token)
        plover, share = decide(fitted, features(sentence, token, slots))
        if plover in GENERAL and share >= THRESHOLD:
            match = Match(
                codebook()[GENERAL[plover]], f"backoff:p={share:.2f}", int(40 * share), token.start, token.end
            )
            found.append(Candidate(token, slots, False, [match]))
    return found
