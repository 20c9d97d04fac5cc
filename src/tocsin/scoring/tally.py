"""Counts per document, and what follows from them: precision, recall, F1 and their intervals.

Intervals are 95 %. Precision and recall have Wilson's score interval (E. B. Wilson, 1927), which holds for small counts
but takes answers as independent. F1 and macro-F1 have the percentile bootstrap over *documents* (Efron, 1979; 1,000
resamples, fixed seed), since errors of one page hang together; with fewer than five documents there is none.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

RESAMPLES, SEED, FEWEST_DOCUMENTS = 1000, 13, 5
Z = 1.959964  # the 97.5 % point of the normal distribution
Interval = tuple[float, float]


def wilson(right: int, total: int) -> Interval | None:
    """Wilson's 95 % interval of a share; None of nothing."""
    if total <= 0:
        return None
    share, spread = right / total, Z * Z / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(slots=True)
class Tally:
    """One field's counts, a row of (gold found, gold, answers right, answers) for each document."""

    counts: list[list[int]] = field(default_factory=list)

    def document(self) -> None:
        """The following counts belong to a new document."""
        self.counts.append([0, 0, 0, 0])

    def add(self, found: int, gold: int, right: int, answers: int) -> None:
        for place, number in enumerate((found, gold, right, answers)):
            self.counts[-1][place] += number

    def figures(self) -> dict[str, Any]:
        """n (gold rows), answers, precision, recall, F1, each with its interval. Nothing to count gives None."""
        total = np.array(self.counts, dtype=float).reshape(-1, 4)
        found, gold, right, answers = (int(one) for one in total.sum(axis=0))
        return {
            "n": gold, "answers": answers,
            "precision": _share(right, answers), "precision_95": _rounded(wilson(right, answers)),
            "recall": _share(found, gold), "recall_95": _rounded(wilson(found, gold)),
            "f1": None if not gold + answers else round(_f1(total.sum(axis=0)), 4),
            "f1_95": _rounded(self._interval(total)),
        }  # fmt: skip

    def _interval(self, total: np.ndarray[Any, Any]) -> Interval | None:
        used = total[total.sum(axis=1) > 0]
        if len(used) < FEWEST_DOCUMENTS:
            return None
        drawn = _draws(len(used)) @ used
        return _percentiles([_f1(one) for one in drawn])


@dataclass(slots=True)
class Confusion:
    """Gold label against given label, per document; what macro-F1 is taken from."""

    pairs: list[list[tuple[str, str]]] = field(default_factory=list)

    def document(self) -> None:
        self.pairs.append([])

    def add(self, gold: str, given: str) -> None:
        self.pairs[-1].append((gold, given))

    def table(self) -> dict[str, dict[str, int]]:
        """Gold label → given label → how often, in alphabetical order."""
        counted = Counter(pair for document in self.pairs for pair in document)
        found: dict[str, dict[str, int]] = {}
        for (gold, given), number in sorted(counted.items()):
            found.setdefault(gold, {})[given] = number
        return found

    def figures(self) -> dict[str, Any]:
        """Accuracy with Wilson's interval; F1 averaged over the labels that the gold has, with the bootstrap's."""
        pairs = [pair for document in self.pairs for pair in document]
        right = sum(gold == given for gold, given in pairs)
        return {
            "n": len(pairs), "accuracy": _share(right, len(pairs)), "accuracy_95": _rounded(wilson(right, len(pairs))),
            "macro_f1": round(macro_f1(pairs), 4) if pairs else None, "macro_f1_95": _rounded(self._interval()),
            "labels": {one: round(value, 4) for one, value in label_f1(pairs).items()}, "confusion": self.table(),
        }  # fmt: skip

    def _interval(self) -> Interval | None:
        used = [document for document in self.pairs if document]
        if len(used) < FEWEST_DOCUMENTS:
            return None
        labels = sorted({gold for document in used for gold, _ in document})
        counts = np.array([_label_counts(document, labels) for document in used], dtype=float)
        drawn = np.tensordot(_draws(len(used)), counts, axes=1)  # resample × label × (right, gold, given)
        gold = drawn[:, :, 1]
        scores = np.where(gold > 0, 2 * drawn[:, :, 0] / np.maximum(gold + drawn[:, :, 2], 1), 0)
        return _percentiles(list(scores.sum(axis=1) / np.maximum((gold > 0).sum(axis=1), 1)))


def label_f1(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """F1 of each label that the gold has."""
    labels = sorted({gold for gold, _ in pairs})
    return {
        label: 2 * right / (gold + given)
        for label, (right, gold, given) in zip(labels, _label_counts(pairs, labels), strict=True)
    }


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    scores = label_f1(pairs)
    return sum(scores.values()) / len(scores) if scores else 0.0


def _label_counts(pairs: list[tuple[str, str]], labels: list[str]) -> list[tuple[int, int, int]]:
    right = Counter(gold for gold, given in pairs if gold == given)
    gold, given = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    return [(right[one], gold[one], given[one]) for one in labels]


def _draws(documents: int) -> np.ndarray[Any, Any]:
    """How often each document is drawn, for every resample; the same draws for every field of the same size."""
    random = np.random.Generator(np.random.PCG64(SEED))
    return random.multinomial(documents, [1 / documents] * documents, size=RESAMPLES).astype(float)


def _f1(counts: Any) -> float:
    found, gold, right, answers = (float(one) for one in counts)
    precision, recall = (right / answers if answers else 0.0), (found / gold if gold else 0.0)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _percentiles(values: list[float]) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _share(part: int, total: int) -> float | None:
    return round(part / total, 4) if total else None


def _rounded(interval: Interval | None) -> list[float] | None:
    return [round(one, 4) for one in interval] if interval else None
