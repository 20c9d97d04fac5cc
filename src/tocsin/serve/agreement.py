"""How far two coders agree, field by field: Krippendorff's alpha over all pairs, Cohen's kappa of each pair of people.

The figures are libraries', not ours: `krippendorff` and scikit-learn, the optional extra `coding`. They are not among Tocsin's own
dependencies because scikit-learn brings scipy, more than 100 MB, for a page that a single analyst never opens. Without them the page
shows the plain share of equal answers and the command that installs them.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tocsin.records import Row

NUMBERS = ("killed",)  # fields whose answers are amounts: a difference of one is less than a difference of ninety


class FieldAgreement(Row, frozen=True, kw_only=True):
    """Agreement on one field over `units` that two people answered. None: not to be had (too few, no variation, no library)."""

    field: str
    units: int
    equal: float | None = None
    alpha: float | None = None
    kappa: dict[str, float | None] = msgspec.field(default_factory=dict)


Pair = tuple[Mapping[str, str], Mapping[str, str]]  # answers by coder's field; the two mappings are of two coders


def agreement(fields: Sequence[str], units: Sequence[Mapping[str, Mapping[str, str]]]) -> tuple[FieldAgreement, ...]:
    """For each field; a unit maps each coder's name to that coder's answers. Units with fewer than two coders do not count."""
    return tuple(_of_field(field, [unit for unit in units if len(unit) > 1]) for field in fields)


def _of_field(field: str, units: Sequence[Mapping[str, Mapping[str, str]]]) -> FieldAgreement:
    answers = [{name: given.get(field, "") for name, given in unit.items()} for unit in units]
    if not answers:
        return FieldAgreement(field=field, units=0)
    equal = sum(len(set(one.values())) == 1 for one in answers) / len(answers)
    return FieldAgreement(
        field=field, units=len(answers), equal=equal, alpha=alpha(answers, numbers=field in NUMBERS), kappa=kappas(answers)
    )  # fmt: skip


def alpha(answers: Sequence[Mapping[str, str]], *, numbers: bool) -> float | None:
    """Krippendorff's alpha, at the interval level for amounts and nominal else. An empty answer to an amount is missing."""
    try:
        import krippendorff
        import numpy
    except ImportError:
        return None
    coders = sorted({name for one in answers for name in one})
    codes = {value: float(n) for n, value in enumerate(sorted({v for one in answers for v in one.values()}))}

    def coded(value: str | None) -> float:
        if value is None or (numbers and not value):
            return math.nan
        return float(value) if numbers else codes[value]

    table = numpy.array([[coded(one.get(name)) for one in answers] for name in coders])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _finite(krippendorff.alpha(table, level_of_measurement="interval" if numbers else "nominal"))
    except ValueError:  # one value alone: nothing to agree or disagree about
        return None


def kappas(answers: Sequence[Mapping[str, str]]) -> dict[str, float | None]:
    """Cohen's kappa of each two people who answered the same units."""
    try:
        from sklearn.metrics import cohen_kappa_score
    except ImportError:
        return {}
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in answers:
        names = sorted(one)
        for n, first in enumerate(names):
            for second in names[n + 1 :]:
                pairs.setdefault((first, second), []).append((one[first], one[second]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            f"{first} / {second}": _finite(cohen_kappa_score([a for a, _ in both], [b for _, b in both]))
            for (first, second), both in pairs.items()
        }


def _finite(value: Any) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
