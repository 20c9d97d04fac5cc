"""Rows of a text looked up by where they stand, so that no stage walks along all rows of a page for each sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import accumulate
from typing import Any, Generic, TypeVar

T = TypeVar("T")
SpanOf = tuple[int, int]
_NOWHERE = -1


def _own_span(row: Any) -> SpanOf:
    return row.start, row.end


class ByStart(Generic[T]):
    """Rows in the order of their starts (of equal starts, in the order given). It holds what it was made of for ever.

    `span` gives a row's half-open stretch; by default its `start` and `end`. Every look-up costs the logarithm of the
    number of rows, and what it finds.
    """

    def __init__(self, rows: Iterable[T], span: Callable[[T], SpanOf] = _own_span) -> None:
        placed = sorted(((span(row), row) for row in rows), key=lambda one: one[0][0])
        self._rows = [row for _, row in placed]
        self._starts = [start for (start, _), _ in placed]
        self._ends = [end for (_, end), _ in placed]
        self._reach = list(accumulate(self._ends, max))  # how far the rows up to this one reach

    def starting_in(self, low: int, high: int) -> list[T]:
        """The rows that start in `[low, high)`."""
        first = bisect_left(self._starts, low)
        return self._rows[first : bisect_left(self._starts, high, first)]

    def touches(self, low: int, high: int) -> bool:
        """Whether any row shares a character with `[low, high)`: it starts before `high` and ends after `low`."""
        before = bisect_left(self._starts, high)
        return before > 0 and self._reach[before - 1] > low

    def covers(self, low: int, high: int) -> bool:
        """Whether any single row holds all of `[low, high)`."""
        before = bisect_left(self._starts, low + 1)
        return before > 0 and self._reach[before - 1] >= high

    def holding(self, low: int, high: int) -> list[T]:
        """The rows that hold all of `[low, high)`."""
        found: list[T] = []
        before = bisect_left(self._starts, low + 1)
        open_nodes = [1] if before and self._reach[before - 1] >= high else []
        leaves = len(self._furthest) // 2 if open_nodes else 0
        while open_nodes:
            node = open_nodes.pop()
            if self._furthest[node] < high or self._first_below(node) >= before:
                continue
            if node < leaves:
                open_nodes += (2 * node + 1, 2 * node)
            else:
                found.append(self._rows[node - leaves])
        return found

    def _first_below(self, node: int) -> int:
        """The number of the first row below a node of the tree."""
        height = (len(self._furthest) // 2).bit_length() - node.bit_length()
        return (node << height) - len(self._furthest) // 2

    @cached_property
    def _furthest(self) -> list[int]:
        """A binary tree over the rows, node 1 its root: the furthest end below each node."""
        leaves = 1 << max(len(self._ends) - 1, 0).bit_length()
        tree = [_NOWHERE] * leaves + self._ends + [_NOWHERE] * (leaves - len(self._ends))
        for node in range(leaves - 1, 0, -1):
            tree[node] = max(tree[2 * node], tree[2 * node + 1])
        return tree
