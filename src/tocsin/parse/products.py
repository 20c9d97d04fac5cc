"""Matrix products of the model, through numpy's own BLAS.

spaCy's model spends two thirds of its time in products of tall, narrow matrices. thinc hands them to BLIS, whose generic
kernels take about three times as long here as the OpenBLAS that numpy carries (288 x 288 weights, one core). BLIS gives
a row the same bits whatever rows stand beside it, and on that rests that a page's record does not depend on the pages
read with it. OpenBLAS does so only where the number of rows is a multiple of its kernel's, and the matrix is not narrow:
so rows are filled up to a multiple, and narrow products stay with BLIS.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from thinc.backends import NumpyOps

ROWS = 64  # filled up to a multiple of this; measured: from 32 on no row differs, whatever its neighbours
NARROW = 48  # columns of the result below which OpenBLAS takes other ways for other sizes


class FastOps(NumpyOps):  # type: ignore[misc]
    """thinc's operations on arrays, with `gemm` by numpy. A row of a product depends on that row only, to the bit."""

    name = "tocsin_numpy"

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        columns = y.shape[0] if trans2 else y.shape[1]
        if trans1 or columns < NARROW or x.dtype != np.float32 or y.dtype != np.float32:
            return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
        rows = x.shape[0]
        filled = np.zeros((-(-rows // ROWS) * ROWS, x.shape[1]), dtype=np.float32) if rows % ROWS else x
        if filled is not x:
            filled[:rows] = x
        product = np.dot(filled, y.T if trans2 else y)[:rows]
        if out is None:
            return product
        out[...] = product
        return out


def quicken(pipeline: Any) -> None:
    """Gives every model of a spaCy pipeline that runs on thinc's own `NumpyOps` the faster products."""
    ops = FastOps()
    for _, pipe in pipeline.pipeline:
        walk = getattr(getattr(pipe, "model", None), "walk", tuple)
        for node in walk():
            if type(node.ops) is NumpyOps:
                node.ops = ops
