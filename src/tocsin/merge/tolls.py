"""The figures of victims by which claims are told apart or known for one."""

from __future__ import annotations

import math

from tocsin.ledger import Claim, FigureClaim
from tocsin.merge.days import AHEAD

TELLING = 3  # victims, of whom fewer are told of many happenings
Tolls = dict[tuple[str, str], list[FigureClaim]]


def tolls(claim: Claim) -> Tolls:
    """A claim's figures of what befell people in it, by kind and unit: no sums over longer times, parts, or what is feared."""
    found: Tolls = {}
    for one in claim.figures:
        aside = one.damaged or one.cumulative or one.of_which or one.status == "background" or one.status in AHEAD
        if not aside and size(one):
            found.setdefault((one.kind, one.unit), []).append(one)
    return found


def size(one: FigureClaim) -> int:
    """The figure in one number: its best, else its low, else its high."""
    return next((value for value in (one.best, one.low, one.high) if value is not None), 0)


def meet(one: FigureClaim, other: FigureClaim) -> bool:
    """Whether two ranges share a number; an open side is open."""
    low = max(a if a is not None else 0 for a in (one.low, other.low))
    return low <= min(math.inf if a is None else a for a in (one.high, other.high))


def tolls_apart(mine: Tolls, theirs: Tolls) -> bool:
    """Whether both count people of one kind and no two of their figures meet."""
    return any(not any(meet(a, b) for a in mine[kind] for b in theirs[kind]) for kind in mine.keys() & theirs.keys())


def same_toll(one: Claim, other: Claim) -> bool:
    """Whether both count as many victims of one kind, and more than any two happenings may have in common."""
    mine, theirs = tolls(one), tolls(other)
    return any(
        size(a) == size(b) >= TELLING for kind in mine.keys() & theirs.keys() for a in mine[kind] for b in theirs[kind]
    )
