"""Fits the back-off classifier on the codebook's examples: `tocsin train`.

Softmax regression with L2, full-batch Adam, numpy only. The same codebook, parser and seed give the same weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.codebook import Kind, codebook, unmarked
from tocsin.errors import UsageError
from tocsin.extract import backoff
from tocsin.extract.cues import cue_table
from tocsin.extract.grammar import verb_slots
from tocsin.parse import outline, shared_parser

LEAST_COUNT = 2  # a feature seen once says more about the sentence than about the kind
STEPS, RATE, L2 = 150, 0.05, 1e-3  # L2 by cross-validation; less of it learns the examples by heart
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One verb in one example sentence, with the PLOVER type that it announces (or `none`)."""

    lemma: str
    features: tuple[str, ...]
    plover: str


def samples() -> list[Sample]:
    """The training rows: triggers of the examples, and the verbs of examples and counter-examples that announce nothing."""
    book = codebook()
    marked = [(one.text, _type_of(kind)) for kind in book.kinds.values() for one in kind.sentences()]
    marked += [(text, backoff.NONE) for kind in book.kinds.values() for text in kind.counter_examples]
    documents = [outline(unmarked(text)) for text, _ in marked]
    shared_parser().parse(documents)
    return [
        row for (text, plover), document in zip(marked, documents, strict=True) for row in _rows(text, plover, document)
    ]


def _type_of(kind: Kind) -> str:
    return backoff.NONE if kind.type == "NONE" else kind.type


def _rows(text: str, plover: str, document: Any) -> Iterator[Sample]:
    start, end = (text.index("["), text.index("]") - 1) if "[" in text else (-1, -1)
    table = cue_table()
    for sentence in document.sentences:
        cued = {one.token.i for one in table.candidates(sentence)}
        for token in sentence.tokens:
            hit = token.start < end and start < token.end
            if token.is_verb and (hit or (token.i not in cued and token.dep in ("ROOT", "conj", "ccomp"))):
                row = tuple(backoff.features(sentence, token, verb_slots(sentence, token)))
                yield Sample(token.lemma, row, plover if hit else backoff.NONE)


def train(out: Path | None, *, seed: int) -> str:
    """Fits and writes the weights; returns a short report with the cross-validated accuracy."""
    rows = samples()
    if len(rows) < 100:
        raise UsageError(f"the codebook has only {len(rows)} verb examples: too few to fit anything")
    names, types = _vocabulary(rows)
    checked = _cross_validated(rows, names, types, seed)
    matrix, bias = _fit(rows, names, types)
    keep = np.abs(matrix).max(axis=1) > 0.02
    target = out or Path(str(backoff.weights_file()))
    kept = [name for name, good in zip(names, keep, strict=True) if good]
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        target,
        features=np.array(kept),
        types=np.array(types),
        matrix=matrix[keep].astype(np.float16),
        bias=bias.astype(np.float16),
    )
    return f"{len(rows)} rows, {len(kept)} features, {len(types)} classes; {FOLDS}-fold: {checked}; wrote {target}"


def _vocabulary(rows: list[Sample]) -> tuple[list[str], list[str]]:
    counts: dict[str, int] = {}
    for row in rows:
        for name in row.features:
            counts[name] = counts.get(name, 0) + 1
    return sorted(name for name, count in counts.items() if count >= LEAST_COUNT), sorted({row.plover for row in rows})


def _arrays(rows: list[Sample], names: list[str], types: list[str]) -> tuple[Any, Any]:
    index, column = {name: n for n, name in enumerate(names)}, {plover: n for n, plover in enumerate(types)}
    inputs = np.zeros((len(rows), len(names)), dtype=np.float32)
    for number, row in enumerate(rows):
        inputs[number, [index[name] for name in row.features if name in index]] = 1.0
    return inputs, np.array([column[row.plover] for row in rows])


def _fit(rows: list[Sample], names: list[str], types: list[str]) -> tuple[Any, Any]:
    """Weights by full-batch Adam (Kingma and Ba 2015)."""
    inputs, wanted = _arrays(rows, names, types)
    matrix = np.zeros((len(names), len(types)), dtype=np.float32)  # the problem is convex: no start is better
    bias = np.zeros(len(types), dtype=np.float32)
    moments = [np.zeros_like(matrix), np.zeros_like(matrix), np.zeros_like(bias), np.zeros_like(bias)]
    one_hot = np.eye(len(types), dtype=np.float32)[wanted]
    for step in range(1, STEPS + 1):
        scores = inputs @ matrix + bias
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        shares /= shares.sum(axis=1, keepdims=True)
        error = (shares - one_hot) / len(rows)
        for value, gradient, first, second in (
            (matrix, inputs.T @ error + L2 * matrix, *moments[:2]),
            (bias, error.sum(axis=0), *moments[2:]),
        ):
            first[:] = 0.9 * first + 0.1 * gradient
            second[:] = 0.999 * second + 0.001 * gradient**2
            value -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return matrix, bias


def _cross_validated(rows: list[Sample], names: list[str], types: list[str], seed: int) -> str:
    """Answers at the threshold, and how many of them are right, for verbs of which the fit has seen no row.

    Folds are of verbs, not of rows, since on a page the classifier is asked about verbs that the codebook has not.
    """
    lemmas = sorted({row.lemma for row in rows})
    fold = dict(zip(lemmas, np.random.default_rng(seed).integers(0, FOLDS, len(lemmas)), strict=True))
    right = given = gold = 0
    for number in range(FOLDS):
        matrix, bias = _fit([row for row in rows if fold[row.lemma] != number], names, types)
        fitted = backoff.Weights({name: n for n, name in enumerate(names)}, tuple(types), matrix, bias)
        for row in (row for row in rows if fold[row.lemma] == number):
            found, share = backoff.decide(fitted, list(row.features))
            gold += row.plover != backoff.NONE
            if found in backoff.GENERAL and share >= backoff.THRESHOLD:
                given += 1
                right += found == row.plover
    return f"verbs left out: type right in {right} of {given} answers ({right / max(given, 1):.2f}), {gold} events"
