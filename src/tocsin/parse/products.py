"""Matrix products of the model, through numpy's own BLAS.

spaCy's model spends two thirds of its time in products of tall, narrow matrices. thinc hands them to BLIS, whose generic
kernels take three to six times as long here as the OpenBLAS that numpy carries (288 x 288 weights, one core). BLIS gives
a row the same bits whatever rows stand beside it, and on that rests that a page's record does not depend on the pages
read with it. OpenBLAS does so only among some of the rows of a product, and which they are depends on the processor: all
of them with AVX-512 kernels, those not at the edges of the transposed product with Haswell's. So products are computed
in blocks of two fixed sizes, and only such rows of a block are used as gave one row the same bits when they were tried,
once for each shape of weights. Where fewer than half of them do, and for narrow results, BLIS computes.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from thinc.backends import NumpyOps

SMALL, LARGE = 64, 256  # rows of a block: what is left over goes into small ones
NARROW = 48  # columns of the result below which OpenBLAS takes other ways for other sizes


class _Block(NamedTuple):
    """A block of `rows` rows, of which those from `start` to `stop` treat a row alike."""

    rows: int
    start: int
    stop: int


class Plan(NamedTuple):
    """How products with weights of one shape are computed. `blocks`: the larger first."""

    turned: bool
    blocks: tuple[_Block, ...]


class FastOps(NumpyOps):  # type: ignore[misc]
    """thinc's operations on arrays, with `gemm` by numpy. A row of a product depends on that row only, to the bit."""

    name = "tocsin_numpy"

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        inner, outer = y.shape[::-1] if trans2 else y.shape
        plan = None
        if not trans1 and outer >= NARROW and x.dtype == np.float32 and y.dtype == np.float32:
            plan = plan_of(inner, outer, trans2)
        if plan is None:
            return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
        if out is None:
            out = np.empty((x.shape[0], outer), dtype=np.float32)
        _fill(plan, x, y.T if trans2 else y, out)
        return out


def _fill(plan: Plan, x: Any, weights: Any, out: Any) -> None:
    """Puts the product of `x` and `weights` into `out`, block after block."""
    padded = {one: np.zeros((one.rows, x.shape[1]), dtype=np.float32) for one in plan.blocks}
    at, rows, small = 0, x.shape[0], plan.blocks[-1]
    while at < rows:
        block = plan.blocks[0] if rows - at > small.stop - small.start else small
        taken = min(block.stop - block.start, rows - at)
        if taken == block.rows:
            filled = x[at : at + taken]
        else:
            filled = padded[block]
            filled[block.start : block.start + taken] = x[at : at + taken]
        product = _product(filled, weights, plan.turned)
        out[at : at + taken] = product[block.start : block.start + taken]
        at += taken


def _product(rows: Any, weights: Any, turned: bool) -> Any:
    return np.dot(weights.T, rows.T).T if turned else np.dot(rows, weights)


@cache
def plan_of(inner: int, outer: int, transposed: bool) -> Plan | None:
    """The plan for weights of a shape, found by trying; None where BLIS is to compute."""
    numbers = np.random.default_rng(inner * outer)
    row = numbers.standard_normal(inner).astype(np.float32)
    weights = numbers.standard_normal((outer, inner) if transposed else (inner, outer)).astype(np.float32)
    weights = weights.T if transposed else weights
    tried = [(turned, *_alike(row, weights, SMALL, turned)) for turned in (False, True)]
    turned, small, bits = max(tried, key=lambda one: one[1].stop - one[1].start)
    if small.stop - small.start < SMALL // 2:
        return None
    large, same = _alike(row, weights, LARGE, turned)
    return Plan(turned, (large, small) if same == bits else (small,))


def _alike(row: Any, weights: Any, rows: int, turned: bool) -> tuple[_Block, bytes]:
    """The longest stretch of a block whose rows give one row the same bits, and these bits."""
    product = _product(np.tile(row, (rows, 1)), weights, turned)
    bits = [one.tobytes() for one in product]
    start, best = 0, _Block(rows, 0, 0)
    for end in range(1, rows + 1):
        if end == rows or bits[end] != bits[start]:
            if end - start > best.stop - best.start:
                best = _Block(rows, start, end)
            start = end
    return best, bits[best.start]


def quicken(pipeline: Any) -> None:
    """Gives every model of a spaCy pipeline that runs on thinc's own `NumpyOps` the faster products."""
    ops = FastOps()
    for _, pipe in pipeline.pipeline:
        walk = getattr(getattr(pipe, "model", None), "walk", tuple)
        for node in walk():
            if type(node.ops) is NumpyOps:
                node.ops = ops
